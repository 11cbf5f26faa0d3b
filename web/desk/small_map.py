"""The small map on the page of a person or thing: the person or thing in the middle, and the links
with the best grades around it.
"""

from collections.abc import Collection, Mapping, Sequence
from math import cos, pi, sin
from uuid import UUID

from msgspec import Struct

from domain.kernel.values import Stage
from network.query.safe_text import single_line
from projections.intelligence.links import LinkRow
from projections.intelligence.people import Entity

#: The size of the map in pixels, and the distances of the other items from the middle.
WIDE, HIGH, ACROSS, DOWN = 288, 200, 92.0, 66.0
#: The largest number of links that can be read on the map, and the largest number of letters of a
#: name.
MOST, LETTERS = 8, 14


class MapMark(Struct, frozen=True):
    """The item at the other end of a link on the small map: its position, the height of its label,
    its kind and name, and the stage of the link (information, intelligence or evidence)."""

    x: float
    y: float
    below: float
    kind: str
    label: str
    stage: Stage


class SmallMap(Struct, frozen=True):
    """The small map on the page of a person or thing: the marks of the linked items around the
    middle, and the number of linked items that are left out."""

    marks: tuple[MapMark, ...]
    more: int
    wide: int = WIDE
    high: int = HIGH


def small_map(
    ties: Sequence[LinkRow], own: Collection[UUID], names: Mapping[UUID, Entity]
) -> SmallMap | None:
    """Return the small map of the links of a person or thing, with the best supported links only;
    None if there are no links."""
    rows: dict[UUID, LinkRow] = {}
    for tie in ties:
        other = tie.b if tie.a in own else tie.a
        if other in names and other not in own and tie.known_to is None:
            rows.setdefault(other, tie)
    if not rows:
        return None
    shown = list(rows.items())[:MOST]
    marks = []
    for number, (other, tie) in enumerate(shown):
        turn = 2 * pi * number / len(shown) - pi / 2
        x, y = WIDE / 2 + ACROSS * cos(turn), HIGH / 2 - 6 + DOWN * sin(turn)
        entity = names[other]
        kind = "child" if entity.is_child else entity.kind
        down = 20 if sin(turn) > -0.5 else -13
        marks.append(
            MapMark(
                round(x),
                round(y),
                round(y) + down,
                kind,
                single_line(entity.label, LETTERS),
                tie.stage,
            )
        )
    return SmallMap(tuple(marks), len(rows) - len(shown))

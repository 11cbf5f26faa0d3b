"""A chart: a map of links that a user saved under a name for colleagues to open.

A chart has the query and the layout, but no data of the network: when colleagues open it, the query
runs with their own rights. Each note on a chart is about one person, thing or link.
"""

from collections.abc import Collection
from math import isfinite
from typing import Annotated, Any, ClassVar, Protocol
from uuid import UUID

import msgspec
from msgspec import Struct

from domain.forms import local
from domain.forms.typed import Today, parse_moments, without_today
from domain.kernel.codes import Layer
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, CODE, MENTION, NAMED, OWNER, WRITTEN
from domain.kernel.values import INFORMATION_GRADES, SOURCE_GRADES, LinkKind, Refused, Stage

#: The worst grade of link that a map may show. "graded" allows links of any grade; "any" also
#: allows ungraded links.
GRADES = ("graded", "any", *(s + i for i in INFORMATION_GRADES for s in SOURCE_GRADES))
#: The largest number of people and things that can be expanded on one map.
FURTHER = 30
#: The fields of a map that hold a day or a time.
TIMES = ("as_at", "since", "until", "as_known")
#: The largest distance of a pinned item from the centre, in the map's units.
FAR = 1_000_000


class Shows(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query that selects what a map of links shows: the greatest distance in links, the
    greatest number of items, the worst grade, and the kinds of link. Days and times are stored as
    the user typed them, in UK time; but a word such as "yesterday" is stored as the date that it
    meant.
    """

    hops: int = 1
    most: int = 300
    min_grade: Annotated[str, CODE] = "graded"
    stages: tuple[Stage, ...] = ()
    kind: LinkKind | None = None
    layer: Layer = "all"
    team: Annotated[str | None, CODE] = None
    as_at: Annotated[str | None, CODE] = None
    since: Annotated[str | None, CODE] = None
    until: Annotated[str | None, CODE] = None
    as_known: Annotated[str | None, CODE] = None


class ChartSaved(Event, frozen=True):
    """A map of links was saved under a name; a second save under the same id replaces it.

    - `focus`: the item in the centre; None if the map shows the whole network.
    - `also`: items whose links are shown, too.
    - `hidden`: items that are not shown.
    - `opened`: items whose neighbours are shown one by one. Elsewhere, neighbours without another
      link are grouped.
    - `pinned`: items with a fixed position; `spots`: their positions in the same order, as
      distances from the left and from the top in the map's units.
    """

    stored: ClassVar = Stored("chart.saved", "evidence", "record", ("name",))
    meaning: ClassVar = Meaning(
        ("link", "find"), commands=("chart.save",), enters=("chart", "saved")
    )
    name: Annotated[str, WRITTEN]
    focus: Annotated[UUID | None, NAMED, OWNER]
    shows: Shows
    also: Annotated[tuple[UUID, ...], NAMED, MENTION] = ()
    hidden: Annotated[tuple[UUID, ...], NAMED, MENTION] = ()
    opened: Annotated[tuple[UUID, ...], NAMED, MENTION] = ()
    pinned: Annotated[tuple[UUID, ...], NAMED, MENTION] = ()
    spots: tuple[tuple[float, float], ...] = ()


class ChartNoted(Event, frozen=True):
    """A note was written on a person, thing or link of a saved map. Each noted subject has a stream
    of its own, so that readers who may not see the subject learn nothing of the note. A later note
    replaces an earlier one; a note without text removes it.
    """

    stored: ClassVar = Stored("chart.noted", "evidence", "record", ("words",))
    meaning: ClassVar = Meaning(
        ("link", "find"), commands=("chart.note",), enters=("chart-note", "kept")
    )
    chart: Annotated[UUID, ABOUT, OWNER]
    of: Annotated[UUID, NAMED, OWNER]
    words: Annotated[str | None, WRITTEN]


class ChartWithdrawn(Event, frozen=True):
    """A saved map was withdrawn, so that colleagues can no longer open it. Its content stays on
    record."""

    stored: ClassVar = Stored("chart.withdrawn", "evidence", "none")
    meaning: ClassVar = Meaning(("link", "find"), commands=("chart.withdraw",), turns="withdrawn")


EVENTS = (ChartSaved, ChartNoted, ChartWithdrawn)


class SavedMap(Struct, frozen=True):
    """The state of one saved map."""

    saved: ChartSaved | None = None
    withdrawn: bool = False


class Note(Struct, frozen=True):
    """The state of one note on a saved map: its text, or None once removed."""

    words: str | None = None


class Arranged(Protocol):
    """Protocol: an object with the layout of a saved map, such as an event or a row of a view:
    which items are added, hidden, pinned or shown with all their neighbours, and the positions of
    the pinned items.
    """

    @property
    def also(self) -> tuple[UUID, ...]: ...
    @property
    def hidden(self) -> tuple[UUID, ...]: ...
    @property
    def opened(self) -> tuple[UUID, ...]: ...
    @property
    def pinned(self) -> tuple[UUID, ...]: ...
    @property
    def spots(self) -> tuple[tuple[float, float], ...]: ...


def visible_layout(chart: Arranged, seen: Collection[UUID]) -> dict[str, Any]:
    """Return the fields of a map's layout that name items, without the items that a reader may not
    see.
    """
    pins = [pin for pin in zip(chart.pinned, chart.spots, strict=True) if pin[0] in seen]
    return {
        "also": tuple(item for item in chart.also if item in seen),
        "hidden": tuple(item for item in chart.hidden if item in seen),
        "opened": tuple(item for item in chart.opened if item in seen),
        "pinned": tuple(item for item, _ in pins),
        "spots": tuple(where for _, where in pins),
    }


def evolve(state: SavedMap, event: Event) -> SavedMap:
    match event:
        case ChartSaved():
            return SavedMap(event, state.withdrawn)
        case ChartWithdrawn():
            return SavedMap(state.saved, withdrawn=True)
    return state


def evolve_note(state: Note, event: Event) -> Note:
    return Note(event.words) if isinstance(event, ChartNoted) else state


def with_dates(shows: Shows, today: Today) -> Shows:
    """Return the query of a map with words such as "yesterday" replaced by dates. Raises Refused if
    a time in the query cannot be read.
    """
    resolved = {}
    for when in TIMES:
        if typed_day := getattr(shows, when):
            try:
                resolved[when] = without_today(typed_day, today)
            except ValueError as error:
                raise Refused(str(error), field=when) from error
    return msgspec.structs.replace(shows, **resolved)


def parse_position(pin: str) -> tuple[str, float, float]:
    """Return the id and the position of an item that a user pinned to the map, read from a text
    such as "ID 120.5 80". Raises Refused for any other text.
    """
    try:
        text, across, down = pin.split()
        x, y = float(across), float(down)
    except ValueError:
        raise Refused(
            "write the position of an item as its id and two numbers: ID 120.5 80", field="pins"
        ) from None
    if not (isfinite(x) and isfinite(y) and max(abs(x), abs(y)) <= FAR):
        raise Refused(
            "the position of an item is too far from the centre of the map: give smaller numbers",
            field="pins",
        )
    return text, round(x, 1), round(y, 1)


def save(state: SavedMap, chart: ChartSaved) -> tuple[Event, ...]:
    """Save a map under a name. Raises Refused if there is no name, if the query is invalid, and if
    the map was withdrawn. Saving an unchanged map records nothing.
    """
    if state.withdrawn:
        raise Refused("this chart was withdrawn: save it as a new one")
    if not chart.name.strip():
        raise Refused("give the chart a name by which colleagues can find it", field="name")
    if chart.shows.min_grade not in GRADES:
        raise Refused(
            f"{chart.shows.min_grade!r} is not a minimum grade: write graded, any, or a "
            "grade such as 2C",
            field="min_grade",
        )
    for when in TIMES:
        if typed_day := getattr(chart.shows, when):
            try:
                moments_found = parse_moments(typed_day, local.LONDON)
            except ValueError as error:
                raise Refused(str(error), field=when) from error
            if len(moments_found) > 1:
                raise Refused(local.ambiguity_question(typed_day, moments_found), field=when)
    if len(chart.also) > FURTHER:
        raise Refused(f"a map can be expanded from {FURTHER} items at most", field="also")
    if len(set(chart.pinned)) != len(chart.pinned) or len(chart.spots) != len(chart.pinned):
        raise Refused("an item is pinned twice: give it one position", field="pins")
    return () if chart == state.saved else (chart,)


def note(chart: SavedMap, state: Note, noted: ChartNoted) -> tuple[Event, ...]:
    """Write a note on a saved map, or remove it. Raises Refused if there is no such map, and if
    there is no note to remove. If the note already has this text, nothing is recorded.
    """
    _require_current(chart)
    if not (noted.words and noted.words.strip()):
        if state.words is None:
            raise Refused("write the note: there is no earlier note to remove", field="words")
        return (ChartNoted(noted.chart, noted.of, None),)
    return () if state.words == noted.words else (noted,)


def withdraw(state: SavedMap) -> tuple[Event, ...]:
    """Withdraw a saved map. Raises Refused if there is no such map, and for a second withdrawal."""
    _require_current(state)
    return (ChartWithdrawn(),)


def _require_current(state: SavedMap) -> None:
    if state.saved is None:
        raise Refused("there is no chart with this id")
    if state.withdrawn:
        raise Refused("this chart was withdrawn")

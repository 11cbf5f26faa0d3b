"""The lines of a picture: the line style shows how certain a link is, as is usual in such charts.

A line is thick for evidence, solid for intelligence of grade A or B, dashed for intelligence of
grade C or D, and dotted for tentative links (information, and links suspected to be false). The
line of a link with undermined evidence gets a cross.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct

from domain.kernel.values import LINK_KINDS
from network.picture.footer import count
from network.picture.lettering import safe, text
from network.picture.symbols import GREY, INK, PAPER, RED
from network.picture.typeface import width
from network.query.link_pairs import LinkPair
from network.query.masked_export import ExportedLink

Look = Literal["evidence", "sure", "less sure", "tentative"]


class LineStyle(Struct, frozen=True):
    """The style of a line on paper, on screens and in pictures: its width and dashes in pixels; a
    `faint` line is grey, with round ends."""

    words: str
    width: float
    dashes: tuple[int, ...] = ()
    faint: bool = False

    @property
    def style(self) -> str:
        """Return the style as SVG attributes, without the colour."""
        dashes = f' stroke-dasharray="{" ".join(map(str, self.dashes))}"' if self.dashes else ""
        ends = ' stroke-linecap="round"' if self.faint else ""
        return f'stroke-width="{self.width:g}"{dashes}{ends}'

    @property
    def stroke(self) -> str:
        """Return the style as SVG attributes, with the colour that a line has on white paper."""
        return f'stroke="{GREY if self.faint else INK}" {self.style}'


LOOKS: dict[Look, LineStyle] = {
    "evidence": LineStyle("Evidence", 4.6),
    "sure": LineStyle("Intelligence, graded A or B", 2),
    "less sure": LineStyle("Intelligence, graded C or D", 2, (10, 5)),
    "tentative": LineStyle("Information, or suspected false (E)", 2, (2, 5), faint=True),
}
_APART = 26.0  # distance between lines of two kinds of link between the same ends
_PLACES = (0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73)

Point = tuple[float, float]
Rectangle = tuple[float, float, float, float]


class Stroke(Struct, frozen=True):
    """The line of one link: from the edge of one symbol to the edge of the other. It is curved if
    there are other links between the same two symbols.
    """

    tie: ExportedLink
    start: Point
    bow: Point
    end: Point

    def at(self, share: float) -> Point:
        """Return the point on the line at the given share of its length, from 0 (its start) to 1
        (its end).
        """
        rest = 1.0 - share
        weights = (rest * rest, 2 * rest * share, share * share)
        x, y = (
            sum(w * p[axis] for w, p in zip(weights, (self.start, self.bow, self.end), strict=True))
            for axis in (0, 1)
        )
        return x, y


def look(pair: LinkPair) -> Look:
    """Return the line style in which a pair is drawn."""
    if pair.stage == "evidence":
        return "evidence"
    if pair.stage == "information" or pair.grade is None or pair.grade[1] == "E":
        return "tentative"
    return "sure" if pair.grade[1] in "AB" else "less sure"


def strokes(
    ties: Iterable[ExportedLink], centres: dict[str, Point], rim: float
) -> Iterator[Stroke]:
    """Yield a line for every link; lines between the same ends run side by side."""
    together: dict[frozenset[str], list[ExportedLink]] = {}
    for tie in ties:
        together.setdefault(frozenset((tie.source.id, tie.target.id)), []).append(tie)
    for beside in together.values():
        first = min(beside[0].source.id, beside[0].target.id)
        for number, tie in enumerate(beside):
            offset = (number - (len(beside) - 1) / 2) * _APART
            a, b = centres[tie.source.id], centres[tie.target.id]
            yield _stroke(tie, a, b, offset if tie.source.id == first else -offset, rim)


def _stroke(tie: ExportedLink, a: Point, b: Point, offset: float, rim: float) -> Stroke:
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = max((dx * dx + dy * dy) ** 0.5, 1.0)
    bow = (
        (a[0] + b[0]) / 2 - dy / length * offset * 2,
        (a[1] + b[1]) / 2 + dx / length * offset * 2,
    )
    far = rim + (7.0 if LINK_KINDS[tie.pair.kind].directed else 1.0)
    return Stroke(tie, _towards(a, bow, rim + 1.0), bow, _towards(b, bow, far))


def _towards(a: Point, b: Point, step: float) -> Point:
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = max((dx * dx + dy * dy) ** 0.5, 1.0)
    return a[0] + dx / length * step, a[1] + dy / length * step


def line(stroke: Stroke) -> str:
    """Return the line of a link as SVG, with the facts about the link as its title."""
    pair = stroke.tie.pair
    style = LOOKS[look(pair)].stroke
    arrow = ' marker-end="url(#arrow)"' if LINK_KINDS[pair.kind].directed else ""
    (x1, y1), (bx, by), (x2, y2) = stroke.start, stroke.bow, stroke.end
    drawn = (
        f"<g><title>{safe(facts(stroke.tie))}</title>"
        f'<path d="M{x1:.1f} {y1:.1f}Q{bx:.1f} {by:.1f} {x2:.1f} {y2:.1f}" fill="none" '
        f"{style}{arrow}/>"
    )
    if pair.undermined:
        drawn += cross(*stroke.at(0.22))
    return f"{drawn}</g>"


def cross(x: float, y: float) -> str:
    """Return as SVG the cross that marks undermined evidence."""
    arms = "".join(
        f'<path d="M{x - 7:.1f} {y - 7:.1f}l14 14m0-14l-14 14" fill="none" stroke="{colour}" '
        f'stroke-width="{wide}" stroke-linecap="round"/>'
        for colour, wide in ((PAPER, 7), (RED, 3.5))
    )
    return f"<g>{arms}</g>"


def facts(tie: ExportedLink) -> str:
    """Return the facts about a link as a sentence."""
    pair = tie.pair
    grade = f"grade {pair.grade}" if pair.grade else "ungraded"
    sentence = f"{tie.source.label} {pair.kind} {tie.target.label}: {pair.stage}, {grade}"
    if pair.observations:
        sentence += f", {count(pair.observations, 'observation')}"
    if pair.roots:
        sentence += f", {count(pair.roots, 'independent source')}"
    if pair.circular:
        sentence += " (circular: one account, repeated)"
    return sentence + (", undermined" if pair.undermined else "")


def labels(
    found_strokes: Iterable[Stroke], taken: list[Rectangle], size: float, *, brief: bool
) -> Iterator[str]:
    """Yield a label for the line of each link, at the place where the label covers least of the
    drawing; with `brief`, the label is only the grade.
    """
    for stroke in found_strokes:
        pair = stroke.tie.pair
        grade = pair.grade or "ungraded"
        words = grade if brief else f"{pair.kind} {grade}"
        words += " undermined" if pair.undermined and not brief else ""
        half, high = width(words, size) / 2, size * 0.62
        spots = [
            (x, y + beside * high)
            for beside in (0.0, -1.3, 1.3)
            for x, y in map(stroke.at, _PLACES)
        ]
        covers = [
            (
                sum(
                    _overlap((x - half, y - high, x + half, y + high), rectangle)
                    for rectangle in taken
                ),
                number,
            )
            for number, (x, y) in enumerate(spots)
        ]
        x, y = spots[min(covers)[1]]
        taken.append((x - half, y - high, x + half, y + high))
        yield (
            f'<rect x="{x - half:.1f}" y="{y - high:.1f}" width="{2 * half:.1f}" '
            f'height="{2 * high:.1f}" rx="3" fill="{PAPER}" fill-opacity="0.92"/>'
        ) + text(x, y + size * 0.35, words, size, anchor="middle", colour="#3a4652")


def _overlap(a: Rectangle, b: Rectangle) -> float:
    across = min(a[2], b[2]) - max(a[0], b[0])
    down = min(a[3], b[3]) - max(a[1], b[1])
    return across * down if across > 0 and down > 0 else 0.0

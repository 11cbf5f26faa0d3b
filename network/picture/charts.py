"""Charts as SVG, drawn from specifications: lines over periods, bars by category, and a matrix.

A specification is a Vega-Lite object with the few properties that this module reads. Lines and bars
of different series differ by dashes or hatching and are named in words, so that no chart depends on
colour. A value that is withheld or not known is named in words, and gets neither a point nor a bar.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from msgspec import Struct

from network.picture.lettering import safe, text
from network.picture.symbols import INK, PAPER
from network.query.safe_text import single_line

WIDE = 420.0
_LEFT, _TOP, _LINE, _SMALL = 14.0, 12.0, 16.0, 11.0
_PLOT_HIGH, _LABELS, _END = 150.0, 90.0, 70.0
#: The width of the labels of a matrix, in pixels.
_ACTIVITIES = 222.0
_GRID = "#b1b4b6"
#: The colour and the dashes of each series of a chart, in order.
_STYLES: tuple[tuple[str, str], ...] = (
    ("#1d70b8", ""),
    ("#942514", "7 3"),
    ("#00703c", "2 3"),
    ("#4c2c92", "10 3 2 3"),
    ("#b58840", "1 4"),
    ("#0b0c0c", "12 5"),
)
Spec: TypeAlias = Mapping[str, Any]


class Chart(Struct, frozen=True):
    """A chart: its title, its picture, and the same information in words."""

    title: str
    svg: str
    alt: str


class Point(Struct, frozen=True):
    """A value of a row: its position on both axes, its series, and its text."""

    along: str
    series: str
    value: float | None
    written: str


def draw(spec: Spec, rows: Sequence[object]) -> Chart | None:
    """Return the chart of these rows; None if no row matches the specification, or if a line would
    have only one point."""
    selected = [row for row in rows if _selected(spec, row)]
    if not selected:
        return None
    match spec["mark"]:
        case "line":
            points = _points(spec, selected, "x", "y")
            return _lines(spec["title"], points) if len(_names(points)) > 1 else None
        case "bar":
            return _bars(spec["title"], _points(spec, selected, "y", "x"))
    return _matrix(spec, selected)


def _selected(spec: Spec, row: object) -> bool:
    filters = [rule["filter"] for rule in spec.get("transform", ())]
    return all(getattr(row, rule["field"]) in rule["oneOf"] for rule in filters)


def _points(spec: Spec, rows: Sequence[object], along: str, value: str) -> list[Point]:
    encoding = spec["encoding"]
    split = [encoding[key]["field"] for key in ("color", "strokeDash") if key in encoding]
    points = []
    for row in rows:
        number = getattr(row, encoding[value]["field"])
        written = str(getattr(row, "how_many", number))
        series = ": ".join(str(getattr(row, key)) for key in split)
        name = str(getattr(row, encoding[along]["field"]))
        points.append(Point(name, series, None if number is None else float(number), written))
    return points


def _names(points: Sequence[Point]) -> list[str]:
    return list(dict.fromkeys(point.along for point in points))


def _by_series(points: Sequence[Point]) -> dict[str, list[Point]]:
    found_points: dict[str, list[Point]] = {}
    for point in points:
        found_points.setdefault(point.series, []).append(point)
    return found_points


def _most(points: Sequence[Point]) -> float:
    return max((point.value for point in points if point.value), default=0) or 1.0


def _in_words(title: str, points: Sequence[Point]) -> str:
    lines = (
        f"{series}: " + ", ".join(f"{point.along} {point.written}" for point in series_points)
        for series, series_points in _by_series(points).items()
    )
    return single_line(f"{title}. " + ". ".join(lines) + ".", 20_000)


def _lines(title: str, points: Sequence[Point]) -> Chart:
    names, series, most = _names(points), _by_series(points), _most(points)
    left, right = _LEFT + 40, WIDE - _LEFT
    step = (right - left) / (len(names) - 1)
    bottom = _TOP + _PLOT_HIGH

    def at(point: Point) -> tuple[float, float]:
        return left + names.index(point.along) * step, bottom - (
            point.value or 0
        ) / most * _PLOT_HIGH

    parts = [
        _rule(left, bottom, right, bottom),
        _rule(left, _TOP, right, _TOP),
        text(left - 6, bottom + 4, "0", _SMALL, anchor="end"),
        text(left - 6, _TOP + 4, f"{most:g}", _SMALL, anchor="end"),
        text(left, bottom + _LINE, names[0], _SMALL),
        text(right, bottom + _LINE, names[-1], _SMALL, anchor="end"),
    ]
    for number, (name, series_points) in enumerate(series.items()):
        colour, dash = _STYLES[number % len(_STYLES)]
        style = (
            f'fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash or "none"}"'
        )
        for run in _runs(series_points):
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(at, run))
            parts.append(f'<polyline points="{path}" {style}/>')
            parts += [
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'
                for x, y in map(at, run)
            ]
        below = bottom + (number + 2.2) * _LINE
        parts.append(f'<path d="M{left:.1f} {below - 4:.1f}h34" {style}/>')
        parts.append(text(left + 42, below, f"{name}{_gaps(series_points)}", _SMALL))
    high = bottom + (len(series) + 2.6) * _LINE
    return _chart(title, parts, high, _in_words(title, points))


def _runs(points: Sequence[Point]) -> Iterator[list[Point]]:
    """Yield the uninterrupted parts of a series of points: a value that is withheld or missing ends
    one part, and the next value begins another part.
    """
    run: list[Point] = []
    for point in points:
        if point.value is not None:
            run.append(point)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _gaps(points: Sequence[Point]) -> str:
    lacking = dict.fromkeys(point.written for point in points if point.value is None)
    return f" (gaps: {', '.join(lacking)})" if lacking else ""


def _bars(title: str, points: Sequence[Point]) -> Chart:
    names, series, most = _names(points), list(_by_series(points)), _most(points)
    parts, y = [], _TOP
    for name in names:
        parts.append(text(_LEFT, y + 10, name, _SMALL, bold=True))
        y += _LINE
        for bar in (point for point in points if point.along == name):
            colour, _ = _STYLES[series.index(bar.series) % len(_STYLES)]
            long = (bar.value or 0) / most * (WIDE - _LABELS - _END)
            parts.append(text(_LABELS - 8, y + 9, bar.series, _SMALL, anchor="end"))
            parts.append(
                f'<rect x="{_LABELS:.1f}" y="{y:.1f}" width="{long:.1f}" height="11" '
                f'fill="{colour}"/>'
            )
            parts.append(text(_LABELS + long + 6, y + 9, bar.written, _SMALL))
            y += _LINE
        y += 6
    return _chart(title, parts, y + 4, _in_words(title, points))


def _matrix(spec: Spec, rows: Sequence[object]) -> Chart:
    fields = [spec["encoding"][name]["field"] for name in ("x", "y", "text")]
    cells = {
        (str(getattr(row, fields[0])), str(getattr(row, fields[1]))): str(getattr(row, fields[2]))
        for row in rows
    }
    columns = list(dict.fromkeys(column for column, _ in cells))
    lines = list(dict.fromkeys(line for _, line in cells))
    wide = min(90.0, (WIDE - _ACTIVITIES - _LEFT) / len(columns))
    parts = [
        text(
            _ACTIVITIES + (number + 0.5) * wide, _TOP + 8, name, _SMALL, anchor="middle", bold=True
        )
        for number, name in enumerate(columns)
    ]
    for row, line in enumerate(lines):
        y = _TOP + _LINE + row * 20
        parts.append(text(_ACTIVITIES - 8, y + 14, line, _SMALL, anchor="end"))
        for number, column in enumerate(columns):
            written = cells.get((column, line), "")
            fill = {"yes": _STYLES[0][0], "no": PAPER}.get(written, "#f3f2f1")
            x = _ACTIVITIES + number * wide
            parts.append(
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="20" fill="{fill}" '
                f'stroke="{_GRID}"/>'
            )
            colour = PAPER if written == "yes" else INK
            middle = x + wide / 2
            parts.append(text(middle, y + 14, written, _SMALL, anchor="middle", colour=colour))
    words = (
        f"{column}: " + ", ".join(f"{line} {cells.get((column, line), '')}" for line in lines)
        for column in columns
    )
    alt = single_line(f"{spec['title']}. " + ". ".join(words) + ".", 20_000)
    return _chart(spec["title"], parts, _TOP + _LINE + len(lines) * 20 + 8, alt)


def _rule(x: float, y: float, x2: float, y2: float) -> str:
    return f'<path d="M{x:.1f} {y:.1f}L{x2:.1f} {y2:.1f}" stroke="{_GRID}"/>'


def _chart(title: str, parts: Sequence[str], high: float, alt: str) -> Chart:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE:.0f} {high:.0f}" '
        f'width="{WIDE:.0f}" height="{high:.0f}" role="img" aria-label="{safe(alt)}" '
        'font-family="Arimo, Arial, sans-serif">'
        f'<rect width="100%" height="100%" fill="{PAPER}"/>{"".join(parts)}</svg>'
    )
    return Chart(title, svg, alt)

"""Each chart of a report card is made from its specification, says the same in words, and shows no
withheld value.
"""

from collections.abc import Sequence
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from domain.kernel.codes import CardMeasure
from domain.people_and_teams.team_service import ACTIVITIES
from projections.composed.card_rows import PeriodRow
from projections.people_and_teams.team_statements import ServiceRow
from usecases.families.card_charts import charts

QUARTERS = (
    (date(2011, 1, 1), date(2011, 3, 31)),
    (date(2011, 4, 1), date(2011, 6, 30)),
    (date(2011, 7, 1), date(2011, 9, 30)),
)
SVG = "{http://www.w3.org/2000/svg}"


def figures(*numbers: int | None, measure: CardMeasure, team: str = "Engage") -> list[PeriodRow]:
    return [
        PeriodRow(0, team, since, until, None, measure, number)
        for (since, until), number in zip(QUARTERS, numbers, strict=False)
    ]


def parts(svg: str, tag: str) -> Sequence[ET.Element]:
    return ET.fromstring(svg).findall(f"{SVG}{tag}")  # noqa: S314 (the SVG is the product's own)


def test_a_trend_has_a_gap_where_a_figure_is_withheld() -> None:
    (chart,) = charts(figures(12, None, 20, measure="referred"), ())
    assert not parts(chart.svg, "polyline")[0].get("points", "").count(" "), "no line over the gap"
    assert len(parts(chart.svg, "circle")) == 2, "two figures, two points"
    assert "01.04.2011 to 30.06.2011 withheld" in chart.alt
    assert "gaps: withheld" in chart.svg


def test_a_single_period_has_no_trend() -> None:
    assert charts(figures(12, measure="referred"), ()) == []


def test_the_way_from_words_to_outcome_is_of_the_last_period() -> None:
    rows = [*figures(40, 30, 20, measure="words"), *figures(8, 6, None, measure="charge")]
    (chart,) = charts(rows, ())
    assert chart.caption == "From words to outcome, 01.07.2011 to 30.09.2011"
    _, words, charge = (
        float(part.get("width", "0").rstrip("%")) for part in parts(chart.svg, "rect")
    )
    assert words > 0
    assert charge == 0, "a withheld figure has no bar"
    assert "of whom words came in 20" in chart.alt
    assert "with a charge withheld" in chart.alt


def test_the_matrix_keeps_nk() -> None:
    rows = [
        ServiceRow(0, "Engage", "prevention", "offered"),
        ServiceRow(0, "Deter", "prevention", "not-offered"),
        ServiceRow(0, "Freedom", "prevention"),
    ]
    (chart,) = charts([], rows)
    written = [part.text for part in parts(chart.svg, "text")]
    assert written == ["Engage", "Deter", "Freedom", ACTIVITIES["prevention"], "yes", "no", "NK"]
    assert "Freedom: Multi-agency preventative work NK" in chart.alt


@pytest.mark.parametrize("team", ['<script>alert("a")</script>', "A & B\u202eC\n"])
def test_a_name_is_never_markup(team: str) -> None:
    rows = figures(12, 20, measure="referred", team=team)
    (chart,) = charts(rows, [])
    root = ET.fromstring(chart.svg)  # noqa: S314 (the SVG is the product's own)
    assert {one.tag.removeprefix(SVG) for one in root.iter()} <= {
        *("svg", "rect", "path", "text", "polyline", "circle")
    }
    assert root.get("aria-label") == chart.alt

"""The charts of a report card: trends, the number of log entries that reach each step up to an
outcome, and the services that each team offers.

The charts' specifications are in card_charts.json. Each chart's numbers are in a table of the card.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from usecases.kernel.paper import PaperPicture

if TYPE_CHECKING:
    from projections.composed.card_rows import PeriodRow
    from projections.people_and_teams.team_statements import ServiceRow

SPECIFICATIONS = Path(__file__).with_suffix(".json")


def charts(figures: "Sequence[PeriodRow]", services: "Sequence[ServiceRow]") -> list[PaperPicture]:
    """Return the charts of a report card, from its figures and from the services that teams
    state.
    """
    return list(_charts(figures, services))


def _charts(
    figures: "Sequence[PeriodRow]", services: "Sequence[ServiceRow]"
) -> Iterator[PaperPicture]:
    from network.picture.charts import draw

    last = max(((row.since, row.until) for row in figures), default=None)
    tables: Mapping[str, Sequence[Any]] = {"period": figures, "services": services}
    for spec in msgspec.json.decode(SPECIFICATIONS.read_bytes()):
        rows = tables[spec["data"]["name"]]
        title = spec["title"]
        # no bars over several periods: a family may count in each, so that adding them up would be
        # wrong
        if spec["mark"] == "bar" and figures:
            rows = [row for row in figures if (row.since, row.until) == last]
            title = f"{title}, {rows[0].period}"
        if chart := draw(spec | {"title": title}, rows):
            yield PaperPicture(chart.svg, chart.alt, chart.title)

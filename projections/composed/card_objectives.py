"""The row of a report card that is about one of the evaluation report's objectives."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from domain.people_and_teams.report_card import OBJECTIVES
from projections.composed.card_rows import InPeriod
from projections.kernel.columns import Column


@dataclass(frozen=True)
class ObjectiveRow(InPeriod):
    """One of the evaluation report's seven objectives, with a sentence on the evidence of a team
    for a period.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("objective", "objective"),
        Column("team", "team"),
        Column("period", "period"),
        Column("evidence", "evidence"),
    )
    order: ClassVar[tuple[str, ...]] = ("team", "since", "number")
    number: int
    team: str
    since: date
    until: date
    evidence: str

    @property
    def objective(self) -> str:
        """Return the objective in the words of the evaluation report, with its number."""
        return f"{self.number}. {OBJECTIVES[self.number - 1]}"

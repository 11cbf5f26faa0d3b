"""Statements of a team about itself: the activities that it offers, and its own unit costs."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from domain.kernel.codes import CostKind, ServiceState, TeamActivity
from domain.kernel.envelope import Recorded
from domain.people_and_teams.costs import CostStated
from domain.people_and_teams.team_service import ACTIVITIES, ServiceStated
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.event_rows import row_of
from projections.kernel.schema import View, rows

#: The answer shown if the team has stated nothing about an activity (NK, not known).
NOT_KNOWN = "NK"


@rows("team_services", key=("id",))
class StatementRow(Struct, frozen=True):
    """A team's statement that it offers, or does not offer, an activity, valid from the day `since`
    on. `place` is the statement's position in the log.
    """

    table: ClassVar[sa.Table]
    id: UUID
    place: int
    team: str
    activity: TeamActivity
    state: ServiceState
    since: date
    whom: str | None


@rows("team_costs", key=("team", "cost"))
class OwnCostRow(Struct, frozen=True):
    """A team's own unit cost, as last stated."""

    table: ClassVar[sa.Table]
    team: str
    cost: CostKind
    pounds: int
    period: str
    source: str


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case ServiceStated():
            batch.put(row_of(StatementRow, fact, place=fact.seq))
        case CostStated():
            batch.put(row_of(OwnCostRow, fact))


VIEW = View("statements", (StatementRow, OwnCostRow), apply)


class ServiceRow(Struct, frozen=True):
    """A statement whether a team offers an activity: one cell of Table One of the evaluation
    report.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("says", "activity"),
        Column("team", "team"),
        Column("answer", "status"),
        Column("whom", "offered to"),
        Column("since", "since", "day"),
    )
    order: ClassVar[tuple[str, ...]] = ("place", "team")
    place: int
    team: str
    activity: TeamActivity
    state: ServiceState | None = None
    whom: str | None = None
    since: date | None = None

    @property
    def says(self) -> str:
        """Return the words of the evaluation report for the activity."""
        return ACTIVITIES[self.activity]

    @property
    def answer(self) -> str:
        """Return whether the activity is offered; NK without a statement, which must not be read as
        "no"."""
        return {"offered": "yes", "not-offered": "no", None: NOT_KNOWN}[self.state]


def matrix(db: Db, day: date, teams: Collection[str] = ()) -> list[ServiceRow]:
    """Return, for each activity and each team, the statement that is valid on the day `day`. If
    `teams` is empty, the teams are those with a statement that is valid on that day.
    """
    statements = _on(db, day)
    shown = sorted(set(teams) or {team for team, _ in statements})
    return [
        ServiceRow(place, team, activity, *_answer(statements.get((team, activity))))
        for place, activity in enumerate(ACTIVITIES)
        for team in shown
    ]


def states(db: Db, team: str, day: date) -> dict[TeamActivity, ServiceState]:
    """Return which activities a team had stated that it offers, as valid on a day."""
    return {activity: row.state for (of, activity), row in _on(db, day).items() if of == team}


def own_costs(db: Db, teams: Collection[str]) -> dict[tuple[str, CostKind], OwnCostRow]:
    """Return the unit costs that these teams last stated."""
    select = sa.select(OwnCostRow.table).where(OwnCostRow.table.c.team.in_(sorted(teams)))
    costs = [OwnCostRow(*row) for row in db.execute(select)]
    return {(row.team, row.cost): row for row in costs}


def _on(db: Db, day: date) -> dict[tuple[str, TeamActivity], StatementRow]:
    """Return the statements that are valid on a day, by team and activity."""
    c = StatementRow.table.c
    select = sa.select(StatementRow.table).where(c.since <= day).order_by(c.since, c.place)
    statements: Iterator[StatementRow] = (StatementRow(*row) for row in db.execute(select))
    return {(row.team, row.activity): row for row in statements}


def _answer(
    row: StatementRow | None,
) -> tuple[ServiceState | None, str | None, date | None]:
    return (row.state, row.whom, row.since) if row else (None, None, None)

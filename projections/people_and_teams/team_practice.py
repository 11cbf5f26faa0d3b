"""Rules that each team sets for itself: how many families a worker carries, the definitions of low,
medium and high risk, and which families get a letter.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from domain.families.raid import FoundInRaid
from domain.kernel.envelope import Recorded
from domain.people_and_teams.team_practice import CapacitySet, LettersRuled, ThresholdsDefined
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.schema import View, rows


@rows("practice_capacity", key=("team",))
class CapacityRow(Struct, frozen=True):
    """The largest number of families, and the largest load, that one worker of a team carries, as
    the team last set them.
    """

    table: ClassVar[sa.Table]
    team: str
    families: int
    load: int
    recorded: datetime


@rows("practice_definitions", key=("version",))
class DefinitionRow(Struct, frozen=True):
    """A version of a team's definitions of low, medium and high risk."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("since", "since", "day"),
        Column("team", "team"),
        Column("version", "version"),
        Column("low", "low"),
        Column("medium", "medium"),
        Column("high", "high"),
        Column("by", "recorded by"),
    )
    order: ClassVar[tuple[str, ...]] = ("-since", "version")
    table: ClassVar[sa.Table]
    version: str
    team: str
    low: str
    medium: str
    high: str
    since: date
    by: str
    recorded: datetime


@rows("practice_letters", key=("team",))
class LettersRow(Struct, frozen=True):
    """The families of a team that get a letter, as the team last set it."""

    table: ClassVar[sa.Table]
    team: str
    low_rated: bool
    after_raid: bool
    days: int
    recorded: datetime


@rows("practice_raids", key=("case",))
class RaidRow(Struct, frozen=True):
    """A case whose child was identified through a raid."""

    table: ClassVar[sa.Table]
    case: UUID
    recorded: datetime


def apply(fact: Recorded, batch: RowBatch) -> None:
    at = fact.recorded
    match fact.event:
        case CapacitySet() as event:
            batch.put(CapacityRow(event.team, event.families, event.load, at))
        case ThresholdsDefined() as event:
            texts = (event.low, event.medium, event.high)
            batch.put(DefinitionRow(event.version, event.team, *texts, event.since, fact.by, at))
        case LettersRuled() as event:
            batch.put(LettersRow(event.team, event.low_rated, event.after_raid, event.days, at))
        case FoundInRaid() as event:
            batch.put(RaidRow(event.case, at))


VIEW = View("team_practice", (CapacityRow, DefinitionRow, LettersRow, RaidRow), apply)

# --- queries ------------------------------------------------------------------------------------


def versions(db: Db) -> set[str]:
    """Return the versions of all teams' definitions of risk. They are not secret, because each
    rating names one."""
    return set(db.execute(sa.select(DefinitionRow.table.c.version)).scalars())


def definitions(db: Db, teams: Collection[str] | None) -> list[DefinitionRow]:
    """Return the versions of the definitions of risk of these teams, or of all teams if `teams` is
    None; sorted by team and day.
    """
    c = DefinitionRow.table.c
    where = [] if teams is None else [c.team.in_(sorted(teams))]
    select = sa.select(DefinitionRow.table).where(*where).order_by(c.team, c.since, c.version)
    return [DefinitionRow(*row) for row in db.execute(select)]


def capacities(db: Db) -> dict[str, CapacityRow]:
    """Return the capacity of one worker, for each team that has set it."""
    return {row.team: CapacityRow(*row) for row in db.execute(sa.select(CapacityRow.table))}


def letters(db: Db) -> dict[str, LettersRow]:
    """Return, by team, the team's rule about letters to families. Teams without such a rule are
    left out.
    """
    return {row.team: LettersRow(*row) for row in db.execute(sa.select(LettersRow.table))}


def raids(db: Db) -> dict[UUID, datetime]:
    """Return the cases of children who were identified through a raid, each with the time when this
    was recorded. Readers' rights are not checked.
    """
    return {row.case: row.recorded for row in db.execute(sa.select(RaidRow.table))}

"""Families that should get a letter by their team's rule, and whether a letter can be sent
safely.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import ClassVar, Literal
from uuid import UUID

from msgspec import Struct

from commands.families import safe_contact
from commands.kernel.unit_of_work import Desk
from domain.families.referral import ThresholdAssessed
from domain.forms.intervals import LONDON
from domain.kernel.values import Reader
from projections.families import cases, family_contact
from projections.families.cases import Case
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.people_and_teams import team_practice
from projections.people_and_teams.team_practice import LettersRow


class OwedLetter(Struct, frozen=True):
    """A letter that a team should write to a family: the reason, the day on which the letter is
    due, and the family's addresses. `unsafe` means that a person who may harm the child could read
    letters at one of these addresses."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("due", "due", "day"),
        Column("overdue", "overdue", "mark"),
        Column("number", "case"),
        Column("why", "reason"),
        Column("address", "address"),
        Column("unsafe", "an address is unsafe", "mark"),
        Column("case", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("due", "case")
    case: UUID
    number: int
    why: Literal["rated low", "found in a raid"]
    due: date
    overdue: bool
    address: str
    unsafe: bool


def list_owed(desk: Desk, db: Db, reader: Reader, now: datetime) -> list[OwedLetter]:
    """Return the letters that families should get by their teams' rules, the first due first."""
    rules = team_practice.letters(db)
    raids = team_practice.raids(db)
    letters = []
    for row in cases.list_cases(db, reader):
        rule = rules.get(row.team)
        if rule is None or row.closed:
            continue
        for why, since in _reasons(desk, row, rule, raids):
            if not _written(db, reader, row.case, since):
                letters.append(_owed(db, reader, row, why, since, rule, now))
                break
    return letters


def _reasons(
    desk: Desk, row: Case, rule: LettersRow, raids: dict[UUID, datetime]
) -> Iterator[tuple[Literal["rated low", "found in a raid"], datetime]]:
    if rule.after_raid and row.case in raids:
        yield "found in a raid", raids[row.case]
    if rule.low_rated and row.threshold == "low":
        history = desk.logs["evidence"].history(row.case)
        rated = [fact.recorded for fact in history if isinstance(fact.event, ThresholdAssessed)]
        yield from (("rated low", at) for at in rated[-1:])


def _written(db: Db, reader: Reader, case: UUID, since: datetime) -> bool:
    """Return whether a letter to the family was recorded at or after the moment `since`."""
    news = family_contact.list_news(db, reader, case)
    return any(row.channel == "letter" and row.recorded >= since for row in news)


def _owed(
    db: Db,
    reader: Reader,
    row: Case,
    why: Literal["rated low", "found in a raid"],
    since: datetime,
    rule: LettersRow,
    now: datetime,
) -> OwedLetter:
    begun = max(since, rule.recorded).astimezone(LONDON).date()
    due, ways = (
        begun + timedelta(days=rule.days),
        safe_contact.contact_ways_of(db, reader, row.case, "letter"),
    )
    address = ", ".join(ways.safe) or "no safe address is known: do not write"
    past = now.astimezone(LONDON).date() > due
    return OwedLetter(row.case, row.number, why, due, past, address, ways.unsafe)

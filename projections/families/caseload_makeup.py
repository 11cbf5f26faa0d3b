"""Caseload make-up: age, referrer and exploitation model of the children whose families were
referred to a team, and how many of them left harm's way.

These are figures for the report card, of past years only (`domain.people_and_teams.report_card`).
Facts about health or a placement are not counted. The answers in a referral for national monitoring
are counted only for managers of the team (`projections.composed.card_children`).

The file is long because it is one view.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, ClassVar, NamedTuple, TypeAlias
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain import forms
from domain.data_protection.erasure import is_destroyed
from domain.data_protection.retention import (
    RestrictionChanged,
)
from domain.families.exploitation import ModelAssessed
from domain.families.monitoring import ReferralMonitored
from domain.families.referral import OUT, CaseOpened, ExitAssessed, ReferralReceived
from domain.forms.intervals import LONDON
from domain.information.source import kind_of
from domain.intelligence.entity import AgeStated, PersonRecorded
from domain.kernel import suppression
from domain.kernel.codes import ReferredEthnicity, Residence
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from domain.people_and_teams import report_card
from domain.people_and_teams.report_card import BANDS, UNKNOWN
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.schema import View, rows

#: The group of referrers on the card for each relation of a referrer to the child.
REFERRERS: Mapping[str, str] = {
    "police": "police",
    "parent": "parent or carer",
    "carer": "parent or carer",
    "relative": "another relative",
    "school": "school",
    "partner": "another professional",
    "child": "somebody else",
    "public": "somebody else",
    "not-known": UNKNOWN,
}


@rows("makeup_cases", key=("case",))
class CaseRow(Struct, frozen=True):
    """A case: its child, when its first referral was recorded, and who referred it."""

    table: ClassVar[sa.Table]
    case: UUID
    team: str
    child: UUID
    referred: datetime | None = None
    referrer: str = UNKNOWN
    restricted: bool = False


@rows("makeup_ages", key=("person", "version"))
class AgeRow(Struct, frozen=True):
    """The latest date on which a person may have been born, by one recorded fact; `exact` means
    that it is a date of birth.
    """

    table: ClassVar[sa.Table]
    person: UUID
    version: int
    born: date
    exact: bool
    recorded: datetime
    restricted: bool = False


@rows("makeup_told", key=("item", "version"), index=(("case",),))
class ToldRow(Struct, frozen=True):
    """A fact about a case. It is either the models by which the child is exploited (`models`) with
    the child's earlier vulnerabilities (`before`), or that the child is out of harm's way (`out`).
    """

    table: ClassVar[sa.Table]
    item: UUID
    version: int
    case: UUID
    recorded: datetime
    models: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    out: bool = False
    restricted: bool = False


@rows("makeup_monitored", key=("item", "version"), index=(("case",),))
class MonitoredRow(Struct, frozen=True):
    """The facts of a referral for national monitoring."""

    table: ClassVar[sa.Table]
    item: UUID
    version: int
    case: UUID
    recorded: datetime
    residence: Residence | None = None
    ethnicity: ReferredEthnicity | None = None
    missing_before: bool | None = None
    in_care: bool | None = None
    restricted: bool = False


@rows("makeup_genders", key=("person",))
class GenderRow(Struct, frozen=True):
    """The gender of a person, as it was recorded with the person."""

    table: ClassVar[sa.Table]
    person: UUID
    gender: str
    recorded: datetime
    restricted: bool = False


def apply(fact: Recorded, batch: RowBatch) -> None:
    item = fact.stream
    match fact.event:
        case event if is_destroyed(event):
            batch.drop(CaseRow, item)
            batch.drop_all(AgeRow, "person", item)
            batch.drop_all(ToldRow, "item", item)
            batch.drop_all(MonitoredRow, "item", item)
            batch.drop(GenderRow, item)
        case RestrictionChanged() as event:
            _restrict(batch, event.item, out=event.placed)
        case CaseOpened() as event:
            batch.put(CaseRow(item, event.team, event.child))
        case ReferralReceived() as event:
            row = batch.get(CaseRow, item)
            if row and row.referred is None:
                referrer = REFERRERS[kind_of(event.source)]
                batch.put(replace(row, referred=fact.recorded, referrer=referrer))
        case ReferralMonitored() as event:
            of_case = (item, fact.version, event.case, fact.recorded)
            answers = (event.residence, event.ethnicity, event.missing_before, event.in_care)
            batch.put(MonitoredRow(*of_case, *answers))
        case AgeStated() as event:
            if isinstance(event, PersonRecorded) and (gender := _gender(event.gender)):
                batch.put(GenderRow(item, gender, fact.recorded))
            if born := _born(fact, event):
                batch.put(AgeRow(item, fact.version, *born, fact.recorded))
        case ModelAssessed() as event:
            before = tuple(
                code for code in event.vulnerabilities if code not in report_card.PRIVATE
            )
            said_of = (item, fact.version, event.case, fact.recorded, event.models, before)
            batch.put(ToldRow(*said_of))
        case ExitAssessed() as event:
            out = event.outcome in OUT
            batch.put(ToldRow(item, fact.version, item, fact.recorded, out=out))


def _born(fact: Recorded, event: AgeStated) -> tuple[date, bool] | None:
    """Return the latest date on which the person may have been born, and whether it is a date of
    birth. Return None if no such date follows from the recorded age.
    """
    if event.born:
        return event.born, True
    latest = event.latest_birth(fact.recorded)
    return (latest, False) if latest else None


def _gender(words: str | None) -> str | None:
    """Return a recorded gender as the national form has it: "female", "male" or "another". Return
    None if it is empty or unknown.
    """
    first = (words or "").strip().casefold()[:1]
    if not first or first in ("u", "-"):
        return None
    return {"f": "female", "g": "female", "m": "male", "b": "male"}.get(first, "another")


def _restrict(batch: RowBatch, item: UUID, *, out: bool) -> None:
    if case := batch.get(CaseRow, item):
        batch.put(replace(case, restricted=out))
    for age in batch.having(AgeRow, person=item):
        batch.put(replace(age, restricted=out))
    for row in batch.having(ToldRow, item=item):
        batch.put(replace(row, restricted=out))
    for monitored in batch.having(MonitoredRow, item=item):
        batch.put(replace(monitored, restricted=out))
    if gender := batch.get(GenderRow, item):
        batch.put(replace(gender, restricted=out))


VIEW = View("makeup", (CaseRow, AgeRow, ToldRow, MonitoredRow, GenderRow), apply, version=2)


# --- queries ------------------------------------------------------------------------------------


class GroupRow(Struct, frozen=True):
    """A group of the children who were referred to a team in a year, and how many they are. Groups
    by exploitation model and by earlier vulnerability also have the number of children who are out
    of harm's way.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("team", "team"),
        Column("of", "characteristic"),
        Column("group", "group"),
        Column("how_many", "children"),
        Column("how_many_out", "out of harm's way"),
    )
    order: ClassVar[tuple[str, ...]] = ("team", "place")
    place: int
    team: str
    of: str
    group: str
    families: int | None
    out: int | None = None
    against: bool = False

    @property
    def how_many(self) -> int | str:
        """Return the number of children, or a text that says that the number is withheld because it
        is small.
        """
        return suppression.format_figure(self.families)

    @property
    def how_many_out(self) -> int | str | None:
        """Return the number of children out of harm's way, or a text that says that the number is
        withheld because it is small.
        """
        return suppression.format_figure(self.out) if self.against else None


class _Child(NamedTuple):
    """The properties of a child of a team by which children are grouped, as recorded by the end of
    a year.
    """

    age: str
    referrer: str
    models: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    out: bool = False


#: How many children have each combination of properties.
_Children: TypeAlias = Counter[_Child]

#: Characteristics for which each child is in exactly one group, in the order of display.
_ONCE: tuple[tuple[str, Callable[[_Child], str], tuple[str, ...]], ...] = (
    ("age when referred", lambda child: child.age, (*(said for _, said in BANDS), UNKNOWN)),
    ("referred by", lambda child: child.referrer, tuple(dict.fromkeys(REFERRERS.values()))),
)
#: Characteristics for which a child may be in several groups.
_SEVERAL: tuple[tuple[str, Callable[[_Child], tuple[str, ...]]], ...] = (
    ("model", lambda child: child.models),
    ("what stood before", lambda child: child.before),
)


def groups(
    db: Db, reader: Reader, year: int, last: int, again: Mapping[str, int]
) -> list[GroupRow]:
    """Return the groups of the children of each team whose figures the reader may see.

    The children are those whose first referral was recorded in the year `year`, with the facts that
    were recorded by the end of the year `last`. `again` is, by team, the number of children who
    were referred in the year `year`, but not for the first time.
    """
    teams = _children(db, reader, year, report_card.new_year(last + 1))
    found_rows: list[GroupRow] = []
    for team in sorted(teams):
        made = [*_once(teams[team], again.get(team, 0)), *_several(teams[team])]
        found_rows += [GroupRow(place, team, *row) for place, row in enumerate(made)]
    return found_rows


_Group = tuple[str, str, int | None, int | None, bool]


def _once(children: _Children, others: int) -> Iterable[_Group]:
    for of, group, names in _ONCE:
        counted: Counter[str] = Counter()
        for child, number in children.items():
            counted[group(child)] += number
        many = [counted[name] for name in names]
        shown = report_card.visible_separate_numbers([(number, 0) for number in many], others)
        number_rows = zip(names, many, shown, strict=True)
        yield from (
            (of, name, shown_number, None, False)
            for name, number, (shown_number, _) in number_rows
            if number
        )


def _several(children: _Children) -> Iterable[_Group]:
    for of, group in _SEVERAL:
        totals: Counter[str] = Counter()
        out: Counter[str] = Counter()
        for child, number in children.items():
            for name in set(group(child)):
                totals[name] += number
                out[name] += number if child.out else 0
        counted = [(totals[name], out[name]) for name in sorted(totals)]
        shown_numbers = report_card.visible_numbers(counted, children.total())
        yield from (
            (of, name, *shown_pair, True)
            for name, shown_pair in zip(sorted(totals), shown_numbers, strict=True)
        )


def _children(db: Db, reader: Reader, year: int, until: datetime) -> dict[str, _Children]:
    """Return for each team its children who were first referred in the year `year`, by their
    properties.
    """
    c = CaseRow.table.c
    where = (
        *(c.referred >= report_card.new_year(year), c.referred < report_card.new_year(year + 1)),
        *(sa.not_(c.restricted), scope.may_act_on(reader, "see-card", c.case)),
    )
    facts_by_case = _facts_of_cases(db, sa.select(c.case).where(*where), until)
    select = sa.select(c.team, c.case, c.referrer, c.referred, born_at_latest(until)).where(*where)
    children_by_team: dict[str, _Children] = defaultdict(Counter)
    for team, case, referrer, day, birth in db.execute(select):
        years = forms.age_on(birth, day.astimezone(LONDON).date()) if birth else None
        child = _Child(report_card.band(years), referrer)
        for row in facts_by_case.get(case, ()):
            if row.models or row.before:
                child = child._replace(models=row.models, before=row.before)
            else:
                child = child._replace(out=child.out or row.out)
        children_by_team[team][child] += 1
    return children_by_team


def born_at_latest(until: datetime) -> sa.ScalarSelect[Any]:
    """Return a subquery for the latest date on which the child of a case may have been born. A date
    of birth is preferred to an age, and a later record to an earlier one.
    """
    c = AgeRow.table.c
    of_child = c.person == CaseRow.table.c.child, c.recorded < until, sa.not_(c.restricted)
    last = c.exact.desc(), c.recorded.desc(), c.version.desc()
    return sa.select(c.born).where(*of_child).order_by(*last).limit(1).scalar_subquery()


def _facts_of_cases(
    db: Db, cases: sa.Select[tuple[UUID]], until: datetime
) -> dict[UUID, list[ToldRow]]:
    c = ToldRow.table.c
    select = sa.select(ToldRow.table).where(
        c.case.in_(cases), c.recorded < until, sa.not_(c.restricted)
    )
    found_rows: dict[UUID, list[ToldRow]] = defaultdict(list)
    for row in db.execute(select.order_by(c.recorded, c.item, c.version)):
        fact_row = ToldRow(*row)
        found_rows[fact_row.case].append(fact_row)
    return found_rows

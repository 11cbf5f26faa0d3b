"""The view of the court proceedings in a case: hearings, bail, pleas, special measures, the child's
accounts, and support around the trial. The file is long because it is one view.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import ClassVar, NamedTuple, TypeVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain.justice.court import (
    AccountTaken,
    BailEnded,
    BailSet,
    HearingHeld,
    HearingMoved,
    HearingSet,
    MeasureTold,
    PleaEntered,
    StepTaken,
)
from domain.kernel.codes import (
    CourtStep,
    HearingKind,
    MeasureState,
    Plea,
    SpecialMeasure,
    StepState,
)
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.event_rows import row_of
from projections.kernel.queries import is_one_of
from projections.kernel.schema import View, rows


@rows("hearings", key=("id",), index=(("case",),))
class HearingRow(Struct, frozen=True):
    """A hearing, with its `result` once it was held. `barristers` is None if their number is
    unknown."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("starts", "begins", "moment"),
        Column("kind", "kind of hearing"),
        Column("court", "court"),
        Column("result", "outcome"),
        Column("barristers", "defence barristers"),
        Column("moved", "reason for the new date"),
        Column("note", "note"),
        Column("id", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("starts", "id")
    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    kind: HearingKind
    starts: datetime
    person: UUID | None
    court: str | None
    note: str | None
    by: str
    moved: str | None = None
    result: str | None = None
    gave_evidence: bool | None = None
    barristers: int | None = None


@rows("bails", key=("id",), index=(("case",),))
class BailRow(Struct, frozen=True):
    """Bail in a case. `ended` says whether the bail ended, `breached` whether it was ever breached;
    `note` is the latest note.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("person", "defendant", "id"),
        Column("until", "until", "day"),
        Column("conditions", "conditions"),
        Column("ended", "ended", "mark"),
        Column("breached", "breached", "mark"),
        Column("note", "note"),
        Column("id", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("recorded", "id")
    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    person: UUID
    conditions: str
    until: date | None
    by: str
    recorded: datetime
    ended: bool = False
    breached: bool = False
    note: str | None = None


@rows("pleas", key=("id",), index=(("case",),))
class PleaRow(Struct, frozen=True):
    """A plea of a person."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("happened", "entered", "moment"),
        Column("person", "defendant", "id"),
        Column("plea", "plea"),
        Column("offence", "offence"),
        Column("note", "note"),
    )
    order: ClassVar[tuple[str, ...]] = ("happened", "id")
    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    person: UUID
    plea: Plea
    happened: datetime
    offence: str | None
    note: str | None
    by: str


@rows("measures", key=("id",), index=(("case",),))
class MeasureRow(Struct, frozen=True):
    """A special measure, as last recorded."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("measure", "measure"),
        Column("state", "status"),
        Column("note", "note"),
        Column("recorded", "recorded", "moment"),
    )
    order: ClassVar[tuple[str, ...]] = ("recorded", "id")
    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    measure: SpecialMeasure
    state: MeasureState
    note: str | None
    by: str
    recorded: datetime


@rows("child_accounts", key=("id",), index=(("case",),))
class AccountRow(Struct, frozen=True):
    """A child's account in an interview."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("happened", "taken on", "moment"),
        Column("taken_by", "taken by"),
        Column("why_again", "reason for a further account"),
    )
    order: ClassVar[tuple[str, ...]] = ("happened", "id")
    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    taken_by: str
    happened: datetime
    why_again: str | None
    by: str


@rows("court_steps", key=("id",), index=(("case",),))
class StepRow(Struct, frozen=True):
    """A worker's step in preparing a family for court."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("happened", "done on", "moment"),
        Column("step", "step"),
        Column("state", "status"),
        Column("words", "note"),
        Column("by", "recorded by"),
    )
    order: ClassVar[tuple[str, ...]] = ("happened", "id")
    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    step: CourtStep
    state: StepState
    happened: datetime
    words: str | None
    by: str


def apply(fact: Recorded, batch: RowBatch) -> None:
    item, by, at = fact.stream, fact.by, fact.recorded
    match fact.event:
        case HearingSet():
            batch.put(row_of(HearingRow, fact))
        case HearingMoved() as moved:
            if hearing := batch.get(HearingRow, item):
                batch.put(replace(hearing, starts=moved.starts, moved=moved.reason))
        case HearingHeld() as held:
            if hearing := batch.get(HearingRow, item):
                batch.put(
                    replace(
                        hearing,
                        result=held.result,
                        gave_evidence=held.child_gave_evidence,
                        barristers=held.defence_barristers,
                    )
                )
        case BailSet():
            batch.put(row_of(BailRow, fact))
        case BailEnded() as ended:
            if row := batch.get(BailRow, item):
                over, broken = row.ended or ended.how == "ended", ended.how == "breached"
                note, broken = ended.note or row.note, row.breached or broken
                batch.put(replace(row, ended=over, breached=broken, note=note))
        case PleaEntered() as plea:
            happened = plea.happened or at
            batch.put(row_of(PleaRow, fact, happened=happened))
        case MeasureTold():
            batch.put(row_of(MeasureRow, fact))
        case AccountTaken() as account:
            happened = account.happened or at
            batch.put(AccountRow(item, account.case, account.by, happened, account.why_again, by))
        case StepTaken() as step:
            happened = step.happened or at
            batch.put(row_of(StepRow, fact, happened=happened))


VIEW = View("court", (HearingRow, BailRow, PleaRow, MeasureRow, AccountRow, StepRow), apply)

# --- queries ------------------------------------------------------------------------------------

R = TypeVar("R", HearingRow, BailRow, PleaRow, MeasureRow, AccountRow)


def hearings(db: Db, reader: Reader, case: UUID) -> list[HearingRow]:
    """Return the hearings of a case, in the order of their days."""
    return _of(db, reader, HearingRow, case, "starts")


class CourtRecords(NamedTuple):
    """The court proceedings in a case (hearings, bail, pleas and special measures), the child's
    accounts for a court, and the steps by which the family is prepared and supported."""

    hearings: list[HearingRow]
    bails: list[BailRow]
    pleas: list[PleaRow]
    measures: list[MeasureRow]
    accounts: list[AccountRow]
    steps: list[StepRow]


def of_case(db: Db, reader: Reader, case: UUID) -> CourtRecords:
    """Return the court proceedings in a case, and the family's part in them."""
    return CourtRecords(
        hearings(db, reader, case),
        bails(db, reader, case),
        pleas(db, reader, case),
        measures(db, reader, case),
        accounts(db, reader, case),
        steps(db, reader, case),
    )


def without_outcome(db: Db, case: UUID) -> list[UUID]:
    """Return the hearings of a case without a recorded outcome, including restricted hearings.
    Readers' rights are not checked, because the result is used for decisions about the whole case.
    """
    c = HearingRow.table.c
    select = sa.select(c.id).where(c.case == case, c.result.is_(None)).order_by(c.id)
    return list(db.execute(select).scalars())


def bails(db: Db, reader: Reader, case: UUID) -> list[BailRow]:
    """Return the present and past bail in a case."""
    return _of(db, reader, BailRow, case, "recorded")


def bails_of(db: Db, reader: Reader, people: Collection[UUID]) -> list[BailRow]:
    """Return the present and past bail of these people, in all cases."""
    c = BailRow.table.c
    where = [is_one_of(db, c.person, people), scope.in_use(c.id)]
    order = (c.recorded, c.id)
    return [BailRow(*row) for row in scope.read(db, reader, c.id, where, order)]


def pleas(db: Db, reader: Reader, case: UUID) -> list[PleaRow]:
    """Return the pleas in a case."""
    return _of(db, reader, PleaRow, case, "happened")


def measures(db: Db, reader: Reader, case: UUID) -> list[MeasureRow]:
    """Return the special measures in a case, each as last recorded."""
    db_rows = _of(db, reader, MeasureRow, case, "recorded")
    return list({row.measure: row for row in db_rows}.values())


def accounts(db: Db, reader: Reader, case: UUID) -> list[AccountRow]:
    """Return the child's accounts in interviews, in the order in which they were given."""
    return _of(db, reader, AccountRow, case, "happened")


def count_accounts(db: Db, reader: Reader, case: UUID) -> int:
    """Return the number of the child's accounts in interviews, including restricted ones."""
    return len(_of(db, reader, AccountRow, case, "happened", include_all=True))


def steps(db: Db, reader: Reader, case: UUID) -> list[StepRow]:
    """Return the support around the trial, for readers of the family's support; each step as last
    recorded."""
    c = StepRow.table.c
    where = (c.case == case, scope.may_act_on(reader, "see-support", c.case), scope.in_use(c.id))
    select = sa.select(StepRow.table).where(*where).order_by(c.happened, c.id)
    return [StepRow(*row) for row in db.execute(select)]


def _of(
    db: Db, reader: Reader, kind: type[R], case: UUID, order: str, *, include_all: bool = False
) -> list[R]:
    """Return the unrestricted rows of a case; with `include_all`, also the restricted rows."""
    c = kind.table.c
    where = [c.case == case]
    if not include_all:
        where.append(scope.in_use(c.id))
    return [kind(*row) for row in scope.read(db, reader, c.id, where, (c[order], c.id))]

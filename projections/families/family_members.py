"""Members of a child's family: who they are, who cares for the child, how they and the child get
on, and which other children may be at risk.

The file is long because it is one view.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import ClassVar, TypeVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import astuple, replace

from access.who_may import scope
from domain.families.family_member import (
    KIN,
    AtRiskAssessed,
    AtRiskDecided,
    AtRiskNamed,
    CareTold,
    EngagementTold,
    MemberNamed,
    RelationAssessed,
)
from domain.kernel.codes import (
    Caring,
    ChildTie,
    Employer,
    Engagement,
    FamilyTie,
    RelationState,
    Responsibility,
    RiskDecision,
    RiskLevel,
    RiskSign,
)
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.event_rows import row_of
from projections.kernel.queries import select_each
from projections.kernel.schema import View, rows


@rows("members", key=("case", "person"))
class MemberRow(Struct, frozen=True):
    """A member of a family, as last recorded; `id` is the id of the event that recorded the
    member.
    """

    table: ClassVar[sa.Table]
    case: UUID
    person: UUID
    id: UUID
    tie: FamilyTie
    responsibility: Responsibility
    basis: str | None
    employer: Employer | None
    by: str
    recorded: datetime


@rows("members_caring", key=("id",), index=(("case",),))
class CareRow(Struct, frozen=True):
    """The start or end of a person's care for the child, from a day on."""

    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    person: UUID
    state: Caring
    day: date
    recorded: datetime


@rows("members_engaged", key=("case", "person"))
class EngagedRow(Struct, frozen=True):
    """The answer of a family member to the question whether they accept the support, as last
    recorded.
    """

    table: ClassVar[sa.Table]
    case: UUID
    person: UUID
    id: UUID
    state: Engagement
    note: str | None


@rows("members_relations", key=("id",), index=(("case",),))
class RelationRow(Struct, frozen=True):
    """The relationship of a parent and the child, in a worker's opinion."""

    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    person: UUID
    state: RelationState
    since: date | None
    basis: str
    review: date
    by: str
    recorded: datetime


@rows("members_at_risk", key=("id",), index=(("case",),))
class AtRiskRow(Struct, frozen=True):
    """A child who may be at risk, not the child of the case, and the decision about them."""

    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    person: UUID
    tie: ChildTie
    signs: tuple[RiskSign, ...]
    basis: str
    by: str
    recorded: datetime
    decision: RiskDecision | None = None
    opened: UUID | None = None
    reason: str | None = None
    decided_by: str | None = None


@rows("members_risk_steps", key=("ref",), index=(("at_risk",),))
class RiskStepRow(Struct, frozen=True):
    """A step in the history of the risk to a child who is not the child of the case."""

    table: ClassVar[sa.Table]
    ref: str
    at_risk: UUID
    recorded: datetime
    risk: RiskLevel
    signs: tuple[RiskSign, ...]
    basis: str
    review: date
    by: str


def apply(fact: Recorded, batch: RowBatch) -> None:
    item, by = fact.stream, fact.by
    match fact.event:
        case MemberNamed():
            batch.put(row_of(MemberRow, fact))
        case CareTold() as care:
            batch.put(row_of(CareRow, fact, day=care.on))
        case EngagementTold():
            batch.put(row_of(EngagedRow, fact))
        case RelationAssessed():
            batch.put(row_of(RelationRow, fact))
        case AtRiskNamed():
            batch.put(row_of(AtRiskRow, fact))
        case AtRiskAssessed() as event if not fact.erased:
            fields = (event.risk, event.signs, event.basis, event.review, by)
            batch.put(RiskStepRow(fact.ref, item, fact.recorded, *fields))
        case AtRiskDecided() as decided:
            if row := batch.get(AtRiskRow, item):
                batch.put(
                    replace(
                        row,
                        decision=decided.decision,
                        opened=decided.opened,
                        reason=decided.reason,
                        decided_by=by,
                    )
                )


VIEW = View("members", (MemberRow, CareRow, EngagedRow, RelationRow, AtRiskRow, RiskStepRow), apply)

# --- queries ------------------------------------------------------------------------------------

R = TypeVar("R", MemberRow, CareRow, EngagedRow, RelationRow, AtRiskRow)
#: Shown in place of the name of a person whom the reader does not see.
SOMEBODY = "somebody"


class Member(Struct, frozen=True):
    """A member of a family. `cares` says whether the member cares for the child on the requested
    day, None if this was not recorded; `since` is since when this is so.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("who", "family member"),
        Column("tie", "relation to the child"),
        Column("responsibility", "parental responsibility"),
        Column("basis", "basis of responsibility"),
        Column("employer", "employed by"),
        Column("caring", "cares for the child"),
        Column("since", "since", "day"),
        Column("engagement", "support"),
        Column("person", "id", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("recorded", "person")
    person: UUID
    tie: FamilyTie
    responsibility: Responsibility
    basis: str | None
    employer: Employer | None
    cares: bool | None
    since: date | None
    engagement: Engagement
    note: str | None
    recorded: datetime
    who: str = SOMEBODY

    @property
    def caring(self) -> str:
        """Return in one word whether the person cares for the child."""
        return {True: "yes", False: "no", None: "not known"}[self.cares]


class Related(RelationRow, frozen=True):
    """The relationship of a parent with the child, with the parent's name."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("who", "family member"),
        Column("state", "relationship with the child"),
        Column("since", "since", "day"),
        Column("basis", "basis"),
        Column("by", "opinion of"),
        Column("review", "review", "day"),
    )
    order: ClassVar[tuple[str, ...]] = ("recorded", "id")
    who: str = SOMEBODY


class Other(AtRiskRow, frozen=True):
    """The row of a child who may be at risk and is not the child of the case."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("who", "other child"),
        Column("tie", "relation to the child"),
        Column("signs", "signs of risk"),
        Column("basis", "basis"),
        Column("by", "opinion of"),
        Column("decision", "decision"),
        Column("opened", "their case", "id"),
        Column("reason", "reason"),
        Column("id", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("recorded", "id")
    who: str = SOMEBODY


class RiskStep(RiskStepRow, frozen=True):
    """A step in the history of the risk to another child of the family than the child of the case.
    `who` is the other child's name.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("recorded", "recorded", "moment"),
        Column("who", "other child"),
        Column("risk", "risk"),
        Column("signs", "signs of risk"),
        Column("basis", "basis"),
        Column("by", "opinion of"),
        Column("review", "review", "day"),
        Column("at_risk", "record of the child", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("recorded", "ref")
    who: str = SOMEBODY
    person: UUID | None = None


def members(db: Db, reader: Reader, case: UUID, on: date) -> list[Member]:
    """Return the family members that the reader may see, each with whether they care for the child
    on that day.
    """
    engaged = {row.person: row for row in _of(db, reader, EngagedRow, case, "person")}
    care: dict[UUID, CareRow] = {}
    for row in _of(db, reader, CareRow, case, "day", "recorded"):
        before = care.get(row.person)
        if row.day <= on and (before is None or before.state != row.state):
            care[row.person] = row
    found_members = []
    for member in _of(db, reader, MemberRow, case, "recorded"):
        last, takes = care.get(member.person), engaged.get(member.person)
        found_members.append(
            Member(
                member.person,
                member.tie,
                member.responsibility,
                member.basis,
                member.employer,
                last.state == "cares" if last else None,
                last.day if last else None,
                takes.state if takes else "not-known",
                takes.note if takes else None,
                member.recorded,
            )
        )
    return found_members


def kin(db: Db, reader: Reader, case: UUID) -> set[UUID]:
    """Return the people who are recorded as relatives or carers of the child of a case."""
    return {row.person for row in _of(db, reader, MemberRow, case, "recorded") if row.tie in KIN}


class Kin(Struct, frozen=True):
    """A relative or carer of a child. Each entry of `caring` is a time in which the member cared
    for the child: the event that recorded it, and when its beginning and its end were recorded
    (None if it has not ended).
    """

    case: UUID
    person: UUID
    tie: FamilyTie | None
    caring: tuple[tuple[UUID, datetime, datetime | None], ...] = ()

    @property
    def cares(self) -> bool:
        return any(ended is None for _, _, ended in self.caring)


def families(
    db: Db, *, cases: Collection[UUID] | None = None, people: Collection[UUID] = ()
) -> list[Kin]:
    """Return the relatives and carers of the children of these cases or, if `cases` is None, of all
    families to which these people belong.

    Readers' rights are not checked, because the result is used to protect the child.
    """
    m, c = MemberRow.table.c, CareRow.table.c
    if cases is None:
        member_cases = sa.select(m.case).where(m.person.in_(sorted(people)))
        cared = sa.select(c.case).where(c.person.in_(sorted(people)))
        cases = set(db.scalars(sa.union(member_cases, cared)))
    ties = {(row.case, row.person): row.tie for row in _rows_of(db, MemberRow, cases)}
    spans: dict[tuple[UUID, UUID], list[tuple[UUID, datetime, datetime | None]]] = {}
    for row in sorted(_rows_of(db, CareRow, cases), key=lambda one: (one.recorded, one.id)):
        theirs = spans.setdefault((row.case, row.person), [])
        is_caring = bool(theirs) and theirs[-1][2] is None
        if row.state == "cares" and not is_caring:
            theirs.append((row.id, row.recorded, None))
        elif row.state != "cares" and is_caring:
            theirs[-1] = (*theirs[-1][:2], row.recorded)
    return [
        Kin(case, person, tie, tuple(spans.get((case, person), ())))
        for case, person in sorted(ties.keys() | spans.keys())
        if (tie := ties.get((case, person))) in KIN or (case, person) in spans
    ]


def roles(db: Db, ones: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    """Return pairs of an event and a person: the events that recorded these people as relatives or
    carers of a child. Readers' rights are not checked, because the result is used to protect the
    child.
    """
    m, c = MemberRow.table.c, CareRow.table.c
    kin = sa.select(m.id, m.person).where(m.person.in_(sorted(ones)), m.tie.in_(sorted(KIN)))
    caring = sa.select(c.id, c.person).where(c.person.in_(sorted(ones)), c.state == "cares")
    found_rows = db.execute(sa.union(kin, caring)).all()
    return sorted((item, person) for item, person in found_rows)


def all_members(db: Db) -> set[UUID]:
    """Return all people who were ever recorded as relatives or carers of a child."""
    m, c = MemberRow.table.c, CareRow.table.c
    kin = sa.select(m.person).where(m.tie.in_(sorted(KIN)))
    return set(db.scalars(sa.union(kin, sa.select(c.person))))


def _rows_of(db: Db, kind: type[R], cases: Collection[UUID]) -> list[R]:
    select = sa.select(kind.table).where(kind.table.c.case.in_(sorted(cases)))
    return [kind(*row) for row in db.execute(select)]


def are_kin(db: Db, reader: Reader, people: Collection[UUID]) -> set[UUID]:
    """Return the people among these who were recorded as relatives or carers in a family that the
    reader sees.
    """
    c = MemberRow.table.c
    select = sa.select(c.person).where(c.tie.in_(sorted(KIN)), scope.sees(reader, c.case))
    return {person for (person,) in select_each(db, select, c.person, people)}


def is_kin(db: Db, reader: Reader, people: Collection[UUID]) -> bool:
    """Return whether one of these people was recorded as a relative or carer in a family that the
    reader sees."""
    return bool(are_kin(db, reader, people))


def among(db: Db, reader: Reader, case: UUID, people: Collection[UUID]) -> UUID | None:
    """Return the first member of this family who is one of these people and whom the reader sees;
    None if there is no such member.
    """
    rows = _of(db, reader, MemberRow, case, "recorded")
    return next((row.person for row in rows if row.person in set(people)), None)


def relations(db: Db, reader: Reader, case: UUID) -> list[Related]:
    """Return how family members and the child get on, in the order of recording. A person's last
    record is the valid one.
    """
    used = scope.in_use(RelationRow.table.c.id)
    found_rows = _of(db, reader, RelationRow, case, "recorded", where=[used])
    return [Related(*astuple(row)) for row in found_rows]


def at_risk(db: Db, reader: Reader, case: UUID) -> list[Other]:
    """Return the other children recorded as at risk in a case."""
    return [Other(*astuple(row)) for row in _of(db, reader, AtRiskRow, case, "recorded")]


def risk_steps(db: Db, children: Sequence[Other]) -> list[RiskStep]:
    """Return the history of the risk to these children, oldest first. The caller has checked that
    the reader sees the children."""
    named = {child.id: child for child in children}
    c = RiskStepRow.table.c
    select = sa.select(RiskStepRow.table).where(c.at_risk.in_(sorted(named)))
    found_rows = [RiskStepRow(*row) for row in db.execute(select.order_by(c.recorded, c.ref))]
    return [
        replace(RiskStep(*astuple(row)), who=child.who, person=child.person)
        for row in found_rows
        for child in (named[row.at_risk],)
    ]


def undecided(db: Db, case: UUID) -> list[UUID]:
    """Return the children recorded as at risk in a case about whom no decision was made. Readers'
    rights are not checked, because the result is used for decisions about the whole case.
    """
    c = AtRiskRow.table.c
    select = sa.select(c.id).where(c.case == case, c.decision.is_(None)).order_by(c.id)
    return list(db.execute(select).scalars())


def _of(
    db: Db,
    reader: Reader,
    kind: type[R],
    case: UUID,
    *order: str,
    where: Sequence[sa.ColumnElement[bool]] = (),
) -> list[R]:
    table: sa.Table = kind.table
    by = [*(table.c[column_name] for column_name in order), table.c.id]
    db_rows = scope.read(db, reader, table.c.id, [table.c.case == case, *where], by)
    return [kind(*row) for row in db_rows]

"""Facts about a child, a suspect or a parent that no other view reads: self-defined ethnicity,
nationality (only if a duty needs it), the model by which a child is exploited, and vulnerabilities.
"""

from collections import Counter
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from access.who_may import scope
from domain.families.ethnicity import EthnicityTold, FamilyEthnicityTold
from domain.families.exploitation import ModelAssessed
from domain.families.nationality import NationalityTold
from domain.kernel.codes import (
    EthnicityAnswer,
    EthnicityGroup,
    ExploitationModel,
    NationalityDuty,
    OfficerDefined,
    PartnerAbuse,
    Vulnerability,
)
from domain.kernel.envelope import Recorded
from domain.kernel.suppression import may_show
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.event_rows import row_of
from projections.kernel.schema import View, rows


@rows("ethnicities", key=("person",))
class EthnicityRow(Struct, frozen=True):
    """A child's or suspect's own definition of their ethnicity, as last recorded."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("answer", "answer"),
        Column("group", "self-defined"),
        Column("officer", "officer-defined"),
        Column("by", "recorded by"),
        Column("recorded", "recorded", "moment"),
    )
    order: ClassVar[tuple[str, ...]] = ("recorded", "person")
    table: ClassVar[sa.Table]
    person: UUID
    answer: EthnicityAnswer
    group: EthnicityGroup | None
    officer: OfficerDefined | None
    by: str
    recorded: datetime


@rows("nationalities", key=("person", "duty"))
class NationalityRow(Struct, frozen=True):
    """The nationality of a child or a suspect, as last recorded for a duty."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("nationality", "nationality"),
        Column("duty", "duty"),
        Column("by", "recorded by"),
        Column("recorded", "recorded", "moment"),
    )
    order: ClassVar[tuple[str, ...]] = ("recorded", "duty")
    table: ClassVar[sa.Table]
    person: UUID
    duty: NationalityDuty
    nationality: str
    by: str
    recorded: datetime


@rows("family_ethnicities", key=("case", "person"))
class FamilyRow(Struct, frozen=True):
    """A parent's own definition of their ethnicity."""

    table: ClassVar[sa.Table]
    case: UUID
    person: UUID
    id: UUID
    group: EthnicityGroup


@rows("models", key=("id",), index=(("case",),))
class ModelRow(Struct, frozen=True):
    """A child's model of exploitation and earlier vulnerabilities, in the recorder's opinion."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("models", "model of exploitation"),
        Column("vulnerabilities", "vulnerabilities"),
        Column("partner_abuse", "abuse by a partner"),
        Column("basis", "basis"),
        Column("by", "opinion of"),
        Column("recorded", "recorded", "moment"),
        Column("review", "review", "day"),
    )
    order: ClassVar[tuple[str, ...]] = ("recorded", "id")
    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    models: tuple[ExploitationModel, ...]
    vulnerabilities: tuple[Vulnerability, ...]
    partner_abuse: tuple[PartnerAbuse, ...]
    basis: str
    review: date
    by: str
    recorded: datetime


def apply(fact: Recorded, batch: RowBatch) -> None:
    item = fact.stream
    match fact.event:
        case EthnicityTold():
            batch.put(row_of(EthnicityRow, fact))
        case NationalityTold():
            batch.put(row_of(NationalityRow, fact))
        case FamilyEthnicityTold() as event:
            batch.put(FamilyRow(event.case, event.person, item, event.group))
        case ModelAssessed() as model:
            basis, review = model.basis, model.review
            batch.put(row_of(ModelRow, fact, basis=basis, review=review))


VIEW = View("profiles", (EthnicityRow, NationalityRow, FamilyRow, ModelRow), apply)


def ethnicity(db: Db, reader: Reader, person: UUID) -> list[EthnicityRow]:
    """Return a person's self-defined ethnicity, for a reader who sees them: one row, or none."""
    c = EthnicityRow.table.c
    db_rows = scope.read(db, reader, c.person, [c.person == person], (c.recorded, c.person))
    return [EthnicityRow(*row) for row in db_rows]


def nationality(db: Db, reader: Reader, person: UUID) -> list[NationalityRow]:
    """Return a person's nationality, with a row for each duty that needs it, for a reader who sees
    the person.
    """
    c = NationalityRow.table.c
    db_rows = scope.read(db, reader, c.person, [c.person == person], (c.recorded, c.duty))
    return [NationalityRow(*row) for row in db_rows]


class Defined(Struct, frozen=True):
    """Number of parents with this self-defined ethnicity; None if it could identify a family."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("group", "ethnicity, self-defined"),
        Column("parents", "parents"),
        Column("too_few", "too few to tell", "mark"),
    )
    order: ClassVar[tuple[str, ...]] = ("group",)
    group: EthnicityGroup
    parents: int | None

    @property
    def too_few(self) -> bool:
        """Return whether the figure is withheld because it could identify a family."""
        return self.parents is None


def parents_ethnicity(db: Db, reader: Reader) -> list[Defined]:
    """Return the number of parents by self-defined ethnicity, over all families whose figures the
    reader may see. The number of a group of fewer than five parents is None.
    """
    c = FamilyRow.table.c
    select = (
        sa.select(c.group, c.person)
        .where(scope.may_act_on(reader, "see-counts", c.case))
        .distinct()
    )
    counter = Counter(row.group for row in db.execute(select))
    return [Defined(group, n if may_show(n) else None) for group, n in sorted(counter.items())]


def models(db: Db, reader: Reader, case: UUID) -> list[ModelRow]:
    """Return the assessments of how a child is exploited, in the order of recording; the last one
    is valid.
    """
    c = ModelRow.table.c
    db_rows = scope.read(db, reader, c.id, [c.case == case, scope.in_use(c.id)], (c.recorded, c.id))
    return [ModelRow(*row) for row in db_rows]

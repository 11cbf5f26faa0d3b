"""The view of contacts with a family: messages to the family, promises, invitations, and the
family's feedback about the support.

The file is long because it is one view.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import ClassVar, TypeVar, get_args
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain.families.choice import ChoiceRecorded, options_of
from domain.families.family_contact import (
    OF_STEP,
    WORDING,
    FamilyAsked,
    FamilyInvited,
    FamilyTold,
    PromiseEnded,
    PromiseMade,
)
from domain.kernel.codes import (
    About,
    Answered,
    Became,
    Came,
    Channel,
    ChildsView,
    Offer,
    PromiseEnd,
    Valued,
    VictimStep,
)
from domain.kernel.envelope import Recorded
from domain.kernel.suppression import FEW, part
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.event_rows import row_of
from projections.kernel.schema import View, rows


@rows("family_told", key=("id",), index=(("case",),))
class ToldRow(Struct, frozen=True):
    """A message by which a family or the child was informed about their case."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("happened", "told on", "moment"),
        Column("whom", "family member"),
        Column("channel", "how"),
        Column("said", "information given"),
        Column("childs_view", "child's view"),
        Column("weighed", "child's view weighed"),
        Column("gave_away", "revealed something", "mark"),
        Column("by", "told by"),
    )
    order: ClassVar[tuple[str, ...]] = ("happened", "id")
    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    whom: About
    carer: UUID | None
    became: Became
    channel: Channel
    happened: datetime
    words: str | None
    childs_view: ChildsView | None
    weighed: str | None
    gave_away: bool
    because: tuple[str, ...]
    by: str
    recorded: datetime
    steps: tuple[VictimStep, ...] = ()

    @property
    def said(self) -> str:
        """Return the message as the family received it."""
        steps = () if self.became == "news-declined" else (OF_STEP[step] for step in self.steps)
        return " ".join(part for part in (WORDING[self.became], *steps, self.words) if part)


@rows("family_promises", key=("id",), index=(("case",),))
class PromiseRow(Struct, frozen=True):
    """A promise to a family: its date, and whether it was fulfilled."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("until", "due", "day"),
        Column("whom", "promised to"),
        Column("words", "promise"),
        Column("ended", "outcome"),
        Column("why", "note"),
        Column("by", "promised by"),
        Column("id", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("until", "id")
    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    whom: About
    words: str
    until: date
    ended: PromiseEnd | None
    why: str | None
    by: str
    recorded: datetime


@rows("family_invitations", key=("id",), index=(("case",),))
class InvitationRow(Struct, frozen=True):
    """An invitation or a booklet for a family, and whether the family came."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("recorded", "recorded", "moment"),
        Column("offer", "invited to"),
        Column("whom", "family member"),
        Column("invited_by", "how"),
        Column("came", "attendance"),
        Column("held", "held", "day"),
        Column("words", "note"),
        Column("by", "recorded by"),
    )
    order: ClassVar[tuple[str, ...]] = ("recorded", "id")
    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    offer: Offer
    whom: About
    invited_by: Channel
    came: Came
    held: date | None
    words: str | None
    by: str
    recorded: datetime


@rows("family_asked", key=("id",), index=(("case",),))
class AskedRow(Struct, frozen=True):
    """The answers of a family to questions about the support."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("recorded", "recorded", "moment"),
        Column("whom", "family member"),
        Column("answered", "response"),
        Column("so", "agrees that"),
        Column("not_so", "disagrees that"),
        Column("words", "feedback"),
        Column("by", "recorded by"),
    )
    order: ClassVar[tuple[str, ...]] = ("recorded", "id")
    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    whom: About
    answered: Answered
    felt: tuple[Valued, ...]
    not_felt: tuple[Valued, ...]
    words: str | None
    by: str
    recorded: datetime

    @property
    def so(self) -> str:
        """Return the statements with which the family agrees."""
        return ", ".join(self.felt)

    @property
    def not_so(self) -> str:
        """Return the statements with which the family disagrees."""
        return ", ".join(self.not_felt)


@rows("family_choices", key=("id",), index=(("case",),))
class ChoiceRow(Struct, frozen=True):
    """A choice of a family: the options as they were offered, and the chosen option."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("recorded", "recorded", "moment"),
        Column("whom", "family member"),
        Column("words", "subject"),
        Column("offered", "options"),
        Column("choice", "chosen"),
        Column("by", "recorded by"),
    )
    order: ClassVar[tuple[str, ...]] = ("recorded", "id")
    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    whom: About
    words: str
    options: str
    chosen: int | None
    by: str
    recorded: datetime

    @property
    def offered(self) -> tuple[str, ...]:
        """Return the options of the choice, each with its number."""
        return tuple(
            f"{number}. {option}" for number, option in enumerate(options_of(self.options), start=1)
        )

    @property
    def choice(self) -> str | None:
        """Return the option that the family chose; None if they have not chosen, or the choice is
        erased."""
        options = dict(enumerate(options_of(self.options), start=1))
        return options.get(self.chosen or 0)


def apply(fact: Recorded, batch: RowBatch) -> None:
    item, by, at = fact.stream, fact.by, fact.recorded
    match fact.event:
        case FamilyTold() as told:
            batch.put(row_of(ToldRow, fact, happened=told.happened or at, because=fact.because_of))
        case PromiseMade() as made:
            batch.put(
                PromiseRow(item, made.case, made.whom, made.words, made.by, None, None, by, at)
            )
        case PromiseEnded() as ended:
            if row := batch.get(PromiseRow, item):
                batch.put(replace(row, ended=ended.kept, why=ended.words))
        case FamilyInvited():
            batch.put(row_of(InvitationRow, fact))
        case FamilyAsked():
            batch.put(row_of(AskedRow, fact))
        case ChoiceRecorded():
            batch.put(row_of(ChoiceRow, fact))


VIEW = View("families", (ToldRow, PromiseRow, InvitationRow, AskedRow, ChoiceRow), apply)


def list_news(db: Db, reader: Reader, case: UUID) -> list[ToldRow]:
    """Return the messages to a family, in order: to the parents and, if the child was informed
    separately, to the child.
    """
    return _of(db, reader, ToldRow, case, "happened")


def list_news_in_cases(db: Db, cases: Collection[UUID]) -> list[ToldRow]:
    """Return the messages to families in these cases. They are used for a warning that does not
    show their content."""
    c = ToldRow.table.c
    select = sa.select(ToldRow.table).where(c.case.in_(sorted(cases)))
    return [ToldRow(*row) for row in db.execute(select.order_by(c.recorded, c.id))]


def promises(db: Db, reader: Reader, case: UUID) -> list[PromiseRow]:
    """Return the promises to a family, the earliest due date first."""
    return _of(db, reader, PromiseRow, case, "until")


def invitations(db: Db, reader: Reader, case: UUID) -> list[InvitationRow]:
    """Return the invitations and booklets that were offered to a family."""
    return _of(db, reader, InvitationRow, case, "recorded")


def choices(db: Db, reader: Reader, case: UUID) -> list[ChoiceRow]:
    """Return the choices of a family, in the order of recording."""
    return _of(db, reader, ChoiceRow, case, "recorded")


def list_invitations(db: Db, reader: Reader) -> list[InvitationRow]:
    """Return the invitations of all families that the reader sees, oldest first."""
    c = InvitationRow.table.c
    where = scope.may_act_on(reader, "see-support", c.case), scope.in_use(c.id)
    select = sa.select(InvitationRow.table).where(*where).order_by(c.recorded, c.id)
    return [InvitationRow(*row) for row in db.execute(select)]


def list_feedback(db: Db, reader: Reader, case: UUID) -> list[AskedRow]:
    """Return a family's feedback on the support, in the order of recording."""
    return _of(db, reader, AskedRow, case, "recorded")


class Voice(Struct, frozen=True):
    """Families' feedback about one statement on the support: how many agree and how many disagree,
    by each family's last answer. Both numbers are None if fewer than five families answered, or one
    number is from one to four: they could identify a family.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("valued", "statement"),
        Column("so", "families that agree"),
        Column("not_so", "families that disagree"),
        Column("too_few", "too few to tell", "mark"),
    )
    order: ClassVar[tuple[str, ...]] = ("place",)
    place: int
    valued: Valued
    so: int | None
    not_so: int | None

    @property
    def too_few(self) -> bool:
        """Return whether the figure is withheld because it could identify a family."""
        return self.so is None


def voices(db: Db, reader: Reader) -> list[Voice]:
    """Return the feedback of all families whose figures the reader may see, by statement, without
    words or names."""
    table = AskedRow.table
    select = sa.select(table).where(scope.may_act_on(reader, "see-counts", table.c.case))
    last: dict[tuple[UUID, Valued], bool] = {}
    for values in db.execute(select.order_by(table.c.recorded, table.c.id)):
        row = AskedRow(*values)
        last |= {(row.case, valued): True for valued in row.felt}
        last |= {(row.case, valued): False for valued in row.not_felt}
    feedback = []
    for place, valued in enumerate(get_args(Valued)):
        answers = [so for (_, of), so in last.items() if of == valued]
        so = part(sum(answers), len(answers)) if len(answers) >= FEW else None
        feedback.append(Voice(place, valued, so, None if so is None else len(answers) - so))
    return feedback


R = TypeVar("R", ToldRow, PromiseRow, InvitationRow, AskedRow, ChoiceRow)


def _of(db: Db, reader: Reader, kind: type[R], case: UUID, order: str) -> list[R]:
    """Return the rows of the class `kind` about a family's case that the reader may read, sorted by
    the column `order`.
    """
    table = kind.table
    theirs = scope.may_act_on(reader, "see-support", table.c.case)
    where = (table.c.case == case, theirs, scope.in_use(table.c.id))
    select = sa.select(table).where(*where).order_by(table.c[order], table.c.id)
    return [kind(*row) for row in db.execute(select)]

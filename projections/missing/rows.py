"""Rows about missing children: episodes, patterns, and trigger plans."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from domain.families.missing import (
    PatternKind,
)
from domain.kernel.codes import Interview, MissingRisk, Unreported, Weighed
from projections.kernel.restricted import restricted_rows
from projections.kernel.schema import rows

#: The state of a pattern before it is reviewed.
OPEN = "open"


@rows("missing_children", key=("case",))
class ChildRow(Struct, frozen=True):
    """The child of a case, and how often they were reported missing in it."""

    table: ClassVar[sa.Table]
    case: UUID
    child: UUID
    team: str
    episodes: int = 0


@rows(
    "missing_episodes",
    key=("case", "number"),
    index=(("child",), ("until",), ("place",), ("last",), ("withheld",)),
)
class EpisodeRow(Struct, frozen=True):
    """A missing episode. `until` is when the child was found, None while the child is missing. The
    nights of the episode are numbered from `first` up to, but not including, `last`. `place` is
    where the child was found, in the form in which places are compared. `interview` is the state of
    the return interview. `withheld` means that the child wishes to withhold information, and that
    no decision about this is recorded yet.
    """

    table: ClassVar[sa.Table]
    case: UUID
    number: int
    child: UUID
    team: str
    ref: str
    reported: datetime
    since: datetime
    first: int
    by: str
    carer_reported: bool | None = None
    unreported: Unreported | None = None
    unreported_words: str | None = None
    seen: datetime | None = None
    seen_where: str | None = None
    seen_with: str | None = None
    note: str | None = None
    risk: MissingRisk | None = None
    until: datetime | None = None
    last: int | None = None
    nights: int = 0
    found_where: str | None = None
    place: str | None = None
    company: str | None = None
    finder: str | None = None
    interview: Interview | None = None
    interview_ref: str | None = None
    interview_by: str | None = None
    withhold: str | None = None
    withheld: bool = False
    weighed: Weighed | None = None
    weighed_why: str | None = None

    @property
    def key(self) -> str:
        """Return the key of this episode, which no other episode has."""
        return f"{self.case}:{self.number}"


@rows(
    "missing_patterns",
    key=("id",),
    index=(("state",), ("case",), ("other",), ("child",)),
)
class PatternRow(Struct, frozen=True):
    """A pattern to review, since when it exists, and the state of its review. `episodes` are the
    episodes on which it is based. `nights` is the number of nights on which both children were
    missing or, for one child who goes missing repeatedly, the child's nights. `place` is where both
    children were found.
    """

    table: ClassVar[sa.Table]
    id: UUID
    kind: PatternKind
    case: UUID
    child: UUID
    other: UUID | None
    other_child: UUID | None
    since: datetime
    episodes: tuple[str, ...]
    nights: int = 0
    place: str | None = None
    state: str = OPEN
    by: str | None = None
    judged: datetime | None = None
    reason: str | None = None


@rows("missing_plans", key=("case",))
class PlanRow(Struct, frozen=True):
    """The trigger plan for a child, and its author."""

    table: ClassVar[sa.Table]
    case: UUID
    call: str
    usual: str | None
    tell: str | None
    review: date
    by: str
    written: datetime


#: The rows of restricted items. Their episodes, patterns and plans are not shown.
RestrictedRow = restricted_rows("missing_restricted")

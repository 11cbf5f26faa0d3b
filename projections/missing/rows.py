"""What is kept of children who are or were missing: each time, the patterns in them, the plan for
the next."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa

from domain.families.missing import (
    PatternKind,
)
from domain.kernel.codes import Interview, MissingRisk, Unreported, Weighed
from projections.kernel.schema import rows

#: A pattern that nobody has judged.
OPEN = "open"


@rows("missing_children", key=("case",))
@dataclass(frozen=True)
class ChildRow:
    """Whose case it is, and how often the child was reported missing in it."""

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
@dataclass(frozen=True)
class EpisodeRow:
    """One time that a child was missing, until they were found (None: they still are). The nights
    are those from `first` on, up to but not with `last`; `place` is where they were found, in the
    form in which places are compared. `interview` is what became of the return interview,
    `withheld` that what the child asked not to be passed on waits to be weighed."""

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
        """What names it among all episodes."""
        return f"{self.case}:{self.number}"


@rows(
    "missing_patterns",
    key=("id",),
    index=(("state",), ("case",), ("other",), ("child",)),
)
@dataclass(frozen=True)
class PatternRow:
    """A pattern since it stood, and what somebody made of it (`state`). `episodes` are what it
    rests on; `nights` were shared, or `place` is where they were found."""

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
@dataclass(frozen=True)
class PlanRow:
    """What to do when this child goes missing, and who wrote it."""

    table: ClassVar[sa.Table]
    case: UUID
    call: str
    usual: str | None
    tell: str | None
    review: date
    by: str
    written: datetime


@rows("missing_restricted", key=("item",))
@dataclass(frozen=True)
class RestrictedRow:
    """What is out of use: no episode, pattern or plan of it is shown."""

    table: ClassVar[sa.Table]
    item: UUID

"""What is said in a brief that is read out, and what is to be decided: as rows, and as they are
gathered for each network and child."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from network.over_time.changes import Key
from projections.kernel.columns import Column

Of = Literal["network", "child", "else"]
#: What a part is about: a network by the number that it has here, or a case.
Place = tuple[Of, UUID | int | None]
ELSE: Place = ("else", None)


@dataclass(frozen=True)
class Sentence:
    """One sentence. `standing` is its grade, and on how many roots; `fresh` what became of it since
    the last brief; `names` are the items that it speaks of, none where its reader is told only that
    there is something."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("part", "about"),
        Column("words", "what"),
        Column("standing", "stands as"),
        Column("fresh", "since then"),
        Column("item", "id", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("number",)
    number: int
    part: str
    words: str
    standing: str
    fresh: str
    item: UUID | None
    names: tuple[UUID, ...]

    @property
    def aside(self) -> str:
        """What stands beside it: its grade, and what became of it."""
        return " · ".join(filter(None, (self.standing, self.fresh)))


@dataclass(frozen=True)
class WantedDecision:
    """A decision that is wanted: whose it is, and by when."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("part", "about"),
        Column("words", "to decide"),
        Column("owner", "whose"),
        Column("by", "by", "moment"),
        Column("item", "id", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("number",)
    number: int
    part: str
    words: str
    owner: str
    by: datetime
    item: UUID
    names: tuple[UUID, ...]


@dataclass
class Draft:
    """A part as it is gathered."""

    sentences: list[Sentence] = field(default_factory=list)
    wanted: list[WantedDecision] = field(default_factory=list)
    changed: list[Key] = field(default_factory=list)

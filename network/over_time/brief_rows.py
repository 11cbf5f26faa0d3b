"""Rows of a brief that is read out: its sentences and the decisions that are needed, collected for
each network and child."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from msgspec import Struct

from network.over_time.changes import Key
from projections.kernel.columns import Column

Of = Literal["network", "child", "else"]
#: The subject of a part of a brief: a network, by its number in this brief, or a case.
Place = tuple[Of, UUID | int | None]
ELSE: Place = ("else", None)


class Sentence(Struct, frozen=True):
    """One sentence of a brief. `standing` states the grade of the fact in the sentence and how many
    independent sources it has; `fresh` says how the fact changed since the last brief. `names` are
    the items that the sentence mentions; it is empty if the reader may know only that something
    exists.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("part", "topic"),
        Column("words", "sentence"),
        Column("standing", "grade and sources"),
        Column("fresh", "change"),
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
        """Return the note beside a sentence of the brief: the grade of the fact in the sentence,
        and how that fact changed since the last brief.
        """
        return " · ".join(filter(None, (self.standing, self.fresh)))


class WantedDecision(Struct, frozen=True):
    """A decision that is needed, with the person who has to make it and the deadline."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("part", "topic"),
        Column("words", "decision needed"),
        Column("owner", "owner"),
        Column("by", "due", "moment"),
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
    """A part of a brief whose sentences are still being collected."""

    sentences: list[Sentence] = field(default_factory=list)
    wanted: list[WantedDecision] = field(default_factory=list)
    changed: list[Key] = field(default_factory=list)

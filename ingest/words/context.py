"""What an import was told beside its files."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from ingest.files.mapping import Mapping


@dataclass(frozen=True)
class Context:
    """`now` is when the import runs (UTC); `case` the case of what names none; `conversations`
    those that the user picked."""

    now: datetime
    form: str = "auto"
    mapping: Mapping = field(default_factory=Mapping)
    dataset: str = "default"
    case: str | None = None
    conversations: Collection[str] | None = None
    encoding: str = "utf-8"

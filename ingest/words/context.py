"""Settings of an import beside its files."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from ingest.files.mapping import Mapping


@dataclass(frozen=True)
class Context:
    """`now` is when the import runs (UTC); `case` the case of rows that name none; `conversations`
    are the picked ones."""

    now: datetime
    form: str = "auto"
    mapping: Mapping = field(default_factory=Mapping)
    dataset: str = "default"
    case: str | None = None
    conversations: Collection[str] | None = None
    encoding: str = "utf-8"

"""A command that is decided and not yet saved."""

from dataclasses import dataclass
from uuid import UUID

from domain.kernel.envelope import (
    LogName,
    Submission,
)
from domain.kernel.values import Reader


@dataclass(frozen=True)
class Prepared:
    """A command decided and not yet saved: its events by log, its item, and its author."""

    item: UUID
    submissions: dict[LogName, Submission]
    reader: Reader

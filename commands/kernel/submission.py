"""A command that is decided and not yet saved."""

from uuid import UUID

from msgspec import Struct

from domain.kernel.envelope import (
    LogName,
    Submission,
)
from domain.kernel.values import Reader


class Prepared(Struct, frozen=True):
    """A command decided and not yet saved: its events by log, its item, and its author."""

    item: UUID
    submissions: dict[LogName, Submission]
    reader: Reader

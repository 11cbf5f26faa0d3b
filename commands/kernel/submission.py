"""A command that is decided and not yet saved."""

from uuid import UUID

from msgspec import Struct

from domain.kernel.envelope import (
    LogName,
    Submission,
)
from domain.kernel.values import Reader


class Prepared(Struct, frozen=True):
    """A command that is ready to be saved: its events for each log, the item that it is about, and
    the user who gave it.
    """

    item: UUID
    submissions: dict[LogName, Submission]
    reader: Reader

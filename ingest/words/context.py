"""Settings of an import, other than its files."""

from collections.abc import Collection
from datetime import datetime

from msgspec import Struct, field

from domain.kernel.codes import DateOrder
from ingest.files.mapping import Mapping


class Context(Struct, frozen=True):
    """The settings of an import. `now` is the time of the import (UTC). `case` is the case of all
    rows that name no case. `conversations` are the conversations that the user chose to import.
    `dates` is the order of day and month for a chat that does not show it, and `phone` the number
    of the phone whose calls a file lists.
    """

    now: datetime
    form: str = "auto"
    mapping: Mapping = field(default_factory=Mapping)
    dataset: str = "default"
    case: str | None = None
    conversations: Collection[str] | None = None
    encoding: str = "utf-8"
    dates: DateOrder | None = None
    phone: str | None = None

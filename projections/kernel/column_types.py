"""The types of a view's columns, the same on SQLite and PostgreSQL.

Times are whole microseconds since 1970 in UTC, so that both databases order and compare them alike.
Only the type of ids is elsewhere, in `access.ids`.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import msgspec
import sqlalchemy as sa

from domain.kernel.decoding import decoder

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@lru_cache(maxsize=4096)
def to_micros(moment: datetime) -> int:
    """Return a moment as microseconds since 1970. The moment must have a time zone."""
    return (moment - EPOCH) // MICROSECOND


class Moment(sa.types.TypeDecorator[datetime]):
    """A time in UTC, stored as whole microseconds."""

    impl = sa.BigInteger
    cache_ok = True

    def bind_processor(self, dialect: object) -> Callable[[datetime | None], int | None]:
        return lambda value: None if value is None else to_micros(value)

    def result_processor(
        self, dialect: object, coltype: object
    ) -> Callable[[int | None], datetime | None]:
        return lambda value: None if value is None else EPOCH + timedelta(microseconds=value)


def no_nul(text: str) -> str:
    """Return the text without NUL characters, which PostgreSQL does not accept."""
    return text.replace("\0", "\ufffd")


class OrderedText(sa.types.TypeDecorator[str]):
    """Text, in the order of its bytes on both databases.

    A NUL character is replaced, because PostgreSQL refuses it.
    """

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        return sa.Text(collation="C") if dialect.name == "postgresql" else sa.Text()

    def bind_processor(self, dialect: object) -> Callable[[str | None], str | None]:
        return lambda text: no_nul(text) if text and "\0" in text else text


class Packed(sa.types.TypeDecorator[Any]):
    """The column type of a tuple or a dict of plain values, stored as JSON text."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, kind: object) -> None:
        super().__init__()
        self.kind = kind
        self._encode = msgspec.json.Encoder().encode
        self._decode = decoder(kind)

    def bind_processor(self, dialect: object) -> Callable[[object], str | None]:
        return lambda value: None if value is None else self._encode(value).decode()

    def result_processor(self, dialect: object, coltype: object) -> Callable[[str | None], Any]:
        return lambda value: None if value is None else self._decode(value)

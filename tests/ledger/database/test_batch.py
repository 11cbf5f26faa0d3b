"""Times do not lose their microseconds when they are converted to seconds and back."""

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.database.batch import rows, times, to_micros

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
micros = st.integers(1, 2**32 * 1_000_000)


@given(micros=micros)
def test_every_microsecond_until_2106_is_kept(micros: int) -> None:
    at = EPOCH + timedelta(microseconds=micros)
    assert times(micros, 3) == [at + timedelta(microseconds=i) for i in range(3)]
    assert to_micros(at) == micros


@given(micros=micros)
def test_as_a_database_tells_them_too(micros: int) -> None:
    connection = sqlite3.connect(":memory:")
    ((seconds,),) = connection.execute("SELECT ? / 1e6", (micros,)).fetchall()
    connection.close()
    (row,) = rows([(1, b"s" * 16, 1, "topic", b"state", seconds, b"c" * 16)])
    assert row.recorded == EPOCH + timedelta(microseconds=micros)


@given(at=st.datetimes(timezones=st.timezones()))
def test_any_zone_is_the_same_moment(at: datetime) -> None:
    assert EPOCH + timedelta(microseconds=to_micros(at)) == at.astimezone(UTC)


def test_a_time_without_a_zone_is_no_moment() -> None:
    with pytest.raises(ValueError, match="zone"):
        to_micros(datetime(2011, 1, 1, tzinfo=UTC).replace(tzinfo=None))

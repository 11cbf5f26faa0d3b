"""An entry whose time is wrong because of a device's clock is recorded, and changes no deadline."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from commands.families import referral
from commands.kernel import entity
from domain.information.observation import ObservationRecorded
from domain.kernel.values import Refused
from ingest.words import record_words
from tests.commands.office import Office
from tests.web.api.conftest import client_of

FAR_EAST, FAR_WEST = timezone(timedelta(hours=14)), timezone(-timedelta(hours=12))
WORDS = "URGENT he has a knife, she is 13"


@pytest.mark.parametrize(
    ("told", "flag"),
    [
        (datetime(1, 1, 1, tzinfo=UTC), "date-before-1900"),
        (datetime(1, 1, 1, tzinfo=FAR_EAST), "date-before-1900"),
        (datetime(9999, 12, 31, 23, tzinfo=FAR_WEST), "date-in-future"),
        (datetime(2036, 3, 18, tzinfo=UTC), "date-in-future"),
    ],
)
def test_words_told_at_a_time_that_cannot_be_are_kept_and_run_from_now(
    office: Office, told: datetime, flag: str
) -> None:
    now = office.system.clock()
    done = record_words.record_entry(office.desk, office.reader, WORDS, now, told=told)
    recorded, *_ = (fact.event for fact in office.desk.logs["evidence"].history(done.receipt.id))
    assert isinstance(recorded, ObservationRecorded)
    assert recorded.told is None
    assert [one.code for one in done.flags] == [flag]


def test_a_clock_that_is_a_day_ahead_is_taken_as_it_is(office: Office) -> None:
    now = office.system.clock()
    told = now + timedelta(hours=20)
    done = record_words.record_entry(office.desk, office.reader, WORDS, now, told=told)
    assert [flag.code for flag in done.flags] == ["told-after-recorded"]


@pytest.mark.parametrize("told", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00-12:00"])
def test_the_api_takes_words_of_any_clock(office: Office, told: str) -> None:
    """The API records an entry with any time at which the worker heard it. (A bug had made the API
    answer 500 for some times.)
    """
    key = {"Idempotency-Key": "6f1c1bb0-52b4-4f0e-8d3e-9d6c1f2f0a12"}
    body = {"words": WORDS, "told": told}
    answer = client_of(office).post("/api/v1/observations", json=body, headers=key)
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("words", ["\u200b\u200d", "\ufeff \u2060", " \t"])
def test_words_that_nobody_can_see_are_none(office: Office, words: str) -> None:
    with pytest.raises(Refused, match="there is no text to record"):
        record_words.record_entry(office.desk, office.reader, words, office.system.clock())


def test_an_age_is_not_below_zero(office: Office) -> None:
    with pytest.raises(Refused, match="below zero"):
        referral.receive(office.desk, office.reader, child="Ana Row", age_words="-3")
    who = office.person("Ana Row")
    with pytest.raises(Refused, match="below zero"):
        entity.record_age(office.desk, office.reader, str(who), None, None, "-3")

"""A standing search notifies its user of new results only for a limited time, and some people may
not be searched for.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest

from domain.intelligence import standing_watch
from domain.intelligence.standing_watch import ENDS_AFTER, StandingSearchSet, StandingWatch, Whom
from domain.kernel.values import Refused

NOW = datetime(2011, 3, 18, 9, tzinfo=UTC)
SEARCH = StandingSearchSet(
    UUID(int=1), "vrm", "PK95 ABC", "PK95ABC", NOW + ENDS_AFTER, "seen at the school"
)
MISSING = Whom(child=True, missing=(UUID(int=2),))


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("PK95 ABC", ("vrm", "PK95ABC")),
        ("PK95", ("vrm_partial", "PK95***")),
        ("07700 900123", ("phone", "+447700900123")),
        ("@bigman_taz", ("handle", "bigman_taz")),
        ("Barry Vole", ("name", "barry vole")),
    ],
)
def test_what_is_watched_for_is_read_by_its_shape(told: str, read: tuple[str, str]) -> None:
    assert standing_watch.read(told) == read


def test_too_little_is_not_watched_for() -> None:
    with pytest.raises(
        Refused, match="give a number plate, a phone number, an account or a name for this alert"
    ):
        standing_watch.read("B")


@pytest.mark.parametrize(
    ("change", "whom", "said"),
    [
        ({"reason": " "}, Whom(), "give the reason for this alert"),
        ({}, Whom(colleague=True), "colleague"),
        ({}, Whom(parent=True), "speak with the parent"),
        ({}, Whom(child=True), "an alert can be about a child only while the child is missing"),
        ({"until": NOW + ENDS_AFTER + timedelta(hours=1)}, Whom(), "within 28 days"),
        ({"until": NOW}, Whom(), "within 28 days"),
    ],
)
def test_what_is_refused(change: dict[str, object], whom: Whom, said: str) -> None:
    search = msgspec.structs.replace(SEARCH, **change)
    with pytest.raises(Refused, match=said):
        standing_watch.begin_search(search, NOW, whom)


def test_it_begins_and_ends_once_with_a_reason() -> None:
    assert standing_watch.begin_search(SEARCH, NOW, Whom()) == (SEARCH,)
    missing = msgspec.structs.replace(SEARCH, missing=UUID(int=2))
    assert standing_watch.begin_search(missing, NOW, MISSING) == (missing,)
    stands = standing_watch.evolve(StandingWatch(), SEARCH)
    with pytest.raises(Refused, match="say why the alert ends"):
        standing_watch.end_search(stands, "")
    (ended,) = standing_watch.end_search(stands, "found")
    with pytest.raises(Refused, match="has ended"):
        standing_watch.end_search(standing_watch.evolve(stands, ended), "found")

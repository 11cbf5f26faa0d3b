"""A user may be notified of a standing pattern in the network only for certain people, and for a
limited time.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest

from domain.intelligence import standing_watch
from domain.intelligence.standing_watch import (
    ENDS_AFTER,
    StandingPatternMet,
    StandingPatternSet,
    StandingWatch,
    Whom,
)
from domain.kernel.values import EntityKind, Refused

NOW = datetime(2011, 3, 18, 9, tzinfo=UTC)
BAZ, GAZ, CAR = (UUID(int=number) for number in (1, 2, 3))
TWO = StandingPatternSet(
    UUID(int=9), "connected", (BAZ, GAZ), NOW + ENDS_AFTER, "both named by Ellie"
)
MISSING = Whom(child=True, missing=(UUID(int=9),))
PEOPLE: list[EntityKind] = ["person", "person"]


@pytest.mark.parametrize(
    ("change", "kinds", "whom", "said"),
    [
        ({"reason": " "}, PEOPLE, Whom(), "give the reason for this alert"),
        ({}, PEOPLE, Whom(colleague=True), "colleague"),
        ({}, PEOPLE, Whom(parent=True), "speak with the parent"),
        (
            {},
            PEOPLE,
            Whom(child=True),
            "an alert can be about a child only while the child is missing",
        ),
        ({"until": NOW + ENDS_AFTER + timedelta(hours=1)}, PEOPLE, Whom(), "within 28 days"),
        ({"until": NOW}, PEOPLE, Whom(), "within 28 days"),
        ({"about": (BAZ,)}, ["person"], Whom(), "name two"),
        ({"about": (BAZ, BAZ)}, PEOPLE, Whom(), "name each person or thing once"),
        (
            {"shape": "third-child"},
            PEOPLE,
            Whom(),
            "name exactly one vehicle, phone, account or place",
        ),
        (
            {"shape": "third-child", "about": (BAZ,)},
            ["person"],
            Whom(),
            "name exactly one vehicle, phone, account or place",
        ),
        ({"shape": "new-town", "about": (BAZ, CAR)}, ["person", "vehicle"], Whom(), "a group"),
        ({"shape": "new-town", "about": (BAZ,)}, ["person"], Whom(), "a group"),
    ],
)
def test_what_is_refused(
    change: dict[str, object], kinds: list[EntityKind], whom: Whom, said: str
) -> None:
    wanted = msgspec.structs.replace(TWO, **change)
    with pytest.raises(Refused, match=said):
        standing_watch.begin_pattern(wanted, kinds, NOW, whom, lambda: False)


def test_what_is_so_already_is_refused_and_asked_last() -> None:
    with pytest.raises(Refused, match="the network shows these links already"):
        standing_watch.begin_pattern(TWO, PEOPLE, NOW, Whom(), lambda: True)
    with pytest.raises(Refused, match="speak with the parent"):
        standing_watch.begin_pattern(TWO, PEOPLE, NOW, Whom(parent=True), lambda: True)


def test_a_missing_child_may_be_watched_for() -> None:
    wanted = msgspec.structs.replace(TWO, missing=(UUID(int=9),))
    begun = standing_watch.begin_pattern(wanted, PEOPLE, NOW, MISSING, lambda: False)
    assert begun == (wanted,)


def test_it_comes_true_once_and_ends_once_with_a_reason() -> None:
    stands = standing_watch.evolve(StandingWatch(), TWO)
    true = StandingPatternMet((UUID(int=5),))
    assert standing_watch.record_match(StandingWatch(), true, Whom()) == ()
    assert standing_watch.record_match(stands, true, Whom()) == (true,)
    with pytest.raises(
        Refused, match="an alert can be about a child only while the child is missing"
    ):
        standing_watch.record_match(stands, true, Whom(child=True))
    known = standing_watch.evolve(stands, true)
    assert standing_watch.record_match(known, true, Whom()) == ()
    with pytest.raises(Refused, match="say why the alert ends"):
        standing_watch.end_pattern(known, " ")
    (ended,) = standing_watch.end_pattern(known, "looked at")
    over = standing_watch.evolve(known, ended)
    assert standing_watch.record_match(over, true, Whom()) == ()
    with pytest.raises(Refused, match="has ended"):
        standing_watch.end_pattern(over, "again")

"""A team records its own practice: its capacity, its definitions of risk, and its letters."""

from datetime import date

import msgspec
import pytest

from domain.kernel.values import Refused
from domain.people_and_teams import team_practice
from domain.people_and_teams.team_practice import CapacitySet, LettersRuled, ThresholdsDefined

TODAY = date(2011, 3, 18)
DEFINED = ThresholdsDefined("Engage", "engage/2", "early signs", "groomed", "exploited", TODAY)


@pytest.mark.parametrize(
    "practice", [CapacitySet("Engage", 12, 30), DEFINED, LettersRuled("Engage", True, False, 14)]
)
def test_a_team_sets_its_capacity_definitions_and_letters(
    practice: team_practice.Practice,
) -> None:
    assert team_practice.record(practice, frozenset({"engage/1"}), TODAY) == (practice,)


@pytest.mark.parametrize(
    ("practice", "why"),
    [
        (CapacitySet("Engage", 0, 30), "at least one family"),
        (LettersRuled("Engage", True, True, 0), "gets its letter, from 1 to 60"),
        (LettersRuled("Engage", True, True, 61), "gets its letter, from 1 to 60"),
        (
            msgspec.structs.replace(DEFINED, medium=" "),
            "say what the risk level medium means in your team",
        ),
        (
            msgspec.structs.replace(DEFINED, version="a b"),
            "write one such as engage/2",
        ),
        (msgspec.structs.replace(DEFINED, version="engage/1"), "exists already"),
        (
            msgspec.structs.replace(DEFINED, since=date(2011, 3, 19)),
            "record the practice on that day",
        ),
    ],
)
def test_what_carries_no_sense_is_refused(practice: team_practice.Practice, why: str) -> None:
    with pytest.raises(Refused, match=why):
        team_practice.record(practice, frozenset({"engage/1"}), TODAY)

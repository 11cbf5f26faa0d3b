"""If two people act at the same moment, one succeeds and the other gets a clear message; no log
entry is lost.
"""

from collections.abc import Callable
from typing import Any

import pytest

from commands.information import observation
from commands.intelligence import identity, intelligence_report
from commands.kernel.unit_of_work import Receipt
from domain.information.observation import ObservationAssessed, ObservationRecorded
from domain.information.source import SourceRegistered
from domain.kernel.values import Grade, Handling, Refused
from tests.commands.office import Office
from tests.support.commands.races import at_once

#: Tested on both databases, because they separate two users who write at the same time in different
#: ways.
pytestmark = pytest.mark.usually_on("sqlite", "postgres")


def assessing(item: Any, grade: str, who: str) -> Callable[[Office], Receipt]:
    return lambda own: intelligence_report.assess(
        own.desk, own.somebody(who), item, Grade.parse(grade), Handling("P")
    )


def test_of_two_assessors_one_wins(either: Office) -> None:
    item = either.words()
    found = at_once(either, assessing(item, "2A", "ds.hart"), assessing(item, "2C", "ds.bell"))
    won = [one for one in found if isinstance(one, Receipt)]
    lost = [one for one in found if isinstance(one, Refused)]
    assert (len(won), len(lost)) == (1, 1)
    assert "another person changed" in str(
        lost[0]
    ) or "this entry was assessed already in report" in str(lost[0])
    assert str(item) in str(lost[0]) or str(won[0].id) in str(lost[0])
    history = either.system.logs["evidence"].history(item)
    assert [f.event.report for f in history if isinstance(f.event, ObservationAssessed)] == [
        won[0].id
    ]


def test_the_later_grader_is_informed_which_report_has_it(office: Office) -> None:
    item = office.words()
    first = office.assessed(item)
    with pytest.raises(Refused, match=str(first.id)):
        office.assessed(item, "2C")


def test_workers_who_name_the_same_new_source_all_keep_their_words(either: Office) -> None:
    case = str(either.case())

    def telling(number: int) -> Callable[[Office], Receipt]:
        return lambda own: observation.record(
            own.desk, own.reader, words=f"He was there, night {number}", case=case, heard_from="mum"
        )

    found = at_once(either, *map(telling, range(4)))
    assert all(isinstance(one, Receipt) for one in found), found
    words = [f for f in either.facts() if isinstance(f.event, ObservationRecorded)]
    assert len(words) == 4
    assert len({f.event.root for f in words if isinstance(f.event, ObservationRecorded)}) == 1
    named = [f for f in either.facts("sources") if isinstance(f.event, SourceRegistered)]
    assert len(named) == 1


def test_one_command_from_two_places_is_one_fact(office: Office) -> None:
    command_id = office.desk.new_random_id()

    def telling(own: Office) -> Receipt:
        return observation.record(
            own.desk, own.reader, words="the same words", command_id=command_id
        )

    first, second = at_once(office, telling, telling)
    assert first == second
    assert len([f for f in office.facts() if isinstance(f.event, ObservationRecorded)]) == 1


def test_a_judgement_made_meanwhile_is_looked_at_again(office: Office) -> None:
    a, b = str(office.person("Baz")), str(office.person("Bazza"))

    def judging(judgement: Any) -> Callable[[Office], Receipt]:
        return lambda own: identity.judge(own.desk, own.reader, a, b, judgement, "one phone")

    found = at_once(office, judging("same"), judging("different"))
    assert any(isinstance(one, Receipt) for one in found)
    for one in found:
        assert isinstance(one, Receipt) or "look at the other change, then decide again" in str(one)

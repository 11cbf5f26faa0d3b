"""The rota shows the people on call at a moment. If the first person does not answer a call within
ten minutes, the next person is called."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from commands.information import observation
from commands.kernel.unit_of_work import Receipt
from commands.people_and_teams import account, rota
from domain.kernel.values import Denied, Reader, Refused
from domain.people_and_teams.rota import (
    STEP,
    Duty,
    DutyEnded,
    DutyGiven,
    OnCall,
    find_called,
    first_gap,
)
from projections.information import queue
from projections.people_and_teams import rota as view
from tests.commands.office import START, Office

HOUR = timedelta(hours=1)


def give(office: Office, user: str = "insp.moss", **told: Any) -> Receipt:
    reader: Reader = told.pop("reader", None) or office.reader
    command = told.pop("command_id", None)
    usual: dict[str, Any] = {"phone": "07700 900123", "since": START - HOUR}
    duty = DutyGiven(user, **(usual | {"until": START + 9 * HOUR} | told))
    return rota.give(office.desk, reader, duty, command_id=command)


def names_on_call(one: OnCall) -> tuple[str | None, str | None]:
    return (one.now.user if one.now else None), (one.next.user if one.next else None)


def find_on_call(office: Office, team: str = "Engage", since: datetime | None = None) -> OnCall:
    return rota.find_on_call(office.desk, team, since)


@pytest.mark.usually_on("sqlite")
def test_the_next_one_is_called_after_ten_minutes_each(either: Office) -> None:
    give(either, "third", place=3)
    give(either, "first")
    give(either, "second", place=2)
    told = START
    expected = [("first", "second"), ("second", "third"), ("third", None), ("third", None)]
    for number, found in enumerate(expected):
        either.system.clock.given_time = told + number * STEP
        assert names_on_call(find_on_call(either, since=told)) == found
    either.system.clock.given_time = told + STEP - timedelta(microseconds=1)
    one = find_on_call(either, since=told)
    assert names_on_call(one) == ("first", "second")
    assert one.next_at == told + STEP
    assert names_on_call(find_on_call(either)) == ("first", "second")  # no urgent item is waiting
    assert find_on_call(either).next_at is None


def test_times_are_those_of_the_clock_and_a_team_has_its_own(office: Office) -> None:
    give(office, "ours", team="Engage")
    give(office, "everybodys", place=2)
    give(office, "later", since=START + 9 * HOUR, until=START + 10 * HOUR)
    assert names_on_call(find_on_call(office)) == ("ours", "everybodys")
    assert names_on_call(find_on_call(office, "Deter")) == ("everybodys", None)
    office.later(9)
    assert names_on_call(find_on_call(office)) == ("later", None)
    office.later(1)
    assert names_on_call(find_on_call(office)) == (None, None)


def test_an_empty_rota_is_reported_and_the_setting_replaces_it(office: Office) -> None:
    assert (
        rota.describe_for_page(find_on_call(office))
        == "Child in danger now: 999. Nobody is on call now."
    )
    ring = "the duty inspector, extension 411"
    said = rota.describe_on_call(find_called((), "Engage", START, None, ring))
    assert said == f"Nobody is on call now: ring {ring}."


def test_a_sentence_tells_london_time_and_who_is_next(office: Office) -> None:
    summer = datetime(2011, 7, 1, 21, 0, tzinfo=UTC)
    office.system.clock.given_time = summer
    give(office, "insp.moss", since=summer, until=summer + HOUR)
    give(office, "dci.reed", since=summer, until=summer + HOUR, place=2, phone="07700 900124")
    assert rota.describe_on_call(find_on_call(office, since=summer)) == (
        "On call: insp.moss, 07700 900123 (until 23:00 on 01 July). "
        "Next from 22:10: dci.reed, 07700 900124."
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"since": START + HOUR, "until": START + HOUR},
        {"since": START - 2 * HOUR, "until": START - HOUR},
        {"until": START + timedelta(days=400)},
        {"phone": "ask Ann"},
        {"place": 0},
    ],
)
def test_what_cannot_be_is_refused(office: Office, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        give(office, **wrong)


def test_a_duty_is_given_once_and_ended_once(either: Office) -> None:
    command = uuid4()
    first = give(either, command_id=command)
    ended = rota.end(either.desk, either.reader, str(first.id))
    assert give(either, command_id=command) == first
    assert rota.end(either.desk, either.reader, str(first.id)).id == ended.id
    assert len(either.events(DutyEnded)) == 1
    assert names_on_call(find_on_call(either)) == (None, None)


# --- urgent entries that no assessor took over ---------------------------------------------------


def untaken(office: Office) -> list[tuple[UUID, str | None]]:
    with office.system.reading() as db:
        found = rota.list_untaken(office.desk, office.reader, db)
        counted = rota.count_waiting(office.desk, office.reader, db)
    assert (counted[0] if counted else 0) == len(found)
    return [(one.id, names_on_call(one.on_call)[0]) for one in found]


@pytest.mark.usually_on("sqlite")
def test_what_is_urgent_goes_from_one_to_the_next_until_somebody_takes_it(either: Office) -> None:
    give(either, "first")
    give(either, "second", place=2)
    either.words("He was at the gate.")
    item = either.words("He was at the door.", urgent_reason="he is here")
    assert untaken(either) == [(item, "first")]
    either.later(0.2)
    assert untaken(either) == [(item, "second")]
    observation.take(either.desk, either.reader, item)
    assert untaken(either) == []


def test_raising_it_again_begins_no_clock_again(office: Office) -> None:
    give(office, "first")
    give(office, "second", place=2)
    item = office.words("He was at the door.")
    assert untaken(office) == []
    observation.raise_urgency(office.desk, office.reader, item, "he is here")
    office.later(0.2)
    observation.raise_urgency(office.desk, office.reader, item, "still here")
    assert untaken(office) == [(item, "second")]
    observation.lower_urgency(office.desk, office.reader, item, "he left")
    assert untaken(office) == [(item, "second")], "a second person decides"
    office.agreed(item, "lower-urgency")
    assert untaken(office) == []
    observation.raise_urgency(office.desk, office.reader, item, "he is back")
    assert untaken(office) == [(item, "first")]


def test_what_was_decided_waits_for_nobody(office: Office) -> None:
    item = office.words("He was at the door.", urgent_reason="he is here")
    observation.triage(office.desk, office.reader, item, "safeguard", "a car is on its way")
    assert untaken(office) == []


def test_only_who_may_see_the_clock_knows_of_it(office: Office) -> None:
    office.words("He was at the door.", urgent_reason="he is here")
    psw = Reader("psw.far", "Deter", "charity", closed=True, roles=frozenset({"psw"}))
    with office.system.reading() as db:
        assert rota.list_untaken(office.desk, psw, db) == []
        assert queue.untaken_count(db, psw) is None
        assert view.list_duties(db, START) == []


# --- who may change a rota, and who may be on a rota ---------------------------------------------


def holding(office: Office, name: str, *roles: Any) -> Reader:
    teams = frozenset({"Engage"})
    return msgspec.structs.replace(
        office.reader, name=name, closed=True, roles=frozenset(roles), teams=teams, team="Engage"
    )


def test_names_are_accounts_and_the_nearest_one_is_offered(office: Office) -> None:
    account.add(office.desk, office.reader, "insp.moss", roles=("detective",), teams=("Engage",))
    manager = holding(office, "mgr.cole", "manager")
    with pytest.raises(Refused, match=r"did you mean insp\.moss"):
        give(office, "insp.mos", reader=manager, team="Engage")
    give(office, "insp.moss", reader=manager, team="Engage")


@pytest.mark.parametrize(
    ("role", "team", "may"),
    [
        ("manager", "Engage", True),
        ("manager", "Deter", False),
        ("manager", None, False),
        ("detective", "Engage", True),
        ("intelligence-officer", None, True),
        ("administrator", None, True),
        ("psw", "Engage", False),
        ("auditor", "Engage", False),
    ],
)
def test_a_rota_is_kept_by_those_whose_team_it_is(
    office: Office, role: str, team: str | None, may: bool
) -> None:
    account.add(office.desk, office.reader, "insp.moss", roles=("detective",), teams=("Engage",))
    reader = holding(office, "somebody", role)
    if may:
        made = give(office, "insp.moss", reader=reader, team=team)
        rota.end(office.desk, reader, str(made.id))
    else:
        with pytest.raises(Denied):
            give(office, "insp.moss", reader=reader, team=team)
        assert not office.events(DutyGiven)


# --- gaps in the rota ----------------------------------------------------------------------------


def test_a_gap_is_the_first_time_without_anybody_on_call_for_the_team() -> None:
    at = [START + timedelta(hours=hour) for hour in range(13)]

    def duty(first: int, last: int, team: str | None = "Engage") -> Duty:
        return Duty(uuid4(), "insp.moss", "07700 900123", at[first], at[last], 1, team)

    assert first_gap([], "Engage", at[0], at[12]) == (at[0], at[12])
    assert first_gap([duty(0, 12)], "Engage", at[0], at[12]) is None
    assert first_gap([duty(6, 12), duty(0, 6, None)], "Engage", at[0], at[12]) is None
    assert first_gap([duty(0, 12, "Deter")], "Engage", at[0], at[12]) == (at[0], at[12])
    assert first_gap([duty(0, 4), duty(5, 12)], "Engage", at[0], at[12]) == (at[4], at[5])
    assert first_gap([duty(0, 9), duty(2, 4)], "Engage", at[1], at[12]) == (at[9], at[12])

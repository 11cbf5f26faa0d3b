"""If no user answers a deadline, it escalates to the next person, step by step. Each step is
recorded once, even if several processes run, and the person is notified."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from commands.erasure import erasure
from commands.families import casework, charity_support
from commands.people_and_teams import account, due, escalating, rota, silence, store_admin
from domain.clocks import CLOCKS
from domain.families.charity_support import NoteWritten
from domain.families.referral import MissingFound, MissingReported, ReturnInterviewRecorded
from domain.kernel.codes import Clock
from domain.kernel.envelope import Recorded
from domain.kernel.values import Denied, Hidden, Refused, Role
from domain.people_and_teams.notifying import WATCH, AddressGiven, DueEscalated, PersonTold
from domain.people_and_teams.rota import DutyGiven
from installation.opening import open_system
from installation.settings import Settings
from notifying.escalator import Escalator
from notifying.message import Kind, Message, Undelivered
from projections import all_views
from projections import due as view
from projections.due import DueFilter, DueItem
from projections.due import escalated as going_on
from tests.commands.office import START, Office
from tests.support.commands.due import a_note
from tests.support.commands.escalating import found_child

LAW: Clock = "return-interview"
PRACTICE: Clock = "opinion-review"


@dataclass
class Sent:
    """A notification channel that stores each message sent through it; with `closed`, it refuses
    each message.
    """

    kind: Kind = "mail"
    messages: list[Message] = field(default_factory=list)
    closed: bool = False
    tried: int = 0

    def send(self, message: Message) -> None:
        self.tried += 1
        if self.closed:
            raise Undelivered("nobody is there")
        self.messages.append(message)

    @property
    def users(self) -> list[str]:
        return [message.user for message in self.messages]


def escalated(office: Office, clock: Clock) -> list[Recorded]:
    """Return the recorded escalations of deadlines of this kind. An escalation notifies the next
    person about an unanswered deadline."""
    facts = [fact for fact in office.facts() if isinstance(fact.event, DueEscalated)]
    return [fact for fact in facts if fact.event.clock == clock]  # type: ignore[attr-defined]


def steps(office: Office, clock: Clock) -> list[tuple[str, int]]:
    found: list[Any] = [fact.event for fact in escalated(office, clock)]
    return [(one.role, one.step) for one in found]


def escalate_now(office: Office, clock: Clock) -> int:
    """Record the escalations that are due now, of all kinds of deadline; return how many of them
    are of the kind `clock`."""
    before = len(steps(office, clock))
    escalating.escalate(office.desk)
    return len(steps(office, clock)) - before


def listed(office: Office, clock: Clock) -> list[DueItem]:
    with office.system.reading() as db:
        found = view.listed(db, office.reader, office.desk.clock(), DueFilter())
    return [one for one in found if one.clock == clock]


def at_nine(office: Office, days: int) -> None:
    """Set the store's clock to nine in the morning, this many days after the start of the test."""
    office.system.clock.given_time = START + timedelta(days=days)


@pytest.fixture
def team(either: Office) -> Office:
    """Make a store with accounts and users of two teams; the user who made it is the
    administrator.
    """
    office = either
    people: tuple[tuple[str, Role, list[str]], ...] = (
        ("mfh.lane", "missing-coordinator", ["Engage"]),
        ("mgr.cole", "manager", ["Engage"]),
        ("mgr.dunn", "manager", ["Deter"]),
        ("dci.reed", "dci", ["Engage"]),
    )
    for user, role, teams in people:
        account.add(office.desk, office.system.label, user, roles=[role], teams=teams)
        escalating.give_address(office.desk, office.system.label, user, f"{user}@police.example")
    # the store's user has no account, as before the first account was made
    office.system.reader = office.system.label
    return office


def carrying_on(office: Office, *channels: Sent) -> Escalator:
    return Escalator(office.desk, office.system.views, channels)


# --- recording escalations -----------------------------------------------------------------------


@pytest.mark.usually_on("sqlite")
def test_what_nobody_answers_goes_to_each_role_in_turn_and_then_to_nobody(either: Office) -> None:
    office, case = either, found_child(either)
    assert not escalate_now(office, LAW), "nothing is late yet"
    (one,) = listed(office, LAW)
    (began,) = (f for f in office.facts() if isinstance(f.event, MissingFound))
    office.system.clock.given_time = one.due + timedelta(minutes=1)
    for n, role in enumerate(["missing-coordinator", "manager", "dci"]):
        assert escalate_now(office, LAW) == 1
        assert not escalate_now(office, LAW), "each has their time"
        assert steps(office, LAW)[-1] == (role, n)
        office.later(25)
    assert not escalate_now(office, LAW), "there is nobody else"
    fact = escalated(office, LAW)[-1]
    assert fact.event == DueEscalated(one.id, case, LAW, "dci", 2, one.due)
    assert (fact.by, fact.team, fact.controller, fact.regime) == (
        WATCH,
        began.team,
        began.controller,
        began.regime,
    )
    assert listed(office, LAW)[0].due == one.due, "it is due still"
    assert office.system.views.compare() == []


@pytest.mark.usually_on("sqlite")
def test_what_is_answered_goes_no_further_and_what_is_put_off_begins_anew(either: Office) -> None:
    office = either
    case = found_child(office)
    a_note(office)
    office.system.clock.given_time = START + timedelta(days=60)
    escalating.escalate(office.desk)
    assert (len(steps(office, LAW)), len(steps(office, PRACTICE))) == (1, 1)
    interviewed = ReturnInterviewRecorded("declined", "v.reed")
    casework.record_interview(office.desk, office.reader, str(case), interviewed)
    assert not listed(office, LAW)
    (note,) = listed(office, PRACTICE)
    again = office.desk.clock() + timedelta(days=30)
    due.answer(office.desk, office.reader, note.id, "again", "not yet", until=again)
    office.later(24 * 8)
    assert not escalate_now(office, PRACTICE)
    assert len(steps(office, LAW)) == 1
    office.system.clock.given_time = again + timedelta(minutes=1)
    assert escalate_now(office, PRACTICE) == 1
    assert steps(office, PRACTICE)[-1] == (CLOCKS[PRACTICE].role, 0)
    last: Any = escalated(office, PRACTICE)[-1].event
    assert last.due == again


def test_two_processes_at_once_record_a_step_once(either: Office) -> None:
    office = either
    for _ in range(3):
        a_note(office)
    office.system.clock.given_time = START + timedelta(days=60)
    office.system.keep_up()
    others = [open_system(office.settings, now=office.system.clock.given_time) for _ in range(2)]
    together, failed = Barrier(2), list[Exception]()

    def carry_on(desk: Any) -> None:
        together.wait()
        try:
            escalating.escalate(desk)
        except Exception as error:  # noqa: BLE001 (the error is asserted below)
            failed.append(error)

    threads = [Thread(target=carry_on, args=(one.desk,)) for one in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for system in others:
        system.close()
    assert failed == []
    assert len(escalated(office, PRACTICE)) == 3
    assert {fact.version for fact in escalated(office, PRACTICE)} == {1}
    assert not escalate_now(office, PRACTICE)


@pytest.mark.usually_on("sqlite")
def test_it_carries_on_at_once_and_then_after_each_pause(either: Office) -> None:
    office, waits, beats = either, list[float](), list[bool]()
    one = carrying_on(office)

    def ended(seconds: float) -> bool:
        waits.append(seconds)
        beats.append(office.system.views.since_beat() is not None)
        return seconds > 0

    one.run(ended)
    assert waits[0] == 0
    assert waits[-1] == one.pause
    assert (beats[0], beats[-1]) == (False, True)


@pytest.mark.usually_on("sqlite", "postgres")
def test_one_leads_and_another_takes_over(either: Office) -> None:
    views = either.system.views
    assert views.since_beat() is None
    assert views.lead("first", 60)
    assert not views.lead("second", 60)
    views.beat("second")
    assert views.since_beat() is None, "nobody gives a sign for another"
    views.beat("first")
    assert views.since_beat() is not None
    views.stop_leading("first")
    assert views.lead("second", 60)
    assert views.since_beat() is not None, "the last sign of life is remembered"


@pytest.mark.usually_on("sqlite")
def test_an_erased_item_takes_its_escalations_along(either: Office) -> None:
    office = either
    case = found_child(office)
    at_nine(office, 4)
    escalating.escalate(office.desk)
    plan = erasure.plan(office.desk, office.reader, [case])
    (fact,) = escalated(office, LAW)
    assert fact.stream in {item.id for item in plan.items}


# --- notifying people ----------------------------------------------------------------------------


@pytest.mark.usually_on("sqlite")
def test_those_whose_it_is_are_informed_once_and_no_others(team: Office) -> None:
    found_child(team)
    at_nine(team, 4)
    mail = Sent()
    one = carrying_on(team, mail)
    assert one.round()
    assert mail.users == ["mfh.lane"]
    assert mail.messages[0].to == "mfh.lane@police.example"
    one.round()
    carrying_on(team, mail).round()  # another process continues the escalations later
    assert mail.users == ["mfh.lane"], "the log says who was told"
    told = team.events(PersonTold, "access")
    (step,) = escalated(team, LAW)
    assert told == [PersonTold("mfh.lane", "mail", step.command_id)]
    team.later(25)
    one.round()
    assert mail.users == ["mfh.lane", "mgr.cole"], "the manager of the other team learns nothing"
    account.lock(team.desk, team.system.label, "dci.reed", "away")
    team.later(25)
    one.round()
    assert mail.users == ["mfh.lane", "mgr.cole"]


@pytest.mark.usually_on("sqlite")
def test_each_way_tells_and_what_is_not_taken_is_tried_again(
    team: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    found_child(team)
    at_nine(team, 4)
    mail, hook, said = Sent(closed=True), Sent("webhook"), list[str]()
    one = carrying_on(team, mail, hook)
    one.tell = said.append
    one.round()
    assert (mail.tried, hook.users) == (1, ["mfh.lane"])
    assert "Not told by mail" in said[0]
    assert "mfh" not in said[0]
    one.round()
    assert (mail.tried, len(hook.messages)) == (1, 1), "not at once again"
    monkeypatch.setattr("notifying.escalator.SOON", 0.0)
    one._later.clear()
    one.round()
    mail.closed = False
    one._later.clear()
    one.round()
    assert mail.users == ["mfh.lane"]
    assert len(team.events(PersonTold, "access")) == 2


@pytest.mark.usually_on("sqlite")
def test_good_practice_is_one_mail_a_day_and_none_at_night(team: Office) -> None:
    cases = [office_note(team) for _ in range(2)]
    team.system.clock.given_time = START + timedelta(days=60, hours=-5)
    mail = Sent()
    one = carrying_on(team, mail)

    def after_a_round() -> list[str]:
        one._daily = float("-inf")
        one.round()
        return [user for user in mail.users if user == "mfh.lane"]

    account.give_role(team.desk, team.system.label, "mfh.lane", "psw")
    for case in cases:
        account.assign(team.desk, team.system.label, "mfh.lane", str(case))
    assert after_a_round() == [], "it is four in the morning"
    team.later(6)
    assert after_a_round() == ["mfh.lane"], "one for both"
    office_note(team, "mfh.lane", team.desk.clock().date())
    team.later(14.5)
    assert len(escalated(team, PRACTICE)) == 2
    assert after_a_round() == ["mfh.lane"], "not again on the same day"
    assert len(escalated(team, PRACTICE)) == 3
    team.later(12)
    assert after_a_round() == ["mfh.lane"] * 2
    told = team.events(PersonTold, "access")
    days = [one.day for one in told if one.day and one.user == "mfh.lane"]
    assert len(set(days)) == len(days) == 2


def office_note(office: Office, worker: str | None = None, review: date | None = None) -> UUID:
    """Record an opinion about a case, with a review date; return the id of the case."""
    case = office.case(f"Kayleigh Marlow {office.count()['evidence']}")
    if worker:
        account.assign(office.desk, office.system.label, worker, str(case))
    day = review or date(2011, 5, 1)
    written = NoteWritten(case, "parent", "view", "opinion", "worn out", "psw", "visits", day)
    charity_support.write_note(office.desk, office.reader, written)
    return case


@pytest.mark.usually_on("sqlite", "postgres")
def test_danger_rings_the_rota_in_turn_until_somebody_has_it_in_hand(
    team: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = ringing(team, monkeypatch)
    now = team.desk.clock()
    for place, user in enumerate(["insp.moss", "dci.reed"], start=1):
        if user == "insp.moss":
            account.add(team.desk, team.system.label, user, roles=["dci"], teams=["Engage"])
        duty = DutyGiven(user, f"07700 90012{place}", now, now + timedelta(days=6), place)
        rota.give(team.desk, team.system.label, duty)
    at_nine(team, 4)
    pager, mail = Sent("pager"), Sent()
    one = carrying_on(team, pager, mail)
    for _ in range(3):
        one.round()
        team.later(0.2)
    assert pager.users == ["insp.moss", "dci.reed", "dci.reed"], "the last one stays called"
    assert pager.messages[0].to == "07700 900121"
    assert mail.users == ["dci.reed", "dci.reed"], "who has an address is written to as well"
    (it,) = listed(team, LAW)
    dci = team.system.vouched_for("dci.reed").reader
    escalating.acknowledge(team.desk, dci, str(it.id))
    team.later(0.3)
    one.round()
    assert len(pager.messages) == 3
    team.later(0.4)
    escalating.acknowledge(team.desk, dci, str(it.id))
    one.round()
    assert len(pager.messages) == 4, "nobody answered it: it rings again, and nobody mutes it"
    interviewed = ReturnInterviewRecorded("declined", "v.reed")
    casework.record_interview(team.desk, dci, str(case), interviewed)
    team.later(1)
    one.round()
    assert len(pager.messages) == 4


def ringing(office: Office, monkeypatch: pytest.MonkeyPatch) -> UUID:
    """Record a child who was missing and came back, and let the deadline of the kind `LAW` notify
    people at once; return the id of the case."""
    monkeypatch.setitem(CLOCKS, LAW, replace(CLOCKS[LAW], tier="danger"))
    return found_child(office)


@pytest.mark.usually_on("sqlite")
def test_who_sees_nothing_of_it_has_nothing_in_hand(team: Office) -> None:
    found_child(team)
    it = _due(team, LAW)
    deter = team.system.vouched_for("mgr.dunn").reader
    with pytest.raises(Hidden):
        escalating.acknowledge(team.desk, deter, str(it))
    at_nine(team, 4)
    assert escalate_now(team, LAW) == 1
    dci = team.system.vouched_for("dci.reed").reader
    team.later(23.9)
    escalating.acknowledge(team.desk, dci, str(it))
    team.later(0.2)
    assert escalate_now(team, LAW) == 1, "a date of the law goes on all the same"


def _due(office: Office, clock: Clock) -> UUID:
    with office.desk.deciding() as db:
        later = office.desk.clock() + timedelta(days=900)
        rows = going_on.to_escalate(db, later, 100)
    (one,) = (row.id for row in rows if row.clock == clock)
    return one


@pytest.mark.usually_on("sqlite")
def test_who_sees_it_is_shown_to_whom_it_went_and_who_was_informed(team: Office) -> None:
    found_child(team)
    at_nine(team, 4)
    one = carrying_on(team, Sent(), Sent("webhook"))
    one.round()
    team.later(25)
    escalating.escalate(team.desk)
    team.system.keep_up(all_views.VIEWS)
    mine, others = (team.system.vouched_for(name).reader for name in ("mgr.cole", "mgr.dunn"))
    last, first = escalating.list_escalations(team.desk, mine)
    assert (last.role, last.step, last.to_whom) == ("manager", 1, "nobody yet")
    assert (first.role, first.to_whom) == ("missing-coordinator", "mfh.lane (mail, webhook)")
    assert escalating.list_escalations(team.desk, mine, 1) == [last]
    assert escalating.list_escalations(team.desk, others) == []


# --- e-mail addresses -------------------------------------------------------------------------


def test_an_address_is_sealed_replaced_and_taken_back(team: Office) -> None:
    keeper = team.system.label
    for wrong in ("psw.ellis", "@police.example", "a@b", "a b@police.example", "a@x.y\nCc: b@x.y"):
        with pytest.raises(Refused, match="name@police"):
            escalating.give_address(team.desk, keeper, "mfh.lane", wrong)
    with pytest.raises(Refused, match="no user has the given name"):
        escalating.give_address(team.desk, keeper, "nobody", "nobody@police.example")
    dci = team.system.vouched_for("dci.reed").reader
    with pytest.raises(Denied):
        escalating.give_address(team.desk, dci, "mfh.lane", "dci.reed@police.example")
    escalating.give_address(team.desk, keeper, "mfh.lane", None)
    with pytest.raises(Refused, match="there is no mail address of"):
        escalating.give_address(team.desk, keeper, "mfh.lane", None)
    found_child(team)
    at_nine(team, 4)
    mail = Sent()
    carrying_on(team, mail).round()
    assert mail.users == []
    assert len(team.events(AddressGiven, "access")) == 4


# --- what is reported if no process escalates ----------------------------------------------------


def test_after_five_minutes_without_a_sign_of_life_it_is_said() -> None:
    now = START + timedelta(hours=5, minutes=10)
    line = silence.silence_warning
    assert line(now, None, False) is None
    assert line(now, timedelta(minutes=4), True) is None
    never = "Nothing is being escalated: ask your administrator to start `continuum watch`"
    assert line(now, None, True) == never
    assert line(now, timedelta(minutes=6), False) == never.replace(":", " since 14:04:", 1)
    assert " since 14:10 on 17 March:" in str(line(now, timedelta(days=1), False))


def test_what_was_due_before_a_release_counted_it_is_reported_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If a new release adds a kind of deadline, old dates that now count as this deadline are
    reported together in one line. Newer dates and all dates that signal danger are reported one
    by one."""
    with monkeypatch.context() as earlier:
        earlier.setattr(store_admin, "CLOCKS", {})
        settings = Settings(store=str(tmp_path), home=tmp_path, user="ds.hart")
        system = open_system(settings, create=True, synthetic=True, now=START)
    office = Office(system, settings)
    old = found_child(office)
    at_nine(office, 4)
    said = escalating.begin(office.desk)
    assert said is not None
    assert "1 from before" in said
    assert escalating.begin(office.desk) is None, "it is said once"
    assert escalate_now(office, LAW) == 0
    assert [one.item for one in listed(office, LAW) if one.overdue] == [old], "it is listed still"
    new = office.case("Jade Boon")
    casework.report_missing(office.desk, office.reader, str(new), MissingReported())
    casework.record_found(office.desk, office.reader, str(new), MissingFound())
    at_nine(office, 8)
    assert escalate_now(office, LAW) == 1
    system.close()


def test_in_a_store_that_this_release_made_all_clocks_run_from_the_beginning(
    office: Office,
) -> None:
    found_child(office)
    at_nine(office, 4)
    assert escalating.begin(office.desk) is None
    assert escalate_now(office, LAW) == 1

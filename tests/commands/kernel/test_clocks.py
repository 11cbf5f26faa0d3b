"""Every deadline starts with a recorded event, ends when a command answers it, and becomes overdue
by the passage of time alone."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from msgspec.structs import replace

from commands.data_protection import subject_request
from commands.families import casework, charity_support, referral, supervision
from commands.families.family_contact import promise
from commands.information import observation
from commands.intelligence import identity, intelligence_report, release
from commands.justice import arrest_to_result
from commands.kernel import entity
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import facts
from commands.people_and_teams import due, escalating, grant, two_person
from domain.clocks import CLOCKS, NOT_THERE
from domain.data_protection.subject_request import RequestPartAnswered, RequestPartAsked
from domain.families.charity_support import ContactMade
from domain.families.family_contact import PromiseMade
from domain.families.protection import alert_stream
from domain.families.referral import MissingFound, MissingReported
from domain.families.supervision import SupervisionTold
from domain.intelligence.corroboration import Support
from domain.justice.arrest_to_result import ArrestMade, NoticeServed
from domain.kernel.codes import Clock
from domain.kernel.envelope import Event, Submission
from domain.kernel.values import ROLES, Denied, Grade, Handling, Reader, Refused, Role
from domain.people_and_teams.notifying import DueEscalated
from network.people.alerts import answer
from projections import due as view
from projections.data_protection import requests
from projections.due import DueFilter, DueItem
from projections.information.queue import NOT_SHOWN
from tests.commands.office import START, Office, prepared
from tests.rotation import todays
from tests.support.commands.release import reported
from tests.support.commands.safe_ways import HIS, Family

KNOWN = ("none-known",)
CLOSED = Handling("C", "A1", "S2", "ask us first")


def list_due_items(office: Office, reader: Reader | None = None, **asked: Any) -> list[DueItem]:
    now = office.desk.clock()
    return due.list_due(office.desk, reader or office.reader, now, DueFilter(**asked))


def only_due_item(office: Office, clock: Clock) -> DueItem:
    (found,) = list_due_items(office, clock=clock)
    assert found.clock == clock
    assert found.what == CLOCKS[clock].says
    return found


def assert_ended(office: Office, clock: Clock) -> None:
    assert list_due_items(office, clock=clock) == []


def in_role(office: Office, role: Role, name: str = "somebody") -> Reader:
    """Return a reader of the team Engage whose only role is `role`, as a reader on a store with
    accounts."""
    return msgspec.structs.replace(
        office.reader, name=name, closed=True, roles=frozenset({role}), teams=frozenset({"Engage"})
    )


# --- deadlines of log entries --------------------------------------------------------------------


@pytest.mark.usually_on("sqlite")
def test_words_wait_from_when_they_were_heard_until_somebody_decides(either: Office) -> None:
    told = START - timedelta(hours=5)
    item = either.words("He was at the arcade.", told=told)
    found = only_due_item(either, "words-waiting")
    assert (found.item, found.since, found.due) == (item, told, told + timedelta(hours=72))
    assert (found.whose, found.about, found.tier) == (
        "a detective of Engage",
        "He was at the arcade.",
        "practice",
    )
    observation.take(either.desk, either.somebody("ds.bell"), item)
    assert only_due_item(either, "words-waiting").owner == "ds.bell"
    observation.triage(either.desk, either.reader, item, "more-needed", "which arcade?")
    assert only_due_item(either, "words-waiting").item == item
    either.assessed(item)
    assert_ended(either, "words-waiting")


@pytest.mark.usually_on("sqlite")
def test_urgent_words_ring_and_are_so_again_when_urgency_is_lowered_and_raised(
    either: Office,
) -> None:
    item = either.words("He was at the arcade.", urgent_reason="she is there now")
    begun = only_due_item(either, "urgent-words")
    assert (begun.due, begun.tier) == (begun.since + timedelta(hours=1), "danger")
    assert begun.chain == ("supervisor", "dci")
    assert_ended(either, "words-waiting")
    either.later(2)
    assert [row.item for row in list_due_items(either, past=True, tier="danger")] == [item]
    observation.lower_urgency(either.desk, either.reader, item, "an old story")
    assert only_due_item(either, "urgent-words").id == begun.id
    either.agreed(item, "lower-urgency")
    assert only_due_item(either, "words-waiting").id == begun.id
    assert list_due_items(either, past=True) == []
    observation.raise_urgency(either.desk, either.reader, item, "after all")
    assert only_due_item(either, "urgent-words").overdue
    with pytest.raises(Refused, match=f"triage {item}"):
        due.answer(either.desk, either.reader, begun.id, "done", "seen")


def test_a_force_gives_words_another_time_here_and_in_the_queue(office: Office) -> None:
    item = office.words("He was at the arcade.")
    office.words("She is there now.", urgent_reason="now")
    office.desk.policy = replace(office.desk.policy, other=timedelta(minutes=30))
    office.later(0.75)
    (found,) = list_due_items(office, past=True)
    assert (found.item, found.due) == (item, found.since + timedelta(minutes=30))
    assert [row.clock for row in list_due_items(office)] == ["words-waiting", "urgent-words"]


# --- deadlines of a child and the family ---------------------------------------------------------


@pytest.mark.usually_on("sqlite")
def test_a_child_without_a_worker_and_a_rating_that_is_old(either: Office) -> None:
    case = either.case()
    found = only_due_item(either, "unallocated-child")
    assert (found.item, found.owner_role, found.about) == (
        case,
        "manager",
        "Case 1, Kayleigh Marlow",
    )
    casework.allocate(either.desk, either.reader, str(case), "csw.moss", "child")
    assert_ended(either, "unallocated-child")
    rated = only_due_item(either, "threshold-reassessment")
    later = either.later(24 * 30)
    casework.assess_threshold(either.desk, either.reader, str(case), "high", reason="seen")
    again = only_due_item(either, "threshold-reassessment")
    assert again.id == rated.id
    assert again.due - later == timedelta(days=92)
    either.closed(case)
    assert_ended(either, "threshold-reassessment")
    referral.receive(either.desk, either.reader, who=str(case), concern="seen again")
    assert only_due_item(either, "threshold-reassessment").item == case


@pytest.mark.usually_on("sqlite")
def test_a_missing_child_is_looked_at_again_until_found(either: Office) -> None:
    case = str(either.case())
    casework.report_missing(either.desk, either.reader, case, MissingReported())
    found = only_due_item(either, "missing-child")
    assert (found.tier, found.owner_role) == ("danger", "missing-coordinator")
    with pytest.raises(Refused, match="missing found"):
        due.answer(either.desk, either.reader, found.id, "done", "looked")
    until = either.later(2) + timedelta(hours=3)
    due.answer(either.desk, either.reader, found.id, "again", "officers at home", until=until)
    assert only_due_item(either, "missing-child").due == until
    casework.record_found(either.desk, either.reader, case, MissingFound())
    assert_ended(either, "missing-child")


def test_who_may_put_a_date_off_is_named_and_nobody_else_does(office: Office) -> None:
    case = office.case()
    casework.report_missing(office.desk, office.reader, str(case), MissingReported())
    found = only_due_item(office, "missing-child")
    until = office.later(2) + timedelta(hours=3)
    with pytest.raises(Denied, match="put off by: missing-coordinator"):
        due.answer(office.desk, in_role(office, "detective"), found.id, "again", "so", until=until)
    seniors = in_role(office, "manager")
    due.answer(office.desk, seniors, found.id, "again", "officers at home", until=until)
    assert only_due_item(office, "missing-child").owner == "somebody"
    rating = only_due_item(office, "threshold-reassessment")
    assert due.allowed_answers(in_role(office, "detective"), rating) == ()
    assert due.allowed_answers(in_role(office, "manager"), rating) == ("again",)


def test_what_is_due_says_of_which_family_or_worker_it_is(office: Office) -> None:
    """A due item shows the name of its family or worker, and not an id."""
    family, worker = Family(office), office.somebody("psw.ellis")
    case = str(family.case)
    casework.allocate(office.desk, office.reader, case, worker.name, "parents")
    promised = PromiseMade(family.case, "parents", "to ring her", date(2011, 4, 1))
    promise(office.desk, worker, promised, case)
    due_of = {row.clock: row.about for row in list_due_items(office)}
    assert due_of["promise"] == "Promise, Case 1, Kayleigh Marlow"
    assert due_of["supervision"] == due_of["charter"] == worker.name
    held = SupervisionTold(worker.name, "therapeutic", "held", START.date())
    supervision.record_supervision(office.desk, worker, held)
    theirs = list_due_items(office, in_role(office, "psw", worker.name))
    assert "charter" in {row.clock for row in theirs if row.about == worker.name}
    stranger = in_role(office, "psw", "psw.far")
    assert list_due_items(office, stranger) == []
    held = SupervisionTold("psw.gone", "line", "held", START.date())
    supervision.record_supervision(office.desk, office.reader, held)
    manager = in_role(office, "manager")
    for reader in (office.reader, manager):
        due_to = list_due_items(office, reader, clock="supervision")
        assert {row.about for row in due_to} >= {"psw.gone"}


@pytest.mark.usually_on("sqlite")
def test_a_silent_family_is_followed_up_and_silence_is_never_an_answer(either: Office) -> None:
    family = Family(either)
    assert_ended(either, "family-silence")
    case = str(family.case)
    casework.allocate(either.desk, either.reader, case, "psw.ellis", "parents")
    begun = only_due_item(either, "family-silence")
    assert (begun.item, begun.owner) == (family.case, "psw.ellis")
    assert begun.due - begun.since == timedelta(days=14)
    assert list_due_items(
        either, either.somebody("psw.ellis"), mine=True, clock="family-silence"
    ) == [begun]
    with pytest.raises(Refused, match="support contact"):
        due.answer(either.desk, either.reader, begun.id, "done", "all is quiet")
    met = either.later(24 * 10)
    family.contact("visit")
    since = only_due_item(either, "family-silence").since
    assert abs(since - met) < timedelta(seconds=1)
    old = ContactMade(family.case, "advocacy", "visit", "parent", happened=START)
    charity_support.make_contact(either.desk, either.reader, old)
    assert only_due_item(either, "family-silence").since == since, (
        "an earlier contact moves nothing"
    )
    office = ContactMade(family.case, "liaison", "meeting", "professional")
    either.later(24)
    charity_support.make_contact(either.desk, either.reader, office)
    assert only_due_item(either, "family-silence").since == since, "a meeting without them is none"


@pytest.mark.usually_on("sqlite")
def test_nobody_is_prompted_to_contact_a_family_that_a_suspect_may_hear(either: Office) -> None:
    family = Family(either).shared()
    casework.allocate(either.desk, either.reader, str(family.case), "psw.ellis", "parents")
    family.contact(to=HIS, done=True)
    assert_ended(either, "family-silence")
    found = only_due_item(either, "family-silence-unsafe")
    assert (found.owner, found.owner_role) == (None, "supervisor")
    assert "do not contact them" in found.what
    worker = either.somebody("psw.ellis")
    asked = {"mine": True, "clock": found.clock}
    assert list_due_items(either, in_role(either, "psw", worker.name), **asked) == []
    assert [row.id for row in list_due_items(either, in_role(either, "supervisor"), **asked)] == [
        found.id
    ]
    psw = msgspec.structs.replace(
        in_role(either, "psw", worker.name), cases=frozenset({family.case})
    )
    until = either.later() + timedelta(days=9)
    with pytest.raises(Denied, match="put off by: supervisor"):
        due.answer(either.desk, psw, found.id, "again", "later", until=until)


def test_a_way_that_became_unsafe_since_prompts_nobody_either(office: Office) -> None:
    family = Family(office)
    casework.allocate(office.desk, office.reader, str(family.case), "psw.ellis", "parents")
    family.contact("visit")
    assert only_due_item(office, "family-silence").owner == "psw.ellis"
    family.shared()
    (found,) = list_due_items(office, clock="family-silence")
    assert (found.clock, found.owner, found.owner_role) == (
        "family-silence-unsafe",
        None,
        "supervisor",
    )
    assert "do not contact them" in found.what


def test_what_goes_on_of_a_silent_family_goes_to_no_worker_where_a_way_became_unsafe(
    office: Office,
) -> None:
    """If a suspect may overhear calls to a family that has not been in contact, the overdue contact
    is due to a supervisor. No message then tells the worker to call the family."""
    family = Family(office)
    casework.allocate(office.desk, office.reader, str(family.case), "psw.ellis", "parents")
    family.contact("visit")
    family.shared()
    office.later(24 * 15)
    escalating.escalate(office.desk)
    silent = [
        fact.event
        for fact in office.facts()
        if isinstance(fact.event, DueEscalated) and fact.event.clock.startswith("family-silence")
    ]
    assert [(step.clock, step.role) for step in silent] == [("family-silence-unsafe", "supervisor")]


def test_what_prompts_a_contact_says_where_a_way_is_unsafe(office: Office) -> None:
    family = Family(office)
    observation.record(
        office.desk, office.reader, words="Out again", case=str(family.case), channel="sms"
    )
    promised = PromiseMade(family.case, "parents", "to ring her", date(2011, 4, 1))
    promise(office.desk, office.reader, promised, str(family.case))
    clocks: tuple[Clock, ...] = ("parent-answered", "promise")
    before = {clock: only_due_item(office, clock).what for clock in clocks}
    family.shared()
    for clock in clocks:
        (after,) = list_due_items(office, clock=clock)
        assert after.what == f"{before[clock]}; {NOT_THERE}"


@pytest.mark.usually_on("sqlite")
def test_an_unsafe_message_and_an_arrested_child_wait_for_an_answer(either: Office) -> None:
    family = Family(either).shared()
    desk, reader = either.desk, either.reader
    contact = family.contact(to=HIS, done=True).id
    (alert,) = family.alerts()
    found = only_due_item(either, "alert")
    assert (found.item, found.tier) == (family.case, "danger")
    assert alert.id == alert_stream(family.case, "unsafe-contact", contact)
    answer(desk, reader, str(alert.id), "acted", "told her")
    assert_ended(either, "alert")
    arrest = arrest_to_result.record(
        desk, reader, ArrestMade(UUID(family.child), family.case), because_of=KNOWN
    )
    found = only_due_item(either, "alert")
    assert (found.item, found.about) == (arrest.id, "Arrest: Kayleigh Marlow")
    of = alert_stream(family.case, "arrest-of-victim", arrest.id)
    answer(desk, reader, str(of), "acted", "released")
    assert_ended(either, "alert")


# --- notices, proposals, releases, the originator's consent --------------------------------------


def test_a_notice_is_queried_two_weeks_before_it_ends(office: Office) -> None:
    man, child = office.person(), office.person("Kay")
    made = NoticeServed(man, child, "s2-caa-1984", expires=date(2011, 5, 1))
    arrest_to_result.serve_notice(office.desk, office.reader, made, because_of=KNOWN)
    ending, asked = only_due_item(office, "notice-expiry"), only_due_item(office, "notice-renewal")
    assert ending.due - asked.due == timedelta(days=14)
    assert asked.about == "Notice: Baz"
    due.answer(office.desk, office.reader, asked.id, "done", "another one on Friday")
    assert_ended(office, "notice-renewal")
    soon = NoticeServed(man, child, "s2-caa-1984", expires=date(2011, 3, 25))
    arrest_to_result.serve_notice(office.desk, office.reader, soon, because_of=KNOWN)
    assert_ended(office, "notice-renewal")


def test_what_takes_two_waits_for_the_second(either: Office) -> None:
    case = either.case()
    two_person.close(either.desk, either.reader, str(case), "quiet since May")
    found = only_due_item(either, "proposal")
    assert (found.item, found.owner) == (case, None)
    assert list_due_items(either, mine=True, clock="proposal") == [], (
        "not by the person who proposed it"
    )
    assert list_due_items(either, either.somebody("di.moss"), mine=True, clock="proposal") == [
        found
    ]
    two_person.refuse(either.desk, either.somebody("di.moss"), case, "close", "too early")
    assert_ended(either, "proposal")


@pytest.mark.usually_on("sqlite")
def test_a_marked_release_waits_for_a_second_officer(either: Office) -> None:
    report = reported(either)
    sent = release.disseminate(
        either.desk, either.reader, report, "Team B", "safety", reason="the place is needed"
    )
    assert sent.proposed
    assert only_due_item(either, "release-proposal").item == report
    release.refuse(either.desk, either.somebody("di.moss"), report, "say it otherwise")
    assert_ended(either, "release-proposal")


@pytest.mark.usually_on("sqlite")
def test_consent_that_was_requested_is_answered_or_its_report_withdrawn(either: Office) -> None:
    reports = []
    for _ in range(2):
        item, grade = either.words(), Grade.parse("2A")
        why = Support(one_root="the test's own")
        told = intelligence_report.assess(
            either.desk, either.reader, item, grade, CLOSED, support=why
        )
        reports.append(told.id)
        intelligence_report.ask_consent(
            either.desk, either.somebody("dc.rowe"), item, "for a watch"
        )
    assert len(list_due_items(either, clock="consent")) == 2
    intelligence_report.give_consent(either.desk, either.reader, reports[0], None)
    assert only_due_item(either, "consent").item == reports[1]
    intelligence_report.withdraw(either.desk, either.reader, reports[1], "said in error")
    assert only_due_item(either, "consent").item == reports[1]
    either.agreed(reports[1], "withdraw-report")
    assert_ended(either, "consent")


# --- requests, searches, access to the record ----------------------------------------------------


@pytest.mark.usually_on("sqlite")
def test_somebody_who_asks_what_is_held_is_answered_in_a_month_or_three(either: Office) -> None:
    person = either.person()
    received = either.desk.clock()
    subject_request.receive(either.desk, either.reader, person, "Baz, with his passport", received)
    found = only_due_item(either, "access-request")
    assert (found.item, found.tier) == (person, "law")
    assert found.due == datetime(2011, 4, 18, 9, tzinfo=received.tzinfo)
    assert list_due_items(either, in_role(either, "psw")) == []
    with either.system.reading_with_access_log() as db:
        (request,) = requests.list_requests(db, either.reader)
    subject_request.extend(either.desk, either.reader, str(request.id), "much of it")
    assert only_due_item(either, "access-request").due == datetime(
        2011, 6, 18, 9, tzinfo=received.tzinfo
    )


@pytest.mark.usually_on("sqlite")
def test_the_clock_stops_while_the_subject_has_a_question_to_answer(either: Office) -> None:
    desk, reader, person = either.desk, either.reader, either.person()
    which = subject_request.receive(desk, reader, person, "Baz", desk.clock()).id
    before = only_due_item(either, "access-request").due
    either.later(24 * 2)
    subject_request.ask_subject(desk, reader, str(which), "clarification", "which school?", None)
    assert_ended(either, "access-request")
    asked = only_due_item(either, "access-request-asked")
    assert (asked.item, asked.due - asked.since) == (person, timedelta(days=14))
    with either.system.reading_with_access_log() as db:
        (row,) = requests.list_requests(db, reader)
    assert (row.asking, row.stopped) == (("clarification",), desk.clock().date())
    assert not row.late(either.later(24 * 60))
    subject_request.hear_subject(desk, reader, str(which), "clarification", None, None)
    assert_ended(either, "access-request-asked")
    assert only_due_item(either, "access-request").due == before + timedelta(days=61)
    with either.system.reading_with_access_log() as db:
        (row,) = requests.list_requests(db, reader)
    assert (row.asking, row.stopped, row.due) == ((), None, before + timedelta(days=61))


@pytest.mark.usually_on("sqlite")
def test_what_another_team_decides_stops_with_it(either: Office) -> None:
    desk, reader = either.desk, either.reader
    which = subject_request.receive(desk, reader, either.person(), "Baz", desk.clock()).id

    def recorded(*events: Event) -> None:
        version = desk.logs["access"].history(which)[-1].version
        given = facts(reader, which, version, events)
        body = Submission(uuid4(), desk.digest("request.part", repr(events)), given)
        desk.save([Prepared(which, {"access": body}, reader)])

    recorded(RequestPartAsked("Deter"), RequestPartAsked("North"))
    assert len(list_due_items(either, clock="access-request-part")) == 2
    subject_request.ask_subject(desk, reader, str(which), "identity", "a bill", None)
    assert list_due_items(either, clock="access-request-part") == []
    recorded(RequestPartAnswered("North"))
    subject_request.hear_subject(desk, reader, str(which), "identity", None, None)
    (part,) = list_due_items(either, clock="access-request-part")
    assert (part.team, part.due) == ("Deter", only_due_item(either, "access-request").due)


@pytest.mark.usually_on("sqlite")
def test_a_broken_glass_is_looked_at_by_somebody_else(either: Office) -> None:
    case = either.case()
    grant.break_glass(either.desk, either.reader, str(case), "she is in danger tonight")
    found = only_due_item(either, "glass-review")
    assert (found.item, found.due - found.since) == (case, timedelta(hours=24))
    assert found.whose == "a supervisor of its team"
    assert found not in list_due_items(either, mine=True)
    (row,) = list_due_items(either, either.somebody("di.moss"), mine=True, clock="glass-review")
    with either.system.reading_with_access_log() as db:
        (opened,) = grant.list_grants(db, either.reader, either.desk.clock())
    assert opened.due == row.due
    second = either.somebody("di.moss")
    grant.review(either.desk, second, str(opened.id), "justified", "it was needed at once")
    assert_ended(either, "glass-review")


# --- the list of due items --------------------------------------------------------------------


def test_a_page_and_a_count_are_parts_of_the_whole_list(either: Office) -> None:
    for number in range(7):
        either.words(f"words {number}", told=START - timedelta(hours=12 * number))
    person = either.person()
    subject_request.receive(either.desk, either.reader, person, "Baz", either.desk.clock())
    every = list_due_items(either)
    assert len(every) == 8
    assert every == sorted(every, key=lambda row: row.due)
    now = either.desk.clock()
    for skip in range(0, 9, 3):
        part, total = due.page(either.desk, either.reader, now, DueFilter(), skip=skip, most=3)
        assert part == every[skip : skip + 3]
        assert total == 8
    late, total = due.page(either.desk, either.reader, now, DueFilter(past=True), most=50)
    assert [row.overdue for row in late] == [True] * total
    assert [row.overdue for row in every].count(True) == total


def test_what_went_past_after_a_moment(office: Office) -> None:
    first = office.words("first", told=START - timedelta(hours=73))
    second = office.words("second", told=START - timedelta(hours=71))
    since = office.desk.clock()
    office.later(3)
    assert [row.item for row in list_due_items(office, past=True)] == [first, second]
    assert [row.item for row in list_due_items(office, past=True, past_since=since)] == [second]


# --- which users are notified -------------------------------------------------------------------


def due_by_most_clocks(office: Office) -> None:
    """Record facts that start most kinds of deadline for the team Engage."""
    family = Family(office).shared()
    desk, reader, case = office.desk, office.reader, str(family.case)
    casework.allocate(desk, reader, case, "psw.ellis", "parents")
    casework.report_missing(desk, reader, case, MissingReported())
    family.contact(to=HIS, done=True)
    office.words("She is there now.", urgent_reason="now")
    two_person.close(desk, reader, str(office.case("Ann Field")), "quiet")
    release.disseminate(desk, reader, reported(office), "Team B", "safety", reason="it is needed")
    subject_request.receive(desk, reader, UUID(family.child), "Kayleigh Marlow", desk.clock())
    grant.break_glass(desk, reader, case, "she is in danger tonight")


EVERYTHING = prepared("clocks", due_by_most_clocks)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def everything(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """Yield a store that has a due item of most kinds of deadline; the tests run once with each
    database."""
    url = request.getfixturevalue("copy_url") if request.param == "postgres" else None
    with EVERYTHING(tmp_path / "store", url) as (office, _):
        yield office


@pytest.mark.usually_on("sqlite")
def test_nobody_learns_of_what_is_due_in_another_team(everything: Office) -> None:
    """No role of another team is shown a due item, in a list or by its id. Each role tries the ids
    of a third of the items each day, and together the roles try all of them."""
    every = {"auditor", "dci", "intelligence-officer", "source-handler"}
    rows = list_due_items(everything)
    assert len(rows) > 10
    for number, role in enumerate(ROLES):
        far = msgspec.structs.replace(
            in_role(everything, role), team="Deter", teams=frozenset({"Deter"})
        )
        if role not in every:
            assert list_due_items(everything, far) == [], role
            now = everything.desk.clock()
            assert due.page(everything.desk, far, now, DueFilter(), most=10) == ([], 0), role
        theirs = {row.id for row in list_due_items(everything, far)}
        with everything.system.reading_with_access_log() as db:
            for row in todays(rows, shift=number):
                found = {row.id} & theirs
                assert (view.get(db, far, row.id) is not None) == bool(found), role
                assert view.named(db, far, str(row.id)) == [*found], role


@pytest.mark.usually_on("sqlite")
def test_an_arrest_that_rings_for_a_child_tells_another_team_of_no_case(either: Office) -> None:
    """If the arrest of a man causes an alert about another team's child, the alert does not name
    the case in which the arrest was recorded."""
    family = Family(either)
    deter = msgspec.structs.replace(either.reader, team="Deter")
    other = entity.record_person(either.desk, deter, name="K. Marlow", known=True).id
    arrest = arrest_to_result.record(either.desk, deter, ArrestMade(other), because_of=KNOWN).id
    far, both = (
        msgspec.structs.replace(in_role(either, "detective"), teams=frozenset(teams))
        for teams in (("Deter",), ("Deter", "Engage"))
    )
    identity.judge(either.desk, both, str(other), family.child, "same", "one date of birth")
    assert [row.item for row in list_due_items(either, clock="alert")] == [arrest]
    assert [row.item for row in list_due_items(either, both, clock="alert")] == [arrest]
    assert list_due_items(either, far, clock="alert") == []


@pytest.mark.usually_on("sqlite")
def test_each_is_informed_what_their_role_may_know(everything: Office) -> None:
    def told(role: Role) -> set[Clock]:
        return {row.clock for row in list_due_items(everything, in_role(everything, role))}

    lead, worker = told("manager"), told("detective")
    assert {"family-silence-unsafe", "access-request", "glass-review"} <= lead
    assert not {"family-silence-unsafe", "access-request", "glass-review"} & worker
    assert {"urgent-words", "words-waiting", "missing-child", "alert", "proposal"} <= worker
    assert "release-proposal" in worker - lead
    assert told("evaluator") == told("administrator") == set()
    family = next(row.item for row in list_due_items(everything, clock="missing-child"))
    hers = msgspec.structs.replace(in_role(everything, "psw"), cases=frozenset({family}))
    arrest_to_result.record(
        everything.desk,
        everything.reader,
        ArrestMade(
            next(row.item for row in list_due_items(everything, clock="access-request")), family
        ),
        because_of=KNOWN,
    )
    worker_told = {row.clock for row in list_due_items(everything, hers)}
    assert {"missing-child", "family-silence-unsafe"} <= worker_told
    assert not {"proposal", "release-proposal", "access-request"} & worker_told
    assert len(list_due_items(everything, clock="alert")) == 2
    assert len(list_due_items(everything, hers, clock="alert")) == 1, (
        "told to those who may know it"
    )
    manager = list_due_items(everything, in_role(everything, "manager"), clock="urgent-words")
    (about,) = (row.about or "" for row in manager)
    assert re.fullmatch(rf"Log entry, \d+ \w+ \d+ {re.escape(NOT_SHOWN)}", about), "no word of them"

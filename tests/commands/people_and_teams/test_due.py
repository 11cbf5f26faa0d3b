"""An item becomes due on the date that a user sets. A sample of "no value" decisions is drawn for
an audit, in which a second person checks each decision."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args
from uuid import UUID, uuid4

import msgspec
import pytest
from msgspec.structs import replace

from commands.erasure import retention
from commands.families import casework, missing
from commands.information import observation
from commands.justice import arrest_to_result
from commands.kernel.unit_of_work import Receipt
from commands.people_and_teams import due
from domain.clocks import CLOCKS, TIERS
from domain.families.referral import (
    MissingFound,
    MissingReported,
    ReturnInterviewRecorded,
    WithholdingWeighed,
)
from domain.information.observation import NoValueAudited
from domain.justice.arrest_to_result import NoticeServed, ResultRecorded
from domain.kernel.codes import Clock, DueAnswer
from domain.kernel.values import ROLES, Hidden, Reader, Refused
from domain.people_and_teams.deadline import DueAnswered, last_moment
from projections import due as view
from projections.due import DueFilter, DueItem
from projections.information import feedback, queue
from questions.intelligence import meeting_decisions
from questions.intelligence.brief_aloud import DUE, read_out
from tests.commands.office import START, Office
from tests.support.commands.due import a_note

KNOWN = ("none-known",)


def listed(office: Office, reader: Reader | None = None, **asked: Any) -> list[DueItem]:
    with office.system.reading() as db:
        return view.listed(db, reader or office.reader, office.desk.clock(), DueFilter(**asked))


def answer(office: Office, one: UUID, said: DueAnswer, by: str = "ds.bell", **told: Any) -> Receipt:
    reason = told.pop("reason", "looked at")
    return due.answer(office.desk, office.somebody(by), one, said, reason, **told)


def drawn(office: Office) -> UUID:
    """Record an entry that one person decided to be of no value, and whose decision is in the
    sample for the audit; return the entry's id."""
    office.desk.policy = replace(office.desk.policy, no_value_sample=1)
    item = office.words("He was at the arcade again.")
    reader = office.somebody("ds.hart")
    observation.triage(office.desk, reader, item, "no-value", "nothing in it")
    return item


def is_waiting(office: Office, item: UUID) -> bool:
    with office.system.reading() as db:
        row = queue.get(db, office.reader, item)
    return row is not None and row.waiting


# --- the table of deadlines -------------------------------------------------------------------


def test_every_clock_says_what_begins_it_where_its_rule_is_and_to_whom_it_goes() -> None:
    faults = []
    for clock in get_args(Clock):
        rule = CLOCKS[clock]
        holds = {
            "what it says": rule.says,
            "what begins it": rule.begins,
            "where its rule stands": rule.source,
            "a tier": rule.tier in TIERS,
            "to whom it goes": rule.chain,
            "roles that there are": {rule.role, *rule.chain, *rule.extends} <= set(ROLES),
            "others after the one whose it is": rule.role not in rule.chain,
            "each once": len(set(rule.chain)) == len(rule.chain),
        }
        faults += [f"{clock} lacks {what}" for what, so in holds.items() if not so]
    assert not faults, "\n".join(faults)


# --- deadlines of a missing child who returned ---------------------------------------------------


@pytest.mark.usually_on("sqlite")
def test_a_return_interview_is_due_72_hours_after_the_child_was_found(either: Office) -> None:
    office, case = either, str(either.case())
    casework.report_missing(office.desk, office.reader, case, MissingReported())
    found = office.later(20)
    office.later(4)  # the return is recorded some hours after it happened
    casework.record_found(office.desk, office.reader, case, MissingFound(found=found))
    (one,) = listed(office, clock="return-interview")
    assert (one.clock, one.owner, one.owner_role) == (
        "return-interview",
        None,
        "missing-coordinator",
    )
    assert (one.escalates_to, one.chain, one.tier) == ("manager", ("manager", "dci"), "law")
    assert one.due == found + timedelta(hours=72)
    with pytest.raises(Refused, match="missing interview"):
        answer(office, one.id, "done")
    offered = ReturnInterviewRecorded("offered", "v.reed")
    casework.record_interview(office.desk, office.reader, case, offered)
    assert listed(office, clock="return-interview") == [one]
    office.later(30)
    casework.report_missing(office.desk, office.reader, case, MissingReported())
    office.later(10)
    casework.record_found(office.desk, office.reader, case, MissingFound())
    (again,) = listed(office, clock="return-interview")
    assert again == one, "a second night away puts nothing off"
    declined = ReturnInterviewRecorded("declined", "v.reed")
    casework.record_interview(office.desk, office.reader, case, declined)
    assert listed(office, clock="return-interview") == []


@pytest.mark.usually_on("sqlite")
def test_what_a_child_asked_waits_a_day_for_a_supervisor_and_is_never_dropped(
    either: Office,
) -> None:
    office, case = either, str(either.case())
    casework.report_missing(office.desk, office.reader, case, MissingReported())
    casework.record_found(office.desk, office.reader, case, MissingFound())
    asked = ReturnInterviewRecorded("held", "v.reed", told_before=True, withhold="her phone")
    at = office.later(2)
    casework.record_interview(office.desk, office.reader, case, asked)
    (one,) = listed(office, clock="withheld-words")
    assert (one.clock, one.owner, one.owner_role) == ("withheld-words", None, "supervisor")
    assert one.since >= at
    assert one.due - one.since == timedelta(hours=24)
    with pytest.raises(Refused, match="missing confidence"):
        answer(office, one.id, "done")
    missing.weigh(
        office.desk, office.reader, case, WithholdingWeighed("kept-back", "it names nobody")
    )
    assert listed(office, clock="withheld-words") == []


@pytest.mark.usually_on("sqlite")
def test_a_plan_comes_back_for_review_until_it_is_written_anew(either: Office) -> None:
    office, case = either, str(either.case())
    missing.write_plan(office.desk, office.reader, case, "her aunt", date(2011, 4, 1))
    (one,) = listed(office, clock="missing-plan-review")
    assert (one.clock, one.owner) == ("missing-plan-review", office.reader.name)
    assert one.due == last_moment(date(2011, 4, 1))
    with pytest.raises(Refused, match="missing plan"):
        answer(office, one.id, "again")
    office.later(24 * 20)
    assert listed(office, clock="missing-plan-review")[0].overdue
    missing.write_plan(office.desk, office.reader, case, "her aunt", date(2011, 9, 1))
    (again,) = listed(office, clock="missing-plan-review")
    assert (again.id, again.overdue) == (one.id, False)


# --- the decisions drawn for an audit ------------------------------------------------------------


@pytest.mark.usually_on("sqlite")
def test_a_drawn_decision_is_listed_for_a_second_person_and_for_nobody_else(
    either: Office,
) -> None:
    item = drawn(either)
    (one,) = listed(either)
    assert (one.clock, one.item, one.owner, one.owner_role) == (
        "no-value-audit",
        item,
        None,
        "detective",
    )
    assert one.due - one.since == timedelta(days=7)
    assert one.because[0].startswith(str(item))
    assert listed(either, either.somebody("ds.hart"), mine=True) == []
    assert listed(either, either.somebody("ds.bell"), mine=True) == [one]
    with pytest.raises(Refused, match="another person has to audit it"):
        answer(either, one.id, "agree", by="ds.hart")
    with pytest.raises(
        Refused,
        match="answer the audit with agree, or with assess if the entry should have been assessed",
    ):
        answer(either, one.id, "done")
    assert not is_waiting(either, item)


@pytest.mark.parametrize("said", ["agree", "assess"])
def test_the_second_person_agrees_or_sends_it_back_into_the_queue(
    either: Office, said: DueAnswer
) -> None:
    item = drawn(either)
    (one,) = listed(either)
    command = uuid4()
    receipt = answer(either, one.id, said, command_id=command)
    assert receipt.id == item
    assert answer(either, one.id, said, command_id=command) == receipt
    assert len(either.events(NoValueAudited)) == 1
    assert listed(either, clock="no-value-audit") == []
    assert is_waiting(either, item) is (said == "assess")
    with either.system.reading() as db:
        (became,) = feedback.list_sent(db, either.reader, "ds.hart")
    assert became.state == ("received" if said == "assess" else "no-value")
    with pytest.raises(Hidden):
        answer(either, one.id, said)
    if said == "assess":
        either.assessed(item)
        assert not is_waiting(either, item)


def test_what_was_assessed_or_withdrawn_meanwhile_waits_for_no_audit(office: Office) -> None:
    first, second = drawn(office), drawn(office)
    assert len(listed(office)) == 2
    office.assessed(first)
    office.withdrawn(second, "said in error")
    assert listed(office) == []


def test_one_decided_again_by_another_is_audited_by_the_first(office: Office) -> None:
    item = drawn(office)
    observation.triage(office.desk, office.somebody("ds.bell"), item, "no-value", "still nothing")
    (one,) = listed(office)
    with pytest.raises(Refused, match="another person has to audit it"):
        answer(office, one.id, "agree", by="ds.bell")
    answer(office, one.id, "agree", by="ds.hart")


def test_a_detective_of_the_team_sees_the_words_that_wait_for_their_audit(office: Office) -> None:
    item = drawn(office)
    teams = frozenset({"Engage"})
    ours = msgspec.structs.replace(
        office.reader, name="dc.reed", closed=True, roles=frozenset({"detective"}), teams=teams
    )
    far = msgspec.structs.replace(ours, team="Deter", teams=frozenset({"Deter"}))
    (one,) = listed(office, ours, mine=True)
    assert listed(office, far) == []
    with pytest.raises(Hidden):
        due.answer(office.desk, far, one.id, "agree", "looked at")
    with office.system.reading() as db:
        seen = queue.get(db, ours, item)
    assert seen
    assert seen.words == "He was at the arcade again."
    due.answer(office.desk, ours, one.id, "agree", "looked at")


# --- dates that users set ---------------------------------------------------------------------


def a_notice(office: Office) -> UUID:
    made = NoticeServed(
        office.person(), office.person("Kay"), "s2-caa-1984", expires=date(2011, 5, 1)
    )
    return arrest_to_result.serve_notice(office.desk, office.reader, made, because_of=KNOWN).id


def no_action(office: Office, review: date | None = None) -> UUID:
    person = office.person()
    made = ResultRecorded("nfa-no-suspect", person, review_due=review)
    assert arrest_to_result.record(office.desk, office.reader, made, because_of=KNOWN).proposed
    return office.agreed(person, "no-further-action").id


def restricted(office: Office) -> UUID:
    item = office.words("disputed")
    retention.restrict(office.desk, office.reader, [item], "disputed", ground="part-3-s47-2")
    return item


def retained(office: Office) -> UUID:
    person = office.person()
    retention.decide_review(
        office.desk,
        office.reader,
        str(person),
        "retain",
        "still needed",
        until=last_moment(date(2011, 5, 1)),
    )
    return person


MAY_1 = datetime(2011, 5, 1, 23, 0, tzinfo=UTC)  # midnight of this day in London, in summer time


@pytest.mark.parametrize(
    ("make", "clock", "when"),
    [
        (a_note, "opinion-review", MAY_1),
        (a_notice, "notice-expiry", MAY_1),
        (lambda o: no_action(o, date(2011, 5, 1)), "no-action-review", MAY_1),
        (no_action, "no-action-review", START + timedelta(days=182)),
        (restricted, "restriction-review", START + timedelta(days=182)),
        (retained, "retention-review", MAY_1),
    ],
)
def test_a_date_comes_back_on_its_day_and_is_answered_or_comes_again(
    office: Office, make: Any, clock: Clock, when: datetime
) -> None:
    item = make(office)
    (one,) = listed(office, clock=clock)
    confirmed = clock == "no-action-review"
    assert (one.clock, one.item, one.owner, one.what) == (
        clock,
        item,
        "di.moss" if confirmed else "ds.hart",
        CLOCKS[clock].says,
    )
    assert abs(one.due - when) < timedelta(seconds=1)
    assert listed(office, past=True, clock=clock) == []
    office.system.clock.given_time = when + timedelta(minutes=1)
    assert [each.overdue for each in listed(office, past=True, clock=clock)] == [True]
    with pytest.raises(Refused, match="answer the deadline with done, or with again and the"):
        answer(office, one.id, "agree")
    for wrong in ({"until": None}, {"until": when}):
        with pytest.raises(Refused):
            answer(office, one.id, "again", **wrong)
    later = when + timedelta(days=30)
    answer(office, one.id, "again", until=later)
    (again,) = listed(office, clock=clock)
    assert (again.due, again.owner, again.overdue) == (later, "ds.bell", False)
    answer(office, one.id, "done")
    assert listed(office, clock=clock) == []
    assert [event.answer for event in office.events(DueAnswered)] == ["again", "done"]


def test_a_restriction_that_is_lifted_is_no_longer_reviewed(either: Office) -> None:
    item = restricted(either)
    clocks = {each.clock for each in listed(either)}
    assert clocks == {"restriction-review", "words-waiting"}, "what is due goes on"
    retention.unrestrict(either.desk, either.reader, [item], "settled")
    assert [each.clock for each in listed(either)] == ["words-waiting"]


def test_a_list_is_one_persons_or_a_teams(office: Office) -> None:
    a_note(office)
    assert [one.clock for one in listed(office, owner="ds.hart")] == ["opinion-review"]
    assert len(listed(office, team="Engage")) == 3
    assert listed(office, owner="ds.bell") == listed(office, team="Deter") == []
    assert "opinion-review" not in {
        one.clock for one in listed(office, office.somebody("ds.bell"), mine=True)
    }


@pytest.mark.parametrize("day", [date(2011, 3, 27), date(2011, 10, 30), date(2011, 1, 1)])
def test_a_day_is_over_at_midnight_in_london(day: date) -> None:
    over = last_moment(day)
    assert (over.hour, over.minute, over.date()) == (0, 0, day + timedelta(days=1))


def test_a_brief_reads_out_the_soonest_of_a_kind_and_says_that_there_is_more(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("arcade", "bus station", "market", "park"):
        office.words(f"He was at the {place}.")
        office.later()

    def told(most: int) -> tuple[list[str], bool]:
        monkeypatch.setattr(meeting_decisions, "MOST", most)
        with office.system.reading() as db:
            found = read_out(office.desk, db, office.reader, None, office.desk.clock())
        asked = [one.words.rpartition(" the ")[2] for one in found.wanted]
        return asked, DUE in found.notes

    assert told(3) == (["arcade.", "bus station.", "market."], True)
    assert told(4) == (["arcade.", "bus station.", "market.", "park."], False)


def test_what_is_due_about_workers_takes_no_place_in_a_brief(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A brief shows only the soonest due items, and deadlines about workers are not among them."""
    monkeypatch.setattr(meeting_decisions, "MOST", 2)
    for number in range(3):
        case = office.case(f"Child {number}")
        casework.allocate(office.desk, office.reader, str(case), f"psw.{'abc'[number]}", "parents")
    office.later(300)
    with office.system.reading() as db:
        asked = DueFilter(clock="charter")
        assert len(view.listed(db, office.reader, office.desk.clock(), asked)) == 3
        found = read_out(office.desk, db, office.reader, None, office.desk.clock())
    assert [one.words.partition(":")[0] for one in found.wanted] == [
        "Contact a family and ask how they are"
    ] * 2

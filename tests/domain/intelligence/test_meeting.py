"""At a meeting, each decision has a basis and an owner, and the owner's role permits it."""

from datetime import UTC, date, datetime
from typing import get_args

import pytest
from msgspec import structs

from domain.intelligence import meeting
from domain.intelligence.meeting import (
    BoardKept,
    Decided,
    ItemAdded,
    Meeting,
    MeetingCalled,
    MeetingCalledOff,
    MeetingDecision,
    MeetingHeld,
    ResultTold,
)
from domain.kernel.codes import Doer, Task
from domain.kernel.values import Role
from tests.domain.given import Given, uid

MEETING, CASE, MAN = map(uid, range(1, 4))
DAY, TODAY = datetime(2011, 3, 18, 9, tzinfo=UTC), date(2011, 3, 18)
BEFORE = datetime(2011, 3, 17, 9, tzinfo=UTC)
RESTS = (str(MAN),)

nothing = Given(Meeting(), meeting.evolve)
called = nothing.after(MeetingCalled("weekly-brief", DAY, "Engage", "ds.hart"))
HELD = MeetingHeld(("ds.hart", "psw.ellis"), (CASE,))
held = called.after(HELD)
SEE_THEM = Decided(MEETING, "see the parents", "contact-family", "psw.ellis", TODAY, case=CASE)


def test_a_meeting_is_held_once_it_has_begun() -> None:
    called.when(meeting.hold, HELD, DAY).then(HELD)
    called.when(meeting.hold, HELD, BEFORE).refused("this meeting is in the future")
    called.when(meeting.hold, MeetingHeld(()), DAY).refused("say who attended the meeting")
    held.when(meeting.hold, HELD, DAY).refused(
        "this meeting took place already, and its minutes are recorded"
    )
    nothing.when(meeting.hold, HELD, DAY).refused("there is no meeting with this id")


def test_a_meeting_that_is_called_off_decides_nothing() -> None:
    off = MeetingCalledOff("snow")
    called.when(meeting.call_off, MeetingCalledOff(" ")).refused(
        "say why the meeting does not take place"
    )
    held.when(meeting.call_off, off).refused("this meeting took place already")
    gone = called.when(meeting.call_off, off).then(off)
    gone.when(meeting.hold, HELD, DAY).refused("called off")
    gone.when(meeting.decide, SEE_THEM, RESTS, (), TODAY).refused("called off")
    gone.when(meeting.add_item, ItemAdded(MEETING, "the car")).refused("called off")


def test_anybody_of_the_team_puts_something_on_the_agenda_before_it() -> None:
    item = ItemAdded(MEETING, "the silver car", about=MAN)
    called.when(meeting.add_item, item).then(item)
    called.when(meeting.add_item, ItemAdded(MEETING, " ")).refused(
        "say what the meeting will discuss"
    )
    both = ItemAdded(MEETING, "both", CASE, MAN)
    called.when(meeting.add_item, both).refused("not both")
    held.when(meeting.add_item, item).refused("put the item on the agenda of the next meeting")


def test_a_decision_says_on_what_it_rests_and_whose_it_is_by_when() -> None:
    held.when(meeting.decide, SEE_THEM, RESTS, ("psw",), TODAY).then(SEE_THEM)
    held.when(meeting.decide, SEE_THEM, ("none-known",), ("psw",), TODAY).then(SEE_THEM)
    held.when(meeting.decide, SEE_THEM, (), ("psw",), TODAY).refused(
        "give the log entry, report, link or outcome on which the decision is based, or none-known"
    )
    wrong = {"words": "say what the meeting decided", "owner": "say who carries out the decision"}
    for field, why in wrong.items():
        one = structs.replace(SEE_THEM, **{field: " "})
        held.when(meeting.decide, one, RESTS, (), TODAY).refused(why)
    late = structs.replace(SEE_THEM, by=date(2011, 3, 17))
    held.when(meeting.decide, late, RESTS, (), TODAY).refused(
        "the day by which the decision is carried out is past"
    )
    called.when(meeting.decide, SEE_THEM, RESTS, (), BEFORE.date()).refused(
        "this meeting is in the future"
    )


@pytest.mark.parametrize("task", sorted(meeting.POLICE))
def test_a_task_of_the_police_is_an_officers_alone(task: Task) -> None:
    """A task that only the police may do is refused if its owner is not an officer. The report says
    of parents: "they were never put in a position of having to undertake police tasks".
    """
    one = structs.replace(SEE_THEM, task=task)
    held.when(meeting.decide, one, RESTS, ("detective",), TODAY).then(one)
    others: tuple[Role, ...] = ("psw", "charity-worker", "social-worker", "manager")
    for role in others:
        when = held.when(meeting.decide, one, RESTS, (role,), TODAY)
        when.refused("a task of the police")
    for doer in get_args(Doer)[1:]:
        asked = structs.replace(one, doer=doer)
        when = held.when(meeting.decide, asked, RESTS, ("detective",), TODAY)
        when.refused("a parent or a child never has one")
        held.when(meeting.decide, asked, RESTS, (), TODAY).refused("a task of the police")


def test_what_would_make_a_covert_source_of_them_goes_to_its_own_check() -> None:
    for task in meeting.COVERT:
        one = structs.replace(SEE_THEM, task=task, doer="parent")
        held.when(meeting.decide, one, RESTS, (), TODAY).refused("source drift due")


def test_a_support_worker_has_tasks_of_support() -> None:
    one = structs.replace(SEE_THEM, task="placement")
    held.when(meeting.decide, one, RESTS, ("social-worker",), TODAY).then(one)
    held.when(meeting.decide, one, RESTS, ("psw",), TODAY).refused("tasks of support")
    asked = structs.replace(one, doer="parent")
    held.when(meeting.decide, asked, RESTS, ("social-worker",), TODAY).refused("tasks of support")


def test_every_task_is_somebodys() -> None:
    agency = {"assess-need", "return-interview", "health", "placement", "school", "share"}
    assert {*meeting.SUPPORT, *meeting.POLICE, *agency} == set(get_args(Task))
    assert not meeting.SUPPORT & meeting.POLICE


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ask mum to keep an eye on the silver car", "keep an eye on"),
        ("she stays with it, keeping him talking", "keeping him talking"),
        ("Find out where he lives", "Find out"),
        ("get her to ask who he is", "get her to ask"),
        ("take photos of the car", "take photos"),
        ("visit twice a week and ring daily", None),
        ("explain how to note a number plate that she sees", None),
        ("ask the school for her attendance", None),
    ],
)
def test_words_that_ask_for_more_than_support_are_seen(words: str, found: str | None) -> None:
    assert meeting.reads_as_police(structs.replace(SEE_THEM, words=words)) == found
    police = structs.replace(SEE_THEM, words=words, task="find-out")
    assert meeting.reads_as_police(police) is None, "it says itself what it is"


def test_a_result_is_reported_once_and_may_be_under_way_before() -> None:
    taken = Given(MeetingDecision(), meeting.decision).after(SEE_THEM)
    under_way = ResultTold("under-way", "they are away until Monday")
    done = ResultTold("done", "seen at home", (MAN,))
    told = taken.when(meeting.tell_result, under_way).then(under_way)
    over = told.when(meeting.tell_result, done).then(done)
    over.when(meeting.tell_result, done).then()
    over.when(meeting.tell_result, ResultTold("not-done", "no")).refused(
        "the result of this decision was recorded already"
    )
    taken.when(meeting.tell_result, ResultTold("done", " ")).refused(
        "say what resulted from the decision, or why nothing did"
    )
    Given(MeetingDecision(), meeting.decision).when(meeting.tell_result, done).refused(
        "there is no decision of a meeting with this id"
    )


def test_a_board_that_was_shown_names_what_stood_on_it() -> None:
    board = BoardKept(MEETING, "map", "who meets at the kebab shop", (MAN,), CASE)
    held.when(meeting.keep_board, board).then(board)
    held.when(meeting.keep_board, structs.replace(board, title=" ")).refused(
        "say what the chart shows"
    )
    held.when(meeting.keep_board, structs.replace(board, shown=())).refused(
        "name the people or things that the chart showed"
    )
    nothing.when(meeting.keep_board, board).refused("there is no meeting with this id")


def test_a_family_that_was_invited_came_or_it_is_said_why_not() -> None:
    """Requirement X7: the record of a meeting says that an invited family came, or why the family
    did not come.
    """
    conference = MeetingCalled("child-protection-conference", DAY, "Engage", "mgr.lund")
    called = Given(Meeting(), meeting.evolve).after(conference)
    later = datetime(2011, 3, 18, 11, tzinfo=UTC)
    called.when(meeting.hold, MeetingHeld(("mgr.lund",)), later).refused(
        "say which members of the family attended, or why none of them did"
    )
    held = MeetingHeld(("mgr.lund",), (), "her mother came, her father was not told of it")
    called.when(meeting.hold, held, later).then(held)

"""The list of people for a meeting's decision puts children first, computes no score, and uses only
facts that the reader may see.
"""

from datetime import UTC, datetime, timedelta

from msgspec import structs

from domain.intelligence.for_decision import (
    AGAIN,
    BoardLink,
    Facts,
    FollowUp,
    ImmediateDanger,
    Looked,
    Suspect,
    TakenDecision,
    board,
    items_in_facts,
    within,
)
from domain.kernel.values import PoleCategory
from tests.domain.given import uid

NOW = datetime(2011, 3, 18, 9, tzinfo=UTC)
ASH, BIRCH, CEDAR, CLOVER, DAISY, CAR, PHONE, CASE, WORDS, TASK = map(uid, range(1, 11))


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def man(number: int, *categories: PoleCategory, child: bool = False) -> Suspect:
    return Suspect(uid(number), categories or ("suspect",), child, True)


def board_link(
    link: int, person: int, other: int = 4, days: float = 1, **told: object
) -> BoardLink:
    first = BoardLink(
        uid(100 + link), uid(person), uid(other), "child", "association", "intelligence", "2B",
        link, False, ago(days),
    )  # fmt: skip
    return structs.replace(first, **told)


def decision_taken(days: float, due: float, **told: object) -> TakenDecision:
    return structs.replace(TakenDecision(ASH, TASK, "dc.rowe", ago(-due), ago(days), None), **told)


MISSING = ImmediateDanger(CLOVER, CASE, CASE, "missing", ago(0.2))


def test_children_in_danger_come_first_then_what_is_overdue_oldest_first() -> None:
    people = tuple(man(number) for number in (1, 2, 3, 11))
    ties = (
        board_link(1, 1, 4, 1),
        board_link(2, 2, 5, 8),
        board_link(3, 3, 5, 20),
        board_link(4, 11, 5, 3),
    )
    found = board(Facts(people, ties, (MISSING,)), NOW).lines
    assert [(one.person, one.group) for one in found] == [
        (ASH, "danger-now"),
        (CEDAR, "overdue"),
        (BIRCH, "overdue"),
        (uid(11), "waiting"),
    ]


def test_a_decision_takes_somebody_off_the_board_until_something_is_new_or_it_is_late() -> None:
    alone = Facts((man(1),), (board_link(1, 1, days=20),), taken=(decision_taken(10, due=2),))
    assert not board(alone, NOW).lines
    assert [one.owner for one in board(alone, NOW).decided] == ["dc.rowe"]
    (again,) = board(structs.replace(alone, ties=(*alone.ties, board_link(2, 1, 5, 3))), NOW).lines
    assert (again.group, again.since) == ("waiting", ago(3))
    (late,) = board(structs.replace(alone, taken=(decision_taken(10, due=-1),)), NOW).lines
    assert (late.group, late.since, late.taken) == ("overdue", ago(1), decision_taken(10, due=-1))
    done = structs.replace(alone, taken=(decision_taken(10, due=-1, state="done"),))
    assert not board(done, NOW).lines
    (endangered,) = board(structs.replace(done, dangers=(MISSING,)), NOW).lines
    assert endangered.group == "danger-now"


def test_convicted_young_and_cleared_people_and_victims_stand_apart() -> None:
    people = (
        *(man(1, "suspect", "eliminated"), man(2, "convicted"), man(3, child=True)),
        man(11, "suspect", "victim"),
    )
    told = board(Facts(people, tuple(board_link(one, one) for one in (1, 2, 3, 11))), NOW)
    assert not told.lines
    assert [one.why for one in told.apart] == ["convicted", "under-18", "victim", "eliminated"]


def test_what_speaks_against_it_and_what_is_missing_stand_with_their_items() -> None:
    ties = (
        board_link(1, 1, root=7),
        board_link(2, 1, root=7, grade="2E", undermined=True),
        board_link(3, 1, 6, what="vehicle", kind="driver-of"),
        board_link(4, 1, 7, what="phone", kind="uses", seen=NOW),
    )
    stopped = (FollowUp(ASH, TASK, "nfa-no-account", ago(9)),)
    facts = Facts((man(1),), ties, looked=(Looked(CLOVER, CASE, (), (WORDS,)),), followed=stopped)
    (line,) = board(facts, NOW).lines
    assert {one.what: one.ids for one in line.against} == {
        "suspected-false": (uid(102),),
        "undermined": (uid(102),),
        "one-root": (uid(101), uid(102)),
        "no-further-action": (TASK,),
    }
    assert {gap.what: gap.ids for gap in line.gaps} == {
        "phone-unread": (PHONE,),
        "plate": (CAR,),
        "address": (),
        "second-root": (uid(101), uid(102)),
        "exhibit": (CASE,),
    }
    assert (line.grade, line.roots, line.last_seen) == ("2B", 1, NOW)
    assert line.role == ("association", "driver-of", "uses")
    whole = structs.replace(ties[2], whole=True)
    read = structs.replace(ties[3], stage="evidence")
    (line,) = board(structs.replace(facts, ties=(*ties[:2], whole, read)), NOW).lines
    assert [gap.what for gap in line.gaps][:1] == ["address"]


def test_no_further_action_that_is_opened_again_is_news_and_speaks_against_nothing() -> None:
    stopped = FollowUp(ASH, CASE, "nfa-other", ago(9))
    again = FollowUp(ASH, CASE, AGAIN, ago(2))
    facts = Facts(
        (man(1),), (board_link(1, 1, 4, 20),), followed=(stopped,), taken=(decision_taken(5, 3),)
    )
    found = board(facts, NOW)
    assert (found.lines, len(found.decided)) == ((), 1)
    (line,) = board(structs.replace(facts, followed=(stopped, again)), NOW).lines
    assert line.since == again.when
    assert line.status == ("suspect", "identified", "nfa-other", AGAIN)
    assert "no-further-action" not in {one.what for one in line.against}


def test_a_board_follows_from_what_its_reader_sees() -> None:
    """A reader of the stored list for a meeting sees the same list as if the store did not contain
    the items that are hidden from this reader."""
    looked = Looked(CLOVER, CASE, (), ())
    facts = Facts((man(1), man(2)), (board_link(1, 1), board_link(2, 2, 5)), (MISSING,), (looked,))
    poorer = Facts((man(1), man(2)), (board_link(2, 2, 5),))
    without = items_in_facts(facts) - {CLOVER}
    assert within(facts, without, {CASE}) == within(poorer, without, {CASE})
    assert board(within(facts, without, {CASE}), NOW) == board(poorer, NOW)
    assert within(facts, items_in_facts(facts), {CASE}) == facts
    assert not within(facts, items_in_facts(facts), ()).looked

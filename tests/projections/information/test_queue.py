"""The assessment queue shows which entries wait, in which order, and since when they are
overdue.
"""

from datetime import timedelta

import msgspec
import pytest

from domain.information.observation import (
    ObservationAssessed,
    ObservationRead,
    ObservationRefiled,
    ObservationTaken,
    ObservationTriaged,
    ObservationWithdrawn,
    Outcome,
    UrgencyLowered,
    UrgencyRaised,
)
from domain.kernel.values import Role
from projections.information import queue
from projections.information.queue import Clocks
from tests.projections.plans import plans
from tests.projections.tale import READER, Tale, Views, hour

CLOCKS = Clocks()


def test_the_most_urgent_comes_first(views: Views, tale: Tale) -> None:
    late = tale.words("old", told=hour(-100))
    plain = tale.words("plain")
    signs = tale.words("he is outside now")
    tale.tell(ObservationRead("v1", (), ("with-suspect-now",)), about=signs)
    raised = tale.words("raised later")
    tale.tell(UrgencyRaised("she is missing"), about=raised)
    told_so = tale.words("urgent", urgent=True, told=hour(-1))
    with views.of(tale) as db:
        found = queue.queue(db, READER, hour(20), CLOCKS)
    assert [item.id for item in found] == [told_so, raised, signs, late, plain]
    assert [item.urgent for item in found] == [True, True, True, False, False]
    assert found[2].proposed == ("with-suspect-now",)


def test_due_runs_from_when_a_worker_was_informed(views: Views, tale: Tale) -> None:
    told = tale.words(told=hour(-10), at=hour(0))
    tale.words(at=hour(1))
    with views.of(tale) as db:
        at = hour(62)
        first, second = queue.queue(db, READER, at, CLOCKS)
        assert (first.id, first.told, first.learned) == (told, hour(-10), hour(0))
        assert (first.due, first.overdue, first.age_hours) == (hour(62), False, 72.0)
        assert second.told == second.learned == hour(1)
        later = at + timedelta(microseconds=1)
        late = queue.queue(db, READER, later, CLOCKS, overdue_only=True)
        assert [item.id for item in late] == [told]
        assert queue.queue(db, READER, at, CLOCKS, overdue_only=True) == []


def test_only_a_lowering_takes_read_signs_off_the_urgent_clock(views: Views, tale: Tale) -> None:
    one = tale.words(told=hour(0))
    tale.tell(ObservationRead("v1", (), ("threat",)), about=one)
    with views.of(tale) as db:
        (item,) = queue.queue(db, READER, hour(2), CLOCKS)
        assert (item.urgent, item.due, item.overdue) == (True, hour(1), True)
    tale.tell(UrgencyLowered("seen at home"), about=one, by="ds.hart")
    with views.of(tale) as db:
        (item,) = queue.queue(db, READER, hour(2), CLOCKS)
        assert (item.urgent, item.due) == (False, hour(72))
    tale.tell(ObservationRead("v1", (), ("injury",)), about=one)
    with views.of(tale) as db:
        (item,) = queue.queue(db, READER, hour(2), CLOCKS)
        assert (item.urgent, item.raised, item.proposed) == (True, False, ("threat", "injury"))
    tale.tell(UrgencyRaised("gone again"), about=one)
    with views.of(tale) as db:
        (item,) = queue.queue(db, READER, hour(2), CLOCKS)
        assert (item.urgent, item.due) == (True, hour(1))


@pytest.mark.parametrize(
    ("outcome", "waits"),
    [
        ("assess", True),
        ("more-needed", True),
        ("refer", False),
        ("safeguard", False),
        ("no-value", False),
    ],
)
def test_a_final_decision_takes_it_off_the_queue(
    sqlite_views: Views, tale: Tale, outcome: Outcome, waits: bool
) -> None:
    one = tale.words()
    tale.tell(ObservationTriaged(outcome, "reason", sampled=True), about=one, by="ds.hart")
    with sqlite_views.of(tale) as db:
        assert [i.outcome for i in queue.queue(db, READER, hour(9), CLOCKS)] == [outcome] * waits
        row = queue.get(db, READER, one)
    assert row is not None
    assert (row.outcome, row.decided_by, row.sampled) == (outcome, "ds.hart", True)


def test_assessed_and_withdrawn_leave_and_a_second_decision_may_bring_back(
    views: Views, tale: Tale
) -> None:
    assessed, withdrawn, again = tale.words(), tale.words(), tale.words()
    tale.graded(assessed)
    tale.tell(ObservationWithdrawn("a mistake"), about=withdrawn)
    tale.tell(ObservationTriaged("no-value", "gossip"), about=again)
    tale.tell(ObservationTriaged("assess", "audited"), about=again)
    tale.tell(ObservationTriaged("assess", "too late"), about=assessed)
    with views.of(tale) as db:
        assert [item.id for item in queue.queue(db, READER, hour(9), CLOCKS)] == [again]


def test_taking_names_who_has_it_and_refiling_moves_it(views: Views, tale: Tale) -> None:
    wrong, right = tale.case(), tale.case()
    one = tale.words(case=wrong)
    tale.tell(ObservationTaken(), about=one, by="ds.hart")
    with views.of(tale) as db:
        (item,) = queue.queue(db, READER, hour(9), CLOCKS)
        assert (item.taken_by, item.case) == ("ds.hart", wrong)
        assert queue.undecided_in(db, READER, wrong) == [one]
        assert queue.undecided_in(db, READER, right) == []
    tale.tell(ObservationRefiled(right, wrong), about=one)
    with views.of(tale) as db:
        assert queue.undecided_in(db, READER, wrong) == []
        assert queue.undecided_in(db, READER, right) == [one]
    tale.tell(ObservationAssessed(tale.new(), 1), about=one)
    with views.of(tale) as db:
        assert queue.undecided_in(db, READER, right) == []


def test_an_urgent_item_that_nobody_took_in_time_goes_to_who_is_on_call(
    views: Views, tale: Tale
) -> None:
    clocks = Clocks(on_call="the duty inspector")
    one = tale.words(urgent=True, told=hour(0))
    with views.of(tale) as db:
        assert [item.goes_to for item in queue.queue(db, READER, hour(1), clocks)] == [None]
        assert [item.goes_to for item in queue.queue(db, READER, hour(2), clocks)] == [
            "the duty inspector"
        ]
    tale.tell(ObservationTaken(), about=one, by="ds.hart")
    with views.of(tale) as db:
        assert [item.goes_to for item in queue.queue(db, READER, hour(2), clocks)] == [None]


@pytest.mark.usually_on("sqlite")
def test_what_waits_of_the_few_of_a_worker_is_found_from_those(views: Views, tale: Tale) -> None:
    """A worker's first page counts the waiting entries of the worker's own families without reading
    the whole queue."""
    whose = {"roles": frozenset[Role]({"psw"}), "teams": frozenset({"Engage"})}
    worker = msgspec.structs.replace(READER, name="psw.ellis", closed=True, **whose)
    tale.words(by="psw.ellis")
    with views.of(tale) as db:
        with plans(db) as asked:
            assert queue.tally(db, worker, hour(2), CLOCKS).waiting == 1
            assert len(queue.page(db, worker, hour(2), CLOCKS, limit=5)[0]) == 1
        assert len(asked) >= 4
        for plan in asked:
            assert "queue_by_open" not in plan


@pytest.mark.usually_on("sqlite")
def test_what_is_not_late_is_not_looked_through_to_count_what_is(views: Views, tale: Tale) -> None:
    tale.words(told=hour(-100))
    tale.words()
    with views.of(tale) as db:
        with plans(db) as asked:
            assert queue.tally(db, READER, hour(2), CLOCKS) == queue.QueueTally(2, 1, 0)
        late = [plan for plan in asked if "told<?" in plan]
        assert late
        assert all(plan.count("(open=? AND rank=? AND told<?)") == 3 for plan in late)

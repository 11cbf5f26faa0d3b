"""Tables show the number, rating, workers and missing episodes of each case, and a case can be
found in them."""

from collections import Counter, defaultdict
from datetime import UTC, datetime
from random import Random

import pytest
import sqlalchemy as sa

from domain.data_protection.retention import RestrictionLifted, RestrictionPlaced
from domain.families.referral import (
    CaseClosed,
    CaseReopened,
    ExitAssessed,
    MissingFound,
    MissingReported,
    ReferralReceived,
    ThresholdAssessed,
    WorkerAllocated,
)
from domain.kernel.envelope import Event
from projections.families import cases
from projections.families.cases import CaseRow, LoadRow
from projections.kernel.database import Db
from tests.projections.plans import plans
from tests.projections.tale import READER, Tale, Views, hour


def test_numbers_are_dense_in_the_order_of_the_log(views: Views, tale: Tale) -> None:
    opened = []
    for reference in ("ENG-7", None, "ENG-3"):
        opened.append(tale.case(reference))
        # each case is read in a batch of its own, and still gets the next number
        views.follow(tale)
    with views.of(tale) as db:
        listed = cases.list_cases(db, READER)
    assert [(row.number, row.case) for row in listed] == list(enumerate(opened, start=1))


def test_a_case_is_found_by_reference_number_and_id(views: Views, tale: Tale) -> None:
    first, second = tale.case("Eng-014"), tale.case("1")
    with views.of(tale) as db:
        assert cases.find(db, READER, " ENG-014 ") == first
        assert cases.find(db, READER, "2") == second
        assert cases.find(db, READER, "1") == second, "a team's own reference beats the number"
        assert cases.find(db, READER, str(first)) == first
        assert cases.find(db, READER, str(second)[-8:]) == second
        assert cases.by_reference(db, READER, "2") is None
        for text in ("", "9", "ENG", "²", "9" * 30, str(first)[-5:]):
            assert cases.find(db, READER, text) is None


def test_an_ending_that_two_cases_share_finds_none(views: Views, tale: Tale) -> None:
    one = tale.case()
    twin = type(one)(int=one.int ^ (1 << 100))
    tale.tell(tale.log.facts[1].event, about=twin)
    with views.of(tale) as db:
        assert cases.find(db, READER, str(one)[-8:]) is None


def test_a_case_holds_what_was_decided_last(views: Views, tale: Tale) -> None:
    case = tale.case("ENG-1")
    tale.tell(
        ReferralReceived(),
        ThresholdAssessed("high", "lmh-2013/1"),
        WorkerAllocated("csw.moss", "child"),
        WorkerAllocated("psw.ellis", "parents"),
        ThresholdAssessed("medium", "lmh-2013/2"),
        ExitAssessed("protected", "moved away"),
        CaseClosed("mgr.lund", 0, "done"),
        about=case,
    )
    with views.of(tale) as db:
        row = cases.get(db, READER, case)
        assert row is not None
        assert (row.referrals, row.threshold, row.definition) == (2, "medium", "lmh-2013/2")
        assert (row.worker_child, row.worker_parents) == ("csw.moss", "psw.ellis")
        assert (row.exit, row.closed) == ("protected", tale.log.facts[-1].recorded)
        assert cases.list_cases(db, READER) == []
    tale.tell(CaseReopened("a new referral came in"), about=case)
    with views.of(tale) as db:
        assert [row.case for row in cases.list_cases(db, READER)] == [case]


def test_what_is_filed_under_a_case_is_its_last_activity(views: Views, tale: Tale) -> None:
    case = tale.case()
    views.follow(tale)
    tale.words(case=case, at=hour(50))
    with views.of(tale) as db:
        row = cases.get(db, READER, case)
    assert row is not None
    assert row.last_activity == hour(50)


@pytest.mark.parametrize(
    ("since", "found", "nights"),
    [
        ("2011-03-18T23:00", "2011-03-19T01:00", 1),
        ("2011-03-18T01:00", "2011-03-18T22:00", 0),
        ("2011-03-18T20:00", "2011-03-21T08:00", 3),
        # in summer, midnight in London is 23:00 UTC
        ("2011-06-18T22:30", "2011-06-18T23:30", 1),
        # the recorded return is earlier than the departure
        ("2011-03-19T01:00", "2011-03-18T23:00", 0),
    ],
)
def test_a_night_missing_is_a_midnight_by_the_clock_on_the_wall(
    sqlite_views: Views, tale: Tale, since: str, found: str, nights: int
) -> None:
    def at(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    case = tale.case()
    tale.tell(MissingReported(at(since)), about=case)
    with sqlite_views.of(tale) as db:
        row = cases.get(db, READER, case)
    assert row is not None
    assert (row.missing, row.missing_since) == (True, at(since))
    tale.tell(MissingFound(at(found)), about=case)
    with sqlite_views.of(tale) as db:
        row = cases.get(db, READER, case)
    assert row is not None
    assert (row.missing, row.missing_since, row.nights_missing) == (False, None, nights)


def test_unallocated_are_the_open_cases_without_any_worker(views: Views, tale: Tale) -> None:
    waiting, had, closed = tale.case(), tale.case(), tale.case()
    tale.tell(WorkerAllocated("psw.ellis", "parents"), about=had)
    tale.tell(CaseClosed("mgr.lund", 0, "a double"), about=closed)
    with views.of(tale) as db:
        assert [row.case for row in cases.unallocated(db, READER)] == [waiting]


def test_figures_of_open_cases_are_those_of_the_list(views: Views, tale: Tale) -> None:
    workers = ("psw.ellis", "sw.lane", "gone.away")
    told = [tale.case() for _ in range(9)]
    for number, case in enumerate(told):
        if number % 3:
            tale.tell(WorkerAllocated(workers[number % 2], "parents"), about=case)
        if number % 4 == 3:
            tale.tell(WorkerAllocated(workers[2], "child"), about=case)
        if number % 5 == 0:
            tale.tell(MissingReported(hour(1)), about=case)
    tale.tell(CaseClosed("mgr.lund", 0, "a double"), about=told[0])
    with views.of(tale) as db:
        rows = cases.list_cases(db, READER)
        own = [{row.worker_child, row.worker_parents} - {None} for row in rows]
        load = cases.load(db, READER)
        assert load.cases == len(rows) == 8
        assert dict(load.by_worker) == Counter(one for each in own for one in each)
        assert dict(load.by_team) == Counter(row.team for row in rows)
        assert cases.missing(db, READER) == [row for row in rows if row.missing]
        for working in ({"psw.ellis"}, {"psw.ellis", "sw.lane"}, set(workers), set()):
            nobody = [row for row in rows if row.worker_parents not in working]
            assert cases.unallocated(db, READER, working) == nobody
            assert cases.unallocated(db, READER, working, 2) == nobody[:2]
            assert cases.unallocated_count(db, READER, working) == len(nobody)
        assert cases.children(db, READER).keys() == {*told}
        for asked in (
            cases.CaseFilter(),
            cases.CaseFilter(every=True),
            cases.CaseFilter(missing=True),
        ):
            whole = cases.list_cases(db, READER, asked)
            assert cases.page(db, READER, asked, 2, 3) == (whole[2:5], len(whole))
        without = cases.CaseFilter(unallocated=True, working=frozenset(workers))
        assert cases.page(db, READER, without, 0, 2)[0] == cases.list_cases(db, READER, without)[:2]


@pytest.mark.parametrize("seed", range(4))
def test_what_workers_carry_is_counted_whatever_comes_next(
    views: Views, tale: Tale, seed: int
) -> None:
    """The number of cases of each worker is right after any sequence of facts, even if several
    facts of one case are read together or a fact is read twice."""
    draw, told = Random(seed), [tale.case(team=team) for team in ("Engage", "Deter", "Engage")]
    for number in range(120):
        case = draw.choice(told)
        change: Event = draw.choice(
            [
                ThresholdAssessed(draw.choice(["low", "high"]), "lmh-2013/1"),
                WorkerAllocated(draw.choice(WORKERS), draw.choice(["child", "parents"])),
                CaseClosed("mgr.lund", 0, "done"),
                CaseReopened("a new referral came in"),
            ]
        )
        placed = draw.choice([RestrictionPlaced, RestrictionLifted])
        if draw.random() < 0.3:
            tale.tell(placed(case, "a reason"))
        else:
            tale.tell(change, about=case)
        if not draw.randrange(12) or number == 119:
            views.follow(tale, views=[cases.VIEW])
            with views.engine.connect() as db:
                assert cases.families(db, READER) == carried(db)
                assert not db.execute(
                    sa.select(LoadRow.table).where(LoadRow.table.c.cases < 1)
                ).all()


WORKERS = ("psw.ellis", "sw.lane", "csw.moss")


def carried(db: Db) -> dict[str, Counter[str]]:
    """Return how many open cases of each rating each worker has, computed by reading the cases one
    by one."""
    found = defaultdict[str, Counter[str]](Counter)
    for row in db.execute(sa.select(CaseRow.table)):
        for worker in {row.worker_child, row.worker_parents} - {None}:
            found[worker][row.threshold] += row.closed is None and not row.restricted
    kept = {worker: +levels for worker, levels in found.items()}
    return {worker: levels for worker, levels in kept.items() if levels}


def test_of_views_that_kept_no_rating_each_case_is_counted(views: Views, tale: Tale) -> None:
    """If an older release stored a worker's cases without their ratings, the ratings are computed
    case by case until the tables are rebuilt."""
    case = tale.case()
    tale.tell(
        ThresholdAssessed("high", "lmh-2013/1"), WorkerAllocated("sw.lane", "child"), about=case
    )
    views.follow(tale)
    with views.engine.begin() as db:
        # the rows of such old views count as unrated
        db.execute(sa.update(LoadRow.table).values(threshold="0"))
    lacking = {"case_load": frozenset({"threshold"})}
    with views.engine.connect().execution_options(lacking=lacking) as db:
        assert cases.families(db, READER) == {"sw.lane": Counter(high=1)}
        assert cases.load(db, READER).by_worker == (("sw.lane", 1),)


def test_a_childs_open_case_comes_before_a_closed_one(views: Views, tale: Tale) -> None:
    open_case = tale.case()
    child = tale.log.facts[0].stream
    later = tale.tell(tale.log.facts[1].event)
    tale.tell(CaseClosed("mgr.lund", 0, "a double"), about=later)
    with views.of(tale) as db:
        assert cases.of_child(db, READER, child) == open_case
        assert cases.of_child(db, READER, open_case) is None


@pytest.mark.usually_on("sqlite")
def test_the_cases_of_a_worker_are_found_by_the_worker(views: Views, tale: Tale) -> None:
    """The cases of a worker are looked up in a database index by the worker's name, because every
    page on which a worker records needs them."""
    case = tale.case()
    tale.tell(WorkerAllocated("psw.ellis", "parents"), about=case)
    with views.of(tale) as db:
        with plans(db) as asked:
            assert [row.case for row in cases.worked_by(db, READER, "psw.ellis")] == [case]
        assert "cases_by_worker_child" in asked[0]
        assert "cases_by_worker_parents" in asked[0]

"""A user's due decisions about silent hits (searches that matched another team's child) equal a
slow computation from all hits: their pages, their counts and the names in them."""

from collections import Counter
from datetime import timedelta
from itertools import product
from random import Random
from typing import Any
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa

from access.who_may import scope
from domain.data_protection.access_log import ContactDecided, SearchTouched
from domain.kernel.values import Reader
from projections.intelligence import silent_hits
from projections.kernel import runner
from projections.kernel.batch import RowBatch
from tests.projections.plans import plans
from tests.projections.tale import READER, Tale, Views, hour

NOW = hour(40)
TEAMS = ("Engage", "Elsewhere")
WORKERS = ("psw.ellis", "sw.khan")


def reader(name: str, *roles: str, teams: tuple[str, ...], cases: tuple[UUID, ...] = ()) -> Reader:
    told = {"roles": frozenset(roles), "teams": frozenset(teams), "cases": frozenset(cases)}
    return msgspec.structs.replace(READER, name=name, team=teams[0], closed=True, **told)


def test_pages_and_counts_are_the_list_cut_and_the_list_is_what_was_reported(
    views: Views, tale: Tale
) -> None:
    draw, looks = Random(3), Tale(made=1_000)
    cases = [(tale.case(team=team), team) for team in TEAMS * 4]
    told: dict[UUID, tuple[SearchTouched, str, str]] = {}
    decided: set[UUID] = set()
    for number in range(120):
        case, team = draw.choice(cases)
        workers = tuple(worker for worker in WORKERS if draw.random() < 0.4)
        by, of = draw.choice(("dc.a", "dc.b", "dc.c")), draw.choice(("Far", "Further"))
        met = SearchTouched(case, case, team, workers)
        told[looks.tell(met, by=by, team=of, at=hour(number / 4))] = met, by, of
        if number % 3 == 0:
            hit = draw.choice([one for one in told if one not in decided])
            looks.tell(ContactDecided("contact", "hers"), about=hit, at=hour(number / 4))
            decided.add(hit)
    few = tuple(case for case, _ in cases[:3])
    readers = [
        reader("mgr.far", "manager", teams=("Engage",)),
        reader("mgr.both", "manager", "supervisor", teams=("Engage", "Elsewhere")),
        reader("psw.ellis", "psw", teams=("Deter",), cases=few),
        reader("psw.ellis", "psw", teams=("Engage",), cases=few),
        reader("aud.it", "auditor", teams=("Deter",)),
        READER,
    ]
    runner.catch_up(views.engine, [silent_hits.VIEW], tale.logs | {"access": looks.log})
    sizes = []
    with views.of(tale) as db:
        for who, late in product(readers, (False, True)):
            every = silent_hits.list_due_decisions(db, who, NOW, overdue_only=late)
            sizes.append(len(every))
            assert silent_hits.count(db, who, NOW, overdue_only=late) == len(every)
            assert silent_hits.count(db, who, NOW, overdue_only=late, most=9) == min(len(every), 10)
            for skip, most in ((0, 5), (4, 7), (30, 500)):
                part = silent_hits.list_due_decisions(
                    db, who, NOW, overdue_only=late, skip=skip, most=most
                )
                assert part == every[skip : skip + most]
            assert every == sorted(every, key=lambda one: (one.searched, one.id))
            assert {one.id: one.times for one in every} == _owed_slowly(db, who, decided, late=late)
            for one in every:
                met, by, of = told[one.id]
                assert (one.case, one.searcher, one.searcher_team) == (met.case, by, of)
                assert silent_hits.find(db, who, one.id.hex[-8:]) == one.id
    assert len(set(sizes)) > 4, sizes
    assert min(sizes) == 0


@pytest.mark.usually_on("sqlite")
def test_of_a_case_that_many_searches_met_one_hit_is_read(views: Views, tale: Tale) -> None:
    """If many searches matched a case, the program reads only the last hit of each searcher to
    decide whether a decision is due."""
    with views.of(tale) as db:
        if db.dialect.name != "sqlite":
            pytest.skip("PostgreSQL reads so few rows from one end to the other")
        looks, said = Tale(made=1_000), list[str]()
        looks.tell(SearchTouched(tale.case(), tale.case(), "Engage", ()), by="dc.a")
        driver: Any = db.connection.driver_connection
        driver.set_trace_callback(said.append)
        silent_hits.apply(looks.log.facts[0], RowBatch(db))
        driver.set_trace_callback(None)
        (read,) = (one for one in said if "FROM main.hits" in one)
        ((*_, plan),) = db.exec_driver_sql(f"EXPLAIN QUERY PLAN {read}").all()
        assert "hits_by_case_searcher_earlier (case=? AND searcher=? AND earlier=?)" in plan


def test_how_often_somebody_searched_again_is_kept_and_not_counted(
    views: Views, tale: Tale
) -> None:
    with views.of(tale) as db, plans(db) as how:
        silent_hits.list_due_decisions(db, READER, NOW, most=5)
    assert how
    assert not [plan for plan in how if "earlier" in plan]


def _owed_slowly(
    db: sa.Connection, who: Reader, decided: set[UUID], *, late: bool
) -> dict[UUID, int]:
    """Return the due decisions about silent hits, each with the number of searches to decide about,
    computed by reading all hits."""
    rows = [silent_hits.HitRow(*row) for row in db.execute(sa.select(silent_hits.HitRow.table))]
    teams = who.teams if who.closed else {who.team}
    seen = scope.visible_items(db, who, {row.case for row in rows})
    waiting = [row for row in rows if row.hit not in decided]
    again = Counter(row.earlier for row in waiting)
    return {
        row.hit: 1 + again[row.hit]
        for row in waiting
        if row.earlier is None
        and (row.team in teams or who.name in row.workers)
        and row.case in seen
        and (not late or NOW - row.at > timedelta(hours=24))
    }

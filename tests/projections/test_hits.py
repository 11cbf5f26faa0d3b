"""What is owed about searches that met something: pages, counts and names, beside the whole told
slowly."""

from collections import Counter
from datetime import timedelta
from itertools import product
from random import Random
from uuid import UUID

import msgspec
import sqlalchemy as sa

from domain.consultation import ContactDecided, SearchTouched
from domain.values import Reader
from projections import hits, runner
from tests.projections.tale import READER, Tale, Views, hour

NOW = hour(40)
TEAMS = ("Engage", "Elsewhere")
WORKERS = ("psw.ellis", "sw.khan")


def reader(name: str, *roles: str, teams: tuple[str, ...], cases: tuple[UUID, ...] = ()) -> Reader:
    told = {"roles": frozenset(roles), "teams": frozenset(teams), "cases": frozenset(cases)}
    return msgspec.structs.replace(READER, name=name, team=teams[0], closed=True, **told)


def test_pages_and_counts_are_the_list_cut_and_the_list_is_what_was_told(
    views: Views, tale: Tale
) -> None:
    draw, looks = Random(3), Tale(made=1_000)
    cases = [(tale.case(team=team), team) for team in TEAMS * 4]
    told: dict[UUID, tuple[SearchTouched, str, str]] = {}
    decided: set[UUID] = set()
    for number in range(120):
        case, team = draw.choice(cases)
        workers = tuple(one for one in WORKERS if draw.random() < 0.4)
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
    runner.catch_up(views.engine, [hits.VIEW], tale.logs | {"access": looks.log})
    sizes = []
    with views.of(tale) as db:
        for who, late in product(readers, (False, True)):
            every = hits.owed(db, who, NOW, overdue_only=late)
            sizes.append(len(every))
            assert hits.count(db, who, NOW, overdue_only=late) == len(every)
            assert hits.count(db, who, NOW, overdue_only=late, most=9) == min(len(every), 10)
            for skip, most in ((0, 5), (4, 7), (30, 500)):
                part = hits.owed(db, who, NOW, overdue_only=late, skip=skip, most=most)
                assert part == every[skip : skip + most]
            assert all(NOW - one.searched > timedelta(hours=24) for one in every if late)
            theirs = who.teams if who.closed else {who.team}
            assert every == sorted(every, key=lambda one: (one.searched, one.id))
            for one in every:
                met, by, of = told[one.id]
                assert met.team in theirs or who.name in met.workers
                assert (one.case, one.searcher, one.searcher_team) == (met.case, by, of)
                assert one.id not in decided
                assert hits.find(db, who, one.id.hex[-8:]) == one.id
        undecided = {one for one in told if one not in decided}
        again = Counter(row.earlier for row in _rows(db) if row.hit in undecided)
        wide = hits.owed(db, readers[1], NOW)
        assert {one.id: one.times for one in wide} == {
            row.hit: 1 + again[row.hit]
            for row in _rows(db)
            if row.hit in undecided and row.earlier is None
        }
    assert len(set(sizes)) > 4, sizes
    assert min(sizes) == 0


def _rows(db: sa.Connection) -> list[hits.HitRow]:
    return [hits.HitRow(*row) for row in db.execute(sa.select(hits.HitRow.table))]

"""For every reader, each stored figure equals a count of the single items that the access rules let
the reader see.
"""

from collections import Counter
from datetime import timedelta
from random import Random

import msgspec
import pytest
from msgspec.structs import replace

from access.who_may import scope
from commands.families import casework, referral
from commands.information import observation, withdrawal
from commands.intelligence import intelligence_report
from domain.kernel.values import Grade, Handling, Reader, Role
from projections.families import cases
from projections.information import continuum
from projections.kernel.database import Db
from tests.access.staff import Staff
from tests.commands.office import Office, Place, prepared
from tests.fuzz import TIMES

TEAMS = ("Deter", "Freedom", "Engage")
ROLES: tuple[tuple[Role, ...], ...] = (
    ("detective",),
    ("manager",),
    ("supervisor", "manager"),
    ("intelligence-officer",),
    ("social-worker",),
    ("auditor",),
    ("psw",),
    ("disclosure-officer",),
    ("manager", "disclosure-officer"),
    ("dci",),
)


def _worked(office: Office) -> tuple[str, ...]:
    """Record log entries of three teams: graded, withdrawn, filed in another case, or in a case of
    another team. Add a user of each role, and return the names of these users."""
    desk, draw = office.desk, Random(5)
    tick = office.system.clock
    teams = {one: msgspec.structs.replace(office.reader, team=one) for one in TEAMS}
    families = [
        referral.receive(desk, teams[one], child=f"Child {one}").id for one in TEAMS for _ in "ab"
    ]
    for number in range(40):
        team = teams[draw.choice(TEAMS)]
        case = str(draw.choice(families)) if draw.random() < 0.7 else None
        item = observation.record(desk, team, words=f"words {number}", case=case).id
        assert tick.given_time
        tick.given_time += timedelta(minutes=draw.choice((1, 47, 600, 9_000)))
        what = draw.choice(("", "grade", "refile", "both", "withdraw"))
        if what in ("grade", "both"):
            intelligence_report.assess(desk, team, item, Grade("A", "2"), Handling("P"))
        tick.given_time += timedelta(minutes=draw.choice((1, 47, 600, 9_000)))
        if what in ("refile", "both"):
            other = draw.choice([one for one in families if str(one) != case])
            observation.refile(desk, team, item, str(other), "the other family")
        if what == "withdraw":
            observation.take(desk, replace(team, name="ds.moss"), item)
            withdrawal.words(desk, team, item, "a mistake", "parent-wishes", "no")
    staff = Staff(office)
    names = []
    for at, team_name in enumerate(TEAMS):
        for roles in ROLES if TIMES > 1 else ROLES[at :: len(TEAMS)]:
            names.append(f"{'.'.join(roles)}.{team_name}".lower())
            staff.hire(names[-1], *roles, teams=[team_name])
    # this team has a manager and a social worker in every run of the tests
    second = TEAMS[1].lower()
    manager, family = staff.now(f"manager.{second}"), families[2]
    casework.allocate(desk, manager, str(family), f"social-worker.{second}", "child")
    return tuple(names)


WORKED = prepared("figures", _worked)


def test_kept_figures_are_those_of_each_item(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with WORKED(*place) as (office, names):
        staff = Staff(office)
        readers = [scope.unlimited(office.reader)]
        readers += [_with_cases(office, staff.now(name)) for name in names]
        readers += [staff.now(name) for name in names]
        with office.system.reading() as db:
            loads = [cases.load(db, one) for one in readers]
            assert loads == [_load(db, one) for one in readers]
            kept = [(continuum.counts(db, one), continuum.dwell(db, one)) for one in readers]
            assert sum(scope.figures(one) is not None for one in readers) > len(readers) // 2
            assert any(
                scope.sees_little(one) and any(continuum.counts(db, one).values())
                for one in readers
            )
            monkeypatch.setattr(scope, "figures", lambda reader: None)
            monkeypatch.setattr(continuum, "_few_items", lambda *_: None)
            each = [(continuum.counts(db, one), continuum.dwell(db, one)) for one in readers]
    assert kept == each
    assert len({str(one) for one in kept}) > len(TEAMS)


def _load(db: Db, reader: Reader) -> cases.Load:
    """Return the numbers of open cases by team and by worker, counted from the list of the cases
    that this reader sees.
    """
    teams: Counter[str] = Counter()
    workers: Counter[str] = Counter()
    for case in cases.list_cases(db, reader):
        teams[case.team] += 1
        workers.update({one for one in (case.worker_child, case.worker_parents) if one})

    def ordered(found: Counter[str]) -> tuple[tuple[str, int], ...]:
        return tuple(sorted(found.items(), key=lambda one: (-one[1], one[0])))

    return cases.Load(teams.total(), ordered(teams), ordered(workers))


def _with_cases(office: Office, reader: Reader) -> Reader:
    """Return this reader with two of the store's cases assigned, whichever teams the cases belong
    to.
    """
    with office.system.reading() as db:
        every = sorted(case for case, _ in cases.of_teams(db))
    return msgspec.structs.replace(reader, cases=frozenset(every[1:4:2]))

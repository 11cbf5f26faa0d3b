"""If a process is killed with kill -9 at any moment, no acknowledged record is lost or doubled.

Each kind of work is killed a few times, and hundreds of times with `make changed` (FUZZ > 1).
"""

import os
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from domain.data_protection.erasure import ErasureCertified
from domain.information.observation import ObservationRecorded
from domain.people_and_teams.store_admin import FileReceived
from installation.auditing import open_office
from installation.opening import open_system
from installation.settings import Settings
from tests.faults.killing import Killer, check_recorded, check_whole, facts
from tests.faults.work import record
from tests.fuzz import TIMES
from tests.ingest.conftest import entry, log_csv
from tests.postgres import running, started_again

SEED = int(os.environ.get("FAULT_SEED", random.SystemRandom().randrange(10**6)))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def killer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Killer]:
    """Yield a live store, and an object that kills the processes that work on it. Tests run once
    with each database."""
    url = None
    if request.param == "postgres":
        fresh: Callable[[], str] = request.getfixturevalue("fresh_database")
        url = fresh()
    with killing(url, tmp_path) as one:
        yield one


@contextmanager
def killing(url: str | None, place: Path) -> Iterator[Killer]:
    home = place / "store"
    settings = Settings(store=url or str(home), home=home)
    open_system(settings, create=True).close()
    print(f"FAULT_SEED={SEED}")  # noqa: T201 (shown when the test fails: the same moments again)
    with closing(Killer(settings, place, SEED)) as one:
        yield one


def test_recording_and_projecting(killer: Killer) -> None:
    acknowledged: list[int] = []
    for number in range(4 if TIMES == 1 else 20 * TIMES):
        first = max(acknowledged, default=-1) + 1
        told = killer.kill("recording", first, 0.06, after=3, least=number % 2)
        acknowledged += map(int, told)
    assert len(acknowledged) >= killer.killed // 2
    check_recorded(killer, acknowledged, max(acknowledged) + 1)


@pytest.mark.usually_on("sqlite")
def test_views_made_anew(killer: Killer) -> None:
    killer.kill("recording", 0, 0.1, after=20)
    for again in range(3 if TIMES == 1 else 34 * TIMES):
        killer.kill("projecting", again, 0.12)
    with killer.system() as system:
        system.keep_up()
        check_whole(system)


@pytest.mark.usually_on("sqlite")
def test_importing(killer: Killer) -> None:
    sheets = [
        str(log_csv(killer.place / f"{f}.csv", *(entry(f"At gate {f}, {n}") for n in range(8))))
        for f in range(12)
    ]
    rows = 12 * 8
    for _ in range(2 if TIMES == 1 else 6 * TIMES):
        killer.kill("importing", sheets, 0.1 + killer.killed / 100)
    assert killer.kill("importing", sheets, None) == [str(rows)]
    with killer.system() as system:
        commands = [fact.command_id for fact in facts(system) if fact.version == 1]
        assert len(commands) == len(set(commands))
        assert sum("recorded" in fact.event.stored.name for fact in facts(system)) == rows
        came = [fact.event for fact in facts(system) if isinstance(fact.event, FileReceived)]
        kept = sorted(b"".join(system.originals.read(one.kept, one.secret)) for one in came)
        assert kept == sorted(Path(sheet).read_bytes() for sheet in sheets)
        check_whole(system)


def test_erasing(killer: Killer) -> None:
    """Each erased item is certified and unreadable after a kill; all other items are unchanged."""
    with killer.system() as system:
        for number in range(8 if TIMES == 1 else 40):
            record(system, number)
        told = {
            fact.stream: fact.event.words
            for fact in facts(system)
            if isinstance(fact.event, ObservationRecorded)
        }
    doomed, kept = list(told)[:-6], list(told)[-6:]
    erased: set[str] = set()
    for _ in range(3 if TIMES == 1 else 8 * TIMES):
        erased.update(killer.kill("erasing", list(map(str, doomed)), 0.4, after=1))
        with killer.system() as system:
            log = system.logs["evidence"]
            assert all(any(f.erased for f in log.history(UUID(one))) for one in erased)
            assert [getattr(log.history(one)[0].event, "words", None) for one in kept] == [
                told[one] for one in kept
            ]
    killer.finish("erasing", list(map(str, doomed)))
    with killer.system() as system:
        certified = [f for f in facts(system) if isinstance(f.event, ErasureCertified)]
        assert len(certified) == len(doomed)
        assert all(system.logs["evidence"].history(one)[0].erased for one in doomed)
        home = Path(killer.settings.home or "")
        left = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file()).lower()
        heads = [told[one].partition(":")[0].lower().encode() for one in doomed]
        assert not [head for head in heads if head + b":" in left or head + b" " in left]
        check_whole(system)


@pytest.mark.usually_on("sqlite")
def test_signing_while_words_come_in(killer: Killer) -> None:
    state, told = killer.place / "signer", 0
    with open_office(killer.settings, None) as office:
        office.init_signer(state)
    for first in range(0, 6 if TIMES == 1 else 20 * TIMES, 2):
        killer.kill("recording", first, 0.02, after=2)
        for line in killer.kill("signing", str(state), 0.03, after=6):
            log, size = line.split()
            if log == "evidence":
                assert int(size) >= told
                told = int(size)
    with open_office(killer.settings, None) as office:
        for signer in office.signers(state):
            office.sign(signer)
        reports = office.verify((), state / "policy.json", (), ())
    assert [finding for report in reports for finding in report.findings] == []
    assert {report.integrity for report in reports} == {"proven"}


LAZY = "options=-csynchronous_commit%3Doff"


@pytest.mark.postgres
@pytest.mark.parametrize("lazily", [False, True] if TIMES > 1 else [True])
def test_the_server_itself_stopped_at_once(tmp_path: Path, lazily: bool) -> None:
    """No acknowledged record is lost if PostgreSQL is stopped at once again and again (as by
    `pg_ctl stop -m immediate`) while two processes write. This holds even if the server's
    settings let a commit return before the disk has the data."""
    acknowledged: set[int] = set()
    with running() as server:
        url = server.get_uri()
        if lazily:
            with psycopg.connect(url, autocommit=True) as admin:
                for whose in ("DATABASE postgres", "ROLE postgres"):
                    admin.execute(f"ALTER {whose} SET synchronous_commit = off".encode())
            url += f"{'&' if '?' in url else '?'}{LAZY}"
        with (
            killing(url, tmp_path) as killer,
            closing(Killer(killer.settings, tmp_path / "other", SEED + 1)) as other,
            ThreadPoolExecutor() as both,
        ):
            other.place.mkdir()
            for number in range(2 if TIMES == 1 else 3 * TIMES):
                told = ("recording", max(acknowledged, default=-1) + 1, 0.05, 9)
                how = {"victim": server.get_pid(), "least": number % 2}
                for acks in [both.submit(one.kill, *told, **how) for one in (killer, other)]:
                    acknowledged |= {*map(int, acks.result())}
                started_again(server)
            assert acknowledged
            check_recorded(killer, sorted(acknowledged), max(acknowledged) + 1)

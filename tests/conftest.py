"""Shared fixtures: a real PostgreSQL server, which a Python package contains, and a store on either
database.
"""

import gc
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

from domain.kernel.envelope import LogName
from ledger.keys.keystore import KeyStore
from ledger.store.log import Log
from ledger.store.mapper import Converter
from ledger.store.setup import NO_CONVERTERS, Catalogue, open_postgres, open_sqlite
from projections.kernel import runner
from tests import made, rotation
from tests.forked import end_server
from tests.hashing import hash_quickly
from tests.ledger.known_keys import KnownKeys
from tests.memory import MEMORY, claimed, cleared, in_memory
from tests.parked import park
from tests.postgres import copies, databases, dropped, named, running
from tests.processes import end, mine
from tests.reused import REUSED

# This call precedes the import of tests.support in any folder's conftest, so that pytest explains a
# failed assertion in a helper like one in a test.
pytest.register_assert_rewrite("tests.support")

#: The folders of tests, the fast ones first, so that a failure is reported within seconds.
ORDER = ("domain", "ingest", "network", "projections", "commands", "house", "ledger", "scenarios")
#: The beginnings of the paths of tests of code above the database. Usually these run on files: on a
#: server, a third of each file's tests runs each day, in one variant. `--every` runs all. Tests of
#: locks, processes and transactions are marked `usually_on` both databases.
ABOVE = (
    *("access/", "analytics/", "commands/", "console/", "ingest/", "ledger/proof/"),
    *("ledger/witness/", "notifying/", "usecases/", "web/"),
    *("projections/due/", "projections/families/", "projections/information/"),
    *("projections/intelligence/", "projections/justice/", "projections/missing/"),
    *("projections/people_and_teams/", "projections/search/"),
)
#: The paths of tests that back up, restore or copy a store, set its clock right, or complete an
#: erasure: each runs on files one day and on a server the next day.
ALTERNATING = (
    *(
        f"faults/test_{subject}.py"
        for subject in (
            *("backup", "certificates", "clock", "clock_leaps", "drill", "erased", "modes"),
            *("originals", "sealed_backup", "succession"),
        )
    ),
    "web/server/test_erasure_completion.py",
)
#: A pattern of the database's name in the name of a test's variant.
DATABASE = re.compile(r"\b(?:sqlite|postgres)\b")
BOTH = ("sqlite", "postgres")
#: The number of allocations after which Python collects garbage.
MADE = 20_000
#: A program that keeps a processor busy until the process that started it ends.
BUSY = "import os; parent = os.getppid()\nwhile os.getppid() == parent: pass"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--shuffle", type=int, metavar="SEED", help="files and tests in random order")
    parser.addoption("--every", action="store_true", help="each variant on each database, each row")
    parser.addoption(
        "--day", type=rotation.checked, metavar="DATE", help="the part of this day, or `all`"
    )
    parser.addoption("--busy", type=int, default=0, metavar="N", help="N busy loops beside the run")


# this hook has to run before pytest chooses its temporary directory
@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Set up Hypothesis: no time limits, because speed depends on the machine, and the same
    examples in each run. Only a run in random order draws new examples, also from the constants in
    the code. Otherwise these would depend on the modules that a process has imported, and reading
    them takes each process one to two seconds."""
    same = config.getoption("--shuffle") is None
    settings.register_profile(
        "tests", deadline=None, derandomize=same, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("tests")
    if same:
        providers._get_local_constants = lambda: providers._local_constants
    # A question waits for records that were made just before it, for up to ten minutes;
    # test_readings.py tests short waits.
    os.environ.setdefault("CONTINUUM_QUESTION_WAIT", "600")
    rotation.begin(rotation.ALL if config.getoption("--every") else config.getoption("--day"))
    _files_in_memory(config)
    made.place()
    hash_quickly()
    # Processes of the tests may write bytecode. Otherwise each would compile every module again,
    # which is a third of its work, and each run would rewrite the assertions of all tests, which
    # takes half a minute.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return a function that makes every later update of the views fail, as on a full disk."""

    def catch_up(*given: object, **told: object) -> None:
        raise sa.exc.OperationalError("INSERT", None, Exception("database or disk is full"))

    return lambda: monkeypatch.setattr(runner, "catch_up", catch_up)


def pytest_unconfigure() -> None:
    end_server()


def _files_in_memory(config: pytest.Config) -> None:
    """Store the tests' temporary files in memory until the run ends, if there is enough room. With
    `--basetemp` they are written to disk."""
    if hasattr(config, "workerinput"):  # only a worker process has this attribute
        return
    cleared(MEMORY, Path(gettempdir()))
    memory = in_memory()
    if memory and config.option.basetemp is None:
        place = claimed(memory)
        config.option.basetemp = str(place / "tests")
        config.add_cleanup(partial(shutil.rmtree, place, ignore_errors=True))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    seed = config.getoption("--shuffle")
    if not config.getoption("--every"):
        _leave_out(config, items)

    def folder(item: pytest.Item) -> int:
        name = _file(item).partition("/")[0]
        return ORDER.index(name) if name in ORDER else len(ORDER)

    def shuffled(item: pytest.Item) -> tuple[str, str]:
        """Return a sort key that puts the files of tests in a random order but keeps each file's
        tests together, so that the fixtures of a file are made once."""
        return _scattered(f"{seed} {_file(item)}"), _scattered(f"{seed} {item.nodeid}")

    items.sort(key=folder if seed is None else shuffled)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Exclude the collected tests from garbage collection. Otherwise examining them again and again
    takes a tenth of the run."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()  # garbage that exists by now is not collected, because that would take a second
        gc.set_threshold(MADE)
        gc.enable()


def _leave_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave some tests out of this run: tests marked `seldom`, two thirds of the variants of tests
    marked `in_turn`, and some variants on a database server. Each test on a database runs on at
    least one of the two databases."""
    here = {item.nodeid for item in items}
    above, alternating = (defaultdict[str, dict[str, list[str]]](dict) for _ in range(2))
    spared = {item.nodeid for item in items if any(item.iter_markers("seldom"))}
    for item in items:
        test, _, variant = item.nodeid.partition("[")
        database, path = DATABASE.search(variant), _file(item)
        if database is None:
            continue
        on = {one: f"{test}[{DATABASE.sub(one, variant, count=1)}" in here for one in BOTH}
        marks = [mark.args for mark in item.iter_markers("usually_on")]
        if any(database[0] not in usual and on.get(usual[0]) for usual in marks):
            spared.add(item.nodeid)
        elif not marks and all(on.values()) and path in ALTERNATING:
            both = f"{test}[{DATABASE.sub('', variant, count=1)}"
            alternating[path].setdefault(both, []).append(item.nodeid)
        elif not marks and database[0] == "postgres" and on["sqlite"] and path.startswith(ABOVE):
            above[path].setdefault(test, []).append(item.nodeid)
    for tests in above.values():
        chosen = {tests[test][0] for test in rotation.todays(tests)}
        spared |= {one for variants in tests.values() for one in variants} - chosen
    for tests in alternating.values():
        for number, variants in enumerate(tests.values()):
            spared |= {*variants} - {*rotation.todays(variants, shift=number)}
    spared |= _of_other_days([item for item in items if item.nodeid not in spared])
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid in spared])
    items[:] = [item for item in items if item.nodeid not in spared]


def _of_other_days(items: list[pytest.Item]) -> set[str]:
    """Return the ids of the tests marked `in_turn` that do not run today. Such tests are divided
    into shares, and each day one share runs."""
    variants = defaultdict[tuple[str, str | None], list[str]](list)
    for item in items:
        for mark in item.iter_markers("in_turn"):
            test, _, variant = item.nodeid.partition("[")
            database = DATABASE.search(variant)
            together = (mark.args[0], "") if mark.args else (test, database and database[0])
            variants[together].append(item.nodeid)
    every = variants.values()
    return {one for of_one in every for one in {*of_one} - {*rotation.todays(of_one)}}


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0].removeprefix("tests/")


def _scattered(words: str) -> str:
    return sha256(words.encode()).hexdigest()


def pytest_sessionstart(session: pytest.Session) -> None:
    # this runs only once, even if several processes share the tests
    if not hasattr(session.config, "workerinput"):
        _say_how_to_repeat(session.config)
        for _ in range(session.config.getoption("--busy")):
            loop = subprocess.Popen([sys.executable, "-c", BUSY])
            session.config.add_cleanup(partial(end, loop))


def _say_how_to_repeat(config: pytest.Config) -> None:
    """Print the command-line options with which the same tests run again in the same order. They
    are printed even if `-q` hides pytest's header.
    """
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    seed = config.getoption("--shuffle")
    if terminal and seed is not None:
        terminal.write_line(f"in random order: --shuffle={seed}")
    if terminal:
        terminal.write_line(f"of similar cases the part of one day: --day={rotation.day()}")


@pytest.fixture(autouse=True)
def _nothing_left_running() -> Iterator[None]:
    """Fail a test that leaves a process running. Otherwise the process might make the next test
    fail."""
    before = mine()
    yield
    left = mine() - before
    assert not left, f"processes {left} are still running, or nobody has reaped them"


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Store:
    """The place of a test's logs, which is the directory `home` or the database at `url`."""

    home: Path
    url: str | None
    opened: list[Log] = field(default_factory=list)
    keys: KeyStore = field(default_factory=KnownKeys)

    def open(
        self,
        catalogue: Catalogue,
        *,
        clock: Callable[[], datetime] = now,
        create: bool = True,
        synthetic: bool = True,
        converters: Mapping[str, Converter] = NO_CONVERTERS,
    ) -> dict[LogName, Log]:
        """Open the logs of the store with the event classes of this catalogue; the fixture closes
        the logs when the test ends.
        """
        logs = (
            open_sqlite(
                self.home,
                catalogue,
                clock=clock,
                keys=self.keys,
                create=create,
                converters=converters,
            )
            if self.url is None
            else open_postgres(
                self.url,
                catalogue,
                clock=clock,
                keys=self.keys,
                create=create,
                synthetic=synthetic,
                converters=converters,
            )
        )
        self.opened += logs.values()
        return logs


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """Run a PostgreSQL server for this test run, from the first test that needs one."""
    park()
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def fresh_database(postgres_server: Any) -> Callable[[], str]:
    """Return a function that makes an empty database and returns its URL, for fixtures that exist
    longer than one test.
    """
    return databases(postgres_server)


@pytest.fixture(scope="session")
def copied_database(postgres_server: Any) -> Callable[[str], str]:
    """Return a function that copies a database to which no connection is open, and returns the
    copy's URL.
    """
    return copies(postgres_server)


@pytest.fixture
def postgres_url(postgres_server: Any, fresh_database: Callable[[], str]) -> Iterator[str]:
    """Yield the URL of an empty PostgreSQL database, a new one for each test."""
    url = fresh_database()
    yield url
    dropped(postgres_server, url)


@pytest.fixture(scope="session")
def named_database(postgres_server: Any) -> Callable[[], str]:
    """Return a function that returns the URL of a database that does not exist yet, so that a test
    can restore or copy another database to it.
    """
    return named(postgres_server)


@pytest.fixture
def copy_url(postgres_server: Any, named_database: Callable[[], str]) -> Iterator[str]:
    """Yield a URL to which a test copies a database. The URL belongs either to no database yet, or
    to a used database that the copy replaces."""
    url = REUSED.lend(postgres_server.get_uri()) or named_database()
    yield url
    dropped(postgres_server, url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Yield an empty store; the tests run once with each database. A test opens the store's logs
    with `store.open(catalogue)`."""
    postgres = request.param == "postgres"
    place = Store(tmp_path, request.getfixturevalue("postgres_url") if postgres else None)
    yield place
    for log in place.opened:
        log.close()

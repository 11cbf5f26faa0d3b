"""How long do the pages and commands that people open daily take, and how do they grow?

A store is filled with the work of a team of years; somebody who has an account there asks each page
in this process, and each is told once the first time and then as the median of some. The aim holds
at any size: what a page shows bounds what it costs. Run alone:
`python -m tests.bench.pages [EVENTS]`.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from starlette.testclient import TestClient

import cli
from commands import account
from console.session import Kept
from domain.values import Role
from settings import Settings
from system import System, open_system
from tests.bench.views import Families
from tests.postgres import databases, running
from web.app import make_app

#: Milliseconds for a page, whatever the store holds.
AIM = 100.0
TIMES = 5
NOW = datetime(2012, 1, 1, tzinfo=UTC)
WHO = "ds.hale"
ROLES: tuple[Role, ...] = ("supervisor", "manager")
#: Pages by what is asked; a search is asked by words.
PAGES = {
    "first page": "/",
    "queue": "/queue",
    "queue, page 100": "/queue?page=100",
    "queue, overdue": "/queue?overdue=true",
    "brief": "/brief",
    "brief, 7 days": "/brief?days=7",
    "same person?": "/same",
    "manage": "/manage",
    "map": "/map",
    "unusual": "/unusual",
}
SEARCHES = {"a name": "Barry", "part of a plate": "95X", "a plate": "AB95 XAB"}


@dataclass(frozen=True)
class Took:
    """Milliseconds of a page the first time, and the median of some more."""

    what: str
    database: str
    first: float
    again: float


def measure(events: int = 100_000) -> list[Took]:
    """All of it on both databases."""
    found = []
    with tempfile.TemporaryDirectory() as place:
        found += measured("SQLite", filled(Path(place), None, events))
    with running() as server, tempfile.TemporaryDirectory() as place:
        found += measured("PostgreSQL", filled(Path(place), databases(server)(), events))
    return found


def filled(home: Path, url: str | None, events: int) -> System:
    """A store of about so many events, and somebody with an account in it."""
    settings = Settings(store=url or str(home), home=home, user="adm.stone")
    system = open_system(settings, create=True, synthetic=True, now=NOW)
    log, batch = system.logs["evidence"], []
    assert system.clock.told
    for submission in Families().submissions():
        batch.append(submission)
        if len(batch) == 100:
            log.append(batch)
            batch = []
            system.clock.told += timedelta(hours=12)
            if log.last() >= events:
                break
    account.add(system.desk, system.reader, WHO, roles=ROLES, teams=["Engage"])
    system.clock.told += timedelta(hours=1)
    system.keep_up()
    return system


def measured(database: str, system: System) -> list[Took]:
    """Every page, asked in this process; the store is closed after it."""
    try:
        return [Took(what, database, *_times(ask)) for what, ask in _asked(system)]
    finally:
        system.close()


def _asked(system: System) -> Iterator[tuple[str, Callable[[], None]]]:
    client = TestClient(make_app(system), base_url="http://127.0.0.1")
    assert client.post("/sign-in", data={"name": WHO}).status_code == 200
    csrf = client.get("/session").json()["csrf"]

    def get(path: str) -> None:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)

    def search(words: str) -> None:
        answer = client.post("/asked", data={"csrf": csrf, "to": "/search", "q": words})
        assert answer.status_code == 200, (words, answer.status_code)

    for what, path in PAGES.items():
        yield what, lambda path=path: get(path)  # type: ignore[misc]
    where = ("--store", system.settings.store, "--home", str(system.home), "--user", WHO)
    kept = Kept()

    def command(*words: str) -> None:
        code, _, err = cli.captured([*where, *words], "", kept)
        assert code == 0, err

    yield "the command queue", lambda: command("queue")
    kept.close()
    for what, words in SEARCHES.items():
        yield f"search, {what}", lambda words=words: search(words)  # type: ignore[misc]


def _times(ask: Callable[[], None]) -> tuple[float, float]:
    first, *more = [_took(ask) for _ in range(1 + TIMES)]
    return first, median(more)


def _took(ask: Callable[[], None]) -> float:
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


def table(found: list[Took]) -> str:
    """The figures, one line each."""
    lines = [
        f"{'ms (aim ' + format(AIM, '.0f') + ')':<28}{'database':<12}{'first':>10}{'again':>10}"
    ]
    lines += [f"{t.what:<28}{t.database:<12}{t.first:>10,.0f}{t.again:>10,.0f}" for t in found]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(measure(*map(int, sys.argv[1:2]))))

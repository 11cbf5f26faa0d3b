"""Measure the pages and commands that users open daily, and how their time grows with the store.

A store is filled with a team's work of years. A user with an account opens each page in this
process: once for the first time, and then several times with something recorded in between. The
second figure is the median of these later times. The aim is the same for a store of any size,
because a page shows a limited number of rows. Run alone, on files and a server, or on files of
several sizes to see how each page's time grows: `python -m bench.pages [EVENTS …]`.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from uuid import UUID, uuid4

import sqlalchemy as sa
from starlette.testclient import TestClient

import cli
from access.who_may import scope
from bench.views import Families
from commands.information import observation
from commands.intelligence import links
from commands.kernel import entity
from commands.people_and_teams import account
from console.engine.session import OpenStore
from domain.data_protection.access_log import RecordConsulted, packed
from domain.kernel.envelope import Fact, Header, Submission
from domain.kernel.values import Role
from installation import second_maker
from installation.opening import open_system
from installation.settings import Settings
from installation.system import System
from projections import all_views
from projections.families import holders
from projections.families.holders import FiledRow
from projections.kernel import item_ids
from tests.postgres import databases, running
from usecases.kernel.fields import fields_of
from usecases.kernel.registry import QUESTIONS
from web.app import make_app
from web.serving import settle

#: The aim for a page in milliseconds, for a store of any size.
AIM = 100.0
TIMES = 5
NOW = datetime(2012, 1, 1, tzinfo=UTC)
WHO = "ds.hale"
ROLES: tuple[Role, ...] = ("supervisor", "manager", "detective")
#: The addresses of the measured pages by their names.
PAGES = {
    "first page": "/",
    "queue": "/queue",
    "queue, page 100": "/queue?page=100",
    "queue, overdue": "/queue?overdue=true",
    "brief": "/brief",
    "brief, 7 days": "/brief?days=7",
    "brief by item, 7 days": "/brief/items?days=7",
    "same person?": "/inbox/duplicates",
    "manage": "/manage",
    "map": "/map",
    "due": "/today/deadlines",
    "alerts": "/today/alerts",
    "missing": "/missing",
    "meetings": "/meetings",
    "to decide": "/today/to-decide",
    "risk": "/cases/at-risk",
    "escalations": "/escalations",
    "retention": "/retention",
    "rota": "/today/on-call",
    "what I looked at": "/looked",
}
#: The number of users who read items, the number of items in one answer, and the number of recorded
#: events for each answer.
LOOKERS, SHOWN, EVENTS_A_LOOK = 20, 10, 2
#: Names of two people who are recorded while pages are measured.
NAMES = ("Barry Quorn", "Zed Storvin")
SEARCHES = {"a name": "Barry", "part of a plate": "95X", "a plate": "AB95 XAB"}


@dataclass(frozen=True)
class Took:
    """The milliseconds of processor time of a page when it is opened for the first time, and the
    median of some later times.
    """

    what: str
    database: str
    first: float
    again: float


def measure(events: int = 100_000) -> list[Took]:
    """Return the times of all pages on both databases."""
    timings = []
    with tempfile.TemporaryDirectory() as place:
        timings += measured("SQLite", filled(Path(place), None, events))
    with running() as server, tempfile.TemporaryDirectory() as place:
        timings += measured("PostgreSQL", filled(Path(place), databases(server)(), events))
    return timings


def filled(home: Path, url: str | None, events: int) -> System:
    """Make a store of about this many events, and a user with an account in it."""
    settings = Settings(store=url or str(home), home=home, user="adm.stone")
    system = open_system(settings, create=True, synthetic=True, now=NOW)
    log, batch, people = system.logs["evidence"], [], list[UUID]()
    assert system.clock.given_time
    draw = Random(4)
    for submission in Families(at_work=True).submissions():
        batch.append(submission)
        if len(batch) == 100:
            people += {fact.originator_id for one in batch for fact in one.facts}
            facts = sum(len(one.facts) for one in batch)
            log.append(batch)
            system.logs["access"].append(
                list(_access_records(facts // EVENTS_A_LOOK, people, draw))
            )
            batch = []
            system.clock.given_time += timedelta(hours=12)
            if log.last() >= events:
                break
    account.add(system.desk, system.reader, WHO, roles=ROLES, teams=["Engage"])
    system.clock.given_time += timedelta(hours=1)
    system.keep_up(all_views.VIEWS)
    return system


def _access_records(many: int, items: list[UUID], draw: Random) -> Iterator[Submission]:
    """Yield this many commands for the access log. Each records that a user was shown some of the
    latest of these items."""
    for _ in range(many):
        header = Header(f"dc.{draw.randrange(LOOKERS)}", "Engage", "police", "part-3")
        shown = packed(draw.choices(items[-5_000:], k=SHOWN))
        looked = RecordConsulted("show", shown)
        yield Submission(uuid4(), b"d" * 32, (Fact(uuid4(), 1, header, looked),))


def measured(database: str, system: System, only: Collection[str] = ()) -> list[Took]:
    """Return the times of all pages, or of the pages named in `only`, opened in this process as on
    a server. Close the store afterwards."""
    settle()
    try:
        happens, requests = partial(_something_happens, system), _requests_of(system, only)
        return [Took(title, database, *_times(ask, happens)) for title, ask in requests]
    finally:
        system.close()


def opened(system: System) -> None:
    """Open every page once. Something is recorded before each page, so that no page is answered
    from a cache. Close the store afterwards."""
    try:
        for _, ask in _requests_of(system, ()):
            _something_happens(system)
            ask()
    finally:
        system.close()


@dataclass(frozen=True)
class Rebuilt:
    """The cost of a rebuild of all views in two processes: the elapsed seconds, the processor
    seconds of both processes, and the bytes of the views for each event of the evidence log."""

    clock: float
    processor: float
    size: float


def rebuilt(system: System) -> Rebuilt:
    """Rebuild the views of a store on files as the command line does; return the cost."""
    system.views.helper = lambda *made: second_maker.helping(system, *made)
    before, begun = sum(os.times()[:4]), time.perf_counter()
    system.views.rebuild()
    clock, spent = time.perf_counter() - begun, sum(os.times()[:4]) - before
    size = sum(file.stat().st_size for file in system.home.glob("views-*.db"))
    return Rebuilt(clock, spent, size / system.logs["evidence"].last())


def _requests_of(system: System, only: Collection[str]) -> Iterator[tuple[str, Callable[[], None]]]:
    client = TestClient(make_app(system), base_url="http://127.0.0.1")
    assert client.post("/sign-in", data={"name": WHO}).status_code == 200
    csrf = client.get("/session").json()["csrf"]

    def get(path: str) -> None:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)

    def search(words: str) -> None:
        answer = client.post("/asked", data={"csrf": csrf, "to": "/search", "q": words})
        assert answer.status_code == 200, (words, answer.status_code)

    declared = {f"list: {slug}": f"/list/{slug}" for slug in _declared()}
    for title, path in (PAGES | declared | item_pages(system) | family_pages(system)).items():
        if only and title not in only:
            continue
        # pages that this user's role may not see are left out
        if client.get(path).status_code == 404:
            continue
        yield title, lambda path=path: get(path)  # type: ignore[misc]
    if only:
        return
    where = ("--store", system.settings.store, "--home", str(system.home), "--user", WHO)
    store = OpenStore()

    def command(*words: str) -> None:
        code, _, err = cli.captured([*where, *words], "", store)
        assert code == 0, err

    yield "the command queue", lambda: command("queue")
    store.close()
    for title, words in SEARCHES.items():
        yield f"search, {title}", lambda words=words: search(words)  # type: ignore[misc]


def _declared() -> Iterator[str]:
    """Yield the address of the list of every declared question that needs no input."""
    for question in QUESTIONS.values():
        if not any(field.required for field in fields_of(question)):
            yield question.named.slug


def item_pages(system: System) -> dict[str, str]:
    """Return the page of one item of each common kind; the items are from the middle of the
    store.
    """
    with system.reading() as db:
        middle = {
            kind: item_ids.list_row_ids(db, scope.unlimited(system.reader), kind, limit=500)[0][
                -1
            ].id
            for kind in ("observation", "person", "vehicle", "case", "report")
        }
    pages = {f"one {kind}": f"/items/{item}" for kind, item in middle.items()}
    return pages | {f"the trail of a {kind}": f"/trail/{item}" for kind, item in middle.items()}


def family_pages(system: System) -> dict[str, str]:
    """Return the addresses of the pages of the family with the most records, by name."""
    filed = FiledRow.table.c.case
    most = sa.select(filed).group_by(filed).order_by(sa.func.count().desc(), filed).limit(1)
    with system.reading() as db:
        case = db.execute(most).scalar_one()
        child = holders.child(db, system.reader, case)
    return {
        "the largest family": f"/cases/{case}",
        "its child": f"/people/{child}",
        "its journey": f"/list/journey?case={case}",
        "its court": f"/list/court-list?case={case}",
        "its costs": f"/list/costs?case={case}",
    }


def _something_happens(system: System) -> None:
    """Record two people, a log entry and a link, and update the views. So the next page cannot use
    cached data."""
    own = system.briefly(WHO)
    a, b = (entity.record_person(own.desk, own.reader, name=name, known=False) for name in NAMES)
    words = observation.record(own.desk, own.reader, words="They drive about together.")
    links.assert_link(own.desk, own.reader, words.id, str(a.id), str(b.id), "associate")
    system.keep_up()


def _times(
    ask: Callable[[], None], happens: Callable[[], None] = lambda: None
) -> tuple[float, float]:
    times = []
    for _ in range(1 + TIMES):
        times.append(_cpu_ms(ask))
        happens()
    first, *more = times
    return first, median(more)


def _cpu_ms(ask: Callable[[], None]) -> float:
    began = time.process_time()
    ask()
    return (time.process_time() - began) * 1000


def grown(sizes: list[int]) -> str:
    """Return a table of the times of the pages in stores of these sizes, on files, and of how much
    the times grow."""
    times_by_page: dict[str, list[float]] = {}
    for events in sizes:
        with tempfile.TemporaryDirectory() as place:
            for timing in measured("SQLite", filled(Path(place), None, events)):
                times_by_page.setdefault(timing.what, []).append(timing.again)
    head = "".join(f"{events:>12,}" for events in sizes)
    lines = [f"{'ms (aim ' + format(AIM, '.0f') + ')':<28}{head}{'times':>8}"]
    for title, took in sorted(times_by_page.items(), key=lambda one: -one[1][-1] / one[1][0]):
        lines.append(
            f"{title:<28}{''.join(f'{ms:>12,.0f}' for ms in took)}{took[-1] / took[0]:>8.1f}"
        )
    return "\n".join(lines)


def table(times: list[Took]) -> str:
    lines = [
        f"{'ms (aim ' + format(AIM, '.0f') + ')':<28}{'database':<12}{'first':>10}{'again':>10}"
    ]
    lines += [f"{t.what:<28}{t.database:<12}{t.first:>10,.0f}{t.again:>10,.0f}" for t in times]
    return "\n".join(lines)


if __name__ == "__main__":
    told = [int(one) for one in sys.argv[1:]]
    print(grown(told) if len(told) > 1 else table(measure(*told)))

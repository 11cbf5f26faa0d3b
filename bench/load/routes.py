"""Measure how much work the server has with one request of each kind:
`python -m bench.load.routes`.

The figures are the processor time of this process (without PostgreSQL's), and the number of SQL
statements on the views. The requests run one after another in one process, so that a busy machine
changes little.
"""

import argparse
import cProfile
import pstats
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa
from starlette.testclient import TestClient

from bench.load.__main__ import filled
from installation.system import System
from tests.postgres import databases, running
from web.app import make_app

#: A function that sends one request to the server, as `people.py` does.
Ask = Callable[[], object]


def requests(system: System) -> dict[str, Ask]:
    """Return a function that sends one request, for each kind of request by name."""
    client = TestClient(make_app(system), base_url="http://127.0.0.1")
    client.post("/sign-in", data={"name": "ds.hale"})
    csrf = {"X-CSRF-Token": client.get("/session").json()["csrf"]}
    item = client.get("/queue").text.split('href="/items/')[1][:36]
    results_page = client.get("/search", params={"q": "baz"}).text
    who = next(piece[:36] for piece in results_page.split('href="/people/')[1:])

    def record() -> object:
        fields = {"words": "Baz was in Mill Lane again", "command_id": str(uuid4())}
        return client.post("/record", json=fields, headers=csrf)

    def read(path: str, **asked: str) -> Ask:
        return lambda: client.get(path, params=asked).raise_for_status()

    def mapped() -> object:
        record()
        return client.get(f"/map/{who}/data", params={"hops": "1", "min_grade": "any"})

    return {
        "/session": read("/session"),
        "/queue": read("/queue"),
        "/items/…": read(f"/items/{item}"),
        "/receipt/…": read(f"/receipt/{item}"),
        "/search": read("/search", q="baz"),
        "/mine": read("/mine"),
        "/record, the form": read("/record"),
        "/people/…": read(f"/people/{who}"),
        "/map/…/data": read(f"/map/{who}/data", hops="1", min_grade="any"),
        "/api/v1/queue": lambda: client.get(
            "/api/v1/queue", params={"limit": 50}, headers={"X-Continuum-User": "rms"}
        ).raise_for_status(),
        "/static": read("/static/continuum.css"),
        "record": record,
        "record, then the map": mapped,
    }


def measured(system: System, times: int, profiled: str | None) -> None:
    """Print the work of each kind of request, one line for each. If `profiled` names one of them,
    print also its profile."""
    statements = [0]

    def count(*_: object) -> None:
        statements[0] += 1

    sa.event.listen(system.views.engine, "before_cursor_execute", count)
    for name, ask in requests(system).items():
        for _ in range(3):
            ask()
        statements[0], took = 0, []
        for _ in range(times):
            before = time.process_time()
            ask()
            took.append((time.process_time() - before) * 1000)
        statement_count = statements[0] / times
        sys.stdout.write(
            f"{name:<22}{statistics.median(took):>8.1f} ms{statement_count:>7.1f} statements\n"
        )
        if name == profiled:
            with cProfile.Profile() as profile:
                for _ in range(times):
                    ask()
            pstats.Stats(profile).sort_stats("cumulative").print_stats(70)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--items", type=int, default=2_000)
    parser.add_argument("--times", type=int, default=30)
    parser.add_argument("--profile", help="one of the names that are told")
    arguments = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="continuum-load-"))
    with running() as server:
        system = filled(databases(server)(), home, arguments.items)
        measured(system, arguments.times, arguments.profile)
        system.close()
    shutil.rmtree(home)


if __name__ == "__main__":
    main()

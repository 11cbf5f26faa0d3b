"""Users can work during an upgrade. While a program whose views have new columns rebuilds the views
of an older store, a worker and a sergeant get correct answers."""

from collections.abc import Callable, Iterator
from datetime import UTC
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from console.engine.parsing import parse_times
from domain.information.observation import ObservationRecorded
from installation.opening import open_system
from installation.settings import Settings
from installation.system import System
from projections.all_views import VIEWS
from projections.kernel import runner
from tests.kept.stores import AFTERWARDS, RELEASES, bring_up, restore_dump, unpack
from tests.processes import until
from tests.web.conftest import House, Somebody
from web.app import make_app
from web.server.view_rebuilder import ViewRebuilder, watch

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
#: How many rounds of requests are sent while another session's lock stops the rebuild. Each request
#: is answered nevertheless.
HELD = 2
#: How many rounds of requests run during the rebuild. After that, the test requests one page at a
#: time, because on a busy machine endless rounds would slow the rebuild until the wait for its end
#: fails.
BESIDE = 6
#: The seconds between two rounds of requests, in which the rebuild can go on.
PAUSE = 0.3


def lose_columns(place: Path | str) -> dict[str, str]:
    """Remove from every table one column that the program can work without, so that this program
    seems to have added it. Return the removed column of each table."""
    engine = runner.open_views(place)
    lost = {}
    schema = "views" if isinstance(place, str) else "main"
    look = sa.inspect(engine)
    for view in VIEWS:
        for row in view.rows:
            table: sa.Table = row.table  # type: ignore[attr-defined]
            if not look.has_table(table.name, schema=schema):
                continue  # a later release added this table
            indexed = {c.name for index in table.indexes for c in index.columns}
            for index in look.get_indexes(table.name, schema=schema):
                indexed.update(name for name in index["column_names"] if name)
            there = {column["name"] for column in look.get_columns(table.name, schema=schema)}
            spare = [c.name for c in table.columns if c.nullable and c.name in there - indexed]
            if spare:
                with engine.begin() as db:
                    db.exec_driver_sql(f'ALTER TABLE {schema}."{table.name}" DROP "{spare[-1]}"')
                lost[table.name] = spare[-1]
    engine.dispose()
    return lost


@pytest.fixture(params=BOTH)
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[System]:
    """Yield the oldest stored store, before today's program has opened it."""
    place = unpack(RELEASES[0], str(request.param), tmp_path)
    store, home = str(place / "store"), place / "store"
    if request.param == "postgres":
        fresh: Callable[[], str] = request.getfixturevalue("fresh_database")
        store, home = fresh(), place / "home"
        restore_dump(place / "dump.sql", store)
        bring_up(store)
    lost = lose_columns(store if request.param == "postgres" else home / "views.db")
    assert len(lost) > 20
    now = parse_times(AFTERWARDS, UTC)[0]
    system = open_system(Settings(store=store, home=home), now=now)
    yield system
    # calling active_children() also reaps processes that have ended
    for making in active_children():
        making.join()
    system.close()


def outdated(system: System) -> bool:
    return system.views.outdated


class Served:
    """The store behind its screens; a worker and a sergeant send requests to it."""

    def __init__(self, system: System) -> None:
        house = House(None, make_app(system))  # type: ignore[arg-type]
        self.worker = house.somebody("psw.ellis")
        self.sergeant = house.somebody("ds.hale")
        self.words: list[str] = []

    def ask(self, who: Somebody, path: str, **form: str) -> str:
        answer: Any = who.send(path, **form) if form else who.get(path)
        assert answer.status_code == 200, (path, answer.text)
        return str(answer.text)

    def round(self) -> None:
        """Send one round of requests: the worker records an entry and reads her sent entries, and
        the sergeant reads the new entry.
        """
        mark = f"Lookout{len(self.words)}"
        said = f"{mark}: a silver Corsa waits by the arcade."
        self.words.append(said)
        assert said in self.ask(self.worker, "/record", words=said)
        self.ask(self.worker, "/mine")
        self.ask(self.sergeant, "/queue")
        assert mark in self.ask(self.sergeant, f"/search?q={mark}")


@pytest.mark.in_turn("upgrade")
def test_a_column_is_added_to_any_view_and_nobody_notices(older: System) -> None:
    views = older.views
    assert outdated(older)
    served = Served(older)
    with views._places.making():
        for _ in range(HELD):
            served.round()
    assert outdated(older)
    watch(older)
    assert isinstance(views.beside, ViewRebuilder)

    def made() -> bool:
        if len(served.words) < HELD + BESIDE:
            served.round()
        else:
            served.ask(served.worker, "/mine")
        return not outdated(older)

    until(made, "the views are not made", pause=PAUSE)
    served.round()
    found = [fact.event for fact in older.logs["evidence"].read(0, 10_000)]
    told = [event.words for event in found if isinstance(event, ObservationRecorded)]
    assert set(served.words) <= set(told)
    assert views.compare() == []

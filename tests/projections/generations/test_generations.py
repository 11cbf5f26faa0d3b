"""The views exist in generations: users read one generation while another process builds the
next."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest
import sqlalchemy as sa

from access.database import reading, schema_of, writing
from commands.erasure import erasure, retention
from commands.kernel import entity
from domain.kernel.envelope import LogUnavailable, StillHeld
from installation.system import System
from projections import upkeep
from projections.all_views import VIEWS
from projections.generations import making
from projections.generations.files import Busy, FileGenerations
from projections.generations.schemas import Schemas
from projections.information import queue
from projections.information.queue import QueueRow
from projections.kernel import runner
from projections.kernel.database import Db
from projections.kernel.schema import Definition, View, tables_of
from tests.commands.conftest import either, office
from tests.commands.office import Office
from tests.processes import LIMIT, until
from tests.support.projections.generations import another, forget, number, rows_of, waiting

__all__ = ["either", "office"]


def outdated(system: System) -> bool:
    return system.views.outdated


@contextmanager
def somebody_reads(system: System) -> Iterator[None]:
    """Within the block, let another thread hold the current generation of the views open, as a
    reader does."""
    begun, end = Event(), Event()

    def read() -> None:
        with system.views.asking() as (db, _):
            db.execute(sa.select(QueueRow.table)).all()
            begun.set()
            end.wait(LIMIT)

    reader = Thread(target=read)
    reader.start()
    assert begun.wait(LIMIT)
    try:
        yield
    finally:
        end.set()
        reader.join()


def test_what_another_program_made_is_made_anew_once_and_the_rest_is_copied(
    either: Office,
) -> None:
    item, before = either.words(), number(either.system)
    forget(either.system, "queue")
    assert not either.system.views.outdated, "a running program does not take it back"
    one = another(either)
    assert outdated(one)
    assert waiting(one, either) == {item}, "it is followed and read meanwhile"
    later = either.words("and one more")
    assert waiting(one, either) == {item, later}
    told: list[int] = []
    assert one.views.make(lambda progress: told.append(progress.percent))
    assert told[-1] == 100
    assert number(one) == before + 1
    assert not outdated(one)
    assert waiting(one, either) == {item, later}
    assert one.views.compare() == []
    one.views.make()
    assert number(one) == before + 1, "there was nothing to make"
    one.close()


def test_another_process_notices_at_its_next_reading(either: Office) -> None:
    other = another(either)
    item = either.words()
    assert waiting(other, either) == {item}
    either.system.views.rebuild()
    assert waiting(other, either) == {item}
    more = either.words("later")
    assert waiting(other, either) == {item, more}
    other.close()


def test_the_older_one_goes_after_its_last_reader(either: Office) -> None:
    either.words()
    one, other = either.system, another(either)
    with somebody_reads(other):
        one.views.rebuild()
        assert not one.views._places.sweep()
    assert one.views._places.sweep()
    other.close()


def test_two_that_find_a_change_make_it_once(either: Office) -> None:
    either.words()
    one, other = either.system, another(either)
    forget(one, "queue", "trail")
    before = number(one)
    with other.views._places.making():
        assert not one.views.make()
        with pytest.raises(Busy), one.views._places.making():
            pass
    assert other.views.make()
    assert one.views.make()
    assert number(one) == before + 1
    other.close()


@pytest.mark.parametrize("at", ["begin", "copy", "point"])
def test_broken_off_it_is_never_read_and_begun_again(
    either: Office, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, one = either.words(), either.system
    forget(one, "queue")
    before = number(one)

    def killed(*given: object, **named: object) -> None:
        raise KeyboardInterrupt

    where = one.views._places if at != "begin" else runner
    monkeypatch.setattr(where, {"begin": "catch_up"}.get(at, at), killed)
    with pytest.raises(KeyboardInterrupt):
        one.views.make()
    monkeypatch.undo()
    assert number(one) == before
    assert one.views.progress() is not None
    other = another(either)
    assert waiting(other, either) == {item}
    assert other.views.make()
    assert other.views.progress() is None
    assert waiting(one, either) == {item}
    assert one.views.compare() == []
    other.close()


def test_a_table_of_another_shape_shows_the_picture_without_what_was_taken_away(
    either: Office,
) -> None:
    """If a view's table has an unknown form, its rows are still shown as they were when the program
    last updated them. Items that were withdrawn or restricted since then are left out."""
    ids = [either.words(f"number {n}") for n in range(3)]
    one = either.system
    assert waiting(one, either) == set(ids)
    with writing(one.views.engine) as db:
        schema = schema_of(db)
        db.exec_driver_sql(f"ALTER TABLE {schema}.queue ADD COLUMN owed integer NOT NULL DEFAULT 0")
    forget(one, "queue")
    with one.views._current.using() as now:
        assert now.frozen == {"queue"}
    picture = one.views.picture()
    assert picture
    assert picture.at == either.facts()[-1].recorded
    new = either.words("since then")
    assert waiting(one, either) == set(ids)
    retention.restrict(either.desk, either.reader, [ids[0]], "a mistake", ground="part-3-s47-2")
    assert waiting(one, either) == set(ids[1:])
    assert one.views.make()
    assert one.views.picture() is None
    assert waiting(one, either) == {*ids[1:], new}
    assert one.views.compare() == []


def test_a_table_with_another_key_is_shown_as_it_stood(either: Office) -> None:
    """A table whose key is not today's is shown as it was, because new rows could not be stored in
    it."""
    item = either.words()
    one = either.system
    assert waiting(one, either) == {item}
    with writing(one.views.engine) as db:
        _without_key(db, QueueRow.table)
    forget(one, "queue")
    with one.views._current.using() as now:
        assert now.frozen == {"queue"}
    later = either.words("since then")
    assert waiting(one, either) == {item}
    assert one.views.make()
    assert waiting(one, either) == {item, later}


def _without_key(db: Db, table: sa.Table) -> None:
    """Make a table again with the same rows and columns, but without its key."""
    if db.dialect.name == "postgresql":
        name = f"{schema_of(db)}.{table.name}"
        db.exec_driver_sql(f"ALTER TABLE {name} DROP CONSTRAINT {table.name}_pkey")
        return
    made = db.exec_driver_sql(
        "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", (table.name,)
    ).scalar_one()
    columns, key, _ = made.partition("PRIMARY KEY")
    assert key
    db.exec_driver_sql(f"ALTER TABLE {table.name} RENAME TO before")
    db.exec_driver_sql(columns.rstrip().rstrip(",") + ")")
    db.exec_driver_sql(f"INSERT INTO {table.name} SELECT * FROM before")
    db.exec_driver_sql("DROP TABLE before")


@pytest.mark.parametrize("view", ["people", "reach"])
@pytest.mark.usually_on("sqlite")
def test_what_is_shown_as_it_stood_decides_nothing(either: Office, view: str) -> None:
    """No decision is made on the rows of an outdated view until the view is rebuilt. Meanwhile
    users can record entries and ask questions."""
    person, words = str(either.person("Baz")), either.words()
    one = either.system
    one.keep_up()
    table = {"people": "names", "reach": "reach"}[view]
    with writing(one.views.engine) as db:
        schema = schema_of(db)
        db.exec_driver_sql(
            f"ALTER TABLE {schema}.{table} ADD COLUMN owed integer NOT NULL DEFAULT 0"
        )
    forget(one, view)
    with one.views._current.using() as now:
        assert now.frozen == {view}
    either.words("told since")
    # if a request begins with a query, a later decision in the request must not use the same old
    # rows
    request = one.briefly("ds.hart")
    with request.reading():
        assert not request.lacking
    for asked in (one, request):
        with pytest.raises(LogUnavailable, match="no decision can be based on them"):
            entity.find(asked.desk, either.reader, "Baz")
    assert one.reader == either.reader
    with one.reading() as db:
        assert queue.get(db, either.reader, words)
    assert one.views.make()
    assert str(entity.find(either.desk, either.reader, "Baz")[0]) == person


def test_rows_of_the_erased_go_at_once_and_the_certificate_waits(
    either: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "LAST_READERS", 0.3)
    gone, stays = either.words("Fluxmarrow waits"), either.words("a red van")
    one, other = either.system, another(either)
    assert waiting(other, either) == {gone, stays}
    made, _ = erasure.propose(either.desk, either.reader, [gone], "part-3-s47")

    class Shown(Exception):
        pass

    class Stopped:
        """A stand-in for the part of the system that erases: it raises `Shown` before a key is
        destroyed."""

        def taking_out(self, items: object) -> AbstractContextManager[None]:
            return nullcontext()

        def shred(self, *given: object) -> None:
            raise Shown

        purge = shred

    with pytest.raises(Shown):
        erasure.approve(either.desk, either.somebody("di.okoro"), made.id, Stopped())  # type: ignore[arg-type]
    assert waiting(other, either) == {stays}
    with reading(other.views.engine) as db:
        held = [str(row) for view in VIEWS for row in rows_of(db, view)]
    assert not [row for row in held if "Fluxmarrow" in row]
    with somebody_reads(other), pytest.raises(StillHeld):
        erasure.carry_out(either.desk, either.reader, made.id, one)
    assert erasure.progress(either.desk, made.id).certificate is None
    done = erasure.carry_out(either.desk, either.reader, made.id, one)
    assert done.certificate
    assert waiting(other, either) == {stays}
    assert one.views.compare() == []
    other.close()


@pytest.mark.postgres
def test_after_a_crash_of_the_server_words_are_taken_and_questions_say_so(
    either: Office,
) -> None:
    item, one = either.words(), either.system
    if "://" not in either.settings.store:
        pytest.skip("files are not emptied by a crash")
    with writing(one.views.engine) as db:
        names = ", ".join(f"views.{table.name}" for table in tables_of(VIEWS))
        # after a crash, a server empties the tables that its write-ahead log does not contain
        db.exec_driver_sql(f"TRUNCATE {names}")
    fresh = another(either)
    with pytest.raises(LogUnavailable, match="nothing recorded is lost"), fresh.reading():
        pass
    told = either.words("in the night")
    assert fresh.views.outdated
    assert fresh.views.make()
    assert waiting(fresh, either) == {item, told}
    fresh.close()


def synchronous(engine: sa.Engine) -> int:
    with reading(engine) as db:
        return int(db.exec_driver_sql("PRAGMA synchronous").scalar_one())


def test_a_generation_is_flushed_a_stretch_at_a_time_and_whole_before_it_is_current(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a generation of the views is built, its data are written to disk in small parts, so
    that users who record are not delayed. It becomes the current generation only when it is
    complete."""
    one = office.system
    files = one.views._places
    assert isinstance(files, FileGenerations)
    before = number(one)
    facts = 12
    for words in range(facts):
        office.words(f"{words}")
    waits: list[int] = []
    create = runner.create

    def created(engine: sa.Engine, views: Sequence[View]) -> None:
        waits.extend(synchronous(each) for each in (one.views.engine, engine))
        create(engine, views)

    monkeypatch.setattr(runner, "create", created)
    monkeypatch.setattr(making, "_STRIDE", facts // 3)
    flushed: list[tuple[int | None, bytes]] = []
    flush = files.flush

    def flushes(made: int) -> bool:
        whole = flush(made)
        flushed.append((files.current(), files.path(made).read_bytes()))
        return whole

    monkeypatch.setattr(files, "flush", flushes)
    one.views.rebuild()
    assert number(one) == before + 1
    assert waits == [1, 0], "NORMAL what is read, OFF what is made"
    stretches = sum(-(-log.last() // (facts // 3)) for log in one.logs.values())
    assert len(flushed) == stretches + 1
    assert [current for current, _ in flushed] == [before] * len(flushed)
    (tmp_path / "whole.db").write_bytes(flushed[-1][1])
    whole = runner.open_views(tmp_path / "whole.db")
    with reading(whole) as was, reading(one.views.engine) as now:
        assert runner.positions(was) == runner.positions(now)
    making.let_go(whole)
    monkeypatch.setattr(files, "flush", lambda made: False)
    with pytest.raises(LogUnavailable, match="another process holds"):
        one.views.rebuild()
    assert number(one) == before + 1, "what is not whole on the disk is never current"


@pytest.mark.usually_on("sqlite")
def test_a_later_release_keeps_its_generation(
    either: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, one = either.words(), either.system
    forget(one, "queue")
    with writing(one.views.engine) as db:
        db.execute(sa.update(Definition.table).values(program="99.0.0"))
    older = another(either)
    assert not older.views.outdated
    assert waiting(older, either) == {item}
    older.close()


@pytest.mark.postgres
def test_who_loses_a_race_for_the_old_tables_begins_again(postgres_url: str) -> None:
    """If a process that deletes old tables runs into a deadlock on the server, it tries again. (The
    server may itself be deleting the temporary views of a session that has just ended.)"""
    places = Schemas(postgres_url)
    number = places.begin()
    runner.create(places.engine(number), VIEWS)
    with psycopg.connect(postgres_url) as other, ThreadPoolExecutor(1) as beside:
        # with this setting, the server does not abort the other session
        other.execute("SET deadlock_timeout = '10min'")
        named = (
            "SELECT tablename FROM pg_tables WHERE schemaname = 'views' "
            "AND tablename NOT IN ('generation', 'follower', 'escalator')"
        )
        first, *_, last = (name for (name,) in other.execute(named))
        other.execute(f"LOCK TABLE views.{last}")
        dropping = beside.submit(places._drop, number)
        waits = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        until(lambda: other.execute(waits).fetchone() != (0,), "it waits for the last table")
        other.execute(f"LOCK TABLE views.{first}")
        other.commit()
        dropping.result(LIMIT)
        assert not other.execute(named).fetchall()
    places._engine.dispose()

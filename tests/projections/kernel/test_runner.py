"""Views read the log in batches, and can be rebuilt from the start. They stay right even if facts
cannot be decrypted or several processes update them."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from access.database import make, reading, schema_of, writing
from domain.information.observation import ObservationRead
from domain.kernel.envelope import Recorded
from domain.kernel.values import Mention
from projections.all_views import VIEWS
from projections.due import undecided
from projections.families.cases import NumberRow
from projections.information import queue
from projections.information.queue import QueueRow
from projections.intelligence import likely_same_person, links
from projections.kernel import comparing, fingerprint, runner, trail
from projections.kernel.batch import RowBatch
from projections.kernel.runner import UnappliedFact
from projections.kernel.schema import View, metadata, tables_of
from tests.fuzz import TIMES
from tests.projections.histories import history
from tests.projections.tale import READER, FakeLog, Tale, Views, hour


def state(views: Views) -> str:
    with views.engine.connect() as db:
        return fingerprint.of(db, VIEWS)


def compared(views: Views, tale: Tale, place: Path) -> list[str]:
    scratch = runner.open_views(place / "scratch.db")
    runner.create(scratch, VIEWS)
    found = comparing.compare(views.engine, scratch, VIEWS, tale.logs)
    scratch.dispose()
    return found


# --- views that were updated step by step are equal to rebuilt views ----------------------------


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Views, Views]]:
    place = tmp_path_factory.mktemp("views")
    both = tuple(Views(runner.open_views(place / name)) for name in ("one.db", "two.db"))
    for views in both:
        runner.create(views.engine, VIEWS)
    yield both  # type: ignore[misc]
    for views in both:
        views.engine.dispose()


@settings(max_examples=3 * TIMES, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), step=st.sampled_from([1, 7, 1000]))
def test_batches_of_any_size_and_a_rebuild_give_equal_rows(
    two: tuple[Views, Views], seed: int, step: int
) -> None:
    one, other = two
    tale = history(seed, 60 if step == 1 else 250)
    for views in two:
        runner.clear(views.engine, VIEWS)
    for until in range(step, tale.log.last() + step, step):
        one.follow(tale, until=min(until, tale.log.last()))
    runner.rebuild(other.engine, VIEWS, tale.logs)
    with one.engine.connect() as db:
        assert runner.set_aside(db) == []
    assert state(one) == state(other)


def test_what_many_facts_need_of_a_view_is_read_together(
    two: tuple[Views, Views], monkeypatch: pytest.MonkeyPatch
) -> None:
    singly, one_with = Counter[type](), RowBatch._one_with

    def read(self: RowBatch, kind: type, key: tuple[object, ...]) -> object:
        singly[kind] += 1
        return one_with(self, kind, key)

    monkeypatch.setattr(RowBatch, "_one_with", read)
    tale, (views, _) = history(7, 250), two
    monkeypatch.setattr(runner, "MANY", 1)
    runner.rebuild(views.engine, VIEWS, tale.logs)
    together = links.AtRow, likely_same_person.ThingRow, undecided.TieRow
    with views.engine.connect() as db:
        assert db.execute(sa.select(links.AtRow.table)).first()
    assert {kind: singly[kind] for kind in together} == dict.fromkeys(together, 0)


def test_what_many_log_entries_need_of_a_view_is_read_together(
    two: tuple[Views, Views], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A view reads the data for many log entries together, so the number of queries does not grow
    with the number of entries. People with a first name are read only if one of them has a link
    to the child."""
    views, counted = two[0], Counter[str]()
    rows = RowBatch._rows

    def read(self: RowBatch, text: str, given: object) -> list[tuple[object, ...]]:
        counted[text.split(" FROM ")[1].split(maxsplit=1)[0].rpartition(".")[2]] += 1
        return rows(self, text, given)

    monkeypatch.setattr(RowBatch, "_rows", read)
    tables = "joined_newest", "joined_watched", "joined_items", "due_names", "due_contact_words"
    asked = []
    for entries in (30, 90):
        tale = Tale()
        case = tale.case()
        tale.person("Baz Marlow")
        for number in range(entries):
            _entry(tale, case, f"PK9{number % 5} ABC")
        runner.clear(views.engine, VIEWS)
        counted.clear()
        runner.rebuild(views.engine, VIEWS, tale.logs)
        asked.append([counted[table] for table in (*tables, "shown_held", "shown_items")])
    assert asked[0] == asked[1]
    assert sum(asked[0]) > 0
    assert counted["due_names"] == 0


def test_rows_of_many_new_families_are_read_in_few_statements(
    two: tuple[Views, Views], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A view reads the rows of many new families in few statements. After those of the first child,
    one statement reads the rows of eight children, and the next statement the rows of 64. So ninety
    children need at most four statements."""
    views, counted, rows = two[0], Counter[str](), RowBatch._rows

    def read(self: RowBatch, text: str, given: object) -> list[tuple[object, ...]]:
        counted[" ".join(text.split()).split(" FROM ")[1].partition(" IN ")[0].strip("= ?")] += 1
        return rows(self, text, given)

    monkeypatch.setattr(RowBatch, "_rows", read)
    tale = Tale()
    for _ in range(90):
        tale.case()
    runner.clear(views.engine, VIEWS)
    runner.rebuild(views.engine, VIEWS, tale.logs)
    by_child = {text: asked for text, asked in counted.items() if "due_same" in text}
    assert by_child
    assert max(by_child.values()) <= 4


def _entry(tale: Tale, case: UUID, plate: str) -> None:
    words = f"Baz texts her from {plate}"
    start, normal = len(words) - len(plate), plate.replace(" ", "")
    mentions = (
        Mention(0, 3, "nickname", "baz", 0.8),
        Mention(start, len(words), "vrm", normal, 0.9),
    )
    tale.tell(ObservationRead("v1", mentions), about=tale.words(words, case=case))


@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
@pytest.mark.usually_on("sqlite")
def test_tables_that_are_made_at_once_are_as_those_that_are_made_one_by_one(
    request: pytest.FixtureRequest, tmp_path: Path, database: str
) -> None:
    tables: dict[str, str] = {
        "sqlite": "SELECT name, sql FROM sqlite_schema ORDER BY name",
        "postgres": "SELECT c.relname, c.relpersistence, a.attname, a.attnotnull, a.atttypid, "
        "a.atttypmod, a.attstattarget, a.attgenerated, pg_get_indexdef(c.oid) "
        "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
        "WHERE c.relnamespace = 'views'::regnamespace ORDER BY c.relname, a.attnum",
    }

    def place(name: str) -> Path | str:
        fresh = request.getfixturevalue("fresh_database") if database == "postgres" else None
        return str(fresh()) if fresh else tmp_path / name

    found = []
    for name in ("at once", "one by one"):
        engine = runner.open_views(place(name))
        with writing(engine) as db:
            make(db, metadata if name == "one by one" else sa.MetaData(), schema_of(db))
        runner.create(engine, VIEWS)
        with reading(engine) as db:
            found.append(db.exec_driver_sql(tables[database]).all())
        engine.dispose()
    assert found[0] == found[1]
    assert len(found[0]) > len(tables_of(VIEWS))


@pytest.mark.postgres
def test_both_databases_hold_the_same(
    sqlite_views: Views, postgres_url: str, tmp_path: Path
) -> None:
    tale = history(7, 250)
    postgres = Views(runner.open_views(postgres_url))
    runner.create(postgres.engine, VIEWS)
    sqlite_views.follow(tale)
    for until in range(0, 270, 60):
        postgres.follow(tale, until=min(until, tale.log.last()))
    postgres.follow(tale)
    assert state(postgres) == state(sqlite_views)
    assert compared(postgres, tale, tmp_path) == []
    runner.rebuild(postgres.engine, VIEWS, tale.logs)
    assert state(postgres) == state(sqlite_views)
    postgres.engine.dispose()


def test_compare_names_what_was_changed_lost_or_invented(
    views: Views, tale: Tale, tmp_path: Path
) -> None:
    changed, lost = tale.words("first"), tale.words("second")
    views.follow(tale)
    assert compared(views, tale, tmp_path) == []
    invented = tale.new()
    with views.engine.begin() as db:
        c = QueueRow.table.c
        db.execute(sa.update(QueueRow.table).where(c.observation == changed).values(words="x"))
        row = db.execute(sa.select(QueueRow.table).where(c.observation == lost)).one()
        db.execute(sa.delete(QueueRow.table).where(c.observation == lost))
        db.execute(sa.insert(QueueRow.table).values(row._asdict() | {"observation": invented}))
    found = compared(views, tale, tmp_path)
    assert found == [
        f"queue: queue {changed} differs from what the log says",
        f"queue: queue {lost} is missing from the view",
        f"queue: queue {invented} stands in the view but not in the log",
    ]


def test_until_stops_there(views: Views, tale: Tale) -> None:
    for _ in range(5):
        tale.words()
    views.follow(tale, until=3)
    with views.engine.connect() as db:
        read = {at for (_, log), at in runner.positions(db).items() if log == "evidence"}
        assert read == {3}
        assert len(queue.queue(db, READER, hour(9), queue.Clocks())) == 3


def test_a_view_that_is_behind_catches_up_alone(views: Views, tale: Tale) -> None:
    tale.words()
    views.follow(tale, views=[queue.VIEW])
    tale.words()
    views.follow(tale, views=[queue.VIEW, trail.VIEW])
    with views.engine.connect() as db:
        assert len(queue.queue(db, READER, hour(9), queue.Clocks())) == 2
        for table in (trail.StepRow.table, QueueRow.table):
            assert db.scalar(sa.select(sa.func.count()).select_from(table)) == 2


# --- facts that cannot be read -------------------------------------------------------------------


def stumbling(view: View, seqs: set[int]) -> View:
    def apply(fact: Recorded, batch: RowBatch) -> None:
        if fact.seq in seqs:
            raise KeyError("what it says must not be told")
        view.apply(fact, batch)

    return View(view.name, view.rows, apply)


def test_a_poison_fact_is_set_aside_and_the_rest_goes_on(views: Views, tale: Tale) -> None:
    ids = [tale.words(str(number)) for number in range(30)]
    some = [stumbling(queue.VIEW, {4, 23}), trail.VIEW]
    told: list[UnappliedFact] = []
    runner.catch_up(views.engine, some, tale.logs, on_poison=told.append)
    assert [str(p) for p in told] == [
        f"view queue could not apply evidence:{seq} (KeyError)" for seq in (4, 23)
    ]
    with views.engine.connect() as db:
        assert [(a.view, a.log, a.seq, a.reason) for a in runner.set_aside(db)] == [
            ("queue", "evidence", 4, "KeyError"),
            ("queue", "evidence", 23, "KeyError"),
        ]
        waiting = {item.id for item in queue.queue(db, READER, hour(9), queue.Clocks())}
        assert waiting == set(ids) - {ids[3], ids[22]}
        assert len(trail.back(db, READER, ids[3]).steps) == 1, "another view is not held up"
    runner.catch_up(views.engine, some, tale.logs, on_poison=told.append)
    assert len(told) == 2, "it is told once"
    runner.rebuild(views.engine, VIEWS, tale.logs)
    with views.engine.connect() as db:
        assert runner.set_aside(db) == []
        assert len(queue.queue(db, READER, hour(9), queue.Clocks())) == 30


def test_views_with_poison_compare_equal_to_a_rebuild_that_stumbles_too(
    views: Views, tale: Tale, tmp_path: Path
) -> None:
    for number in range(12):
        tale.words(str(number))
    some = [stumbling(queue.VIEW, {5})]
    for until in (3, 6, 12):
        runner.catch_up(views.engine, some, tale.logs, until={"evidence": until})
    scratch = runner.open_views(tmp_path / "scratch.db")
    runner.create(scratch, VIEWS)
    assert comparing.compare(views.engine, scratch, some, tale.logs) == []
    scratch.dispose()


def oddly(fact: Recorded, batch: RowBatch) -> None:
    """Store a fact in a test's view. For fact 7, the row has a number that the database refuses,
    but only when the batch is written."""
    batch.put(NumberRow(str(fact.seq), 10**30 if fact.seq == 7 else fact.seq))


def test_a_row_that_the_database_refuses_is_traced_to_its_fact(views: Views, tale: Tale) -> None:
    odd = View("odd", (NumberRow,), oddly)
    for _ in range(40):
        tale.words()
    told: list[UnappliedFact] = []
    runner.catch_up(views.engine, [odd, queue.VIEW], tale.logs, on_poison=told.append)
    assert [(p.view, p.seq) for p in told] == [("odd", 7)]
    with views.engine.connect() as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(NumberRow.table)) == 39
        assert len(queue.queue(db, READER, hour(9), queue.Clocks())) == 40


def test_a_fact_that_cannot_be_read_is_set_aside_for_every_view(views: Views, tale: Tale) -> None:
    for _ in range(5):
        tale.words()
    tale.log = FakeLog(tale.log.facts, damaged=frozenset({2, 5}))
    told: list[UnappliedFact] = []
    runner.catch_up(views.engine, [queue.VIEW, trail.VIEW], tale.logs, on_poison=told.append)
    assert sorted((p.seq, p.view, p.reason) for p in told) == [
        (seq, view, "damaged") for seq in (2, 5) for view in ("queue", "trail")
    ]
    with views.engine.connect() as db:
        assert set(runner.positions(db).values()) == {5}
        assert len(queue.queue(db, READER, hour(9), queue.Clocks())) == 3
    runner.catch_up(views.engine, [queue.VIEW, trail.VIEW], tale.logs, on_poison=told.append)
    assert len(told) == 4


def test_a_database_in_trouble_is_no_poison(views: Views, tale: Tale) -> None:
    tale.words()
    with views.engine.begin() as db:
        QueueRow.table.drop(db)
    with pytest.raises(sa.exc.DBAPIError):
        views.follow(tale)
    with views.engine.connect() as db:
        assert runner.set_aside(db) == []
        assert runner.positions(db) == {}


def test_a_nul_character_in_the_words_reaches_the_queue(views: Views, tale: Tale) -> None:
    tale.words("before\x00after")
    with views.of(tale) as db:
        assert runner.set_aside(db) == []
        (item,) = queue.queue(db, READER, hour(9), queue.Clocks())
    assert item.words == "before\N{REPLACEMENT CHARACTER}after"


# --- several processes that update the views -----------------------------------------------------


def counting(fact: Recorded, batch: RowBatch) -> None:
    """Count each fact in a row, so that the test notices a fact that is applied twice or never."""
    before = batch.get(NumberRow, "all")
    batch.put(NumberRow("all", (before.last if before else 0) + 1))


def test_rival_runners_never_apply_a_fact_twice(
    views: Views, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "BATCH", 20)
    tale = Tale()
    for _ in range(600):
        tale.words()
    some = [View("counting", (NumberRow,), counting), queue.VIEW, trail.VIEW]
    with ThreadPoolExecutor(3) as rivals:
        running = [rivals.submit(runner.catch_up, views.engine, some, tale.logs) for _ in range(3)]
    for rival in running:
        rival.result()  # this raises the other process's error, if it had one
    with views.engine.connect() as db:
        assert db.scalar(sa.select(NumberRow.table.c.last)) == 600
        assert set(runner.positions(db).values()) == {600}


def test_a_reader_does_not_hold_up_the_runner(views: Views, tale: Tale) -> None:
    tale.words()
    views.follow(tale)
    tale.words()
    with views.engine.connect() as db:
        before = queue.queue(db, READER, hour(9), queue.Clocks())
        views.follow(tale)  # the transaction of the reader is still open at this point
        assert len(before) == 1
    with views.engine.connect() as db:
        assert len(queue.queue(db, READER, hour(9), queue.Clocks())) == 2

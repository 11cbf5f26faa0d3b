"""While the clock is far ahead, its time is not recorded as the time of any record. Once the clock
is corrected, the log trusts it again."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from commands.information import observation
from commands.kernel import right_time
from commands.kernel.clock import clock_differs
from console.running import machine_checks
from domain.information.observation import ObservationRecorded
from domain.kernel.envelope import LogName, Recorded
from domain.kernel.values import Refused
from installation import clock_standing
from installation.opening import open_system
from installation.settings import Settings
from installation.system import System
from ledger.database.batch import to_micros
from projections.information import queue
from tests.console.conftest import Line
from tests.web.client import Client
from web.app import make_app

DAY = timedelta(days=1)
YEARS = 3650 * DAY
SECOND = timedelta(seconds=1)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def live(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[System]:
    """Yield a live store; tests run once with each database."""
    url = None
    if request.param == "postgres":
        fresh: Callable[[], str] = request.getfixturevalue("fresh_database")
        url = fresh()
    store = Settings(
        store=url or str(tmp_path / "store"), home=tmp_path / "store", user="psw.ellis"
    )
    system = open_system(store, create=True)
    yield system
    system.close()


def move_logs(system: System, by: timedelta, *logs: LogName) -> None:
    """Make the last record of each of these logs look as if it was recorded at the present time
    plus `by`. Without `logs`, all logs are changed."""
    reached = to_micros(system.logs["evidence"].now() + by)
    for log in logs or tuple(system.logs):
        statement = f"UPDATE {log}_head SET recorded = {reached}"
        if "://" in system.settings.store:
            with psycopg.connect(system.settings.store, autocommit=True) as server:
                server.execute(f"SET search_path = {log}; {statement}".encode())
            continue
        file = "sources.db" if log == "sources" else "log.db"
        with sqlite3.connect(Path(system.settings.store) / file) as db:
            db.execute(statement)
        db.close()


def record(system: System, text: str = "URGENT: she is 13 and he waits outside.") -> Recorded:
    receipt = observation.record(system.desk, system.reader, words=text, urgent_reason="now")
    return system.logs["evidence"].history(receipt.id)[0]


def overdue(system: System, at: datetime) -> set[str]:
    """Return the ids of the items that are overdue at this time."""
    with system.reading() as db:
        rows = queue.queue(db, system.reader, at, queue.Clocks(), overdue_only=True)
        return {str(row.id) for row in rows}


def test_a_clock_that_leapt_dates_nothing_and_the_worker_is_informed(live: System) -> None:
    now = live.logs["evidence"].now()
    move_logs(live, -YEARS)
    first, second = record(live), record(live)
    for fact in (first, second):
        assert fact.uncertain
        assert fact.clock
        assert abs(fact.clock - now) < DAY
        assert abs(fact.recorded - (now - YEARS)) < DAY, "the log's time does not move on"
    assert first.recorded < second.recorded
    said = live.desk.clock_said
    assert said
    assert said == clock_differs(live.logs["evidence"], second)
    assert "ahead of the last record" in said
    assert live.views.compare() == []
    (found,) = (
        one
        for one in machine_checks.clock(now, live.logs["evidence"].jump())
        if one.what == "the clock leapt ahead"
    )
    assert "continuum clock propose" in found.do
    assert clock_standing.differs(live)


@pytest.mark.usually_on("sqlite")
def test_urgent_words_under_a_clock_ten_years_ahead_are_overdue_in_time(live: System) -> None:
    now = datetime.now(UTC)
    live.clock.given_time = now + YEARS
    if "://" in live.settings.store:
        move_logs(live, -YEARS)
        now -= YEARS
    words = record(live)
    live.clock.given_time = None
    if "://" in live.settings.store:
        move_logs(live, timedelta())
    after = record(live, "Nothing is wrong with this one.")
    assert after.clock is None
    assert str(words.stream) not in overdue(live, now)
    assert str(words.stream) in overdue(live, now + DAY)


def test_a_log_that_is_ahead_has_its_deadlines_from_the_clock(live: System) -> None:
    """Deadlines follow the clock, even if a record was dated ten years ahead by a wrong clock."""
    now = live.logs["evidence"].now()
    move_logs(live, YEARS)
    words = record(live)
    assert words.recorded - now > YEARS - DAY, "recorded times rise"
    assert not words.uncertain
    assert abs(words.came - now) < DAY
    assert str(words.stream) in overdue(live, now + DAY)
    assert live.desk.clock_said
    assert live.views.compare() == []
    with live.views.reading_at(now + DAY, None) as db:
        assert db.exec_driver_sql("SELECT count(*) FROM queue").scalar_one() == 1


@pytest.mark.parametrize("rest", [DAY / 2, 11 * DAY])
@pytest.mark.usually_on("sqlite")
def test_a_store_that_rested_over_christmas_is_dated_as_ever(live: System, rest: timedelta) -> None:
    move_logs(live, -rest)
    assert live.logs["evidence"].jump() is None
    fact = record(live)
    assert fact.clock is None
    assert live.desk.clock_said is None
    assert not clock_standing.differs(live)


@pytest.mark.usually_on("sqlite")
def test_a_process_that_ran_all_the_time_believes_its_clock(
    live: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that served the store for a month without a record or a query still trusts its
    clock.
    """
    record(live)
    log, month = live.logs["evidence"], 30 * DAY
    believed, at = log._ran
    move_logs(live, -month)
    for one in live.logs.values():
        one._ran = (0, 0.0)
    # this is the state of a log that recorded a fact a month ago
    log._ran = believed - month // timedelta(microseconds=1), at
    assert live.logs["evidence"].jump()
    monkeypatch.setattr("ledger.store.log.monotonic", lambda: at + month / SECOND)
    assert live.logs["evidence"].jump() is None
    assert record(live).clock is None


def test_a_log_may_rest_while_those_beside_it_go_on(live: System) -> None:
    """Some logs get no record for a year, such as the log of releases or of sources, while other
    logs do. The product does not conclude from this that the clock leapt."""
    move_logs(live, -365 * DAY, "product", "sources")
    assert live.logs["product"].jump() is None
    move_logs(live, -365 * DAY, "evidence")
    fact = record(live)
    assert fact.clock is None, "the access log went on"


def test_the_first_record_of_a_log_takes_the_time_of_the_store(live: System) -> None:
    """An empty log takes the time of its first record from the store's other logs, if these doubt
    the clock."""
    move_logs(live, -YEARS, "evidence", "access", "sources")
    jump = live.logs["product"].jump()
    assert jump
    assert abs(jump - YEARS) < DAY


@pytest.mark.usually_on("sqlite")
def test_what_an_ordinary_record_stores_did_not_change(live: System) -> None:
    fact = record(live)
    (row,) = (one for one in live.logs["evidence"]._store.select_rows(fact.seq - 1, 1))
    clear = bytes(row[4])[5:].split(b',"event":')[0] + b"}"
    assert list(json.loads(clear)) == ["by", "team", "controller", "regime", "because_of"]
    assert isinstance(fact.event, ObservationRecorded)


@pytest.mark.usually_on("sqlite")
def test_threads_that_record_at_once_under_a_leapt_clock_are_all_kept(live: System) -> None:
    from concurrent.futures import ThreadPoolExecutor

    move_logs(live, -YEARS)
    with ThreadPoolExecutor(4) as pool:
        facts = list(pool.map(lambda n: record(live.briefly("psw.ellis"), f"Words {n}."), range(8)))
    assert all(fact.uncertain for fact in facts)
    assert len({fact.recorded for fact in facts}) == 8


def test_two_people_bring_a_log_that_rested_for_months_to_the_right_time(live: System) -> None:
    now = live.logs["evidence"].now()
    move_logs(live, -100 * DAY)
    before = [record(live), record(live)]
    assert all(one.uncertain for one in before)
    with pytest.raises(Refused, match="how you know"):
        right_time.propose(live.desk, live.logs, live.reader, "  ")
    right_time.propose(live.desk, live.logs, live.reader, "my telephone says so")
    with pytest.raises(Refused, match="confirming that the clock is right takes two people"):
        right_time.confirm(live.desk, live.logs, live.reader)
    with pytest.raises(Refused, match="proposed already"):
        right_time.propose(live.desk, live.logs, live.reader, "again")
    other = live.vouched_for("di.moss")
    right_time.confirm(other.desk, other.logs, other.reader)
    live.views.rebuild()
    assert live.logs["evidence"].jump() is None
    assert live.logs["access"].jump() is None
    after = record(live)
    assert after.clock is None
    assert abs(after.recorded - now) < DAY
    ids = {str(one.stream) for one in (*before, after)}
    assert not ids & overdue(live, now)
    assert ids <= overdue(live, now + DAY)
    assert live.views.compare() == []


def test_two_people_set_right_what_a_clock_ten_years_ahead_dated(live: System) -> None:
    """Two people correct the times of records that a clock ten years ahead had dated. (An earlier
    release did not record beside its records how far the clock was off.)
    """
    record(live, "Before.")
    log = live.logs["evidence"]
    now = log.now()
    move_logs(live, YEARS)
    believing, log._leap = log._leap, None
    wrong = [record(live), record(live)]
    log._leap = believing
    assert all(one.clock is None and one.recorded - now > YEARS - DAY for one in wrong)
    mended = record(live)
    assert not {str(one.stream) for one in wrong} & overdue(live, now + DAY)
    right_time.propose(live.desk, live.logs, live.reader, "the clock on the wall")
    other = live.vouched_for("di.moss")
    right_time.confirm(other.desk, other.logs, other.reader)
    live.views.rebuild()
    ids = {str(one.stream) for one in (*wrong, mended)}
    assert ids <= overdue(live, now + DAY)
    assert not ids & overdue(live, now)
    assert clock_standing.jump(live) is None, "the log stays ahead, and that was set right"
    live.desk.clock_said = None
    last = record(live)
    assert last.recorded > mended.recorded
    assert str(last.stream) in overdue(live, now + DAY)
    assert live.desk.clock_said is None
    assert live.views.compare() == []
    with live.views.reading_at(now + DAY, None) as db:
        assert db.exec_driver_sql("SELECT count(*) FROM queue").scalar_one() == 5


@pytest.mark.usually_on("sqlite")
def test_a_clock_that_did_not_jump_is_not_set_right(live: System) -> None:
    with pytest.raises(Refused, match="there is nothing to confirm"):
        right_time.propose(live.desk, live.logs, live.reader, "I think so")
    with pytest.raises(Refused, match="there is no open proposal that the clock is right"):
        right_time.confirm(live.desk, live.logs, live.reader)
    move_logs(live, -YEARS)
    right_time.propose(live.desk, live.logs, live.reader, "my telephone says so")
    right_time.refuse(live.desk, live.reader, "it is ten years ahead")
    assert right_time.current_state(live.desk).proposed_by is None


def test_every_front_says_that_the_time_is_uncertain(tmp_path: Path) -> None:
    """Every front says that the time is uncertain: the command line, the API, the screens' receipt,
    `/readyz` and the doctor.
    """
    store = tmp_path / "store"
    live = open_system(Settings(store=str(store), user="psw.ellis"), create=True)
    client = Client(make_app(live))
    assert client.get("/readyz").text == "ready\n"
    move_logs(live, -YEARS)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (
        200,
        "ready: the clock may be wrong, run continuum doctor\n",
    )
    live.close()
    line = Line(str(store), store)
    said = line("--json", "--user", "psw.ellis", "record", text="He waits outside.")
    assert said.code == 0, said
    assert "The time is uncertain" in said.json["time_uncertain"]
    assert "The time is uncertain" in said.err
    assert "THE CLOCK LEAPT AHEAD" in line("doctor").out
    reason = "--reason", "the clock on the wall"
    assert line("--user", "psw.ellis", "clock", "confirm").code == 2
    assert line("--user", "psw.ellis", "clock", "propose", *reason).code == 0
    assert "waits for a second person" in line("doctor").out.lower()
    assert "takes two people" in line.refused("--user", "PSW.Ellis", "clock", "confirm")
    confirmed = line("--user", "di.moss", "clock", "confirm")
    assert confirmed.code == 0, confirmed
    assert "were dated wrong" in confirmed.out
    said = line("--json", "--user", "psw.ellis", "record", text="He is gone.")
    assert said.json["time_uncertain"] is None
    assert "CLOCK" not in line("doctor").out
    assert line("--json", "views", "compare").json["equal"]
    line.close()


@pytest.mark.postgres
def test_a_host_that_is_two_hours_off_dates_nothing_and_is_named(
    fresh_database: Callable[[], str], tmp_path: Path
) -> None:
    store = Settings(store=fresh_database(), home=tmp_path / "home", user="psw.ellis")
    live = open_system(store, create=True)
    now = live.logs["evidence"].now()
    assert not clock_standing.differs(live)
    live.clock.given_time = now + timedelta(hours=2)
    fact = record(live)
    assert fact.clock is None
    assert abs(fact.recorded - now) < timedelta(hours=1), "the server's clock dates it"
    assert clock_standing.differs(live)
    assert "the clock may be wrong" in Client(make_app(live)).get("/readyz").text
    live.close()

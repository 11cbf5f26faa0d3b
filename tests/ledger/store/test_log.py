"""A log on either database records each command once and in order, and refuses conflicting
commands.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.kernel.envelope import CommandReused, Conflict, Recorded, Submission, UniqueTaken
from ledger.store.log import Log
from ledger.store.mapper import UnknownEvent, WrongLog
from tests.conftest import Store, now
from tests.ledger.events import (
    CATALOGUE,
    HEADER,
    Closed,
    Counted,
    Noted,
    Told,
    Unlisted,
    Whispered,
    submission,
)
from tests.processes import LIMIT


@pytest.fixture
def log(store: Store) -> Log:
    return store.open(CATALOGUE)["evidence"]


def test_facts_come_back_as_they_were_reported(log: Log) -> None:
    stream, command_id = uuid4(), uuid4()
    told = (Noted("seen\0 twice", about=uuid4()), Whispered("ü"), Counted(3), Closed())
    ((*facts,),) = log.append([submission(*told, stream=stream, command_id=command_id)])
    assert [fact.event for fact in facts] == list(told)
    assert [fact.version for fact in facts] == [1, 2, 3, 4]
    assert [fact.seq for fact in facts] == [1, 2, 3, 4]
    assert {(fact.log, fact.stream, fact.command_id) for fact in facts} == {
        ("evidence", stream, command_id)
    }
    assert {(f.by, f.team, f.controller, f.regime, f.because_of) for f in facts} == {
        (HEADER.by, HEADER.team, HEADER.controller, HEADER.regime, HEADER.because_of)
    }
    assert log.history(stream) == facts
    assert log.read(0, 10) == facts
    assert log.command(command_id) == tuple(facts)


def test_an_empty_log(log: Log) -> None:
    assert log.last() == 0
    assert log.read(0, 10) == []
    assert log.history(uuid4()) == []
    assert log.command(uuid4()) is None
    assert log.append([]) == []


def test_seq_is_dense_whatever_fails_in_between(log: Log) -> None:
    taken = uuid4()
    log.append([submission(Closed(), stream=taken)])
    for _ in range(3):
        with pytest.raises(Conflict):
            log.append([submission(Counted(1)), submission(Counted(2), stream=taken)])
        log.append([submission(Counted(3), Counted(4))])
    assert [fact.seq for fact in log.read(0, 100)] == [*range(1, 8)]
    assert log.last() == 7


def test_pages_join_without_gap_or_overlap(log: Log) -> None:
    log.append([submission(*map(Counted, range(10)))])
    pages = [log.read(after, 4) for after in (0, 4, 8, 10)]
    assert [[f.seq for f in page] for page in pages] == [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10], []]


def test_recorded_grows_though_the_clock_steps_back(store: Store) -> None:
    noon = datetime(2011, 3, 1, 12, tzinfo=UTC)
    readings = iter([noon, noon - timedelta(hours=2), noon, noon + timedelta(microseconds=1)])
    log = store.open(CATALOGUE, clock=lambda: next(readings), synthetic=True)["evidence"]
    for _ in range(4):
        log.append([submission(Counted(1), Counted(2))])
    recorded = [fact.recorded for fact in log.read(0, 10)]
    assert recorded == [noon + timedelta(microseconds=i) for i in range(8)]
    assert all(at.utcoffset() == timedelta(0) for at in recorded)


def test_the_clock_leads_when_it_can(store: Store) -> None:
    days = [datetime(2010, 1, day, tzinfo=UTC) for day in (1, 2, 3)]
    readings = iter(days)
    log = store.open(CATALOGUE, clock=lambda: next(readings), synthetic=True)["evidence"]
    for _ in days:
        log.append([submission(Closed())])
    assert [fact.recorded for fact in log.read(0, 10)] == days


def test_a_clock_without_a_zone_is_refused(store: Store) -> None:
    naive = now().replace(tzinfo=None)
    log = store.open(CATALOGUE, clock=lambda: naive, synthetic=True)["evidence"]
    with pytest.raises(ValueError, match="zone"):
        log.append([submission(Closed())])
    assert log.last() == 0


def test_the_same_command_twice_is_one_fact(log: Log) -> None:
    once = submission(Noted("a car"), Counted(1))
    (first,) = log.append([once])
    between = log.append([submission(Closed())])
    assert log.append([once]) == [first]
    later, again = submission(Counted(2)), submission(Counted(3), command_id=once.command_id)
    results = log.append([later, again, later])
    # the log returns the events that were recorded first, not the events of the second decision
    assert results[1] == first
    assert results[0] == results[2]
    assert log.read(0, 10) == [*first, *between[0], *results[0]]
    assert log.known_commands([once.command_id, uuid4(), later.command_id]) == {
        once.command_id,
        later.command_id,
    }


def test_a_command_without_facts_is_known_too(log: Log) -> None:
    nothing = submission()
    assert log.append([nothing]) == [()]
    assert log.command(nothing.command_id) == ()
    assert log.append([nothing, submission(Closed())])[0] == ()
    with pytest.raises(CommandReused):
        log.append([submission(command_id=nothing.command_id, digest=b"other")])


def test_a_command_id_with_another_body_is_refused_with_its_batch(log: Log) -> None:
    first = submission(Closed())
    log.append([first])
    other = submission(Closed(), command_id=first.command_id, digest=b"another body")
    with pytest.raises(CommandReused) as refusal:
        log.append([submission(Counted(1)), other])
    assert refusal.value.command_id == first.command_id
    fresh = uuid4()
    with pytest.raises(CommandReused):
        log.append(
            [submission(command_id=fresh), submission(command_id=fresh, digest=b"another body")]
        )
    assert log.last() == 1


def test_a_stream_may_grow_within_a_batch(log: Log) -> None:
    stream = uuid4()
    log.append(
        [
            submission(Counted(1), stream=stream),
            submission(Counted(9)),
            submission(Counted(2), stream=stream, version=2),
        ]
    )
    assert [fact.event for fact in log.history(stream)] == [Counted(1), Counted(2)]


def test_a_version_is_taken_once(log: Log) -> None:
    stream, other = uuid4(), uuid4()
    log.append([submission(Counted(1), stream=stream)])
    with pytest.raises(Conflict) as refusal:
        log.append([submission(Closed(), stream=other), submission(Counted(2), stream=stream)])
    assert (refusal.value.stream, refusal.value.version) == (stream, 1)
    with pytest.raises(Conflict) as refusal:
        log.append([submission(Closed(), stream=other), submission(Closed(), stream=other)])
    assert (refusal.value.stream, refusal.value.version) == (other, 1)
    assert log.history(other) == []
    assert log.append([submission(Closed(), stream=other)])[0][0].seq == 2


def test_of_two_who_assess_at_once_one_wins(log: Log) -> None:
    streams = [uuid4() for _ in range(20)]
    together = Barrier(2, timeout=LIMIT)
    outcomes: list[str] = []

    def assess(number: int) -> None:
        for stream in streams:
            together.wait()
            try:
                log.append([submission(Counted(number), stream=stream)])
                outcomes.append("won")
            except Conflict:
                outcomes.append("lost")

    threads = [Thread(target=assess, args=(n,)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["lost"] * 20 + ["won"] * 20
    assert {len(log.history(stream)) for stream in streams} == {1}


def test_a_blind_digest_belongs_to_one_stream(log: Log) -> None:
    plate, phone, car, handset = b"plate", b"phone", uuid4(), uuid4()
    log.append([submission(Closed(), stream=car, unique=((plate, car),))])
    with pytest.raises(UniqueTaken) as refusal:
        log.append([submission(Closed()), submission(Closed(), unique=((plate, uuid4()),))])
    assert (refusal.value.digest, refusal.value.stream) == (plate, car)
    with pytest.raises(UniqueTaken):
        log.append(
            [
                submission(Closed(), unique=((phone, handset),)),
                submission(Closed(), unique=((phone, car),)),
            ]
        )
    assert log.last() == 1
    # the submission uses the index entries of its own stream again
    log.append([submission(Closed(), unique=((plate, car), (phone, handset)))])
    assert log.find(plate) == car
    assert log.find(b"nobody's") is None
    assert log.find(phone) == handset


def test_only_this_logs_events_are_taken_and_then_all_or_nothing(store: Store) -> None:
    logs = store.open(CATALOGUE)
    with pytest.raises(WrongLog, match="belongs to the sources log"):
        logs["evidence"].append([submission(Closed()), submission(Told("A parent"))])
    with pytest.raises(UnknownEvent):
        logs["evidence"].append([submission(Closed()), submission(Unlisted())])
    assert logs["evidence"].last() == 0
    logs["sources"].append([submission(Told("A parent"))])
    assert (logs["sources"].last(), logs["evidence"].last()) == (1, 0)


def test_what_was_stored_is_there_when_opened_again(store: Store) -> None:
    log = store.open(CATALOGUE)["evidence"]
    (facts,) = log.append([submission(Noted("seen"), Closed())])
    log.close()
    again = store.open(CATALOGUE, create=False)["evidence"]
    assert again.read(0, 10) == list(facts)
    store.open(CATALOGUE, create=True)
    assert again.append([submission(Closed())])[0][0].seq == 3


def test_many_ids_are_requested_at_once(log: Log) -> None:
    subs = [submission(Closed(), unique=((b"%d" % n, UUID(int=n)),)) for n in range(1600)]
    log.append(subs)
    assert log.known_commands(s.command_id for s in subs) == {s.command_id for s in subs}
    assert {n for n in range(1600) if log.find(b"%d" % n) == UUID(int=n)} == {*range(1600)}


commands = st.integers(0, 6)


@pytest.fixture(scope="module")
def fresh_logs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Iterator[Log]]:
    opened: list[Log] = []

    def make() -> Iterator[Log]:
        while True:
            store = Store(tmp_path_factory.mktemp("log"), None)
            opened.append(store.open({"evidence": CATALOGUE["evidence"]})["evidence"])
            yield opened[-1]

    yield make()
    for log in opened:
        log.close()


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(batches=st.lists(st.lists(commands, max_size=5), max_size=8))
def test_however_often_commands_are_repeated_each_is_one_fact(
    fresh_logs: Iterator[Log], batches: list[list[int]]
) -> None:
    log = next(fresh_logs)
    known: dict[int, Submission] = {n: submission(Counted(n), Counted(-n)) for n in range(7)}
    results: dict[int, set[tuple[Recorded, ...]]] = {}
    for batch in batches:
        for number, facts in zip(batch, log.append([known[n] for n in batch]), strict=True):
            results.setdefault(number, set()).add(facts)
    assert all(len(answers) == 1 for answers in results.values())
    stored = log.read(0, 100)
    assert [fact.seq for fact in stored] == [*range(1, 2 * len(results) + 1)]
    assert set(stored) == {fact for answers in results.values() for fact in next(iter(answers))}

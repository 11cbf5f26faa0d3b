"""A log is an Application of the event-sourcing library and works like one, but accepts only the
event classes of its own list."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from eventsourcing.application import AggregateNotFoundError

from domain.kernel.envelope import CommandReused, Conflict
from ledger.store.log import Log
from tests.conftest import Store
from tests.ledger.events import CATALOGUE, Closed, Counted, Noted, facts, submission


@pytest.fixture
def log(store: Store) -> Log:
    return store.open(CATALOGUE)["evidence"]


@dataclass
class Total:
    """An aggregate of the library: the sum of the numbers in a stream's events."""

    id: UUID
    version: int = 0
    sum: int = 0


def total(before: Total | None, history: Iterable[Any]) -> Total | None:
    for fact in history:
        before = before or Total(fact.originator_id)
        before.version, before.sum = fact.originator_version, before.sum + fact.event.number
    return before


def test_save_and_append_share_one_log(log: Log) -> None:
    stream = uuid4()
    (first,) = log.append([submission(Counted(1), stream=stream)])
    recordings = log.save(*facts(Counted(2), Counted(3), stream=stream, version=2))
    assert [recording.notification.id for recording in recordings] == [2, 3]
    assert [fact.event for fact in log.history(stream)] == [Counted(1), Counted(2), Counted(3)]
    assert [fact.seq for fact in log.read(0, 10)] == [1, 2, 3]
    with pytest.raises(Conflict):
        log.save(*facts(Counted(9), stream=stream, version=3))
    assert log.history(stream)[0] == first[0]


def test_save_takes_a_command_id_and_repeats_nothing(log: Log) -> None:
    command_id = uuid4()
    fact = facts(Noted("seen"))
    log.save(*fact, command_id=command_id, digest=b"body")
    again = log.save(*fact, command_id=command_id, digest=b"body")
    assert [recording.notification.id for recording in again] == [1]
    with pytest.raises(CommandReused):
        log.save(*fact, command_id=command_id, digest=b"another body")
    with pytest.raises(TypeError, match="command_id"):
        log.save(*fact, command=command_id)
    assert log.last() == 1


def test_the_repository_folds_a_stream(log: Log) -> None:
    stream = uuid4()
    log.append([submission(Counted(1), Counted(5), Counted(7), stream=stream)])
    assert log.repository.get(stream, projector_func=total) == Total(stream, 3, 13)
    assert log.repository.get(stream, version=2, projector_func=total) == Total(stream, 2, 6)
    with pytest.raises(AggregateNotFoundError):
        log.repository.get(uuid4(), projector_func=total)


def test_a_stream_can_be_read_in_parts(log: Log) -> None:
    stream = uuid4()
    log.append([submission(*map(Counted, range(1, 6)), stream=stream)])

    def versions(**part: int | bool) -> list[int]:
        return [e.originator_version for e in log.events.get(stream, **part)]  # type: ignore[arg-type]

    assert versions(gt=2) == [3, 4, 5]
    assert versions(lte=2) == [1, 2]
    assert versions(desc=True, limit=2) == [5, 4]


def test_the_notification_log_shows_sections(log: Log) -> None:
    log.append([submission(*[Counted(1), Closed()] * 6)])
    section = log.notification_log["1,10"]
    assert [item.id for item in section.items] == [*range(1, 11)]
    assert section.next_id == "11,20"
    assert [item.id for item in log.notification_log["11,20"].items] == [11, 12]
    select = log.recorder.select_notifications
    assert [n.id for n in select(3, 10, stop=5)] == [3, 4, 5]
    assert [n.id for n in select(3, 2, inclusive_of_start=False)] == [4, 5]
    assert [n.id for n in select(None, 3, topics=["note.closed@1"])] == [2, 4, 6]
    assert log.recorder.max_notification_id() == 12


def test_the_environment_is_ignored(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "MAPPER_TOPIC",
        "EVIDENCE_MAPPER_TOPIC",
        "TRANSCODER_TOPIC",
        "PERSISTENCE_MODULE",
        "APPLICATION_RECORDER_TOPIC",
        "CIPHER_TOPIC",
        "COMPRESSOR_TOPIC",
        "POSTGRES_GET_PASSWORD_TOPIC",
    ):
        monkeypatch.setenv(name, "antigravity:fly")
    monkeypatch.setenv("IS_SNAPSHOTTING_ENABLED", "yes")
    monkeypatch.setenv("AGGREGATE_CACHE_MAXSIZE", "10")
    log = store.open(CATALOGUE)["evidence"]
    (recorded,) = log.append([submission(Noted("seen"))])
    assert log.read(0, 10) == list(recorded)
    assert log.save(*facts(Closed()))
    assert log.snapshots is None
    assert log.repository.cache is None
    assert "antigravity" not in sys.modules


def test_what_the_library_offers_and_a_log_has_not(log: Log) -> None:
    for refused in (
        log.factory.aggregate_recorder,
        log.factory.tracking_recorder,
        log.factory.process_recorder,
    ):
        with pytest.raises(TypeError, match="log"):
            refused()
    with pytest.raises(NotImplementedError, match="read"):
        log.recorder.subscribe(gt=0)

"""The four logs of a store with a few facts, recorded one after another, for tests that open no
store.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid4

import msgspec

from commands.kernel.references import LOGS
from domain.kernel.envelope import Event, LogName, Recorded
from domain.kernel.log import Log

SAMPLES = Path(__file__).parents[2] / "data" / "events"
DAY = datetime(2026, 1, 5, 9, tzinfo=UTC)


class FewFacts:
    """A test log with a few facts."""

    def __init__(self) -> None:
        self.facts: list[Recorded] = []

    def read(self, after: int, limit: int) -> list[Recorded]:
        return self.facts[after : after + limit]


class Logs:
    """The four logs of a store; their facts are recorded an hour apart."""

    def __init__(self) -> None:
        self._logs = {name: FewFacts() for name in LOGS}
        self._versions: dict[UUID, int] = {}
        self.number = 0

    def tell(self, stream: UUID, event: Event, *because_of: str, erased: bool = False) -> UUID:
        """Record another fact; return the id of its stream."""
        log = self._logs[event.stored.log].facts
        self.number += 1
        self._versions[stream] = self._versions.get(stream, 0) + 1
        log.append(
            Recorded(
                event.stored.log,
                len(log) + 1,
                stream,
                self._versions[stream],
                hour(self.number),
                by="dc.hart",
                team="Engage",
                controller="Police",
                regime="part-3",
                because_of=because_of,
                command_id=uuid4(),
                event=event,
                erased=erased,
            )
        )
        return stream

    @property
    def logs(self) -> dict[LogName, Log]:
        return cast(dict[LogName, Log], self._logs)


def hour(number: int) -> datetime:
    """Return the time at which the fact with this number is recorded."""
    return DAY + timedelta(hours=number)


def sample(kind: type[Event], **told: object) -> Any:
    """Return the stored sample of an event class, with these fields changed."""
    stored = msgspec.json.decode((SAMPLES / f"{kind.stored.topic}.json").read_bytes())
    return msgspec.structs.replace(msgspec.convert(stored["event"], kind), **told)

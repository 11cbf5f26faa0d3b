"""One log: an Application of the event-sourcing library with a mapper and a recorder of our own.

Commands and imports call `append`, which goes to mapper and recorder directly; `save`,
`repository.get(…, projector_func=…)` and `notification_log` work as in the library and pass
through the same insert. Nothing is taken from the process environment, where a stray
`MAPPER_TOPIC` would otherwise name code to run. There are no snapshots: streams are short.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import count
from uuid import UUID

import msgspec
from eventsourcing.application import Application
from eventsourcing.utils import Environment, EnvType

from domain.envelope import CommandReused, Event, LogName, LogUnavailable, Recorded, Submission
from ledger.batch import Batch, Command, KnownCommand, Place, RawRow, Row, rows, times
from ledger.mapper import EventMapper, UnknownEvent, Unreadable
from ledger.receipt import Receipt, give
from ledger.recorder import LogFactory, LogRecorder


class Undecodable(Exception):
    """A stored event cannot be read: its topic is unknown or its bytes are damaged."""

    def __init__(self, log: LogName, seq: int, reason: str) -> None:
        super().__init__(f"{log} {seq} cannot be read: {reason}")
        self.log, self.seq, self.reason = log, seq, reason


class Log(Application[UUID]):
    """The facts of one log, in the order in which they were taken in.

    Any method raises `LogUnavailable` when the database is out of reach, full or locked. Whether
    an `append` that ended so was stored can be asked with `command`; to append again is safe.
    """

    name: LogName

    def __init__(self, mapper: EventMapper, recorder: LogRecorder) -> None:
        self.name, self._map, self._store = mapper.log, mapper, recorder
        super().__init__()

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        return Environment(name)

    def construct_factory(self, env: Environment) -> LogFactory:
        return LogFactory(self._store)

    def construct_mapper(self) -> EventMapper:
        return self._map

    def construct_recorder(self) -> LogRecorder:
        return self._store

    def origin(self) -> str:
        """The log's name for the whole world. Raises `LogUnavailable` for one that is unsealed."""
        return self._store.origin()

    def receipt(self, first: int, last: int) -> Receipt:
        """For the facts from seq `first` to `last`: what whoever told them keeps."""
        return give(self._store, self.name, first, last)

    def append(self, submissions: Sequence[Submission]) -> list[tuple[Recorded, ...]]:
        """Records all submissions in one transaction, or none; gives each one's facts.

        A command that is known with the same digest writes nothing and gives the facts first
        recorded under its id. Two submissions may give one stream successive versions.

        Raises `CommandReused`, `Conflict`, `UniqueTaken`, `LogUnavailable`; and for facts that no
        log may take `WrongLog`, `UnknownEvent`, `Unstorable`.
        """
        waiting: dict[UUID, Submission] = {}
        for s in submissions:
            if waiting.setdefault(s.command_id, s).digest != s.digest:
                raise CommandReused(s.command_id)
        done: dict[UUID, tuple[Recorded, ...]] = {}
        while waiting:
            commands = list(waiting.values())
            facts = [fact for s in commands for fact in s.facts]
            topics, states, events = self._map.encode(facts)
            batch = Batch(
                [Command(s.command_id, s.digest, len(s.facts)) for s in commands],
                [fact.originator_id.bytes for fact in facts],
                [fact.originator_version for fact in facts],
                topics,
                states,
                [pair for s in commands for pair in s.unique],
            )
            place = self._store.insert_batch(batch)
            if place is not None:
                done |= self._placed(commands, events, place)
                break
            known = self._store.select_commands(waiting)
            if not known:
                raise LogUnavailable(f"The {self.name} log holds a command it cannot show.")
            for command_id, command in known.items():
                if waiting.pop(command_id).digest != command.digest:
                    raise CommandReused(command_id)
                done[command_id] = self._first_recorded(command_id, command)
        return [done[s.command_id] for s in submissions]

    def _placed(
        self, commands: Sequence[Submission], events: Sequence[Event], place: Place
    ) -> dict[UUID, tuple[Recorded, ...]]:
        name = self.name
        seq, event = count(place.seq), iter(events)
        recorded = iter(times(place.recorded, len(events)))
        return {
            s.command_id: tuple(
                [
                    Recorded(
                        name,
                        next(seq),
                        fact.originator_id,
                        fact.originator_version,
                        next(recorded),
                        fact.header.by,
                        fact.header.team,
                        fact.header.controller,
                        fact.header.regime,
                        fact.header.because_of,
                        s.command_id,
                        next(event),
                    )
                    for fact in s.facts
                ]
            )
            for s in commands
        }

    def _first_recorded(self, command_id: UUID, command: KnownCommand) -> tuple[Recorded, ...]:
        facts = self._read(self._store.select_rows(command.first_seq - 1, command.count))
        return tuple(fact for fact in facts if fact.command_id == command_id)

    def history(self, stream: UUID) -> list[Recorded]:
        """A stream's facts by version; empty if there is no such stream.

        Raises `Undecodable`: nothing may be decided on half a history.
        """
        return self._read(self._store.select_stream(stream))

    def read(
        self, after: int, limit: int, on_error: Callable[[int, str], None] | None = None
    ) -> list[Recorded]:
        """At most `limit` facts with a seq above `after`, in order.

        Without `on_error` the first event that cannot be read raises `Undecodable`. With it,
        `on_error(seq, reason)` is called in its place and reading goes on, so that a view can set
        the event aside by its position: the next `after` is the highest seq given or reported,
        and the log is read to its end when a call gives and reports nothing.
        """
        return self._read(self._store.select_rows(after, limit), on_error)

    def now(self) -> datetime:
        """What the clock tells by which the log records: this machine's, or the server's."""
        return times(self._store.now(), 1)[0]

    def last(self) -> int:
        """The seq given last, 0 in a new log."""
        return self._store.last_seq()

    def command(self, command_id: UUID) -> tuple[Recorded, ...] | None:
        """The facts recorded under a command id; None if the log does not know it."""
        known = self._store.select_commands([command_id]).get(command_id)
        return None if known is None else self._first_recorded(command_id, known)

    def commands_known(self, ids: Iterable[UUID]) -> set[UUID]:
        """Those of the command ids that the log has recorded."""
        return set(self._store.select_commands(ids))

    def find(self, digest: bytes) -> UUID | None:
        """The stream that holds a keyed blind index."""
        return self._store.select_unique([digest]).get(digest)

    def find_many(self, digests: Iterable[bytes]) -> dict[bytes, UUID]:
        """The streams that hold these keyed blind indexes; unknown ones are left out."""
        return self._store.select_unique(digests)

    def _read(
        self, raw: Sequence[RawRow], on_error: Callable[[int, str], None] | None = None
    ) -> list[Recorded]:
        report = on_error or self._stop
        name, decode = self.name, self._map.decode
        facts = []
        for row in _sound(raw, report):
            try:
                told = decode(row.topic, row.state)
            except (UnknownEvent, Unreadable) as error:
                report(row.seq, str(error))
                continue
            facts.append(
                Recorded(
                    name,
                    row.seq,
                    row.stream,
                    row.version,
                    row.recorded,
                    told.by,
                    told.team,
                    told.controller,
                    told.regime,
                    told.because_of,
                    row.command_id,
                    told.event,
                )
            )
        return facts

    def _stop(self, seq: int, reason: str) -> None:
        raise Undecodable(self.name, seq, reason)


def _sound(raw: Sequence[RawRow], report: Callable[[int, str], None]) -> list[Row]:
    """The rows, without those that somebody damaged."""
    try:
        return rows(raw)
    except msgspec.ValidationError:
        sound = []
        for one in raw:
            try:
                sound += rows([one])
            except msgspec.ValidationError as error:
                report(one[0], f"a damaged row: {error}")
        return sound

"""One log: an Application of the event-sourcing library, with its own mapper and recorder.

Commands and imports call `append`, which uses mapper and recorder directly; `save`,
`repository.get(…, projector_func=…)` and `notification_log` work as in the library and use the same
insert. The library would read settings from the environment, such as `MAPPER_TOPIC`, which names
code to run; this class reads none. There are no snapshots, because streams are short.

The file is long because all guarantees of a log are read together.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from secrets import token_bytes
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

import msgspec
from eventsourcing.application import Application, ProcessingEvent
from eventsourcing.persistence import Recording
from eventsourcing.utils import Environment, EnvType
from msgspec.structs import replace

from domain.kernel.envelope import (
    ClockDiffers,
    CommandReused,
    Erased,
    Event,
    Fact,
    Header,
    IntegrityFailure,
    LogName,
    LogUnavailable,
    Outgoing,
    Recorded,
    Submission,
    Undecodable,
)
from ledger.database.batch import (
    SLACK,
    CommandSpan,
    KnownCommand,
    LogPosition,
    RawRow,
    RecordBatch,
    RecordRow,
    rows,
    times,
)
from ledger.keys.data_keys import BatchKeys, DataKeys
from ledger.keys.key_table import KeyTable, StaleKeys
from ledger.keys.key_table_root import root_of
from ledger.keys.keys import SealBroken
from ledger.keys.keystore import MissingEpoch
from ledger.keys.sealing import DataKey, event_secret, key_id
from ledger.proof import head_map, proof, tiles
from ledger.proof.leaf import key_of_state
from ledger.proof.leaf_scan import pages
from ledger.proof.receipt import Receipt, give
from ledger.store.group_commit import GroupCommit
from ledger.store.mapper import (
    SEALED,
    EventMapper,
    SecretOf,
    UnknownEvent,
    Unreadable,
    parts,
    sealed_under,
)
from ledger.store.recorder import LogFactory, LogRecorder

TRIES = 5
"""How often keys are looked up again if other processes destroy or make keys at the same time."""
MANY, CARRIED = 50, 300
"""A batch with at least `MANY` facts belongs to an import or another long job. After each `CARRIED`
of its facts that job copies the write-ahead log into the file; otherwise the writer of a single
record would have to."""


_MICROSECOND = timedelta(microseconds=1)

Kind = tuple[int, type[Event] | None]
"""A fact's seq and its event class; None if the class is only known after reading the fact."""

Came = tuple[int, list[Kind]]
"""A log's last seq, and the events up to it."""


class Log(Application[UUID]):
    """The facts of one log, in the order in which they were recorded.

    Any method raises `LogUnavailable` when the database is out of reach, full or locked. After
    `append` has raised it, `command` says whether the facts were stored; it is safe to append
    again.
    """

    name: LogName

    def __init__(self, mapper: EventMapper, recorder: LogRecorder, ring: DataKeys) -> None:
        self.name, self._map, self._store, self._ring = mapper.log, mapper, recorder, ring
        self._joining = GroupCommit(recorder)
        self._to_carry = 0
        self._seen = 0
        self._leap: int | None = None
        self._believed = 0
        self._ran = (0, 0.0)
        self._beside: Sequence[Log] = ()
        mapper.opening = self._opening_stream
        super().__init__()

    def watch_clock(self, leap: timedelta, beside: Sequence["Log"]) -> None:
        """Watch the clock from now on. The clock is not trusted if it is behind the newest record
        of this log, or more than `leap` ahead of the newest record of this log and the other logs
        `beside`. The time of an untrusted clock is only stored as a note with the record.
        """
        self._leap, self._beside = leap // _MICROSECOND, beside

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        return Environment(name)

    def construct_factory(self, env: Environment) -> LogFactory:
        return LogFactory(self._store)

    def construct_mapper(self) -> EventMapper:
        return self._map

    def construct_recorder(self) -> LogRecorder:
        return self._store

    def sealed_keys(self) -> tuple[int, bytes]:
        """Return the number of records, and the root over their data keys. Keys that no record
        uses, which a restore may have brought back, are left out. Raises LogUnavailable."""
        size, keys = self.key_table.seals()
        borne = {key_of_state(row.state) for page in pages(self._store, 1, size) for row in page}
        return size, root_of(self.origin(), (key for key in keys if key.key_id in borne))

    @property
    def key_table(self) -> KeyTable:
        """Return the table of the log's data keys, for erasure."""
        return self._store.keys

    def origin(self) -> str:
        """Return the log's globally unique name. Raises `LogUnavailable` for a log without
        encryption."""
        return self._store.origin()

    def receipt(self, first: int, last: int) -> Receipt:
        """Return the receipt for the facts from seq `first` to `last`, for the person who recorded
        them.
        """
        return give(self._store, self.name, first, last)

    def first_records(self, size: int, public: Path, note: str) -> Receipt:
        """Return the receipt for the first `size` records, with the log's root at this size. The
        root is computed from the signed checkpoint in `note`, from the tiles in `public` as far as
        they reach, and from the records. Raises IntegrityFailure.
        """
        beside = tiles.tiles_of(public, self.name), head_map.heads_of(public, self.name)
        of = proof.Proven(self._store, self.name, *beside)
        return proof.first_records(of, self.origin(), size, note)

    def append(self, submissions: Sequence[Submission]) -> list[tuple[Recorded, ...]]:
        """Record all submissions in one transaction, or none; return each one's facts.

        Threads that append at the same time may share a transaction (group_commit.py), but each
        succeeds or fails by itself. A command that was recorded with the same digest writes nothing
        and returns the facts first recorded under its id. Two submissions may give one stream
        successive versions.

        Raises `CommandReused`, `Conflict`, `UniqueTaken`, `LogUnavailable`; for facts that no log
        may take `WrongLog`, `UnknownEvent`, `Unstorable`; and `Erased` for text in an erased
        stream, and for a command whose facts were erased.
        """
        waiting: dict[UUID, Submission] = {}
        for s in submissions:
            if waiting.setdefault(s.command_id, s).digest != s.digest:
                raise CommandReused(s.command_id)
        recorded_by_command: dict[UUID, tuple[Recorded, ...]] = {}
        stale = 0
        while waiting:
            before = self._seen
            commands: Sequence[Submission] = list(waiting.values())
            try:
                commands, writing, events, place = self._write(commands, sure=stale > 0)
            except StaleKeys:
                stale += 1
                if stale == TRIES:
                    raise LogUnavailable(
                        f"The keys of the {self.name} log keep changing: try again."
                    ) from None
                continue
            except MissingEpoch:  # the key-encryption key was destroyed just now, or is lost
                stale += 1
                if stale == TRIES:
                    raise
                continue
            except Erased:
                if not self._store.select_commands(waiting):
                    raise
                place = None
            if place is not None:
                self._require_ahead(place.seq, before + 1)
                self._seen = max(self._seen, place.seq + len(events) - 1)
                self._ring.written(writing)
                self._carry(len(events))
                recorded_by_command |= self._placed(commands, events, place)
                break
            known_commands = self._store.select_commands(waiting)
            if not known_commands:
                raise LogUnavailable(f"The {self.name} log contains a command that cannot be read.")
            for command_id, command in known_commands.items():
                if command.digest is None:
                    raise Erased(f"the record of the command {command_id} was erased")
                if waiting.pop(command_id).digest != command.digest:
                    raise CommandReused(command_id)
                recorded_by_command[command_id] = self._first_recorded(command_id, command)
        return [recorded_by_command[s.command_id] for s in submissions]

    def _write(
        self, commands: Sequence[Submission], *, sure: bool
    ) -> tuple[Sequence[Submission], BatchKeys, list[Event], LogPosition | None]:
        """Write the commands to the log; return them with their position, or None as the position
        if one of them was recorded before."""
        writing, batch, events = self._batch(commands, sure=sure)
        try:
            place = self._joining.insert_batch(batch)
        except ClockDiffers as differs:
            clock = differs.clock
        else:
            if place is not None and self._leap is not None:
                self._ran = place.recorded, monotonic()
            return commands, writing, events, place
        noted, replacement_time = self._judged(clock)
        if noted:
            commands = _noting(commands, clock)
            writing, batch, events = self._batch(commands, sure=sure)
        place = self._store.insert_batch(replace(batch, leap=None, held=replacement_time))
        return commands, writing, events, place

    def _judged(self, clock: int) -> tuple[bool, int | None]:
        """Return whether the clock is not trusted, so that its time is only stored as a note; and,
        if the clock jumped ahead, the time to record instead. A clock that is ahead is compared
        with the newest record of all logs, because this log may have been idle.
        """
        if clock < self._store.head()[1] - SLACK:
            return True, None
        newest = self._newest()
        leaps = self._leap is not None and 0 < newest < clock - self._leap
        return leaps, newest + 1 if leaps else None

    def _newest(self) -> int:
        """Return the latest of these times (in µs since 1970): the newest record in this log and in
        the logs beside it, and the time that their clocks should show; 0 if there is none.
        """
        newest = self._believed
        for log in (self, *self._beside):
            newest = max(newest, log._running())
            with suppress(LogUnavailable):
                newest = max(newest, log._store.head()[1])
        return newest

    def _running(self) -> int:
        """Return the time that the clock should show: the last trusted time plus the time since
        then by this process's monotonic clock. This time is needed because there may be no record
        for weeks. The monotonic clock stops while a machine sleeps, so a difference does not prove
        a jump.
        """
        believed, at = self._ran
        return believed + int((monotonic() - at) * 1_000_000) if believed else 0

    def jump(self) -> timedelta | None:
        """Return how far an untrusted clock is ahead of the newest record, or (negative) behind
        this log; None if the clock is trusted. Raises LogUnavailable."""
        clock = self._store.now()
        noted, replacement_time = self._judged(clock)
        if self._leap is None or not noted:
            return None
        return _MICROSECOND * (
            clock - (self._store.head()[1] if replacement_time is None else replacement_time - 1)
        )

    def moment(self, seq: int) -> datetime:
        """Return when the record with this seq was recorded; no key is needed for this. Raises
        LogUnavailable, and Undecodable for a missing record.
        """
        found_rows = self._store.select_sealed(seq, 1)
        if not found_rows or found_rows[0].seq != seq:
            raise Undecodable(self.name, seq, "the key of this record was destroyed")
        return times(found_rows[0].recorded, 1)[0]

    def believe_clock(self) -> None:
        """Trust the clock again, because two people confirmed that it is right."""
        self._believed = self._store.now()

    def _carry(self, written: int) -> None:
        """Copy the database's write-ahead log into its main file, if many facts were written since
        the last time. This does not take the lock for writing, so no writer waits.
        """
        if written >= MANY:
            self._to_carry += written
            if self._to_carry >= CARRIED:
                self._to_carry = 0
                self._store.carry_home()

    def _batch(
        self, commands: Sequence[Submission], *, sure: bool
    ) -> tuple[BatchKeys, RecordBatch, list[Event]]:
        """Return the batch that these commands write, and their events as reading them will return
        them."""
        facts = [fact for s in commands for fact in s.facts]
        renewed = {stream for s in commands for stream in s.renews}
        writing = self._ring.writing(facts, renewed, sure=sure)
        topics, states, events = self._map.encode(facts, writing.keys)
        batch = RecordBatch(
            [CommandSpan(s.command_id, s.digest, len(s.facts)) for s in commands],
            [fact.originator_id.bytes for fact in facts],
            [fact.originator_version for fact in facts],
            topics,
            states,
            [pair for s in commands for pair in s.unique],
            writing.made,
            writing.shreds,
            [row for s in commands for row in s.outgoing],
            self._leap,
        )
        return writing, batch, events

    def _placed(
        self, commands: Sequence[Submission], events: Sequence[Event], place: LogPosition
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
                        False,
                        _clock_time(fact.header.clock),
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
        """Return a stream's facts by version; [] if there is no such stream.

        Raises `Undecodable`, also for a missing event, because no decision may rest on an
        incomplete history.
        """
        facts = self._read(self._store.select_stream(stream))
        for version, fact in enumerate(facts, start=1):
            if fact.version != version:
                self._stop(fact.seq, f"version {version} of its stream is gone before it")
        return facts

    def read(
        self, after: int, limit: int, on_error: Callable[[int, str], None] | None = None
    ) -> list[Recorded]:
        """Return at most `limit` facts with a seq above `after`, in order.

        Without `on_error` the first unreadable event raises `Undecodable`. With it, `on_error(seq,
        reason)` is called instead and reading goes on, so that a view can store the event's
        position and continue. The next `after` is the highest seq returned or reported; the end of
        the log is reached when a call neither returns nor reports anything.
        """
        return self._read(self._store.select_rows(after, limit), on_error, after=after)

    def kinds(self, after: int, limit: int) -> list[Kind]:
        """Return the seq (number) and the event class of each record after a seq. No key is needed,
        because the content of the records is not decrypted. The class is None if the record is
        missing or was written by an older or newer release, so that it has to be read.
        """
        kinds: list[Kind] = []
        for seq, topic in self._store.select_topics(after, limit):
            if seq > after + 1:
                kinds.append((after + 1, None))
            kinds.append((seq, self._map.kind(topic)))
            after = seq
        return kinds

    def streams(self, after: int, limit: int) -> Sequence[tuple[int, UUID]]:
        """Return the streams of the records after a seq."""
        return self._store.select_streams(after, limit)

    def replacement_for(self, seq: int, event: Event) -> tuple[str, bytes]:
        """Return the topic and the stored state of the event `event`, as it could replace the event
        of the record `seq`. The state is encrypted with the data key of that record or, if the key
        was destroyed, with a random key. Nothing is written. Raises `LogUnavailable`,
        `Undecodable`, `SealBroken`.
        """
        (fact,), raw = self.read(seq - 1, 1), self._store.select_rows(seq - 1, 1)
        keys: dict[tuple[bytes, str], DataKey] = {}
        if (key := sealed_under(rows(raw)[0].state)) is not None:
            secret = self._opening(raw)(key) or token_bytes(32)
            keys[fact.stream.bytes, event.stored.key] = DataKey(key, secret)
        clock = msgspec.UNSET if fact.clock is None else fact.clock
        header = Header(fact.by, fact.team, fact.controller, fact.regime, fact.because_of, clock)
        topics, states, _ = self._map.encode([Fact(fact.stream, fact.version, header, event)], keys)
        return topics[0], states[0]

    def outgoing(self, after: int, limit: int) -> list[tuple[int, Outgoing]]:
        """Return the outgoing rows for other police forces after a position of the outbox, each
        with its position."""
        return [
            (place, Outgoing(UUID(bytes=bytes(reference)), *rest))
            for place, reference, *rest in self._store.select_outgoing(after, limit)
        ]

    def now(self) -> datetime:
        """Return the time of the clock that dates new records: this machine's, or the server's."""
        return times(self._store.now(), 1)[0]

    def last(self) -> int:
        """Return the last seq, 0 in a new log. Raises IntegrityFailure if records disappeared."""
        before = self._seen
        last = self._store.last_seq()
        self._require_ahead(last, before)
        self._seen = max(self._seen, last)
        return last

    def _require_ahead(self, seq: int, least: int) -> None:
        """Raise IntegrityFailure if the log is shorter than when this process last read it, because
        an older copy has replaced the log, or its server was restored. `seq` is the number of the
        last record now, `least` the number at that time.
        """
        if seq < least:
            raise IntegrityFailure(
                f"The {self.name} log goes to record {seq} only, and went to record "
                f"{least} before: it was replaced by an older copy. Nothing is recorded. "
                "Stop this process and run: continuum verify"
            )

    @property
    def is_writer(self) -> bool:
        """Return whether this site may write to the log. Raises `LogUnavailable`."""
        turn = self._store.turn()
        return turn is None or turn.is_writer

    def require_turn(self) -> None:
        """Raise LogUnavailable if another session blocks writing; the message says which."""
        self._store.require_turn()

    def require_keys(self) -> None:
        """Raise `KeyFault` if the store's keys are not the same as when this process read them."""
        self._ring.require()

    def wait(self, seconds: float) -> bool:
        """Wait for up to this many seconds for a new record; return whether the database reported
        one.
        """
        return self._store.wait(seconds)

    def command(self, command_id: UUID) -> tuple[Recorded, ...] | None:
        """Return the facts recorded under a command id; None if there are none."""
        command = self._store.select_commands([command_id]).get(command_id)
        return None if command is None else self._first_recorded(command_id, command)

    def known_commands(self, ids: Iterable[UUID]) -> set[UUID]:
        """Return those of the command ids `ids` under which a command was recorded."""
        return set(self._store.select_commands(ids))

    def find(self, digest: bytes) -> UUID | None:
        """Return the stream that has this keyed blind index, or None."""
        return self._store.select_unique(digest)

    def _read(
        self,
        raw: Sequence[RawRow],
        on_error: Callable[[int, str], None] | None = None,
        *,
        after: int | None = None,
    ) -> list[Recorded]:
        report = on_error or self._stop
        if after is not None and raw:
            _no_gap(raw, after, report)
        if not raw:
            return []
        name, decode = self.name, self._map.decode
        secret_of = self._opening(raw)
        facts = []
        for row in _sound(raw, report):
            try:
                document, erased = decode(
                    row.stream.bytes, row.version, row.topic, row.state, secret_of
                )
            except (UnknownEvent, Unreadable, SealBroken) as error:
                report(row.seq, str(error))
                continue
            facts.append(
                Recorded(
                    name,
                    row.seq,
                    row.stream,
                    row.version,
                    row.recorded,
                    document.by,
                    document.team,
                    document.controller,
                    document.regime,
                    document.because_of,
                    row.command_id,
                    document.event,
                    erased,
                    document.clock,
                )
            )
        return facts

    def _opening(self, raw: Sequence[RawRow]) -> SecretOf:
        """Return a function that looks up the data keys of these rows."""
        return self._ring.opening(raw[-1][-1], lambda: {row[1] for row in raw})

    def _opening_stream(self, stream: UUID) -> SecretOf:
        return self._opening(self._store.select_stream(stream))

    def event_secrets(self, stream: UUID) -> dict[int, str | None]:
        """Return by seq the secrets that decrypt single facts of a stream, in hexadecimal, to be
        included in a proof; None for a fact that is not encrypted, or was erased. Raises
        `SealBroken`."""
        raw = self._store.select_stream(stream)
        secret_of = self._opening(raw) if raw else None
        secrets_by_seq: dict[int, str | None] = {}
        for row in rows(raw):
            secrets_by_seq[row.seq] = None
            if secret_of and row.state[0] == SEALED:
                _, envelope = parts(row.state)
                secret = secret_of(key_id(envelope))
                secrets_by_seq[row.seq] = event_secret(secret, envelope).hex() if secret else None
        return secrets_by_seq

    def _record(self, processing_event: ProcessingEvent[UUID]) -> list[Recording[UUID]]:
        """Record the events that `Application.save` passes, as one command. `save` also accepts the
        arguments `command_id`, `digest`, `unique` and `renews`; without `command_id` the command
        gets a new random id.
        """
        facts: Any = processing_event.events
        submission_fields = {"command_id": uuid4(), "digest": b""} | processing_event.saved_kwargs
        if unknown := set(submission_fields) - {"command_id", "digest", "unique", "renews"}:
            raise TypeError(f"a log takes command_id, digest, unique and renews, not {unknown}")
        (saved,) = self.append([Submission(facts=tuple(facts), **submission_fields)])
        first = saved[0].seq
        notices = self._store.select_notifications(first, len(saved))
        return [Recording(fact, notice) for fact, notice in zip(facts, notices, strict=True)]

    def _stop(self, seq: int, reason: str) -> None:
        raise Undecodable(self.name, seq, reason)


def _clock_time(clock: datetime | msgspec.UnsetType) -> datetime | None:
    return None if isinstance(clock, msgspec.UnsetType) else clock


def _noting(commands: Sequence[Submission], clock: int) -> list[Submission]:
    """Return the commands with this time of the clock stored in each fact."""
    (at,) = times(clock, 1)
    return [
        msgspec.structs.replace(
            command,
            facts=tuple(
                msgspec.structs.replace(fact, header=msgspec.structs.replace(fact.header, clock=at))
                for fact in command.facts
            ),
        )
        for command in commands
    ]


def records_after(
    logs: Mapping[LogName, Log],
    passing: Mapping[LogName, frozenset[str]],
    after: Mapping[LogName, int],
    limit: int,
) -> dict[LogName, Came]:
    """Return for each of several logs the seq (number) of its last record, and the events after the
    seq in `after`, except events whose topics are in `passing`. On a server this takes one round
    trip. Raises LogUnavailable if one of the logs does not answer.
    """
    first, *_ = after
    topics_by_log = logs[first]._store.select_topics_of(after, limit)
    events_by_log: dict[LogName, Came] = {}
    for name, seq in after.items():
        log = logs[name]
        last, topics = (
            topics_by_log[name]
            if topics_by_log
            else _last_and_topics(seq, log._store.select_topics(seq, limit))
        )
        if last - seq != len(topics):  # a record of the log is missing
            events_by_log[name] = last, log.kinds(seq, limit)
        elif passing[name].issuperset(topics):
            events_by_log[name] = last, []
        else:
            new = enumerate(topics, start=seq + 1)
            events_by_log[name] = (
                last,
                [(at, log._map.kind(topic)) for at, topic in new if topic not in passing[name]],
            )
    return events_by_log


def _last_and_topics(after: int, records: Sequence[tuple[int, str]]) -> tuple[int, Sequence[str]]:
    return records[-1][0] if records else after, [topic for _, topic in records]


def _no_gap(raw: Sequence[RawRow], after: int, report: Callable[[int, str], None]) -> None:
    """Report the records that are missing before or between these rows of a log, which were read
    after the seq `after`. A record is missing wherever the numbers have a gap, because the numbers
    in a log have no gaps.
    """
    for row in raw:
        if isinstance(row[0], int) and row[0] > after + 1 > 0:
            report(after + 1, f"{_records(after + 1, row[0] - 1)} gone: run continuum verify")
        after = row[0] if isinstance(row[0], int) else after + 1


def _records(first: int, last: int) -> str:
    return f"record {first} is" if first == last else f"records {first} to {last} are"


def _sound(raw: Sequence[RawRow], report: Callable[[int, str], None]) -> list[RecordRow]:
    """Return these rows of a log, except damaged rows, which are reported."""
    try:
        return rows(raw)
    except msgspec.ValidationError:
        sound = []
        for row in raw:
            try:
                sound += rows([row])
            except msgspec.ValidationError as error:
                report(row[0], f"a damaged row: {error}")
        return sound

"""Record in the access log which records a user is about to see, before they are shown. Requests
that arrive at the same time are written in one commit.

If the entry cannot be written, the request raises an error and its answer is not given. Commands
that only record something do not use this module.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Unpack
from uuid import UUID

from msgspec import Struct

from access.who_may import scope
from commands.kernel.declared import OnNamed
from commands.kernel.unit_of_work import Command, Desk, KeyAccess, Receipt, act_on_named, facts
from domain.data_protection import access_log
from domain.data_protection.access_log import (
    ConsultationJustified,
    ConsultedFor,
    RecordConsulted,
    SearchHit,
    SearchTouched,
    packed,
)
from domain.kernel.codes import Contact
from domain.kernel.envelope import Event, Fact, LogName, LogUnavailable, Submission
from domain.kernel.log import Log
from domain.kernel.values import Reader
from projections.intelligence import silent_hits

#: The largest number of record ids in one event of the access log, because the size of an event is
#: limited. A longer list of ids is divided among several events.
AT_ONCE = 50_000
#: The largest number of events in one stream of a user's access log. The user's next event begins a
#: new stream.
SITTING = 1_000


class AccessRecord(Struct, frozen=True):
    """An entry for the access log: a user was shown some records. `touched` are records that
    matched the user's search but may not be shown to the user. If a program reads the records for a
    person, `person` is that person's name as the program states it. `at` is the time of the reading
    in a store with synthetic data and a simulated clock; otherwise None.
    """

    reader: Reader
    query: str
    ids: Sequence[UUID]
    why: str | None = None
    wanted: bool = False
    touched: Sequence[SearchTouched] = ()
    person: str | None = None
    at: datetime | None = None

    @property
    def stated_purpose(self) -> ConsultationJustified | ConsultedFor | None:
        """Return the purpose that the user stated for reading records, or the person for whom a
        program asks, or None.
        """
        if self.person:
            return ConsultedFor(self.person, self.why)
        return ConsultationJustified(self.why) if self.why else None


@dataclass
class Sitting:
    """The access log stream to which one user's entries are written in this run of the program,
    with the purpose that the user stated most recently for reading records.
    """

    stream: UUID
    version: int = 0
    why: tuple[Event, int] | None = None


@dataclass
class Consultations:
    """Writes an entry to the access log each time records are shown; all threads of a process share
    one instance.

    While one thread waits for its commit, the requests of the other threads collect, and the next
    commit writes all of them. So no request waits for a timer, and none continues before its own
    entry is committed.
    """

    logs: Mapping[LogName, Log]
    keys: KeyAccess
    new_id: Callable[[], UUID]
    new_random_id: Callable[[], UUID]
    _waiting: list[tuple[AccessRecord, "Future[None]"]] = field(default_factory=list)
    _entering: Lock = field(default_factory=Lock)
    _committing: Lock = field(default_factory=Lock)
    _sittings: dict[tuple[str, str, str], Sitting] = field(default_factory=dict)

    def consulted(self, look: AccessRecord) -> None:
        """Record in the access log that a user is about to see records; return once the entry is
        committed.

        Raises LogUnavailable if the log does not accept the entry: the caller may then show
        nothing.
        """
        future: Future[None] = Future()
        with self._entering:
            self._waiting.append((look, future))
        with self._committing:
            # if the future is done, another thread's commit included this request
            if not future.done():
                self._commit_waiting()
        future.result()

    def _commit_waiting(self) -> None:
        with self._entering:
            taken, self._waiting = self._waiting, []
        try:
            self._commit([look for look, _ in taken])
        except Exception as error:  # noqa: BLE001 (each waiting thread raises it as its own)
            self._one_by_one(taken, error)
        else:
            for _, future in taken:
                future.set_result(None)

    def _one_by_one(
        self, taken: list[tuple[AccessRecord, "Future[None]"]], error: Exception
    ) -> None:
        """Commit the access log entry of each request by itself, so that one invalid entry does not
        block the entries of the other requests.
        """
        self._sittings.clear()
        for look, future in taken:
            if len(taken) > 1 and not isinstance(error, LogUnavailable):
                try:
                    self._commit([look])
                except Exception as own:  # noqa: BLE001 (as above)
                    self._sittings.clear()
                    future.set_exception(own)
                else:
                    future.set_result(None)
            else:
                future.set_exception(error)

    def _commit(self, looks: Sequence[AccessRecord]) -> None:
        self.logs["access"].append([self._submission(look) for look in looks])

    def _submission(self, look: AccessRecord) -> Submission:
        command = self.new_random_id()
        written = self._sitting_facts(look)
        for touched in look.touched:
            written += facts(look.reader, self.new_random_id(), 0, (touched,))
        return Submission(command, self.keys.digest(command.bytes), written)

    def _sitting_facts(self, look: AccessRecord) -> tuple[Fact, ...]:
        sitting = self._sitting(look.reader)
        events: list[Event] = []
        purpose = look.stated_purpose
        if purpose and (sitting.why is None or sitting.why[0] != purpose):
            events.append(purpose)
            sitting.why = (purpose, sitting.version + 1)
        why = sitting.why[1] if purpose and sitting.why else None
        for start in range(0, len(look.ids) or 1, AT_ONCE):
            ids = packed(look.ids[start : start + AT_ONCE])
            events.append(RecordConsulted(look.query, ids, why, look.wanted, look.at))
        before = sitting.version
        sitting.version += len(events)
        return facts(look.reader, sitting.stream, before, events)

    def _sitting(self, reader: Reader) -> Sitting:
        who = (reader.name, reader.team, reader.controller)
        sitting = self._sittings.get(who)
        if sitting is None or sitting.version >= SITTING:
            sitting = self._sittings[who] = Sitting(self.new_id())
        return sitting


def _resolve_hit(desk: Desk, reader: Reader, which: str) -> UUID:
    """Return the id of a search hit. A hit records that another user's search matched an item that
    the user may not see. `which` is the hit's id or the end of the id. Raises Hidden if `which`
    fits no hit on the reader's own items.
    """
    with desk.looked(silent_hits.VIEW) as db:
        hit = silent_hits.find(db, reader, which)
    if hit is None:
        raise scope.hidden_error("hit", which)
    return hit


def _decide_contact(
    desk: Desk, reader: Reader, state: SearchHit, contact: Contact, reason: str
) -> tuple[Event, ...]:
    return access_log.decide_contact(state, contact, reason, by=reader.name, team=reader.team)


#: Decide whether the reader contacts the user whose search matched the reader's records.
decide_contact = OnNamed(
    "search.decide_contact",
    _resolve_hit,
    SearchHit(),
    access_log.evolve,
    _decide_contact,
    log="access",
)


def review_access(
    desk: Desk, reader: Reader, user: str, finding: str, **command: Unpack[Command]
) -> Receipt:
    """Record a reviewer's finding about which records a user opened."""

    return act_on_named(
        desk,
        reader,
        "access.review",
        user,
        lambda: desk.begun(command, "access"),
        None,
        lambda s, e: None,
        lambda s: (access_log.review(user, finding),),
        [user, finding],
        log="access",
        **command,
    )

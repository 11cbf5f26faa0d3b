"""References between items, for erasures, legal holds, disposal and access requests.

They are read from the logs and not from a view, because no reference may be missed: a view may be
out of date, and no view has sources. The type annotation of each event field says whether the field
refers to an item, and in which role (`domain.kernel.fields`). This module adds references that are
in no field: causes of a fact, its file of origin, records judged to be one person, references that
ended, and texts that may contain a name.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from uuid import UUID

from commands.kernel.event_contents import asides, ids_in, items_in, texts
from commands.kernel.whole_logs import BATCH
from domain.data_protection import erasure
from domain.data_protection.access_log import RecordConsulted
from domain.information.observation import ObservationMoved
from domain.intelligence.identity import IdentityChanged
from domain.intelligence.intelligence_report import ItemGraded, ReportRedacted
from domain.intelligence.link import LinkAsserted, LinkRetracted
from domain.justice.evidence import EvidenceWithdrawn
from domain.kernel.envelope import Event, LogName, Recorded, item_kind
from domain.kernel.fields import Life
from domain.kernel.log import Log
from domain.people_and_teams.store_admin import FileReceived

#: The order in which the four logs are read, so that an item is read before references to it.
LOGS: tuple[LogName, ...] = ("sources", "evidence", "product", "access")
#: Events that merge two people, end links, mark an item as erased, or record an imported file.
MORE = (
    *(ObservationMoved, LinkAsserted, LinkRetracted, EvidenceWithdrawn),
    *(ItemGraded, ReportRedacted, IdentityChanged, FileReceived),
    *erasure.IN_LOG.values(),
)
#: The number of a stream's latest references that are compared, so that the same reference is not
#: added again.
LATEST = 8


class Beyond(Enum):
    """Roles of references that are in no field of an event: the item is a cause of a fact, the file
    from which a fact was imported, or one of two records judged to be one person.
    """

    CAUSE = "cause"
    FILE = "file"
    SAME = "same"


Role = Life | Beyond


@dataclass(slots=True)
class Reference:
    """A reference from a stream to an item, with its role. It began at the version `version` of the
    stream and at the time `at`, and ended at `until`; `until` is None if it has not ended."""

    item: UUID
    stream: UUID
    role: Role
    version: int
    at: datetime
    until: datetime | None = None


class References:
    """All references in the given logs, updated when new facts are read. An erased item refers to
    nothing; an item that was erased after `since` counts as not erased."""

    def __init__(
        self, logs: Mapping[LogName, Log], names: Iterable[LogName], since: datetime | None = None
    ) -> None:
        self._logs, self._since = logs, since
        self._after: dict[LogName, int] = dict.fromkeys(names, 0)
        self.kinds: dict[UUID, tuple[LogName, str]] = {}
        self.versions: dict[UUID, int] = {}
        self.gone: set[UUID] = set()
        self.graded: dict[UUID, dict[int, UUID]] = defaultdict(dict)
        """The observations that are graded in a report, by the number of the item."""
        self.texts: dict[UUID, list[tuple[int | None, str]]] = defaultdict(list)
        """The encrypted texts of each stream, each with the number of its item if the stream is a
        report."""
        self.asides: dict[UUID, list[str]] = defaultdict(list)
        """Other references to a person: their names, mentions that the program read, and
        unencrypted texts.
        """
        self._to: dict[UUID, list[Reference]] = defaultdict(list)
        self._from: dict[UUID, list[Reference]] = defaultdict(list)
        self._files: dict[str, list[UUID]] = defaultdict(list)
        self._marks: dict[str, set[str]] = defaultdict(set)
        self._contents: dict[str, str] = {}
        self._rows: dict[str, list[tuple[UUID, int, datetime]]] = defaultdict(list)

    # --- queries ---------------------------------------------------------------------------------

    def streams(self, item: UUID, *roles: Role, since: datetime | None = None) -> set[UUID]:
        """Return the streams that refer to an item in one of these roles. With `since`, references
        that ended after that time are included. An erased stream is returned only if the item is
        its cause, so that chains of causes can be followed through it.
        """
        current = _current(self._to.get(item, ()), roles, since)
        return {
            reference.stream
            for reference in current
            if reference.stream not in self.gone or reference.role is Beyond.CAUSE
        }

    def items(self, stream: UUID, *roles: Role, since: datetime | None = None) -> set[UUID]:
        """Return the items to which a stream refers in one of these roles. With `since`, references
        that ended after that time are included.
        """
        outgoing = () if stream in self.gone else self._from.get(stream, ())
        return {reference.item for reference in _current(outgoing, roles, since)} - self.gone

    def all_references(self, item: UUID) -> Iterator[Reference]:
        """Yield each reference to an item that a field of an event makes, whether it is current or
        ended.
        """
        return (
            reference for reference in self._to.get(item, ()) if reference.role is not Beyond.CAUSE
        )

    def words(self, stream: UUID) -> list[str]:
        """Return all texts of a stream that may name a person."""
        return [*(text for _, text in self.texts.get(stream, ())), *self.asides.get(stream, ())]

    def moved(self, words: UUID, case: UUID) -> bool:
        """Return whether a log entry was filed in the case `case` and has been moved to another
        case.
        """
        filed = [
            reference for reference in self._from.get(words, ()) if reference.role is Life.FILED
        ]
        return any(reference.until for reference in filed) and not any(
            reference.item == case and not reference.until for reference in filed
        )

    def same_as(self, person: UUID, since: datetime | None = None) -> set[UUID]:
        """Return all records merged with this person's record, including that record. With `since`,
        records that were merged at that time are included.
        """
        found_items, todo = set[UUID](), [person]
        while todo:
            if (here := todo.pop()) not in found_items:
                found_items.add(here)
                for pair in self.streams(here, Beyond.SAME, since=since):
                    todo += self.items(pair, Beyond.SAME, since=since)
        return found_items

    # --- reading ---------------------------------------------------------------------------------

    def read_on(self) -> Iterator[Recorded]:
        """Yield each new fact of the logs, after adding its references."""
        for name in self._after:
            while facts := self._logs[name].read(self._after[name], BATCH):
                self._after[name] = facts[-1].seq
                for fact in facts:
                    self._take(fact)
                    yield fact

    def _take(self, fact: Recorded) -> None:
        stream, event = fact.stream, fact.event
        self.versions[stream] = fact.version
        if fact.version == 1:
            self.kinds[stream] = fact.log, kind_of(fact)
        at = stream, fact.version, fact.recorded
        for item in ids_in(fact.because_of):
            self._add(item, Beyond.CAUSE, *at)
        if not (isinstance(event, RecordConsulted) and event.why is None):
            for item, role in items_in(event):
                self._add(item, role, *at)
        if _adds_references(type(event)):
            self._take_apart(fact)
            self._take_file(fact)
        if not fact.erased:
            if new_texts := texts(event):
                self.texts[stream] += new_texts
            if aside := asides(event):
                self.asides[stream] += aside

    def _add(self, item: UUID, role: Role, stream: UUID, version: int, at: datetime) -> None:
        outgoing = self._from[stream]
        if not any(
            reference.role is role and reference.item == item and not reference.until
            for reference in outgoing[-LATEST:]
        ):
            made = Reference(item, stream, role, version, at)
            outgoing.append(made)
            self._to[item].append(made)

    def _take_apart(self, fact: Recorded) -> None:
        """Add or end the references that a fact changes: those of links, report items, filings,
        merged records and erased items."""
        match fact.event:
            case LinkAsserted() as event:
                bases = (event.observation, event.report, event.exhibit)
                self._end(fact, (Life.END, Life.BASIS), but=(event.a, event.b, *bases))
            case LinkRetracted():
                self._end(fact, (Life.END, Life.BASIS))
            case ItemGraded() as event:
                self.graded[fact.stream][event.item] = event.observation
                self._end(fact, (Life.BASIS,), but=self.graded[fact.stream].values())
            case ReportRedacted() as event:
                for number in event.dropped:
                    self.graded[fact.stream].pop(number, None)
                self._end(fact, (Life.BASIS,), but=self.graded[fact.stream].values())
            case EvidenceWithdrawn():
                self._end(fact, (Life.BASIS,))
            case ObservationMoved() as event:
                self._end(fact, (Life.FILED,), but=(event.case,))
            case IdentityChanged(judgement="same") as event:
                for who in (event.a, event.b):
                    self._add(who, Beyond.SAME, fact.stream, fact.version, fact.recorded)
            case IdentityChanged():
                self._end(fact, (Beyond.SAME,))
            case event if erasure.is_destroyed(event) and not self._later(fact):
                self.gone.add(fact.stream)
                self.kinds.pop(fact.stream, None)

    def _later(self, fact: Recorded) -> bool:
        return self._since is not None and fact.recorded >= self._since

    def _end(
        self, fact: Recorded, roles: Collection[Role], but: Collection[UUID | None] = ()
    ) -> None:
        """End the references of a fact's stream in these roles; references to the items in `but`
        continue.
        """
        for reference in self._from[fact.stream]:
            if reference.role in roles and reference.item not in but and not reference.until:
                reference.until = fact.recorded

    def _take_file(self, fact: Recorded) -> None:
        """Add references from facts imported from a file to the file. The facts name the file by
        its hash; the same file may have been imported more than once.
        """
        event, at = fact.event, (fact.stream, fact.version, fact.recorded)
        if isinstance(event, FileReceived):
            if not fact.erased:
                content = self._contents[event.mark] = event.sha256
                self._files[content].append(fact.stream)
                self._marks[content].add(event.mark)
                for row in [row for mark in self._marks[content] for row in self._rows[mark]]:
                    self._came_from(content, *row)
        elif mark := getattr(getattr(event, "origin", None), "file", None):
            self._rows[mark].append(at)
            if mark in self._contents:
                self._came_from(self._contents[mark], *at)

    def _came_from(self, content: str, stream: UUID, version: int, at: datetime) -> None:
        for file in self._files[content]:
            self._add(file, Beyond.FILE, stream, version, at)


@cache
def _adds_references(event: type[Event]) -> bool:
    return issubclass(event, MORE) or "origin" in event.__struct_fields__


def _current(
    references: Iterable[Reference], roles: Collection[Role], since: datetime | None
) -> Iterator[Reference]:
    for reference in references:
        if reference.role in roles and (not reference.until or (since and reference.until > since)):
            yield reference


def references(
    logs: Mapping[LogName, Log], *names: LogName, since: datetime | None = None
) -> References:
    """Return the references in these logs, by default in all four. Each log is read once."""
    found_references = References(logs, names or LOGS, since)
    for _ in found_references.read_on():
        pass
    return found_references


def kind_of(fact: Recorded) -> str:
    """Return the kind of item to which a stream belongs, by its first event."""
    event = fact.event
    if kind := event.meaning.kind:
        return item_kind(event, kind)
    return event.stored.name.partition(".")[0].replace("_", " ")

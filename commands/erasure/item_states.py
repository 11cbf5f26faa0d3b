"""The states of items that the rules of erasures and legal holds need: people's names and who is a
child, texts of entries, current links, and pending court matters. An erased item has no state.

References between items are in `commands.kernel.references`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from msgspec import structs

from commands.kernel.references import LOGS, References
from domain.information.observation import (
    LogPhotographed,
    MentionConfirmed,
    ObservationRead,
    ObservationRecorded,
    ObservationRedacted,
    SourceHeld,
)
from domain.information.source import SourceRegistered
from domain.intelligence.entity import (
    AgeRecorded,
    NameAdded,
    PersonClassified,
    PersonRecorded,
    ThingRecorded,
)
from domain.intelligence.intelligence_report import ItemGraded
from domain.intelligence.link import LinkAsserted, LinkRetracted
from domain.intelligence.meeting import BoardKept
from domain.justice.arrest_to_result import (
    Outcome,
)
from domain.justice.evidence import EvidenceGathered, EvidenceWithdrawn
from domain.justice.unused_material import MaterialReviewed
from domain.justice.verdict import AppealDecided, AppealLodged
from domain.kernel.envelope import LogName, Recorded
from domain.kernel.fields import Life
from domain.kernel.log import Log
from domain.kernel.values import VICTIM_CATEGORIES, EntityKind, Grade
from domain.people_and_teams.store_admin import FileReceived, FileSealed

OF_WORDS = (
    ObservationRecorded,
    ObservationRedacted,
    LogPhotographed,
    ObservationRead,
    MentionConfirmed,
    SourceHeld,
)


@dataclass(slots=True)
class Entity:
    """A recorded person or thing: its names, both normalised and as written, and the facts that
    decide whether a person is protected as a child.
    """

    kind: EntityKind
    names: list[str] = field(default_factory=list)
    under_18: bool | None = None
    born: date | None = None
    first: date = date.max
    victim: bool = False

    @property
    def is_child(self) -> bool:
        """Return whether the person is a child, by the same rule as in the views: by the date of
        birth on the day of the first record, or by the recorded age; a victim without a recorded
        age counts as a child.
        """
        if self.born:
            day, born = self.first, self.born
            return day.year - born.year - ((day.month, day.day) < (born.month, born.day)) < 18
        return self.victim if self.under_18 is None else self.under_18


@dataclass(slots=True)
class Words:
    """A log entry: its text, the mentions that the program read in the text, and its photographs. A
    flag says whether the entry's source is still stored, encrypted, with the entry, because the
    source register did not answer.
    """

    text: str = ""
    confirmed: dict[UUID, str | None] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)
    holds_source: bool = False
    pictures: list[str] = field(default_factory=list)


@dataclass
class ItemStates:
    """The state of each stream that is not erased, with the references between them."""

    references: References
    entities: dict[UUID, Entity] = field(default_factory=dict)
    words: dict[UUID, Words] = field(default_factory=dict)
    links: dict[UUID, LinkAsserted] = field(default_factory=dict)
    grades: dict[UUID, dict[int, Grade]] = field(default_factory=dict)
    exhibits: dict[UUID, EvidenceGathered] = field(default_factory=dict)
    outcomes: dict[UUID, Outcome] = field(default_factory=dict)
    appeals: dict[UUID, AppealLodged] = field(default_factory=dict)
    files: dict[UUID, FileReceived] = field(default_factory=dict)
    sources: dict[UUID, str] = field(default_factory=dict)
    boards: dict[UUID, BoardKept] = field(default_factory=dict)
    material: dict[UUID, dict[UUID, str]] = field(default_factory=dict)

    def resting(self, basis: UUID) -> list[UUID]:
        """Return the links that are based on an entry, a report or an exhibit."""
        return sorted(self.references.streams(basis, Life.BASIS) & self.links.keys())

    def entries_from_source(self, source: UUID) -> set[UUID]:
        """Return the log entries from this source, by the source register."""
        entries = self.references.streams(source, Life.TOLD_BY)
        return {item for entry in entries for item in self.references.streams(entry, Life.ENTRY)}

    def take(self, fact: Recorded) -> None:
        """Update the states of the items with a fact. The fact's references to other items have to
        be added to `commands.kernel.references` before.
        """
        if fact.stream not in self.references.gone:
            self._words(fact)
            self._item(fact)
            self._entity(fact)
            return
        tables: dict[str, Any] = vars(self)
        for table in tables.values():
            if isinstance(table, dict):
                table.pop(fact.stream, None)

    def _words(self, fact: Recorded) -> None:
        event = fact.event
        if not isinstance(event, OF_WORDS):
            return
        words = self.words.setdefault(fact.stream, Words())
        match event:
            case ObservationRecorded():
                words.text = event.words
            case ObservationRedacted():
                words.text, words.holds_source, words.pictures = event.words, False, []
            case LogPhotographed():
                words.pictures += [event.kept, event.shown]
            case ObservationRead():
                words.read |= {m.normalised for m in event.mentions if m.normalised}
            case MentionConfirmed(mention=mention):
                called = words.text[mention.start : mention.end] if mention else None
                words.confirmed[event.entity] = called
            case SourceHeld():
                words.holds_source = True

    def _item(self, fact: Recorded) -> None:
        item, event = fact.stream, fact.event
        match event:
            case LinkAsserted():
                self.links[item] = event
            case LinkRetracted():
                self.links.pop(item, None)
            case ItemGraded():
                self.grades.setdefault(item, {})[event.item] = event.grade
            case EvidenceGathered():
                self.exhibits[item] = event
            case EvidenceWithdrawn():
                self.exhibits.pop(item, None)
            case event if isinstance(event, Outcome):
                self.outcomes[item] = event
            case AppealLodged():
                self.appeals[item] = event
            case AppealDecided():
                self.appeals.pop(item, None)
            case FileReceived():
                self.files[item] = event
            case FileSealed() if item in self.files:
                self.files[item] = structs.replace(self.files[item], kept=event.kept)
            case SourceRegistered():
                self.sources[item] = event.name
            case BoardKept():
                self.boards[item] = event
            case MaterialReviewed():
                self.material.setdefault(event.item, {})[event.case] = event.relevance

    def _entity(self, fact: Recorded) -> None:
        event, day = fact.event, fact.recorded.date()
        match event:
            case PersonRecorded():
                names = [event.called or ""]
                person = Entity("person", names, event.under_18, event.born, day)
                self.entities[fact.stream] = person
            case ThingRecorded():
                thing = Entity(event.kind, [event.told, event.normal], first=day)
                self.entities[fact.stream] = thing
        if entity := self.entities.get(fact.stream):
            match event:
                case NameAdded():
                    entity.names.append(event.name)
                case AgeRecorded():
                    entity.born = event.born or entity.born
                    entity.under_18 = entity.under_18 if event.under_18 is None else event.under_18
                case PersonClassified() if event.category in VICTIM_CATEGORIES:
                    entity.victim = True


def item_states(logs: Mapping[LogName, Log]) -> ItemStates:
    """Return the state of each item, from all four logs."""
    states = ItemStates(References(logs, LOGS))
    for fact in states.references.read_on():
        states.take(fact)
    return states

"""What is tied to what: one pass over the logs, from which an erasure is planned.

The logs are read themselves, not the views: a view may be behind, and nothing may be overlooked.
What approved erasures took out is not in a survey. Long because every kind of tie stands in it.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from msgspec import structs

from commands.kernel.whole_logs import facts_of
from domain.data_protection import erasure, retention
from domain.data_protection.copies import ProofTaken
from domain.data_protection.disclosure import DisclosureMade
from domain.data_protection.retention import EVENTS as RETENTION
from domain.data_protection.retention import RetentionState
from domain.families.referral import CaseOpened, MissingReported, ReferralReceived
from domain.information.observation import (
    LogPhotographed,
    MentionConfirmed,
    ObservationRead,
    ObservationRecorded,
    ObservationRedacted,
    ObservationRefiled,
    ObservationUnfiled,
    SourceHeld,
)
from domain.information.source import SourceEntryMade, SourceRegistered
from domain.intelligence.entity import (
    AgeRecorded,
    AliasAdded,
    PersonClassified,
    PersonNamed,
    PersonRecorded,
    ThingRecorded,
)
from domain.intelligence.identity import IdentityJudged, IdentityRevoked
from domain.intelligence.intelligence_report import (
    ItemGraded,
    ReportDisseminated,
    ReportRedacted,
)
from domain.intelligence.link import LinkAsserted, LinkRetracted
from domain.intelligence.meeting import BoardKept
from domain.justice.arrest_to_result import (
    ArrestMade,
    ChargeBrought,
    NoticeServed,
    Outcome,
    ResultRecorded,
)
from domain.justice.evidence import EVENTS as EVIDENCE
from domain.justice.evidence import EvidenceGathered, EvidenceWithdrawn
from domain.justice.unused_material import MaterialReviewed
from domain.justice.verdict import AppealDecided, AppealLodged
from domain.kernel.envelope import Event, LogName, Recorded
from domain.kernel.fields import MENTION, OWNER, marked
from domain.kernel.log import Log
from domain.kernel.values import VICTIM_CATEGORIES, EntityKind, Grade, Mention
from domain.people_and_teams.store_admin import (
    ExportMade,
    FileReceived,
    FileSealed,
)

#: In this order the logs are read: what an item names stands in the survey before it.
LOGS: tuple[LogName, ...] = ("sources", "evidence", "product", "access")


@dataclass
class Entity:
    """Somebody or something: what it is called (in normal and in told form), and whether doubt
    protects it as a child."""

    kind: EntityKind
    names: list[str] = field(default_factory=list)
    under_18: bool | None = None
    born: date | None = None
    first: date = date.max
    victim: bool = False

    @property
    def is_child(self) -> bool:
        """As the views reckon it: by birth on the day of the first record, by what was told, or as
        a victim whose age nobody recorded."""
        if self.born:
            day, born = self.first, self.born
            return day.year - born.year - ((day.month, day.day) < (born.month, born.day)) < 18
        return self.victim if self.under_18 is None else self.under_18


@dataclass
class Words:
    """An observation: where it is filed and from, who was confirmed in it, what it was read to
    name, and the words by which a confirmed name can be found again."""

    case: UUID | None = None
    file: str | None = None
    entry: UUID | None = None
    confirmed: dict[UUID, str | None] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)
    holds_source: bool = False
    text: str = ""
    pictures: list[str] = field(default_factory=list)


@dataclass
class Survey:
    """Every stream by its kind, and the ties between them."""

    kinds: dict[UUID, tuple[LogName, str]] = field(default_factory=dict)
    entities: dict[UUID, Entity] = field(default_factory=dict)
    words: dict[UUID, Words] = field(default_factory=dict)
    child_of: dict[UUID, UUID] = field(default_factory=dict)
    team_of: dict[UUID, str] = field(default_factory=dict)
    referred: dict[UUID, set[str]] = field(default_factory=lambda: defaultdict(set))
    links: dict[UUID, LinkAsserted] = field(default_factory=dict)
    pairs: dict[UUID, tuple[UUID, UUID, bool]] = field(default_factory=dict)
    items: dict[UUID, dict[int, UUID]] = field(default_factory=lambda: defaultdict(dict))
    grades: dict[tuple[UUID, int], Grade] = field(default_factory=dict)
    products: dict[UUID, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    exhibits: dict[UUID, EvidenceGathered] = field(default_factory=dict)
    outcomes: dict[UUID, tuple[Outcome, tuple[str, ...]]] = field(default_factory=dict)
    appeals: dict[UUID, AppealLodged] = field(default_factory=dict)
    files: dict[UUID, FileReceived] = field(default_factory=dict)
    sources: dict[UUID, str] = field(default_factory=dict)
    entries: dict[UUID, SourceEntryMade] = field(default_factory=dict)
    exports: dict[UUID, frozenset[UUID]] = field(default_factory=dict)
    belongs: dict[UUID, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    mentions: dict[UUID, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    material: dict[UUID, dict[UUID, str]] = field(default_factory=lambda: defaultdict(dict))
    kept: dict[UUID, RetentionState] = field(default_factory=dict)
    beside: dict[UUID, UUID] = field(default_factory=dict)
    boards: dict[UUID, frozenset[UUID]] = field(default_factory=dict)
    versions: dict[UUID, int] = field(default_factory=dict)
    gone: set[UUID] = field(default_factory=set)

    # --- looking the other way -------------------------------------------------------------------

    def index(self) -> "Survey":
        """Ready to be asked; itself, once every fact was taken."""
        for table in vars(self).values():
            if isinstance(table, dict):
                for one in self.gone & table.keys():
                    del table[one]
        turned: dict[str, dict[UUID, list[UUID]]] = {
            name: defaultdict(list)
            for name in (
                "filed",
                "named",
                "cases",
                "ties",
                "resting",
                "judged",
                "reports",
                "used",
                "outcomes_of",
                "told_by",
            )
        }
        self.filed, self.named_in, self.cases_of = turned["filed"], turned["named"], turned["cases"]
        self.ties, self.resting, self.judged = turned["ties"], turned["resting"], turned["judged"]
        self.reports_of, self.used_in = turned["reports"], turned["used"]
        self.outcomes_of, self.told_by = turned["outcomes_of"], turned["told_by"]
        self.from_file: dict[str, list[UUID]] = defaultdict(list)
        self.file_of: dict[str, list[UUID]] = defaultdict(list)
        for one, words in self.words.items():
            if words.case:
                self.filed[words.case].append(one)
            if words.file:
                self.from_file[words.file].append(one)
            for named in words.confirmed.keys() - self.gone:
                self.named_in[named].append(one)
            entry = self.entries.get(words.entry) if words.entry else None
            if entry and entry.source:
                self.told_by[entry.source].append(one)
        for case, child in self.child_of.items():
            self.cases_of[child].append(case)
        for link, last in self.links.items():
            self.ties[last.a].append(link)
            self.ties[last.b].append(link)
            for basis in (last.observation, last.report, last.exhibit):
                if basis:
                    self.resting[basis].append(link)
        for pair, (a, b, _) in self.pairs.items():
            self.judged[a].append(pair)
            self.judged[b].append(pair)
        for report, items in self.items.items():
            for observation in items.values():
                self.reports_of[observation].append(report)
        for exhibit, gathered in self.exhibits.items():
            for observation in gathered.observations:
                self.used_in[observation].append(exhibit)
        for stream, (outcome, _) in self.outcomes.items():
            protected = outcome.child if isinstance(outcome, NoticeServed) else None
            for whom in {outcome.person, outcome.case, protected}:
                if whom:
                    self.outcomes_of[whom].append(stream)
        by_hash: dict[str, list[UUID]] = defaultdict(list)
        for stream, file in self.files.items():
            by_hash[file.sha256].append(stream)
        for file in self.files.values():  # the same file came in twice: its rows name either
            self.file_of[file.mark] = by_hash[file.sha256]
        return self

    def same_file(self, file: UUID) -> list[str]:
        """By what the rows of a file name it: it may have come in more than once."""
        return [self.files[one].mark for one in self.file_of[self.files[file].mark]]

    # --- taking the facts ------------------------------------------------------------------------

    def take(self, fact: Recorded) -> None:
        """One more fact of any log, in its log's order."""
        one, event = fact.stream, fact.event
        self.versions[one] = fact.version
        if fact.version == 1:
            self.kinds[one] = fact.log, kind_of(fact)
        if erasure.gone(event):
            self.gone.add(one)
        if isinstance(event, RETENTION):
            item: UUID = event.item
            self.beside[item] = one
            self.kept[item] = retention.evolve(self.kept.get(item, RetentionState()), event)
        if owners := marked(type(event), OWNER):
            self.belongs[one] |= _ids_in(event, owners)
        if mentioned := marked(type(event), MENTION):
            self.mentions[one] |= _ids_in(event, mentioned)
        self._words(fact)
        self._entity(fact)
        self._tie(fact)

    def _words(self, fact: Recorded) -> None:
        one = fact.stream
        match fact.event:
            case ObservationRecorded() as event:
                file = event.origin.file if event.origin else None
                self.words[one] = Words(event.case, file, event.entry, text=event.words)
            case ObservationRedacted() as event:
                self.words[one].text = event.words
                self.words[one].holds_source = False
                self.words[one].pictures = []
            case LogPhotographed() as event:
                self.words[one].pictures += [event.kept, event.shown]
            case ObservationRefiled() | ObservationUnfiled() as event:
                self.words[one].case = event.case
            case ObservationRead() as event:
                self.words[one].read |= {m.normalised for m in event.mentions if m.normalised}
            case MentionConfirmed() as event:
                self.words[one].confirmed[event.entity] = _called(self.words[one], event.mention)
            case SourceHeld() as event:
                self.words[one].holds_source = True
                self.words[one].entry = event.entry

    def _tie(self, fact: Recorded) -> None:
        one, event = fact.stream, fact.event
        match event:
            case LinkAsserted():
                self.links[one] = event
            case LinkRetracted():
                self.links.pop(one, None)
            case ItemGraded():
                self.items[one][event.item] = event.observation
                self.grades[one, event.item] = event.grade
            case ReportRedacted():
                for item in event.dropped:
                    self.items[one].pop(item, None)
            case ReportDisseminated():
                self.products[one].append(event.product)
            case EvidenceGathered():
                self.exhibits[one] = event
            case EvidenceWithdrawn():
                self.exhibits.pop(one, None)
            case ArrestMade() | ChargeBrought() | NoticeServed() | ResultRecorded():
                self.outcomes[one] = event, fact.because_of
            case AppealLodged():
                self.appeals[one] = event
            case AppealDecided():
                self.appeals.pop(one, None)
            case IdentityJudged():
                self.pairs[one] = event.a, event.b, event.judgement == "same"
            case IdentityRevoked():
                self.pairs[one] = event.a, event.b, False
            case CaseOpened():
                self.child_of[one], self.team_of[one] = event.child, event.team
            case ReferralReceived() | MissingReported() if event.origin:
                self.referred[one].add(event.origin.file)
            case FileReceived():
                self.files[one] = event
            case FileSealed():
                self.files[one] = structs.replace(self.files[one], kept=event.kept)
            case SourceRegistered():
                self.sources[one] = event.name
            case SourceEntryMade():
                self.entries[one] = event
            case ExportMade():
                self.exports[one] = frozenset(UUID(each) for each in event.ids)
            case DisclosureMade():
                self.exports[one] = frozenset(event.items)
            case ProofTaken():
                self.exports[one] = frozenset(event.ids)
            case BoardKept():
                self.boards[one] = frozenset(event.shown)
            case MaterialReviewed():
                self.material[event.item][event.case] = event.relevance

    def _entity(self, fact: Recorded) -> None:
        one, event, day = fact.stream, fact.event, fact.recorded.date()
        match event:
            case PersonRecorded():
                names = [event.name or event.description or ""]
                self.entities[one] = Entity("person", names, event.under_18, event.born, day)
            case ThingRecorded():
                self.entities[one] = Entity(event.kind, [event.told, event.normal], first=day)
            case AliasAdded() | PersonNamed():
                self.entities[one].names.append(event.name)
            case AgeRecorded():
                known = self.entities[one]
                known.born = event.born or known.born
                known.under_18 = known.under_18 if event.under_18 is None else event.under_18
            case PersonClassified() if event.category in VICTIM_CATEGORIES:
                self.entities[one].victim = True


def _ids_in(event: Event, fields: tuple[str, ...]) -> set[UUID]:
    values = (getattr(event, name) for name in fields)
    several = (value if isinstance(value, tuple) else (value,) for value in values)
    return {each for ids in several for each in ids if each}


def _called(words: Words, mention: Mention | None) -> str | None:
    return words.text[mention.start : mention.end] if mention else None


def kind_of(fact: Recorded) -> str:
    """What a stream is, by its first event."""
    event = fact.event
    if isinstance(event, ThingRecorded):
        return event.kind
    if isinstance(event, EVIDENCE):
        return event.kind if isinstance(event, EvidenceGathered) else "evidence"
    return event.meaning.kind or event.stored.name.partition(".")[0].replace("_", " ")


def survey(logs: Mapping[LogName, Log]) -> Survey:
    """All four logs, read once."""
    found = Survey()
    for fact in facts_of(logs, *LOGS):
        found.take(fact)
    return found.index()


def same_as(survey: Survey, one: UUID) -> set[UUID]:
    """Everybody who was judged the same as this one, themselves included."""
    found, open_ends = {one}, [one]
    while open_ends:
        here = open_ends.pop()
        for pair in survey.judged[here]:
            a, b, same = survey.pairs[pair]
            other = b if a == here else a
            if same and other not in found and other in survey.entities:
                found.add(other)
                open_ends.append(other)
    return found

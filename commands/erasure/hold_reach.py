"""The items that current legal holds cover, computed from the logs. Everything that destroys data
uses this module, and so does the command `hold prove`. It reads no view.

A hold on a case covers everything filed in the case, caused by it or based on it. A hold on a
person covers everything that names the person. A hold on a period, a team or a category covers its
items and everything that depends on them. The people and things named in covered records, and the
records on which these are based, are retained unchanged, too.

An entry that was moved to another case, a retracted link and a separated person are still covered
if the hold is older than the change. Otherwise one person alone could end a hold that two people
have to lift.

The file is long because all kinds of holds are computed by the same walk through the references.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from commands.erasure.item_states import ItemStates
from commands.erasure.naming import Names
from commands.kernel.references import LOGS, Beyond, References, Role
from domain.data_protection import retention
from domain.data_protection.legal_hold import HOLDS, Category, HoldEnded, HoldOrdered, Query
from domain.data_protection.retention import RetentionState
from domain.families.referral import CaseOpened
from domain.information.observation import ObservationRecorded
from domain.kernel.envelope import LogName, Recorded
from domain.kernel.fields import Life
from domain.kernel.log import Log
from domain.people_and_teams.account import DEFAULT_TEAMS, TeamReplaced

#: The kinds of streams in each category of material that a legal hold may name.
KINDS: dict[Category, frozenset[str]] = {
    "words": frozenset({"observation"}),
    "reports": frozenset({"report"}),
    "released-copies": frozenset({"product", "release", "offer"}),
    "links": frozenset(
        {"link", "judgement", "join", "chart", "standing search", "standing pattern"}
    ),
    "people": frozenset({"person", "identifier"}),
    "vehicles": frozenset({"vehicle"}),
    "phones": frozenset({"phone"}),
    "places": frozenset({"place"}),
    "handles": frozenset({"handle"}),
    "cases": frozenset({"case", "missing", "alert", "referral", "due"}),
    "exhibits": frozenset({"exhibit"}),
    "statements": frozenset({"statement"}),
    "recorded-interviews": frozenset({"recorded-interview"}),
    "outcomes": frozenset(
        {"arrest", "charge", "notice", "breach", "result", "justice", "court", "reporting"}
    ),
    "files": frozenset({"file"}),
    "sources": frozenset({"source", "source entry", "roots", "drift"}),
    "support": frozenset(
        {"support note", "family", "interview", "publication", "compartment", "supervision"}
    ),
    "disclosures": frozenset(
        {"disclosure", "export", "proof", "copy", "hash of what left"}
        | {"request", "complaint", "victim request", "schedule", "material", "card"}
    ),
    "meetings": frozenset({"meeting"}),
}
#: Roles in which a stream may refer to a person. A hold on the person covers every stream that
#: refers to the person in one of these roles.
NAMING = frozenset(
    {Life.OWNER, Life.MENTION, Life.CONFIRMED, Life.CHILD, Life.END, Life.JUDGED, Life.OUTCOME}
)
#: If a stream under a hold refers to an item in one of these roles, the item is retained, too.
#: Other records that refer to the item are not covered, so that an item that occurs in several
#: cases does not extend a hold to all of them.
NAMED = NAMING | {Life.KNOWER, Life.TOLD_BY}
#: Roles in which one stream refers to an item on which it depends. A hold on the item also covers
#: the stream, and every stream that depends on this stream.
HANGS: tuple[Role, ...] = (
    *(Life.OWNER, Life.MENTION, Life.FILED, Life.BASIS, Life.TOLD_BY, Life.LEFT, Life.SHOWN),
    *(Life.RETENTION, Beyond.CAUSE, Beyond.FILE),
)
#: If a stream under a hold refers to an item in one of these roles, the hold also covers the item,
#: and every stream that depends on the item.
HOLDS_TOO: tuple[Role, ...] = (Life.ENTRY, Life.PRODUCT, Beyond.FILE)


class Standing(Struct, frozen=True):
    """A current legal hold, with the time at which it began and the user who placed it. In an
    earlier release, a hold was recorded in the stream of the held item; its id is the item's id.
    """

    id: UUID
    query: Query
    placed: datetime
    seq: int
    by: str
    team: str


@dataclass(slots=True)
class Noted:
    """Data about one stream, apart from its links: which teams recorded events in it, when, and
    about which periods.
    """

    first: datetime
    last: datetime
    teams: tuple[str, ...] = ()
    recording_times: tuple[tuple[datetime, datetime], ...] = ()


class Reckoning:
    """Computes which items legal holds cover. The first time it reads the whole of all logs, and
    later only new facts. With `since`, items erased after that time count as not erased, to show
    what a hold covered then.
    """

    def __init__(self, logs: Mapping[LogName, Log], since: datetime | None = None) -> None:
        self._since = since
        self.references = References(logs, LOGS, since)
        self.states = ItemStates(self.references)
        self.standing: dict[UUID, Standing] = {}
        self.teams: set[str] = set(DEFAULT_TEAMS)
        self._noted: dict[UUID, Noted] = {}
        self._team_of: dict[UUID, str] = {}
        self._kept: dict[UUID, RetentionState] = {}
        self._became: dict[str, set[str]] = defaultdict(set)
        self._reached: dict[UUID, frozenset[UUID]] | None = None
        self.catch_up()

    # --- reading ------------------------------------------------------------------------

    def catch_up(self) -> bool:
        """Read new facts from the logs; return whether there were any."""
        is_changed = False
        for fact in self.references.read_on():
            is_changed, self._reached = True, None
            self.states.take(fact)
            self._take(fact)
        return is_changed

    def _take(self, fact: Recorded) -> None:
        stream, event = fact.stream, fact.event
        noted = self._noted.setdefault(stream, Noted(fact.recorded, fact.recorded))
        noted.last = fact.recorded
        if fact.team not in noted.teams:
            noted.teams += (fact.team,)
        self.teams |= {stream for stream in (fact.team, getattr(event, "team", None)) if stream}
        noted.recording_times += tuple(_told(fact))
        match event:
            case CaseOpened():
                self._team_of[stream] = event.team
            case TeamReplaced():
                self._became[event.team].add(event.into)
            case HoldOrdered():
                self._stands(fact, stream, event.query)
            case HoldEnded():
                self.standing.pop(stream, None)
            case _ if isinstance(event, retention.EVENTS):
                item: UUID = event.item
                self._kept[item] = retention.evolve(self._kept.get(item, RetentionState()), event)
                if self._kept[item].holds:
                    self._stands(fact, stream, Query("item", item))
                else:
                    self.standing.pop(stream, None)

    def _stands(self, fact: Recorded, item: UUID, query: Query) -> None:
        made = Standing(item, query, fact.recorded, fact.seq, fact.by, fact.team)
        self.standing.setdefault(item, made)

    # --- reach -------------------------------------------------------------------------

    def reached(self) -> Mapping[UUID, frozenset[UUID]]:
        """Return every stream that current legal holds cover, with the holds that cover it."""
        if self._reached is None:
            found_items: dict[UUID, set[UUID]] = defaultdict(set)
            for hold in self.standing.values():
                for item in self.reach(hold.id, hold.query):
                    found_items[item].add(hold.id)
            self._reached = {one: frozenset(holds) for one, holds in found_items.items()}
        return self._reached

    def reached_last(self) -> Collection[UUID]:
        """Return the streams that current legal holds cover at this moment. This method is called
        just before keys are destroyed, while the logs are locked, and is therefore quick: it reads
        only new facts of the logs, and computes nothing if there is no hold."""
        self.catch_up()
        return self.reached().keys() if self.standing else ()

    def reach(self, hold: UUID, query: Query) -> set[UUID]:
        """Return the streams that one hold covers, including the hold's own stream and the register
        of holds. Items that were unlinked or separated after the hold was placed are still covered.
        """
        if query.kind == "store":
            return {*self.references.kinds, hold, HOLDS}
        standing = self.standing.get(hold)
        since = standing.placed if standing else self._since
        return {*self._cascade(self._roots(query, since), since), hold, HOLDS}

    def _roots(self, query: Query, since: datetime | None) -> Iterator[UUID]:
        match query.kind:
            case "item" | "case" | "person":
                assert query.item  # noqa: S101 (checked when it was placed)
                yield query.item
                known = self.references.kinds.get(query.item)
                if known and known[1] == "person":
                    yield from self._naming(query.item, since)
            case "category":
                assert query.category  # noqa: S101
                wanted = KINDS[query.category]
                kinds = self.references.kinds.items()
                yield from (item for item, (_, kind) in kinds if kind in wanted)
            case "team":
                teams = self._teams(query.team or "")
                yield from (
                    item for item, of in self._noted.items() if not teams.isdisjoint(of.teams)
                )
                yield from (case for case, of in self._team_of.items() if of in teams)
            case "period":
                yield from (item for item, of in self._noted.items() if _within(of, query))

    def _teams(self, team: str) -> set[str]:
        """Return a team, and the teams into which it was merged."""
        teams, todo = set(), [team]
        while todo:
            if (text := todo.pop()) not in teams:
                teams.add(text)
                todo += self._became[text]
        return teams

    def _naming(self, person: UUID, since: datetime | None) -> Iterator[UUID]:
        """Yield a person with all records that were judged to be the same person, their cases, and
        everything that names them."""
        entities = self.states.entities
        people = self.references.same_as(person, since)
        yield from people
        for item in people:
            yield from self.references.streams(item, *NAMING)
        called = (name for one in people if one in entities for name in entities[one].names)
        names = Names(name for name in called if name != ERASED)
        if names:
            for stream, texts in self.references.texts.items():
                if any(names.contains_whole_name(text) for _, text in texts):
                    yield stream

    def _cascade(self, roots: Iterable[UUID], since: datetime | None) -> set[UUID]:
        """Return all streams that a hold on the streams `roots` covers: these streams and all
        streams that depend on them, the people and items named in all of those, and the records on
        which they are based.
        """
        found_items: set[UUID] = set()
        todo = list(roots)
        while todo:
            if (item := todo.pop()) not in found_items:
                found_items.add(item)
                todo += self._hangs(item, since)
        named = {who for found_item in found_items for who in self._named(found_item, since)}
        return found_items | named | self._rested_on(found_items, since)

    def _rested_on(self, found_items: set[UUID], since: datetime | None) -> set[UUID]:
        """Return the entries, reports and exhibits, other than these streams themselves, on which
        these streams are based, directly or in several steps.
        """
        under: set[UUID] = set()
        todo = list(found_items)
        while todo:
            new = self.references.items(todo.pop(), Life.BASIS, since=since) - found_items - under
            under |= new
            todo += new
        return under

    def _hangs(self, item: UUID, since: datetime | None) -> Iterator[UUID]:
        """Yield the streams that a hold on this stream also covers: streams filed in it, caused by
        it or based on it, and notes on it. A link that had the stream's item at one end is included
        if it was retracted after the hold was placed.
        """
        references = self.references
        yield from references.streams(item, *HANGS, since=since)
        yield from references.streams(item, Life.END, since=since) - references.streams(
            item, Life.END
        )
        yield from references.items(item, *HOLDS_TOO)
        yield from self.states.entries_from_source(item)
        if self._is_case(item):
            yield from references.streams(item, Life.OUTCOME)

    def _named(self, item: UUID, since: datetime | None) -> Iterator[UUID]:
        """Yield the people and items named in a stream. A hold on the stream also protects these
        people and items, but does not cover the other records that name them.
        """
        for who in self.references.items(item, *NAMED, since=since):
            if not self._is_case(who):
                yield who
        for child in self.references.items(item, Life.CHILD):
            yield from self.references.streams(child, Life.JUDGED)

    def _is_case(self, item: UUID) -> bool:
        return item in self._team_of and item not in self.references.gone

    def files_under_hold(self) -> set[str]:
        """Return the names of the stored original files of imports, and of the stored photographs
        of log entries, that are under a current legal hold.
        """
        held_items, states = self.reached().keys(), self.states
        files = {states.files[item].kept for item in held_items & states.files.keys()}
        return files.union(
            *(states.words[item].pictures for item in held_items & states.words.keys())
        )


#: The text that replaces an erased name.
ERASED = "[erased]"


def _told(fact: Recorded) -> Iterator[tuple[datetime, datetime]]:
    if isinstance(fact.event, ObservationRecorded):
        if moment := fact.event.told:
            yield moment, moment
        happened = fact.event.happened
        if happened and happened.start:
            yield happened.start, happened.end or happened.start


def _within(noted: Noted, query: Query) -> bool:
    return any(
        (query.until is None or first < query.until)
        and (query.since is None or last >= query.since)
        for first, last in ((noted.first, noted.last), *noted.recording_times)
    )

"""What do the holds that stand reach? One answer, out of the logs, for all that destroys.

A hold cascades: a case with everything filed in it, caused by it and resting on it; a person with
all that names them, confirmed or only by the name in a text; a period, a team, a category with what
hangs on it. What was taken apart while a hold stood (words filed elsewhere, a link retracted, two
people told apart) it reaches still: else one person could lift what takes two. People and things
that are named in what is reached are kept as they stand, and so is what that rests on. Planning an
erasure, disposal, the destruction of keys and `hold prove` all ask here, and no view is asked.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

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
from domain.people_and_teams.account import DEFAULT_TEAMS, TeamMerged, TeamRenamed

#: The kinds of streams that a category of material is made of.
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
    "support": frozenset({"support note", "family", "publication", "compartment", "supervision"}),
    "disclosures": frozenset(
        {"disclosure", "export", "proof", "copy", "hash of what left"}
        | {"request", "complaint", "victim request", "schedule", "material"}
    ),
    "meetings": frozenset({"meeting"}),
}
#: What refers to somebody so is held with them.
NAMING = frozenset(
    {Life.OWNER, Life.MENTION, Life.CONFIRMED, Life.CHILD, Life.END, Life.JUDGED, Life.OUTCOME}
)
#: What a held stream refers to so is kept as it stands, and not what else refers to that: of what
#: is of several cases no other case.
NAMED = NAMING | {Life.KNOWER, Life.TOLD_BY}
#: A stream that refers to a held item so is held with it, and what hangs on that in turn.
HANGS: tuple[Role, ...] = (
    *(Life.OWNER, Life.MENTION, Life.FILED, Life.BASIS, Life.TOLD_BY, Life.LEFT, Life.SHOWN),
    *(Life.RETENTION, Beyond.CAUSE, Beyond.FILE),
)
#: What a held stream refers to so is held with it, and what hangs on that in turn.
HOLDS_TOO: tuple[Role, ...] = (Life.ENTRY, Life.PRODUCT, Beyond.FILE)


@dataclass(frozen=True)
class Standing:
    """A hold that stands: since when and by whose order. One that an earlier release recorded
    stands beside its item, and its id is that stream's."""

    id: UUID
    query: Query
    placed: datetime
    seq: int
    by: str
    team: str


@dataclass(slots=True)
class Noted:
    """What is known of one stream beside its ties: the teams that recorded in it, from when to when
    they did, and when what is told in it was told or is said to have happened."""

    first: datetime
    last: datetime
    teams: tuple[str, ...] = ()
    told: tuple[tuple[datetime, datetime], ...] = ()


class Reckoning:
    """All logs, read once and then kept up. `since` counts what was erased from then on as still
    there: so one finds what a hold of that moment reached."""

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

    # --- taking the facts ------------------------------------------------------------------------

    def catch_up(self) -> bool:
        """Read what was recorded since; whether there was anything."""
        found = False
        for fact in self.references.read_on():
            found, self._reached = True, None
            self.states.take(fact)
            self._take(fact)
        return found

    def _take(self, fact: Recorded) -> None:
        one, event = fact.stream, fact.event
        noted = self._noted.setdefault(one, Noted(fact.recorded, fact.recorded))
        noted.last = fact.recorded
        if fact.team not in noted.teams:
            noted.teams += (fact.team,)
        self.teams |= {one for one in (fact.team, getattr(event, "team", None)) if one}
        noted.told += tuple(_told(fact))
        match event:
            case CaseOpened():
                self._team_of[one] = event.team
            case TeamRenamed() | TeamMerged():
                self._became[event.team].add(event.into)
            case HoldOrdered():
                self._stands(fact, one, event.query)
            case HoldEnded():
                self.standing.pop(one, None)
            case _ if isinstance(event, retention.EVENTS):
                item: UUID = event.item
                self._kept[item] = retention.evolve(self._kept.get(item, RetentionState()), event)
                if self._kept[item].holds:
                    self._stands(fact, one, Query("item", item))
                else:
                    self.standing.pop(one, None)

    def _stands(self, fact: Recorded, one: UUID, query: Query) -> None:
        made = Standing(one, query, fact.recorded, fact.seq, fact.by, fact.team)
        self.standing.setdefault(one, made)

    # --- what is reached -------------------------------------------------------------------------

    def reached(self) -> Mapping[UUID, frozenset[UUID]]:
        """Every stream that a standing hold reaches, with the holds that reach it."""
        if self._reached is None:
            found: dict[UUID, set[UUID]] = defaultdict(set)
            for hold in self.standing.values():
                for one in self.reach(hold.id, hold.query):
                    found[one].add(hold.id)
            self._reached = {one: frozenset(holds) for one, holds in found.items()}
        return self._reached

    def reached_last(self) -> Collection[UUID]:
        """The streams that standing holds reach at this moment. It is asked just before keys are
        destroyed, while the logs are locked: only what was recorded since is read, and nothing is
        reckoned where no hold stands."""
        self.catch_up()
        return self.reached().keys() if self.standing else ()

    def reach(self, hold: UUID, query: Query) -> set[UUID]:
        """What one hold reaches, itself and the register of holds included; what was taken apart
        since it was placed too."""
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
                yield from (one for one, (_, kind) in kinds if kind in wanted)
            case "team":
                teams = self._teams(query.team or "")
                yield from (
                    one for one, of in self._noted.items() if not teams.isdisjoint(of.teams)
                )
                yield from (case for case, of in self._team_of.items() if of in teams)
            case "period":
                yield from (one for one, of in self._noted.items() if _within(of, query))

    def _teams(self, team: str) -> set[str]:
        """The team, and what it became."""
        found, todo = set(), [team]
        while todo:
            if (one := todo.pop()) not in found:
                found.add(one)
                todo += self._became[one]
        return found

    def _naming(self, person: UUID, since: datetime | None) -> Iterator[UUID]:
        """Somebody with everybody judged the same, their cases, and all that names them."""
        entities = self.states.entities
        people = self.references.same_as(person, since)
        yield from people
        for one in people:
            yield from self.references.streams(one, *NAMING)
        called = (name for one in people if one in entities for name in entities[one].names)
        names = Names(name for name in called if name != ERASED)
        if names:
            for stream, told in self.references.texts.items():
                if any(names.whole(text) for _, text in told):
                    yield stream

    def _cascade(self, roots: Iterable[UUID], since: datetime | None) -> set[UUID]:
        """What these are, what hangs on them, and who and what is named in all of it."""
        found: set[UUID] = set()
        todo = list(roots)
        while todo:
            if (one := todo.pop()) not in found:
                found.add(one)
                todo += self._hangs(one, since)
        named = {who for one in found for who in self._named(one, since)}
        return found | named | self._rested_on(found, since)

    def _rested_on(self, found: set[UUID], since: datetime | None) -> set[UUID]:
        """The words, reports and exhibits under what was found."""
        under: set[UUID] = set()
        todo = list(found)
        while todo:
            new = self.references.items(todo.pop(), Life.BASIS, since=since) - found - under
            under |= new
            todo += new
        return under

    def _hangs(self, one: UUID, since: datetime | None) -> Iterator[UUID]:
        """What is filed in it, caused by it, rests on it, or was noted beside it; and a link that
        it was an end of, and is not any more."""
        known = self.references
        yield from known.streams(one, *HANGS, since=since)
        yield from known.streams(one, Life.END, since=since) - known.streams(one, Life.END)
        yield from known.items(one, *HOLDS_TOO)
        yield from self.states.told_by(one)
        if self._is_case(one):
            yield from known.streams(one, Life.OUTCOME)

    def _named(self, one: UUID, since: datetime | None) -> Iterator[UUID]:
        """Who and what is named in it: kept as they stand, and not what else names them."""
        for who in self.references.items(one, *NAMED, since=since):
            if not self._is_case(who):
                yield who
        for child in self.references.items(one, Life.CHILD):
            yield from self.references.streams(child, Life.JUDGED)

    def _is_case(self, one: UUID) -> bool:
        return one in self._team_of and one not in self.references.gone

    def kept_files(self) -> set[str]:
        """The names of the originals that belong to a file which a standing hold reaches, or to
        words."""
        held, states = self.reached().keys(), self.states
        files = {states.files[one].kept for one in held & states.files.keys()}
        return files.union(*(states.words[one].pictures for one in held & states.words.keys()))


#: What stands in place of a name that was erased.
ERASED = "[erased]"


def _told(fact: Recorded) -> Iterator[tuple[datetime, datetime]]:
    if isinstance(fact.event, ObservationRecorded):
        if told := fact.event.told:
            yield told, told
        happened = fact.event.happened
        if happened and happened.start:
            yield happened.start, happened.end or happened.start


def _within(noted: Noted, query: Query) -> bool:
    return any(
        (query.until is None or first < query.until)
        and (query.since is None or last >= query.since)
        for first, last in ((noted.first, noted.last), *noted.told)
    )

"""What do the holds that stand reach? One answer, out of the logs, for all that destroys.

A hold cascades: a case with everything filed in it, caused by it and resting on it; a person with
all that names them, confirmed or only by the name in a text; a period, a team, a category with what
hangs on it. What was taken apart while a hold stood (words filed elsewhere, a link retracted, two
people told apart) it reaches still: else one person could lift what takes two. People and things
that are named in what is reached are kept as they stand, and so is what that rests on. Planning an
erasure, disposal, the destruction of keys and `hold prove` all ask here, and no view is asked.

Long because all ways by which something hangs on something stand in it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from commands.erasure.naming import Names, texts
from commands.erasure.references import LOGS, Survey, same_as
from commands.kernel.whole_logs import BATCH
from domain.data_protection import erasure
from domain.data_protection.access_log import RecordConsulted
from domain.data_protection.legal_hold import HOLDS, Category, HoldEnded, HoldOrdered, Query
from domain.data_protection.retention import EVENTS as BESIDE
from domain.information.observation import (
    ObservationRecorded,
    ObservationRefiled,
    ObservationUnfiled,
    SourceTransferred,
)
from domain.intelligence.identity import IdentityJudged, IdentityRevoked
from domain.intelligence.intelligence_report import ReportRedacted
from domain.intelligence.link import LinkAsserted, LinkRetracted
from domain.justice.evidence import EvidenceWithdrawn
from domain.kernel.envelope import LogName, Recorded
from domain.kernel.log import Log
from domain.people_and_teams.account import DEFAULT_TEAMS, TeamMerged, TeamRenamed

#: The kinds of a survey that a category of material is made of.
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
ID = 16
#: What takes ties apart; a link that is asserted again may rest on something else.
PARTING = (
    ObservationRefiled,
    ObservationUnfiled,
    LinkAsserted,
    LinkRetracted,
    ReportRedacted,
    EvidenceWithdrawn,
    IdentityJudged,
    IdentityRevoked,
)
#: How a tie is looked at from its first end: the other hangs on it, is named in it, it rests on the
#: other, or both are the same.
How = Literal["hangs", "named", "rests", "same"]


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


@dataclass
class Noted:
    """What is known of one stream beside its ties: the teams that recorded in it, from when to when
    they did, and when what is told in it was told or is said to have happened."""

    first: datetime
    last: datetime
    teams: set[str] = field(default_factory=set)
    told: list[tuple[datetime, datetime]] = field(default_factory=list)


class Reckoning:
    """All logs, read once and then kept up. `since` counts what was erased from then on as still
    there: so one finds what a hold of that moment reached."""

    def __init__(self, logs: Mapping[LogName, Log], since: datetime | None = None) -> None:
        self._logs, self._since = logs, since
        self._after: dict[LogName, int] = dict.fromkeys(LOGS, 0)
        self.survey = Survey()
        self.standing: dict[UUID, Standing] = {}
        self.teams: set[str] = set(DEFAULT_TEAMS)
        self._noted: dict[UUID, Noted] = {}
        self._texts: dict[UUID, list[str]] = defaultdict(list)
        self._caused: dict[UUID, set[UUID]] = defaultdict(set)
        self._knowers: dict[UUID, set[UUID]] = defaultdict(set)
        self._shown: dict[UUID, set[UUID]] = defaultdict(set)
        self._became: dict[str, set[str]] = defaultdict(set)
        self._parted: dict[tuple[UUID, How], list[tuple[datetime, UUID]]] = defaultdict(list)
        self._reached: dict[UUID, frozenset[UUID]] | None = None
        self.catch_up()

    # --- taking the facts ------------------------------------------------------------------------

    def catch_up(self) -> bool:
        """Read what was recorded since; whether there was anything."""
        found = self._read_on()
        if found or self._reached is None:
            self.survey.index()
            self._turn()
            self._reached = None
        return found

    def _read_on(self) -> bool:
        found = False
        for name in LOGS:
            while facts := self._logs[name].read(self._after[name], BATCH):
                self._after[name], found = facts[-1].seq, True
                for fact in facts:
                    self._take(fact)
        return found

    def _take(self, fact: Recorded) -> None:
        one, event, survey = fact.stream, fact.event, self.survey
        before = set(self._ties(one)) if isinstance(event, PARTING) else set()
        survey.take(fact)
        for end, how, other in before - set(self._ties(one) if before else ()):
            self._parted[end, how].append((fact.recorded, other))
        if self._since and fact.recorded >= self._since and erasure.gone(event):
            survey.gone.discard(one)
        noted = self._noted.setdefault(one, Noted(fact.recorded, fact.recorded))
        noted.last = fact.recorded
        noted.teams.add(fact.team)
        self.teams |= {one for one in (fact.team, getattr(event, "team", None)) if one}
        noted.told += _told(fact)
        for cause in _ids(fact.because_of):
            self._caused[cause].add(one)
        if not fact.erased:
            self._texts[one] += (text for _, text in texts(event))
        match event:
            case ObservationRecorded() | SourceTransferred():
                self._knowers[one] |= {who for who in (event.root, *event.chain) if who}
            case RecordConsulted() if event.why is not None:
                ids = (event.ids[at : at + ID] for at in range(0, len(event.ids), ID))
                for shown in ids:
                    self._shown[UUID(bytes=shown)].add(one)
            case TeamRenamed() | TeamMerged():
                self._became[event.team].add(event.into)
            case HoldOrdered():
                self._stands(fact, one, event.query)
            case HoldEnded():
                self.standing.pop(one, None)
            case _ if isinstance(event, BESIDE):
                if survey.kept[event.item].holds:
                    self._stands(fact, one, Query("item", event.item))
                else:
                    self.standing.pop(one, None)

    def _ties(self, one: UUID) -> Iterator[tuple[UUID, How, UUID]]:
        """The ties that this stream says, of those that can be taken apart."""
        survey = self.survey
        if (words := survey.words.get(one)) and words.case:
            yield words.case, "hangs", one
        if link := survey.links.get(one):
            for basis in (link.observation, link.report, link.exhibit):
                if basis:
                    yield basis, "hangs", one
                    yield one, "rests", basis
            for end in (link.a, link.b):
                yield end, "hangs", one
                yield one, "named", end
        exhibit = survey.exhibits.get(one)
        told_in = exhibit.observations if exhibit else survey.items.get(one, {}).values()
        for observation in told_in:
            yield observation, "hangs", one
            yield one, "rests", observation
        if (pair := survey.pairs.get(one)) and pair[2]:
            yield pair[0], "same", pair[1]
            yield pair[1], "same", pair[0]

    def _stands(self, fact: Recorded, one: UUID, query: Query) -> None:
        made = Standing(one, query, fact.recorded, fact.seq, fact.by, fact.team)
        self.standing.setdefault(one, made)

    def _turn(self) -> None:
        """What hangs on what, looked at from the other end."""
        survey = self.survey
        self._belonging: dict[UUID, set[UUID]] = defaultdict(set)
        for table in (survey.belongs, survey.mentions):
            for stream, owners in table.items():
                for owner in owners:
                    self._belonging[owner].add(stream)
        self._left: dict[UUID, set[UUID]] = defaultdict(set)
        for stream, ids in survey.exports.items():
            for each in ids:
                self._left[each].add(stream)
        self._referred: dict[str, set[UUID]] = defaultdict(set)
        for case, sheets in survey.referred.items():
            for sheet in sheets:
                self._referred[sheet].add(case)
        self._entered: dict[UUID, set[UUID]] = defaultdict(set)
        for entry, made in survey.entries.items():
            if made.source:
                self._entered[made.source].add(entry)

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
        found = self._read_on()
        if not self.standing:
            return ()
        if found:
            self.survey.index()
            self._turn()
            self._reached = None
        return self.reached().keys()

    def reach(self, hold: UUID, query: Query) -> set[UUID]:
        """What one hold reaches, itself and the register of holds included; what was taken apart
        since it was placed too."""
        if query.kind == "store":
            return {*self.survey.kinds, hold, HOLDS}
        standing = self.standing.get(hold)
        since = standing.placed if standing else self._since
        return {*self._cascade(self._roots(query, since), since), hold, HOLDS}

    def _once(self, one: UUID, how: How, since: datetime | None) -> Iterator[UUID]:
        """What was tied to this since then and is not any more."""
        for at, other in self._parted.get((one, how), ()):
            if since and at > since:
                yield other

    def _roots(self, query: Query, since: datetime | None) -> Iterator[UUID]:
        match query.kind:
            case "item" | "case" | "person":
                assert query.item  # noqa: S101 (checked when it was placed)
                yield query.item
                known = self.survey.kinds.get(query.item)
                if known and known[1] == "person":
                    yield from self._naming(query.item, since)
            case "category":
                assert query.category  # noqa: S101
                wanted = KINDS[query.category]
                yield from (one for one, (_, kind) in self.survey.kinds.items() if kind in wanted)
            case "team":
                teams = self._teams(query.team or "")
                yield from (
                    one for one, of in self._noted.items() if not teams.isdisjoint(of.teams)
                )
                yield from (case for case, of in self.survey.team_of.items() if of in teams)
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

    def _cluster(self, person: UUID, since: datetime | None) -> set[UUID]:
        """Somebody with everybody who is, or was since then, judged the same."""
        found, todo = set(), [person]
        while todo:
            if (one := todo.pop()) not in found:
                found.add(one)
                todo += same_as(self.survey, one) if one in self.survey.entities else ()
                todo += self._once(one, "same", since)
        return found

    def _naming(self, person: UUID, since: datetime | None) -> Iterator[UUID]:
        """Somebody with everybody judged the same, their cases, and all that names them."""
        survey = self.survey
        cluster = self._cluster(person, since)
        yield from cluster
        called = [
            n for one in cluster if one in survey.entities for n in survey.entities[one].names
        ]
        names = Names(name for name in called if name != ERASED)
        for one in cluster:
            for table in (survey.cases_of, survey.named_in, survey.ties, survey.judged):
                yield from table[one]
            yield from survey.outcomes_of[one]
            yield from self._belonging[one]
        if names:
            for stream, told in self._texts.items():
                if any(map(names.whole, told)):
                    yield stream

    def _cascade(self, roots: Iterable[UUID], since: datetime | None) -> set[UUID]:
        """What these are, what hangs on them, and who and what is named in all of it."""
        found: set[UUID] = set()
        todo = list(roots)
        while todo:
            if (one := todo.pop()) not in found:
                found.add(one)
                todo += self._hangs(one)
                todo += self._once(one, "hangs", since)
        named = {who for one in found for who in self._named(one)}
        named |= {who for one in found for who in self._once(one, "named", since)}
        return found | named | self._rested_on(found, since)

    def _rested_on(self, found: set[UUID], since: datetime | None) -> set[UUID]:
        """The words, reports and exhibits under what was found."""
        under: set[UUID] = set()
        todo = list(found)
        while todo:
            one = todo.pop()
            rests = {other for of, how, other in self._ties(one) if of == one and how == "rests"}
            new = rests.union(self._once(one, "rests", since)) - found - under
            under |= new
            todo += new
        return under

    def _hangs(self, one: UUID) -> Iterator[UUID]:
        """What is filed in it, caused by it, rests on it, or was noted beside it."""
        survey = self.survey
        for told in (survey.filed, survey.resting, survey.reports_of, survey.used_in):
            yield from told.get(one, ())
        yield from survey.told_by.get(one, ())
        yield from survey.products.get(one, ())
        for beside in (self._caused, self._belonging, self._left, self._entered, self._shown):
            yield from beside.get(one, ())
        if one in survey.child_of:
            yield from survey.outcomes_of.get(one, ())
        if one in survey.beside:
            yield survey.beside[one]
        if words := survey.words.get(one):
            yield from (words.entry,) if words.entry else ()
            yield from survey.file_of.get(words.file, ()) if words.file else ()
        for sheet in survey.referred.get(one, ()):
            yield from survey.file_of.get(sheet, ())
        if one in survey.files:
            for mark in survey.same_file(one):
                yield from survey.from_file.get(mark, ())
                yield from self._referred.get(mark, ())

    def _named(self, one: UUID) -> Iterator[UUID]:
        """Who and what is named in it: kept as they stand, and not what else names them."""
        survey = self.survey
        if words := survey.words.get(one):
            yield from words.confirmed
            yield from self._knowers.get(one, ())
        if entry := survey.entries.get(one):
            yield from (entry.source,) if entry.source else ()
        if link := survey.links.get(one):
            yield from (link.a, link.b)
        if pair := survey.pairs.get(one):
            yield from pair[:2]
        if outcome := survey.outcomes.get(one):
            told = (getattr(outcome[0], name, None) for name in ("person", "child"))
            yield from (who for who in told if who)
        if child := survey.child_of.get(one):
            yield child
            yield from survey.judged.get(child, ())
        told_of = survey.belongs.get(one, set()) | survey.mentions.get(one, set())
        yield from told_of - survey.child_of.keys()  # what is of several cases holds no other case

    def kept_files(self) -> set[str]:
        """The names of the originals that belong to a file which a standing hold reaches, or to
        words."""
        held, survey = self.reached().keys(), self.survey
        files = {survey.files[one].kept for one in held & survey.files.keys()}
        return files.union(*(survey.words[one].pictures for one in held & survey.words.keys()))


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


def _ids(because_of: Iterable[str]) -> Iterator[UUID]:
    for told in because_of:
        try:
            yield UUID(told.partition(":")[0])
        except ValueError:
            continue  # "none-known"

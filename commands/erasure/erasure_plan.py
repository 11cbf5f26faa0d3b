"""What would an erasure touch, and what would become of each item? Pure: a survey in, a plan out.

The rules in one place, which is why this file is longer than others: what is held or belongs to a
live matter is restricted; a text that names others needs a person's words; no other child's facts
are removed; a link without evidence disappears, and none is left hanging.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import msgspec

from access.who_may.scope import HIDDEN
from commands.erasure.naming import Names, Place
from commands.erasure.references import Survey, same_as
from domain import forms
from domain.data_protection.copies import fingerprints_of
from domain.data_protection.erasure import GONE, Fate, Planned, Redaction
from domain.justice.arrest_to_result import ArrestMade, ChargeBrought, ResultRecorded
from domain.kernel.envelope import LogName
from domain.kernel.values import Grade, Refused

THINGS = frozenset({"vehicle", "phone", "place", "handle", "incident"})
#: Texts whose notes can go without anybody's facts: what they say in codes stays.
NOTES = frozenset(
    {
        "link",
        "judgement",
        "chart",
        "roots",
        "retention",
        "hold",
        "erasure",
        "arrest",
        "charge",
        "notice",
        "result",
    }
    | {"alert", "compartment", "drift", "consultation", "search", "request", "material"}
)


#: Why something is only restricted.
HELD = "a legal hold stands on it"
IN_USE = "evidence or a live matter rests on it"
LIVE = (
    "the subject is in a live matter: an arrest or a charge without a result, "
    "or an appeal that is not decided"
)
#: A reason, and the records that show it: each of them would do by itself.
Reason = tuple[str, Collection[UUID]]
#: Which of these records the reader of a plan sees.
Visible = Callable[[Collection[UUID]], Collection[UUID]]


@dataclass(frozen=True)
class Needed:
    """A text for which a person has to write what is to stand in its place, and why."""

    id: UUID
    item: int | None
    kind: str
    why: str


@dataclass(frozen=True)
class Regraded:
    """Two ends that lose a link and keep others: their best grade before and after."""

    a: UUID
    b: UUID
    kind: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Plan:
    """What would be touched. `refused` are reasons for which it cannot be carried out as it
    stands; `exports` left the house with something of it and cannot be called back; `stays` are
    texts that name the subject where nothing can be put in their place; `perhaps` hold only a
    part of a name: a person should look. `held` are the items that a legal hold keeps, with the
    holds that reach them; `why` an item is only restricted."""

    subjects: tuple[UUID, ...]
    items: tuple[Planned, ...] = ()
    originals: tuple[str, ...] = ()
    regraded: tuple[Regraded, ...] = ()
    needed: tuple[Needed, ...] = ()
    refused: tuple[str, ...] = ()
    exports: tuple[UUID, ...] = ()
    stays: tuple[Needed, ...] = ()
    perhaps: tuple[UUID, ...] = ()
    held: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)
    why: Mapping[UUID, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """What an approval approves."""
        return hashlib.sha256(msgspec.json.encode([self.subjects, self.items])).hexdigest()

    def of(self, *fates: Fate) -> list[Planned]:
        """The items with one of these fates."""
        return [item for item in self.items if item.fate in fates]


@dataclass
class Scope:
    """A subject with all that is the subject's own."""

    entities: set[UUID] = field(default_factory=set)
    cases: set[UUID] = field(default_factory=set)
    words: set[UUID] = field(default_factory=set)
    sources: set[UUID] = field(default_factory=set)
    files: set[UUID] = field(default_factory=set)
    addresses: set[UUID] = field(default_factory=set)
    requests: set[UUID] = field(default_factory=set)

    @property
    def all(self) -> set[UUID]:
        return self.entities | self.cases | self.words | self.alone

    @property
    def alone(self) -> set[UUID]:
        """What stands by itself: sources, files, addresses of colleagues, and requests for access
        whose subject was not found."""
        return self.sources | self.files | self.addresses | self.requests

    def add(self, other: "Scope") -> None:
        """Take another scope in."""
        self.entities |= other.entities
        self.cases |= other.cases
        self.words |= other.words
        self.sources |= other.sources
        self.files |= other.files
        self.addresses |= other.addresses
        self.requests |= other.requests


def scope(survey: Survey, subject: UUID) -> Scope:
    """A subject's own: a person with everybody judged the same and their cases, a case with its
    child and what is filed under it, a file with what was read from it. Raises Refused for what is
    no subject."""
    kind = survey.kinds.get(subject, ("evidence", "nothing"))[1]
    found = Scope()
    if kind == "person":
        found.entities = same_as(survey, subject)
    elif kind in THINGS:
        found.entities = {subject}
    elif kind == "case":
        found.cases = {subject}
        found.entities = same_as(survey, survey.child_of[subject])
    elif kind == "source":
        found.sources = {subject}
    elif kind == "observation":
        found.words = {subject}
    elif kind == "address":
        found.addresses = {subject}
    elif kind == "request":
        found.requests = {subject}
    elif kind == "file":
        found.files = {subject}
        found.words = {one for mark in survey.same_file(subject) for one in survey.from_file[mark]}
    else:
        raise Refused(
            f"{subject} is no subject of an erasure ({kind}): give a person, a case, a source, "
            "an observation, a file, a colleague's address or a request for access"
        )
    for one in found.entities:
        found.cases |= set(survey.cases_of[one])
    for case in found.cases:
        found.words |= set(survey.filed[case])
    return found


class Matters:
    """Live matters: an arrest or a charge without a result, one of which an appeal is not decided,
    and what led to it. (Material is kept until an appeal is determined: Criminal Procedure and
    Investigations Act 1996, code of practice, 5.10 [verify].)"""

    def __init__(self, survey: Survey) -> None:
        appealed = {each for one in survey.appeals.values() for each in (one.person, one.case)}
        opened: dict[UUID, tuple[UUID, UUID | None, tuple[str, ...]]] = {}
        for stream, (outcome, because_of) in survey.outcomes.items():
            match outcome:
                case ArrestMade() | ChargeBrought():
                    opened[stream] = outcome.person, outcome.case, because_of
                case ResultRecorded():
                    ended = [
                        one
                        for one, (person, case, _) in opened.items()
                        if appealed.isdisjoint((person, case))
                        and (
                            (person == outcome.person)
                            or (outcome.person is None and case and case == outcome.case)
                        )
                    ]
                    for one in ended:
                        del opened[one]
        #: Who and what is in one, and which words led to one: with the records that show it.
        self.subjects: dict[UUID | None, set[UUID]] = defaultdict(set)
        self.words: dict[UUID, set[UUID]] = defaultdict(set)
        for stream, (person, case, because_of) in opened.items():
            for whom in (person, case):
                self.subjects[whom].add(stream)
            for one in self._led(survey, because_of):
                self.words[one].add(stream)
        for stream, appeal in survey.appeals.items():
            for whom in (appeal.person, appeal.case):
                self.subjects[whom].add(stream)

    def _led(self, survey: Survey, because_of: Sequence[str]) -> set[UUID]:
        reached: set[UUID] = set()
        following = set(_ids(because_of))
        while following:
            one = following.pop()
            reached.add(one)
            link, exhibit = survey.links.get(one), survey.exhibits.get(one)
            basis = {
                *survey.items.get(one, {}).values(),
                *(exhibit.observations if exhibit else ()),
            }
            if link:
                basis |= {b for b in (link.observation, link.report, link.exhibit) if b}
            following |= basis - reached
        return reached & survey.words.keys()


def _ids(because_of: Iterable[str]) -> list[UUID]:
    found = []
    for told in because_of:
        try:
            found.append(UUID(told.partition(":")[0]))
        except ValueError:
            continue  # "none-known"
    return found


class Planning:
    """One plan in the making."""

    def __init__(
        self,
        survey: Survey,
        held: Mapping[UUID, frozenset[UUID]],
        subjects: Collection[UUID],
        redactions: Iterable[Redaction],
        visible: Visible = frozenset,
    ) -> None:
        self.survey, self.held, self.subjects = survey, held, tuple(dict.fromkeys(subjects))
        self.visible = visible
        self.written = {(one.id, one.item): one for one in redactions}
        self.fates: dict[UUID, Planned] = {}
        self.needed: dict[Place, Needed] = {}
        self.refused: list[str] = []
        self.stays: list[Needed] = []
        self.originals: list[str] = []
        self.why: dict[UUID, str] = {}
        self.matters = Matters(survey)
        self.own = Scope()
        for subject in self.subjects:
            own = scope(survey, subject)
            if reasons := self._withheld(own):
                why = self._told(reasons)
                for one in own.all:
                    self._restrict(one, why)
            else:
                self.own.add(own)

    def _told(self, reasons: Iterable[Reason]) -> str:
        """The first reason of which the reader sees a record: another would tell of what they may
        not see."""
        return next((why for why, shown_by in reasons if self.visible(shown_by)), HIDDEN)

    def _restrict(self, one: UUID, why: str) -> None:
        self.why.setdefault(one, why)
        self._put(one, "restricted")

    def _put(self, one: UUID, fate: Fate) -> None:
        log, kind = self.survey.kinds[one]
        if self._held(one) or one in self.survey.exhibits:
            fate = "restricted"
            evidence = [one] if one in self.survey.exhibits else []
            reasons: list[Reason] = [(HELD, self.held.get(one, ())), ("it is evidence", evidence)]
            self.why.setdefault(one, self._told(reasons))
        known = self.fates.get(one)
        if known is None or known.fate != "restricted":
            self.fates[one] = Planned(log, one, kind, fate)

    def _held(self, one: UUID) -> bool:
        return one in self.held

    def _withheld(self, own: Scope) -> list[Reason]:
        """Why all of it is only restricted: a legal hold beats everything; a live matter
        restricts."""
        heads = own.entities | own.cases | own.alone
        tied = (self.survey.ties, self.survey.judged, self.survey.outcomes_of)
        hangs = {each for who in own.entities for table in tied for each in table[who]}
        holds = {hold for one in heads | hangs for hold in self.held.get(one, ())}
        matters = {
            each
            for one in heads & self.matters.subjects.keys()
            for each in self.matters.subjects[one]
        }
        reasons: list[Reason] = [
            ("a legal hold stands on the subject or on what belongs to it", holds),
            (LIVE, matters),
        ]
        return [one for one in reasons if one[1]]

    def _is(self, one: UUID | None, *fates: Fate) -> bool:
        return one in self.fates and self.fates[one].fate in fates

    def _gone(self, one: UUID | None) -> bool:
        return self._is(one, *GONE)

    # --- texts -----------------------------------------------------------------------------------

    def names(self) -> Names:
        """What the subjects are called."""
        told = [n for one in self.own.entities for n in self.survey.entities[one].names]
        told += [self.survey.sources[one] for one in self.own.sources]
        return Names(told)

    def leaving(self) -> frozenset[UUID]:
        """The streams that go whatever the texts say."""
        return frozenset(self.own.entities | self.own.cases | self.own.alone)

    def _in_use(self, one: UUID) -> set[UUID]:
        """The evidence and the records of live matters that rest on these words."""
        found = {*self.survey.used_in[one], *self.matters.words.get(one, ())}
        for case, relevance in self.survey.material.get(one, {}).items():
            if relevance != "not-relevant":
                found |= self.matters.subjects.get(case, set())
        return found

    def _others(self, one: UUID) -> set[UUID]:
        """The children, not of this erasure, whose facts these words hold."""
        ties = [self.survey.links[link] for link in self.survey.resting[one]]
        named = {*self.survey.words[one].confirmed, *(e for t in ties for e in (t.a, t.b))}
        return {
            who
            for who in named - self.own.entities
            if (known := self.survey.entities.get(who)) and known.is_child
        }

    def words(self, names: Names, named: Mapping[Place, LogName]) -> None:
        """What becomes of every observation that is the subjects' own or names them."""
        naming = {one for one, _ in named if one in self.survey.words}
        for who in self.own.entities:
            naming |= set(self.survey.named_in[who])
            ties = (self.survey.links[link] for link in self.survey.ties[who])
            naming |= {t.observation for t in ties if t.observation in self.survey.words}
        for one in sorted(self.own.words | naming):
            self._observation(one, names, own=one in self.own.words)
        for source in self.own.sources:
            for one in self.survey.told_by[source]:
                if self.survey.words[one].holds_source and one not in self.fates:
                    self._put(one, "redacted")

    def _observation(self, one: UUID, names: Names, *, own: bool) -> None:
        written = self.written.get((one, None))
        others = self._others(one)
        used = self._in_use(one)
        if self._held(one) or used:
            self._restrict(one, self._told([(HELD, self.held.get(one, ())), (IN_USE, used)]))
        elif written and written.another and not own:
            return
        elif written and written.words is not None:
            self._redacted(one, written.words, names, others)
        elif others and written:
            lost = "destroying it would remove another child's facts"
            why = self._told([(lost, others)])
            self.refused.append(f"observation {one}: {why}: write what is to stand in its place")
        elif others or (written is None and not own):
            why = "it names the subject"
            if others and own:
                why = self._told([("it holds another child's facts", others)])
            elif others and self.visible(others):
                why = "it holds another child's facts"
            self.needed[one, None] = Needed(one, None, "observation", why)
        else:
            self._put(one, "destroyed")

    def _redacted(self, one: UUID, words: str, names: Names, others: set[UUID]) -> None:
        if not words.strip() or names.whole(words):
            self.refused.append(f"the redaction of observation {one} still names the subject")
            return
        before, after = (f" {forms.name(t)} " for t in (self.survey.words[one].text, words))
        for child in sorted(others):
            called = {
                *self.survey.entities[child].names,
                self.survey.words[one].confirmed.get(child),
            }
            known = [f" {forms.name(name)} " for name in called if name]
            if any(n in before for n in known) and not any(n in after for n in known):
                lost = f"it removes another child's facts: the name of {child} has to stay in it"
                why = self._told([(lost, [child])])
                self.refused.append(f"the redaction of observation {one}: {why}")
                return
        self._put(one, "redacted")

    def other_texts(self, named: Mapping[Place, LogName]) -> None:
        """What becomes of texts beside observations that name the subjects."""
        for one, item in sorted(named, key=str):
            if one in self.fates or one in self.survey.words:
                continue
            kind = self.survey.kinds[one][1]
            written = self.written.get((one, item))
            if written and written.another:
                continue
            if kind in NOTES:
                self._put(one, "blanked")
            elif one in self.survey.exhibits or self._held(one):
                self._put(one, "restricted")
            elif kind == "product":
                self._put(one, "destroyed")
            elif kind in ("report", "case"):
                if written is None or written.words is None:
                    self.needed[one, item] = Needed(one, item, kind, "it names the subject")
                else:
                    self._put(one, "redacted")
            else:
                self.stays.append(Needed(one, item, kind, "it names the subject"))

    # --- what hangs on it ------------------------------------------------------------------------

    def ties(self) -> None:
        """Links, judgements and things that have nothing left to stand on."""
        survey = self.survey
        for who in self.own.entities:
            self._put(who, "destroyed")
            for each in (*survey.ties[who], *survey.judged[who], *survey.outcomes_of[who]):
                self._put(each, "disappears" if each in survey.links else "destroyed")
        for case in self.own.cases:
            self._put(case, "destroyed")
        for words in [item.id for item in self.fates.values() if item.id in survey.words]:
            if self._gone(words):
                for link in survey.resting[words]:
                    stands = survey.links[link].exhibit in survey.exhibits
                    if not self._gone(link):
                        self._put(link, "re-graded" if stands else "disappears")
        self._things()

    def _things(self) -> None:
        """A vehicle, phone or handle that was only ever tied to what is gone."""
        lost = [self.survey.links[i.id] for i in self.fates.values() if i.id in self.survey.links]
        ends = {end for link in lost for end in (link.a, link.b)} - self.fates.keys()
        things = {e for e in ends if self.survey.kinds[e][1] in THINGS - {"place"}}
        if not things:
            return
        read = {
            normal
            for one, words in self.survey.words.items()
            if not self._gone(one)
            for normal in words.read
        }
        for one in sorted(things):
            alone = all(self._gone(link) for link in self.survey.ties[one])
            named = any(not self._gone(words) for words in self.survey.named_in[one])
            if alone and not named and read.isdisjoint(self.survey.entities[one].names):
                self._put(one, "destroyed")

    def reports(self) -> None:
        """Items drawn from what is gone leave their reports; released copies go with them."""
        touched = {r for one in self.fates if self._gone(one) for r in self.survey.reports_of[one]}
        for report in sorted(touched):
            live = [o for o in self.survey.items[report].values() if not self._gone(o)]
            self._put(report, "redacted" if live else "destroyed")
        for report in [one for one in self.fates if one in self.survey.items]:
            if not self._is(report, "restricted"):
                for product in self.survey.products[report]:
                    if product in self.survey.kinds:  # else it has not left, and will not
                        self._put(product, "destroyed")

    def beside(self) -> None:
        """The register's entries, the originals, and what was noted beside the items."""
        survey = self.survey
        for one in self.own.sources | self.own.addresses:
            self._put(one, "destroyed")
        for one in self.own.requests:
            self._put(one, "blanked")
        hashes = set()
        for one in [one for one in self.fates if one in survey.words]:
            words = survey.words[one]
            if self._gone(one) and words.entry in survey.entries:
                self._put(words.entry, "destroyed")
            if not self._is(one, "restricted"):
                self.originals += words.pictures  # they show the words that go
            if not self._is(one, "restricted") and words.file:
                hashes.add(words.file)
        referred = survey.referred.keys() & self.fates.keys()
        for case in [c for c in referred if not self._is(c, "restricted")]:
            hashes |= survey.referred[case]
        for stream in {*self.own.files, *(f for sha in hashes for f in survey.file_of[sha])}:
            self._put(stream, "destroyed")
            if self._gone(stream) and survey.files[stream].kept:
                self.originals.append(survey.files[stream].kept)
        stay = {file.kept for one, file in survey.files.items() if not self._gone(one)}
        self.originals = [one for one in self.originals if one not in stay]
        lost = self._belonging()
        for board, shown in survey.boards.items():
            if not shown.isdisjoint(lost) and board not in self.fates:
                self._put(board, "blanked")

    def _belonging(self) -> set[UUID]:
        """All that goes, with what was noted beside it, and beside that in turn."""
        survey, owned = self.survey, defaultdict[UUID, list[UUID]](list)
        for stream, owners in survey.belongs.items():
            for owner in owners:
                owned[owner].append(stream)
        lost, todo = set[UUID](), [one for one in self.fates if self._gone(one)]
        while todo:
            if (one := todo.pop()) in lost:
                continue
            lost.add(one)
            if one in survey.beside:
                self._put(survey.beside[one], "destroyed")
            for stream in owned[one]:
                log, kind = survey.kinds[stream]
                noted = log == "access" or kind == "roots"
                self._put(stream, "blanked" if noted else "destroyed")
                if self._gone(stream):
                    todo.append(stream)
        return lost

    def fingerprints(self) -> None:
        """From a bare hash of what left with something of it, that can be guessed back."""
        for one in self.exports():
            if (stream := fingerprints_of(one)) in self.survey.kinds:
                self._put(stream, "destroyed")

    def exports(self) -> tuple[UUID, ...]:
        """What left the house with something of it."""
        touched = {one for one in self.fates if not self._is(one, "restricted")}
        known = self.survey.exports.items()
        return tuple(sorted(one for one, ids in known if not touched.isdisjoint(ids)))

    def regraded(self) -> tuple[Regraded, ...]:
        """The ends that keep other links, and their best grade before and after."""
        survey, found = self.survey, {}
        for link in [one for one in self.fates if one in survey.links]:
            lost = survey.links[link]
            if self._gone(lost.a) or self._gone(lost.b):
                continue
            ends = {lost.a, lost.b}
            beside = [
                one
                for one in survey.ties[lost.a]
                if {survey.links[one].a, survey.links[one].b} == ends
                and survey.links[one].kind == lost.kind
            ]
            after = [one for one in beside if not self._is(one, *GONE, "restricted", "re-graded")]
            if after or self._is(link, "re-graded"):
                a, b = sorted(ends)
                before = _best(survey, beside)
                found[a, b, lost.kind] = Regraded(a, b, lost.kind, before, _best(survey, after))
        return tuple(found[key] for key in sorted(found))


def _best(survey: Survey, links: Iterable[UUID]) -> str | None:
    grades: list[Grade] = []
    for link in links:
        last = survey.links[link]
        grade = survey.grades.get((last.report, last.item or 0)) if last.report else None
        if found := grade or last.grade:
            grades.append(found)
    return min(grades).label if grades else None


def plan(
    survey: Survey,
    held: Mapping[UUID, frozenset[UUID]],
    subjects: Collection[UUID],
    redactions: Iterable[Redaction],
    named: Mapping[Place, LogName],
    perhaps: Collection[UUID] = (),
    visible: Visible = frozenset,
) -> Plan:
    """The plan. `held` is what legal holds reach; `named` where the subjects' names stand in texts,
    `perhaps` where only parts of them do. Reasons are those that the reader sees. Raises Refused
    for what is no subject."""
    making = Planning(survey, held, subjects, redactions, visible)
    making.words(making.names(), named)
    making.other_texts(named)
    making.ties()
    making.reports()
    making.beside()
    making.fingerprints()
    return Plan(
        subjects=making.subjects,
        items=tuple(sorted(making.fates.values())),
        originals=tuple(sorted(set(making.originals))),
        regraded=making.regraded(),
        needed=tuple(making.needed.values()),
        refused=tuple(making.refused),
        exports=tuple(sorted(visible(making.exports()))),
        stays=tuple(making.stays),
        perhaps=tuple(sorted(set(perhaps) - making.fates.keys())),
        held={
            one: frozenset(holds)
            for one in making.fates
            if one in held and (holds := visible(held[one]))
        },
        why=making.why,
    )

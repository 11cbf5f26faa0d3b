"""The plan of an erasure: the items that it would change, with the effect on each. The plan is
computed from the states of the items alone; this module reads and writes nothing.

The file is long because all rules of a plan are here. Items under a legal hold or in a live court
matter are only restricted. For a text that also names other people, a person writes the replacement
text. Facts of another child are not removed. A link without other evidence disappears.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

import msgspec
from msgspec import Struct

from access.who_may.scope import HIDDEN
from commands.erasure.item_states import ItemStates
from commands.erasure.naming import Names, Place
from commands.erasure.naming import find_names as named
from commands.kernel.references import Beyond
from domain import forms
from domain.data_protection.copies import fingerprints_of
from domain.data_protection.erasure import GONE, Fate, Planned, Redaction
from domain.justice.arrest_to_result import ArrestMade, ChargeBrought, ResultRecorded
from domain.kernel.fields import Life
from domain.kernel.values import Grade, Refused

THINGS = frozenset({"vehicle", "phone", "place", "handle", "incident"})
#: Kinds of items whose free text can be erased without loss of a fact, because their facts are in
#: coded fields.
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


#: Reasons why an erasure restricts the use of an item instead of erasing the item.
HELD = "a legal hold covers it"
IN_USE = "evidence or a live matter is based on it"
LIVE = (
    "the subject is in a live matter: an arrest or a charge without a result, "
    "or an appeal that is not decided"
)
#: A reason why an item is only restricted and not erased, with the records that show the reason. A
#: reader who sees one of these records may know the reason.
Reason = tuple[str, Collection[UUID]]
#: A function that returns those of the given records that the reader of an erasure's plan sees.
Visible = Callable[[Collection[UUID]], Collection[UUID]]


class NotErasable(Refused):
    """Raised for an item whose kind cannot be the subject of an erasure; the message names the
    kind.
    """


class Needed(Struct, frozen=True):
    """A text that needs replacement text from a person, and the reason why the program cannot
    replace it alone.
    """

    id: UUID
    item: int | None
    kind: str
    why: str


class Regraded(Struct, frozen=True):
    """Two people or things that lose a link through the erasure and keep other links: their best
    grade before and after.
    """

    a: UUID
    b: UUID
    kind: str
    before: str | None
    after: str | None


class Plan(Struct, frozen=True):
    """The plan of an erasure, which a second person approves. `refused` are reasons why the plan
    cannot be carried out. `exports` are exports that contain erased items and were handed over.
    `stays` are texts that name the subject and cannot be replaced. `perhaps` are texts with only a
    part of the subject's name, which a person has to check. `held` gives, for each item under a
    legal hold, the holds; `why` gives, for each item that is only restricted, the reason.
    """

    subjects: tuple[UUID, ...]
    items: tuple[Planned, ...] = ()
    originals: tuple[str, ...] = ()
    regraded: tuple[Regraded, ...] = ()
    needed: tuple[Needed, ...] = ()
    refused: tuple[str, ...] = ()
    exports: tuple[UUID, ...] = ()
    stays: tuple[Needed, ...] = ()
    perhaps: tuple[UUID, ...] = ()
    held: Mapping[UUID, frozenset[UUID]] = msgspec.field(default_factory=dict)
    why: Mapping[UUID, str] = msgspec.field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Return the hash of the plan, which an approval confirms."""
        return hashlib.sha256(msgspec.json.encode([self.subjects, self.items])).hexdigest()


@dataclass
class Scope:
    """A subject of an erasure and everything that belongs to the subject."""

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
        """Return the subjects that have no dependent items: sources, files, addresses of
        colleagues, and access requests without an identified subject.
        """
        return self.sources | self.files | self.addresses | self.requests

    def add(self, other: "Scope") -> None:
        self.entities |= other.entities
        self.cases |= other.cases
        self.words |= other.words
        self.sources |= other.sources
        self.files |= other.files
        self.addresses |= other.addresses
        self.requests |= other.requests


def scope(states: ItemStates, subject: UUID) -> Scope:
    """Return a subject of an erasure with everything that belongs to it. A person has merged
    records and cases, a case has a child and filed items, and a file has the entries read from it.
    Raises Refused for an invalid subject.
    """
    references = states.references
    kind = references.kinds.get(subject, ("evidence", "nothing"))[1]
    found_scope = Scope()
    if kind == "person":
        found_scope.entities = references.same_as(subject)
    elif kind in THINGS:
        found_scope.entities = {subject}
    elif kind == "case":
        found_scope.cases = {subject}
        for child in references.items(subject, Life.CHILD):
            found_scope.entities |= references.same_as(child)
    elif kind == "source":
        found_scope.sources = {subject}
    elif kind == "observation":
        found_scope.words = {subject}
    elif kind == "address":
        found_scope.addresses = {subject}
    elif kind == "request":
        found_scope.requests = {subject}
    elif kind == "file":
        found_scope.files = {subject}
        found_scope.words = references.streams(subject, Beyond.FILE) & states.words.keys()
    else:
        raise NotErasable(
            f"{subject} is of a kind that cannot be erased ({kind}): give a person, a case, a "
            "source, an observation, a file, a colleague's address or a request for access"
        )
    for entity in found_scope.entities:
        found_scope.cases |= references.streams(entity, Life.CHILD)
    for case in found_scope.cases:
        found_scope.words |= references.streams(case, Life.FILED)
    return found_scope


class Matters:
    """Court matters that are not concluded: arrests and charges without a result, or with a pending
    appeal. (Material is retained until an appeal is determined: Criminal Procedure and
    Investigations Act 1996, code of practice, 5.10 [verify].)
    """

    def __init__(self, states: ItemStates) -> None:
        appealed = {
            subject for event in states.appeals.values() for subject in (event.person, event.case)
        }
        opened: dict[UUID, tuple[UUID, UUID | None]] = {}
        for stream, outcome in states.outcomes.items():
            match outcome:
                case ArrestMade() | ChargeBrought():
                    opened[stream] = outcome.person, outcome.case
                case ResultRecorded():
                    ended = [
                        matter
                        for matter, (person, case) in opened.items()
                        if appealed.isdisjoint((person, case))
                        and (
                            (person == outcome.person)
                            or (outcome.person is None and case and case == outcome.case)
                        )
                    ]
                    for item in ended:
                        del opened[item]
        #: `subjects`: the people and cases in live court matters. `words`: the log entries that led
        #: to such a matter. The values are the records that show the matter.
        self.subjects: dict[UUID | None, set[UUID]] = defaultdict(set)
        self.words: dict[UUID, set[UUID]] = defaultdict(set)
        for stream, (person, case) in opened.items():
            for whom in (person, case):
                self.subjects[whom].add(stream)
            for item in self._led(states, stream):
                self.words[item].add(stream)
        for stream, appeal in states.appeals.items():
            for whom in (appeal.person, appeal.case):
                self.subjects[whom].add(stream)

    def _led(self, states: ItemStates, stream: UUID) -> set[UUID]:
        reached: set[UUID] = set()
        following = states.references.items(stream, Beyond.CAUSE)
        while following:
            item = following.pop()
            reached.add(item)
            following |= states.references.items(item, Life.BASIS) - reached
        return reached & states.words.keys()


class Planning:
    """The plan of an erasure while it is computed."""

    def __init__(
        self,
        states: ItemStates,
        holds: Mapping[UUID, frozenset[UUID]],
        subjects: Collection[UUID],
        redactions: Iterable[Redaction],
        visible: Visible = frozenset,
    ) -> None:
        self.states, self.known, self.held = states, states.references, holds
        self.subjects = tuple(dict.fromkeys(subjects))
        self.visible = visible
        self.written = {(redaction.id, redaction.item): redaction for redaction in redactions}
        self.fates: dict[UUID, Planned] = {}
        self.needed: dict[Place, Needed] = {}
        self.refused: list[str] = []
        self.stays: list[Needed] = []
        self.originals: list[str] = []
        self.why: dict[UUID, str] = {}
        self.matters = Matters(states)
        self.own = Scope()
        for subject in self.subjects:
            own = scope(states, subject)
            if reasons := self._withheld(own):
                why = self._told(reasons)
                for item in own.all:
                    self._restrict(item, why)
            else:
                self.own.add(own)

    def _told(self, reasons: Iterable[Reason]) -> str:
        """Return the first reason that the reader may know, because they see a record that shows
        it. If there is none, return a general text, since each reason would reveal a hidden record.
        """
        return next((why for why, shown_by in reasons if self.visible(shown_by)), HIDDEN)

    def _restrict(self, item: UUID, why: str) -> None:
        self.why.setdefault(item, why)
        self._put(item, "restricted")

    def _put(self, item: UUID, fate: Fate) -> None:
        log, kind = self.known.kinds[item]
        if self._held(item) or item in self.states.exhibits:
            fate = "restricted"
            evidence = [item] if item in self.states.exhibits else []
            reasons: list[Reason] = [(HELD, self.held.get(item, ())), ("it is evidence", evidence)]
            self.why.setdefault(item, self._told(reasons))
        known = self.fates.get(item)
        if known is None or known.fate != "restricted":
            self.fates[item] = Planned(log, item, kind, fate)

    def _held(self, item: UUID) -> bool:
        return item in self.held

    def _withheld(self, own: Scope) -> list[Reason]:
        """Return the reasons (legal holds, live court matters) why the items of a subject can only
        be restricted, not erased. The list is empty if they can be erased.
        """
        heads = own.entities | own.cases | own.alone
        hangs = {tied_item for who in own.entities for tied_item in self._tied(who)}
        holds = {hold for item in heads | hangs for hold in self.held.get(item, ())}
        matters = {
            tied_item
            for item in heads & self.matters.subjects.keys()
            for tied_item in self.matters.subjects[item]
        }
        reasons: list[Reason] = [
            ("a legal hold covers the subject, or an item that belongs to it", holds),
            (LIVE, matters),
        ]
        return [reason for reason in reasons if reason[1]]

    def _tied(self, who: UUID) -> set[UUID]:
        return self.known.streams(who, Life.END, Life.JUDGED, Life.OUTCOME)

    def _is(self, item: UUID | None, *fates: Fate) -> bool:
        return item in self.fates and self.fates[item].fate in fates

    def _gone(self, item: UUID | None) -> bool:
        return self._is(item, *GONE)

    # --- texts -----------------------------------------------------------------------------------

    def names(self) -> Names:
        """Return the names of the subjects of the erasure."""
        called = [n for entity in self.own.entities for n in self.states.entities[entity].names]
        called += [self.states.sources[source] for source in self.own.sources]
        return Names(called)

    def leaving(self) -> frozenset[UUID]:
        """Return the streams that the erasure removes in any case, whatever text they have."""
        return frozenset(self.own.entities | self.own.cases | self.own.alone)

    def _in_use(self, item: UUID) -> set[UUID]:
        """Return the evidence and the records of live court matters that are based on this log
        entry.
        """
        found_items = self.known.streams(item, Life.BASIS) & self.states.exhibits.keys()
        found_items |= self.matters.words.get(item, set())
        for case, relevance in self.states.material.get(item, {}).items():
            if relevance != "not-relevant":
                found_items |= self.matters.subjects.get(case, set())
        return found_items

    def _others(self, item: UUID) -> set[UUID]:
        """Return the children, other than subjects of this erasure, who are named in this log entry
        or have a link based on it.
        """
        ties = [self.states.links[link] for link in self.states.resting(item)]
        named = {*self.known.items(item, Life.CONFIRMED), *(e for t in ties for e in (t.a, t.b))}
        return {
            who
            for who in named - self.own.entities
            if (entity := self.states.entities.get(who)) and entity.is_child
        }

    def words(self, names: Names, named: Collection[Place]) -> None:
        """Plan the effect of the erasure on each log entry that belongs to the subjects or names
        them.
        """
        words = self.states.words
        naming = {stream for stream, _ in named if stream in words}
        for who in self.own.entities:
            naming |= self.known.streams(who, Life.CONFIRMED)
            ties = (self.states.links[link] for link in self.known.streams(who, Life.END))
            naming |= {t.observation for t in ties if t.observation in words}
        for item in sorted(self.own.words | naming):
            self._observation(item, names, own=item in self.own.words)
        for source in self.own.sources:
            for item in self.states.entries_from_source(source):
                if words[item].holds_source and item not in self.fates:
                    self._put(item, "redacted")

    def _observation(self, item: UUID, names: Names, *, own: bool) -> None:
        written = self.written.get((item, None))
        others = self._others(item)
        used = self._in_use(item)
        if self._held(item) or used:
            self._restrict(item, self._told([(HELD, self.held.get(item, ())), (IN_USE, used)]))
        elif written and written.another and not own:
            return
        elif written and written.words is not None:
            self._redacted(item, written.words, names, others)
        elif others and written:
            lost = "destroying it would remove another child's facts"
            why = self._told([(lost, others)])
            self.refused.append(f"observation {item}: {why}: write a text to replace it")
        elif others or (written is None and not own):
            why = "it names the subject"
            if others and own:
                why = self._told([("it holds another child's facts", others)])
            elif others and self.visible(others):
                why = "it holds another child's facts"
            self.needed[item, None] = Needed(item, None, "observation", why)
        else:
            self._put(item, "destroyed")

    def _redacted(self, item: UUID, words: str, names: Names, others: set[UUID]) -> None:
        if not words.strip() or names.contains_whole_name(words):
            self.refused.append(f"the redaction of observation {item} still names the subject")
            return
        before, after = (f" {forms.name(t)} " for t in (self.states.words[item].text, words))
        for child in sorted(others):
            called = {
                *self.states.entities[child].names,
                self.states.words[item].confirmed.get(child),
            }
            padded_names = [f" {forms.name(name)} " for name in called if name]
            if any(n in before for n in padded_names) and not any(n in after for n in padded_names):
                lost = f"it removes another child's facts: the name of {child} has to stay in it"
                why = self._told([(lost, [child])])
                self.refused.append(f"the redaction of observation {item}: {why}")
                return
        self._put(item, "redacted")

    def other_texts(self, named: Collection[Place]) -> None:
        """Plan the effect of the erasure on texts, other than log entries, that name the
        subjects.
        """
        for stream, item in sorted(named, key=str):
            if stream in self.fates or stream in self.states.words:
                continue
            kind = self.known.kinds[stream][1]
            written = self.written.get((stream, item))
            if written and written.another:
                continue
            if kind in NOTES:
                self._put(stream, "blanked")
            elif stream in self.states.exhibits or self._held(stream):
                self._put(stream, "restricted")
            elif kind == "product":
                self._put(stream, "destroyed")
            elif kind in ("report", "case"):
                if written is None or written.words is None:
                    self.needed[stream, item] = Needed(stream, item, kind, "it names the subject")
                else:
                    self._put(stream, "redacted")
            else:
                self.stays.append(Needed(stream, item, kind, "it names the subject"))

    # --- dependent items ------------------------------------------------------------------------

    def ties(self) -> None:
        """Plan the erasure of the subjects and of their cases, links and judgements. Also plan the
        effect on links based on erased log entries: a link gets another grade if an exhibit
        supports it, and disappears otherwise.
        """
        states = self.states
        for who in self.own.entities:
            self._put(who, "destroyed")
            for tied_item in self._tied(who):
                self._put(tied_item, "disappears" if tied_item in states.links else "destroyed")
        for case in self.own.cases:
            self._put(case, "destroyed")
        for words in [item.id for item in self.fates.values() if item.id in states.words]:
            if self._gone(words):
                for link in states.resting(words):
                    exhibit_stands = states.links[link].exhibit in states.exhibits
                    if not self._gone(link):
                        self._put(link, "re-graded" if exhibit_stands else "disappears")
        self._things()

    def _things(self) -> None:
        """Plan the erasure of each vehicle, phone or account of which no link remains and which no
        remaining log entry names.
        """
        links = self.fates.keys() & self.states.links.keys()
        ends = {
            end for link in links for end in self.known.items(link, Life.END)
        } - self.fates.keys()
        things = {e for e in ends if self.known.kinds[e][1] in THINGS - {"place"}}
        if not things:
            return
        read = {
            normal
            for item, words in self.states.words.items()
            if not self._gone(item)
            for normal in words.read
        }
        for entity in sorted(things):
            alone = all(self._gone(link) for link in self.known.streams(entity, Life.END))
            named = not all(
                self._gone(words) for words in self.known.streams(entity, Life.CONFIRMED)
            )
            if alone and not named and read.isdisjoint(self.states.entities[entity].names):
                self._put(entity, "destroyed")

    def reports(self) -> None:
        """Plan the removal of report items that were drawn from erased entries, and of released
        copies of those items.
        """
        graded = self.known.graded
        gone = [fate for fate in self.fates if self._gone(fate)]
        touched = {stream for item in gone for stream in self.known.streams(item, Life.BASIS)}
        for report in sorted(touched & graded.keys()):
            live = [o for o in graded[report].values() if not self._gone(o)]
            self._put(report, "redacted" if live else "destroyed")
        for report in [fate for fate in self.fates if fate in graded]:
            if not self._is(report, "restricted"):
                for product in self.known.items(report, Life.PRODUCT):
                    # a copy without a stream was not sent yet, and is never sent if the item is
                    # erased
                    if product in self.known.kinds:
                        self._put(product, "destroyed")

    def plan_related(self) -> None:
        """Plan the effect of the erasure on records of the source register, on original files, and
        on notes about erased items.
        """
        states, references = self.states, self.known
        for request in self.own.sources | self.own.addresses:
            self._put(request, "destroyed")
        for request in self.own.requests:
            self._put(request, "blanked")
        files = set(self.own.files)
        for request in list(self.fates):
            if self._gone(request):
                for entry in references.items(request, Life.ENTRY) & references.kinds.keys():
                    self._put(entry, "destroyed")
            if not self._is(request, "restricted"):
                files |= references.items(request, Beyond.FILE)
                if request in states.words:  # the entry's photographs show the erased text
                    self.originals += states.words[request].pictures
        for request in files:
            self._put(request, "destroyed")
            if self._gone(request) and states.files[request].kept:
                self.originals.append(states.files[request].kept)
        stay = {file.kept for item, file in states.files.items() if not self._gone(item)}
        self.originals = [original for original in self.originals if original not in stay]
        for request in self._belonging():
            for board in references.streams(request, Life.MENTION) & states.boards.keys():
                if board not in self.fates:
                    self._put(board, "blanked")

    def _belonging(self) -> set[UUID]:
        """Plan the erasure of the notes on erased items, and of the notes on those notes. Return
        the ids of all these items and notes.
        """
        lost, todo = set[UUID](), [fate for fate in self.fates if self._gone(fate)]
        while todo:
            if (item := todo.pop()) in lost:
                continue
            lost.add(item)
            for beside in self.known.streams(item, Life.RETENTION):
                self._put(beside, "destroyed")
            for stream in self.known.streams(item, Life.OWNER):
                log, kind = self.known.kinds[stream]
                noted = log == "access" or kind == "roots"
                self._put(stream, "blanked" if noted else "destroyed")
                if self._gone(stream):
                    todo.append(stream)
        return lost

    def fingerprints(self) -> None:
        """Plan the erasure of the recorded hashes of exports that contain erased items. These
        hashes were made without a key, so the erased text could be guessed from them.
        """
        for export in self.exports():
            if (stream := fingerprints_of(export)) in self.known.kinds:
                self._put(stream, "destroyed")

    def exports(self) -> tuple[UUID, ...]:
        """Return the exports that contain items planned for erasure."""
        touched = {fate for fate in self.fates if not self._is(fate, "restricted")}
        return tuple(
            sorted({copy for item in touched for copy in self.known.streams(item, Life.LEFT)})
        )

    def regraded(self) -> tuple[Regraded, ...]:
        """Return each pair of people or things that loses a link through the erasure but is still
        linked by a link of the same kind, with the pair's best grade before and after the erasure.
        """
        links, regraded_links = self.states.links, {}
        for link in [fate for fate in self.fates if fate in links]:
            lost = links[link]
            if self._gone(lost.a) or self._gone(lost.b):
                continue
            ends = {lost.a, lost.b}
            beside = [
                stream
                for stream in self.known.streams(lost.a, Life.END)
                if {links[stream].a, links[stream].b} == ends and links[stream].kind == lost.kind
            ]
            after = [
                item for item in beside if not self._is(item, *GONE, "restricted", "re-graded")
            ]
            if after or self._is(link, "re-graded"):
                a, b = sorted(ends)
                before = _best(self.states, beside)
                regraded_links[a, b, lost.kind] = Regraded(
                    a, b, lost.kind, before, _best(self.states, after)
                )
        return tuple(regraded_links[key] for key in sorted(regraded_links))


def _best(states: ItemStates, links: Iterable[UUID]) -> str | None:
    grades: list[Grade] = []
    for link in links:
        last = states.links[link]
        graded = states.grades.get(last.report, {}) if last.report else {}
        grade = graded.get(last.item or 0)
        if found_grade := grade or last.grade:
            grades.append(found_grade)
    return min(grades).label if grades else None


def plan(
    states: ItemStates,
    held_items: Mapping[UUID, frozenset[UUID]],
    subjects: Collection[UUID],
    redactions: Iterable[Redaction],
    visible: Visible = frozenset,
) -> Plan:
    """Return the plan of an erasure of these subjects. `held_items` are the items under legal
    holds, and `visible` limits the reasons in the plan to those that the reader may know. Raises
    Refused for an invalid subject.
    """
    making = Planning(states, held_items, subjects, redactions, visible)
    names = making.names()
    whole, part = named(states.references, names, making.leaving())
    making.words(names, whole)
    making.other_texts(whole)
    making.ties()
    making.reports()
    making.plan_related()
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
        perhaps=tuple(sorted({item for item, _ in part} - making.fates.keys())),
        held={
            fate: frozenset(holds)
            for fate in making.fates
            if fate in held_items and (holds := visible(held_items[fate]))
        },
        why=making.why,
    )

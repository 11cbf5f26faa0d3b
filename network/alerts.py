"""What somebody has to look at now: a suspect near a placement, a suspect in a child's home, an
arrest of a victim or of a parent, a message by a way that a suspect shares.

An alert is a question at a moment, so it is there as soon as the link or the arrest is. Where a
child is placed shows to those alone who hold that compartment. (IICSA, and the report's tracing of
moved children; victims and parents arrested while the child was exploited.)
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from msgspec import structs

from access import scope
from commands import ways
from domain.protection import AlertKind, Answer, alert_stream
from domain.values import LinkKind, Reader
from network.gathering import Gathering
from network.layers import is_offender
from projections import cases, compartments, people, protection
from projections.links import Asked, LinkRow
from projections.people import Entity
from projections.schema import Db

READ_BY = "somebody who may harm the child may have read or heard it"
SOMEBODY = "somebody whom the team looks at: ask the sergeant"
_LIVES: frozenset[LinkKind] = frozenset({"lives-at"})
_HOMES: frozenset[LinkKind] = frozenset({"lives-at", "placed-at"})
_HOLDS: frozenset[LinkKind] = frozenset({"uses", "owns", "driver-of"})


@dataclass(frozen=True)
class Alert:
    """`subject` is whom it warns of (or who was arrested), `via` a thing of theirs that was there;
    `known_to_child` says that they had a link with the child before. `place` is told to those who
    may know it; who may not see the subject is told of somebody."""

    id: UUID
    kind: AlertKind
    case: UUID
    child: UUID
    subject: UUID | None
    subject_label: str
    via: UUID | None
    place: str | None
    known_to_child: bool
    links: tuple[UUID, ...]
    since: datetime
    answer: Answer | None = None
    answered_by: str | None = None


def alerts(db: Db, reader: Reader) -> list[Alert]:
    """Every alert of an open case that the reader may see, unanswered ones first, then newest."""
    looking = _Looking(db, reader)
    found = [*looking.placements(), *looking.homes(), *looking.arrests(), *looking.contacts()]
    once = {one.id: one for one in _named(db, reader, found)}
    answered = protection.answers(db, reader, once)
    shown = [
        replace(one, answer=said.answer, answered_by=said.by)
        if (said := answered.get(one.id))
        else one
        for one in once.values()
    ]
    return sorted(shown, key=lambda one: (one.answer is not None, -one.since.timestamp(), one.id))


def _named(db: Db, reader: Reader, found: list[Alert]) -> list[Alert]:
    """The alerts, each naming its subject, the thing of theirs and the link to those alone who may
    see them."""
    named = {one for each in found for one in (each.subject, each.via, *each.links) if one}
    seen = scope.seen(db, reader, named)
    return [
        replace(
            one,
            subject=one.subject if one.subject in seen else None,
            subject_label=_called(one, seen),
            via=one.via if one.via in seen and one.subject in {None, *seen} else None,
            links=tuple(link for link in one.links if link in seen and one.subject in seen),
        )
        for one in found
    ]


def _called(one: Alert, seen: set[UUID]) -> str:
    if one.subject is None:
        return one.subject_label
    return one.subject_label if one.subject in seen else SOMEBODY


class _Looking:
    """The open cases of a moment that the reader sees, their children, and what ties people to
    places there: all that is known, for whoever holds a placement may not see the network."""

    def __init__(self, db: Db, reader: Reader) -> None:
        self.db, self.reader = db, reader
        self.knowing = structs.replace(reader, closed=False)
        self.all = Gathering(db, self.knowing, Asked(min_rank=None), "all")
        self.open = {row.case: row for row in cases.listed(db, reader)}
        self.child_of = {case: self.all.lead(row.child) for case, row in self.open.items()}
        self.cases_of: dict[UUID, list[UUID]] = defaultdict(list)
        for case, child in self.child_of.items():
            self.cases_of[child].append(case)
        self.all.around(set(self.cases_of))
        self.tied: dict[UUID, list[tuple[UUID, LinkRow]]] = defaultdict(list)
        edges = self.all.edges()
        self.seen = scope.seen(db, reader, {row.link for _, _, row in edges})
        for a, b, row in edges:
            self.tied[a].append((b, row))
            self.tied[b].append((a, row))

    def placements(self) -> Iterator[Alert]:
        """Suspects, or things of theirs, tied to a place where a child is placed."""
        for case, child in self.child_of.items():
            for end, tie in self._at(child, _HOMES - _LIVES):
                where = self.all.entities[end].label if tie.link in self.seen else None
                yield from self._near(case, [end], where)
        for row in compartments.placements(self.db, self.reader):  # last: they know where
            if not row.stands or row.case not in self.open:
                continue
            places = people.things(self.db, self.knowing, "place", row.normal)
            yield from self._near(row.case, places, row.address)

    def _near(self, case: UUID, places: Iterable[UUID], where: str | None) -> Iterator[Alert]:
        here = {self.all.lead(place) for place in places}
        if not here:
            return
        there = Gathering(self.db, self.knowing, self.all.asked, "all")
        reached = there.around(here)
        things = {one for one in reached - here if there.entities[one].kind != "person"}
        there.around(things)
        ends: dict[UUID, list[tuple[UUID, LinkRow]]] = defaultdict(list)
        for a, b, row in there.edges():
            ends[a].append((b, row))
            ends[b].append((a, row))
        for place in here:
            for one, row in ends[place]:
                found: list[tuple[UUID, LinkRow, UUID | None]] = [(one, row, None)]
                if there.entities[one].kind != "person":
                    found = [(who, held, one) for who, held in ends[one] if held.kind in _HOLDS]
                for person, at, via in found:
                    who = there.entities[person]
                    yield from self._warn("near-placement", case, who, via, at, where)

    def homes(self) -> Iterator[Alert]:
        """Suspects who live where a child lives."""
        for case, child in self.child_of.items():
            lived: dict[UUID, bool] = {}
            for end, row in self._at(child, _LIVES):
                lived[end] = lived.get(end, False) or self._ours(row)
            if not lived:
                continue
            there = Gathering(self.db, self.knowing, self.all.asked, "all")
            there.around(lived)
            for a, b, row in there.edges():
                if row.kind in _LIVES and b in lived and _stands(row):
                    label = there.entities[b].label if lived[b] else None
                    yield from self._warn("co-resident", case, there.entities[a], None, row, label)

    def _ours(self, row: LinkRow) -> bool:
        """Whether it is for this reader to know, as their own team's or as one that they see."""
        return row.link in self.seen or row.team in self.reader.teams

    def _at(self, one: UUID, kinds: frozenset[LinkKind]) -> Iterator[tuple[UUID, LinkRow]]:
        for other, row in self.tied[one]:
            if row.kind in kinds and _stands(row):
                yield other, row

    def _warn(
        self,
        kind: AlertKind,
        case: UUID,
        who: Entity,
        via: UUID | None,
        row: LinkRow,
        place: str | None,
    ) -> Iterator[Alert]:
        child = self.child_of[case]
        if not is_offender(who) or who.cleared or who.id == child:
            return
        yield Alert(
            id=alert_stream(case, kind, who.id, row.link),
            kind=kind,
            case=case,
            child=child,
            subject=who.id,
            subject_label=who.label,
            via=via,
            place=place,
            known_to_child=any(other == who.id for other, _ in self.tied[child]),
            links=(row.link,),
            since=row.known_from,
        )

    def arrests(self) -> Iterator[Alert]:
        """Arrests of a child with an open case, and of somebody of that child's family."""
        for arrest in protection.arrests(self.db, self.reader):
            who = self.all.lead(arrest.person)
            self.all.meet([who])
            for case in self.cases_of.get(who, ()):
                yield self._arrest("arrest-of-victim", case, who, arrest)
            for child, related in self.tied.items():
                kin = any(other == who and row.kind == "family" for other, row in related)
                for case in self.cases_of.get(child, ()) if kin else ():
                    yield self._arrest("arrest-of-parent", case, who, arrest)

    def _arrest(
        self, kind: AlertKind, case: UUID, who: UUID, arrest: protection.ArrestRow
    ) -> Alert:
        return Alert(
            id=alert_stream(case, kind, arrest.arrest),
            kind=kind,
            case=case,
            child=self.child_of[case],
            subject=who,
            subject_label=self.all.entities[who].label,
            via=None,
            place=None,
            known_to_child=True,
            links=(),
            since=arrest.recorded,
        )

    def contacts(self) -> Iterator[Alert]:
        """Contacts by a way that is shared with somebody who may harm the child, whether that was
        known when they were made or came out later."""
        used = protection.ways_used(self.db, self.open)
        channels = {made.channel for made in used if made.channel and not made.unsafe}
        now = {one for one in channels if ways.check(self.db, self.reader, one).verdict == "unsafe"}
        for made in used:
            if not made.unsafe and made.channel not in now:
                continue
            yield Alert(
                id=alert_stream(made.case, "unsafe-contact", made.contact),
                kind="unsafe-contact",
                case=made.case,
                child=self.child_of[made.case],
                subject=None,
                subject_label=READ_BY,
                via=made.channel,
                place=None,
                known_to_child=False,
                links=(),
                since=made.recorded,
            )


def _stands(row: LinkRow) -> bool:
    """Not known to have ended."""
    return row.valid_to is None

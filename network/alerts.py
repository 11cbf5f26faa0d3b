"""What somebody has to look at now: a suspect near a placement, a suspect in a child's home, an
arrest of a victim or of a parent, a message by a way that a suspect shares, a contact with the
child of somebody who was convicted or sentenced before.

An alert is a question at a moment, so it is there as soon as the link or the arrest is. Once it has
been there it stays until somebody answers it: whatever closes, moves, ends, is taken back, cleared
or restricted since. Where a child is placed shows to those alone who hold that compartment.
(IICSA, and the report's tracing of moved children; victims and parents arrested while the child was
exploited.)
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import ClassVar, Unpack
from uuid import UUID

from msgspec import structs

from access import scope
from commands import reference, ways
from commands.desk import Command, Desk, Receipt
from commands.protection import Warned, answer_alert
from domain.codes import AlertAnswer
from domain.protection import AlertKind, Ringing, alert_stream
from domain.values import LinkKind, Reader
from network.gathering import Gathering
from projections import cases, compartments, members, people, protection
from projections import links as link_rows
from projections.columns import Column
from projections.due import sentenced
from projections.links import Asked, LinkRow
from projections.people import Span
from projections.schema import Db

READ_BY = "somebody who may harm the child may have read or heard it"
SOMEBODY = "somebody whom the team looks at: ask the sergeant"
_LIVES: frozenset[LinkKind] = frozenset({"lives-at"})
_HOMES: frozenset[LinkKind] = frozenset({"lives-at", "placed-at"})
_HOLDS: frozenset[LinkKind] = frozenset({"uses", "owns", "driver-of"})
_EVER = Asked(min_rank=None, ever=True)
_FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Alert:
    """`subject` is whom it warns of (or who was arrested), `via` a thing of theirs that was there;
    `known_to_child` says that they had a link with the child before. `place` is told to those who
    may know it; `holders` are those who do, where the reader does not. Who may not see the subject
    is told of somebody."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("id", "id", "id"),
        Column("since", "since", "moment"),
        Column("kind", "what"),
        Column("subject_label", "who"),
        Column("place", "where"),
        Column("known", "known to the child"),
        Column("case", "case", "id"),
        Column("held", "who knows where"),
        Column("answer", "answer"),
    )
    order: ClassVar[tuple[str, ...]] = ("since", "id")
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
    answer: AlertAnswer | None = None
    answered_by: str | None = None
    holders: tuple[str, ...] = ()

    @property
    def held(self) -> str:
        """Who knows where it is, for a reader who may not."""
        return ", ".join(self.holders)

    @property
    def known(self) -> str:
        """Whether the child had a link with them before, in a word."""
        return "yes" if self.known_to_child else "no"


def alerts(db: Db, reader: Reader, case: UUID | None = None) -> list[Alert]:
    """Every alert of a case (or of this one) that the reader may see, open or closed: unanswered
    ones first, then newest."""
    shown = _named(db, reader, _Looking(db, reader, case).answered())
    return sorted(shown, key=lambda one: (one.answer is not None, -one.since.timestamp(), one.id))


def waiting(db: Db, reader: Reader, *, every: bool = False) -> list[Alert]:
    """As `alerts`, those that wait for an answer, or `every` one."""
    return [one for one in alerts(db, reader) if every or one.answer is None]


def answer(
    desk: Desk,
    reader: Reader,
    which: str,
    said: AlertAnswer,
    reason: str,
    **command: Unpack[Command],
) -> Receipt:
    """Say what was done about an alert, named by its id or the end of it. Raises Hidden for one
    that the reader does not see, Refused without a reason."""

    def find() -> Warned:
        with desk.deciding() as db:
            found = {one.id: one for one in alerts(db, reader)}
        one = found[reference.ending(which, found, "alert")]
        return one.id, one.case, one.kind

    return answer_alert(desk, reader, which, find, said, reason, **command)


def unanswered(db: Db, reader: Reader, case: UUID) -> list[UUID]:
    """The alerts of one case that wait for an answer."""
    return [one.id for one in alerts(db, reader, case) if one.answer is None]


def ringing(db: Db, reader: Reader) -> list[Ringing]:
    """The alerts that wait for an answer, with the ids that they had before."""
    looking = _Looking(db, reader, None)
    found = [one for one in looking.answered() if one.answer is None]
    former = defaultdict[UUID, list[UUID]](list)
    for before, now in looking.former_ids(found).items():
        if before != now:
            former[now].append(before)
    return [Ringing(one.id, one.case, one.kind, one.since, tuple(former[one.id])) for one in found]


def _named(db: Db, reader: Reader, found: list[Alert]) -> list[Alert]:
    """The alerts, each naming its subject, the thing of theirs and the link to those alone who may
    see them."""
    named = {one for each in found for one in (each.subject, each.via, *each.links) if one}
    seen = scope.seen(db, reader, named)
    return [_shown(one, seen) for one in found]


def _shown(one: Alert, seen: set[UUID]) -> Alert:
    """As the reader is told it: without the link where they may not know the place."""
    who, told = one.subject in seen, not one.holders
    return replace(
        one,
        subject=one.subject if who else None,
        subject_label=_called(one, seen),
        via=one.via if told and one.via in seen and (who or one.subject is None) else None,
        links=tuple(link for link in one.links if link in seen) if told and who else (),
    )


def _called(one: Alert, seen: set[UUID]) -> str:
    if one.subject is None:
        return one.subject_label
    return one.subject_label if one.subject in seen else SOMEBODY


class _Looking:
    """The cases that the reader sees, their children, and what has ever tied people to places
    there: all that was known, for the person who holds a placement may not see the network."""

    def __init__(self, db: Db, reader: Reader, case: UUID | None) -> None:
        self.db, self.reader = db, reader
        self.knowing = structs.replace(reader, closed=False)
        self.all = Gathering(db, self.knowing, Asked(min_rank=None, restricted=True), "all")
        self.all.know_all()
        self.cases = self._warned() if case is None else cases.children(db, reader, case)
        self.child_of = {case: self.all.lead(child) for case, child in self.cases.items()}
        self.cases_of: dict[UUID, list[UUID]] = defaultdict(list)
        for one, child in self.child_of.items():
            self.cases_of[child].append(one)
        self.tied = self._ties(set(self.cases_of))
        rows = {row.link for ties in self.tied.values() for _, row in ties}
        self.seen = scope.seen(db, reader, rows)
        self._suspected: dict[UUID, tuple[list[Span], list[Span]]] = {}

    @cached_property
    def _arrested(self) -> list[protection.ArrestRow]:
        return protection.arrests(self.db, self.reader)

    @cached_property
    def _contacted(self) -> list[sentenced.ContactedRow]:
        return sentenced.contacted(self.db, self.reader)

    @cached_property
    def _endangered(self) -> list[protection.DangerRow]:
        return protection.dangers(self.db, self.reader)

    @cached_property
    def _placed(self) -> list[tuple[compartments.Placed, bool]]:
        return compartments.warned(self.db, self.reader)

    def _warned(self) -> dict[UUID, UUID]:
        """The cases in which there may be an alert: of all others nothing is read. A child's home
        or placement is known, or who was arrested is the child or its kin, or somebody was
        contacted by a way that others may share."""
        arrested = {row.person for row in self._arrested}
        children = {self.all.lead(one) for one in arrested}
        family = replace(_EVER, kinds=frozenset({"family"}))
        alike = self.all.members(children)
        for row in link_rows.touching(self.db, self.knowing, alike, family):
            children |= {self.all.lead(row.a), self.all.lead(row.b)}
        kin = members.families(self.db, people=self.all.members(arrested))
        homes = link_rows.ever_tied(self.db, self.knowing, _HOMES)
        children |= {self.all.lead(one) for one in homes}
        found = {row.case for row, _ in self._placed}
        found |= protection.cases_reached(self.db, self.reader)
        found |= {row.case for row in self._endangered} | {one.case for one in kin}
        found |= members.cared_for(self.db)
        found |= {row.case for row in self._contacted}
        return cases.children_among(self.db, self.reader, self.all.members(children), found)

    def _ties(self, ones: Collection[UUID]) -> dict[UUID, list[tuple[UUID, LinkRow]]]:
        """What has ever been tied to these, by each of both ends."""
        tied: dict[UUID, list[tuple[UUID, LinkRow]]] = defaultdict(list)
        rows = link_rows.touching(self.db, self.knowing, self.all.members(ones), _EVER)
        self.all.meet({self.all.lead(end) for row in rows for end in (row.a, row.b)})
        for row in sorted(rows, key=lambda row: row.since):
            a, b = self.all.lead(row.a), self.all.lead(row.b)
            tied[a].append((b, row))
            tied[b].append((a, row))
        return tied

    def answered(self) -> list[Alert]:
        """Every alert, each with its last answer, oldest first."""
        found = [*self.placements(), *self.homes()]
        found += [*self.arrests(), *self.contacts(), *self.dangers(), *self.after_sentences()]
        once: dict[UUID, Alert] = {}
        for one in sorted(found, key=lambda each: (bool(each.holders), each.since)):
            once.setdefault(one.id, one)
        former = self.former_ids(once.values())
        answers = protection.answers(self.db, self.reader, {*once, *former})
        for before, now in former.items():
            if before in answers:
                answers.setdefault(now, answers[before])
        return [
            replace(one, answer=said.answer, answered_by=said.by)
            if (said := answers.get(one.id))
            else one
            for one in once.values()
        ]

    def placements(self) -> Iterator[Alert]:
        """Suspects, or things of theirs, tied to a place where a child is placed."""
        for case, child in self.child_of.items():
            for end, tie in self._at(child, _HOMES - _LIVES):
                where = self.all.entities[end].label if tie.link in self.seen else None
                yield from self._near(case, [end], where, _span(tie))
        placed = [row for row in self._placed if row[0].case in self.cases]
        unknown = {row.case for row, known in placed if not known}
        held_by = compartments.held_by(self.db, unknown, "placement") if unknown else {}
        for row, known in placed:
            places = people.at_address(self.db, self.knowing, row.normal)
            where = row.address if known else None
            for alert in self._near(row.case, places, where, (row.recorded, row.ended)):
                yield alert if known else replace(alert, holders=tuple(held_by[row.case]))

    def _near(
        self, case: UUID, places: Iterable[UUID], where: str | None, placed: Span
    ) -> Iterator[Alert]:
        here = {self.all.lead(place) for place in places}
        if not here:
            return
        ends = self._ties(here)
        things = {one for place in here for one, _ in ends[place] if not self._is_person(one)}
        held = self._ties(things - here) if things - here else {}
        for place in here:
            for one, row in list(ends[place]):
                if self._is_person(one):
                    yield from self._warn("near-placement", case, one, None, row, where, placed)
                    continue
                for who, tie in held.get(one, ()):
                    if tie.kind in _HOLDS and self._is_person(who):
                        spans = (placed, _span(row))
                        yield from self._warn("near-placement", case, who, one, tie, where, *spans)

    def homes(self) -> Iterator[Alert]:
        """Suspects who live where a child lives."""
        for case, child in self.child_of.items():
            for home, own in self._at(child, _LIVES):
                label = self.all.entities[home].label if self._ours(own) else None
                for who, row in self._ties([home])[home]:
                    if row.kind in _LIVES and _stands(row):
                        yield from self._warn(
                            "co-resident", case, who, None, row, label, _span(own)
                        )

        for one in self._kin:
            for fact, begun, ended in one.caring:
                yield from self._carer(one, fact, (begun, ended))

    def _carer(self, one: members.Kin, fact: UUID, caring: Span) -> Iterator[Alert]:
        """A suspect who cares for a child lives with the child, as the worker recorded it."""
        who = self.all.lead(one.person)
        since = self._first_moment(who, [caring])
        if since is None or who == self.child_of[one.case]:
            return
        yield Alert(
            id=alert_stream(one.case, "co-resident", one.person, fact),
            kind="co-resident",
            case=one.case,
            child=self.child_of[one.case],
            subject=who,
            subject_label=self.all.entities[who].label,
            via=None,
            place=None,
            known_to_child=True,
            links=(),
            since=since,
        )

    @cached_property
    def _kin(self) -> list[members.Kin]:
        """The families of the cases, by the roles that workers recorded."""
        found = members.families(self.db, cases=self.cases)
        self.all.meet({self.all.lead(one.person) for one in found})
        return found

    def _ours(self, row: LinkRow) -> bool:
        """Whether it is for this reader to know, as their own team's or as one that they see."""
        return row.link in self.seen or row.team in self.reader.teams

    def _at(self, one: UUID, kinds: frozenset[LinkKind]) -> Iterator[tuple[UUID, LinkRow]]:
        for other, row in self.tied[one]:
            if row.kind in kinds and _stands(row):
                yield other, row

    def _is_person(self, one: UUID) -> bool:
        return self.all.entities[one].kind == "person"

    def _warn(
        self,
        kind: AlertKind,
        case: UUID,
        who: UUID,
        via: UUID | None,
        row: LinkRow,
        place: str | None,
        *known: Span,
    ) -> Iterator[Alert]:
        """An alert, if all this was known at one moment at which they were suspected."""
        child = self.child_of[case]
        if who == child:
            return
        since = self._first_moment(who, [_span(row), *known])
        if since is None:
            return
        yield Alert(
            id=alert_stream(case, kind, who, row.link),
            kind=kind,
            case=case,
            child=child,
            subject=who,
            subject_label=self.all.entities[who].label,
            via=via,
            place=place,
            known_to_child=any(other == who for other, _ in self.tied[child]),
            links=(row.link,),
            since=since,
        )

    def _first_moment(self, who: UUID, spans: list[Span]) -> datetime | None:
        members = self.all.members([who])
        if missing := set(members) - self._suspected.keys():
            found = people.suspected(self.db, self.knowing, missing)
            self._suspected |= {one: found.get(one, ([], [])) for one in missing}
        offending = [span for one in members for span in self._suspected[one][0]]
        cleared = [span for one in members for span in self._suspected[one][1]]
        found_at: list[datetime] = []
        for offence in offending:
            together = [*spans, offence]
            begin = max(start for start, _ in together)
            end = min(until or _FOREVER for _, until in together)
            moments = [begin, *(until for _, until in cleared if until and begin < until)]
            found_at += [
                at
                for at in moments
                if at < end and not any(c <= at < (until or _FOREVER) for c, until in cleared)
            ]
        return min(found_at, default=None)

    def arrests(self) -> Iterator[Alert]:
        """Arrests of a child with a case, and of somebody of that child's family."""
        children_of: dict[UUID, set[UUID]] = defaultdict(set)
        for child, related in self.tied.items():
            for kin in (other for other, row in related if row.kind == "family"):
                children_of[kin].add(child)
        for one in self._kin:
            children_of[self.all.lead(one.person)].add(self.child_of[one.case])
        whose = [(self.all.lead(arrest.person), arrest) for arrest in self._arrested]
        self.all.meet({who for who, _ in whose if who in self.cases_of or who in children_of})
        for who, arrest in whose:
            for case in self.cases_of.get(who, ()):
                yield self._arrest("arrest-of-victim", case, who, arrest)
            for child in children_of.get(who, ()):
                for case in self.cases_of.get(child, ()):
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
        used = protection.ways_used(self.db, self.cases)
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

    def dangers(self) -> Iterator[Alert]:
        """Somebody of a family is in danger now: what that needs, and nothing of whom or why."""
        for row in self._endangered:
            if row.case not in self.cases:
                continue
            yield Alert(
                id=alert_stream(row.case, "danger-now", row.flag),
                kind="danger-now",
                case=row.case,
                child=self.child_of[row.case],
                subject=None,
                subject_label=f"needed: {', '.join(row.needs).replace('-', ' ')}",
                via=None,
                place=None,
                known_to_child=False,
                links=(),
                since=row.recorded,
            )

    def after_sentences(self) -> Iterator[Alert]:
        """Contacts with the child of somebody who was convicted or sentenced before."""
        found = [row for row in self._contacted if row.case in self.cases]
        self.all.meet({self.all.lead(row.person) for row in found})
        for row in found:
            who, child = self.all.lead(row.person), self.child_of[row.case]
            yield Alert(
                id=row.alert,
                kind="contact-after-sentence",
                case=row.case,
                child=child,
                subject=who,
                subject_label=self.all.entities[who].label,
                via=None,
                place=None,
                known_to_child=any(other == who for other, _ in self.tied[child]),
                links=(row.link,),
                since=row.since,
            )

    def former_ids(self, found: Iterable[Alert]) -> dict[UUID, UUID]:
        """Under which ids these alerts stood before their subject was judged the same as another:
        what was answered then is answered."""
        return {
            alert_stream(one.case, one.kind, member, link): one.id
            for one in found
            for link in one.links
            if one.subject
            for member in self.all.members([one.subject])
        }


def _span(row: LinkRow) -> Span:
    return row.known_from, row.known_to


def _stands(row: LinkRow) -> bool:
    """Not known, in this version, to have ended."""
    return row.valid_to is None

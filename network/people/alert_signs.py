"""Find the facts that raise an alert (`network.people.alerts`), for one reader.

The file is long because all kinds of alert come from the same links and cases.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from functools import cached_property
from uuid import UUID

from msgspec import structs
from msgspec.structs import replace

from access.who_may import scope
from commands.families import safe_contact
from commands.kernel import colleague
from domain.families.protection import AlertKind, alert_stream
from domain.kernel.values import LinkKind, Reader
from network.people.alert import Alert
from network.query.graph_builder import Gathering
from projections.due import sentenced
from projections.families import cases, compartments, family_contact, protection
from projections.families import family_members as members
from projections.intelligence import links as link_rows
from projections.intelligence import people
from projections.intelligence.links import LinkFilter, LinkRow
from projections.intelligence.people import Span
from projections.kernel.database import Db

READ_BY = "a person who may harm the child may have read or heard it"
_LIVES: frozenset[LinkKind] = frozenset({"lives-at"})
_HOMES: frozenset[LinkKind] = frozenset({"lives-at", "placed-at"})
_HOLDS: frozenset[LinkKind] = frozenset({"uses", "owns", "driver-of"})
_EVER = LinkFilter(min_rank=None, ever=True)
_FOREVER = datetime.max.replace(tzinfo=UTC)


class Signs:
    """The facts behind alerts for one reader: the cases that the reader sees, the children of these
    cases, and all links that ever existed between people and places. All recorded links are read,
    because a worker who may know a child's placement may have no access to the network.
    """

    def __init__(self, db: Db, reader: Reader, case: UUID | None) -> None:
        self.db, self.reader = db, reader
        self.knowing = structs.replace(reader, closed=False)
        self.all = Gathering(db, self.knowing, LinkFilter(min_rank=None, restricted=True), "all")
        self.all.know_all()
        self.cases = self._warned() if case is None else cases.children(db, reader, case)
        self.child_of = {case: self.all.lead(child) for case, child in self.cases.items()}
        self.cases_of: dict[UUID, list[UUID]] = defaultdict(list)
        for item, child in self.child_of.items():
            self.cases_of[child].append(item)
        self.tied = self._ties(set(self.cases_of))
        rows = {row.link for ties in self.tied.values() for _, row in ties}
        self.seen = scope.visible_items(db, reader, rows)
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
    def _placed(self) -> list[tuple[compartments.Placement, bool]]:
        return compartments.warned(self.db, self.reader)

    def _warned(self) -> dict[UUID, UUID]:
        """Return the cases that may have an alert, each with its child; the details of other cases
        are not read. In these cases the child's home or placement is known, or the child or a
        relative was arrested, or a contact used a channel that another person may share.
        """
        arrested = {row.person for row in self._arrested}
        children = {self.all.lead(item) for item in arrested}
        family = replace(_EVER, kinds=frozenset({"family"}))
        alike = self.all.members(children)
        for row in link_rows.touching(self.db, self.knowing, alike, family):
            children |= {self.all.lead(row.a), self.all.lead(row.b)}
        kin = members.families(self.db, people=[*self.all.members(arrested), *self._in_families])
        homes = link_rows.all_linked(self.db, self.knowing, _HOMES)
        children |= {self.all.lead(home) for home in homes}
        found_items = {row.case for row, _ in self._placed}
        found_items |= protection.cases_reached(self.db, self.reader)
        found_items |= {row.case for row in self._endangered} | {relative.case for relative in kin}
        found_items |= {row.case for row in self._contacted}
        return cases.children_among(self.db, self.reader, self.all.members(children), found_items)

    @cached_property
    def _in_families(self) -> set[UUID]:
        """Return the people who were ever suspected and are recorded as relatives or carers of a
        child.
        """
        named = {self.all.lead(item) for item in members.all_members(self.db)}
        spans_by_person = people.suspected(self.db, self.knowing, self.all.members(named))
        return {item for item, (offending, _) in spans_by_person.items() if offending}

    def _ties(self, ones: Collection[UUID]) -> dict[UUID, list[tuple[UUID, LinkRow]]]:
        """Return all links that the people in `ones` ever had, as a mapping. Its keys are the
        people and things at the ends of these links; each value lists the item at the other end and
        the link.
        """
        tied: dict[UUID, list[tuple[UUID, LinkRow]]] = defaultdict(list)
        rows = link_rows.touching(self.db, self.knowing, self.all.members(ones), _EVER)
        self.all.meet({self.all.lead(end) for row in rows for end in (row.a, row.b)})
        for row in sorted(rows, key=lambda row: row.since):
            a, b = self.all.lead(row.a), self.all.lead(row.b)
            tied[a].append((b, row))
            tied[b].append((a, row))
        return tied

    def answered(self) -> list[Alert]:
        """Return all alerts, each with its last answer if it has one; the oldest alert is first."""
        alerts = [*self.placements(), *self.homes()]
        alerts += [*self.arrests(), *self.contacts(), *self.dangers(), *self.after_sentences()]
        alerts += self.hearers()
        once: dict[UUID, Alert] = {}
        for alert in sorted(
            alerts, key=lambda each: (bool(each.holders or each.unheld), each.since)
        ):
            once.setdefault(alert.id, alert)
        former = self.former_ids(once.values())
        answers = protection.answers(self.db, self.reader, {*once, *former})
        for before, now in former.items():
            if before in answers:
                answers.setdefault(now, answers[before])
        return [
            replace(raised_alert, answer=alert_answer.answer, answered_by=alert_answer.by)
            if (alert_answer := answers.get(raised_alert.id))
            else raised_alert
            for raised_alert in once.values()
        ]

    def placements(self) -> Iterator[Alert]:
        """Yield alerts about suspects, or things of suspects, that are linked to a place where a
        child is placed."""
        for case, child in self.child_of.items():
            for end, tie in self._at(child, _HOMES - _LIVES):
                where = self.all.entities[end].label if tie.link in self.seen else None
                yield from self._near(case, [end], where, _span(tie))
        placed = [row for row in self._placed if row[0].case in self.cases]
        unknown = {row.case for row, is_visible in placed if not is_visible}
        held_by = compartments.holders_by_case(self.db, unknown, "placement") if unknown else {}
        for row, is_visible in placed:
            places = people.at_address(self.db, self.knowing, row.normal)
            where = row.address if is_visible else None
            for alert in self._near(row.case, places, where, (row.recorded, row.ended)):
                holders = () if is_visible else self._at_work(held_by[row.case])
                yield replace(alert, holders=holders, unheld=not is_visible and not holders)

    def _at_work(self, holders: Collection[str]) -> tuple[str, ...]:
        """Return those of the colleagues `holders` who still have an account, because only they can
        be contacted about the place.
        """
        working = self._working
        return tuple(holder for holder in holders if working is None or holder in working)

    @cached_property
    def _working(self) -> frozenset[str] | None:
        return colleague.open_accounts(self.db)

    def _near(
        self, case: UUID, places: Iterable[UUID], where: str | None, placed: Span
    ) -> Iterator[Alert]:
        here = {self.all.lead(place) for place in places}
        if not here:
            return
        ends = self._ties(here)
        things = {end for place in here for end, _ in ends[place] if not self._is_person(end)}
        links_by_item = self._ties(things - here) if things - here else {}
        for place in here:
            for item, row in list(ends[place]):
                if self._is_person(item):
                    yield from self._warn("near-placement", case, item, None, row, where, placed)
                    continue
                for who, tie in links_by_item.get(item, ()):
                    if tie.kind in _HOLDS and self._is_person(who):
                        spans = (placed, _span(row))
                        yield from self._warn("near-placement", case, who, item, tie, where, *spans)

    def homes(self) -> Iterator[Alert]:
        """Yield alerts about suspects who live where a child lives."""
        for case, child in self.child_of.items():
            for home, own in self._at(child, _LIVES):
                label = self.all.entities[home].label if self._ours(own) else None
                for who, row in self._ties([home])[home]:
                    if row.kind in _LIVES and _is_current(row):
                        yield from self._warn(
                            "co-resident", case, who, None, row, label, _span(own)
                        )

        for relative in self._kin:
            for fact, begun, ended in relative.caring:
                yield from self._carer(relative, fact, (begun, ended))

    def _carer(self, kin: members.Kin, fact: UUID, caring: Span) -> Iterator[Alert]:
        """Yield an alert if the carer of a child is a suspect. A worker recorded that this person
        cares for the child, so the two live together.
        """
        who = self.all.lead(kin.person)
        since = self._first_moment(who, [caring])
        if since is None or who == self.child_of[kin.case]:
            return
        yield Alert(
            id=alert_stream(kin.case, "co-resident", kin.person, fact),
            kind="co-resident",
            case=kin.case,
            child=self.child_of[kin.case],
            subject=who,
            subject_label=self.all.entities[who].label,
            known_to_child=True,
            since=since,
        )

    @cached_property
    def _kin(self) -> list[members.Kin]:
        """Return the members of the children's families in these cases, with the roles that workers
        recorded for them.
        """
        relatives = members.families(self.db, cases=self.cases)
        self.all.meet({self.all.lead(relative.person) for relative in relatives})
        return relatives

    def _ours(self, row: LinkRow) -> bool:
        """Return whether the reader may know this link: a team of the reader recorded the link, or
        the reader sees the link.
        """
        return row.link in self.seen or row.team in self.reader.teams

    def _at(self, item: UUID, kinds: frozenset[LinkKind]) -> Iterator[tuple[UUID, LinkRow]]:
        for other, row in self.tied[item]:
            if row.kind in kinds and _is_current(row):
                yield other, row

    def _is_person(self, item: UUID) -> bool:
        return self.all.entities[item].kind == "person"

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
        """Yield an alert if there was a moment at which all facts behind the alert were recorded
        and the person `who` was a suspect.
        """
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
            known_to_child=any(item == who for item, _ in self.tied[child]),
            links=(row.link,),
            since=since,
        )

    def _first_moment(self, who: UUID, spans: list[Span]) -> datetime | None:
        members = self.all.members([who])
        if missing := set(members) - self._suspected.keys():
            spans_by_person = people.suspected(self.db, self.knowing, missing)
            self._suspected |= {item: spans_by_person.get(item, ([], [])) for item in missing}
        offending = [span for member in members for span in self._suspected[member][0]]
        cleared = [span for member in members for span in self._suspected[member][1]]
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
        """Yield alerts about arrests of a child with a case, and of a member of that child's
        family."""
        children_of: dict[UUID, set[UUID]] = defaultdict(set)
        for child, related in self.tied.items():
            for kin in (item for item, row in related if row.kind == "family"):
                children_of[kin].add(child)
        for relative in self._kin:
            children_of[self.all.lead(relative.person)].add(self.child_of[relative.case])
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
            known_to_child=True,
            since=arrest.recorded,
        )

    def contacts(self) -> Iterator[Alert]:
        """Yield an alert for each contact with a family through a channel (such as a phone) that a
        person who may harm the child also uses, whether that was known at the time or became known
        later.
        """
        used = self._used
        channels = {made.channel for made in used if made.channel and not made.unsafe}
        now = {
            channel
            for channel in channels
            if safe_contact.check(self.db, self.reader, channel).verdict == "unsafe"
        }
        for made in used:
            if not made.unsafe and made.channel not in now:
                continue
            yield Alert(
                id=alert_stream(made.case, "unsafe-contact", made.contact),
                kind="unsafe-contact",
                case=made.case,
                child=self.child_of[made.case],
                subject_label=READ_BY,
                via=made.channel,
                since=made.recorded,
            )

    @cached_property
    def _used(self) -> list[protection.WayRow]:
        return protection.ways_used(self.db, self.cases)

    def hearers(self) -> Iterator[Alert]:
        """Yield an alert for each family member who was given information about the child and who
        was a suspect at that time or has become one since.
        """
        of_case: dict[UUID, list[members.Kin]] = defaultdict(list)
        for relative in self._kin:
            if self._in_families.intersection(self.all.members([self.all.lead(relative.person)])):
                of_case[relative.case].append(relative)
        marked = {made.contact for made in self._used if made.unsafe}
        rows = [
            row
            for row in family_contact.list_news_in_cases(self.db, of_case)
            if row.id not in marked
        ]
        for case, kin in of_case.items():
            for relative in kin:
                who = self.all.lead(relative.person)
                heard = (
                    row
                    for row in rows
                    if row.case == case and self._hears(row, who) and row.whom != "child"
                )
                moments = (self._first_moment(who, [(row.recorded, None)]) for row in heard)
                if since := min((at for at in moments if at), default=None):
                    yield self._heard(case, relative.person, since)

    def _hears(self, row: family_contact.ToldRow, who: UUID) -> bool:
        """Return whether the person `who` received the information in this row: the row names this
        person, or it says that both parents or the whole family were informed.
        """
        return self.all.lead(row.carer) == who if row.carer else row.whom in ("parents", "family")

    def _heard(self, case: UUID, who: UUID, since: datetime) -> Alert:
        return Alert(
            id=alert_stream(case, "unsafe-contact", who),
            kind="unsafe-contact",
            case=case,
            child=self.child_of[case],
            subject_label=READ_BY,
            since=since,
        )

    def dangers(self) -> Iterator[Alert]:
        """Yield alerts about families that are in danger now. Each says which help the family
        needs, without names and reasons.
        """
        for row in self._endangered:
            if row.case not in self.cases:
                continue
            yield Alert(
                id=alert_stream(row.case, "danger-now", row.flag),
                kind="danger-now",
                case=row.case,
                child=self.child_of[row.case],
                subject_label=f"needed: {', '.join(row.needs).replace('-', ' ')}",
                since=row.recorded,
            )

    def after_sentences(self) -> Iterator[Alert]:
        """Yield alerts about contacts of a convicted or sentenced person with the child."""
        rows = [row for row in self._contacted if row.case in self.cases]
        self.all.meet({self.all.lead(row.person) for row in rows})
        for row in rows:
            who, child = self.all.lead(row.person), self.child_of[row.case]
            yield Alert(
                id=row.alert,
                kind="contact-after-sentence",
                case=row.case,
                child=child,
                subject=who,
                subject_label=self.all.entities[who].label,
                known_to_child=any(item == who for item, _ in self.tied[child]),
                links=(row.link,),
                since=row.since,
            )

    def former_ids(self, alerts: Iterable[Alert]) -> dict[UUID, UUID]:
        """Return former ids of these alerts, each with the present id. The id of an alert changes
        when its suspect is judged the same as another person; an answer that was recorded under a
        former id is still valid.
        """
        return {
            alert_stream(alert.case, alert.kind, member, link): alert.id
            for alert in alerts
            for link in alert.links
            if alert.subject
            for member in self.all.members([alert.subject])
        }


def _span(row: LinkRow) -> Span:
    return row.known_from, row.known_to


def _is_current(row: LinkRow) -> bool:
    """Return whether no end is recorded for the link, so that it is still true."""
    return row.valid_to is None

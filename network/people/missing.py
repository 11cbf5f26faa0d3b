"""Missing children, each with one sheet of all facts that may help to find the child; and patterns
among missing children, for a person to review.

The sheet shows links that a person recorded and that the reader may see: links of the child, of
vehicles in which the child was seen, and of suspects linked with the child or such a vehicle. Other
children are left out. The file is long because everything that may help to find a child is on one
sheet.
"""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from msgspec import Struct, structs
from msgspec.structs import replace

from access.who_may import scope
from domain import forms
from domain.families.missing import (
    ALERT_WITHIN,
    FIGURE_WITHIN,
    PatternKind,
    nights,
    nights_by_chance,
)
from domain.forms.local import format_day
from domain.kernel.codes import MissingRisk, in_words
from domain.kernel.values import (
    CLEARED_CATEGORIES,
    NOT_KNOWN,
    EntityKind,
    LinkKind,
    PoleCategory,
    Reader,
)
from network.query.child_protection import is_protected
from network.query.graph_builder import Gathering
from network.query.layers import is_offender
from projections import missing
from projections.families import cases, compartments
from projections.intelligence import people
from projections.intelligence.links import LinkFilter, LinkRow
from projections.intelligence.people import Entity
from projections.justice import outcomes
from projections.justice.outcomes import OutcomeRow
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.missing.rows import EpisodeRow, PatternRow, PlanRow

#: Name of a child whose name the reader may not see.
A_CHILD = "a child"
PATTERNS: dict[PatternKind, str] = {
    "repeat": f"missing three times within {ALERT_WITHIN.days} days",
    "same-nights": "away on the same nights",
    "same-place": "found in one place",
}
RANKS: tuple[MissingRisk, ...] = ("high", "medium", "low", "absent")
_ANY = LinkFilter(min_rank=None)
#: A pattern of a word of letters, digits and hyphens. A plate consists of one or a few such words.
_WORD = re.compile(r"[\w-]+")
_PLATE_WORDS = 3
#: Words for police and court actions whose codes cannot be shown as they are.
_DONE = {"arrest": "arrested", "charge": "charged", "notice": "warning notice served"}
#: A person with one of these links to a vehicle may be with a child who was seen in it.
AT_THE_WHEEL: frozenset[LinkKind] = frozenset({"driver-of", "uses", "owns"})


#: Link kind of a vehicle that is only named in the text of the missing report.
IN_REPORT: Literal["named-in-the-report"] = "named-in-the-report"


class MissingLink(Struct, frozen=True):
    """An item that may help to find a missing child, and its link: the child's own link, a vehicle
    in the missing report, or a link of a vehicle or suspect that is linked with the child (`via` is
    then the name of that vehicle or suspect). `status` has a suspect's categories, and what the
    police or a court did about the suspect.
    """

    id: UUID
    kind: EntityKind
    label: str
    how: LinkKind | Literal["named-in-the-report"]
    grade: str | None
    suspect: bool
    via: str | None = None
    status: str | None = None

    @property
    def said(self) -> str:
        """Return in a few words the item to which the link leads: its label, how it is linked, the
        grade of the link, and a suspect's status.
        """
        grade = self.grade or "ungraded"
        status = f": {self.status}" if self.status else ""
        return f"{self.label}{self._through} ({grade}){status}"

    @property
    def _through(self) -> str:
        """Return in words the connection between this item and the child: for a person, how the
        person is linked with the vehicle of the child; for a thing, who owns it. Return "" if the
        item is linked to the child directly.
        """
        if self.via is None:
            return ""
        if self.kind == "person":
            return f", {in_words(self.how)} {self.via}"
        return f", {self.via}'s"


class TriggerPlan(Struct, frozen=True):
    """The plan for when this child goes missing, its author, and its review date."""

    call: str
    usual: str | None
    tell: str | None
    by: str
    written: datetime
    review: date
    late: bool


class Missing(Struct, frozen=True):
    """A missing child: since when the child is missing, the degree of danger, the last sighting,
    people who may be with the child, the links that may help, and the plan. `nights` is for how
    many nights the child has been missing.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("number", "no."),
        Column("name", "child"),
        Column("danger", "danger"),
        Column("since", "since", "moment"),
        Column("nights", "nights"),
        Column("last_seen", "last seen"),
        Column("plates", "plates"),
        Column("addresses", "addresses"),
        Column("suspects", "suspects"),
        Column("case", "id", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("rank", "since", "case")
    case: UUID
    number: int
    child: UUID
    name: str
    names: tuple[str, ...]
    born: date | None
    team: str
    risk: MissingRisk | None
    since: datetime
    nights: int
    reported: datetime
    by: str
    ref: str
    carer_reported: bool | None
    seen: datetime | None
    seen_where: str | None
    seen_with: str | None
    note: str | None
    before: int
    found_before: tuple[str, ...]
    ties: tuple[MissingLink, ...]
    placed: tuple[str, ...]
    plan: TriggerPlan | None

    @property
    def rank(self) -> int:
        """Return the rank of the child's risk. A child whose risk was not rated comes before those
        with a low risk."""
        return RANKS.index(self.risk) if self.risk else 1

    @property
    def danger(self) -> str:
        """Return the degree of danger to the child, in words."""
        return self.risk or "not graded"

    @property
    def last_seen(self) -> str | None:
        """Return, in words, where and with whom the child was last seen."""
        words = [self.seen_where, f"with {self.seen_with}" if self.seen_with else None]
        return ", ".join(word for word in words if word) or None

    def of(self, kind: Literal["vehicle", "place", "phone", "handle"]) -> list[MissingLink]:
        """Return the links to items of this kind."""
        return [tie for tie in self.ties if tie.kind == kind]

    @property
    def people(self) -> list[MissingLink]:
        """Return the links of the missing child to people, suspects first."""
        return [tie for tie in self.ties if tie.kind == "person"]

    @property
    def plates(self) -> str | None:
        """Return the number plates of the vehicles linked to the child, in one line."""
        return _several(self.of("vehicle"))

    @property
    def addresses(self) -> str | None:
        """Return the places linked to the child, in one line. The child's placement is included
        only for readers admitted to the compartment of placements.
        """
        places = [_several(self.of("place")), *self.placed]
        return "; ".join(place for place in places if place) or None

    @property
    def suspects(self) -> str | None:
        """Return the suspects linked to the child, in one line."""
        return _several([person for person in self.people if person.suspect])


def _several(ties: Collection[MissingLink]) -> str | None:
    return "; ".join(tie.said for tie in ties) or None


def now(db: Db, reader: Reader, at: datetime) -> list[Missing]:
    """Return the missing children whom the reader may see, each child once. Children in the
    greatest danger come first and, among these, children who have been missing longest.
    """
    rows = missing.now(db, reader)
    if not rows:
        return []
    named = {row.case: find_vehicles(db, reader, row) for row in rows}
    children, vehicles = (
        [row.child for row in rows],
        {item for vehicle_ids in named.values() for item in vehicle_ids},
    )
    gathered = gather(db, reader, children, vehicles)
    status = statuses_of(db, reader, gathered)
    rows = once(gathered.lead, rows)
    plans = missing.plans(db, reader, [row.case for row in rows])
    missing_children = []
    for row in rows:
        case, child = cases.get(db, reader, row.case), gathered.entities[gathered.lead(row.child)]
        if case is None:
            continue
        before = [episode for episode in missing.of_case(db, reader, row.case) if episode.until]
        plan = plans.get(row.case)
        there = [episode.found_where for episode in before if episode.found_where]
        missing_children.append(
            Missing(
                case=row.case,
                number=case.number,
                child=row.child,
                name=name_of(child),
                names=child.names,
                born=child.born,
                team=row.team,
                risk=row.risk,
                since=row.since,
                nights=nights(row.since, at),
                reported=row.reported,
                by=row.by,
                ref=row.ref,
                carer_reported=row.carer_reported,
                seen=row.seen,
                seen_where=row.seen_where,
                seen_with=row.seen_with,
                note=row.note,
                before=len(before),
                found_before=tuple(dict.fromkeys(reversed(there))),
                ties=ties_of(gathered, gathered.lead(row.child), status, named[row.case]),
                placed=tuple(
                    placement.address
                    for placement in compartments.placements(db, reader, row.case)
                    if placement.stands and placement.address
                ),
                plan=_plan(plan, at) if plan else None,
            )
        )
    return sorted(missing_children, key=lambda one: (one.rank, one.since, one.case))


def once(lead: Callable[[UUID], UUID], rows: Collection[EpisodeRow]) -> list[EpisodeRow]:
    """Return one missing episode for each child. If two records were judged to be the same child
    after both were reported missing, return the first episode, with the higher risk of the two.
    """
    found_rows: dict[UUID, EpisodeRow] = {}
    for row in rows:
        first = found_rows.setdefault(lead(row.child), row)
        if row.risk and (first.risk is None or RANKS.index(row.risk) < RANKS.index(first.risk)):
            found_rows[lead(row.child)] = structs.replace(first, risk=row.risk)
    return list(found_rows.values())


def _plan(row: PlanRow, at: datetime) -> TriggerPlan:
    late = row.review < at.date()
    return TriggerPlan(row.call, row.usual, row.tell, row.by, row.written, row.review, late)


def name_of(child: Entity) -> str:
    return A_CHILD if child.label == NOT_KNOWN else child.label


def find_vehicles(db: Db, reader: Reader, row: EpisodeRow) -> tuple[UUID, ...]:
    """Return the recorded vehicles whose complete number plates occur in the text of a missing
    report. Only vehicles that the reader sees are returned.
    """
    vehicles: dict[UUID, None] = {}
    for text in filter(None, (row.note, row.seen_where, row.seen_with, row.unreported_words)):
        words = _WORD.findall(text)
        for start in range(len(words)):
            for end in range(start + 1, min(start + _PLATE_WORDS, len(words)) + 1):
                plate = forms.plate(" ".join(words[start:end]))
                if plate:
                    vehicles |= dict.fromkeys(
                        people.find_things(db, reader, "vehicle", plate.normal)
                    )
    return tuple(vehicles)


def gather(
    db: Db, reader: Reader, children: Collection[UUID], named: Collection[UUID] = ()
) -> Gathering:
    """Return the links of these children, of vehicles linked to them or named in their missing
    reports, and of suspects linked to the children or vehicles."""
    link_filter = replace(_ANY, restricted=scope.protects(reader))
    gathering = Gathering(db, reader, link_filter, "all")
    leads = {gathering.lead(child) for child in children}
    gathering.meet(leads)
    met = gathering.around(leads)
    vehicles = {item for item in met if gathering.entities[item].kind == "vehicle"}
    reported = {gathering.lead(item) for item in named}
    gathering.meet(reported)
    vehicles |= {item for item in reported if item in gathering.entities}
    met |= gathering.around(vehicles, leads | vehicles)
    suspects = {item for item in met if _suspected(gathering.entities[item])}
    suspects |= _find_reopened(db, reader, gathering).keys() & met
    gathering.around(suspects, leads | vehicles | suspects)
    return gathering


def _suspected(entity: Entity) -> bool:
    return is_offender(entity) and not entity.cleared and not is_protected(entity)


def _find_reopened(db: Db, reader: Reader, gathered: Gathering) -> dict[UUID, OutcomeRow]:
    """Return the people with a reopened decision of no further action, except people who have been
    cleared since.
    """
    free = {
        item
        for item, entity in gathered.entities.items()
        if entity.kind == "person" and not is_protected(entity)
    }
    rows = outcomes.of_people(db, reader, gathered.members(free))
    return {
        item: row
        for item, row in outcomes.find_reopened(rows, gathered.lead).items()
        if row.reopened and not _cleared_since(db, reader, gathered.members([item]), row.reopened)
    }


def _cleared_since(db: Db, reader: Reader, same: Collection[UUID], since: datetime) -> bool:
    spans = [span for _, cleared in people.suspected(db, reader, same).values() for span in cleared]
    return any(begun > since and ended is None for begun, ended in spans)


def statuses_of(db: Db, reader: Reader, gathered: Gathering) -> dict[UUID, str]:
    """Return for each suspect the suspect's categories and what the police or a court did about the
    suspect, oldest first, by what the reader may see. This helps to order a search: a suspect who
    is in prison, for example, is less likely to be with the child.
    """
    suspects = {item for item, entity in gathered.entities.items() if _suspected(entity)}
    suspects |= _find_reopened(db, reader, gathered).keys()
    words_by_suspect = {suspect: _recorded_as(gathered.entities[suspect]) for suspect in suspects}
    for row in outcomes.of_people(db, reader, gathered.members(suspects)):
        if (
            row.person
            and (suspect_words := words_by_suspect.get(gathered.lead(row.person))) is not None
        ):
            suspect_words.append(_followed(row))
    return {
        item: ", ".join(dict.fromkeys(words)) for item, words in words_by_suspect.items() if words
    }


def _recorded_as(suspect: Entity) -> list[str]:
    """Return the strongest of a person's categories, and whether they were cleared; an empty list
    if they have none.
    """
    order: tuple[PoleCategory, ...] = ("convicted", "suspect", "person-of-interest")
    strongest = [category for category in order if category in suspect.categories][:1]
    cleared = sorted(CLEARED_CATEGORIES & suspect.categories)
    return [in_words(category_code) for category_code in (*strongest, *cleared)]


def _followed(row: OutcomeRow) -> str:
    """Return a police or court action, its date, and the length of a sentence, in words."""
    words = (
        f"{_DONE.get(row.what) or in_words(row.what)} {format_day(row.happened or row.known_from)}"
    )
    if row.again:
        return f"{words}, {row.again}"
    if row.what != "sentenced":
        return words
    months = "length not known" if row.months is None else f"{row.months} months"
    return f"{words} ({months}{', suspended' if row.suspended else ''})"


def ties_of(
    gathered: Gathering, child: UUID, status: Mapping[UUID, str], named: Collection[UUID] = ()
) -> tuple[MissingLink, ...]:
    """Return the links that may lead to a missing child: the child's own links and the vehicles in
    the missing report; people who drive, use or own these vehicles, or are linked to them as
    suspects; and the links of the suspects, except to people. Each item occurs once, with its best
    grade."""
    own = linked_ends(gathered, child, status)
    links: dict[UUID, MissingLink] = {}
    for second_item, row in own:
        _add_best(links, _tie(gathered.entities[second_item], row, None, status))
    for first_item in map(gathered.lead, named):
        if first_item in gathered.entities and first_item not in links:
            label = gathered.entities[first_item].label
            links[first_item] = MissingLink(
                first_item, "vehicle", label, IN_REPORT, None, suspect=False
            )
    for vehicle in [item for item in links if links[item].kind == "vehicle"]:
        for second_item, row in linked_ends(gathered, vehicle, status):
            entity = gathered.entities[second_item]
            drives = row.kind in AT_THE_WHEEL and second_item != child
            if entity.kind == "person" and (drives or second_item in status):
                _add_best(links, _tie(entity, row, links[vehicle].label, status))
    for who in [item for item in links if item in status]:
        for second_item, row in linked_ends(gathered, who, status):
            entity = gathered.entities[second_item]
            if entity.kind != "person" and second_item not in {item for item, _ in own}:
                _add_best(links, _tie(entity, row, gathered.entities[who].label, status))
    kinds: list[EntityKind] = ["person", "vehicle", "place", "phone", "handle"]
    order = sorted(links.values(), key=lambda link: (kinds.index(link.kind), not link.suspect))
    return tuple(order)


def linked_ends(
    gathered: Gathering, item: UUID, status: Mapping[UUID, str]
) -> list[tuple[UUID, LinkRow]]:
    """Return the items at the other ends of an item's links, each with the link.

    Protected people are left out, and so are cleared people who are not in `status`.
    """
    ends = [(b if a == item else a, row) for a, b, row in gathered.edges() if item in (a, b)]
    return [
        (other, row)
        for other, row in ends
        if not is_protected(gathered.entities[other])
        and (other in status or not gathered.entities[other].cleared)
    ]


def _tie(entity: Entity, row: LinkRow, via: str | None, status: Mapping[UUID, str]) -> MissingLink:
    how = (row.kind, row.grade, entity.id in status, via, status.get(entity.id))
    return MissingLink(entity.id, entity.kind, entity.label, *how)


def _add_best(links: dict[UUID, MissingLink], tie: MissingLink) -> None:
    """Add the link `tie` to `links`. If `links` already has a link to the same item, replace it
    only if `tie` has a better grade.
    """
    link = links.get(tie.id)
    if link is None or worth(tie.grade) < worth(link.grade):
        links[tie.id] = tie


def worth(grade: str | None) -> str:
    """Return a sort key for a grade: its letter, then its digit; links without a grade come
    last.
    """
    return grade[::-1] if grade else "~"


class FoundPattern(Struct, frozen=True):
    """A pattern among missing children that the program found, and its review. `rests` lists for
    each child the missing episodes on which the pattern is based.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("id", "id", "id"),
        Column("says", "pattern"),
        Column("whom", "children"),
        Column("nights", "nights"),
        Column("chance", "expected by chance"),
        Column("place", "place"),
        Column("since", "since", "moment"),
        Column("state", "judgement"),
    )
    order: ClassVar[tuple[str, ...]] = ("-since", "id")
    id: UUID
    kind: PatternKind
    case: UUID
    other: UUID | None
    names: tuple[str, ...]
    times: int
    nights: int
    place: str | None
    since: datetime
    state: str
    by: str | None
    reason: str | None
    chance: float | None = None

    @property
    def says(self) -> str:
        """Return the pattern of missing episodes in words, for the person who reviews it."""
        return PATTERNS[self.kind]

    @property
    def whom(self) -> str:
        """Return the names of the children whom the pattern is about."""
        return " and ".join(self.names)


def patterns(db: Db, reader: Reader, *, include_all: bool = False) -> list[FoundPattern]:
    """Return the patterns that wait for a review, newest first; with `include_all` also those
    already reviewed. Two records judged to be one child do not form a pattern.
    """
    rows = missing.patterns(db, reader, include_all=include_all)
    named = {item for row in rows for item in (row.child, row.other_child) if item}
    leaders = people.leaders(db, reader, named)
    entities = people.entities(db, reader, named)

    def name(item: UUID) -> str:
        return entities[item].label if item in entities else A_CHILD

    pairs = [row.since for row in rows if row.kind == "same-nights"]
    times = missing.times(db, reader, min(pairs) - FIGURE_WITHIN) if pairs else {}

    def away(child: UUID, at: datetime) -> int:
        """Return how many nights the child was missing, in the episodes that began in the twelve
        months before `at` or later.
        """
        own = times.get(child, ())
        return sum(row.nights for row in own if row.since > at - FIGURE_WITHIN)

    def chance(row: PatternRow) -> float | None:
        """Return the number of nights on which two children would both be missing if only chance
        decided; None for a pattern of another kind.
        """
        if row.kind != "same-nights" or row.other_child is None:
            return None
        mine, others = away(row.child, row.since), away(row.other_child, row.since)
        return round(nights_by_chance(mine, others), 2)

    def kept(row: PatternRow) -> bool:
        return row.other_child is None or leaders[row.child] != leaders[row.other_child]

    return [
        FoundPattern(
            row.id,
            row.kind,
            row.case,
            row.other,
            tuple(name(item) for item in (row.child, row.other_child) if item),
            len(row.episodes),
            row.nights,
            row.place,
            row.since,
            row.state,
            row.by,
            row.reason,
            chance(row),
        )
        for row in rows
        if kept(row)
    ]


class ReturnedChild(Struct, frozen=True):
    """A child who returned and still has to be interviewed, or whose wish not to pass information
    on still needs a supervisor's decision.
    """

    case: UUID
    number: int
    name: str
    episode: EpisodeRow


def back(db: Db, reader: Reader) -> list[ReturnedChild]:
    """Return the children who returned and for whom an interview or a decision is due, the earliest
    return first.
    """
    rows = missing.back(db, reader)
    children = [row.child for row in rows]
    entities = people.entities(db, reader, children, restricted=scope.protects(reader))
    returned_children = []
    for row in rows:
        if case := cases.get(db, reader, row.case):
            name = entities[row.child].label if row.child in entities else A_CHILD
            returned_children.append(ReturnedChild(row.case, case.number, name, row))
    return returned_children

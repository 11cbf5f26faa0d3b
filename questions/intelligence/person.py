"""A person or thing under all ids that were judged the same: the facts that every interface shows
(`read_person`), and further facts for the person's own page (`read_context`)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from access.who_may import telling
from access.who_may.decide import decide
from access.who_may.table import OPENS_CASES
from commands.families import child, identifier
from commands.families.child import ChildFacts
from commands.families.identifier import ShownIdentifier
from commands.kernel import display_names
from commands.kernel.unit_of_work import Desk
from domain.intelligence.intelligence_report import ItemSanitised
from domain.kernel.values import OFFENDER_CATEGORIES, PoleCategory, Reader
from projections import search
from projections.composed import odd
from projections.families import cases, profiles
from projections.families.cases import Case
from projections.families.profiles import EthnicityRow, NationalityRow
from projections.information import mentions, queue
from projections.information.queue import QueueRow
from projections.intelligence import links, people
from projections.intelligence.links import LinkFilter, LinkRow
from projections.intelligence.people import Entity, JudgementRow
from projections.justice import court, outcomes
from projections.justice.court import BailRow
from projections.justice.outcomes import OutcomeRow
from projections.kernel import trail
from projections.kernel.database import Db
from questions.justice import status
from questions.justice.status import Status
from questions.kernel.item import Step, at_the_ends, steps

#: A moment after all other moments, for a query without a limit in time.
EVER = datetime.max.replace(tzinfo=UTC)
#: Number of links that are shown as reasons for suspicion.
BEST = 3
#: Number of steps of a link's trail that a person's page shows; the page of the trail shows all.
STEPS = 4


class Person(Struct, frozen=True):
    """A person or thing as the reader sees them. The leading id has the record that is shown;
    `same` are the other ids, `known` the records of those ids that the reader sees. Links,
    outcomes, statements of the person's age, and statuses are included. With `known_at`, facts
    recorded after that moment are left out, but ids are merged by the judgements of today.
    """

    who: UUID
    person: Entity
    same: tuple[UUID, ...]
    known: Mapping[UUID, Entity]
    links: tuple[LinkRow, ...]
    followed: tuple[OutcomeRow, ...]
    told_of: ChildFacts
    status: tuple[Status, ...] = ()
    known_at: datetime | None = None

    @property
    def members(self) -> tuple[UUID, ...]:
        """Return all ids of the person or thing, the leading id first."""
        return (self.who, *self.same)

    @property
    def others(self) -> list[str]:
        """Return the other names of the person or thing."""
        names = (name for entity in self.known.values() for name in entity.names)
        return [name for name in names if name != self.person.label]


class FirstStep(Struct, frozen=True):
    """A step in the history that led to a link. `said` is the name of the step's item; it is empty
    if the item is restricted, or if an earlier step of the same link has already given the name.
    `ids` are the id of the step's item and the ids of all items that its name mentions.
    """

    step: trail.TrailStep
    said: str
    ids: tuple[UUID, ...]


class PersonContext(Struct, frozen=True):
    """Further facts on a person's page, in addition to `Person`.

    `why` are the links of a suspect or a thing that have the best grades, each with the id of the
    item at its other end. For each of these links, `came_from` has the first steps that led to it,
    and `sanitised` its sanitised text. `bails` are present and past bail. `numbers` are a child's
    identification numbers, hidden except for the last digits unless the reader opened them. `names`
    are the entities at the ends of links and judgements.
    """

    categories: list[PoleCategory]
    case: Case | None
    ethnicity: list[EthnicityRow]
    nationality: list[NationalityRow]
    numbers: list[ShownIdentifier]
    odd: Mapping[UUID, Sequence[str]]
    named_in: list[QueueRow]
    judged: list[JudgementRow]
    names: Mapping[UUID, Entity]
    why: list[tuple[LinkRow, UUID]]
    came_from: Mapping[UUID, Sequence[FirstStep]]
    sanitised: Mapping[UUID, str]
    bails: list[BailRow]
    steps: tuple[Step, ...]


def read_person(
    desk: Desk,
    db: Db,
    reader: Reader,
    who: UUID,
    now: datetime,
    *,
    known_at: datetime | None = None,
) -> Person | None:
    """Return the facts of a person that every interface shows, now or at an earlier moment; None if
    the reader may not see the person, or if no fact about the person was recorded by that moment.
    """
    leader, *same = members = people.all_merged_ids(db, reader, who)
    entities = people.entities(db, reader, members, as_known=known_at, as_at=known_at or now)
    if leader not in entities:
        return None
    followed = tuple(_as_known(outcomes.of_people(db, reader, members), known_at))
    case = _case(db, reader, members)
    return Person(
        leader,
        entities[leader],
        tuple(same),
        entities,
        tuple(links.list_links(db, reader, members, LinkFilter(min_rank=None, as_known=known_at))),
        followed,
        child.visible_facts(desk, db, reader, leader, until=known_at),
        status.of_person(
            desk,
            db,
            reader,
            members,
            followed,
            case=case.case if case else None,
            now=now,
            known_at=known_at,
        ),
        known_at,
    )


def _as_known(rows: Collection[OutcomeRow], known_at: datetime | None) -> Iterator[OutcomeRow]:
    """Yield the outcomes as the record had them at a moment: without outcomes recorded later, and
    without a reopening that came later. If the moment is None, yield all outcomes unchanged.
    """
    for row in rows:
        if known_at is None:
            yield row
        elif row.known_from <= known_at:
            later = row.reopened is not None and row.reopened > known_at
            yield replace(row, reopened=None, lacked=None) if later else row


def read_context(
    desk: Desk, db: Db, reader: Reader, person: Person, now: datetime
) -> PersonContext:
    """Return the further facts on a person's page."""
    members, at = person.members, person.known_at or EVER
    judged = [
        row
        for row in people.judgements(db, reader)
        if (row.a in members or row.b in members) and row.known_from <= at
    ]
    names = at_the_ends(db, reader, person.links, [end for row in judged for end in (row.a, row.b)])
    why = _why(person, names)
    log = desk.logs["evidence"]
    history = sorted(
        (fact for member in members for fact in log.history(member) if fact.recorded <= at),
        key=lambda fact: fact.seq,
    )
    ethnicity = [row for member in members for row in profiles.ethnicity(db, reader, member)]
    nationality = [row for member in members for row in profiles.nationality(db, reader, member)]
    naming = queue.of(db, reader, mentions.naming(db, reader, members))
    return PersonContext(
        sorted({category for facts in person.known.values() for category in facts.categories}),
        _case(db, reader, members),
        [row for row in ethnicity if row.recorded <= at],
        [row for row in nationality if row.recorded <= at],
        identifier.visible_numbers(desk, db, reader, person.who, now),
        odd.describe_inconsistencies(db, reader, [row.item for row in person.followed]),
        [row for row in naming if row.recorded <= at],
        judged,
        names,
        why,
        _came_from(db, reader, [tie for tie, _ in why], at),
        sanitised_texts(desk, db, reader, [tie for tie, _ in why], at),
        [row for row in court.bails_of(db, reader, members) if row.recorded <= at],
        steps(telling.readable_facts(db, reader, history)),
    )


def order_by_evidence(ties: Collection[LinkRow]) -> list[LinkRow]:
    """Return links by the strength of their evidence: links with exhibits first, then links with
    the best grade, then the oldest links.
    """
    return sorted(
        ties, key=lambda tie: (not tie.exhibited, tie.rank is None, tie.rank or 0, tie.known_from)
    )


def _why(person: Person, names: Mapping[UUID, Entity]) -> list[tuple[LinkRow, UUID]]:
    """Return the valid links of a suspect or a thing that have the best grades, each with the id of
    the person or thing at its other end, if the reader sees both. Return [] for a person who is not
    a suspect.
    """
    if person.person.kind == "person" and not person.person.categories & OFFENDER_CATEGORIES:
        return []
    ends = [(tie, tie.b if tie.a in person.members else tie.a) for tie in surest(person.links)]
    return [(tie, item) for tie, item in ends if item in names][:BEST]


def surest(ties: Collection[LinkRow]) -> list[LinkRow]:
    """Return those of the links `ties` that are graded and still valid, ordered by the strength of
    their evidence."""
    least = LinkFilter().min_rank
    return [
        tie
        for tie in order_by_evidence(ties)
        if tie.passes(least) and not tie.undermined and not tie.known_to
    ]


def sanitised_texts(
    desk: Desk, db: Db, reader: Reader, ties: Collection[LinkRow], at: datetime
) -> dict[UUID, str]:
    """Return, for each link that is based on an item of a report, the sanitised text of the item as
    it was at a moment. Links whose report the reader does not see are left out.
    """
    reports = {tie.report for tie in ties if tie.report}
    readable = search.sanitised(db, reader, reports).keys() - links.restricted(db, reports)
    text_by_link: dict[UUID, str] = {}
    for tie in ties:
        if tie.report in readable:
            for fact in desk.logs["evidence"].history(tie.report):
                text = fact.event
                if (
                    isinstance(text, ItemSanitised)
                    and text.item == (tie.item or text.item)
                    and fact.recorded <= at
                    and not fact.erased
                ):
                    text_by_link[tie.link] = text.text
    return text_by_link


def _came_from(
    db: Db, reader: Reader, ties: Collection[LinkRow], at: datetime
) -> dict[UUID, list[FirstStep]]:
    """Return, for each link, the first steps of the history that led to it, up to the moment `at`.
    The steps are those on the link's page "trail". If the item of a step is restricted, the item's
    name is left out.
    """
    led = {tie.link: trail.back(db, reader, tie.link).steps for tie in ties}
    came = {
        link: [
            trail_step
            for trail_step in led[link]
            if trail_step.id != link and trail_step.learned <= at
        ][:STEPS]
        for link in led
    }
    items = {trail_step.id for link_steps in came.values() for trail_step in link_steps}
    named = display_names.names(db, reader, items - links.restricted(db, items))
    steps_by_link: dict[UUID, list[FirstStep]] = {link: [] for link in came}
    for link, link_steps in came.items():
        shown_ids: set[UUID] = set()
        for step in link_steps:
            label, of, _ = (
                named[step.id] if step.id in named.keys() - shown_ids else display_names.Name("")
            )
            steps_by_link[link].append(FirstStep(step, label, (step.id, *of)))
            shown_ids.add(step.id)
    return steps_by_link


def _case(db: Db, reader: Reader, members: Sequence[UUID]) -> Case | None:
    """Return the case of a child, for readers who work with cases."""
    if reader.closed and not any(decide(reader, act).allowed for act in OPENS_CASES):
        return None
    found_items = [case for member in members if (case := cases.of_child(db, reader, member))]
    return cases.get(db, reader, found_items[0]) if found_items else None

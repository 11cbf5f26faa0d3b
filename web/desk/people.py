"""A person or thing: names, categories, ties, where they are named; and "same person?"."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from access.who_may import telling
from commands.families import child, identifier
from commands.kernel import called
from domain.kernel.values import ENTITY_KINDS, OFFENDER_CATEGORIES, Reader
from network.people import suggestions
from projections.composed import odd
from projections.families import cases, profiles
from projections.information import mentions, queue
from projections.intelligence import links, people
from projections.intelligence.links import LinkRow
from projections.justice import outcomes
from projections.kernel import trail
from projections.kernel.database import Db
from questions.item import at_the_ends, steps
from web.desk import following
from web.site import labels
from web.site.paging import paged
from web.site.rooms import opens
from web.site.visit import Looking, NotThere, Visit

router = APIRouter()
PAGE = 20
#: Pairs that are put in order; further ones follow when these are judged.
MOST = 1_000
#: Links that say why somebody is suspected.
BEST = 3
#: Steps that led to each of them, the first ones; the rest stands in the tie's trail.
STEPS = 4


@router.get("/people/{who}")
def person(visit: Looking, who: UUID) -> Response:
    """One person under all the ids that were judged the same."""
    kind = visit.kind_of(who, *ENTITY_KINDS)
    with visit.reading() as db:
        leader, *same = members = people.together(db, visit.reader, who)
        known = people.entities(db, visit.reader, members, as_at=visit.now)
        if leader not in known:
            raise NotThere("person")
        ties = links.shown(db, visit.reader, members, links.Asked(min_rank=None))
        ties.sort(
            key=lambda tie: (not tie.exhibited, tie.rank is None, tie.rank or 0, tie.known_from)
        )
        named_in = queue.of(db, visit.reader, mentions.naming(db, visit.reader, members))
        judged = [
            row
            for row in people.judgements(db, visit.reader)
            if row.a in members or row.b in members
        ]
        names = at_the_ends(
            db, visit.reader, ties, [end for row in judged for end in (row.a, row.b)]
        )
        case = _case(db, visit, members)
        ethnicity = [row for one in members for row in profiles.ethnicity(db, visit.reader, one)]
        nationality = [n for one in members for n in profiles.nationality(db, visit.reader, one)]
        numbers = identifier.shown(visit.desk, db, visit.reader, leader, visit.now)
        followed = outcomes.of_people(db, visit.reader, members)
        told_of = child.shown(visit.desk, db, visit.reader, leader)
        doubts = odd.said(db, visit.reader, [row.item for row in followed])
        log = visit.desk.logs["evidence"]
        history = sorted(
            (fact for one in members for fact in log.history(one)), key=lambda fact: fact.seq
        )
        told = telling.told(db, visit.reader, history)
        own = frozenset(members)
        why = _why(known[leader], ties, names, own)
        came_from = _came_from(db, visit.reader, [tie for tie, _ in why])
    return visit.page(
        "desk/person.html",
        who=leader,
        own_ids=own,
        why=why,
        came_from=came_from,
        kind=kind,
        person=known[leader],
        others=[n for one in known.values() for n in one.names if n != known[leader].label],
        categories=sorted({c for one in known.values() for c in one.categories}),
        members=same,
        known=known,
        case=case,
        ethnicity=ethnicity,
        nationality=nationality,
        numbers=numbers,
        followed=followed,
        told_of=told_of,
        odd=doubts,
        choices=following.CHOICES,
        links=ties,
        names=names,
        named_in=named_in[:50],
        causes={str(row.observation): row.words for row in named_in[:8]} | following.NO_CAUSE,
        judged=judged,
        steps=steps(told),
    )


def _why(
    person: people.Entity,
    ties: Sequence[LinkRow],
    names: Mapping[UUID, people.Entity],
    own: Collection[UUID],
) -> list[tuple[LinkRow, UUID]]:
    """Of somebody suspected, the best graded links that stand, with their other ends; the reader
    sees both."""
    if not person.categories & OFFENDER_CATEGORIES:
        return []
    standing = [tie for tie in ties if tie.passes(links.Asked().min_rank) and not tie.undermined]
    ends = [(tie, tie.b if tie.a in own else tie.a) for tie in standing if not tie.known_to]
    return [(tie, other) for tie, other in ends if other in names][:BEST]


@dataclass(frozen=True)
class Came:
    """A step that led to a tie; beside the first step of each item, what it is called; `ids` are
    all that this names."""

    step: trail.Step
    said: str
    ids: tuple[UUID, ...]


def _came_from(db: Db, reader: Reader, ties: Collection[LinkRow]) -> dict[UUID, list[Came]]:
    """The first steps that led to each of these ties, by the tie, as its trail has them: items that
    are restricted are not called by their words."""
    led = {tie.link: trail.back(db, reader, tie.link).steps for tie in ties}
    came = {link: [one for one in led[link] if one.id != link][:STEPS] for link in led}
    items = {one.id for some in came.values() for one in some}
    named = called.names(db, reader, items - links.restricted(db, items))
    found: dict[UUID, list[Came]] = {link: [] for link in came}
    for link, some in came.items():
        told: set[UUID] = set()
        for one in some:
            said, of, _ = named[one.id] if one.id in named.keys() - told else called.Name("")
            found[link].append(Came(one, said, (one.id, *of)))
            told.add(one.id)
    return found


def _case(db: Db, visit: Visit, members: list[UUID]) -> cases.Case | None:
    """The case of a child, where this person sees it."""
    if not opens(visit.reader, "/cases"):
        return None
    found = [case for one in members if (case := cases.of_child(db, visit.reader, one))]
    return cases.get(db, visit.reader, found[0]) if found else None


@router.get("/same")
def same(visit: Looking, page: int = 1) -> Response:
    """Pairs that may be one person, with the reasons; nothing is merged by a machine."""
    with visit.reading() as db:
        # one more than is turned over, to know whether more follow
        needed = min(max(page, 1) * PAGE + 1, MOST)
        found = suggestions.suggestions(db, visit.reader, limit=needed, what="same")
        some, turns = paged(found, page, PAGE)
        known = people.entities(
            db, visit.reader, [end for one in some for end in (one.a, one.b)], as_at=visit.now
        )
        left_out = suggestions.left_out(db, visit.reader)
    return visit.page(
        "desk/same.html",
        rows=some,
        known=known,
        total=len(found),
        more=len(found) == needed,
        left_out=left_out,
        how_likely=suggestions.how_likely,
        judgements=labels.JUDGEMENTS,
        **turns,
    )

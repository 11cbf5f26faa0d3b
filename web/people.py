"""A person or thing: names, categories, ties, where they are named; and "same person?"."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from access import telling
from commands import odd
from network import suggestions
from projections import cases, links, mentions, outcomes, people, profiles, queue
from projections.schema import Db
from web import following
from web.items import names_of, steps
from web.paging import paged
from web.rooms import opens
from web.visit import Looking, NotThere, Visit

router = APIRouter()
PAGE = 20
#: Pairs that are put in order; further ones follow when these are judged.
MOST = 1_000


@router.get("/people/{who}")
def person(visit: Looking, who: UUID) -> Response:
    """One person under all the ids that were judged the same."""
    kind = visit.kind_of(who, "person", "vehicle", "phone", "place", "handle")
    with visit.reading() as db:
        leader, *same = members = people.together(db, visit.reader, who)
        known = people.entities(db, visit.reader, members, as_at=visit.now)
        if leader not in known:
            raise NotThere("person")
        ties = links.shown(db, visit.reader, members, links.Asked(min_rank=None))
        ties.sort(key=lambda tie: (tie.rank is None, tie.rank or 0, tie.known_from))
        named_in = queue.of(db, visit.reader, mentions.naming(db, visit.reader, members))
        judged = [
            row
            for row in people.judgements(db, visit.reader)
            if row.a in members or row.b in members
        ]
        names = names_of(db, visit, ties, [end for row in judged for end in (row.a, row.b)])
        case = _case(db, visit, members)
        ethnicity = [row for one in members for row in profiles.ethnicity(db, visit.reader, one)]
        followed = outcomes.of_people(db, visit.reader, members)
        doubts = odd.said(db, visit.reader, [row.item for row in followed])
        log = visit.desk.logs["evidence"]
        history = sorted(
            (fact for one in members for fact in log.history(one)), key=lambda fact: fact.seq
        )
        told = telling.told(db, visit.reader, history)
    return visit.page(
        "person.html",
        who=leader,
        kind=kind,
        person=known[leader],
        others=[n for one in known.values() for n in one.names if n != known[leader].label],
        categories=sorted({c for one in known.values() for c in one.categories}),
        members=same,
        case=case,
        ethnicity=ethnicity,
        followed=followed,
        odd=doubts,
        choices=following.CHOICES,
        links=ties,
        names=names,
        named_in=named_in[:50],
        causes={str(row.observation): row.words for row in named_in[:8]} | following.NO_CAUSE,
        judged=judged,
        steps=steps(told, []),
    )


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
    return visit.page(
        "same.html",
        rows=some,
        known=known,
        total=len(found),
        more=len(found) == needed,
        **turns,
    )

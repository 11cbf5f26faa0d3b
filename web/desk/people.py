"""Screens of a person or thing: names, categories, links, mentions; and possible duplicates."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from domain.kernel.values import ENTITY_KINDS
from network.people import suggestions
from projections.intelligence import people
from questions.intelligence import person as whole
from web.desk import outcomes
from web.site import labels
from web.site.paging import paged
from web.site.request_context import Looking, NotThere

router = APIRouter()
PAGE = 20
#: Most pairs that are sorted; further ones follow when these are judged.
MOST = 1_000


@router.get("/people/{who}")
def person(visit: Looking, who: UUID) -> Response:
    """Show one person under all ids that were judged the same."""
    kind = visit.kind_of(who, *ENTITY_KINDS)
    with visit.reading() as db:
        found = whole.shown(visit.desk, db, visit.reader, who, visit.now)
        if found is None:
            raise NotThere("person")
        more = whole.beside(visit.desk, db, visit.reader, found, visit.now)
    ties = whole.by_worth(found.links)
    return visit.page(
        "desk/person.html",
        **(vars(found) | vars(more) | {"links": ties, "named_in": more.named_in[:50]}),
        kind=kind,
        own_ids=frozenset(found.members),
        others=found.others,
        members=found.same,
        choices=outcomes.CHOICES,
        causes={str(row.observation): row.words for row in more.named_in[:8]} | outcomes.NO_CAUSE,
    )


@router.get("/same")
def same(visit: Looking, page: int = 1) -> Response:
    """Show pairs that may be one person, with the reasons; the program merges none."""
    with visit.reading() as db:
        # One more than is shown, to know whether more follow.
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

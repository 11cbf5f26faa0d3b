"""What items are called where a list names several: by name, by their words, by their ends."""

from collections.abc import Collection
from uuid import UUID

from projections import cases, links, people, queue
from projections.schema import Db
from web.visit import Visit


def called(db: Db, visit: Visit, ids: Collection[UUID]) -> dict[UUID, str]:
    """People and things by name, observations by their words, cases by number, links by what they
    join; only those that this person sees."""
    found = {one: row.label for one, row in people.entities(db, visit.reader, ids).items()}
    found |= {row.observation: row.words for row in queue.of(db, visit.reader, ids)}
    ties = {}
    for one in set(ids) - found.keys():
        if rows := links.versions(db, visit.reader, one):
            ties[one] = rows[-1]
        elif case := cases.get(db, visit.reader, one):
            found[one] = f"Case {case.number}"
    ends = {end for row in ties.values() for end in (row.a, row.b)}
    known = people.entities(db, visit.reader, ends)
    for one, row in ties.items():
        a, b = (known[end].label if end in known else "-" for end in (row.a, row.b))
        found[one] = f"{a} - {b}: {row.kind}"
    return found

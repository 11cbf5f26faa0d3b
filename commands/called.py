"""What items are called where a list names several: by name, by their words, by their ends."""

from collections.abc import Collection
from uuid import UUID

from domain.values import Reader
from projections import cases, links, meetings, outcomes, people, queue, support
from projections.schema import Db

#: Asked for together: a database takes only so many values at once.
AT_ONCE = 500


def called(db: Db, reader: Reader, ids: Collection[UUID]) -> dict[UUID, str]:
    """People and things by name, observations by their words, cases by number, links by what they
    join, outcomes and notes by whom they are about, decisions by their words; only those that this
    reader sees."""
    found: dict[UUID, str] = {}
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), AT_ONCE):
        found |= _called(db, reader, wanted[start : start + AT_ONCE])
    return found


def with_children(db: Db, reader: Reader, ids: Collection[UUID]) -> dict[UUID, str]:
    """As `called`, cases by their child, too, for who sees both."""
    found = called(db, reader, ids)
    wanted = sorted(found)
    for start in range(0, len(wanted), AT_ONCE):
        some = cases.of(db, reader, wanted[start : start + AT_ONCE])
        children = people.entities(db, reader, {row.child for row in some})
        for row in some:
            if row.child in children:
                found[row.case] += f", {children[row.child].label}"
    return found


def _called(db: Db, reader: Reader, ids: Collection[UUID]) -> dict[UUID, str]:
    found = {one: row.label for one, row in people.entities(db, reader, ids).items()}
    found |= {row.observation: row.words for row in queue.of(db, reader, ids)}
    found |= _cases(db, reader, set(ids) - found.keys())
    found |= _about(db, reader, set(ids) - found.keys())
    ties = {}
    for one in set(ids) - found.keys():
        if rows := links.versions(db, reader, one):
            ties[one] = rows[-1]
    ends = {end for row in ties.values() for end in (row.a, row.b)}
    known = people.entities(db, reader, ends)
    for one, row in ties.items():
        a, b = (known[end].label if end in known else "-" for end in (row.a, row.b))
        found[one] = f"{a} - {b}: {row.kind}"
    return found


def _cases(db: Db, reader: Reader, ids: Collection[UUID]) -> dict[UUID, str]:
    return {row.case: f"Case {row.number}" for row in cases.of(db, reader, ids)}


def _about(db: Db, reader: Reader, ids: Collection[UUID]) -> dict[UUID, str]:
    """Outcomes by what they are and whom they are about, decisions of a meeting by their words,
    notes by their family."""
    happened = outcomes.of_items(db, reader, ids)
    known = people.entities(db, reader, {row.person for row in happened if row.person})
    found = {}
    for row in happened:
        whom = known.get(row.person) if row.person else None
        found[row.item] = f"{row.what.capitalize()}{f': {whom.label}' if whom else ''}"
    told = {row.id: row.words for row in meetings.decided(db, reader, set(ids) - found.keys())}
    found |= told
    notes = support.families(db, reader, set(ids) - found.keys())
    named = _cases(db, reader, set(notes.values()))
    return found | {note: f"Note, {named[case]}" for note, case in notes.items() if case in named}

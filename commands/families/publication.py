"""Commands for publications about a child, and for the check of a text for the press."""

from uuid import UUID

from commands.kernel.declared import InCase, OnItem, ignoring_desk, with_time
from commands.kernel.unit_of_work import Desk
from domain.families import publication
from domain.families.publication import (
    PressChecked,
    Publication,
)
from domain.kernel.envelope import Event
from domain.kernel.values import Reader
from projections.families import cases, family_members
from projections.intelligence import links, people
from projections.intelligence.links import LinkFilter

#: The command that records a publication about a child.
note = InCase(with_time(publication.note))
#: The command that records the response to a publication about a child.
answer = OnItem(
    "publication",
    Publication(),
    publication.evolve,
    ignoring_desk(publication.answer),
)


def _check(desk: Desk, reader: Reader, event: PressChecked) -> tuple[Event, ...]:
    """Check a text for the press. Return the names of people linked to the child, as far as the
    author sees these people, and all other names, phone numbers, plates and places in the text.
    """
    marks = desk.gives_away(event.words, (), _names(desk, reader, event.case))
    return publication.check(event, {mark.words: mark.why for mark in marks})


#: The command that checks a text for the press about a case.
check = InCase(_check)


def _names(desk: Desk, reader: Reader, case: UUID) -> tuple[str, ...]:
    """Return the names of the child, the child's family and everything linked to them: each whole
    name, and its words.
    """
    with desk.deciding() as db:
        child = cases.children(db, reader, case).get(case)
        ties = links.touching(db, reader, {child}, LinkFilter(min_rank=None)) if child else []
        tied = {end for tie in ties for end in (tie.a, tie.b)} | family_members.kin(
            db, reader, case
        )
        entity_ids = tied | ({child} if child else set())
        full_names = [
            name for item in sorted(entity_ids) for name in people.names(db, reader, item)
        ]
    parts = (part for name in full_names if name.isalpha() or " " in name for part in name.split())
    return tuple(
        dict.fromkeys([*full_names, *(part for part in parts if part.isalpha() and len(part) > 2)])
    )

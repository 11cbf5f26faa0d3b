"""What is published about a child, and the check before a text for the press leaves."""

from typing import Unpack
from uuid import UUID

from commands.kernel.case_filing import file_in_case
from commands.kernel.item_references import act_on
from commands.kernel.unit_of_work import Command, Desk, Receipt
from domain.families import publication
from domain.families.publication import (
    PressChecked,
    Publication,
    PublicationAnswered,
    PublicationNoted,
)
from domain.kernel.codes import MediaDone
from domain.kernel.envelope import Event
from domain.kernel.values import Reader
from projections.families import cases, family_members
from projections.intelligence import links, people
from projections.intelligence.links import Asked


def note(
    desk: Desk, reader: Reader, noted: PublicationNoted, case: str, **command: Unpack[Command]
) -> Receipt:
    """Something is published about a child. Raises Refused as
    `domain.families.publication.note`."""

    def decide(one: PublicationNoted) -> tuple[Event, ...]:
        return publication.note(one, desk.clock())

    return file_in_case(desk, reader, "publication.note", noted, case, decide, **command)


def answer(
    desk: Desk,
    reader: Reader,
    which: UUID | str,
    did: MediaDone,
    words: str,
    **command: Unpack[Command],
) -> Receipt:
    """What was done about it. Raises Hidden, and Refused as
    `domain.families.publication.answer`."""
    answered = PublicationAnswered(did, words)
    return act_on(
        desk,
        reader,
        "publication.answer",
        which,
        "publication",
        Publication(),
        publication.evolve,
        lambda state: publication.answer(state, answered),
        [answered],
        **command,
    )


def check(
    desk: Desk, reader: Reader, checked: PressChecked, case: str, **command: Unpack[Command]
) -> Receipt:
    """Check a text for the press: everybody tied to the child is looked for in it, as the author
    sees them, and every name, number, plate and place that can be read in it. Raises Refused as
    `domain.families.publication.check`."""

    def decide(one: PressChecked) -> tuple[Event, ...]:
        marks = desk.gives_away(one.words, (), _names(desk, reader, one.case))
        return publication.check(one, {mark.words: mark.why for mark in marks})

    return file_in_case(desk, reader, "press.check", checked, case, decide, **command)


def _names(desk: Desk, reader: Reader, case: UUID) -> tuple[str, ...]:
    """What the child, their family and everybody and everything that is tied to them are called,
    whole and in parts."""
    with desk.deciding() as db:
        child = cases.children(db, reader, case).get(case)
        ties = links.touching(db, reader, {child}, Asked(min_rank=None)) if child else []
        tied = {end for tie in ties for end in (tie.a, tie.b)} | family_members.kin(
            db, reader, case
        )
        every = tied | ({child} if child else set())
        found = [name for one in sorted(every) for name in people.names(db, reader, one)]
    parts = (part for name in found if name.isalpha() or " " in name for part in name.split())
    return tuple(
        dict.fromkeys([*found, *(part for part in parts if part.isalpha() and len(part) > 2)])
    )

"""Commands for needs of a family, threats against it, moves, and families that wait for a
worker."""

from typing import Unpack
from uuid import UUID

from commands.kernel.case_filing import for_charity
from commands.kernel.declared import FromFields, InCase, OnItem, ignoring_desk, with_day, with_time
from commands.kernel.item_references import about, act_on_item
from commands.kernel.unit_of_work import Command, Desk, Receipt
from domain.families import need, waiting_family
from domain.families.need import (
    FamilyMoved,
    Need,
)
from domain.families.waiting_family import WaitingAsked, WaitingEnded, WaitingState
from domain.kernel.codes import WaitEnd
from domain.kernel.envelope import Event
from domain.kernel.values import Reader
from projections.families import waiting_families as waits

#: The reasons that the text checker gives for words that reveal a place.
_PLACES = frozenset({"an address", "a place"})


#: Record a need of a family.
tell = InCase(with_day(need.tell), recorder=for_charity)
#: Record the response to a family's need.
answer = OnItem("family-need", Need(), need.evolve, with_day(need.answer), recorder=for_charity)
#: Record a threat against a family.
threaten = InCase(with_time(need.threaten))
#: Record the steps that make a threatened family safe.
answer_threat = OnItem("threat", Need(), need.evolve, ignoring_desk(need.answer_threat))


def _move(desk: Desk, reader: Reader, event: FamilyMoved) -> tuple[Event, ...]:
    marks = desk.gives_away(event.words or "", (), ())
    places = [mark.words for mark in marks if mark.why in _PLACES]
    return need.move(event, places, desk.today())


#: Record that a family moved; words that reveal the new place are refused.
move = InCase(_move)
#: Record that no worker is available for a family.
wait = InCase(with_day(waiting_family.tell))


@FromFields
def record_waiting_contact(
    desk: Desk, reader: Reader, waiting: UUID | str, made: WaitingAsked, **command: Unpack[Command]
) -> Receipt:
    """Record that a worker contacted a family that waits for support. Raises Hidden, and Refused if
    `domain.families.waiting_family.ask` does."""
    return act_on_item(
        desk,
        reader,
        "waiting.ask",
        waiting,
        "waiting",
        WaitingState(),
        waiting_family.evolve,
        lambda state: waiting_family.ask(
            _current_wait(desk, reader, waiting, state), made, desk.today()
        ),
        [made],
        **command,
    )


def end_waiting(
    desk: Desk,
    reader: Reader,
    which: UUID | str,
    became: WaitEnd,
    words: str | None,
    **command: Unpack[Command],
) -> Receipt:
    """Record how a family's wait for a worker ended. Raises Hidden, and Refused if
    `domain.families.waiting_family.end` does.
    """
    ended = WaitingEnded(became, words)
    return act_on_item(
        desk,
        reader,
        "waiting.end",
        which,
        "waiting",
        WaitingState(),
        waiting_family.evolve,
        lambda state: waiting_family.end(_current_wait(desk, reader, which, state), ended),
        [ended],
        **command,
    )


def _current_wait(
    desk: Desk, reader: Reader, which: UUID | str, state: WaitingState
) -> WaitingState:
    """Return the state of a family's wait for a worker. The wait counts as ended if a later record,
    such as the allocation of a worker, ends it.
    """
    item = about(desk, reader, which, "waiting")
    with desk.deciding() as db:
        return waiting_family.close_by_fact(state) if waits.is_over(db, reader, item) else state

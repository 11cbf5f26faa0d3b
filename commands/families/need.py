"""What a family needs, who threatens them, where it makes them move; and the families that get no
worker."""

from typing import Unpack
from uuid import UUID

from commands.kernel.case_filing import for_charity
from commands.kernel.declared import InCase, OnItem, by_clock, by_day, plain
from commands.kernel.item_references import about, act_on
from commands.kernel.unit_of_work import Command, Desk, Receipt
from domain.families import need, waiting_family
from domain.families.need import (
    FamilyMoved,
    Need,
    NeedAnswered,
    NeedTold,
    ThreatAnswered,
    ThreatTold,
)
from domain.families.waiting_family import WaitingAsked, WaitingEnded, WaitingState, WaitingTold
from domain.kernel.codes import WaitEnd
from domain.kernel.envelope import Event
from domain.kernel.values import Reader
from projections.families import waiting_families as waits

#: Why the checker stops at a word that says where somebody is.
_PLACES = frozenset({"an address", "a place"})


#: Record what a family needs.
tell = InCase(NeedTold, by_day(need.tell), recorder=for_charity)
#: Record what was done about it.
answer = OnItem(
    NeedAnswered, "family-need", Need(), need.evolve, by_day(need.answer), recorder=for_charity
)
#: Record that a family is threatened.
threaten = InCase(ThreatTold, by_clock(need.threaten))
#: Record what was done so that they are safe.
answer_threat = OnItem(ThreatAnswered, "threat", Need(), need.evolve, plain(need.answer_threat))


def _move(desk: Desk, reader: Reader, one: FamilyMoved) -> tuple[Event, ...]:
    marks = desk.gives_away(one.words or "", (), ())
    places = [mark.words for mark in marks if mark.why in _PLACES]
    return need.move(one, places, desk.today())


#: Record that a family moved; words that say where to are refused.
move = InCase(FamilyMoved, _move)
#: Record that a family gets no worker now.
wait = InCase(WaitingTold, by_day(waiting_family.tell))


def ask_waiting(
    desk: Desk, reader: Reader, which: UUID | str, asked: WaitingAsked, **command: Unpack[Command]
) -> Receipt:
    """Somebody asked how they are. Raises Hidden, and Refused as
    `domain.families.waiting_family.ask`."""
    return act_on(
        desk,
        reader,
        "waiting.ask",
        which,
        "waiting",
        WaitingState(),
        waiting_family.evolve,
        lambda state: waiting_family.ask(_known(desk, reader, which, state), asked, desk.today()),
        [asked],
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
    """What became of them. Raises Hidden, and Refused as `domain.families.waiting_family.end`."""
    ended = WaitingEnded(became, words)
    return act_on(
        desk,
        reader,
        "waiting.end",
        which,
        "waiting",
        WaitingState(),
        waiting_family.evolve,
        lambda state: waiting_family.end(_known(desk, reader, which, state), ended),
        [ended],
        **command,
    )


def _known(desk: Desk, reader: Reader, which: UUID | str, state: WaitingState) -> WaitingState:
    """How it stands, with what else was recorded of the family."""
    one = about(desk, reader, which, "waiting")
    with desk.deciding() as db:
        return waiting_family.known(state) if waits.is_over(db, reader, one) else state

"""What a family needs, who threatens them, where it makes them move; and the families that get no
worker."""

from typing import Unpack
from uuid import UUID

from commands.kernel.case_filing import file_in_case, for_charity
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
from domain.families.waiting_family import Waiting, WaitingAsked, WaitingEnded, WaitingTold
from domain.kernel.codes import ThreatDone, WaitEnd
from domain.kernel.envelope import Event
from domain.kernel.values import Reader
from projections.families import waiting_families as waits

#: Why the checker stops at a word that says where somebody is.
_PLACES = frozenset({"an address", "a place"})


def tell(
    desk: Desk, reader: Reader, told: NeedTold, case: str, **command: Unpack[Command]
) -> Receipt:
    """A family needs something. Raises Refused as `domain.families.need.tell`."""

    def decide(one: NeedTold) -> tuple[Event, ...]:
        return need.tell(one, desk.today())

    return file_in_case(desk, for_charity(reader), "need.tell", told, case, decide, **command)


def answer(
    desk: Desk, reader: Reader, which: UUID | str, done: NeedAnswered, **command: Unpack[Command]
) -> Receipt:
    """What was done about it. Raises Hidden, and Refused as `domain.families.need.answer`."""
    return act_on(
        desk,
        for_charity(reader),
        "need.answer",
        which,
        "family-need",
        Need(),
        need.evolve,
        lambda state: need.answer(state, done, desk.today()),
        [done],
        **command,
    )


def threaten(
    desk: Desk, reader: Reader, told: ThreatTold, case: str, **command: Unpack[Command]
) -> Receipt:
    """A family is threatened. Raises Refused as `domain.families.need.threaten`."""

    def decide(one: ThreatTold) -> tuple[Event, ...]:
        return need.threaten(one, desk.clock())

    return file_in_case(desk, reader, "threat.tell", told, case, decide, **command)


def answer_threat(
    desk: Desk,
    reader: Reader,
    which: UUID | str,
    did: ThreatDone,
    words: str,
    **command: Unpack[Command],
) -> Receipt:
    """What was done so that they are safe. Raises Hidden, and Refused as
    `domain.families.need.answer_threat`."""
    answered = ThreatAnswered(did, words)
    return act_on(
        desk,
        reader,
        "threat.answer",
        which,
        "threat",
        Need(),
        need.evolve,
        lambda state: need.answer_threat(state, answered),
        [answered],
        **command,
    )


def move(
    desk: Desk, reader: Reader, moved: FamilyMoved, case: str, **command: Unpack[Command]
) -> Receipt:
    """A family moved. Raises Refused as `domain.families.need.move`, for words that say where
    to."""

    def decide(one: FamilyMoved) -> tuple[Event, ...]:
        marks = desk.gives_away(one.words or "", (), ())
        places = [mark.words for mark in marks if mark.why in _PLACES]
        return need.move(one, places, desk.today())

    return file_in_case(desk, reader, "family.move", moved, case, decide, **command)


def wait(
    desk: Desk, reader: Reader, told: WaitingTold, case: str, **command: Unpack[Command]
) -> Receipt:
    """A family gets no worker now. Raises Refused as `domain.families.waiting_family.tell`."""

    def decide(one: WaitingTold) -> tuple[Event, ...]:
        return waiting_family.tell(one, desk.today())

    return file_in_case(desk, reader, "waiting.tell", told, case, decide, **command)


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
        Waiting(),
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
        Waiting(),
        waiting_family.evolve,
        lambda state: waiting_family.end(_known(desk, reader, which, state), ended),
        [ended],
        **command,
    )


def _known(desk: Desk, reader: Reader, which: UUID | str, state: Waiting) -> Waiting:
    """How it stands, with what else was recorded of the family."""
    one = about(desk, reader, which, "waiting")
    with desk.deciding() as db:
        return waiting_family.known(state) if waits.is_over(db, reader, one) else state

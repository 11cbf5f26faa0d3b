"""What a court does in a case, and what is done for a family around it."""

from typing import Unpack
from uuid import UUID

from commands.families import child
from commands.kernel.case_filing import file_in_case, for_charity
from commands.kernel.item_references import act_on
from commands.kernel.unit_of_work import Command, Desk, Receipt
from domain.justice import court
from domain.justice.court import (
    AccountTaken,
    Bail,
    BailEnded,
    BailSet,
    Hearing,
    HearingHeld,
    HearingMoved,
    HearingSet,
    MeasureTold,
    PleaEntered,
    StepTaken,
)
from domain.kernel.codes import BailEnd
from domain.kernel.envelope import Event
from domain.kernel.values import Reader
from projections.justice import court as view


def set_hearing(
    desk: Desk,
    reader: Reader,
    hearing: HearingSet,
    case: str,
    who: str | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """A hearing in a case, of somebody or of all. Raises Refused for whom nobody knows."""
    return file_in_case(
        desk, reader, "court.hearing", hearing, case, _as_told, named=[("person", who)], **command
    )


def move_hearing(
    desk: Desk, reader: Reader, which: UUID | str, moved: HearingMoved, **command: Unpack[Command]
) -> Receipt:
    """It is heard on another day. Raises Hidden, and Refused as `domain.justice.court.move`."""
    return act_on(
        desk,
        reader,
        "court.move",
        which,
        "hearing",
        Hearing(),
        court.hearing,
        lambda state: court.move(state, moved),
        [moved],
        **command,
    )


def hold_hearing(
    desk: Desk, reader: Reader, which: UUID | str, held: HearingHeld, **command: Unpack[Command]
) -> Receipt:
    """It was heard. Raises Hidden, and Refused as `domain.justice.court.hold`."""
    return act_on(
        desk,
        reader,
        "court.hold",
        which,
        "hearing",
        Hearing(),
        court.hearing,
        lambda state: court.hold(state, held, desk.clock()),
        [held],
        **command,
    )


def set_bail(
    desk: Desk, reader: Reader, bail: BailSet, case: str, who: str, **command: Unpack[Command]
) -> Receipt:
    """Somebody is on bail. Raises Refused as `domain.justice.court.grant_bail`."""
    return file_in_case(
        desk, reader, "court.bail", bail, case, court.grant_bail, named=[("person", who)], **command
    )


def end_bail(
    desk: Desk,
    reader: Reader,
    which: UUID | str,
    how: BailEnd,
    note: str | None,
    **command: Unpack[Command],
) -> Receipt:
    """Bail ended or was breached. Raises Hidden, and Refused as `domain.justice.court.end_bail`."""
    ended = BailEnded(how, note)
    return act_on(
        desk,
        reader,
        "court.end_bail",
        which,
        "bail",
        Bail(),
        court.bail,
        lambda state: court.end_bail(state, ended),
        [ended],
        **command,
    )


def enter_plea(
    desk: Desk, reader: Reader, plea: PleaEntered, case: str, who: str, **command: Unpack[Command]
) -> Receipt:
    """Somebody pleaded. Raises Refused for whom nobody knows."""
    return file_in_case(
        desk, reader, "court.plea", plea, case, _as_told, named=[("person", who)], **command
    )


def tell_measure(
    desk: Desk, reader: Reader, told: MeasureTold, case: str, **command: Unpack[Command]
) -> Receipt:
    """A special measure was asked for, granted or refused."""
    return file_in_case(desk, reader, "court.measure", told, case, _as_told, **command)


def take_account(
    desk: Desk, reader: Reader, account: AccountTaken, case: str, **command: Unpack[Command]
) -> Receipt:
    """A child gave an account; those that the reader sees are counted, in every case of the child.
    Raises Refused as `domain.justice.court.take_account`."""

    def decide(one: AccountTaken) -> tuple[Event, ...]:
        with desk.deciding() as db:
            theirs = child.cases_of(db, reader, one.case)
            before = sum(view.times_heard(db, reader, case) for case in theirs)
        return court.take_account(one, before)

    return file_in_case(desk, reader, "court.account", account, case, decide, **command)


def take_step(
    desk: Desk, reader: Reader, step: StepTaken, case: str, **command: Unpack[Command]
) -> Receipt:
    """What a worker saw to around a trial: the charity's record. Raises Refused as
    `domain.justice.court.take_step`."""
    return file_in_case(
        desk, for_charity(reader), "court.step", step, case, court.take_step, **command
    )


def _as_told(one: HearingSet | PleaEntered | MeasureTold) -> tuple[Event, ...]:
    return (one,)

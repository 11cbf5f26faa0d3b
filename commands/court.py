"""What a court does in a case, and what is done for a family around it."""

from collections.abc import Callable, Sequence
from typing import TypeVar, Unpack
from uuid import UUID

from msgspec import structs, to_builtins

from commands import charity
from commands.desk import Command, Desk, Prepared, Receipt, facts
from commands.reference import act_on, case_named, item
from domain import court
from domain.codes import BailEnd
from domain.court import (
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
from domain.envelope import Event, Submission
from domain.values import Reader
from projections import court as view

Fact = TypeVar("Fact", HearingSet, BailSet, PleaEntered, MeasureTold, AccountTaken, StepTaken)


def set_hearing(
    desk: Desk,
    reader: Reader,
    hearing: HearingSet,
    case: str,
    who: str | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """A hearing in a case, of somebody or of all. Raises Refused for whom nobody knows."""
    return _keep(desk, reader, "court.hearing", hearing, case, who, lambda one: (one,), **command)


def move_hearing(
    desk: Desk, reader: Reader, which: UUID | str, moved: HearingMoved, **command: Unpack[Command]
) -> Receipt:
    """It is heard on another day. Raises Hidden, and Refused as `domain.court.move`."""
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
    """It was heard. Raises Hidden, and Refused as `domain.court.hold`."""
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
    """Somebody is on bail. Raises Refused as `domain.court.grant_bail`."""
    return _keep(desk, reader, "court.bail", bail, case, who, court.grant_bail, **command)


def end_bail(
    desk: Desk,
    reader: Reader,
    which: UUID | str,
    how: BailEnd,
    note: str | None,
    **command: Unpack[Command],
) -> Receipt:
    """Bail ended or was breached. Raises Hidden, and Refused as `domain.court.end_bail`."""
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
    return _keep(desk, reader, "court.plea", plea, case, who, lambda one: (one,), **command)


def tell_measure(
    desk: Desk, reader: Reader, told: MeasureTold, case: str, **command: Unpack[Command]
) -> Receipt:
    """A special measure was asked for, granted or refused."""
    return _keep(desk, reader, "court.measure", told, case, None, lambda one: (one,), **command)


def take_account(
    desk: Desk, reader: Reader, account: AccountTaken, case: str, **command: Unpack[Command]
) -> Receipt:
    """A child gave an account. Raises Refused as `domain.court.take_account`."""

    def decide(one: AccountTaken) -> tuple[Event, ...]:
        with desk.deciding() as db:
            before = view.accounts_taken(db, one.case)
        return court.take_account(one, before)

    return _keep(desk, reader, "court.account", account, case, None, decide, **command)


def take_step(
    desk: Desk, reader: Reader, step: StepTaken, case: str, **command: Unpack[Command]
) -> Receipt:
    """What a worker saw to around a trial: the charity's record. Raises Refused as
    `domain.court.take_step`."""
    return _keep(desk, reader, "court.step", step, case, None, court.take_step, **command)


def _keep(
    desk: Desk,
    reader: Reader,
    name: str,
    made: Fact,
    case: str,
    who: str | None,
    decide: Callable[[Fact], tuple[Event, ...]],
    *,
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> Receipt:
    """Look up who is named where the command is new, decide, and record it in a stream of its
    own."""
    command_id, causes = command_id or desk.new_random_id(), tuple(because_of)
    body = [to_builtins(made) | {"case": case, "person": who}, causes]
    if again := desk.repeated(command_id, name, body):
        return again
    found: dict[str, UUID] = {"case": case_named(desk, reader, case)}
    if who:
        with desk.deciding() as db:
            found["person"] = item(desk, db, reader, who, "person")
    events = decide(structs.replace(made, **found))
    if isinstance(made, StepTaken):
        return charity.keep(desk, reader, name, events, command_id, causes, body)
    stream = desk.new_id()
    submission = Submission(
        command_id, desk.digest(name, body), facts(reader, stream, 0, events, causes)
    )
    return desk.save([Prepared(stream, {"evidence": submission}, reader)])[0]

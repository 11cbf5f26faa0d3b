"""Commands that copy the record into a new origin: one person proposes it, another confirms it."""

from uuid import UUID

from access.who_may.event_rules import require_command
from commands.kernel.unit_of_work import Desk, Receipt, act
from domain.kernel.values import Reader
from domain.people_and_teams import recovery
from domain.people_and_teams.recovery import Succession
from domain.people_and_teams.store_admin import SUCCESSION


def current_state(desk: Desk) -> Succession:
    """Return the state of copying the record: who proposed it, who confirmed it, and the store in
    which the record continues.
    """
    return desk.fold(SUCCESSION, Succession(), recovery.evolve)[0]


def propose(desk: Desk, reader: Reader, reason: str, *, command_id: UUID | None = None) -> Receipt:
    """Propose to copy the record into a new origin; nothing changes until a second person confirms
    it. Raises Refused, Denied.
    """
    return act(
        desk,
        reader,
        "succession.propose",
        SUCCESSION,
        Succession(),
        recovery.evolve,
        lambda state: recovery.propose(state, reader.name, reason),
        [reason],
        command_id=command_id,
    )


def require_may(desk: Desk, reader: Reader) -> None:
    """Raise Refused or Denied if the reader may not confirm that the record is copied into a new
    origin (a new store with another log name). The command calls this before anything else.
    """
    require_command(reader, "succession.confirm")
    recovery.confirm(current_state(desk), reader.name, "")


def confirm(desk: Desk, reader: Reader, store: str) -> Receipt:
    """Confirm another person's proposal to copy the record into `store`. From then on this store
    takes no more facts, and the record continues under the origins (log names) of `store`. Raises
    Refused, Denied.
    """
    return act(
        desk,
        reader,
        "succession.confirm",
        SUCCESSION,
        Succession(),
        recovery.evolve,
        lambda state: recovery.confirm(state, reader.name, store),
        [store],
    )


def refuse(desk: Desk, reader: Reader, reason: str, *, command_id: UUID | None = None) -> Receipt:
    """Refuse or withdraw the proposal to copy the record. After the proposal was confirmed, give
    the copy up, so that this store takes facts again. Raises Refused, Denied.
    """
    return act(
        desk,
        reader,
        "succession.refuse",
        SUCCESSION,
        Succession(),
        recovery.evolve,
        lambda state: recovery.refuse(state, reason),
        [reason],
        command_id=command_id,
    )

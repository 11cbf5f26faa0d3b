"""Record new facts about a case, each in a stream of its own. If the command is not a repetition,
the case and the named people are looked up and the rule decides. A fact that belongs to the charity
is recorded with the charity as controller.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from msgspec import structs, to_builtins

from commands.kernel.item_references import about, may_be_a_name, resolve_case
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Desk, Receipt, facts
from domain.families.charity_support import REGIME
from domain.kernel.envelope import Event, Submission
from domain.kernel.values import Hidden, Reader

Made = TypeVar("Made", bound=Event)


def for_charity(reader: Reader) -> Reader:
    """Return the reader with the charity as controller, so that their records belong to the charity
    and fall under the law that applies to it.
    """
    return structs.replace(reader, controller=reader.charity, regime=REGIME)


def file_in_case(
    desk: Desk,
    reader: Reader,
    name: str,
    made: Made,
    case: str,
    decide: Callable[[Made], tuple[Event, ...]],
    *,
    named: Sequence[tuple[str, str | None]] = (),
    arguments: Sequence[object] = (),
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> Receipt:
    """Record the event `made`, filed in the case that `case` names, in a stream of its own. `named`
    has pairs of a field of the event that holds a person, and the person's name as the user typed
    it. `arguments` is further input that is hashed to recognise a repeated command.

    Raises Refused and Hidden for names that are not recorded, and what `decide` raises.
    """
    command_id, causes = command_id or desk.new_random_id(), tuple(because_of)
    body = [to_builtins(made) | {"case": case} | dict(named), *arguments, causes]
    if again := desk.repeated(command_id, name, body):
        return again
    found_items = {"case": resolve_case(desk, reader, case)}
    found_items |= {field: _person(desk, reader, who) for field, who in named if who}
    events = decide(structs.replace(made, **found_items))
    return keep(desk, reader, name, events, command_id, causes, body)


def _person(desk: Desk, reader: Reader, who: str) -> UUID:
    """Return the id of the person that a user named. Raises Hidden; for a name, the message says
    how to record the person first.
    """
    try:
        return about(desk, reader, who, "person")
    except Hidden as hidden:
        if not may_be_a_name(who):
            raise
        first = f"search for them, else record them first: person add --name {who!r}"
        raise Hidden(f"{hidden}: {first}", named=who) from None


def keep(
    desk: Desk,
    reader: Reader,
    name: str,
    events: tuple[Event, ...],
    command_id: UUID,
    because_of: tuple[str, ...],
    body: object,
) -> Receipt:
    """Record these events about a case in a new stream that has no other events."""
    stream = desk.new_id()
    made = facts(reader, stream, 0, events, because_of)
    submission = Submission(command_id, desk.digest(name, body), made)
    return desk.save([Prepared(stream, {"evidence": submission}, reader)])[0]

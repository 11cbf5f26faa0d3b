"""What is the charity's own record, under its own controller and law."""

from uuid import UUID

from msgspec import structs

from commands.desk import Desk, Prepared, Receipt, facts
from domain.envelope import Event, Submission
from domain.support import CONTROLLER, REGIME
from domain.values import Reader


def for_charity(reader: Reader) -> Reader:
    """The reader, who records for the charity."""
    return structs.replace(reader, controller=CONTROLLER, regime=REGIME)


def keep(
    desk: Desk,
    reader: Reader,
    name: str,
    events: tuple[Event, ...],
    command_id: UUID,
    because_of: tuple[str, ...],
    body: object,
) -> Receipt:
    """Record these in a stream of their own, as the charity's."""
    stream = desk.new_id()
    made = facts(for_charity(reader), stream, 0, events, because_of)
    submission = Submission(command_id, desk.digest(name, body), made)
    return desk.save([Prepared(stream, {"evidence": submission}, reader)])[0]

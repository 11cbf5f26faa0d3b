"""The source of a log entry. Names from the source register are shown nowhere else."""

from uuid import UUID

from msgspec import Struct

from access.who_may import scope
from commands.information.source import read_reliability
from commands.kernel.unit_of_work import Desk
from domain.information.observation import ObservationRecorded
from domain.information.source import SourceEntryMade, SourceKind, SourceRegistered
from domain.kernel.values import Reader, SourceGrade


class Knower(Struct, frozen=True):
    """A person in the source register, with the token that represents the person outside the
    register.
    """

    token: UUID
    name: str
    kind: SourceKind
    relation: str | None
    grade: SourceGrade
    conflict: bool


class Entry(Struct, frozen=True):
    """The source of a log entry, and the people through whom the information reached the source,
    the person nearest to the source first.
    """

    id: UUID
    observation: UUID
    source: Knower | None
    chain: tuple[Knower, ...]


def entry_of(desk: Desk, reader: Reader, item: UUID) -> Entry:
    """Return the source of a log entry; `item` is the id of the entry, or of the record of its
    source in the source register.

    Raises Hidden if the reader may not see the entry, or if it has no named source; LogUnavailable
    if the register does not answer.
    """
    first = next((fact.event for fact in desk.logs["evidence"].history(item)), None)
    entry = first.entry if isinstance(first, ObservationRecorded) else item
    events = [fact.event for fact in desk.logs["sources"].history(entry)] if entry else []
    made = next((event for event in events if isinstance(event, SourceEntryMade)), None)
    if entry is None or made is None or desk.hides(reader, entry):
        raise scope.hidden_error("entry of the source register", str(item))
    chain = tuple(_knower(desk, token) for token in made.chain)
    source = _knower(desk, made.source) if made.source else None
    return Entry(entry, made.observation, source, chain)


def _knower(desk: Desk, token: UUID) -> Knower:
    history = [fact.event for fact in desk.logs["sources"].history(token)]
    registration = next(event for event in history if isinstance(event, SourceRegistered))
    state = read_reliability(desk, token)
    return Knower(token, registration.name, state.kind, state.relation, state.grade, state.conflict)

"""Commands that are declared: one event, where its item is looked up, and the rule that decides.

Each takes the event that somebody made, or the fields of a use case that are called as the event's.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar, TypeVarTuple, Unpack
from uuid import UUID

from msgspec import Struct
from msgspec.structs import asdict

from commands.kernel.case_filing import file_in_case, for_charity
from commands.kernel.item_references import UNNAMED, act_on
from commands.kernel.unit_of_work import Command, Desk, Receipt
from domain.kernel.decoding import convert
from domain.kernel.envelope import Event
from domain.kernel.values import Reader

S = TypeVar("S")
Made = TypeVar("Made", bound=Event)
Given = TypeVarTuple("Given")


def known(
    rule: Callable[[Unpack[Given]], tuple[Event, ...]],
) -> Callable[[Desk, Reader, Unpack[Given]], tuple[Event, ...]]:
    """Return a rule that decides by what it is given alone."""
    return lambda desk, reader, *given: rule(*given)


def by_day(
    rule: Callable[[Unpack[Given], date], tuple[Event, ...]],
) -> Callable[[Desk, Reader, Unpack[Given]], tuple[Event, ...]]:
    """Return a rule that takes the day in London last."""
    return lambda desk, reader, *given: rule(*given, desk.today())


def by_clock(
    rule: Callable[[Unpack[Given], datetime], tuple[Event, ...]],
) -> Callable[[Desk, Reader, Unpack[Given]], tuple[Event, ...]]:
    """Return a rule that takes the time last."""
    return lambda desk, reader, *given: rule(*given, desk.clock())


def as_made(desk: Desk, reader: Reader, made: Event) -> tuple[Event, ...]:
    """Return the event itself: nothing is to be decided."""
    return (made,)


class Declared(ABC):
    """A command that records one event. Its name is the one that the event says."""

    event: type[Event]

    @abstractmethod
    def told(self, told: Struct, desk: Desk, reader: Reader, **command: Unpack[Command]) -> Receipt:
        """Record the event that a use case tells; its first field names the item. Raises as the
        rule, and Hidden and Refused for what is not there."""

    def name(self) -> str:
        (name,) = self.event.meaning.commands
        return name


@dataclass(frozen=True)
class InCase(Declared, Generic[Made]):
    """Records an event in a stream of its own, filed in a case that somebody names. Its
    field `person` is filled in with the `person` whom the field `who` names; what a `charity`
    records is under its own law."""

    event: type[Made]
    decide: Callable[[Desk, Reader, Made], tuple[Event, ...]]
    person: bool = False
    charity: bool = False

    def __call__(
        self,
        desk: Desk,
        reader: Reader,
        made: Made,
        case: str,
        who: str | None = None,
        **command: Unpack[Command],
    ) -> Receipt:
        return file_in_case(
            desk,
            for_charity(reader) if self.charity else reader,
            self.name(),
            made,
            case,
            lambda one: self.decide(desk, reader, one),
            named=[("person", who)] if self.person else (),
            **command,
        )

    def told(self, told: Struct, desk: Desk, reader: Reader, **command: Unpack[Command]) -> Receipt:
        given = asdict(told)
        who = given["who"] if self.person else None
        unnamed = {"case": UNNAMED} | ({"person": UNNAMED} if who else {})
        made = convert(given | unnamed, self.event)
        return self(desk, reader, made, given["case"], who, **command)


@dataclass(frozen=True)
class OnItem(Declared, Generic[S, Made]):
    """Records an event of an item of this kind, which somebody names, decided by its state."""

    event: type[Made]
    kind: str
    start: S
    evolve: Callable[[S, Event], S]
    decide: Callable[[Desk, Reader, S, Made], tuple[Event, ...]]
    charity: bool = False

    def __call__(
        self,
        desk: Desk,
        reader: Reader,
        which: UUID | str,
        made: Made,
        **command: Unpack[Command],
    ) -> Receipt:
        return act_on(
            desk,
            for_charity(reader) if self.charity else reader,
            self.name(),
            which,
            self.kind,
            self.start,
            self.evolve,
            lambda state: self.decide(desk, reader, state, made),
            [made],
            **command,
        )

    def told(self, told: Struct, desk: Desk, reader: Reader, **command: Unpack[Command]) -> Receipt:
        given = asdict(told)
        made = convert(given, self.event)
        return self(desk, reader, next(iter(given.values())), made, **command)

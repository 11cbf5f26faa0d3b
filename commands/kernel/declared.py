"""Commands that are declared: where the item is looked up, and the rule of the domain that decides.

A use case whose command is declared gives it its fields: by the names that its event has, or one
after the other.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial, update_wrapper
from typing import Generic, TypeVar, TypeVarTuple, Unpack, cast
from uuid import UUID

from msgspec import Struct
from msgspec.structs import asdict

from commands.kernel.case_filing import file_in_case, for_charity
from commands.kernel.item_references import UNNAMED, act_on
from commands.kernel.unit_of_work import Command, Desk, Receipt, act_named
from domain.kernel.decoding import convert
from domain.kernel.envelope import Event, LogName
from domain.kernel.values import Reader

S = TypeVar("S")
Made = TypeVar("Made", bound=Event)
Given = TypeVarTuple("Given")


def known(
    rule: Callable[[Unpack[Given]], tuple[Event, ...]],
) -> Callable[[Desk, Reader, Unpack[Given]], tuple[Event, ...]]:
    """Return a rule that decides by what it is given alone."""

    def decide(desk: Desk, reader: Reader, *given: *Given) -> tuple[Event, ...]:
        return rule(*given)

    update_wrapper(decide, rule)
    return decide


def by_day(
    rule: Callable[[Unpack[Given], date], tuple[Event, ...]],
) -> Callable[[Desk, Reader, Unpack[Given]], tuple[Event, ...]]:
    """Return a rule that takes the day in London last."""

    def decide(desk: Desk, reader: Reader, *given: *Given) -> tuple[Event, ...]:
        return rule(*given, desk.today())

    update_wrapper(decide, rule)
    return decide


def by_clock(
    rule: Callable[[Unpack[Given], datetime], tuple[Event, ...]],
) -> Callable[[Desk, Reader, Unpack[Given]], tuple[Event, ...]]:
    """Return a rule that takes the time last."""

    def decide(desk: Desk, reader: Reader, *given: *Given) -> tuple[Event, ...]:
        return rule(*given, desk.clock())

    update_wrapper(decide, rule)
    return decide


def as_made(desk: Desk, reader: Reader, made: Event) -> tuple[Event, ...]:
    """Return the event itself: nothing is to be decided."""
    return (made,)


class Declared(ABC):
    """A command that is declared, and is called as a function."""

    @abstractmethod
    def told(self, told: Struct, desk: Desk, reader: Reader, **command: Unpack[Command]) -> Receipt:
        """Record what a use case tells; its first field names the item. Raises as the rule, and
        Hidden and Refused for what is not there."""


def _name(event: type[Event]) -> str:
    """Return the name of the command that is for this event."""
    (name,) = event.meaning.commands
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
            _name(self.event),
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
            _name(self.event),
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


@dataclass(frozen=True)
class OnNamed(Declared, Generic[S, *Given]):
    """Decides about what somebody names, with what else they tell: one field after the other, as
    the rule takes them. It is an item of a kind, or what `find` looks up where the command is
    new."""

    name: str
    find: str | Callable[[Desk, Reader, str], UUID]
    start: S
    evolve: Callable[[S, Event], S]
    decide: Callable[[Desk, Reader, S, Unpack[Given]], tuple[Event, ...]]
    log: LogName = "evidence"
    recorder: Callable[[Reader], Reader] = lambda reader: reader

    def __call__(
        self,
        desk: Desk,
        reader: Reader,
        which: UUID | str,
        *given: *Given,
        **command: Unpack[Command],
    ) -> Receipt:
        recorder, find = self.recorder(reader), self.find

        def decide(state: S) -> tuple[Event, ...]:
            return self.decide(desk, reader, state, *given)

        whole = (self.start, self.evolve, decide, given)
        if isinstance(find, str):
            return act_on(desk, recorder, self.name, which, find, *whole, **command)
        found = partial(find, desk, reader, str(which))
        return act_named(
            desk, recorder, self.name, str(which), found, *whole, log=self.log, **command
        )

    def told(self, told: Struct, desk: Desk, reader: Reader, **command: Unpack[Command]) -> Receipt:
        which, *given = (value for name, value in asdict(told).items() if name != "because_of")
        return self(desk, reader, which, *cast(tuple[*Given], tuple(given)), **command)

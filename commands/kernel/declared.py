"""Classes for commands that need no function of their own. An object of such a class defines how
the command finds its item and which domain rule decides.

A use case passes its fields to the command by the names of the event's fields, or in the order of
the rule's parameters. The file is long because each way to find an item has a class of its own.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property, partial, update_wrapper
from typing import (
    Generic,
    ParamSpec,
    TypeAlias,
    TypeVar,
    TypeVarTuple,
    Unpack,
    cast,
    get_type_hints,
)
from uuid import UUID

from msgspec import Struct
from msgspec.structs import asdict, fields

from commands.kernel.case_filing import file_in_case
from commands.kernel.item_references import UNNAMED, act_on_item
from commands.kernel.unit_of_work import Command, Desk, Receipt, act_on_named
from domain.kernel.decoding import convert
from domain.kernel.envelope import Event, LogName
from domain.kernel.fields import Access, markers_of
from domain.kernel.values import Reader

S = TypeVar("S")
T = TypeVar("T")
Made = TypeVar("Made", bound=Event)
P = ParamSpec("P")
Given = TypeVarTuple("Given")
#: How a declared command finds its item: a kind of item, or a function that looks up a name.
Find: TypeAlias = str | Callable[[Desk, Reader, str], UUID]


def itself(value: T) -> T:
    """Return the given value unchanged. This is the default of parameters that take a function to
    convert the reader or the input.
    """
    return value


def by_id(desk: Desk, reader: Reader, which: str) -> UUID:
    """Return the text `which` as an id. The item is not looked up, because a program, not a person,
    gave the id.
    """
    return UUID(which)


def ignoring_desk(
    rule: Callable[[Unpack[Given]], tuple[Event, ...]],
) -> Callable[[Desk, Reader, Unpack[Given]], tuple[Event, ...]]:
    """Return `rule` with two further parameters first, a desk (the object through which commands
    read and save) and a reader, which are ignored.
    """

    def decide(desk: Desk, reader: Reader, *given: *Given) -> tuple[Event, ...]:
        return rule(*given)

    update_wrapper(decide, rule)
    return decide


def with_day(
    rule: Callable[[Unpack[Given], date], tuple[Event, ...]],
) -> Callable[[Desk, Reader, Unpack[Given]], tuple[Event, ...]]:
    """Return `rule` with two further parameters first, a desk (the object through which commands
    read and save) and a reader. Today's date in London is passed to `rule` as its last argument.
    """

    def decide(desk: Desk, reader: Reader, *given: *Given) -> tuple[Event, ...]:
        return rule(*given, desk.today())

    update_wrapper(decide, rule)
    return decide


def with_time(
    rule: Callable[[Unpack[Given], datetime], tuple[Event, ...]],
) -> Callable[[Desk, Reader, Unpack[Given]], tuple[Event, ...]]:
    """Return `rule` with two further parameters first, a desk (the object through which commands
    read and save) and a reader. The present time is passed to `rule` as its last argument.
    """

    def decide(desk: Desk, reader: Reader, *given: *Given) -> tuple[Event, ...]:
        return rule(*given, desk.clock())

    update_wrapper(decide, rule)
    return decide


def with_name(
    rule: Callable[[Unpack[Given], str], tuple[Event, ...]],
) -> Callable[[Desk, Reader, Unpack[Given]], tuple[Event, ...]]:
    """Return `rule` with two further parameters first, a desk (the object through which commands
    read and save) and a reader. The reader's name is passed to `rule` as its last argument.
    """

    def decide(desk: Desk, reader: Reader, *given: *Given) -> tuple[Event, ...]:
        return rule(*given, reader.name)

    update_wrapper(decide, rule)
    return decide


def unchanged(event: type[Made]) -> Callable[[Desk, Reader, Made], tuple[Event, ...]]:
    """Return a rule for events of this class that takes an event and returns it unchanged, because
    nothing has to be decided.
    """

    def decide(desk: Desk, reader: Reader, made: Made) -> tuple[Event, ...]:
        return (made,)

    decide.__annotations__["made"] = event
    return decide


class Declared(ABC):
    """A command that is an object with a name, a rule and a way to find its item. The object can be
    called like a function.
    """

    @abstractmethod
    def record(
        self, use: Struct, desk: Desk, reader: Reader, **command: Unpack[Command]
    ) -> Receipt:
        """Record the event of a use case. The use case's first field names the item. Raises what
        the rule raises, and Hidden if the reader may not see the item.
        """


def event_taken_by(rule: Callable[..., tuple[Event, ...]]) -> type[Event]:
    """Return the class of the event that a rule takes, by the type of its parameter."""
    hints = get_type_hints(rule)
    kinds = [kind for name, kind in hints.items() if name != "return" and isinstance(kind, type)]
    (event,) = [kind for kind in kinds if issubclass(kind, Event)]
    return event


def name_of(event: type[Event]) -> str:
    """Return the name of the command that records this event."""
    (name,) = event.meaning.commands
    return name


@dataclass(frozen=True)
class InCase(Declared, Generic[Made]):
    """A declared command that records an event in a stream of its own, filed in a named case. With
    `person`, the use case's field `who` names a person, whose id becomes the event's field
    `person`. `recorder` chooses the controller and the law under which the event is recorded.
    """

    decide: Callable[[Desk, Reader, Made], tuple[Event, ...]]
    person: bool = False
    recorder: Callable[[Reader], Reader] = itself

    @cached_property
    def event(self) -> type[Made]:
        """Return the class of the event that is recorded."""
        return cast(type[Made], event_taken_by(self.decide))

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
            self.recorder(reader),
            name_of(self.event),
            made,
            case,
            lambda one: self.decide(desk, reader, one),
            named=[("person", who)] if self.person else (),
            **command,
        )

    def record(
        self, use: Struct, desk: Desk, reader: Reader, **command: Unpack[Command]
    ) -> Receipt:
        values = asdict(use)
        who = values["who"] if self.person else None
        unnamed = {"case": UNNAMED} | ({"person": UNNAMED} if who else {})
        made = convert(values | unnamed, self.event)
        return self(desk, reader, made, values["case"], who, **command)


class ByName(Declared, Generic[Made]):
    """A declared command that records an event about a named item, by the rule `decide`."""

    decide: Callable[..., tuple[Event, ...]]

    @cached_property
    def event(self) -> type[Made]:
        """Return the class of the event that is recorded."""
        return cast(type[Made], event_taken_by(self.decide))

    @abstractmethod
    def __call__(
        self,
        desk: Desk,
        reader: Reader,
        which: UUID | str,
        made: Made,
        **command: Unpack[Command],
    ) -> Receipt: ...

    def record(
        self, use: Struct, desk: Desk, reader: Reader, **command: Unpack[Command]
    ) -> Receipt:
        values = asdict(use)
        made = convert(values, self.event)
        return self(desk, reader, next(iter(values.values())), made, **command)


def _on(
    desk: Desk,
    reader: Reader,
    name: str,
    which: UUID | str,
    find: str | Callable[[str], UUID],
    start: S,
    evolve: Callable[[S, Event], S],
    decide: Callable[[S], tuple[Event, ...]],
    body: object,
    *,
    log: LogName = "evidence",
    **command: Unpack[Command],
) -> Receipt:
    """Record a decision about an item of the kind `find`, or about the item that the function
    `find` looks up.
    """
    if isinstance(find, str):
        return act_on_item(desk, reader, name, which, find, start, evolve, decide, body, **command)
    named = str(which)
    return act_on_named(
        desk,
        reader,
        name,
        named,
        lambda: find(named),
        start,
        evolve,
        decide,
        body,
        log=log,
        **command,
    )


@dataclass(frozen=True)
class OnItem(ByName[Made], Generic[S, Made]):
    """A declared command that records an event in the stream of a named item; the rule decides from
    the state of the item. `find` is a kind of item, or a function that finds the stream and is not
    called for a repeated command. `recorder` chooses the controller and the law under which the
    event is recorded. `body` returns the input that is hashed to recognise a repeated command.
    """

    find: Find
    start: S
    evolve: Callable[[S, Event], S]
    decide: Callable[[Desk, Reader, S, Made], tuple[Event, ...]]
    recorder: Callable[[Reader], Reader] = itself
    body: Callable[[Made], object] = itself

    def __call__(
        self,
        desk: Desk,
        reader: Reader,
        which: UUID | str,
        made: Made,
        **command: Unpack[Command],
    ) -> Receipt:
        return _on(
            desk,
            self.recorder(reader),
            name_of(self.event),
            which,
            partial(self.find, desk, reader) if callable(self.find) else self.find,
            self.start,
            self.evolve,
            lambda state: self.decide(desk, reader, state, made),
            [self.body(made)],
            log=self.event.stored.log,
            **command,
        )


class InOrder(Declared, Generic[*Given]):
    """A declared command that records a decision about a named item. The other values of the
    command are the arguments of the domain rule, in the order of its parameters.
    """

    @abstractmethod
    def __call__(
        self,
        desk: Desk,
        reader: Reader,
        which: UUID | str,
        *given: *Given,
        **command: Unpack[Command],
    ) -> Receipt: ...

    def record(
        self, use: Struct, desk: Desk, reader: Reader, **command: Unpack[Command]
    ) -> Receipt:
        which, *values = (value for name, value in asdict(use).items() if name != "because_of")
        return self(desk, reader, which, *cast(tuple[*Given], tuple(values)), **command)


@dataclass(frozen=True)
class OnNamed(InOrder[*Given], Generic[S, *Given]):
    """A declared command that records a decision about a named stream. The other values of the
    command are the arguments of the rule `decide`, in the order of its parameters. `find` is a kind
    of item, or a function that finds the stream. `recorder` chooses the controller and the law
    under which the decision is recorded.
    """

    name: str
    find: Find
    start: S
    evolve: Callable[[S, Event], S]
    decide: Callable[[Desk, Reader, S, Unpack[Given]], tuple[Event, ...]]
    log: LogName = "evidence"
    recorder: Callable[[Reader], Reader] = itself

    def __call__(
        self,
        desk: Desk,
        reader: Reader,
        which: UUID | str,
        *given: *Given,
        **command: Unpack[Command],
    ) -> Receipt:
        return _on(
            desk,
            self.recorder(reader),
            self.name,
            which,
            partial(self.find, desk, reader) if callable(self.find) else self.find,
            self.start,
            self.evolve,
            lambda state: self.decide(desk, reader, state, *given),
            given,
            log=self.log,
            **command,
        )


class FromFields(Declared, Generic[P]):
    """A command that is a function with a parameter `made` for an event. The event is built from
    the fields of the use case that have the same names as its own. All other fields are passed to
    the function by name, including names of items, which the function looks up."""

    def __init__(self, function: Callable[P, Receipt]) -> None:
        self.function = function
        update_wrapper(self, function)

    def __call__(self, *given: P.args, **named: P.kwargs) -> Receipt:
        return self.function(*given, **named)

    @cached_property
    def event(self) -> type[Event]:
        """Return the class of the event that the function takes."""
        made: type[Event] = get_type_hints(self.function)["made"]
        return made

    def record(
        self, use: Struct, desk: Desk, reader: Reader, **command: Unpack[Command]
    ) -> Receipt:
        values = {name: value for name, value in asdict(use).items() if name != "because_of"}
        taken = taken_by_name(self.event)
        own_values = {name: value for name, value in values.items() if name in taken}
        others = {name: value for name, value in values.items() if name not in taken}
        made = convert(_unnamed(self.event) | own_values, self.event)
        function = cast(Callable[..., Receipt], self.function)
        return function(desk, reader, made=made, **others, **command)


def taken_by_name(event: type[Event]) -> frozenset[str]:
    """Return the names of those fields of an event that hold no id."""
    return frozenset(
        name
        for name, markers in markers_of(event).items()
        if not any(isinstance(marker, Access) for marker in markers)
    )


@cache
def _unnamed(event: type[Event]) -> dict[str, object]:
    """Return the required id fields of an event, each with a placeholder until a function has
    looked the item up.
    """
    taken, hints = taken_by_name(event), get_type_hints(event)
    required = (info.name for info in fields(event) if info.required and info.name not in taken)
    return {name: UNNAMED if hints[name] is UUID else () for name in required}

"""What a use case is: one frozen struct of what is told.

The command line, the screens' forms, the API, the name under which it is written down and the page
of reference are made from it. It holds no condition: a use case that needs one keeps hands of its
own in each front.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeAlias, Unpack
from uuid import UUID

import msgspec
from msgspec import Meta

from domain.kernel.codes import What
from domain.kernel.values import Refused

if TYPE_CHECKING:
    from commands.kernel.declared import Declared
    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader


@dataclass(frozen=True, kw_only=True)
class UseCaseText:
    """What a use case is called. `command` is its name at the command line and in the log of who
    looked; `records` the event that it records, whose acts are those that it takes; `about` the
    kind of the item that its first field names, if it is about one. `title` stands over its form,
    `send` on the button and `success_message` follows, with its fields in it: "Rated {level}";
    `then` is the page of what it made, where one goes on there: "/people/{id}". `help` replaces the
    docstring where a use case has several names. `address` ends the address of a program's call,
    where that is not the command's own name; `proposes` is what waits for a second person who gives
    the same command; `fixed` are the fields that this name tells; what `warns` has a red button: it
    frightens, or cannot be taken back."""

    command: str
    records: str
    title: str
    send: str
    success_message: str
    about: str | None = None
    then: str | None = None
    help: str | None = None
    address: str | None = None
    proposes: tuple[What, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict)
    warns: bool = False

    @property
    def slug(self) -> str:
        """The command's name as the end of an address."""
        return self.command.replace(" ", "-")


@dataclass(frozen=True)
class Ask:
    """How a field is asked for: `label` as a question, `hint` says how it is meant. `option` is its
    name at the command line where it is not told by its place, or is called otherwise; `placed`
    says that it is told by its place although it may be left out, `piped` that it comes from
    standard input. `rows` are the lines of its box; a `rare` one stands behind "More". What is
    `sealed` stands in no record of what was asked or taken along."""

    label: str
    hint: str = ""
    option: str | None = None
    placed: bool = False
    piped: bool = False
    rows: int = 0
    rare: bool = False
    sealed: bool = False


@dataclass(frozen=True)
class Ref:
    """A field that names an item as people do: by its id or the end of it, an event's reference,
    the number or reference of a case, or a name. `kind` is what it has to be."""

    kind: str | None = None


@dataclass(frozen=True)
class Bare:
    """How a day is read that is told alone, where a time is asked for: as its first moment or its
    `last`; one that `stays` is that day for every reader, whatever their clock."""

    last: bool = False
    stays: bool = False


#: Characters of a line, and of a text.
LINE, TEXT = 2_000, 20_000
Line: TypeAlias = Annotated[str, Meta(max_length=LINE)]
Text: TypeAlias = Annotated[str, Meta(max_length=TEXT)]
#: As long as somebody's own words may be.
Words: TypeAlias = Annotated[str, Meta(min_length=1, max_length=500_000)]
#: What names an item: its id, its ending, or what it is called.
Reference: TypeAlias = Annotated[str, Meta(min_length=1, max_length=LINE)]
CaseRef: TypeAlias = Annotated[Reference, Ref("case"), Ask("The case")]
PersonRef: TypeAlias = Annotated[Reference, Ref("person"), Ask("Who?", "An id or a name")]
ItemRef: TypeAlias = Annotated[Reference, Ref()]
#: When something happened. A time without a zone is London's, or UTC in a synthetic story; a
#: program says the zone.
Moment: TypeAlias = Annotated[datetime, Meta(tz=True)]
Day: TypeAlias = date
#: From when and until when something is so in the world.
Since: TypeAlias = Annotated[datetime, Meta(tz=True), Bare(stays=True)]
Until: TypeAlias = Annotated[datetime, Meta(tz=True), Bare(last=True, stays=True)]
#: When something that was decided ends: with its day.
End: TypeAlias = Annotated[datetime, Meta(tz=True), Bare(last=True)]
Causes: TypeAlias = Annotated[
    tuple[ItemRef, ...],
    Meta(max_length=100),
    Ask("What led to it?", "Ids, with commas between; none-known where that is so.", rare=True),
]


class UseCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody tells. A subclass says in its first sentence what it is for. It declares
    `gives`, where one declared command records all of it, or `do`."""

    named: ClassVar[UseCaseText | tuple[UseCaseText, ...]]

    def gives(self) -> "Declared":
        """Return the command that records it: its event has the fields of the same names."""
        raise NotImplementedError

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        """Decide and record it. Raises as the command that it gives."""
        return self.gives().record(self, desk, reader, **command)

    def warning(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        """What the person who told it has to know beside the receipt, such as a warning."""
        return None


class Mistold(Refused):
    """Fields that cannot be: all of them, each by its name with what to tell instead."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {words}" for name, words in faults.items()))
        self.faults = faults


def perform(use: UseCase, desk: "Desk", reader: "Reader", command_id: UUID) -> "Receipt":
    """Give the command of a use case. What led to it is looked up first, but not where the command
    was given before: what was found then may be found no more. Raises as the use case."""
    from commands.kernel.item_references import causes

    told: tuple[str, ...] = getattr(use, "because_of", ())
    return use.do(
        desk, reader, command_id=command_id, because_of=causes(desk, reader, told, command_id)
    )

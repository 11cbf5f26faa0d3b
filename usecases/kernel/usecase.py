"""Use cases: each is one frozen struct of its input.

The command line, the screens' forms, the API, the use case's name in the access log and its
reference page are made from this struct. A declaration contains no conditions: a use case that
needs one has its own code in the command line, the screens and the API.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeAlias, Unpack
from uuid import UUID

import msgspec
from msgspec import Meta, Struct, field

from commands.kernel import item_references
from domain.kernel.codes import What
from domain.kernel.values import Refused

if TYPE_CHECKING:
    from commands.kernel.declared import Declared
    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader


class UseCaseText(Struct, frozen=True, kw_only=True):
    """The texts of a use case.

    - `command` is the name of the use case at the command line and in the access log. `records` is
      the event that it records; the user needs a right to an action of this event. `about` is the
      kind of the item in its first field, if this field is for its subject.
    - `title` is the title of its form, `send` the label of the form's button. `success_message` is
      shown afterwards; values of fields are put into its braces: "Rated {level}". `then` is the
      page to continue on, if there is one: "/people/{id}".
    - `help` replaces the docstring if a use case has several names. `address` is the end of the API
      address, if it differs from the command's name. `proposes` are the proposals that a second
      person confirms with the same command. `fixed` are the fields whose values are set by this
      name of the use case.
    - `warns` makes the button red: for a use case that alarms, or cannot be undone.
    """

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
        """Return the command's name with hyphens instead of spaces, as addresses contain it."""
        return self.command.replace(" ", "-")


class Ask(Struct, frozen=True):
    """How a user enters a field: `label` is the question, `hint` its explanation. `option` is the
    field's name at the command line, if the field is no positional argument or has another name
    there; `placed` makes an optional field positional, `piped` reads it from standard input. `rows`
    are the lines of its box; a `rare` field is behind "More". The value of a `sealed` field is not
    written to the access log, and not to the record of an export."""

    label: str
    hint: str = ""
    option: str | None = None
    placed: bool = False
    piped: bool = False
    rows: int = 0
    rare: bool = False
    sealed: bool = False


class Ref(Struct, frozen=True):
    """Marks a field that names an item. The user may name it by its id or the end of the id, by the
    reference of an event, by the number or reference of a case, or by a name. `kind` is the kind
    that the item must have, if only one is allowed."""

    kind: str | None = None


class Bare(Struct, frozen=True):
    """Marks a field for a time. If a user types a day without a time of day, the field's value is
    the first moment of this day or, with `last`, its last moment. With `stays` the day itself is
    stored, so that it is the same day for readers in every time zone."""

    last: bool = False
    stays: bool = False


#: The most characters of a line, and of a text.
LINE, TEXT = 2_000, 20_000
Line: TypeAlias = Annotated[str, Meta(max_length=LINE)]
Text: TypeAlias = Annotated[str, Meta(max_length=TEXT)]
#: A person's own words, with their maximum length.
Words: TypeAlias = Annotated[str, Meta(min_length=1, max_length=500_000)]
#: A reference to an item: its id, the end of the id, or a name.
Reference: TypeAlias = Annotated[str, Meta(min_length=1, max_length=LINE)]
CaseRef: TypeAlias = Annotated[Reference, Ref("case"), Ask("Which case do you mean?")]
PersonRef: TypeAlias = Annotated[
    Reference, Ref("person"), Ask("Which person do you mean?", "An id or a name")
]
ItemRef: TypeAlias = Annotated[Reference, Ref()]
#: The time at which something happened. A time without a zone is in London time, or in UTC in a
#: synthetic story; a program gives the zone.
Moment: TypeAlias = Annotated[datetime, Meta(tz=True)]
Day: TypeAlias = date
#: The start or the end of a period in which something is true.
Since: TypeAlias = Annotated[datetime, Meta(tz=True), Bare(stays=True)]
Until: TypeAlias = Annotated[datetime, Meta(tz=True), Bare(last=True, stays=True)]
#: The time at which a decision expires: the end of a day.
End: TypeAlias = Annotated[datetime, Meta(tz=True), Bare(last=True)]
Causes: TypeAlias = Annotated[
    tuple[ItemRef, ...],
    Meta(max_length=100),
    Ask(
        "Which records led to this step?",
        "Ids with commas, or none-known.",
        rare=True,
    ),
]


class UseCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The input of a command. The first sentence of a subclass's docstring is its help. A subclass
    declares `gives` if one declared command records all fields, and otherwise `do`."""

    named: ClassVar[UseCaseText | tuple[UseCaseText, ...]]

    def gives(self) -> "Declared":
        """Return the declared command that records this use case. The command's event has fields
        with the names of the use case's fields.
        """
        raise NotImplementedError

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        """Carry out the use case: decide and record. Raises what its command raises."""
        return self.gives().record(self, desk, reader, **command)

    def warning(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        """Return a message for the user beside the receipt, such as a warning, or None."""
        return None


class FieldErrors(Refused):
    """Raised for invalid fields: `faults` say by field what to write instead."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {words}" for name, words in faults.items()))
        self.faults = faults


def perform(use: UseCase, desk: "Desk", reader: "Reader", command_id: UUID) -> "Receipt":
    """Run the command of a use case for this reader. The items that the input names as causes are
    looked up first; not so for a repeated command, because those items may no longer exist. Raises
    what the use case raises.
    """
    references: tuple[str, ...] = getattr(use, "because_of", ())
    return use.do(
        desk,
        reader,
        command_id=command_id,
        because_of=item_references.causes(desk, reader, references, command_id),
    )

"""Markers that say what a field of an event is, in addition to its type: `Annotated[UUID, ABOUT,
OWNER]`.

A field with an id has two independent markers: one says which access to the item with that id a
person needs in order to record the event; the other says what happens to the event when that item
is erased or put on legal hold. A field with a text has a marker that says whose words the text is.
Markers do not change what is stored. Every field with a text or an id must have its markers
(tests/domain/test_meaning.py).
"""

from collections.abc import Iterator
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints


class Access(Enum):
    """The markers that say which access the recorder of the event needs to the item in the
    field.
    """

    ABOUT = "about"
    NAMED = "named"
    NOT_CHECKED = "not checked"


class Life(Enum):
    """The markers that say what happens to the event's stream when the item in the field is erased
    or put on legal hold.
    """

    OWNER = "owner"
    MENTION = "mention"
    FILED = "filed"
    CONFIRMED = "confirmed"
    CHILD = "child"
    ENTRY = "entry"
    KNOWER = "knower"
    TOLD_BY = "told by"
    BASIS = "basis"
    PRODUCT = "product"
    END = "end"
    JUDGED = "judged"
    OUTCOME = "outcome"
    LEFT = "left"
    RETENTION = "retention"
    SHOWN = "shown"
    NOT_REACHED = "not reached"


class Text(Enum):
    """The markers that say whose words the text in the field is: a parent's or child's, a
    professional's, or the program's.
    """

    SAID = "said"
    WRITTEN = "written"
    IDENTIFYING = "identifying"
    CODE = "code"
    AS_IS = "as is"


class Role(Enum):
    """The markers that say which part the field has in the audit trail of the event's item."""

    RESTS_ON = "rests on"
    OCCURRED = "occurred"


#: Marks a field with the id of an item: the person who records the event needs a right to record
#: events about this item.
ABOUT = Access.ABOUT
#: Marks a field with the id of an item: the person who records the event must be able to see this
#: item.
NAMED = Access.NAMED
#: Marks a field with the id of an item: the person who records the event need not see this item,
#: because another rule decides, or because the id reveals nothing.
NOT_CHECKED = Access.NOT_CHECKED
#: Marks the field with the item to which the event's stream belongs. The stream is erased together
#: with this item, and covered by the item's legal holds.
OWNER = Life.OWNER
#: Marks the field with an item whose legal holds cover the event's stream. The stream is not erased
#: with this item.
MENTION = Life.MENTION
#: Marks the field with the case in which a log entry is filed.
FILED = Life.FILED
#: Marks the field with a person or thing that an officer confirmed as mentioned in a log entry.
CONFIRMED = Life.CONFIRMED
#: Marks the field with the child of a case.
CHILD = Life.CHILD
#: Marks the field with the entry of the source register that has the source of a log entry.
ENTRY = Life.ENTRY
#: Marks the field with the token (random id) of a person who had the information first, or passed
#: it on.
KNOWER = Life.KNOWER
#: Marks the field with the source that an entry of the source register names.
TOLD_BY = Life.TOLD_BY
#: Marks the field with an item on which a link, a graded item or an exhibit is based.
BASIS = Life.BASIS
#: Marks the field with the released copy of a report.
PRODUCT = Life.PRODUCT
#: Marks the field with one of the two people or things that a link joins.
END = Life.END
#: Marks the field with a record that was judged the same as another record, or different from it.
JUDGED = Life.JUDGED
#: Marks the field with the person or case that an arrest, a charge, a notice or a result is about.
OUTCOME = Life.OUTCOME
#: Marks the field with an item that a disclosure shared.
LEFT = Life.LEFT
#: Marks the field with an item that is restricted, reviewed or, in the first release, put on legal
#: hold.
RETENTION = Life.RETENTION
#: Marks the field with an item that was shown to a user.
SHOWN = Life.SHOWN
#: Marks the field with an item whose erasure or legal hold does not affect the event's stream.
NOT_REACHED = Life.NOT_REACHED
#: Marks a field with a parent's or a child's own words: the program never changes them and suggests
#: no other words.
SAID = Text.SAID
#: Marks a field with a professional's own words: the program suggests other words in place of
#: blaming words.
WRITTEN = Text.WRITTEN
#: Marks a field with a name, an address, a number or a description that identifies a person, a
#: place or a thing.
IDENTIFYING = Text.IDENTIFYING
#: Marks a field with a code, an account, a team, a hash or a legal term: such a text identifies no
#: person by itself.
CODE = Text.CODE
#: Marks a field with a text that was checked where it was first written, or that is only about the
#: program's data.
AS_IS = Text.AS_IS
#: Marks the field with an item on which the event's item is based. The audit trail of the event's
#: item continues with it.
RESTS_ON = Role.RESTS_ON
#: Marks the field with the time at which a fact is said to have happened.
OCCURRED = Role.OCCURRED

Marker = Access | Life | Text | Role


@cache
def marked(event: type, marker: Marker) -> tuple[str, ...]:
    """Return the names of an event's fields with this marker, in order. The fields of a nested
    struct are read in the same way.
    """
    return tuple(name for name, markers in markers_of(event).items() if marker in markers)


@cache
def markers_of(event: type) -> dict[str, tuple[Marker, ...]]:
    """Return the markers of each field of an event, or of a struct in it."""
    hints = get_type_hints(event, include_extras=True)
    names: tuple[str, ...] = event.__struct_fields__  # type: ignore[attr-defined]
    return {name: tuple(_markers(hints[name])) for name in names}


def _markers(hint: Any) -> Iterator[Marker]:
    if get_origin(hint) is Annotated:
        yield from (marker for marker in hint.__metadata__ if isinstance(marker, Marker))


def codes_in(hint: object) -> tuple[Any, ...]:
    """Return the codes that a value of this type may have: the values of a Literal, also of one
    inside an optional type or a tuple; () for a type without codes."""
    if get_origin(hint) is Literal:
        return get_args(hint)
    return tuple(code for inner in get_args(hint) for code in codes_in(inner))

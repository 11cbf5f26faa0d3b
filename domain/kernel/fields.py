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
from typing import Annotated, Any, get_origin, get_type_hints


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


#: The person who records the event needs a right to do so that covers the item in this field.
ABOUT = Access.ABOUT
#: The person who records the event must be able to see the item in this field.
NAMED = Access.NAMED
#: The person who records the event need not see the item in this field: another rule decides, or
#: the item reveals nothing.
NOT_CHECKED = Access.NOT_CHECKED
#: The event's stream belongs to the item in this field: it is erased together with the item, and
#: covered by the item's legal holds.
OWNER = Life.OWNER
#: The event's stream is covered by legal holds of the item in this field, but is not erased with
#: the item.
MENTION = Life.MENTION
#: This field has the case in which the log entry is filed.
FILED = Life.FILED
#: This field has a person or thing that an officer confirmed as mentioned in the log entry.
CONFIRMED = Life.CONFIRMED
#: This field has the child of the case.
CHILD = Life.CHILD
#: This field holds the entry of the source register with the source of the log entry.
ENTRY = Life.ENTRY
#: This field has the token (random id) of a person who had the information first, or passed it on.
KNOWER = Life.KNOWER
#: This field holds the source that an entry of the source register names.
TOLD_BY = Life.TOLD_BY
#: This field holds the item on which a link, a graded item or an exhibit is based.
BASIS = Life.BASIS
#: This field holds the released copy of the report.
PRODUCT = Life.PRODUCT
#: This field has one of the two people or things that a link joins.
END = Life.END
#: This field holds a record that was judged the same as another, or different.
JUDGED = Life.JUDGED
#: This field holds the person or case that an arrest, a charge, a notice or a result is about.
OUTCOME = Life.OUTCOME
#: This field holds an item that the disclosure shared.
LEFT = Life.LEFT
#: This field has an item that is restricted, reviewed or, in the first release, put on legal hold.
RETENTION = Life.RETENTION
#: This field has an item that a person was shown.
SHOWN = Life.SHOWN
#: An erasure or a legal hold of the item in this field does not affect the event's stream.
NOT_REACHED = Life.NOT_REACHED
#: A parent's or a child's own words: the program never changes them and suggests no other words.
SAID = Text.SAID
#: A professional's own words: the program suggests other words in place of blaming words.
WRITTEN = Text.WRITTEN
#: A name, an address, a number or a description that identifies a person, a place or a thing.
IDENTIFYING = Text.IDENTIFYING
#: A code, an account, a team, a hash, a legal term: such a text identifies no person by itself.
CODE = Text.CODE
#: A text that was checked where it was first written, or that is only about the program's data.
AS_IS = Text.AS_IS
#: The item in this field is a basis of the event's item; an audit trail of the event's item
#: continues with it.
RESTS_ON = Role.RESTS_ON
#: This field holds the claimed time of the fact.
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

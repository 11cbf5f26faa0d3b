"""Markers that say what a field of an event is, beside its type: `Annotated[UUID, ABOUT, OWNER]`.

An id has two independent markers: the access that the recorder needs to the item that it names, and
what an erasure or a hold of that item does with the fact. A text has a marker for whose words it
holds. Markers do not change what is stored; a field of a text or an id without its markers fails
(tests/domain/test_meaning.py).
"""

from collections.abc import Iterator
from enum import Enum
from functools import cache
from typing import Annotated, Any, get_origin, get_type_hints


class Access(Enum):
    """The access that the recorder of an event needs to the item in the field."""

    ABOUT = "about"
    NAMED = "named"
    NOT_CHECKED = "not checked"


class Life(Enum):
    """The effect on the event's stream of an erasure, or a legal hold, of the item in the field."""

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
    """The author of the text in a field."""

    SAID = "said"
    WRITTEN = "written"
    IDENTIFYING = "identifying"
    CODE = "code"
    AS_IS = "as is"


class Role(Enum):
    """The part that a field has in the trail of its item."""

    RESTS_ON = "rests on"
    OCCURRED = "occurred"


#: One of the event's acts must reach the item.
ABOUT = Access.ABOUT
#: The recorder must see the item.
NAMED = Access.NAMED
#: The recorder need not see the item: a rule of its own decides, or it reveals nothing.
NOT_CHECKED = Access.NOT_CHECKED
#: The stream belongs to the item: it is erased with it, and held with it.
OWNER = Life.OWNER
#: The stream remains without the item, and is held with it.
MENTION = Life.MENTION
#: The case in which this log entry is filed.
FILED = Life.FILED
#: A person or thing that an officer confirmed in this log entry.
CONFIRMED = Life.CONFIRMED
#: The child of this case.
CHILD = Life.CHILD
#: The entry of the source register with the source of this log entry.
ENTRY = Life.ENTRY
#: The token of a person who knew it first, or passed it on.
KNOWER = Life.KNOWER
#: The source that this entry of the register names.
TOLD_BY = Life.TOLD_BY
#: The item on which a link, a graded item or an exhibit is based.
BASIS = Life.BASIS
#: The released copy of this report.
PRODUCT = Life.PRODUCT
#: An end of a link.
END = Life.END
#: A record that was judged the same as another, or different.
JUDGED = Life.JUDGED
#: The person or case that an arrest, a charge, a notice or a result is about.
OUTCOME = Life.OUTCOME
#: An item that this disclosure shared.
LEFT = Life.LEFT
#: An item that is restricted, reviewed or, in the first release, held.
RETENTION = Life.RETENTION
#: An item that a person was shown.
SHOWN = Life.SHOWN
#: No erasure and no hold of the item reaches the stream through this field.
NOT_REACHED = Life.NOT_REACHED
#: A parent's or a child's own words: never changed, and never with suggested alternatives.
SAID = Text.SAID
#: A professional's own words: alternatives are suggested for words that blame.
WRITTEN = Text.WRITTEN
#: A name, an address, a number or a description that identifies a person, a place or a thing.
IDENTIFYING = Text.IDENTIFYING
#: A code, an account, a team, a hash, a legal term: it identifies no person by itself.
CODE = Text.CODE
#: Words that were checked where they were first written, or that are about the store only.
AS_IS = Text.AS_IS
#: A trail continues to the item.
RESTS_ON = Role.RESTS_ON
#: The claimed time of the fact.
OCCURRED = Role.OCCURRED

Marker = Access | Life | Text | Role


@cache
def marked(event: type, marker: Marker) -> tuple[str, ...]:
    """Return the names of an event's fields (or of a nested struct's) with this marker, in
    order."""
    return tuple(name for name, markers in markers_of(event).items() if marker in markers)


@cache
def markers_of(event: type) -> dict[str, tuple[Marker, ...]]:
    """Return the markers of each field of an event, or of a struct in it."""
    hints = get_type_hints(event, include_extras=True)
    names: tuple[str, ...] = event.__struct_fields__  # type: ignore[attr-defined]
    return {name: tuple(_markers(hints[name])) for name in names}


def _markers(hint: Any) -> Iterator[Marker]:
    if get_origin(hint) is Annotated:
        yield from (one for one in hint.__metadata__ if isinstance(one, Marker))

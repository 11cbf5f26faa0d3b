"""What a field of an event is, as markers beside its type: `Annotated[UUID, ABOUT, OWNER]`.

An id says two independent things: which access its recorder needs to what it names, and what an
erasure of that, or a hold on it, does with the fact. A text says whose words it holds. What is
stored does not depend on a marker; a field of a text or an id without its markers fails
(tests/domain/test_meaning.py).
"""

from collections.abc import Iterator
from enum import Enum
from functools import cache
from typing import Annotated, Any, get_origin, get_type_hints


class Access(Enum):
    """What the recorder of an event must be able to do with what the field names."""

    ABOUT = "about"
    NAMED = "named"
    NOT_CHECKED = "not checked"


class Life(Enum):
    """What an erasure, or a legal hold, of what the field names does with the event's stream."""

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
    """Whose words a text field holds."""

    SAID = "said"
    WRITTEN = "written"
    IDENTIFYING = "identifying"
    CODE = "code"
    AS_IS = "as is"


class Role(Enum):
    """What a field is to the trail of its item."""

    RESTS_ON = "rests on"
    OCCURRED = "occurred"


#: One of the event's acts must reach it.
ABOUT = Access.ABOUT
#: The recorder must see it.
NAMED = Access.NAMED
#: The recorder need not see it: a rule of its own decides, or it tells nothing.
NOT_CHECKED = Access.NOT_CHECKED
#: The stream belongs to it: it goes when this is erased, and is held when this is held.
OWNER = Life.OWNER
#: The stream stands without it, and is held when this is held.
MENTION = Life.MENTION
#: The case in which these words are filed.
FILED = Life.FILED
#: Somebody or something that a person confirmed in these words.
CONFIRMED = Life.CONFIRMED
#: The child of this case.
CHILD = Life.CHILD
#: The entry of the source register that says who told these words.
ENTRY = Life.ENTRY
#: The token of one who knew it first, or passed it on.
KNOWER = Life.KNOWER
#: The source that this entry of the register names.
TOLD_BY = Life.TOLD_BY
#: What a link, a graded item or an exhibit rests on.
BASIS = Life.BASIS
#: The released copy of this report.
PRODUCT = Life.PRODUCT
#: One of the two ends of a link.
END = Life.END
#: One of the two who were judged the same, or different.
JUDGED = Life.JUDGED
#: Whom, or which case, an arrest, a charge, a notice or a result is about.
OUTCOME = Life.OUTCOME
#: What left the house with it.
LEFT = Life.LEFT
#: What is restricted, reviewed or, in the first release, held.
RETENTION = Life.RETENTION
#: What somebody was shown.
SHOWN = Life.SHOWN
#: No erasure of it and no hold on it reaches the stream by this field.
NOT_REACHED = Life.NOT_REACHED
#: A parent's or a child's own words: never changed, and never offered other words.
SAID = Text.SAID
#: A professional's own words: other words are offered for those that blame.
WRITTEN = Text.WRITTEN
#: A name, an address, a number or a description that leads to a person, a place or a thing.
IDENTIFYING = Text.IDENTIFYING
#: A code, an account, a team, a hash, a term of the law: it says nothing of a person by itself.
CODE = Text.CODE
#: Words that were looked at where they were first written, or that are about the store alone.
AS_IS = Text.AS_IS
#: A trail goes back to it.
RESTS_ON = Role.RESTS_ON
#: When the fact happened, as it was claimed.
OCCURRED = Role.OCCURRED

Marker = Access | Life | Text | Role


@cache
def marked(event: type, marker: Marker) -> tuple[str, ...]:
    """The names of the fields of an event, or of a struct in it, that have this marker, in their
    order."""
    return tuple(name for name, markers in markers_of(event).items() if marker in markers)


@cache
def markers_of(event: type) -> dict[str, tuple[Marker, ...]]:
    """The markers of each field of an event, or of a struct in it."""
    hints = get_type_hints(event, include_extras=True)
    names: tuple[str, ...] = event.__struct_fields__  # type: ignore[attr-defined]
    return {name: tuple(_markers(hints[name])) for name in names}


def _markers(hint: Any) -> Iterator[Marker]:
    if get_origin(hint) is Annotated:
        yield from (one for one in hint.__metadata__ if isinstance(one, Marker))

"""Classes that describe the effects of an event on deadlines, if the effect depends on the event
alone. The attribute `Meaning.deadlines` of an event's class holds these descriptions.

`projections/due` applies them; its code has the effects that depend on other facts.
"""

from typing import Literal

import msgspec

from domain.kernel.codes import Clock


class Begins(msgspec.Struct, frozen=True):
    """Declares that recording the event begins a deadline. `of`, `due`, `since` and `key` are names
    of fields of the event.

    - `of`: the field with the item that is due; None if the item is the event's own stream.
    - `by`: who has to answer the deadline: the event's author, anyone with the author's role, or a
      person other than the author.
    - `due`: the field with the day or time at which the deadline ends.
    - `since`: the field with the day or time at which the deadline starts, never later than the
      time of recording.
    - `in_case`: True if the deadline belongs to the team of the event's case.
    - `key`: the field that distinguishes several deadlines of one item.
    """

    clock: Clock
    of: str | None = None
    by: Literal["author", "anyone", "another"] = "author"
    due: str | None = None
    since: str | None = None
    in_case: bool = False
    key: str | None = None


class Ends(msgspec.Struct, frozen=True):
    """Declares that recording the event ends a deadline: the deadline of the item in the event's
    field `of` or, if `of` is None, the deadline of the event's own stream. `key` is the field that
    distinguishes several deadlines of one item.
    """

    clock: Clock
    of: str | None = None
    key: str | None = None


class Postpones(msgspec.Struct, frozen=True):
    """Declares that recording the event moves the deadline of the event's stream to the day in the
    field `due`, or ends it if that field is empty.
    """

    clock: Clock
    due: str


DeadlineEffect = Begins | Ends | Postpones

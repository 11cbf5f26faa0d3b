"""What an event does to deadlines, if that depends on the event alone (`Meaning.deadlines`).

`projections/due` applies it. Effects that depend on other facts are written there.
"""

from typing import Literal

import msgspec

from domain.kernel.codes import Clock


class Begins(msgspec.Struct, frozen=True):
    """The event begins a deadline.

    `of`: the field with the item that it is about (None: the event's stream). `by`: who answers it:
    the event's author, anyone of its role, or another than the author. `due`: the field with its
    day or time; `since`: the field with its start, at the latest when it was recorded. `in_case`:
    it is for the team of the event's case. `key`: the field that tells the deadlines of one item
    apart.
    """

    clock: Clock
    of: str | None = None
    by: Literal["author", "anyone", "another"] = "author"
    due: str | None = None
    since: str | None = None
    in_case: bool = False
    key: str | None = None


class Ends(msgspec.Struct, frozen=True):
    """The event ends the deadline of the item in the field `of` (None: of its stream); `key` as in
    `Begins`.
    """

    clock: Clock
    of: str | None = None
    key: str | None = None


class Postpones(msgspec.Struct, frozen=True):
    """The event moves the deadline of its stream to the day in the field `due`, or ends it if there
    is none."""

    clock: Clock
    due: str


DeadlineEffect = Begins | Ends | Postpones

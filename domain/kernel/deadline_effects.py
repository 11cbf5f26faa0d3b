"""Describe what an event does to deadlines, if that depends on the event alone
(`Meaning.deadlines`).

`projections/due` applies these descriptions; effects that depend on other facts are in its code.
"""

from typing import Literal

import msgspec

from domain.kernel.codes import Clock


class Begins(msgspec.Struct, frozen=True):
    """The event begins a deadline.

    `of`: the field with the deadline's item; None if the item is the event's stream. `by`: the
    people who answer it: the event's author, anyone with the author's role, or another person than
    the author. `due`: the field with its day or time; `since`: the field with its start, which is
    not after the recording. `in_case`: the deadline belongs to the team of the event's case. `key`:
    the field that distinguishes the deadlines of one item.
    """

    clock: Clock
    of: str | None = None
    by: Literal["author", "anyone", "another"] = "author"
    due: str | None = None
    since: str | None = None
    in_case: bool = False
    key: str | None = None


class Ends(msgspec.Struct, frozen=True):
    """The event ends the deadline of the item in the field `of`, or, if that is None, of the
    event's stream; `key` as in `Begins`.
    """

    clock: Clock
    of: str | None = None
    key: str | None = None


class Postpones(msgspec.Struct, frozen=True):
    """The event moves the deadline of its stream to the day in the field `due`, or ends it if that
    field is empty.
    """

    clock: Clock
    due: str


DeadlineEffect = Begins | Ends | Postpones

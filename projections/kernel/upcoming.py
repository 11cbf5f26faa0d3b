"""Choose the rows that are read together. If a fact needs the rows of an id in one of its fields,
the following facts of the same class will need the rows of the ids in that field.

On a server each statement is a round trip. With a statement for each fact, the round trips would
take most of the time of a batch.
"""

from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from operator import attrgetter
from typing import Any
from uuid import UUID

from domain.kernel.envelope import Event, Recorded

#: Each statement that reads rows in advance reads those of eight times as many ids as the statement
#: before it. Few rows are therefore read in vain if few facts need them.
_GROWTH = 8
_position = attrgetter("seq")
_getter = cache(attrgetter)


class UpcomingFacts:
    """The facts of a batch, in order; `current` is the fact that is being applied."""

    __slots__ = ("_by_class", "_counts", "current")

    def __init__(self, facts: Sequence[Recorded] = ()) -> None:
        self.current: Recorded | None = None
        self._counts: dict[object, int] = {}
        self._by_class: dict[type[Event], list[Recorded]] = {}
        for fact in facts:
            self._by_class.setdefault(type(fact.event), []).append(fact)

    def ids(self, purpose: object, wanted: Sequence[object]) -> list[Any]:
        """Return the ids whose rows one statement reads: the first value of `wanted` and, if it is
        an id in a field of the present fact, the ids in that field of the following facts.

        Only the first value is returned if it is no such id, or if another value of `wanted` is an
        id, too. `purpose` identifies the statement: a table and its columns.
        """
        value, *rest = wanted
        fact = self.current
        if fact is None or not isinstance(value, UUID):
            return [value]
        field = _field(fact, value)
        if field is None or any(isinstance(other, UUID) for other in rest):
            return [value]
        place = purpose, type(fact.event), field
        count = self._counts.get(place, 1)
        self._counts[place] = count * _GROWTH
        ids: dict[object, None] = {value: None}
        if count > 1:
            facts, read = self._by_class.get(type(fact.event), []), _getter(field)
            start = bisect_right(facts, fact.seq, key=_position)
            ids.update((read(later), None) for later in facts[start : start + count])
        return [item for item in ids if isinstance(item, UUID)]


def _field(fact: Recorded, item: UUID) -> str | None:
    """Return the name of the field of a fact whose value is this id."""
    if fact.stream == item:
        return "stream"
    event: Any = fact.event
    fields = (name for name in event.__struct_fields__ if getattr(event, name) == item)
    return next((f"event.{name}" for name in fields), None)

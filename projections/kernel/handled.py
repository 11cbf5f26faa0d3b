"""List the events that each view handles, so that a batch's other events cost it nothing.

The list is generated from the views' own code (`python -m tests.kept.folds`). A view or an event
that is not in it, such as a test's own, gets everything.
"""

from collections.abc import Collection, Sequence
from functools import cache
from operator import attrgetter
from pathlib import Path
from uuid import UUID

from domain.data_protection import erasure
from domain.kernel.decoding import decoder
from domain.kernel.envelope import Event, Recorded
from projections.kernel.schema import ListedView, View

#: The names of the views that handle each event, by its topic.
HANDLED = Path(__file__).parents[1] / "handled.json"


@cache
def _views_of(topic: str) -> frozenset[str] | None:
    return _listed().get(topic)


@cache
def _listed() -> dict[str, frozenset[str]]:
    return decoder(dict[str, frozenset[str]])(HANDLED.read_bytes())


def handles(view: View, kind: type[Event]) -> bool:
    """True if such an event may change the view."""
    views = _views_of(kind.stored.topic) if isinstance(view, ListedView) else None
    return views is None or view.name in views


class Shares:
    """The facts of a batch, by the views that handle them."""

    def __init__(self, facts: Sequence[Recorded], gone: Collection[UUID]) -> None:
        self._kinds: dict[type[Event], list[Recorded]] = {}
        self._gone: list[Recorded] = []
        for fact in facts:
            if gone and is_gone(fact, gone):
                self._gone.append(fact)
            else:
                self._kinds.setdefault(type(fact.event), []).append(fact)

    def of(self, view: View) -> list[Recorded]:
        """Return the facts that the view handles, in their order, with those of erased items if it
        handles their traces."""
        shares = [facts for kind, facts in self._kinds.items() if handles(view, kind)]
        if self._gone and view.left:
            shares.append(self._gone)
        if len(shares) == 1:
            return shares[0]
        return sorted((fact for share in shares for fact in share), key=attrgetter("seq"))


def is_gone(fact: Recorded, gone: Collection[UUID]) -> bool:
    """Return whether the fact is of an erased item, and is not one that the erasure itself
    records."""
    return fact.stream in gone and not erasure.is_destroyed(fact.event)

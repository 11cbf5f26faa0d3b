"""List the events that each view handles, so that a view is not called for other events.

The list is generated from the views' code (`python -m tests.kept.folds`). A view that is not in the
list, such as a view of a test, gets all events; an event that is not in the list goes to all views.
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

#: A file that names, for each event (by its stored name), the views that handle it.
HANDLED = Path(__file__).parents[1] / "handled.json"


@cache
def _views_of(topic: str) -> frozenset[str] | None:
    return _listed().get(topic)


@cache
def _listed() -> dict[str, frozenset[str]]:
    return decoder(dict[str, frozenset[str]])(HANDLED.read_bytes())


def handles(view: View, kind: type[Event]) -> bool:
    """Return whether an event of this class may change the view."""
    views = _views_of(kind.stored.topic) if isinstance(view, ListedView) else None
    return views is None or view.name in views


class Shares:
    """The facts of a batch, divided among the views that handle them."""

    def __init__(self, facts: Sequence[Recorded], gone: Collection[UUID]) -> None:
        self._kinds: dict[type[Event], list[Recorded]] = {}
        self._gone: list[Recorded] = []
        for fact in facts:
            if gone and is_of_erased_item(fact, gone):
                self._gone.append(fact)
            else:
                self._kinds.setdefault(type(fact.event), []).append(fact)

    def of(self, view: View) -> list[Recorded]:
        """Return the facts that the view handles, in order.

        Facts of erased items are included only if the view stores something about such items
        (`View.left`).
        """
        shares = [facts for kind, facts in self._kinds.items() if handles(view, kind)]
        if self._gone and view.left:
            shares.append(self._gone)
        if len(shares) == 1:
            return shares[0]
        return sorted((fact for share in shares for fact in share), key=attrgetter("seq"))


def is_of_erased_item(fact: Recorded, gone: Collection[UUID]) -> bool:
    """Return whether the fact belongs to one of the erased items `gone`, and was not recorded by
    the erasure itself.
    """
    return fact.stream in gone and not erasure.is_destroyed(fact.event)

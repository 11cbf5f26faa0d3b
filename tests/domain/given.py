"""A test of a decision: given a history, when a decision is made, then these events are recorded or
the decision is refused.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

import pytest

from domain.kernel.envelope import Event
from domain.kernel.values import Refused

S = TypeVar("S")


def uid(number: int) -> UUID:
    """Return the id with this number; the same number always gives the same id."""
    return UUID(int=number)


@dataclass(frozen=True)
class Given(Generic[S]):
    """A stream with a history of events, on which a test makes a decision."""

    start: S
    evolve: Callable[[S, Event], S]
    history: tuple[Event, ...] = ()

    def after(self, *events: Event) -> "Given[S]":
        return Given(self.start, self.evolve, (*self.history, *events))

    @property
    def state(self) -> S:
        state = self.start
        for event in self.history:
            state = self.evolve(state, event)
        return state

    def when(self, decide: Callable[..., Sequence[Event]], *told: Any, **more: Any) -> "When[S]":
        return When(self, lambda: tuple(decide(self.state, *told, **more)))


def begin(decide: Callable[..., Sequence[Event]]) -> Callable[..., Sequence[Event]]:
    """Return the decision `decide` as a function that takes a state and ignores it, because the
    first decision of a stream has no state."""
    return lambda state, *told: decide(*told)


@dataclass(frozen=True)
class When(Generic[S]):
    """A decision that a test is about to make on a stream."""

    given: Given[S]
    decide: Callable[[], tuple[Event, ...]]

    def then(self, *events: Event) -> Given[S]:
        """Assert that the decision records exactly these events; return the stream with them in its
        history.
        """
        assert self.decide() == events
        return self.given.after(*events)

    def refused(self, because: str) -> None:
        """Assert that the decision is refused with a message that contains these words."""
        with pytest.raises(Refused, match=because):
            self.decide()

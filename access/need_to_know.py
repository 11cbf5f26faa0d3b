"""Whose is it to know? Children and their cases are not shared between teams."""

from collections.abc import Collection
from typing import Protocol

from domain.values import Reader


class Held(Protocol):
    """A case by which something is held."""

    @property
    def team(self) -> str: ...

    @property
    def workers(self) -> tuple[str, ...]: ...


def hidden(reader: Reader, holdings: Collection[Held]) -> bool:
    """Whether something is kept from the reader: it belongs to cases, and none of them is their
    team's or names them as a worker."""
    return bool(holdings) and not any(
        reader.team == one.team or reader.name in one.workers for one in holdings
    )

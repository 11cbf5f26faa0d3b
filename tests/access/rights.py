"""Users of access tests, who get their rights directly, without the commands that would grant
them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import msgspec
import pytest

from domain.kernel.values import Reader, Role
from installation.settings import Settings


@dataclass(frozen=True)
class Rights:
    """A user's rights: roles, teams, and the cases and children assigned to the user."""

    roles: tuple[Role, ...]
    teams: tuple[str, ...] = ()
    cases: tuple[UUID, ...] = ()
    children: tuple[UUID, ...] = ()

    def of(self, label: Reader) -> Reader:
        """Return the reader `label` with these rights, as on a store with accounts."""
        return msgspec.structs.replace(
            label,
            team=self.teams[0] if self.teams else label.team,
            closed=True,
            roles=frozenset(self.roles),
            teams=frozenset(self.teams),
            cases=frozenset(self.cases),
            children=frozenset(self.children),
            assessor=not {"detective", "intelligence-officer"}.isdisjoint(self.roles),
        )


def close(monkeypatch: pytest.MonkeyPatch, rights: Mapping[str, Rights]) -> None:
    """Give the users in `rights` these rights until the test ends. Other users have no account."""
    from installation.system import reader_of

    def resolved(settings: Settings) -> Reader:
        label = reader_of(settings)
        return rights.get(label.name, Rights(())).of(label)

    for module in ("opening", "system"):
        monkeypatch.setattr(f"installation.{module}.reader_of", resolved)

"""People with accounts on an office's store, and what they may do at this moment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from commands.desk import act
from domain import account
from domain.account import User, user_stream
from domain.envelope import Event
from domain.values import Reader, Role
from projections import accounts
from tests.commands.office import Office


@dataclass
class Staff:
    """Who works here. Once the first has an account, the store is closed."""

    office: Office

    def hire(self, name: str, *roles: Role, teams: Sequence[str] = ("Engage",)) -> Reader:
        """Somebody new, as they stand now."""
        self._do(name, partial(account.add, user=name, controller=None))
        for role in roles:
            self._do(name, partial(account.give_role, user=name, role=role))
        for team in teams:
            self._do(name, partial(account.join, user=name, team=team))
        return self.now(name)

    def _do(self, name: str, decide: Callable[[User], tuple[Event, ...]]) -> None:
        desk, reader = self.office.desk, self.office.reader
        one = user_stream(name)
        act(desk, reader, "user", one, User(), account.evolve, decide, [], log="access")

    def now(self, name: str) -> Reader:
        """With the rights of this moment."""
        with self.office.system.reading() as db:
            return accounts.reader(db, self.office.somebody(name), self.office.system.clock())

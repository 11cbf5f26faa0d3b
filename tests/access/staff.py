"""The users of a test store who have accounts, and their rights at this moment."""

from collections.abc import Sequence
from dataclasses import dataclass

from commands.people_and_teams import account
from domain.kernel.values import Reader, Role
from projections.people_and_teams import accounts
from tests.commands.office import Office


@dataclass
class Staff:
    """The users of a test store: its first administrator, and users that a test adds. Once another
    user is added, only users with an account may use the store."""

    office: Office

    def hire(
        self,
        name: str,
        *roles: Role,
        teams: Sequence[str] = ("Engage",),
        controller: str | None = None,
    ) -> Reader:
        """Add a user with these roles and teams; return the user with the new rights."""
        keeps = self.office.system.serving(
            self.office.settings, self.office.system.clock.given_time
        )
        account.add(
            self.office.desk, keeps.reader, name, roles=roles, teams=teams, controller=controller
        )
        return self.now(name)

    def now(self, name: str) -> Reader:
        """Return a user with the user's current rights."""
        with self.office.system.reading() as db:
            return accounts.reader(db, self.office.somebody(name), self.office.system.clock())

"""A live store with accounts and with its screens; users sign in, and a test can move the clock
on.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from starlette.testclient import TestClient

from commands.kernel.unit_of_work import Desk
from commands.people_and_teams import enrolment
from domain.kernel.values import Reader, Role
from installation.clock import Clock
from installation.opening import open_system
from installation.settings import Settings
from installation.system import System
from projections import all_views
from tests.hired import hired
from tests.made import Made
from tests.web.client import Client
from tests.web.conftest import Somebody
from web.app import make_app

PASSWORD = "copper kettle seventeen"
KEEPER = "it.khan"


@dataclass
class Live:
    """A store that is served to users who sign in, with its web application and with the
    authenticator app of each user.
    """

    system: System
    app: Any
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    phones: dict[str, pyotp.TOTP] = field(default_factory=dict)

    @property
    def desk(self) -> Desk:
        return self.system.desk

    @property
    def keeper(self) -> Reader:
        """Return the administrator of the store as a reader with the administrator's current
        rights.
        """
        return self.system.vouched_for(KEEPER).reader

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def reader(self, name: str) -> Reader:
        return self.system.vouched_for(name).reader

    def enrol(self, name: str) -> None:
        """Let a user choose a password and set up an authenticator app."""
        credentials = self.system.credentials
        code = credentials.invite(name)
        self.phones[name] = pyotp.TOTP(credentials.begin(name, code).secret)
        credentials.redeem(name, code, PASSWORD, self.digits(name))

    def hire(self, name: str, *roles: Role, team: str = "Engage") -> None:
        """Add an account with these roles, whose user can sign in."""
        if not self.system.closed:
            enrolment.invite(self.desk, self.system.label, KEEPER)
            self.enrol(KEEPER)
        hired(self.desk, self.keeper, name, roles=roles, teams=[team])
        self.enrol(name)

    def digits(self, name: str) -> str:
        """Move the clock on by half a minute, and return the code that the user's authenticator app
        then shows. The user has not typed this code before.
        """
        self.later(seconds=30)
        return self.phones[name].at(self.now)

    def client(self, **more: Any) -> TestClient:
        return Client(self.app, **more)

    def somebody(self, name: str) -> Somebody:
        """Return a user who has signed in."""
        client = self.client(follow_redirects=True)
        # loading the first page takes longer than all other requests
        answer = client.post("/sign-in", data=self.right(name), follow_redirects=False)
        assert answer.status_code == 303, answer.text
        return Somebody(client, name, client.get("/session").json()["csrf"])

    def right(self, name: str) -> dict[str, str]:
        """Return the sign-in form's fields with this user's correct name, password and code."""
        return {"name": name, "password": PASSWORD, "digits": self.digits(name)}


def _settings(home: Path) -> Settings:
    return Settings(store=str(home), home=home, user=KEEPER)


def _make(home: Path, _: str | None) -> None:
    with closing(open_system(_settings(home), create=True)) as system:
        assert system.credentials is not None
        system.keep_up(all_views.VIEWS)


LIVE = Made("live", _make)


@pytest.fixture
def live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Live]:
    LIVE.copied(tmp_path / "store")
    system = open_system(_settings(tmp_path / "store"))
    made = Live(system, make_app(system))
    monkeypatch.setattr(Clock, "__call__", lambda _: made.now)
    yield made
    system.close()

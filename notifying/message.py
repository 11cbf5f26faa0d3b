"""What people are told: that something is due, and nothing of what it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

Kind = Literal["mail", "webhook", "pager"]
TEXT = "Something is due for you in Continuum"
#: Seconds that a server may take for each answer.
TIMEOUT = 10.0
#: Where nothing leaves the machine, so that TLS may be left out.
OWN = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class Message:
    """One person is told at one moment. `id` stays the same where it has to be sent again, so that
    the person who receives it may drop what came twice. `to` is a mail's address, or the number to
    ring; `link` the first page of the screens."""

    id: UUID
    at: datetime
    user: str
    to: str | None = None
    link: str | None = None


class Undelivered(Exception):
    """It was not taken; it is tried again. What it says names nobody."""


class NotSetUp(Exception):
    """The settings of a channel do not fit together."""


class Channel(Protocol):
    """One way to reach people."""

    @property
    def kind(self) -> Kind:
        """Which way it is."""

    def send(self, message: Message) -> None:
        """Raises Undelivered."""

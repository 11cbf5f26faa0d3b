"""The message that a deadline is due, which is sent to a person and contains nothing of the
record.
"""

from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from msgspec import Struct

Kind = Literal["mail", "webhook", "pager"]
TEXT = "Something is due for you in Continuum"
#: Seconds that a mail server or another system has for each answer.
TIMEOUT = 10.0
#: Addresses of this machine, for which TLS is not needed.
OWN = ("127.0.0.1", "::1", "localhost")


class Message(Struct, frozen=True):
    """A message to one person that a deadline is due. `id` stays the same when the message is sent
    again, so that the receiving system can drop duplicates. `to` is a mail address or a telephone
    number; `link` is the address of the first page of the screens.
    """

    id: UUID
    at: datetime
    user: str
    to: str | None = None
    link: str | None = None


class Undelivered(Exception):
    """Raised if the server did not accept a message, which is then sent again later. The text of
    the error names no person.
    """


class NotSetUp(Exception):
    """Raised if the settings of a channel (mail, webhook, pager) do not fit together."""


class Channel(Protocol):
    """A channel by which people are notified: mail, webhook or pager."""

    @property
    def kind(self) -> Kind:
        """Return the kind of channel: mail, webhook or pager."""

    def send(self, message: Message) -> None:
        """Send a message to a person. Raises Undelivered."""

"""Send signed calls to another system of the police force: a system that notifies people, or a
pager.

The body is JSON. The header `Continuum-Signature` has `v1=` and the HMAC-SHA256, in hexadecimal
digits, of `Continuum-Timestamp` (seconds since 1970), a full stop and the body. The receiver
computes the same value, compares the two, and refuses calls that are older than some minutes.
"""

import hmac
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

import httpx
import msgspec

from notifying.message import OWN, TEXT, TIMEOUT, Kind, Message, NotSetUp, Undelivered


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """Return the signature of a call with this body at this time."""
    return f"v1={hmac.new(secret, timestamp.encode() + b'.' + body, sha256).hexdigest()}"


@dataclass(frozen=True)
class Caller:
    """Sends signed messages to an address, which has to use https or be on this machine; redirects
    are not followed. `clock` returns this machine's time, even if a synthetic store uses another
    time.
    """

    address: str
    secret: bytes = field(repr=False)
    clock: Callable[[], datetime]
    authorities: Path | None = None

    def __post_init__(self) -> None:
        """Check the address and the secret. Raises NotSetUp."""
        parts = urlsplit(self.address)
        if not parts.hostname or parts.scheme not in ("http", "https"):
            raise NotSetUp("the address of a webhook has to begin with https://")
        if parts.scheme == "http" and parts.hostname not in OWN:
            raise NotSetUp("a message to a webhook is sent by https only")
        if not self.secret:
            raise NotSetUp("a webhook needs a secret: set the file that contains it")

    def call(self, body: bytes) -> None:
        """Send a signed call with this body. Raises Undelivered."""
        timestamp = str(int(self.clock().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "Continuum-Timestamp": timestamp,
            "Continuum-Signature": signature(self.secret, timestamp, body),
        }
        try:
            trusted = ssl.create_default_context(cafile=self.authorities)
            with httpx.Client(
                timeout=TIMEOUT, follow_redirects=False, verify=trusted, trust_env=False
            ) as client:
                answer = client.post(self.address, content=body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise Undelivered(type(error).__name__) from error
        if not answer.is_success:
            raise Undelivered(f"the webhook answered with status {answer.status_code}")


@dataclass(frozen=True)
class Webhook(Caller):
    """Sends notifications to a system of the police force, which then notifies people."""

    kind: ClassVar[Kind] = "webhook"

    def send(self, message: Message) -> None:
        """Send a message to the system. Raises Undelivered."""
        self.call(msgspec.json.encode(self._told(message)))

    def _told(self, message: Message) -> dict[str, str | None]:
        return {
            "id": str(message.id),
            "at": message.at.isoformat(),
            "to": message.user,
            "text": TEXT,
            "link": message.link,
        }


@dataclass(frozen=True)
class Pager(Webhook):
    """Sends notifications to the police force's pager, which rings the number given in the call."""

    kind: ClassVar[Kind] = "pager"

    def send(self, message: Message) -> None:
        """Send a message to the pager. Raises Undelivered."""
        if not message.to:
            raise Undelivered("there is no phone number to call")
        super().send(message)

    def _told(self, message: Message) -> dict[str, str | None]:
        return {**super()._told(message), "ring": message.to}

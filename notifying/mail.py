"""Send notifications by mail, through a server of the police force (SMTP, RFC 5321)."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import ClassVar, Literal

from msgspec import Struct

from notifying.message import OWN, TEXT, TIMEOUT, Kind, Message, NotSetUp, Undelivered

Tls = Literal["starttls", "tls", "none"]
#: Seconds to wait for a mail server to close the connection after it accepted a mail.
GOODBYE = 1.0


class Mail(Struct, frozen=True):
    """A mail server through which notifications are sent. A server without TLS has to be on this
    machine, and gets no password.
    """

    kind: ClassVar[Kind] = "mail"
    host: str
    port: int
    sender: str
    tls: Tls = "starttls"
    account: str | None = None
    password: str | None = None
    authorities: Path | None = None

    def __post_init__(self) -> None:
        """Check the mail server's settings. Raises NotSetUp if they do not fit together."""
        if self.tls == "none" and self.host not in OWN:
            raise NotSetUp("mail is sent by TLS only: set smtp_tls to starttls or tls")
        if (self.account is None) != (self.password is None):
            raise NotSetUp("set smtp_account and smtp_password_file together, or neither")

    def send(self, message: Message) -> None:
        """Send a message by mail. Raises Undelivered if the server does not accept it."""
        if not message.to:
            raise Undelivered("the message has no address")
        letter = EmailMessage()
        try:
            letter["Subject"], letter["From"], letter["To"] = TEXT, self.sender, message.to
        except ValueError as error:  # the error means that an address contains a line end
            raise Undelivered("the address of the message is not a mail address") from error
        if len(letter["To"].addresses) != 1:
            raise Undelivered("the address of the message is not exactly one mail address")
        letter["Date"] = format_datetime(message.at)
        letter["Message-ID"] = f"<{message.id}@continuum>"
        # this header (RFC 3834) prevents automatic replies, such as holiday notes
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(f"{TEXT}.\n" + (f"\n{message.link}\n" if message.link else ""))
        try:
            with self._connected() as server:
                if self.account and self.password:
                    server.login(self.account, self.password)
                server.send_message(letter)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise Undelivered(type(error).__name__) from error

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """Yield a connection to the mail server. If an error occurs only when the connection is
        closed, a mail that the server accepted before still counts as sent.
        """
        server = self._opened()
        try:
            yield server
            with suppress(OSError, smtplib.SMTPException):
                if server.sock:
                    server.sock.settimeout(GOODBYE)
                server.quit()
        finally:
            server.close()

    def _opened(self) -> smtplib.SMTP:
        if self.tls == "none":
            return smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        context = ssl.create_default_context(cafile=self.authorities)
        if self.tls == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=context)
        server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
        return server

"""Each channel for notifications sends through a real server; a message contains no text of the due
item.
"""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from msgspec.structs import replace

from notifying.mail import Mail
from notifying.message import TEXT, Message, NotSetUp, Undelivered
from notifying.webhook import Pager, Webhook
from tests.notifying.servers import PASSWORD, SECRET, called_server, certificate, mail_server

AT = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
ONE = UUID("018f0000-0000-7000-8000-0000000000aa")
MESSAGE = Message(ONE, AT, "dc.reed", "dc.reed@police.example", "https://continuum.police.example/")


def now() -> datetime:
    return datetime.now(UTC)


def test_a_mail_says_that_something_is_due_and_nothing_else() -> None:
    with mail_server() as (post, port):
        Mail("127.0.0.1", port, "continuum@police.example", "none").send(MESSAGE)
    (letter,) = post.letters
    assert letter["To"] == "dc.reed@police.example"
    assert letter["Subject"] == TEXT
    assert str(letter.get_payload()).split() == [*f"{TEXT}.".split(), MESSAGE.link]
    assert letter["Message-ID"] == f"<{ONE}@continuum>", "the same where it is sent again"


def test_a_mail_server_that_wants_tls_and_a_password_gets_both(tmp_path: Path) -> None:
    with mail_server(tmp_path) as (post, port):
        mail = Mail(
            "127.0.0.1",
            port,
            "continuum@police.example",
            account="continuum",
            password=PASSWORD,
            authorities=certificate(tmp_path),
        )
        mail.send(MESSAGE)
        with pytest.raises(Undelivered):
            replace(mail, password="another").send(MESSAGE)
        with pytest.raises(Undelivered):  # no known authority signed the server's certificate
            replace(mail, authorities=None).send(MESSAGE)
    assert len(post.letters) == 1


def test_a_mail_that_is_not_taken_says_so_and_names_nobody() -> None:
    with mail_server() as (post, port):
        post.closed = True
        with pytest.raises(Undelivered) as refused:
            Mail("127.0.0.1", port, "continuum@police.example", "none").send(MESSAGE)
    assert "reed" not in str(refused.value)
    with pytest.raises(Undelivered):  # the server has been stopped
        Mail("127.0.0.1", port, "continuum@police.example", "none").send(MESSAGE)


@pytest.mark.parametrize(
    "address",
    [
        "dc.reed@police.example\r\nBcc: thief@evil.example",
        "dc.reed@police.example\nDATA",
        "dc.reed@police.example, thief@evil.example",
        "team: dc.reed@police.example, thief@evil.example;",
    ],
)
def test_an_address_that_is_more_than_one_is_no_address(address: str) -> None:
    with mail_server() as (post, port), pytest.raises(Undelivered, match="mail address"):
        Mail("127.0.0.1", port, "continuum@police.example", "none").send(
            replace(MESSAGE, to=address)
        )
    assert post.letters == []


@pytest.mark.parametrize(("goodbye", "silent"), [("451 not now", False), ("221 Bye", True)])
def test_a_mail_that_was_taken_is_not_sent_again_for_a_bad_goodbye(
    monkeypatch: pytest.MonkeyPatch, goodbye: str, silent: bool
) -> None:
    """A mail that the server accepted is not sent again if the server then ends the connection with
    an error. The program does not wait for a slow end either."""
    monkeypatch.setattr("notifying.mail.TIMEOUT", None)
    monkeypatch.setattr("notifying.mail.GOODBYE", 0.01)
    with mail_server() as (post, port):
        post.goodbye, post.silent = goodbye, silent
        Mail("127.0.0.1", port, "continuum@police.example", "none").send(MESSAGE)
    assert len(post.letters) == 1


def test_a_webhook_is_signed_and_a_pager_is_informed_whom_to_ring(tmp_path: Path) -> None:
    with called_server(place=tmp_path) as calls:
        told = calls.address, SECRET, now, certificate(tmp_path)
        Webhook(*told).send(MESSAGE)
        Pager(*told).send(replace(MESSAGE, to="07700 900123"))
        with pytest.raises(Undelivered):
            Webhook(calls.address, b"another secret", now, certificate(tmp_path)).send(MESSAGE)
        with pytest.raises(Undelivered):  # no known authority signed the server's certificate
            Webhook(calls.address, SECRET, now).send(MESSAGE)
    assert calls.forged == 1
    hook, pager = calls.told
    assert hook == {
        "id": str(ONE),
        "at": AT.isoformat(),
        "to": "dc.reed",
        "text": TEXT,
        "link": MESSAGE.link,
    }
    assert pager == {**hook, "ring": "07700 900123"}


def test_a_webhook_follows_no_redirect() -> None:
    with called_server() as elsewhere, called_server() as calls:
        calls.answer, calls.elsewhere = 307, elsewhere.address
        with pytest.raises(Undelivered, match="307"):
            Webhook(calls.address, SECRET, now).send(MESSAGE)
    assert not elsewhere.told


def test_nothing_leaves_this_machine_in_the_clear() -> None:
    with pytest.raises(NotSetUp, match="TLS"):
        Mail("mail.police.example", 25, "continuum@police.example", "none")
    with pytest.raises(NotSetUp, match="https"):
        Webhook("http://tell.police.example/", SECRET, now)
    with pytest.raises(NotSetUp, match="the address of a webhook has to begin with https://"):
        Webhook("tell.police.example", SECRET, now)
    with pytest.raises(
        NotSetUp, match="set smtp_account and smtp_password_file together, or neither"
    ):
        Mail("mail.police.example", 25, "continuum@police.example", account="continuum")

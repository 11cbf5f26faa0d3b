"""Build the channels by which people are notified, as they are configured."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

from domain.kernel.values import Refused
from notifying.mail import Mail, Tls
from notifying.message import Channel, NotSetUp
from notifying.webhook import Caller, Pager, Webhook


class NotifyingSettings(Protocol):
    """The settings of an installation that are needed to build the channels."""

    smtp_host: str | None
    smtp_port: int
    smtp_tls: Tls
    smtp_from: str | None
    smtp_account: str | None
    smtp_password_file: Path | None
    webhook_url: str | None
    webhook_secret_file: Path | None
    pager_url: str | None
    pager_secret_file: Path | None
    authority_file: Path | None


class Feed(Protocol):
    """The settings of a program that receives the feed of changes."""

    url: str
    secret_file: Path


def callers(
    feeds: Mapping[str, Feed],
    authorities: Path | None,
    clock: Callable[[], datetime],
    secret: Callable[[Path], bytes],
) -> tuple[dict[str, Caller], list[str]]:
    """Return two results: the objects that send changes to the configured programs, by the
    programs' accounts; and a sentence for each program whose settings are wrong.
    """
    found_callers: dict[str, Caller] = {}
    wrong: list[str] = []
    for user, feed in feeds.items():
        try:
            found_callers[user] = Caller(feed.url, secret(feed.secret_file), clock, authorities)
        except (NotSetUp, Refused) as error:
            wrong.append(f"feeds.{user}: {error}")
    return found_callers, wrong


def channels(
    chosen: NotifyingSettings, clock: Callable[[], datetime], secret: Callable[[Path], bytes]
) -> tuple[list[Channel], list[str]]:
    """Return the configured channels, and sentences about settings that are wrong. `secret` reads a
    secret from a file and raises Refused.
    """

    def called(kind: type[Webhook], address: str, file: Path | None) -> Channel:
        return kind(address, secret(file) if file else b"", clock, chosen.authority_file)

    makers: list[Callable[[], Channel]] = []
    if chosen.smtp_host:
        makers.append(lambda: _mail(chosen, secret))
    if hook := chosen.webhook_url:
        makers.append(lambda: called(Webhook, hook, chosen.webhook_secret_file))
    if pager := chosen.pager_url:
        makers.append(lambda: called(Pager, pager, chosen.pager_secret_file))
    found_channels: list[Channel] = []
    wrong: list[str] = []
    for make in makers:
        try:
            found_channels.append(make())
        except (NotSetUp, Refused) as error:
            wrong.append(str(error))
    return found_channels, wrong


def _mail(chosen: NotifyingSettings, secret: Callable[[Path], bytes]) -> Mail:
    if not (chosen.smtp_host and chosen.smtp_from):
        raise NotSetUp("smtp_from is missing: set the sender's address together with smtp_host")
    file = chosen.smtp_password_file
    return Mail(
        chosen.smtp_host,
        chosen.smtp_port,
        chosen.smtp_from,
        chosen.smtp_tls,
        chosen.smtp_account,
        secret(file).decode() if file else None,
        chosen.authority_file,
    )

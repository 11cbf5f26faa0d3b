"""Wiping a lost phone's outbox from afar; words win, so what waits there is told first."""

from typing import Any
from uuid import UUID

from access.who_may.decide import require
from commands.kernel.unit_of_work import Desk, Receipt, act
from domain.information import phone_outbox
from domain.kernel.values import Reader


def order_wipe(
    desk: Desk,
    reader: Reader,
    phone: UUID,
    user: str,
    waiting: int,
    reason: str,
    *,
    command_id: UUID | None = None,
) -> Receipt:
    """At its next contact the phone deletes what waits in its outbox. Raises Denied for others
    than who keeps the accounts, Refused."""
    require(reader, "manage-accounts")
    return _act(
        desk,
        reader,
        "outbox.order_wipe",
        phone,
        lambda ordered: phone_outbox.order(ordered, user, waiting, reason),
        [user, waiting, reason],
        command_id,
    )


def take_back(
    desk: Desk, reader: Reader, phone: UUID, user: str, *, command_id: UUID | None = None
) -> Receipt:
    """The phone is found. Raises Denied, Refused."""
    require(reader, "manage-accounts")
    return _act(
        desk,
        reader,
        "outbox.take_back",
        phone,
        lambda ordered: phone_outbox.take_back(ordered, user),
        [user],
        command_id,
    )


def wiped(desk: Desk, reader: Reader, phone: UUID, lost: int) -> Receipt:
    """The phone of this reader says that it is done. Raises Refused for what nobody ordered."""
    return _act(
        desk,
        reader,
        "outbox.wiped",
        phone,
        lambda ordered: phone_outbox.wiped(ordered, reader.name, lost),
        [lost],
        None,
    )


def _act(
    desk: Desk,
    reader: Reader,
    name: str,
    phone: UUID,
    decide: Any,
    body: Any,
    command_id: UUID | None,
) -> Receipt:
    return act(
        desk,
        reader,
        name,
        phone,
        False,
        phone_outbox.evolve,
        decide,
        body,
        command_id=command_id,
        log="access",
    )

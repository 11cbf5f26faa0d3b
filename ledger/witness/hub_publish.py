"""Publish a store's outbox to the hub between police forces; the owner of the store runs it
once."""

import re
from collections.abc import Sequence

import psycopg

from domain.kernel.envelope import LogUnavailable
from ledger.database.datastore_postgres import CONNECT_TIMEOUT
from ledger.database.exchange_outbox import PUBLICATION, PUBLISHED

_NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")


def publish(url: str, force: str, recipients: Sequence[str]) -> None:
    """Publish offers of the police force `force` to the database role of the hub: the offers that
    are made to all forces, and the offers that are made to the forces `recipients`. Offers to any
    other force are not published. Another call replaces the list of forces. Raises ValueError if a
    name is invalid, LogUnavailable.
    """
    for name in (force, *recipients):
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not the name of a force in the exchange")
    recipient_list = ", ".join(
        f"'{recipient}'" for recipient in dict.fromkeys(("all", *recipients))
    )
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_TIMEOUT) as server:
            there = server.execute("SELECT to_regclass(%s)", (f"exchange_{force}.exchange",))
            if there.fetchone() == (None,):
                server.execute(PUBLISHED.format(force=force).encode())
            server.execute(b"DROP PUBLICATION IF EXISTS to_hub")
            server.execute(
                PUBLICATION.format(force=force, hub="hub", recipients=recipient_list).encode()
            )
    except psycopg.Error as error:
        text = error.diag.message_primary or str(error).partition("\n")[0]
        raise LogUnavailable(f"The outbox cannot be published: {text}.") from None

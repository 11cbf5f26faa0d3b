"""The sites of a store on PostgreSQL: which site copies from which, and which one may write."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from domain.kernel.values import Refused
from installation.settings import Settings
from installation.stores import is_postgres

if TYPE_CHECKING:
    from ledger.backup.site_status_postgres import FollowingSite, SiteStatus

__all__ = ["FollowingSite", "SiteStatus"]  # exported for the modules that show the sites
T = TypeVar("T")


def timelines(settings: Settings, home: Path) -> tuple[int, int]:
    """Return two timelines of the store's PostgreSQL server: the accepted one, and the one seen
    last. A timeline is a number that grows when a standby server takes over. Return 0 and 0 for an
    unknown server.
    """
    from ledger.database.known_server import address_of, read

    identity = read(home, address_of(settings.store))
    return (identity["timeline"], identity["seen"]) if identity else (0, 0)


def publish(settings: Settings, name: str) -> dict[str, str]:
    """Let other sites copy this store, whose site is called `name`.

    Return the database roles with which the other sites connect, by the data that a role may copy
    ("all" or "records"). Raises Refused, LogUnavailable.
    """
    from ledger.backup import sites_postgres as sites

    roles = _run_on_server(settings, lambda url: sites.publish(url, name))
    return {str(holds): role for holds, role in roles.items()}


def follow(settings: Settings, name: str, first: str, *, witness: bool) -> None:
    """Make this empty database a site called `name`, which copies the store at `first`. A witness
    (a site that only verifies the records) gets no keys. Raises Refused, LogUnavailable.
    """
    from access.transport import require_protected
    from ledger.backup import sites_postgres as sites

    require_protected(first, "the other site's address")
    _run_on_server(
        settings, lambda url: sites.follow(url, name, first, "records" if witness else "all")
    )


def heed(settings: Settings, second: str) -> None:
    """Let this site notice when the site at `second` takes over writing. Raises Refused,
    LogUnavailable."""
    from access.transport import require_protected
    from ledger.backup import sites_postgres as sites

    require_protected(second, "the other site's address")
    _run_on_server(settings, lambda url: sites.heed(url, second))


def hand_over(settings: Settings, to: str) -> int:
    """Hand writing over to another site of the store.

    Return the number of the new term, which counts how often the writing site has changed. Raises
    Refused, LogUnavailable.
    """
    from ledger.backup import sites_postgres as sites

    return _run_on_server(settings, lambda url: sites.hand_over(url, to))


def promote(settings: Settings, *, lost: bool) -> int:
    """Let this site write to the store from now on.

    Return the number of the new term, which counts how often the writing site has changed. Raises
    Refused, LogUnavailable.
    """
    from ledger.backup import sites_postgres as sites

    return _run_on_server(settings, lambda url: sites.promote(url, lost=lost))


def forget(settings: Settings, site: str) -> None:
    """Stop keeping data for a site that no longer copies from this one. Raises Refused,
    LogUnavailable."""
    from ledger.backup import sites_postgres as sites

    _run_on_server(settings, lambda url: sites.forget(url, site))


def read_status(settings: Settings) -> "SiteStatus":
    """Return the status of the store at its sites. Raises Refused, LogUnavailable."""
    from ledger.backup.site_status_postgres import read_status

    return _run_on_server(settings, read_status)


def _run_on_server(settings: Settings, ask: Callable[[str], T]) -> T:
    if not is_postgres(settings.store):
        raise Refused(
            "a store on files can have one site only: give the address of a PostgreSQL "
            "server with --store"
        )
    # Imported here, so that a store on files does not load the server's driver.
    from ledger.backup.site_status_postgres import ImpossibleChange

    try:
        return ask(settings.store)
    except ImpossibleChange as error:
        raise Refused(str(error)) from error

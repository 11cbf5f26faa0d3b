"""Is what is sent to a database of another machine protected on its way?

Between a force's sites, and between a force and the hub, go sealed records, wrapped keys and blind
tokens. They cross a network by TLS alone, to a server whose certificate is checked: by libpq's own
default a server that offers no TLS is spoken to in the clear.
"""

from collections.abc import Mapping
from ipaddress import ip_address
from itertools import zip_longest

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import Conninfo

from domain.kernel.values import Refused

#: Of libpq's ways those by which a server's certificate is checked.
CHECKED = frozenset({"verify-full", "verify-ca"})


def read_address(address: str, called: str) -> Mapping[str, object]:
    """What an address of a PostgreSQL, a URL or `host=… dbname=…`, says. `called` is what it is
    called to the person who set it. Raises Refused for one that libpq cannot read."""
    try:
        return conninfo_to_dict(address)
    except (psycopg.Error, UnicodeEncodeError):  # their words may hold the password
        raise Refused(
            f"{called} is not understood: write postgresql://USER@HOST/DATABASE?sslmode=verify-full"
        ) from None


def require_protected(address: str, called: str) -> None:
    """Raises Refused as `read_address`, and for an address of another machine without a `sslmode`
    that has the server's certificate checked."""
    told = read_address(address, called)
    if told.get("sslmode") in CHECKED:
        return
    hosts = (_told_or_usual(told, name).split(",") for name in ("hostaddr", "host"))
    here = all(_here(number or name) for number, name in zip_longest(*hosts, fillvalue=""))
    if "service" in told or not here:
        raise Refused(
            f"{called} is of another machine, and the certificate there is not checked: add "
            "sslmode=verify-full (and sslrootcert, where its authority is your own)"
        )


def _told_or_usual(told: Mapping[str, object], name: str) -> str:
    """What the address says, or else the environment (PGHOST, PGHOSTADDR, PGSERVICE)."""
    if name in told:
        return str(told[name])
    usual = {one.keyword.decode(): one.val for one in Conninfo.get_defaults()}
    return (usual[name] or b"").decode()


def _here(host: str) -> bool:
    if not host or host.startswith(("/", "@")) or host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False

"""Check that the connection to a database on another machine is protected.

Encrypted records, wrapped keys and blind tokens go between a police force's sites, and between a
force and the hub. These data may cross a network only by TLS, to a server whose certificate is
checked. libpq, by default, would connect unencrypted to a server without TLS.
"""

from collections.abc import Mapping
from ipaddress import ip_address
from itertools import zip_longest

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import Conninfo

from domain.kernel.values import Refused

#: The sslmode values of libpq that check a server's certificate.
CHECKED = frozenset({"verify-full", "verify-ca"})


def read_address(address: str, called: str) -> Mapping[str, object]:
    """Return the parts of a PostgreSQL address, given as a URL or as `host=… dbname=…`. `called` is
    the name of the setting that has the address. Raises Refused if libpq cannot read the address.
    """
    try:
        return conninfo_to_dict(address)
    # the messages of these errors may contain the password
    except (psycopg.Error, UnicodeEncodeError):
        raise Refused(
            f"{called} is not an address of a database: write postgresql://USER@HOST/DATABASE?sslmode=verify-full"
        ) from None


def require_protected(address: str, called: str) -> None:
    """Raise Refused for the address of a database on another machine, unless its `sslmode` makes
    libpq check the server's certificate."""
    parts = read_address(address, called)
    if parts.get("sslmode") in CHECKED:
        return
    hosts = (_part_or_default(parts, name).split(",") for name in ("hostaddr", "host"))
    here = all(
        _is_this_machine(number or name) for number, name in zip_longest(*hosts, fillvalue="")
    )
    if "service" in parts or not here:
        raise Refused(
            f"{called} names a database on another machine, whose certificate is not checked: add "
            "sslmode=verify-full (and sslrootcert, if you use a certificate authority of your own)"
        )


def _part_or_default(parts: Mapping[str, object], name: str) -> str:
    """Return a part of a PostgreSQL address, or its default from the environment (PGHOST,
    PGHOSTADDR, PGSERVICE)."""
    if name in parts:
        return str(parts[name])
    usual = {option.keyword.decode(): option.val for option in Conninfo.get_defaults()}
    return (usual[name] or b"").decode()


def _is_this_machine(host: str) -> bool:
    if not host or host.startswith(("/", "@")) or host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False

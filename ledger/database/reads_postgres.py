"""Read the source register through database functions, for an application that may not read its
tables.

There is a function for each query that a log needs. A function runs with its owner's rights and
returns only the result of that query. So the application cannot read the register in another order,
join it with the views, or copy it as a whole. A role that may read the tables (the owner, the
signer, the role for backups) queries them directly.
"""

import re
from collections.abc import Mapping
from typing import Any

import psycopg

CLOSED = "sources"
"""The log whose records, commands, indexes and keys can only be read through functions."""
CLOSED_TABLES = ("events", "commands", "unique", "keys", "key_seals")

_RAW = "int8, uuid, int8, text, bytea, float8, uuid, int8"
_KEY = "uuid, int4, text, bytea, int4, bytea"

READS: Mapping[str, tuple[str, str]] = {
    "taken": ("uuid[], int8[]", "uuid, int8"),
    "rows": ("int8, int8", _RAW),
    "stream": ("uuid", _RAW),
    "commands": ("uuid[]", "uuid, bytea, int8, int4"),
    "unique": ("bytea[]", "bytea, uuid"),
    "sealed": ("int8, int8", "int8, uuid, int8, text, bytea, int8, bytea"),
    "loose": ("int8", "int8"),
    "forgotten": ("int8", "int8, uuid"),
    "astray": ("", "int8"),
    "select": ("uuid[]", _KEY),
    "records": ("uuid[]", "uuid, bytea, uuid, bytea"),
    "older": ("text, int4, uuid, int4, int8", _KEY),
    "destroyed": ("", "uuid, bytea"),
    "destructions": ("", "uuid, bytea, int8"),
    "keyless": ("int8", "int8, uuid, int8"),
    "count": ("", "text, int8, int8"),
    "seals": ("", _KEY),
    "seals_of": ("uuid[]", _KEY),
}
"""The types of each query's parameters and of its result, by the name of the query."""

_PLACE = re.compile(rb"%[sb]")


def _types(text: str) -> list[str]:
    return text.split(", ") if text else []


def function(log: str, name: str) -> str:
    """Return the name of the database function for a query."""
    return f"{log}.read_{name}"


def definitions(log: str, queries: Mapping[str, bytes]) -> bytes:
    """Return the SQL that defines the database functions for these queries."""
    made = []
    for name in READS.keys() & queries.keys():
        takes, gives = READS[name]
        places = iter(range(1, 9))
        body = _PLACE.sub(lambda _: b"$%d" % next(places), queries[name])  # noqa: B023
        columns = ", ".join(f"c{n} {kind}" for n, kind in enumerate(_types(gives)))
        called = f"{function(log, name)}({takes})"
        made.append(
            f"CREATE OR REPLACE FUNCTION {called} RETURNS TABLE ({columns}) LANGUAGE sql STABLE "
            "SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $read$ ".encode()
            + body
            + f" $read$; REVOKE ALL ON FUNCTION {called} FROM PUBLIC".encode()
        )
    return b";\n".join(made)


def through_functions(log: str, queries: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return these queries, rewritten to call the database functions."""
    rewritten = {}
    for name in READS.keys() & queries.keys():
        places = zip(_PLACE.findall(queries[name]), _types(READS[name][0]), strict=True)
        values = ", ".join(f"{place.decode()}::{kind}" for place, kind in places)
        rewritten[name] = f"SELECT * FROM {function(log, name)}({values})".encode()  # noqa: S608
    return rewritten


def reads_tables(c: psycopg.Cursor[Any], log: str) -> bool:
    """Return whether this database connection may read a log's tables, if there are any."""
    if log != CLOSED:
        return True
    text = "SELECT coalesce(has_table_privilege(to_regclass(%s), 'SELECT'), true)"
    row = c.execute(text, (f"{log}.{log}_events",)).fetchone()
    return row is None or bool(row[0])

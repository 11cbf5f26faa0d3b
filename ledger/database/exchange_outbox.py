"""The outbox of messages to other forces: the plain table `exchange` of the product log.

A row is written in the transaction of its event, in the order of the log, and has only data that
may be published: a blind token, and no text, name or team. No other table is published to other
police forces, and of this table only inserts are. When an offer ends, or is made again with another
key, its token is deleted here, and another row informs the hub.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from domain.kernel.envelope import LogName, Outgoing

HELD_BY: LogName = "product"
"""The log whose transactions write to the table, in its file or schema."""

# these tables never change, because they are a step of the upgrade of a store (schema_upgrade.py)

FILE_TABLE = """
CREATE TABLE exchange (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    reference BLOB NOT NULL CHECK (length(reference) = 16),
    recipient TEXT NOT NULL,
    act TEXT NOT NULL CHECK (act IN ('offer', 'end')),
    kind TEXT,
    week TEXT,
    grade TEXT,
    handling TEXT,
    until TEXT,
    epoch INTEGER,
    token BLOB CHECK (length(token) = 32),
    records_reference TEXT,
    CHECK ((act = 'offer') = (token IS NOT NULL))
) STRICT;
CREATE INDEX exchange_reference ON exchange (reference)
"""

SERVER_TABLE = """
CREATE SEQUENCE product.exchange_place;
CREATE TABLE product.exchange (
    seq bigint NOT NULL DEFAULT nextval('product.exchange_place'),
    reference uuid NOT NULL,
    recipient text NOT NULL,
    act text NOT NULL CHECK (act IN ('offer', 'end')),
    kind text,
    week date,
    grade text,
    handling text,
    until date,
    epoch integer,
    token bytea CHECK (octet_length(token) = 32),
    records_reference text,
    CHECK ((act = 'offer') = (token IS NOT NULL))
);
CREATE INDEX exchange_reference ON product.exchange (reference);
CREATE INDEX exchange_seq ON product.exchange (seq);
CREATE FUNCTION product.send_out(
    refs uuid[], recipients text[], acts text[], kinds text[], weeks date[], grades text[],
    handlings text[], untils date[], epochs integer[], tokens bytea[], records text[]
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
    DELETE FROM product.exchange WHERE reference = ANY (refs) AND act = 'offer';
    INSERT INTO product.exchange (reference, recipient, act, kind, week, grade, handling, until,
            epoch, token, records_reference)
        SELECT o.reference, o.recipient, o.act, o.kind, o.week, o.grade, o.handling, o.until,
            o.epoch, o.token, o.record
        FROM unnest(refs, recipients, acts, kinds, weeks, grades, handlings, untils, epochs,
            tokens, records) WITH ORDINALITY
            AS o (reference, recipient, act, kind, week, grade, handling, until, epoch, token,
                record, i)
        ORDER BY o.i;
END
$body$;
REVOKE ALL ON FUNCTION product.send_out FROM PUBLIC
"""
"""The number of a row is given under the log's lock, which `append_sealed` took in the same
transaction, so that numbers grow in the order in which rows become visible. It is no identity
column, because a table with one cannot be attached to another (`PUBLISHED`)."""

PUBLISHED = """
CREATE SCHEMA IF NOT EXISTS exchange_{force};
CREATE TABLE IF NOT EXISTS exchange_{force}.exchange (LIKE product.exchange)
    PARTITION BY LIST (act);
ALTER TABLE exchange_{force}.exchange ATTACH PARTITION product.exchange DEFAULT
"""
"""The same table under a name of the police force, so that a hub can receive it together with those
of other forces: a subscription recognises a table by its schema and name."""

PUBLICATION = """
CREATE PUBLICATION to_{hub} FOR TABLE exchange_{force}.exchange WHERE (recipient IN ({recipients}))
    WITH (publish = 'insert', publish_via_partition_root = true)
"""
"""Publishes only inserted rows, and only those for the forces that this hub serves."""

FORGET_FILE = "DELETE FROM exchange WHERE reference = ? AND act = 'offer'"
_COLUMNS = ", ".join(Outgoing.__struct_fields__)
SEND_FILE = (
    f"INSERT INTO exchange ({_COLUMNS}) "  # noqa: S608 (names of columns)
    f"VALUES ({', '.join('?' * len(Outgoing.__struct_fields__))})"
)
SEND_SERVER = (
    b"SELECT product.send_out(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::date[], "
    b"%s::text[], %s::text[], %s::date[], %s::int4[], %s::bytea[], %s::text[])"
)
READ_FILE = f"SELECT seq, {_COLUMNS} FROM exchange WHERE seq > ? ORDER BY seq LIMIT ?"  # noqa: S608
READ_SERVER = (
    f"SELECT seq, {_COLUMNS} FROM product.exchange "  # noqa: S608
    "WHERE seq > %s ORDER BY seq LIMIT %s"
).encode()


def columns(rows: Sequence[Outgoing]) -> list[list[Any]]:
    """Return the values of these rows as `SEND_SERVER` takes them: a list for each column."""
    return [list(column) for column in zip(*map(msgspec.structs.astuple, rows), strict=True)]

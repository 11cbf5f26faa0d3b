"""The hub of the police forces: a PostgreSQL database that has blind tokens and the forces that
offered them, and nothing else.

The rows that a force publishes arrive by logical replication in a table for this force, a partition
of `national_exchange`; the name of the force comes from the table, whatever the rows say. `match`
removes the rows from this table and stores the current offers. It locks each token that it changes,
in sorted order, before it looks for other forces with the same token: so if two forces offer the
same thing at once, one of them waits and then sees the offer of the other. An ended offer is
deleted before its force gets the confirmation; a message is deleted after its force acknowledged
it.

A force reads only its own messages (row-level security), through a role of its own. It must not see
when another force gets or sends a message, so each force, and the hub, listens on a channel with a
secret name.

Files may arrive twice and in any order. An ended offer stays ended, and a token of an older key
never replaces one of a later key. A row that is neither an offer nor an end is refused.

The file is long because it is the schema of one database and its statements.
"""

from collections.abc import Iterable, Sequence
from typing import Any, LiteralString

import msgspec
import psycopg
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier, Literal, Placeholder

from access.transport import require_protected
from commands.exchange.exchange import OfferStatus
from domain.exchange.offer import STANDS
from domain.kernel.envelope import Outgoing
from exchange.hublink import read_messages_where
from exchange.keyclient import OF_TWO

Connection = psycopg.Connection[Any]

#: Number of offers of one force that the hub processes at once.
MANY = 1_000

_TABLES: LiteralString = """
CREATE SCHEMA IF NOT EXISTS hub;
CREATE SEQUENCE IF NOT EXISTS hub.arrived;
CREATE TABLE IF NOT EXISTS hub.forces (
    force text PRIMARY KEY CHECK (force ~ '^[a-z][a-z0-9_]{1,30}$' AND force <> 'all'),
    channel text NOT NULL DEFAULT 'told_' || replace(gen_random_uuid()::text, '-', '')
);
CREATE TABLE IF NOT EXISTS hub.arrivals (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    channel text NOT NULL DEFAULT 'came_' || replace(gen_random_uuid()::text, '-', '')
);
INSERT INTO hub.arrivals DEFAULT VALUES ON CONFLICT DO NOTHING;
CREATE TABLE IF NOT EXISTS hub.national_exchange (
    force text NOT NULL,
    arrived bigint NOT NULL DEFAULT nextval('hub.arrived'),
    seq bigint,
    reference uuid NOT NULL,
    recipient text NOT NULL,
    act text NOT NULL CHECK (act IN ('offer', 'end')),
    kind text,
    week date,
    grade text,
    handling text,
    until date,
    epoch integer,
    token bytea,
    records_reference text,
    CHECK ((act = 'end' OR (
        kind IN ('vehicle', 'phone', 'handle') AND grade IN ('A', 'B', 'C', 'D')
        AND handling IN ('P', 'C') AND octet_length(token) = 32
        AND week IS NOT NULL AND until IS NOT NULL AND epoch IS NOT NULL
    )) IS TRUE)
) PARTITION BY LIST (force);
CREATE TABLE IF NOT EXISTS hub.held (
    force text NOT NULL,
    reference uuid NOT NULL,
    recipient text NOT NULL,
    token bytea NOT NULL,
    kind text NOT NULL,
    week date NOT NULL,
    grade text NOT NULL,
    handling text NOT NULL,
    until date NOT NULL,
    epoch integer NOT NULL,
    records_reference text,
    PRIMARY KEY (force, reference, recipient)
);
CREATE TABLE IF NOT EXISTS hub.ended (
    force text NOT NULL,
    reference uuid NOT NULL,
    day date NOT NULL DEFAULT current_date,
    PRIMARY KEY (force, reference)
);
CREATE INDEX IF NOT EXISTS held_token ON hub.held (token);
CREATE INDEX IF NOT EXISTS held_until ON hub.held (until);
CREATE TABLE IF NOT EXISTS hub.tokens (token bytea PRIMARY KEY, turns bigint NOT NULL)
    WITH (fillfactor = 50);
CREATE TABLE IF NOT EXISTS hub.matches (
    force text NOT NULL,
    reference uuid NOT NULL,
    other text NOT NULL,
    theirs uuid NOT NULL,
    PRIMARY KEY (force, reference, other, theirs)
);
CREATE INDEX IF NOT EXISTS matches_theirs ON hub.matches (other, theirs);
CREATE TABLE IF NOT EXISTS hub.told (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    to_force text NOT NULL,
    what text NOT NULL CHECK (what IN ('match', 'match-ended', 'obeyed')),
    reference uuid NOT NULL,
    force text,
    theirs uuid,
    grade text,
    week date,
    handling text,
    records_reference text
);
CREATE INDEX IF NOT EXISTS told_to ON hub.told (to_force, id);
ALTER TABLE hub.forces ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.told ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own ON hub.forces;
CREATE POLICY own ON hub.forces USING ('force_' || force = current_user);
DROP POLICY IF EXISTS own ON hub.told;
CREATE POLICY own ON hub.told USING ('force_' || to_force = current_user);

CREATE OR REPLACE FUNCTION hub.came() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    PERFORM pg_notify(channel, '') FROM hub.arrivals;
    RETURN NULL;
END
$body$;
"""

_MATCH: LiteralString = """
CREATE OR REPLACE FUNCTION hub.match(who text, most integer) RETURNS integer
LANGUAGE plpgsql AS $body$
DECLARE
    taken bigint[];
    touched bytea[];
BEGIN
    -- only one worker at a time processes the rows of a force
    PERFORM FROM hub.forces WHERE force = who FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    SELECT array_agg(arrived) INTO taken FROM (
        SELECT arrived FROM hub.national_exchange WHERE force = who ORDER BY arrived LIMIT most
    ) AS first;
    IF taken IS NULL THEN
        RETURN 0;
    END IF;
    -- of the rows about an offer to a recipient, its end is used, or else the last row
    CREATE TEMP TABLE IF NOT EXISTS came (LIKE hub.national_exchange) ON COMMIT DELETE ROWS;
    DELETE FROM came; -- not TRUNCATE, after which PostgreSQL would plan the statements again
    INSERT INTO came
        SELECT DISTINCT ON (reference, recipient) * FROM hub.national_exchange
        WHERE force = who AND arrived = ANY (taken)
        ORDER BY reference, recipient, act = 'end' DESC, arrived DESC;
    DELETE FROM hub.national_exchange WHERE force = who AND arrived = ANY (taken);
    INSERT INTO hub.ended (force, reference)
        SELECT DISTINCT force, reference FROM came WHERE act = 'end' ON CONFLICT DO NOTHING;
    DELETE FROM came c USING hub.ended e
        WHERE c.act = 'offer' AND (e.force, e.reference) = (c.force, c.reference);
    -- a worker waits here for another that changes the same token; all lock them in the same order
    SELECT array_agg(token ORDER BY token) INTO touched FROM (
        SELECT token FROM came WHERE act = 'offer'
        UNION SELECT h.token FROM hub.held h JOIN came c USING (force, reference, recipient)
    ) AS both_sides;
    INSERT INTO hub.tokens AS t SELECT unnest(touched), 0
        ON CONFLICT (token) DO UPDATE SET turns = t.turns + 1;
    IF EXISTS (SELECT FROM came WHERE act = 'end') THEN
        PERFORM hub.end_offers(who, array(SELECT reference FROM came WHERE act = 'end'));
    END IF;
    INSERT INTO hub.held AS h
        SELECT force, reference, recipient, token, kind, week, grade, handling, until, epoch,
            records_reference
        FROM came WHERE act = 'offer' AND until > current_date
        ON CONFLICT (force, reference, recipient)
            DO UPDATE SET token = excluded.token, epoch = excluded.epoch
            WHERE h.epoch <= excluded.epoch;
    DELETE FROM hub.tokens t WHERE t.token = ANY (touched)
        AND NOT EXISTS (SELECT FROM hub.held h WHERE h.token = t.token);
    WITH found AS (
        INSERT INTO hub.matches
            SELECT DISTINCT mine.force, mine.reference, other.force, other.reference
            FROM came c
            JOIN hub.held mine USING (force, reference, recipient)
            JOIN hub.held other ON other.token = mine.token AND other.kind = mine.kind
            WHERE other.force <> mine.force
                AND mine.recipient IN ('all', other.force)
                AND other.recipient IN ('all', mine.force)
                AND other.until > current_date
                AND NOT EXISTS (
                    SELECT FROM hub.matches m
                    WHERE (m.force, m.reference, m.other, m.theirs)
                        = (mine.force, mine.reference, other.force, other.reference)
                    OR (m.other, m.theirs, m.force, m.reference)
                        = (mine.force, mine.reference, other.force, other.reference)
                )
        RETURNING *
    ), sides AS (
        SELECT force AS to_force, reference, other AS force, theirs FROM found
        UNION ALL SELECT other, theirs, force, reference FROM found
    )
    INSERT INTO hub.told
            (to_force, what, reference, force, theirs, grade, week, handling, records_reference)
        SELECT s.to_force, 'match', s.reference, s.force, s.theirs, h.grade, h.week, h.handling,
            h.records_reference
        FROM sides s
        JOIN LATERAL (
            SELECT * FROM hub.held h WHERE h.force = s.force AND h.reference = s.theirs LIMIT 1
        ) h ON true
        ORDER BY s.to_force, s.reference, s.theirs;
    PERFORM pg_notify(f.channel, '') FROM hub.forces f
        WHERE f.force = who OR EXISTS (SELECT FROM hub.told t WHERE t.to_force = f.force);
    RETURN cardinality(taken);
END
$body$;

CREATE OR REPLACE FUNCTION hub.end_offers(who text, ended uuid[]) RETURNS void
LANGUAGE plpgsql AS $body$
BEGIN
    DELETE FROM hub.held WHERE force = who AND reference = ANY (ended);
    WITH over AS (
        DELETE FROM hub.matches m
        WHERE (m.force = who AND m.reference = ANY (ended))
            OR (m.other = who AND m.theirs = ANY (ended))
        RETURNING *
    )
    INSERT INTO hub.told (to_force, what, reference, force, theirs)
        SELECT CASE WHEN force = who THEN other ELSE force END, 'match-ended',
            CASE WHEN force = who THEN theirs ELSE reference END, who,
            CASE WHEN force = who THEN reference ELSE theirs END
        FROM over ORDER BY 1, 3, 5;
    -- messages about this match that were not read yet are deleted
    DELETE FROM hub.told WHERE to_force = who AND what = 'match' AND reference = ANY (ended);
    INSERT INTO hub.told (to_force, what, reference)
        SELECT who, 'obeyed', e FROM (SELECT DISTINCT unnest(ended) AS e) AS one ORDER BY e;
END
$body$;
"""

_FORCE: LiteralString = """
CREATE SCHEMA IF NOT EXISTS {schema};
CREATE TABLE IF NOT EXISTS {schema}.exchange
    PARTITION OF hub.national_exchange (force DEFAULT {force}) FOR VALUES IN ({force});
CREATE INDEX IF NOT EXISTS exchange_arrived ON {schema}.exchange (arrived);
CREATE TRIGGER came AFTER INSERT ON {schema}.exchange FOR EACH ROW EXECUTE FUNCTION hub.came();
ALTER TABLE {schema}.exchange ENABLE ALWAYS TRIGGER came;
CREATE ROLE {role} LOGIN;
GRANT USAGE ON SCHEMA hub TO {role};
GRANT SELECT ON hub.forces TO {role};
GRANT SELECT, DELETE ON hub.told TO {role};
"""


def set_up(hub: Connection) -> None:
    """Make the hub's tables in this database, or update its functions."""
    with hub.transaction():
        hub.execute(_TABLES)
        hub.execute(_MATCH)


def add_force(hub: Connection, force: str) -> None:
    """Add a force to the hub: create the force's table and its database role `force_NAME`. The
    administrator then sets up how this role signs in. Raises psycopg.errors.CheckViolation if the
    name is invalid."""
    names = {
        "schema": Identifier(f"exchange_{force}"),
        "force": Literal(force),
        "role": Identifier(f"force_{force}"),
    }
    with hub.transaction():
        hub.execute("INSERT INTO hub.forces (force) VALUES (%s)", (force,))
        hub.execute(SQL(_FORCE).format(**names))


def follow(hub: Connection, force: str, address: str, slot: str, *, make_slot: bool) -> None:
    """Subscribe to the offers that a force publishes; an earlier subscription to the same force is
    replaced. All current offers are copied; rows that the hub already has change nothing.

    `address` is the address of the force's database, which is reached over TLS. If `make_slot` is
    False, the force has made the replication slot itself, as is necessary if the force's database
    is on the hub's own server. Raises the errors of `require_protected` if the connection would not
    be protected.
    """
    require_protected(address, "the force's address")
    name = Identifier(f"from_{force}")
    there = hub.execute(
        "SELECT subname FROM pg_subscription JOIN pg_database d ON d.oid = subdbid "
        "WHERE subname = %s AND datname = current_database()",
        (f"from_{force}",),
    )
    if there.fetchone():
        hub.execute(SQL("ALTER SUBSCRIPTION {} DISABLE").format(name))
        hub.execute(SQL("ALTER SUBSCRIPTION {} SET (slot_name = NONE)").format(name))
        hub.execute(SQL("DROP SUBSCRIPTION {}").format(name))
    if make_slot:
        drop_slot(address, slot)
    hub.execute(
        SQL(
            "CREATE SUBSCRIPTION {name} CONNECTION {address} PUBLICATION to_hub "
            "WITH (slot_name = {slot}, create_slot = {make}, run_as_owner = true)"
        ).format(name=name, address=Literal(address), slot=Literal(slot), make=Literal(make_slot))
    )


def drop_slot(address: str, slot: str) -> None:
    """Drop the replication slot on a force's server, where the slot remains after the subscription
    was cut off or ended. Raises psycopg.errors.ObjectInUse if the slot is in use.
    """
    with psycopg.connect(address, autocommit=True) as force:
        force.execute(
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots "
            "WHERE slot_name = %s",
            (slot,),
        )


def deliver(hub: Connection, force: str, rows: Iterable[Outgoing]) -> None:
    """Insert rows from a force's file, which are offers and ends of offers, into the hub. Rows that
    the hub already has change nothing. Raises psycopg.errors.CheckViolation if a row is neither an
    offer nor the end of one.
    """
    names = Outgoing.__struct_fields__
    statement = SQL("INSERT INTO {}.exchange ({}) VALUES ({})").format(
        Identifier(f"exchange_{force}"),
        SQL(", ").join(map(Identifier, names)),
        SQL(", ").join([Placeholder()] * len(names)),
    )
    with hub.transaction(), hub.cursor() as cursor:
        cursor.executemany(statement, map(msgspec.structs.astuple, rows))


def listen(hub: Connection) -> None:
    """Subscribe this database connection to the hub's notifications that offers have arrived."""
    (channel,) = _one(hub, "SELECT channel FROM hub.arrivals", ())
    hub.execute(SQL("LISTEN {}").format(Identifier(channel)))


def list_messages(hub: Connection, force: str) -> list[OfferStatus]:
    """Return a force's messages that it did not acknowledge yet, oldest first, for a file."""
    return read_messages_where(hub, SQL("WHERE to_force = %s ORDER BY id"), force)


def forget(hub: Connection, force: str, numbers: Sequence[int]) -> None:
    """Delete the messages with these numbers, which a force has acknowledged. The numbers are
    listed one by one, because a message with a smaller number may be stored later and not be
    acknowledged yet.
    """
    hub.execute(
        "DELETE FROM hub.told WHERE to_force = %s AND id = ANY (%s)", (force, list(numbers))
    )


def list_links(hub: Connection) -> list[dict[str, Any]]:
    """Return, for each force: the number of offers that wait to be matched, the number of
    unacknowledged messages, whether the hub receives the force's offers, when the hub last received
    data from the force, how often the force's rows were refused, and the number of the force's
    offers by the number of the key with which they were made.
    """
    rows = hub.execute(
        "SELECT f.force, (SELECT count(*) FROM hub.national_exchange n WHERE n.force = f.force), "
        "(SELECT count(*) FROM hub.told t WHERE t.to_force = f.force), s.pid IS NOT NULL, "
        "s.last_msg_receipt_time, coalesce(e.apply_error_count, 0), "
        "coalesce((SELECT jsonb_object_agg(epoch, many) FROM (SELECT epoch, "
        "count(DISTINCT reference) AS many FROM hub.held h WHERE h.force = f.force GROUP BY epoch) "
        "AS under), '{}') FROM hub.forces f "
        "LEFT JOIN pg_stat_subscription s ON s.subname = 'from_' || f.force "
        # this view of PostgreSQL also has a row for each helper process, which is excluded here
        "AND s.relid IS NULL AND s.leader_pid IS NULL "
        "LEFT JOIN pg_stat_subscription_stats e ON e.subname = 'from_' || f.force ORDER BY 1"
    )
    names = ("force", "to_match", "to_take", "followed", "heard", "refused", "keys")
    return [dict(zip(names, row, strict=True)) for row in rows]


def describe_unmatched(rows: Iterable[dict[str, Any]]) -> list[str]:
    """Return a sentence for each force and older key with which the force has made offers. Such
    offers cannot match offers made with the newest key: the force has not renewed them, or uses
    fewer key services than other forces. `rows` is the result of `list_links`.
    """
    under = [(row["force"], int(key), many) for row in rows for key, many in row["keys"].items()]
    last = max((key for _, key, _ in under), default=0)
    return [
        f"{force}: {many} offered under key {key} meet nothing under key {last}. There: set the "
        f"key services that the others set (from {OF_TWO} on it is two), then continuum exchange "
        "renew"
        for force, key, many in under
        if key < last
    ]


def list_waiting_forces(hub: Connection) -> list[str]:
    """Return the forces with offers waiting to be matched, without locking anything."""
    rows = hub.execute(
        "SELECT force FROM hub.forces f WHERE EXISTS "
        "(SELECT FROM hub.national_exchange n WHERE n.force = f.force) ORDER BY force"
    )
    return [name for (name,) in rows]


def match(hub: Connection, force: str) -> int:
    """Match the offers of a force that have arrived, as many as one run can process; return how
    many were processed. If two processes do this at the same time, they miss no match and report
    none twice."""
    (taken,) = _one(hub, "SELECT hub.match(%s, %s)", (force, MANY))
    return int(taken)


def match_all(hub: Connection) -> int:
    """Match all arrived offers, except those that another process is matching; return their
    number."""
    total, taken = 0, 1
    while taken:
        taken = sum(match(hub, force) for force in list_waiting_forces(hub))
        total += taken
    return total


def expire(hub: Connection) -> int:
    """End offers whose last day has passed; return their number. Also delete the records of offers
    that ended so long ago that no copy of them can still arrive."""
    hub.execute("DELETE FROM hub.ended WHERE day < current_date - %s", (STANDS.days,))
    over = hub.execute(
        "SELECT force, array_agg(DISTINCT reference) FROM hub.held WHERE until <= current_date "
        "GROUP BY force ORDER BY force"
    ).fetchall()
    for force, references in over:
        with hub.transaction():
            hub.execute("SELECT FROM hub.forces WHERE force = %s FOR UPDATE", (force,))
            hub.execute(
                "INSERT INTO hub.tokens AS t SELECT token, 0 FROM (SELECT DISTINCT token "
                "FROM hub.held WHERE force = %s AND reference = ANY (%s)) AS h ORDER BY token "
                "ON CONFLICT (token) DO UPDATE SET turns = t.turns + 1",
                (force, references),
            )
            hub.execute("SELECT hub.end_offers(%s, %s)", (force, references))
            hub.execute(
                "DELETE FROM hub.tokens t WHERE NOT EXISTS "
                "(SELECT FROM hub.held h WHERE h.token = t.token)"
            )
    return sum(len(references) for _, references in over)


def _one(hub: Connection, statement: LiteralString, parameters: Sequence[Any]) -> TupleRow:
    row: TupleRow | None = hub.execute(statement, parameters).fetchone()
    assert row is not None  # noqa: S101 (a function answers)
    return row

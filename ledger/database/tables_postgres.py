"""A log's schema on PostgreSQL: its tables, and the functions that write to them.

The application only needs SELECT on the tables and EXECUTE on `append_sealed`, because this
function runs with its owner's rights. The function takes a lock for writing before it reads the
head and the clock, and holds the lock until the commit. So seq and `recorded` grow in the order in
which facts become visible, and a reader that continues from a position misses no fact. It is a lock
of the origin's table, which only the owner, and therefore only these functions, can take; any role
could take an advisory lock. The function computes each event's leaf (leaf.py) in the statement that
writes the event. Only a synthetic store takes its time from outside. A role that erases also needs
EXECUTE on `take_turn`, `shred_keys` and `rewrap_keys`, and MAINTAIN on the tables. A signer needs
the view of keys, which shows each wrapped key only as a hash.

PostgreSQL caches the plan of each statement. A plan that was made while a table was empty would
always read the whole table, so the function only uses indexes. Each statement has one plan for
batches of any size; otherwise the server would plan some of them again for every record. Arrays are
expanded in the select list, because the server would first write out each of the thirteen arrays as
a table.

A store may have several sites (sites_postgres.py). Only one of them writes: the site of the highest
term, when it no longer copies from another. A store at a single site may have no name for it.

The file is long because it is the SQL of one schema.
"""

from string import Template
from typing import LiteralString

MIGRATION_LOCK = 0x6C65646765720001
"""Several processes may start on a new database; with this lock only one of them makes the
tables."""

PATIENCE = "10s"
"""Longest wait for a lock; after it, the error names the session that has the lock."""
TURN: LiteralString = "LOCK TABLE {}.{} IN SHARE UPDATE EXCLUSIVE MODE"
"""A session that writes to a log has this lock of the origin's table until its commit. The lock
blocks neither readers nor copying the table to another site."""

HEEDING_LOCK = MIGRATION_LOCK + 16
"""With this lock, only one session at a time changes the subscription to another site's terms."""

TOLD = "continuum"
"""The channel on which a new fact is notified to processes that update views. Only the evidence log
notifies: a session that notifies waits at its commit for all others that do, and writers of one log
should not wait for those of another."""

FOLLOWS = """EXISTS (
    SELECT FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = s.subdbid
    WHERE d.datname = current_database() AND s.subname ~ '^continuum_(site|witness)_'
)"""
"""An SQL condition: this database copies the logs of another site."""

WRONG_CLOCK = "LG001"
KEY_TAKEN = "LG002"
COMMAND_KNOWN = "LG003"
STALE_KEYS = "LG004"
OUT_OF_TURN = "LG005"
CLOCK_DIFFERS = "LG006"
"""Error codes (SQLSTATE) of this program: the standard reserves classes that begin with I to Z for
implementations, and PostgreSQL does not use these."""

TABLES = Template("""
CREATE SCHEMA IF NOT EXISTS $log;

CREATE TABLE IF NOT EXISTS $log.${log}_head (
    one integer PRIMARY KEY CHECK (one = 1),
    seq bigint NOT NULL,
    recorded bigint NOT NULL,
    synthetic boolean NOT NULL,
    shreds bigint NOT NULL
) WITH (fillfactor = 10);
INSERT INTO $log.${log}_head VALUES (1, 0, 0, $synthetic, 0) ON CONFLICT DO NOTHING;

CREATE TABLE IF NOT EXISTS $log.${log}_origin (
    one integer PRIMARY KEY CHECK (one = 1),
    origin text NOT NULL
);
INSERT INTO $log.${log}_origin VALUES (1, '$origin') ON CONFLICT DO NOTHING;

CREATE TABLE IF NOT EXISTS $log.${log}_events (
    seq bigint PRIMARY KEY CHECK (seq > 0),
    originator_id uuid NOT NULL,
    originator_version bigint NOT NULL CHECK (originator_version > 0),
    topic text NOT NULL CHECK (topic <> ''),
    state bytea NOT NULL CHECK (length(state) > 5),
    recorded bigint NOT NULL CHECK (recorded > 0),
    command_id uuid NOT NULL,
    leaf bytea NOT NULL CHECK (length(leaf) = 32),
    CONSTRAINT ${log}_version UNIQUE (originator_id, originator_version)
);

CREATE TABLE IF NOT EXISTS $log.${log}_commands (
    command_id uuid PRIMARY KEY,
    digest bytea,
    first_seq bigint NOT NULL,
    count integer NOT NULL
);

CREATE TABLE IF NOT EXISTS $log.${log}_unique (
    digest bytea PRIMARY KEY,
    stream uuid NOT NULL
);

CREATE TABLE IF NOT EXISTS $log.${log}_keys (
    stream uuid NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    family text NOT NULL,
    key_id bytea NOT NULL CHECK (length(key_id) = 16),
    epoch integer NOT NULL CHECK (epoch > 0),
    wrapped bytea,
    destroyed bigint CHECK ((destroyed IS NULL) = (wrapped IS NOT NULL)),
    PRIMARY KEY (stream, number)
);

CREATE OR REPLACE VIEW $log.${log}_key_seals AS
    SELECT stream, number, family, key_id, epoch, destroyed, sha256(wrapped) AS sealed
    FROM $log.${log}_keys;

CREATE TABLE IF NOT EXISTS $log.${log}_epochs (
    family text PRIMARY KEY,
    epoch integer NOT NULL
);
INSERT INTO $log.${log}_epochs VALUES $epochs ON CONFLICT DO NOTHING;

CREATE TABLE IF NOT EXISTS $log.${log}_terms (
    term bigint PRIMARY KEY CHECK (term > 0),
    site text NOT NULL CHECK (site <> ''),
    seq bigint NOT NULL,
    since bigint NOT NULL
);

CREATE TABLE IF NOT EXISTS $log.${log}_site (
    one integer PRIMARY KEY CHECK (one = 1),
    name text NOT NULL CHECK (name <> ''),
    holds text NOT NULL CHECK (holds IN ('all', 'records'))
);

CREATE OR REPLACE FUNCTION $log.refuse_out_of_turn() RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$body$$
DECLARE
    turn $log.${log}_terms;
    here text;
BEGIN
    SELECT s.name INTO here FROM $log.${log}_site s;
    SELECT * INTO turn FROM $log.${log}_terms t ORDER BY t.term DESC LIMIT 1;
    IF turn.site <> here OR (turn.site IS NOT NULL AND here IS NULL) THEN
        RAISE EXCEPTION 'the site % writes since term %, and this site does not', turn.site,
            turn.term USING ERRCODE = '$out_of_turn';
    END IF;
    IF here IS NOT NULL AND (turn.site IS NULL OR $follows) THEN
        RAISE EXCEPTION 'this site follows another one, and writes nothing before it has taken over'
            USING ERRCODE = '$out_of_turn';
    END IF;
END
$$body$$;
REVOKE ALL ON FUNCTION $log.refuse_out_of_turn FROM PUBLIC;

CREATE OR REPLACE FUNCTION $log.take_turn() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$body$$
BEGIN
    $turn;
END
$$body$$;
REVOKE ALL ON FUNCTION $log.take_turn FROM PUBLIC;

$former_append;
CREATE OR REPLACE FUNCTION $log.append_sealed(
    commands uuid[], digests bytea[], counts integer[],
    streams uuid[], versions bigint[], topics text[], states bytea[], caused_by uuid[],
    keys bytea[], holders uuid[],
    clock bigint,
    looked_up bigint, key_streams uuid[], key_numbers integer[], key_families text[],
    key_ids bytea[], key_epochs integer[], key_wrapped bytea[],
    leap bigint, held bigint
) RETURNS TABLE (first_seq bigint, first_recorded bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '$patience'
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan
AS $$body$$
DECLARE
    head $log.${log}_head;
    taken record;
    written bigint;
    prefix bytea;
    reading bigint;
BEGIN
    $turn;
    IF EXISTS (SELECT FROM $log.${log}_site) OR EXISTS (SELECT FROM $log.${log}_terms) THEN
        PERFORM $log.refuse_out_of_turn();
    END IF;
    SELECT * INTO STRICT head FROM $log.${log}_head;
    IF clock IS NOT NULL AND NOT head.synthetic THEN
        RAISE EXCEPTION 'only a synthetic store takes the time from outside'
            USING ERRCODE = '$wrong_clock';
    END IF;
    IF looked_up <> head.shreds THEN
        RAISE EXCEPTION 'stale keys' USING ERRCODE = '$stale_keys';
    END IF;
    SELECT '\\x0000000003455631'::bytea || int4send(octet_length(convert_to(o.origin, 'UTF8')))
        || convert_to(o.origin, 'UTF8') INTO STRICT prefix FROM $log.${log}_origin o;
    first_seq := head.seq + 1;
    reading := coalesce(clock, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint);
    IF leap IS NOT NULL AND reading NOT BETWEEN head.recorded - $slack AND head.recorded + leap THEN
        RAISE EXCEPTION 'the clock differs'
            USING ERRCODE = '$clock_differs', DETAIL = reading::text;
    END IF;
    first_recorded := greatest(head.recorded + 1, least(reading, coalesce(held, reading)));
    INSERT INTO $log.${log}_commands
        SELECT c.id, c.digest, first_seq + sum(c.n) OVER (ORDER BY c.i) - c.n, c.n
        FROM (SELECT unnest(commands) AS id, unnest(digests) AS digest, unnest(counts) AS n,
            generate_subscripts(commands, 1) AS i) AS c
        ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written < cardinality(commands) THEN
        RAISE EXCEPTION 'command known' USING ERRCODE = '$command_known';
    END IF;
    INSERT INTO $log.${log}_events
        SELECT first_seq + e.i - 1, e.stream, e.version, e.topic, e.state,
            first_recorded + e.i - 1, e.command,
            sha256(prefix
                || '\\x00000008'::bytea || int8send(first_seq + e.i - 1)
                || '\\x00000010'::bytea || uuid_send(e.stream)
                || '\\x00000008'::bytea || int8send(e.version)
                || int4send(octet_length(convert_to(e.topic, 'UTF8')))
                || convert_to(e.topic, 'UTF8')
                || '\\x00000008'::bytea || int8send(first_recorded + e.i - 1)
                || '\\x00000020'::bytea || sha256(e.state))
        FROM (SELECT unnest(streams) AS stream, unnest(versions) AS version,
            unnest(topics) AS topic, unnest(states) AS state, unnest(caused_by) AS command,
            generate_subscripts(streams, 1) AS i) AS e;
    IF cardinality(key_streams) > 0 THEN
        INSERT INTO $log.${log}_keys
            SELECT unnest(key_streams), unnest(key_numbers), unnest(key_families),
                unnest(key_ids), unnest(key_epochs), unnest(key_wrapped)
            ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS written = ROW_COUNT;
        IF written < cardinality(key_streams) THEN
            RAISE EXCEPTION 'stale keys' USING ERRCODE = '$stale_keys';
        END IF;
    END IF;
    IF cardinality(keys) > 0 THEN
        INSERT INTO $log.${log}_unique
            SELECT k.digest, k.stream FROM unnest(keys, holders) AS k (digest, stream)
            ON CONFLICT DO NOTHING;
        SELECT u.digest, u.stream INTO taken
            FROM unnest(keys, holders) AS k (digest, stream)
            JOIN $log.${log}_unique u ON u.digest = k.digest AND u.stream <> k.stream LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'key taken' USING ERRCODE = '$key_taken',
                DETAIL = encode(taken.digest, 'hex') || ' ' || taken.stream;
        END IF;
    END IF;
    UPDATE $log.${log}_head SET seq = head.seq + cardinality(streams),
        recorded = first_recorded + greatest(cardinality(streams) - 1, 0);
    $tell
    RETURN NEXT;
END
$$body$$;
REVOKE ALL ON FUNCTION $log.append_sealed FROM PUBLIC;

CREATE OR REPLACE FUNCTION $log.shred_keys(
    key_streams uuid[], key_numbers integer[], forget uuid[], unhold uuid[],
    families text[], epochs integer[]
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '$patience'
AS $$body$$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_locks WHERE pid = pg_backend_pid() AND granted
            AND relation = '$log.${log}_origin'::regclass
            AND mode = 'ShareUpdateExclusiveLock') THEN
        RAISE EXCEPTION 'keys are destroyed by who holds the turn: an older program asks for this';
    END IF;
    PERFORM $log.refuse_out_of_turn();
    UPDATE $log.${log}_keys k SET wrapped = NULL,
            destroyed = (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
        FROM unnest(key_streams, key_numbers) AS d (stream, number)
        WHERE k.stream = d.stream AND k.number = d.number AND k.wrapped IS NOT NULL;
    UPDATE $log.${log}_commands SET digest = NULL WHERE command_id = ANY (forget);
    DELETE FROM $log.${log}_unique WHERE stream = ANY (unhold);
    INSERT INTO $log.${log}_epochs AS e SELECT * FROM unnest(families, epochs)
        ON CONFLICT (family) DO UPDATE SET epoch = excluded.epoch;
    UPDATE $log.${log}_head SET shreds = shreds + 1;
END
$$body$$;
REVOKE ALL ON FUNCTION $log.shred_keys FROM PUBLIC;

CREATE OR REPLACE FUNCTION $log.rewrap_keys(
    key_streams uuid[], key_numbers integer[], key_epochs integer[], key_wrapped bytea[]
) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '$patience'
AS $$body$$
    SELECT $log.refuse_out_of_turn();
    UPDATE $log.${log}_keys k SET epoch = n.epoch, wrapped = n.wrapped
        FROM unnest(key_streams, key_numbers, key_epochs, key_wrapped)
            AS n (stream, number, epoch, wrapped)
        WHERE k.stream = n.stream AND k.number = n.number AND k.wrapped IS NOT NULL
$$body$$;
REVOKE ALL ON FUNCTION $log.rewrap_keys FROM PUBLIC;
""")

KNOWN_TERMS: LiteralString = """
CREATE OR REPLACE FUNCTION {schema}.pass_over_known_term() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
    IF EXISTS (SELECT FROM {terms} t WHERE (t.term, t.site) = (NEW.term, NEW.site)) THEN
        RETURN NULL;
    END IF;
    RETURN NEW;
END
$body$;
CREATE OR REPLACE TRIGGER pass_over_known_term BEFORE INSERT ON {terms}
    FOR EACH ROW EXECUTE FUNCTION {schema}.pass_over_known_term();
ALTER TABLE {terms} ENABLE REPLICA TRIGGER pass_over_known_term
"""
"""A row from another site that exists here is skipped. A different row from another site for an
existing term is refused."""

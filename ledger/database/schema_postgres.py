"""Compare a log's schema on PostgreSQL with the schema that this program makes.

Tables, columns, indexes and constraints are compared with `MADE`, functions with the SQL that makes
them, owners and rights with those that `setup postgres` and `init` give. `MADE` is written out
here, because an attacker may have changed the database. If the owner of a store has not upgraded it
yet, its functions are those of another release, and a comment in the database shows this
(`made_by`).
"""

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import psycopg

from ledger.database import exchange_outbox
from ledger.database.postgres_roles import rights_of
from ledger.database.reads_postgres import CLOSED

MADE = """
head: one integer NOT NULL, seq bigint NOT NULL, recorded bigint NOT NULL, synthetic boolean NOT NULL, shreds bigint NOT NULL
origin: one integer NOT NULL, origin text NOT NULL
events: seq bigint NOT NULL, originator_id uuid NOT NULL, originator_version bigint NOT NULL, topic text NOT NULL, state bytea NOT NULL, recorded bigint NOT NULL, command_id uuid NOT NULL, leaf bytea NOT NULL
commands: command_id uuid NOT NULL, digest bytea, first_seq bigint NOT NULL, count integer NOT NULL
unique: digest bytea NOT NULL, stream uuid NOT NULL
keys: stream uuid NOT NULL, number integer NOT NULL, family text NOT NULL, key_id bytea NOT NULL, epoch integer NOT NULL, wrapped bytea, destroyed bigint
epochs: family text NOT NULL, epoch integer NOT NULL
terms: term bigint NOT NULL, site text NOT NULL, seq bigint NOT NULL, since bigint NOT NULL
site: one integer NOT NULL, name text NOT NULL, holds text NOT NULL
view key_seals: stream uuid, number integer, family text, key_id bytea, epoch integer, destroyed bigint, sealed bytea
key_seals as SELECT stream, number, family, key_id, epoch, destroyed, sha256(wrapped) AS sealed FROM keys;
commands_pkey of commands PRIMARY KEY (command_id)
epochs_pkey of epochs PRIMARY KEY (family)
events_pkey of events PRIMARY KEY (seq)
head_pkey of head PRIMARY KEY (one)
keys_pkey of keys PRIMARY KEY (stream, number)
origin_pkey of origin PRIMARY KEY (one)
site_pkey of site PRIMARY KEY (one)
terms_pkey of terms PRIMARY KEY (term)
unique_pkey of unique PRIMARY KEY (digest)
version of events UNIQUE (originator_id, originator_version)
events_leaf_check of events CHECK ((length(leaf) = 32))
events_originator_version_check of events CHECK ((originator_version > 0))
events_recorded_check of events CHECK ((recorded > 0))
events_seq_check of events CHECK ((seq > 0))
events_state_check of events CHECK ((length(state) > 5))
events_topic_check of events CHECK ((topic <> ''::text))
head_one_check of head CHECK ((one = 1))
keys_check of keys CHECK (((destroyed IS NULL) = (wrapped IS NOT NULL)))
keys_epoch_check of keys CHECK ((epoch > 0))
keys_key_id_check of keys CHECK ((length(key_id) = 16))
keys_number_check of keys CHECK ((number > 0))
origin_one_check of origin CHECK ((one = 1))
site_holds_check of site CHECK ((holds = ANY (ARRAY['all'::text, 'records'::text])))
site_name_check of site CHECK ((name <> ''::text))
site_one_check of site CHECK ((one = 1))
terms_site_check of terms CHECK ((site <> ''::text))
terms_term_check of terms CHECK ((term > 0))
"""  # noqa: E501 (a line for each table)
MADE_FOR_OTHERS = """
exchange: seq bigint NOT NULL DEFAULT nextval('exchange_place'::regclass), reference uuid NOT NULL, recipient text NOT NULL, act text NOT NULL, kind text, week date, grade text, handling text, until date, epoch integer, token bytea, records_reference text
exchange_act_check of exchange CHECK ((act = ANY (ARRAY['offer'::text, 'end'::text])))
exchange_check of exchange CHECK (((act = 'offer'::text) = (token IS NOT NULL)))
exchange_token_check of exchange CHECK ((octet_length(token) = 32))
CREATE INDEX exchange_reference ON exchange USING btree (reference)
CREATE INDEX exchange_seq ON exchange USING btree (seq)
sequence exchange_place
"""  # noqa: E501
"""Objects of the product log for outgoing rows to other police forces (exchange_outbox.py)."""

_THERE = r"""
WITH rel AS (SELECT * FROM pg_class WHERE relnamespace = to_regnamespace(%(log)s))
SELECT format('%%s %%s%%s%%s', CASE relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'table'
        WHEN 'v' THEN 'view' WHEN 'S' THEN 'sequence' ELSE 'relation ' || relkind::text END,
    relname, CASE relpersistence WHEN 'p' THEN '' ELSE ' that a crash empties' END,
    CASE WHEN relrowsecurity OR relforcerowsecurity THEN ' with row security' ELSE '' END)
FROM rel WHERE relkind NOT IN ('i', 'I', 't', 'c')
UNION ALL
SELECT format('column %%s.%%s %%s%%s%%s', relname, attname, format_type(atttypid, atttypmod),
    CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END,
    coalesce(' DEFAULT ' || pg_get_expr(adbin, adrelid), ''))
FROM rel JOIN pg_attribute ON attrelid = rel.oid AND attnum > 0 AND NOT attisdropped
LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE relkind IN ('r', 'p', 'v')
UNION ALL
SELECT format('constraint %%s of %%s %%s', conname, relname, pg_get_constraintdef(o.oid))
FROM rel JOIN pg_constraint o ON conrelid = rel.oid WHERE contype <> 'n'
UNION ALL
SELECT pg_get_indexdef(indexrelid)
    || CASE WHEN indisvalid AND indisready AND indislive THEN '' ELSE ' that is not valid' END
FROM rel JOIN pg_index ON indrelid = rel.oid
UNION ALL
SELECT format('view %%s as %%s', relname, btrim(regexp_replace(
    regexp_replace(pg_get_viewdef(oid), '\s+', ' ', 'g'), '\w+_keys\.', '', 'g')))
FROM rel WHERE relkind = 'v'
"""
_FUNCTIONS = """
SELECT proname, prosrc, lanname, prosecdef, provolatile::text, coalesce(proconfig, '{}')
FROM pg_proc JOIN pg_language l ON l.oid = prolang WHERE pronamespace = to_regnamespace(%(log)s)
"""
_OWNERS = """
WITH here AS (SELECT oid, nspowner FROM pg_namespace WHERE nspname = %(log)s)
SELECT format('%%s is owned by %%s and not by %%s', name, pg_get_userbyid(owner),
    pg_get_userbyid(nspowner))
FROM here JOIN (
    SELECT relname AS name, relowner AS owner, relnamespace AS place FROM pg_class
    WHERE relkind NOT IN ('i', 'I', 't', 'c')
    UNION ALL SELECT 'function ' || proname, proowner, pronamespace FROM pg_proc
) AS one ON place = here.oid WHERE owner <> nspowner ORDER BY 1
"""
_RIGHTS = """
WITH here AS (SELECT * FROM pg_namespace WHERE nspname = %(log)s)
SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END,
    a.privilege_type, o.name
FROM here JOIN LATERAL (
    SELECT 'schema' AS name, here.nspowner AS owner,
        coalesce(here.nspacl, acldefault('n', here.nspowner)) AS acl
    UNION ALL SELECT relname, relowner, coalesce(relacl, acldefault('r', relowner))
    FROM pg_class WHERE relnamespace = here.oid AND relkind IN ('r', 'p', 'v')
    UNION ALL SELECT relname || '.' || attname, relowner, attacl FROM pg_class
    JOIN pg_attribute ON attrelid = pg_class.oid
    WHERE relnamespace = here.oid AND attacl IS NOT NULL
    UNION ALL SELECT proname, proowner, coalesce(proacl, acldefault('f', proowner))
    FROM pg_proc WHERE pronamespace = here.oid
) AS o ON true, aclexplode(o.acl) a WHERE a.grantee <> o.owner
"""
_OWNER = "SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = %(log)s"
_ROLES = "SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)"

MADE_BY = "continuum definitions "
_MADE_BY = "SELECT obj_description(to_regclass(%s), 'pg_class')"

_FUNCTION = re.compile(
    r"CREATE (?:OR REPLACE )?FUNCTION \w+\.(\w+)\((.*?)AS \$(\w+)\$(.*?)\$\3\$", re.DOTALL
)
_SET = re.compile(r"\bSET (\w+) = ('[^']*'|\w+(?:, \w+)*)")

Function = tuple[str, str, bool, str, frozenset[str]]
"""A function's body and language, whether it runs with its owner's rights, whether it only reads,
and its settings."""


def functions_in(definitions: str) -> dict[str, Function]:
    """Return each database function that these statements make, by its name."""
    made: dict[str, Function] = {}
    for name, head, _, body in _FUNCTION.findall(definitions):
        language = re.search(r"LANGUAGE (\w+)", head)
        settings = {f"{key}={value.strip(chr(39))}" for key, value in _SET.findall(head)}
        made[name] = (
            body,
            language[1] if language else "",
            "SECURITY DEFINER" in head,
            "s" if " STABLE " in head else "v",
            frozenset(settings),
        )
    return made


def fingerprint(definitions: str) -> str:
    """Return a hash of this release's definitions; in a comment it names the release that made the
    schema."""
    functions = sorted(
        (name, *rest, *sorted(settings))
        for name, (*rest, settings) in functions_in(definitions).items()
    )
    return sha256(f"{MADE}{MADE_FOR_OTHERS}{functions}".encode()).hexdigest()[:16]


def made_by(c: psycopg.Cursor[Any], log: str, definitions: str) -> bool:
    """Return whether the comment of a log's schema says that this release made the functions."""
    ((maker,),) = c.execute(_MADE_BY, (f"{log}.{log}_head",)).fetchall()
    return bool(maker == MADE_BY + fingerprint(definitions))


def differing(c: psycopg.Cursor[Any], log: str, definitions: str) -> Iterator[str]:
    """Yield the objects of a log's schema that are missing, additional, or different from what this
    release makes."""
    values = {"log": log}
    there = {_short(words, log) for (words,) in c.execute(_THERE, values).fetchall()}
    made = set(_made(MADE)) | set(_made(MADE_FOR_OTHERS) if log == exchange_outbox.HELD_BY else ())
    yield from (f"{text}: this program did not make it" for text in sorted(there - made))
    yield from (f"{text}: it is not there" for text in sorted(made - there))
    expected_functions = functions_in(definitions)
    seen: set[str] = set()
    for name, *rest, settings in sorted(c.execute(_FUNCTIONS, values).fetchall()):
        definition = (*rest, frozenset(str(setting) for setting in settings))
        if name not in expected_functions or name in seen:
            yield f"function {name}: this program did not make it"
        elif definition != expected_functions[name]:
            yield f"function {name}: it is not as this program made it"
        seen.add(name)
    absent = sorted(expected_functions.keys() - seen - {"pass_over_known_term"})
    yield from (f"function {name}: it is not there" for name in absent)


def owned(c: psycopg.Cursor[Any], log: str) -> Iterator[str]:
    """Yield the objects in a log's schema that have another owner than the schema, and the rights
    that differ from those that `setup postgres` gives."""
    values = {"log": log}
    yield from (words for (words,) in c.execute(_OWNERS, values).fetchall())
    actual_rights = {
        (str(role), str(right), _short(str(name), log))
        for role, right, name in c.execute(_RIGHTS, values).fetchall()
    }
    ((owner,),) = c.execute(_OWNER, values).fetchall() or (("",),)
    name, _, duty = str(owner).rpartition("_")
    roles = {role for (role,) in c.execute(_ROLES, (f"{name}_",)).fetchall()} if name else set()
    expected = rights_of(log, name, log == CLOSED, c.connection.info.server_version)
    if duty == "owner" and {role for role, *_ in expected} <= roles:
        sites = {f"{name}_site", f"{name}_witness"}
        more = {
            role_right
            for role_right in actual_rights - expected
            if not (role_right[0] in sites and role_right[1] in ("SELECT", "USAGE"))
            and role_right[2] != "exchange"
        }
        yield from (
            f"{_right(*role_right)}: nobody gave it by setup postgres"
            for role_right in sorted(more)
        )
        yield from (
            f"{_right(*role_right)}: it is not given"
            for role_right in sorted(expected - actual_rights)
        )
    else:
        reading = ("SELECT", "USAGE", "EXECUTE", "MAINTAIN")
        for role_right in sorted(actual_rights):
            if role_right[0] == "PUBLIC" or role_right[1] not in reading:
                yield f"{_right(*role_right)}: it may change what is recorded"


def _right(role: str, right: str, name: str) -> str:
    return f"the right of {role} to {right} on {name}"


def _short(words: str, log: str) -> str:
    return re.sub(rf"\b{log}\.|\b{log}_", "", words).replace('"', "")


def _made(text: str) -> Iterator[str]:
    for line in text.strip().splitlines():
        table, colon, columns = line.partition(": ")
        if colon:
            kind, _, name = table.rpartition(" ")
            yield f"{kind or 'table'} {name}"
            yield from (f"column {name}.{column}" for column in columns.split(", "))
        elif match := re.fullmatch(r"(\w+) of (\w+) (PRIMARY KEY|UNIQUE) (\(.*\))", line):
            yield f"constraint {line}"
            yield f"CREATE UNIQUE INDEX {match[1]} ON {match[2]} USING btree {match[4]}"
        elif line.startswith(("CREATE", "sequence")):
            yield line
        else:
            yield f"{'view' if ' as SELECT' in line else 'constraint'} {line}"


def comment(log: str, definitions: str) -> str:
    """Return the SQL statement that names, in a comment in the schema, the release that made a
    log's functions.
    """
    return f"COMMENT ON TABLE {log}.{log}_head IS '{MADE_BY}{fingerprint(definitions)}'"

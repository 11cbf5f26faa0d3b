"""Databases that are used by one test after another. Resetting a database to its template takes a
third of the time of dropping it and copying the template of 270 tables again."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlsplit

import psycopg

from tests.parked import PARKED

#: A pattern of the end of a copy's URL; its numbers are used only once in a run
#: (`tests.postgres.named`, `tests.postgres.copies`, `Reused.took`).
OF_A_COPY = re.compile(r"/(?:[cs]\d+|t\d+_\d+)(?:\?|$)")
#: The number of tests after which a database is dropped, because the rows that tests deleted use
#: disk space.
USES = 25
#: The catalogue tables that define a database. A row that was added, changed or deleted since the
#: copy was made has another transaction number, or is missing.
CATALOGUES = (
    *("pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_index", "pg_proc", "pg_type"),
    *("pg_trigger", "pg_namespace", "pg_policy", "pg_rewrite", "pg_sequence", "pg_default_acl"),
    *("pg_event_trigger", "pg_publication", "pg_publication_rel", "pg_extension"),
)
_MADE_OF = " UNION ALL ".join(
    f"SELECT count(*), sum(xmin::text::bigint) FROM {name}" for name in CATALOGUES
)
_SETTINGS = """SELECT count(*) FROM pg_db_role_setting
  JOIN pg_database ON oid = setdatabase WHERE datname = current_database()"""
_TABLES = """SELECT format('%I.%I', nspname, relname) FROM pg_class c
  JOIN pg_namespace n ON n.oid = relnamespace
  WHERE relkind = 'r' AND nspname !~ '^pg_|^information_schema$' AND pg_relation_size(c.oid) > 0"""
_SEQUENCES = """SELECT format('setval(%L, %s, %L)', format('%I.%I', schemaname, sequencename),
  coalesce(last_value, start_value), last_value IS NOT NULL) FROM pg_sequences"""


@dataclass(frozen=True)
class Snapshot:
    """The state of a template database: its definition, the rows of its tables in PostgreSQL's
    binary form, and statements that set its sequences.
    """

    made_of: list[tuple[int, ...]]
    rows: dict[str, bytes]
    sequences: list[str]


@dataclass
class Reused:
    """The databases that this process may use again, by their URL and by the URL of the template
    from which they were copied."""

    _snapshots: dict[str, Snapshot] = field(default_factory=dict)
    _template: dict[str, str] = field(default_factory=dict)
    _uses: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    _spare: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _lent: dict[str, str] = field(default_factory=dict)
    _latest: str = ""
    _set_aside: "count[int]" = field(default_factory=lambda: count(1))

    def copied(self, server: str, name: str, template: str) -> None:
        """Remember that this database is a new copy of this template."""
        made_from = _database_url(server, template)
        if made_from not in self._snapshots:
            with psycopg.connect(made_from, autocommit=True) as connection:
                self._snapshots[made_from] = _snapshot(connection)
        self._template[_database_url(server, name)] = made_from
        self._park(server, name)

    def _park(self, server: str, name: str) -> None:
        """Keep closed connections to this database open for later use, unless the database is a
        template."""
        if OF_A_COPY.search(f"/{name}"):
            PARKED.databases.add(_place(server, name))

    def lend(self, server: str) -> str | None:
        """Return the URL of a used database that is still to be reset, or None if there is none. It
        was copied from the template of the database that a test returned last. The caller needs an
        empty database now, and will most often need a copy of this template next (see `took`)."""
        spare = self._spare[self._latest]
        if not spare or urlsplit(spare[-1])._replace(path="") != urlsplit(server)._replace(path=""):
            return None
        url = spare.pop()
        self._lent[url] = self._latest
        return url

    def took(self, server: str, name: str, template: str) -> bool:
        """Take a used database of this template, reset it and rename it to `name`. Return False if
        there is none."""
        url, made_from = _database_url(server, name), _database_url(server, template)
        if lent := self._lent.pop(url, None):
            if lent == made_from and self._renewed(url, made_from):
                return True
            if lent != made_from:
                self._rename(server, name, f"s{next(self._set_aside)}", lent)
        if (spare := self.again(server, template)) is None:
            return False
        try:
            self._rename(server, urlsplit(spare).path[1:], name)
        except psycopg.errors.DuplicateDatabase:
            # some tests have made an empty database with that name
            execute(server, f"DROP DATABASE {name}")
            self._rename(server, urlsplit(spare).path[1:], name)
        return True

    def _rename(self, server: str, former: str, name: str, spare_of: str | None = None) -> None:
        """Rename a database, either as a spare copy of the template `spare_of` or as a database in
        use.
        """
        close_parked(server, former)
        execute(server, f"ALTER DATABASE {former} RENAME TO {name}")
        self._park(server, name)
        before, url = _database_url(server, former), _database_url(server, name)
        self._uses[url] = self._uses.pop(before, 0)
        if spare_of:
            self._spare[spare_of].append(url)
        else:
            self._template[url] = self._template.pop(before)

    def again(self, server: str, template: str) -> str | None:
        """Return the URL of a used database that is equal to the template again, or None if there
        is none.
        """
        made_from = _database_url(server, template)
        while self._spare[made_from]:
            spare = self._spare[made_from].pop()
            if self._renewed(spare, made_from):
                return spare
        return None

    def _renewed(self, url: str, made_from: str) -> bool:
        """Reset a used database to the content of its template. Return True if both are then equal;
        otherwise drop the database and return False.
        """
        if _emptied(url, self._snapshots[made_from]):
            self._uses[url] += 1
            self._template[url] = made_from
            return True
        drop(made_from, url)
        return False

    def gave_back(self, url: str) -> bool:
        """Accept the database at this URL from a test that no longer needs it; return True if a
        later test may use it again, and False if the caller must drop it.
        """
        made_from = self._template.pop(url, None) or self._lent.pop(url, None)
        if made_from is None or self._uses[url] >= USES or not OF_A_COPY.search(url):
            return False
        self._spare[made_from].append(url)
        self._latest = made_from
        return True


REUSED = Reused()
#: The connection that `execute` uses for each server.
_CONNECTIONS: dict[str, psycopg.Connection] = {}


def _database_url(server: str, name: str) -> str:
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def _place(server: str, name: str) -> tuple[str, str]:
    return str(psycopg.conninfo.conninfo_to_dict(server)["host"]), name


def close_parked(server: str, name: str) -> None:
    """Close the open connections to a database that wait for a later test (parked connections),
    because the database will be copied, dropped or renamed.
    """
    PARKED.end(*_place(server, name))


def drop(server: str, url: str) -> None:
    """Drop the database at this URL, and close its connections."""
    name = urlsplit(url).path[1:]
    close_parked(url, name)
    execute(_database_url(server, "postgres"), f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def execute(server: str, statement: str) -> None:
    """Execute a statement outside a transaction, on a connection that stays open, because opening
    one costs the server as much as most statements.
    """
    if connection := _CONNECTIONS.get(server):
        try:
            connection.execute(statement.encode())
        except psycopg.OperationalError:
            if not connection.closed:
                raise
        else:
            return
    connection = _CONNECTIONS[server] = psycopg.connect(server, autocommit=True)
    connection.execute(statement.encode())


def disconnect() -> None:
    """Close the connections of `execute`, and all parked connections."""
    PARKED.end_all()
    while _CONNECTIONS:
        _CONNECTIONS.popitem()[1].close()


def _made_of(connection: psycopg.Connection) -> list[tuple[int, ...]]:
    return [*connection.execute(_MADE_OF).fetchall(), *connection.execute(_SETTINGS).fetchall()]


def _snapshot(connection: psycopg.Connection) -> Snapshot:
    rows = {}
    for (table,) in connection.execute(_TABLES).fetchall():
        with connection.cursor().copy(f"COPY {table} TO STDOUT (FORMAT binary)".encode()) as copy:
            rows[table] = b"".join(map(bytes, copy))
    sequences = [call for (call,) in connection.execute(_SEQUENCES).fetchall()]
    return Snapshot(_made_of(connection), rows, sequences)


def _emptied(url: str, snapshot: Snapshot) -> bool:
    """Reset the database to the snapshot; return True if it then has the template's rows and
    definition.
    """
    with psycopg.connect(url) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid <> ALL(%s)",
            [PARKED.processes(*_place(url, urlsplit(url).path[1:]))],
        )
        if _made_of(connection) != snapshot.made_of:
            return False
        # with this setting, no triggers run
        connection.execute("SET session_replication_role = replica")
        touched = [table for (table,) in connection.execute(_TABLES).fetchall()]
        if touched:
            connection.execute(";".join(f"DELETE FROM {table}" for table in touched).encode())
        for table, rows in snapshot.rows.items():
            with connection.cursor().copy(
                f"COPY {table} FROM STDIN (FORMAT binary)".encode()
            ) as copy:
                copy.write(rows)
        if snapshot.sequences:
            connection.execute(f"SELECT {', '.join(snapshot.sequences)}".encode())
    return True

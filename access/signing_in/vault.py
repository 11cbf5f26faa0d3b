"""The vault: the secrets for signing in, separate from all logs, in a file or schema of their own.

Nothing in the vault is an event: a changed password or an ended session leaves no trace. The vault
belongs to the installation and is in no backup, because a restored backup would bring back stolen
sessions and used codes. For a store on a server the vault is a schema of the same database, so that
several machines that serve the store share its users. An act that may happen only once, such as
using a code, is a single SQL statement, so that it happens once even if many processes try it at
the same time. The file is long because every statement on the users is here.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from access.database import make, open_database, reading, writing
from access.signing_in import form
from domain.kernel.envelope import LogUnavailable
from domain.kernel.values import Denied

SCHEMA = "credentials"
#: SQLite's settings for the vault's file. With `synchronous=FULL` each change is on the disk before
#: it is confirmed; a server does the same by default.
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON")
#: Number of database connections that one process keeps open.
AT_ONCE = 10
#: The suffixes of a SQLite file and the files that belong to it.
_PARTS = ("", "-wal", "-shm")

metadata = sa.MetaData()


def _table(name: str, *columns: "sa.Column[Any]") -> sa.Table:
    return sa.Table(name, metadata, *columns)


def _key(name: str, kind: Any) -> "sa.Column[Any]":
    return sa.Column(name, kind, primary_key=True)


def _required(name: str, kind: Any) -> "sa.Column[Any]":
    return sa.Column(name, kind, nullable=False)


def _optional(name: str, kind: Any) -> "sa.Column[Any]":
    return sa.Column(name, kind, nullable=True)


#: Types of the vault's columns; times are seconds since 1970.
_TEXT, _BYTES, _NUMBER = sa.Text, sa.LargeBinary, sa.BigInteger

people = _table(
    "people",
    _key("user", _TEXT),
    _required("password", _TEXT),
    _required("totp", _BYTES),
    _required("step", _NUMBER),
)
#: When each user set up their present password and authenticator app.
enrolments = _table("enrolments", _key("user", _TEXT), _required("since", _NUMBER))
codes = _table(
    "codes",
    _key("user", _TEXT),
    _required("code", _BYTES),
    _required("until", _NUMBER),
    _required("totp", _BYTES),
)
attempts = _table(
    "attempts",
    _key("what", _TEXT),
    _key("whose", _BYTES),
    _required("failed", _NUMBER),
    _required("last", _NUMBER),
)
sessions = _table(
    "sessions",
    _key("token", _BYTES),
    sa.Column("user", _TEXT, nullable=False, index=True),
    _required("kind", _TEXT),
    _required("device", _TEXT),
    _required("opened", _NUMBER),
    _required("seen", _NUMBER),
    _required("proved", _NUMBER),
)
passkeys = _table(
    "passkeys",
    _key("id", _BYTES),
    sa.Column("user", _TEXT, nullable=False, index=True),
    _required("key", _BYTES),
    _required("count", _NUMBER),
    _required("name", _TEXT),
    _required("added", _NUMBER),
    _optional("used", _NUMBER),
)
challenges = _table(
    "challenges",
    _key("handle", _BYTES),
    _required("challenge", _BYTES),
    _optional("user", _TEXT),
    _required("until", _NUMBER),
)
outboxes = _table(
    "outboxes",
    _key("id", _TEXT),
    _required("user", _TEXT),
    _required("device", _TEXT),
    _required("seen", _NUMBER),
    _required("waiting", _NUMBER),
    _optional("oldest", _NUMBER),
    _optional("wish", _TEXT),
    _optional("lost", _NUMBER),
)


service_keys = _table(
    "service_keys",
    _key("id", _TEXT),
    sa.Column("token", _BYTES, nullable=False, unique=True),
    _required("user", _TEXT),
    _required("until", _NUMBER),
    _required("made", _NUMBER),
    _optional("used", _NUMBER),
)


allowances = _table(
    "allowances", _key("caller", _BYTES), _required("left", _NUMBER), _required("at", _NUMBER)
)


feeds = _table(
    "feeds",
    _key("user", _TEXT),
    _required("at", _NUMBER),
    _required("tries", _NUMBER),
    _required("next", _NUMBER),
)


class NotRight(Denied):
    """Raised if a name, password or code is wrong; the message never says which."""

    def __init__(self) -> None:
        super().__init__("that name, password or code is not right")


class TooMany(Denied):
    """Raised if too many attempts to sign in failed; `wait` is the time until the next attempt is
    allowed."""

    def __init__(self, wait: timedelta) -> None:
        minutes = max(1, -(-int(wait.total_seconds()) // 60))
        many = "a minute" if minutes == 1 else f"{minutes} minutes"
        super().__init__(f"too many attempts failed: try again in {many}")
        self.wait = wait


class VaultKeys(Protocol):
    """The store's keys that the vault needs; without them a copied file is useless."""

    def seal(self, plain: bytes, context: bytes) -> bytes: ...

    def unseal(self, sealed: bytes, context: bytes) -> bytes: ...

    def digest(self, body: bytes) -> bytes: ...


Row = sa.RowMapping
#: Where the vault is: a file; or the address of a server, and the file of an older release, from
#: which the credentials are moved to the server.
Where = tuple[Path, None] | tuple[str, Path]


class Vault:
    """The open vault (the database with the secrets for signing in), which the modules for signing
    in share. It has its tables, the clock, the keys, and a function that checks whether an account
    may be used.

    Raises LogUnavailable if the tables cannot be made, or if other users of the machine could read
    them.
    """

    def __init__(
        self,
        where: Where,
        keys: VaultKeys,
        clock: Callable[[], datetime],
        live: Callable[[str], bool],
    ) -> None:
        self.keys, self.clock, self.live = keys, clock, live
        place, former = where
        if isinstance(place, Path):
            _create_private(place)
        self._engine = open_database(place, SCHEMA, pragmas=_PRAGMAS, at_once=AT_ONCE)
        try:
            self._prepare(former)
        except BaseException:
            self.close()
            raise

    def _prepare(self, former: Path | None) -> None:
        with self._told("cannot be looked up"), reading(self._engine) as db:
            there = set(sa.inspect(db).get_table_names())
            steps = form.form_of(db, SCHEMA)
        if not there >= set(metadata.tables) or steps < len(form.STEPS):
            try:
                with self.writing() as db:
                    self._bring_up(db)
            except LogUnavailable as error:
                if there or self._engine.dialect.name == "sqlite":
                    raise
                raise LogUnavailable(
                    f"{error}. If this database was set up by a release that did not store "
                    "credentials in it, "
                    "run: continuum setup postgres"
                ) from error
        if former and former.exists():
            self._take_over(former)

    def _bring_up(self, db: sa.Connection) -> None:
        """Upgrade the tables to the form of this release. A new vault is made in that form; in an
        older vault, the missing steps are applied before new tables are made.
        """
        # `make` takes a lock, so that one process at a time makes the tables
        make(db, sa.MetaData(), SCHEMA)
        if sa.inspect(db).get_table_names():
            form.bring_up(db, SCHEMA)
        else:
            form.say(db, SCHEMA)
        metadata.create_all(db)

    def _take_over(self, former: Path) -> None:
        """Move the content of an older release's file to the server. Raises LogUnavailable if users
        have already enrolled on the server, because it is then undecided which of their passwords
        is valid."""
        _create_private(former)
        file = open_database(former, "", pragmas=_PRAGMAS, at_once=1)
        try:
            with self._told("cannot be taken over"):
                metadata.create_all(file)
                with reading(file) as old, self.writing() as db:
                    # `make` takes a lock, so that one process at a time makes the tables
                    make(db, metadata, SCHEMA)
                    old_rows, new_rows = (_all(connection, people) for connection in (old, db))
                    if new_rows and any(row not in new_rows for row in old_rows):
                        raise LogUnavailable(
                            f"{former} holds the credentials of people who signed in on this "
                            "machine, and the "
                            "database holds other credentials. Delete the file, then enrol again "
                            "the people who "
                            "can no longer sign in"
                        )
                    for table in metadata.sorted_tables if not new_rows else ():
                        if rows := _all(old, table):
                            db.execute(sa.insert(table), rows)
        finally:
            file.dispose()
        for part in _PARTS:
            former.with_name(former.name + part).unlink(missing_ok=True)

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Return a transaction for writing to the vault. Raises LogUnavailable if the database does
        not answer."""
        with self._told("cannot be kept"), writing(self._engine) as db:
            yield db

    def rows(self, question: sa.Select[Any], **values: object) -> list[Row]:
        """Return the rows of a query with these parameters. Raises LogUnavailable if the database
        does not answer."""
        with self._told("cannot be looked up"), reading(self._engine) as db:
            return list(db.execute(question, values).mappings())

    def row(self, question: sa.Select[Any], **values: object) -> Row | None:
        """Return the first row of a query, or None. Raises LogUnavailable if the database does not
        answer."""
        return next(iter(self.rows(question, **values)), None)

    @contextmanager
    def _told(self, failure: str) -> Iterator[None]:
        """If the database raises an error within this context, raise LogUnavailable instead: with
        the error's message, but without the parameters of the statement. `failure` says what
        failed.
        """
        try:
            yield
        except (OSError, sa.exc.SQLAlchemyError) as error:
            error_text = str(getattr(error, "orig", None) or error).partition("\n")[0]
            raise LogUnavailable(f"the accounts that may sign in {failure}: {error_text}") from None

    @property
    def now(self) -> int:
        """Return the present time in seconds since 1970."""
        return int(self.clock().timestamp())

    def close(self) -> None:
        self._engine.dispose()


def put(db: sa.Connection, table: sa.Table, **values: Any) -> None:
    """Insert this row into a table, or replace the row with the same key."""
    db.execute(upsert_statement(db, table, values, values))


def upsert_statement(
    db: sa.Connection, table: sa.Table, row: dict[str, Any], instead: dict[str, Any]
) -> Any:
    """Return the statement that inserts a row, or updates the row with the same key. The statement
    is atomic on both databases, even if other processes write at the same time."""
    insert = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
    key = [column.name for column in table.primary_key]
    return insert(table).values(**row).on_conflict_do_update(index_elements=key, set_=instead)


def _all(db: sa.Connection, table: sa.Table) -> list[dict[str, Any]]:
    return [dict(row) for row in db.execute(sa.select(table)).mappings()]


def _create_private(path: Path) -> None:
    """Create the vault's file if it is missing, so that only its owner may use it. Raises
    LogUnavailable."""
    try:
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        if os.name != "nt" and path.stat().st_mode & 0o077:
            raise LogUnavailable(
                f"other users of this machine can read {path}: close it with chmod 600 {path}"
            )
    except OSError as error:
        raise LogUnavailable(
            f"the accounts that may sign in cannot be read ({error}): check the file or database "
            "of the credentials"
        ) from error


def hashed(secret: str) -> bytes:
    """Return the hash that is stored instead of a random secret, so that a copied file is
    useless."""
    return sha256(secret.encode()).digest()

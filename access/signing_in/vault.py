"""Where secrets of signing in are kept: apart from every log, in a file or a schema of their own.

Nothing in it is an event: a password that was changed, a session that ended leaves nothing. It
belongs to the installation and goes into no backup, from which a stolen session or a used code
would come back. Beside a store on a server it is a schema of the same database, so that several
machines that serve one store know the same people; every check that counts once is one statement,
whichever process makes it.
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
#: The file's; on a server every change waits for the disk as well.
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON")
#: Connections of one process that are kept.
AT_ONCE = 10
#: What belongs to a SQLite file.
_PARTS = ("", "-wal", "-shm")

metadata = sa.MetaData()


def _table(name: str, *columns: "sa.Column[Any]") -> sa.Table:
    return sa.Table(name, metadata, *columns)


def _key(name: str, kind: Any) -> "sa.Column[Any]":
    return sa.Column(name, kind, primary_key=True)


def _has(name: str, kind: Any) -> "sa.Column[Any]":
    return sa.Column(name, kind, nullable=False)


def _may_have(name: str, kind: Any) -> "sa.Column[Any]":
    return sa.Column(name, kind, nullable=True)


#: Times are numbers of seconds since 1970.
_TEXT, _BYTES, _NUMBER = sa.Text, sa.LargeBinary, sa.BigInteger

people = _table(
    "people",
    _key("user", _TEXT),
    _has("password", _TEXT),
    _has("totp", _BYTES),
    _has("step", _NUMBER),
)
#: When somebody set up the password and the app that they have now.
enrolments = _table("enrolments", _key("user", _TEXT), _has("since", _NUMBER))
codes = _table(
    "codes", _key("user", _TEXT), _has("code", _BYTES), _has("until", _NUMBER), _has("totp", _BYTES)
)
attempts = _table(
    "attempts",
    _key("what", _TEXT),
    _key("whose", _BYTES),
    _has("failed", _NUMBER),
    _has("last", _NUMBER),
)
sessions = _table(
    "sessions",
    _key("token", _BYTES),
    sa.Column("user", _TEXT, nullable=False, index=True),
    _has("kind", _TEXT),
    _has("device", _TEXT),
    _has("opened", _NUMBER),
    _has("seen", _NUMBER),
    _has("proved", _NUMBER),
)
passkeys = _table(
    "passkeys",
    _key("id", _BYTES),
    sa.Column("user", _TEXT, nullable=False, index=True),
    _has("key", _BYTES),
    _has("count", _NUMBER),
    _has("name", _TEXT),
    _has("added", _NUMBER),
    _may_have("used", _NUMBER),
)
challenges = _table(
    "challenges",
    _key("handle", _BYTES),
    _has("challenge", _BYTES),
    _may_have("user", _TEXT),
    _has("until", _NUMBER),
)
outboxes = _table(
    "outboxes",
    _key("id", _TEXT),
    _has("user", _TEXT),
    _has("device", _TEXT),
    _has("seen", _NUMBER),
    _has("waiting", _NUMBER),
    _may_have("oldest", _NUMBER),
    _may_have("wish", _TEXT),
    _may_have("lost", _NUMBER),
)


service_keys = _table(
    "service_keys",
    _key("id", _TEXT),
    sa.Column("token", _BYTES, nullable=False, unique=True),
    _has("user", _TEXT),
    _has("until", _NUMBER),
    _has("made", _NUMBER),
    _may_have("used", _NUMBER),
)


allowances = _table(
    "allowances", _key("caller", _BYTES), _has("left", _NUMBER), _has("at", _NUMBER)
)


feeds = _table(
    "feeds", _key("user", _TEXT), _has("at", _NUMBER), _has("tries", _NUMBER), _has("next", _NUMBER)
)


class NotRight(Denied):
    """A name, password or code is not right; which of them is never told."""

    def __init__(self) -> None:
        super().__init__("that name, password or code is not right")


class TooMany(Denied):
    """Too many attempts failed; `wait` is how long nothing more is tried."""

    def __init__(self, wait: timedelta) -> None:
        minutes = max(1, -(-int(wait.total_seconds()) // 60))
        many = "a minute" if minutes == 1 else f"{minutes} minutes"
        super().__init__(f"too many attempts failed: try again in {many}")
        self.wait = wait


class VaultKeys(Protocol):
    """What is needed of the store's keys, so that a copied file opens nothing."""

    def seal(self, plain: bytes, context: bytes) -> bytes: ...

    def unseal(self, sealed: bytes, context: bytes) -> bytes: ...

    def digest(self, body: bytes) -> bytes: ...


Row = sa.RowMapping
#: A file; or a server's address, and the file in which its store kept them before there was such.
Where = tuple[Path, None] | tuple[str, Path]


class Vault:
    """The tables, and what all of their keepers need: the clock, the keys, which accounts live.

    Raises LogUnavailable where they cannot be made, or are open to others.
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
            _own(place)
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
                    f"{error}. A database that was set up before credentials had their place in "
                    "it needs it once more: continuum setup postgres"
                ) from error
        if former and former.exists():
            self._take_over(former)

    def _bring_up(self, db: sa.Connection) -> None:
        """Of a new store nothing is older than today; of another each step is applied before what
        is new beside it."""
        make(db, sa.MetaData(), SCHEMA)  # one process at a time
        if sa.inspect(db).get_table_names():
            form.bring_up(db, SCHEMA)
        else:
            form.say(db, SCHEMA)
        metadata.create_all(db)

    def _take_over(self, former: Path) -> None:
        """What the file holds moves to the server, unless people enrolled there already: then
        nobody can say whose password counts. Raises LogUnavailable."""
        _own(former)
        file = open_database(former, "", pragmas=_PRAGMAS, at_once=1)
        try:
            with self._told("cannot be taken over"):
                metadata.create_all(file)
                with reading(file) as old, self.writing() as db:
                    make(db, metadata, SCHEMA)  # one process at a time
                    told, known = (_all(one, people) for one in (old, db))
                    if known and any(row not in known for row in told):
                        raise LogUnavailable(
                            f"{former} holds people who signed in on this machine, and the "
                            "database knows others: delete the file, and enrol again who cannot "
                            "sign in any more"
                        )
                    for table in metadata.sorted_tables if not known else ():
                        if rows := _all(old, table):
                            db.execute(sa.insert(table), rows)
        finally:
            file.dispose()
        for part in _PARTS:
            former.with_name(former.name + part).unlink(missing_ok=True)

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """One transaction. Raises LogUnavailable."""
        with self._told("cannot be kept"), writing(self._engine) as db:
            yield db

    def rows(self, question: sa.Select[Any], **values: object) -> list[Row]:
        """What a question finds, of which these values were left to be told. Raises
        LogUnavailable."""
        with self._told("cannot be looked up"), reading(self._engine) as db:
            return list(db.execute(question, values).mappings())

    def row(self, question: sa.Select[Any], **values: object) -> Row | None:
        """The first row. Raises LogUnavailable."""
        return next(iter(self.rows(question, **values)), None)

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """What the database refuses, in its own words and without the values that it was given."""
        try:
            yield
        except (OSError, sa.exc.SQLAlchemyError) as error:
            said = str(getattr(error, "orig", None) or error).partition("\n")[0]
            raise LogUnavailable(f"who may sign in {what}: {said}") from None

    @property
    def now(self) -> int:
        """Seconds since 1970."""
        return int(self.clock().timestamp())

    def close(self) -> None:
        """Let go of files and connections."""
        self._engine.dispose()


def put(db: sa.Connection, table: sa.Table, **values: Any) -> None:
    """This row, in place of one of the same key."""
    db.execute(putting(db, table, values, values))


def putting(
    db: sa.Connection, table: sa.Table, row: dict[str, Any], instead: dict[str, Any]
) -> Any:
    """The statement that puts a new row, or sets this in the one of the same key: at once, on
    either database, no matter who else does the same."""
    insert = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
    key = [column.name for column in table.primary_key]
    return insert(table).values(**row).on_conflict_do_update(index_elements=key, set_=instead)


def _all(db: sa.Connection, table: sa.Table) -> list[dict[str, Any]]:
    return [dict(row) for row in db.execute(sa.select(table)).mappings()]


def _own(path: Path) -> None:
    """A file for its owner alone, made if it is missing. Raises LogUnavailable."""
    try:
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        if os.name != "nt" and path.stat().st_mode & 0o077:
            raise LogUnavailable(f"{path} is open to others; close it with: chmod 600 {path}")
    except OSError as error:
        raise LogUnavailable(f"who may sign in cannot be looked up: {error}") from error


def hashed(secret: str) -> bytes:
    """What is kept of a random secret: a copy of the file opens nothing with it."""
    return sha256(secret.encode()).digest()

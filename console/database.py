"""What has to be known of the PostgreSQL server under a store."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from console.finding import Finding

#: The oldest version that a store runs on, and the one that it is tried on most.
OLDEST, TRIED = 150000, 180000
#: How far two clocks may be apart.
APART = timedelta(seconds=2)
#: Connections of a server for the processes of a small force: each holds some to each log.
FEW = 100
#: By these extensions a user of the database reads files of the server or reaches other machines.
REACHING_OUT = frozenset({"adminpack", "dblink", "file_fdw", "plperlu", "plpython3u", "pltclu"})
_CONF = "postgresql.conf"
#: What a setting must be, what happens otherwise, and what to do.
_MUST: dict[str, tuple[str, str, str]] = {
    "fsync": ("on", "it may lose words that it acknowledged", "set it to on and reload"),
    "full_page_writes": ("on", "it may lose words that it acknowledged", "set it to on and reload"),
    "data_checksums": (
        "on",
        "a disk that changes a page by itself is not noticed until it is read",
        "stop the server and run pg_checksums --enable, or make it again with initdb -k",
    ),
    "password_encryption": (
        "scram-sha-256",
        "passwords of its users are kept in a way that is broken",
        "set it to scram-sha-256, reload, and set each password again",
    ),
}


class Server(Protocol):
    """What a server tells, as `ledger.server_postgres` has it."""

    @property
    def version(self) -> int: ...
    @property
    def called(self) -> str: ...
    @property
    def encoding(self) -> str: ...
    @property
    def user(self) -> str: ...
    @property
    def superuser(self) -> bool: ...
    @property
    def writable(self) -> tuple[str, ...]: ...
    @property
    def extensions(self) -> tuple[str, ...]: ...
    @property
    def now(self) -> datetime: ...
    @property
    def settings(self) -> Mapping[str, str]: ...
    @property
    def in_clear(self) -> bool: ...


def findings(told: Server, now: datetime | None, *, live: bool, where: str) -> Iterator[Finding]:
    """Of a server that told this at `now` (None: a story's time, which is no clock's). Who may
    write where matters on a `live` store only."""
    yield from _version(told, where)
    yield from _settings(told, where)
    if now is not None and abs(told.now - now) > APART:
        seconds = abs(told.now - now) / timedelta(seconds=1)
        yield Finding(
            "clocks differ",
            f"the server's clock and this machine's are {seconds:.0f} seconds apart",
            (where,),
            "have both set by the same time servers (chrony, systemd-timesyncd)",
        )
    if reaching := sorted(REACHING_OUT & {*told.extensions}):
        yield Finding(
            "reaches out",
            "extensions are installed by which a user of the database reads the server's files or "
            "reaches other machines; Continuum needs none",
            tuple(reaching),
            "drop them: DROP EXTENSION …",
        )
    if live:
        yield from _rights(told, where)


def _version(told: Server, where: str) -> Iterator[Finding]:
    if told.version < TRIED:
        old = told.version < OLDEST
        yield Finding(
            "an old server",
            f"this is PostgreSQL {told.called}; a store needs 15 or newer and is tried on 18"
            if old
            else f"this is PostgreSQL {told.called}; a store is tried on 18",
            (where,),
            "upgrade it (pg_upgrade), after a backup" + ("" if old else "; it is not urgent"),
        )
    if told.encoding != "UTF8":
        yield Finding(
            "not UTF-8",
            f"the database is encoded in {told.encoding}: some names and words cannot be kept",
            (where,),
            "make a database with ENCODING 'UTF8' TEMPLATE template0, and restore a backup there",
        )


def _settings(told: Server, where: str) -> Iterator[Finding]:
    known = told.settings
    for name, (must, otherwise, do) in _MUST.items():
        if known.get(name, must) != must:
            yield Finding(f"{name} is {known[name]}", otherwise, (f"{where}, {_CONF}",), do)
    logged = known.get("log_statement", "none") != "none" or (
        int(known.get("log_min_duration_statement", "-1")) >= 0
    )
    spoken = [
        name
        for name, also in (
            ("log_parameter_max_length", logged),
            ("log_parameter_max_length_on_error", True),
        )
        if also and int(known.get(name, "0")) != 0
    ]
    if spoken:
        yield Finding(
            "words in the server's log",
            "the server writes down what statements are given, and with it words and names",
            tuple(f"{where}, {_CONF}: {name}" for name in spoken),
            "set them to 0 and reload; destroy the logs that it wrote, and count them as copies",
        )
    if int(known.get("max_connections", FEW)) < FEW:
        yield Finding(
            "few connections",
            f"the server takes {known['max_connections']}: each process holds some to each log",
            (f"{where}, {_CONF}",),
            f"set max_connections to {FEW} or more and start it again",
        )


def _rights(told: Server, where: str) -> Iterator[Finding]:
    if told.superuser:
        yield Finding(
            "runs as the superuser",
            f"{told.user} may do everything on the server, and could change a record unhindered",
            (where,),
            "make the roles, and let programs run as the application's: continuum setup postgres "
            "(docs/auditor.md, Setting it up)",
        )
    elif told.writable:
        yield Finding(
            "may write beside the log",
            f"{told.user} may write to tables of the logs without the functions for it",
            told.writable,
            "let programs run as the application's role and not as the owner (docs/auditor.md, "
            "Setting it up)",
        )
    if told.in_clear:
        yield Finding(
            "in the clear on the network",
            "the server is on another machine, and words go there without TLS",
            (where,),
            "add sslmode=verify-full to the store's address (and ssl = on to the server)",
        )
    if told.settings.get("archive_mode", "on") == "off":
        yield Finding(
            "no archive",
            "the server archives no write-ahead log: after a crash of its disk all is lost since "
            "the last backup",
            (f"{where}, {_CONF}",),
            "archive it (archive_mode, archive_command), or replicate to a second server; say how "
            "long archives are kept with archive_days",
        )
    if told.settings.get("idle_in_transaction_session_timeout") == "0":
        yield Finding(
            "forgotten transactions stay",
            "while somebody's transaction stays open on the server, each record takes longer, and "
            "what an erasure destroys stays in the files",
            (f"{where}, {_CONF}",),
            "set idle_in_transaction_session_timeout to 10min and reload",
        )

"""Findings of `continuum doctor` about the PostgreSQL server of a store."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from console.running.finding import Danger, Finding
from installation.clock_standing import APART

#: The oldest supported version of PostgreSQL, as the server reports its version number.
OLDEST = 150000
#: The smallest number of connections that a server must allow for the processes of a small force,
#: of which each opens several connections for each log.
FEW = 100
#: PostgreSQL extensions with which a user of the database can read files of the server or reach
#: other machines.
REACHING_OUT = frozenset({"adminpack", "dblink", "file_fdw", "plperlu", "plpython3u", "pltclu"})
_CONF = "postgresql.conf"
#: For each setting of the PostgreSQL server: the required value, the danger and the effect of any
#: other value, and the remedy.
_MUST: dict[str, tuple[str, Danger, str, str]] = {
    "fsync": (
        "on",
        Danger.WORDS,
        "the server may lose log entries that it acknowledged",
        "set it to on and reload",
    ),
    "full_page_writes": (
        "on",
        Danger.WORDS,
        "the server may lose log entries that it acknowledged",
        "set it to on and reload",
    ),
    "data_checksums": (
        "on",
        Danger.WORDS,
        "a page that the disk damaged is noticed only when it is read",
        "stop the server and run pg_checksums --enable, or create it again with initdb -k",
    ),
    "password_encryption": (
        "scram-sha-256",
        Danger.EXPOSURE,
        "the server stores passwords in a way that is broken",
        "set it to scram-sha-256, reload, and set each password again",
    ),
}


class ServerChecks(Protocol):
    """The properties of a PostgreSQL server that `doctor` checks."""

    @property
    def version(self) -> int: ...
    @property
    def name_of_version(self) -> str: ...
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
    @property
    def connects(self) -> bool: ...
    @property
    def locks(self) -> bool: ...


def findings(
    checks: ServerChecks, now: datetime | None, *, live: bool, where: str, replicated: bool = False
) -> Iterator[Finding]:
    """Yield the findings about a store's PostgreSQL server. `now` is this machine's time, or None
    for a synthetic store, which has a simulated clock. Rights and archives are checked only on a
    `live` store, and archives only if the server is not `replicated`.
    """
    yield from _version(checks, where)
    yield from _settings(checks, where)
    if now is not None and abs(checks.now - now) > APART:
        seconds = abs(checks.now - now) / timedelta(seconds=1)
        yield Finding(
            Danger.PROOF,
            "clocks differ",
            f"the server's clock and this machine's are {seconds:.0f} seconds apart",
            (where,),
            "let the same time servers set both (chrony, systemd-timesyncd)",
        )
    if reaching := sorted(REACHING_OUT & {*checks.extensions}):
        yield Finding(
            Danger.EXPOSURE,
            "reaches out",
            "with these extensions a user of the database can read the server's files or reach "
            "other machines; Continuum needs none of them",
            tuple(reaching),
            "drop them: DROP EXTENSION …",
        )
    if live:
        yield from _rights(checks, where)
        yield from _running(checks, where, replicated=replicated)


def _version(checks: ServerChecks, where: str) -> Iterator[Finding]:
    if checks.version < OLDEST:
        yield Finding(
            Danger.SERVICE,
            "an old server",
            f"the server is PostgreSQL {checks.name_of_version}; a store needs 15 or newer",
            (where,),
            "make a backup, then upgrade the server (pg_upgrade)",
        )
    if checks.encoding != "UTF8":
        yield Finding(
            Danger.WORDS,
            "not UTF-8",
            f"the database is encoded in {checks.encoding}, which cannot hold every name and word",
            (where,),
            "make a database with ENCODING 'UTF8' TEMPLATE template0, and restore a backup there",
        )


def _settings(checks: ServerChecks, where: str) -> Iterator[Finding]:
    actual_settings = checks.settings
    for name, (must, danger, problem, do) in _MUST.items():
        if actual_settings.get(name, must) != must:
            yield Finding(
                danger, f"{name} is {actual_settings[name]}", problem, (f"{where}, {_CONF}",), do
            )
    logged = actual_settings.get("log_statement", "none") != "none" or (
        int(actual_settings.get("log_min_duration_statement", "-1")) >= 0
    )
    spoken = [
        name
        for name, also in (
            ("log_parameter_max_length", logged),
            ("log_parameter_max_length_on_error", True),
        )
        if also and int(actual_settings.get(name, "0")) != 0
    ]
    if spoken:
        yield Finding(
            Danger.EXPOSURE,
            "words in the server's log",
            "the server logs the parameters of statements, which contain words and names",
            tuple(f"{where}, {_CONF}: {name}" for name in spoken),
            "set them to 0 and reload; destroy the logs that it wrote, and treat them as copies "
            "until then",
        )
    if int(actual_settings.get("max_connections", FEW)) < FEW:
        yield Finding(
            Danger.SERVICE,
            "few connections",
            f"the server allows {actual_settings['max_connections']} connections, and each "
            "process of "
            "Continuum holds some to each log",
            (f"{where}, {_CONF}",),
            f"set max_connections to {FEW} or more and restart the server",
        )


def _rights(checks: ServerChecks, where: str) -> Iterator[Finding]:
    if checks.superuser:
        yield Finding(
            Danger.PROOF,
            "runs as the superuser",
            f"Continuum connects as {checks.user}, which may do everything on the server and could "
            "change a record",
            (where,),
            "make the roles (continuum setup postgres), and run the programs as the application's "
            "role (docs/auditor.md, Setting it up)",
        )
    elif checks.writable:
        yield Finding(
            Danger.PROOF,
            "may write beside the log",
            f"{checks.user} may write to the logs' tables directly, without their functions",
            checks.writable,
            "run the programs as the application's role, not as the owner (docs/auditor.md, "
            "Setting it up)",
        )
    if checks.connects:
        yield Finding(
            Danger.SERVICE,
            "any role connects",
            "every role of the server may connect to the store's database, and keep its programs "
            "waiting there",
            (where,),
            "run continuum setup postgres as the administrator: it leaves the store's roles alone",
        )
    if checks.locks:
        yield Finding(
            Danger.SERVICE,
            "any role locks",
            "every role that connects may take the locks of the store's programs, which "
            "would then wait for it",
            (where,),
            "run continuum setup postgres as the server's superuser: it leaves them to the "
            "application's role",
        )
    if checks.in_clear:
        yield Finding(
            Danger.EXPOSURE,
            "in the clear on the network",
            "the server is on another machine, and words travel there without TLS",
            (where,),
            "add sslmode=verify-full to the store's address (and ssl = on to the server)",
        )


def _running(checks: ServerChecks, where: str, *, replicated: bool) -> Iterator[Finding]:
    if not replicated and checks.settings.get("archive_mode", "on") == "off":
        yield Finding(
            Danger.WORDS,
            "no archive",
            "the server does not archive its write-ahead log: if its disk fails, all since the "
            "last backup is lost",
            (f"{where}, {_CONF}",),
            "set archive_mode and archive_command, or replicate to a second server; set "
            "archive_days to how long archives are stored",
        )
    if checks.settings.get("idle_in_transaction_session_timeout") == "0":
        yield Finding(
            Danger.SERVICE,
            "forgotten transactions stay",
            "a forgotten transaction stays open: until it ends, recording is slower, "
            "and erased data stays in the server's files",
            (f"{where}, {_CONF}",),
            "set idle_in_transaction_session_timeout to 10min and reload",
        )

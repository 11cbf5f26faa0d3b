"""Upgrade the tables of a log to the form of this release, step by step.

The steps are numbered SQL statements. Steps only go forward, and each step is applied once, in
order, under the lock for making tables. The number of applied steps is stored in the file
(`user_version`), or on a server in the comment of the log's schema; a store from before there were
steps counts as form 0. A file is upgraded when it is opened; a server's schema by its owner with
`continuum init`, because no other role may. A store with more steps is refused, because this
release would write rows that a newer one does not expect. A step must not change a record.
"""

import sqlite3
from collections.abc import Mapping, Sequence

from domain.kernel.envelope import LogName, LogUnavailable
from ledger.database import exchange_outbox

Step = str | Mapping[LogName, str]
"""The SQL of a step for each log, with `{log}` for the log's name; or for some logs only."""

FILE_STEPS: tuple[Step, ...] = ({exchange_outbox.HELD_BY: exchange_outbox.FILE_TABLE},)
"""The steps of a file; each is applied for each log in it."""

FORMER_APPEND = """DROP FUNCTION IF EXISTS {log}.append_sealed(
    uuid[], bytea[], integer[], uuid[], bigint[], text[], bytea[], uuid[], bytea[], uuid[], bigint,
    bigint, uuid[], integer[], text[], bytea[], integer[], bytea[])"""
"""Drops the earlier function, which did not check for jumps of the clock, before the new one is
made."""

SERVER_STEPS: tuple[Step, ...] = (
    {exchange_outbox.HELD_BY: exchange_outbox.SERVER_TABLE},
    FORMER_APPEND,
)
"""The steps of a log's schema on PostgreSQL."""

_COMMENT = "continuum form "
FORM_OF_SCHEMA = "SELECT obj_description(to_regnamespace(%s), 'pg_namespace')"


def _sql_of_step(step: Step, log: LogName) -> str:
    return step.format(log=log) if isinstance(step, str) else step.get(log, "")


def refuse_newer(form: int, steps: Sequence[Step]) -> None:
    """Raise LogUnavailable for a store that a later release has upgraded."""
    if form > len(steps):
        raise LogUnavailable(
            f"a newer release of Continuum wrote this store (version {form} of its "
            f"tables; this program reads up to {len(steps)}). Nothing was changed. Use "
            "that release, or restore an earlier backup"
        )


def bring_file_up(c: sqlite3.Cursor, logs: Sequence[LogName]) -> None:
    """Apply the missing steps to a file that is open for writing. Raises LogUnavailable if a later
    release has upgraded the file.
    """
    if form_of_file(c) == len(FILE_STEPS):
        return
    c.execute("BEGIN IMMEDIATE")
    # the version is read again, because another process may have upgraded the file first
    form = form_of_file(c)
    refuse_newer(form, FILE_STEPS)
    there = {name for (name,) in c.execute("SELECT name FROM sqlite_schema")}
    for step in FILE_STEPS[form:]:
        for log in (name for name in logs if f"{name}_events" in there):
            for statement in filter(str.strip, _sql_of_step(step, log).split(";")):
                c.execute(statement)
    c.execute(f"PRAGMA user_version = {len(FILE_STEPS)}")
    c.execute("COMMIT")


def form_of_file(c: sqlite3.Cursor) -> int:
    """Return how many steps were applied to a file."""
    return int(c.execute("PRAGMA user_version").fetchone()[0])


def form_of(comment: object) -> int:
    """Return how many steps were applied to a schema with this comment."""
    text = str(comment or "")
    return int(text.removeprefix(_COMMENT)) if text.startswith(_COMMENT) else 0


def server_steps(log: LogName, comment: object) -> str:
    """Return the SQL that applies the missing steps to a log's schema and stores their number.
    Raises LogUnavailable if a later release has upgraded the schema.
    """
    form = form_of(comment)
    refuse_newer(form, SERVER_STEPS)
    steps = [statement for step in SERVER_STEPS[form:] if (statement := _sql_of_step(step, log))]
    return ";\n".join([*steps, f"COMMENT ON SCHEMA {log} IS '{_COMMENT}{len(SERVER_STEPS)}'"])


def refuse_unfit(comment: object) -> None:
    """Raise LogUnavailable for a schema to which not all steps were applied."""
    form = form_of(comment)
    refuse_newer(form, SERVER_STEPS)
    if form < len(SERVER_STEPS):
        raise LogUnavailable(
            "this release needs newer tables in the store: run `continuum init` once as "
            "the owner of the store, then continue (docs/upgrading.md)"
        )

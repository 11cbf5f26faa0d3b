"""Upgrades the tables of the sign-in credentials to today's form, step by step.

By numbered steps of plain SQL, forward only, each applied once under the lock for making tables; a
missing table is made in today's form. The number of applied steps is in the file (`user_version`),
or on a server in the comment of the schema. Credentials with more steps are refused: an older
program would write rows that the newer one does not expect.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from domain.kernel.envelope import LogUnavailable

STEPS: tuple[Sequence[str], ...] = ()
"""The SQL statements of each step."""

_COMMENT = "continuum form "


def form_of(db: sa.Connection, schema: str) -> int:
    """Return how many steps of the upgrade were applied to the credentials' tables. Raises
    LogUnavailable for more than this program has.
    """
    if db.dialect.name == "postgresql":
        asked = "SELECT obj_description(to_regnamespace(%s), 'pg_namespace')"
        told = str(db.exec_driver_sql(asked, (schema,)).scalar() or "")
        form = int(told.removeprefix(_COMMENT)) if told.startswith(_COMMENT) else 0
    else:
        form = int(db.exec_driver_sql("PRAGMA user_version").scalar() or 0)
    if form > len(STEPS):
        raise LogUnavailable(
            f"a newer release of Continuum wrote the sign-in data here (version {form} of its "
            "tables; this "
            f"program reads up to {len(STEPS)}). Nothing was changed. Use that release"
        )
    return form


def bring_up(db: sa.Connection, schema: str) -> None:
    """Apply the missing steps of the upgrade to the credentials' tables. Raises as `form_of`."""
    form = form_of(db, schema)
    for step in STEPS[form:]:
        for statement in step:
            db.exec_driver_sql(statement)
    if form < len(STEPS):
        say(db, schema)


def say(db: sa.Connection, schema: str) -> None:
    """Record that all steps of the upgrade are applied."""
    if db.dialect.name == "postgresql":
        db.exec_driver_sql(f"COMMENT ON SCHEMA {schema} IS '{_COMMENT}{len(STEPS)}'")
    else:
        db.exec_driver_sql(f"PRAGMA user_version = {len(STEPS)}")

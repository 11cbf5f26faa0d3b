"""Upgrade the tables of the credentials to the form of this release, step by step.

The steps are numbered SQL statements. Steps only go forward, and each step is applied once, under
the lock for making tables; a missing table is made in the form of this release. The number of
applied steps is stored in the file (`user_version`), or on a server in the comment of the schema.
If a newer release has applied more steps than this release has, the tables are not opened, because
this release would write rows that the newer one does not expect.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from domain.kernel.envelope import LogUnavailable

STEPS: tuple[Sequence[str], ...] = ()
"""The SQL statements of each step, in order."""

_COMMENT = "continuum form "


def form_of(db: sa.Connection, schema: str) -> int:
    """Return how many steps of the upgrades of the credentials tables were applied in this
    database. Raises LogUnavailable if a newer release applied more steps than this release has.
    """
    if db.dialect.name == "postgresql":
        text = "SELECT obj_description(to_regnamespace(%s), 'pg_namespace')"
        comment = str(db.exec_driver_sql(text, (schema,)).scalar() or "")
        form = int(comment.removeprefix(_COMMENT)) if comment.startswith(_COMMENT) else 0
    else:
        form = int(db.exec_driver_sql("PRAGMA user_version").scalar() or 0)
    if form > len(STEPS):
        raise LogUnavailable(
            f"a newer release of Continuum wrote the sign-in data of this store (version {form} "
            f"of its tables; this program reads up to {len(STEPS)}). Nothing was changed. Use "
            "the newer release"
        )
    return form


def bring_up(db: sa.Connection, schema: str) -> None:
    """Apply the missing steps to the credentials' tables. Raises LogUnavailable if the tables have
    more steps than this release knows."""
    form = form_of(db, schema)
    for step in STEPS[form:]:
        for statement in step:
            db.exec_driver_sql(statement)
    if form < len(STEPS):
        say(db, schema)


def say(db: sa.Connection, schema: str) -> None:
    """Store in the database that its credentials tables have the form of this release: all steps of
    an upgrade are applied.
    """
    if db.dialect.name == "postgresql":
        db.exec_driver_sql(f"COMMENT ON SCHEMA {schema} IS '{_COMMENT}{len(STEPS)}'")
    else:
        db.exec_driver_sql(f"PRAGMA user_version = {len(STEPS)}")

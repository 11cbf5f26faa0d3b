"""In which form are the tables of the credentials, and how do they come to today's?

By numbered steps of plain SQL, forward only, each applied once under the lock that making tables
takes; a table that is missing altogether is made as it is today. How many were applied stands in
the file (`user_version`), or on a server in the comment of the schema. Credentials of a later form
are refused: a program that knows fewer steps would write what the others do not expect.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from domain.kernel.envelope import LogUnavailable

STEPS: tuple[Sequence[str], ...] = ()
"""The statements of each step."""

_COMMENT = "continuum form "


def form_of(db: sa.Connection, schema: str) -> int:
    """How many steps were applied. Raises LogUnavailable for more than this program knows."""
    if db.dialect.name == "postgresql":
        asked = "SELECT obj_description(to_regnamespace(%s), 'pg_namespace')"
        told = str(db.exec_driver_sql(asked, (schema,)).scalar() or "")
        form = int(told.removeprefix(_COMMENT)) if told.startswith(_COMMENT) else 0
    else:
        form = int(db.exec_driver_sql("PRAGMA user_version").scalar() or 0)
    if form > len(STEPS):
        raise LogUnavailable(
            f"a newer release of Continuum keeps who may sign in here (form {form}, this program "
            f"knows {len(STEPS)}): nothing was changed; use that release"
        )
    return form


def bring_up(db: sa.Connection, schema: str) -> None:
    """Apply what is lacking. Raises as `form_of`."""
    form = form_of(db, schema)
    for step in STEPS[form:]:
        for statement in step:
            db.exec_driver_sql(statement)
    if form < len(STEPS):
        say(db, schema)


def say(db: sa.Connection, schema: str) -> None:
    """The tables are in today's form."""
    if db.dialect.name == "postgresql":
        db.exec_driver_sql(f"COMMENT ON SCHEMA {schema} IS '{_COMMENT}{len(STEPS)}'")
    else:
        db.exec_driver_sql(f"PRAGMA user_version = {len(STEPS)}")

"""The rate limit for each caller of the API. The calls are counted in the database, by the clock of
the database, so that all processes and machines that serve a store count together.

A process reserves several calls of a caller at a time, so that not every call has to write. So the
limit is not exact: reserved calls may be lost, or may be made later in addition to the limit.
"""

import sqlalchemy as sa

from access.signing_in.vault import Vault, allowances, hashed, upsert_statement

#: Number of API calls that one caller may make in a burst, and per second in the long run.
AT_ONCE, A_SECOND = 200, 50
#: Number of calls that a process takes from a caller's allowance at a time.
SHARE = 10
_C = allowances.c
#: The SQL for the milliseconds since 1970, by the clock of the database.
_SQLITE = "SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
_POSTGRES = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"


class Allowance:
    """Counts how many calls of the API each caller may still make (the rate limit)."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def take(self, caller: str, most: int = SHARE) -> tuple[int, int]:
        """Reserve up to `most` API calls from a caller's allowance, for use by this process. Return
        how many were reserved, and how many are left in the allowance. Raises LogUnavailable.
        """
        with self._vault.writing() as db:
            fresh = {"caller": hashed(caller), "left": AT_ONCE * 1000, "at": 0}
            # writing the row's own value locks the row until the transaction ends
            upsert = upsert_statement(db, allowances, fresh, {"left": _C.left})
            row = db.execute(upsert.returning(_C.left, _C.at)).one()
            clock = _POSTGRES if db.dialect.name == "postgresql" else _SQLITE
            now = int(db.exec_driver_sql(clock).scalar() or 0)
            gained = max(now - row.at, 0) * A_SECOND if row.at else AT_ONCE * 1000
            # `left` is in thousandths of a call, because a caller gains fractions of a call
            left = min(AT_ONCE * 1000, row.left + gained)
            taken = min(most, left // 1000)
            mine = sa.update(allowances).where(_C.caller == fresh["caller"])
            db.execute(mine.values(left=left - taken * 1000, at=max(now, row.at)))
        return taken, (left - taken * 1000) // 1000

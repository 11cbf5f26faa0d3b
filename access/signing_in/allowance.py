"""How much one caller may ask in a time, counted by all processes that serve a store together,
also on several machines: by the clock of the database.

A process takes some calls at once, so that not every call is a write. What it took and did not use
stays with it, so that a caller may go beyond by as much for each process, and no further.
"""

import sqlalchemy as sa

from access.signing_in.vault import Vault, allowances, hashed, putting

#: Calls at once, and calls a second in the long run.
AT_ONCE, A_SECOND = 200, 50
#: So many calls a process takes at once.
SHARE = 10
_C = allowances.c
#: Milliseconds since 1970, by the clock of the database.
_SQLITE = "SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
_POSTGRES = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"


class Allowance:
    """What each caller has left."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def take(self, caller: str, most: int = SHARE) -> tuple[int, int]:
        """Calls for this process, as many as there are up to `most`; and how many are left for all
        of them. Raises LogUnavailable."""
        with self._vault.writing() as db:
            fresh = {"caller": hashed(caller), "left": AT_ONCE * 1000, "at": 0}
            # setting it to what it is holds the row for us until all of this is done
            held = putting(db, allowances, fresh, {"left": _C.left})
            row = db.execute(held.returning(_C.left, _C.at)).one()
            asked = _POSTGRES if db.dialect.name == "postgresql" else _SQLITE
            now = int(db.exec_driver_sql(asked).scalar() or 0)
            gained = max(now - row.at, 0) * A_SECOND if row.at else AT_ONCE * 1000
            left = min(AT_ONCE * 1000, row.left + gained)  # in thousandths of a call
            taken = min(most, left // 1000)
            mine = sa.update(allowances).where(_C.caller == fresh["caller"])
            db.execute(mine.values(left=left - taken * 1000, at=max(now, row.at)))
        return taken, (left - taken * 1000) // 1000

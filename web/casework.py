"""Who may be given a case."""

from projections import cases
from projections.schema import Db
from web.visit import Visit


def workers(db: Db, visit: Visit) -> list[str]:
    """Who works on the cases that this person sees: offered where one is to be named."""
    rows = cases.listed(db, visit.reader)
    named = {one for row in rows for one in (row.worker_child, row.worker_parents) if one}
    return sorted(named)

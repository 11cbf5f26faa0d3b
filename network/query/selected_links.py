"""Links of the whole network, selected in the arrays of the index instead of the database.

Only the selected links are read from the views, by the views' own rules; links that the query's
minimum grade excludes are counted.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from domain.kernel.values import Reader
from network.index.growing_columns import Array, Ints, uuids
from network.index.identities import IdentityLeaders, identities_as_at
from network.index.index import Index, of
from network.query.around import can_answer
from network.query.frontier import ShownLinks
from network.query.graph_builder import Gathering
from projections.intelligence.links import LinkFilter
from projections.kernel.database import Db


class LinksInArrays(Struct, frozen=True):
    """The links of the network that have at least the minimum grade: their rows in the index, and
    the numbers by which the index represents the items at both ends, after merges.
    """

    index: Index
    who: IdentityLeaders
    rows: Ints
    a: Ints
    b: Ints


class SelectedLinks(Struct, frozen=True):
    """The selected links, after they were read from the views; and how many links were left out
    because they have no grade (`ungraded`) or a grade below the minimum (`weaker`).
    """

    gathering: Gathering
    ungraded: int
    weaker: int


def select_links(
    db: Db, reader: Reader, link_filter: LinkFilter, select: Callable[[LinksInArrays], Array]
) -> SelectedLinks | None:
    """Return the links of the network that the function `select` chooses in the arrays of the
    index; None if the index cannot answer this query.
    """
    if link_filter.restricted or not can_answer(link_filter, "all", ()):
        return None
    index = of(db)
    with index.lock:
        who = identities_as_at(db, reader, index, link_filter)
        rows = index.visible_rows(db, reader, replace(link_filter, min_rank=None))
        a, b = (who.leader[index.links[end][rows]] for end in ("a", "b"))
        apart = np.flatnonzero(a != b)
        passes, bare = index.passing(rows[apart], link_filter.min_rank)
        ungraded, weaker = int(bare.sum()), int((~passes & ~bare).sum())
        apart = apart[passes]
        selected = select(LinksInArrays(index, who, rows[apart], a[apart], b[apart]))
        ids = uuids(index.links["link"][rows[apart][selected]])
    gathering = Gathering(db, reader, link_filter, "all")
    gathering.know_all()
    gathering.adopt(ShownLinks(ids, set(), set(), {}, {}))
    return SelectedLinks(gathering, ungraded, weaker)

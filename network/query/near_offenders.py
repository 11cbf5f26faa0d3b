"""The links around offenders, selected in the arrays of the index instead of the database.

The answer is the part of `view.whole_layer` with the people who are linked to an offender, directly
or through a thing; the count of omitted links is the count for the whole layer. A test compares
both.
"""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from domain.kernel.values import Reader
from network.index.growing_columns import uuids
from network.index.identities import identities_as_at
from network.index.index import of
from network.query.around import can_answer
from network.query.evidence import DEFAULT
from network.query.frontier import ShownLinks
from network.query.graph_builder import Gathering
from network.query.view import NetworkAnswer, picture, whole_layer
from projections.intelligence.links import LinkFilter
from projections.kernel.database import Db


def near_offenders(db: Db, reader: Reader, asked: LinkFilter) -> NetworkAnswer:
    """Return the links of offenders, and the links of things linked with an offender."""
    if asked.restricted or not can_answer(asked, "all", ()):
        return whole_layer(db, reader, asked=asked)
    index = of(db)
    with index.lock:
        who = identities_as_at(db, reader, index, asked)
        rows = index.visible_rows(db, reader, replace(asked, min_rank=None))
        a, b = (who.leader[index.links[end][rows]] for end in ("a", "b"))
        apart = a != b
        rows, a, b = rows[apart], a[apart], b[apart]
        passes, bare = index.passing(rows, asked.min_rank)
        ungraded, weaker = int(bare.sum()), int((~passes & ~bare).sum())
        rows, a, b = rows[passes], a[passes], b[passes]
        theirs = who.offender[a] | who.offender[b]
        things = np.zeros(len(who.leader), bool)
        for end in (a[theirs], b[theirs]):
            things[end[~who.person[end]]] = True
        chosen = rows[theirs | things[a] | things[b]]
        found = ShownLinks(uuids(index.links["link"][chosen]), set(), set(), {}, {})
    gathering = Gathering(db, reader, asked, "all")
    gathering.know_all()
    gathering.adopt(found)
    return replace(picture(gathering, [], DEFAULT), ungraded=ungraded, weaker=weaker)

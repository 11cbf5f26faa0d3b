"""A picture of the people and things with the most links. Links are counted in arrays, and only the
chosen people and things are drawn.
"""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from domain.kernel.codes import Layer
from domain.kernel.values import Reader
from network.index import index as kept
from network.index.growing_columns import uuids
from network.index.identities import identities_as_at
from network.query.evidence import DEFAULT
from network.query.graph_builder import Gathering
from network.query.view import Extent, NetworkAnswer, by_team, picture
from projections.intelligence.links import LinkFilter
from projections.kernel.database import Db


def foremost(
    db: Db, reader: Reader, part: Extent, link_filter: LinkFilter, layer: Layer, most: int
) -> tuple[NetworkAnswer, int] | None:
    """Return the picture of the `most` people and things with the most links, and how many people
    and things were left out. Of several with equally many links, the one recorded first is chosen.
    Links that are too weak for the query are counted and not read.

    Return None if the query is about one person, leaves out certain links, or is about the layer
    `through` (offenders and what they share): in these cases the links are counted only in the
    complete picture.
    """
    if part.who is not None or layer == "through" or part.without:
        return None
    index = kept.of(db)
    with index.lock:
        rows = index.visible_rows(db, reader, link_filter)
        who = identities_as_at(db, reader, index, link_filter)
        a, b = who.leader[index.links["a"][rows]], who.leader[index.links["b"][rows]]
        inside = (a != b) & who.admits(layer, a, b)
        passing, bare = index.passing(rows, link_filter.min_rank)
        shown = inside & passing
        ungraded = int(np.count_nonzero(inside & bare))
        weaker = int(np.count_nonzero(inside & ~passing)) - ungraded
        if part.team is not None:
            shown &= index.links["team"][rows] == index.teams.get(part.team, -1)
        links = np.bincount(np.concatenate((a[shown], b[shown])), minlength=len(index.ids))
        there = np.flatnonzero(links)
        ids = index.ids.bytes_of(there)
        order = np.lexsort((ids, who.known_from[there], -links[there]))[:most]
        chosen = uuids(ids[order])
    gathering = Gathering(db, reader, link_filter, layer)
    gathering.between(chosen)
    answer = picture(gathering, [], DEFAULT)
    answer = by_team(answer, part.team) if part.team else answer
    answer = replace(answer, ungraded=ungraded, weaker=weaker)
    return answer, len(there) - len(answer.graph)

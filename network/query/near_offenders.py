"""The links around offenders, selected in the arrays of the index instead of the database.

The function `view.whole_layer` returns the same kind of links from the database. This module
selects only the links of offenders, and of protected people who are linked to an offender, directly
or through a thing. Links that are left out because of their grade are counted over the whole layer.
A test checks that both ways find the same children at risk.
"""

from __future__ import annotations

from uuid import UUID

import numpy as np
from msgspec.structs import replace

from domain.kernel.values import Reader
from network.index.growing_columns import Array, Ints
from network.index.index import KINDS
from network.query.evidence import DEFAULT
from network.query.graph_builder import HUB
from network.query.selected_links import LinksInArrays, select_links
from network.query.view import NetworkAnswer, picture, whole_layer
from projections.intelligence.links import LinkFilter
from projections.kernel.database import Db


def near_offenders(
    db: Db, reader: Reader, link_filter: LinkFilter, cap: int = HUB
) -> NetworkAnswer:
    """Return the links of offenders with protected people, and the links of offenders and protected
    people with the things that they share. Of a thing with more than `cap` links, only the links of
    offenders are returned; the thing is listed as a hub, with the number of its other links.
    """
    ties: dict[UUID, int] = {}

    def select(links: LinksInArrays) -> Array:
        chosen, of_hubs = _chosen(links, cap)
        hubs = np.flatnonzero(of_hubs)
        ties.update(zip(links.index.ids.ids(hubs), of_hubs[hubs].tolist(), strict=True))
        return chosen

    found_links = select_links(db, reader, link_filter, select)
    if found_links is None:
        return whole_layer(db, reader, link_filter=link_filter)
    seen = picture(found_links.gathering, [], DEFAULT)
    hubs = tuple((item, number - len(seen.at[item])) for item, number in sorted(ties.items()))
    return replace(seen, ungraded=found_links.ungraded, weaker=found_links.weaker, hubs=hubs)


def _chosen(links: LinksInArrays, cap: int) -> tuple[Array, Ints]:
    """Return which of these links the function `near_offenders` shows; and the number of links of
    each hub (a thing with very many links), where several links of one kind to the same item count
    as one.
    """
    who, a, b = links.who, links.a, links.b
    kinds = links.index.links["kind"][links.rows]
    size = len(who.leader)
    protected = who.person & (who.child | who.victim)
    near, guarded = np.zeros(size, bool), np.zeros(size, bool)
    for item_numbers, second_array in ((a, b), (b, a)):
        apart = ~who.person[item_numbers]
        near[item_numbers[apart & who.offender[second_array]]] = True
        guarded[item_numbers[apart & protected[second_array]]] = True
    pairs = [
        (item_numbers.astype(np.int64) * size + array)[near[item_numbers]] * len(KINDS)
        + kinds[near[item_numbers]]
        for item_numbers, array in ((a, b), (b, a))
    ]
    ties = np.bincount(np.unique(np.concatenate(pairs)) // (size * len(KINDS)), minlength=size)
    ties[ties <= cap] = 0
    shown = np.zeros(len(a), bool)
    for first_array, second_array in ((a, b), (b, a)):
        shown |= who.offender[first_array] & (
            protected[second_array]
            | near[second_array] & (guarded[second_array] | (ties[second_array] > 0))
        )
        shown |= protected[first_array] & near[second_array] & (ties[second_array] == 0)
    return shown, ties

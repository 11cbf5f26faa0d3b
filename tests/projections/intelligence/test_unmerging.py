"""After a merge of two records was undone, the network and the queue are the same as before the
merge.
"""

from random import Random
from uuid import UUID

import msgspec
import pytest

from domain.intelligence import identity
from domain.intelligence.entity import PersonClassified
from domain.intelligence.identity import IdentityJudged, IdentityRevoked, pair_stream
from domain.intelligence.link import LinkAsserted
from network.picture import picture_data
from network.query import view
from projections.intelligence import likely_same_person, links
from tests.projections.tale import READER, Tale, Views


def network(views: Views, tale: Tale) -> bytes:
    """Return the whole network, and all pairs of possible duplicates that wait for a judgement, as
    bytes, so that two states can be compared.
    """
    with views.of(tale) as db:
        whole = view.whole_layer(db, READER, link_filter=links.LinkFilter(min_rank=None))
        pairs = likely_same_person.pairs(db, READER)
        queue = [(str(pair.a), str(pair.b), pair.worth, pair.weight) for pair in pairs]
    return msgspec.json.encode([picture_data.document(whole), queue])


@pytest.mark.parametrize("seed", range(3))
def test_unmerging_after_chains_restores_the_network_to_the_byte(
    views: Views, tale: Tale, seed: int
) -> None:
    draw = Random(seed)
    people = [tale.person(f"Sharon Marlow {number % 3}") for number in range(7)]
    for one in people[:3]:
        tale.tell(PersonClassified("suspect", "seen"), about=one)
    cars = [tale.thing("vehicle", f"AB9{number}CDE") for number in range(3)]
    for one in people:
        tale.tell(LinkAsserted(one, draw.choice(cars), "uses", "information"))
        other = draw.choice([person for person in people if person != one])
        tale.tell(LinkAsserted(one, other, "associate", "information"))
    before = network(views, tale)
    same: dict[UUID, set[UUID]] = {person: set() for person in people}
    judged: list[tuple[UUID, UUID]] = []
    for _ in range(9):
        one, other = draw.sample(people, 2)
        if other not in same[one]:
            tale.tell(IdentityJudged(one, other, "same", "one"), about=pair_stream(one, other))
            same[one].add(other)
            same[other].add(one)
            judged.append((one, other))
    assert max(len(identity.cluster(same, person)) for person in people) > 2, "a chain"
    merged = network(views, tale)
    assert merged != before
    draw.shuffle(judged)
    for one, other in judged:
        tale.tell(IdentityRevoked(one, other, "two"), about=pair_stream(one, other))
    assert network(views, tale) == before

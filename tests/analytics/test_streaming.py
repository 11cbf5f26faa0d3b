"""Key people are computed from the same links, whether the links are read one part of the log at a
time or all together.
"""

from datetime import date

import numpy as np
import pytest

from domain.kernel.codes import DirectLayer
from network.measures.link_stream import LinkStream, all_ids, count
from network.measures.measures import measured
from projections.intelligence.links import LinkFilter
from tests.network.conftest import world
from tests.network.world import READER, World, day

__all__ = ["world"]


def record_network(world: World) -> None:
    world.suspects("Ash", "Birch", "Cedar", "Dale", "Ash with the scar")
    world.put("Elm", "eliminated")
    world.put("Fern", born=date(1990, 1, 1))
    world.child("Clover")
    world.child("Daisy")
    world.link("Ash", "Birch", known=2)
    world.link("Birch", "Ash", "family", known=3)
    world.link("Birch", "Cedar", grade="3C", known=4)
    world.link("Cedar", "Dale", grade=None, known=4)
    world.link("Ash with the scar", "Dale", known=5)
    world.link("Elm", "Ash", known=5)
    world.link("Clover", "Daisy", known=6)
    world.link("Ash", "Clover", known=7)
    world.link("Fern", "Birch", known=8)
    world.link("Dale", "Fern", known=20)
    world.judge("Ash", "Ash with the scar", known=9)


@pytest.mark.parametrize("layer", ["all", "offender-offender", "offender-victim"])
@pytest.mark.parametrize("least", [None, 5, 14])
def test_the_same_ties_whatever_the_stretches(
    world: World, layer: DirectLayer, least: int | None
) -> None:
    record_network(world)
    asked = LinkFilter(as_known=day(10), min_rank=least)
    with world.db() as db:
        expected, cleared = measured(db, READER, link_filter=asked, layer=layer)
        names = expected.ids_at(slice(None))
        pairs = {
            frozenset((names[a], names[b])) for a, b in zip(expected.a, expected.b, strict=True)
        }
        for step in (1, 4, 1_000):
            stream = LinkStream.begun(db, READER, all_ids(db), asked, layer)
            some = [
                stream.stretch(db, READER, start, start + step)
                for start in range(0, world.seq, step)
            ]
            ids = dict(enumerate(_names(stream)))
            found = {
                frozenset((ids[a], ids[b]))
                for one in some
                for a, b in zip(one.a.tolist(), one.b.tolist(), strict=True)
            }
            assert found == pairs
            assert len(np.unique(np.concatenate([one.cleared for one in some]))) == cleared
            assert sum(one.ungraded for one in some) == expected.ungraded
            assert sum(one.weaker for one in some) == expected.weaker
        assert count(db, READER, asked) >= len(pairs)


def test_what_is_restricted_is_not_read(world: World) -> None:
    record_network(world)
    world.restrict("Birch")
    with world.db() as db:
        asked = LinkFilter(as_known=day(10))
        stream = LinkStream.begun(db, READER, all_ids(db), asked, "all")
        found = stream.stretch(db, READER, 0, world.seq)
        names = _names(stream)
    assert world["Birch"] not in {names[one] for one in (*found.a, *found.b)}
    assert len(found.a)


def _names(stream: LinkStream) -> list[object]:
    from network.index.growing_columns import uuids

    return list(uuids(stream.ids))

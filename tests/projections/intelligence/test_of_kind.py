"""A page of the list of all items of a kind is equal to the same part of the whole list."""

from collections.abc import Iterable
from random import Random
from uuid import UUID

import msgspec
import pytest

from access.who_may import scope
from domain.data_protection.retention import RestrictionPlaced
from domain.intelligence.entity import PersonClassified, PersonRecorded
from domain.intelligence.identity import IdentityJudged, IdentityRevoked, pair_stream
from domain.kernel.values import Reader
from projections.intelligence import people
from projections.intelligence.people import Since
from tests.projections.tale import READER, Tale, Views, hour

OF_ENGAGE = Reader(
    "dc.hart",
    "Engage",
    "police",
    roles=frozenset({"detective"}),
    teams=frozenset({"Engage"}),
    closed=True,
)
#: A reader who sees suspects, but no other people.
AUDITOR = msgspec.structs.replace(OF_ENGAGE, name="au.lane", roles=frozenset({"auditor"}))


@pytest.mark.parametrize("few", [scope.SCARCE, 0])
def test_a_page_holds_what_a_reader_sees_of_the_whole(
    views: Views, tale: Tale, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page shows the same rows as the part of the list that the reader may see, whether the query
    starts from the reader's few items or skips the hidden items."""
    monkeypatch.setattr(scope, "SCARCE", few)
    draw = Random(8)
    known = [tale.new() for _ in range(30)]
    for number, one in enumerate(draw.sample(known, k=len(known))):
        team = draw.choice(("Engage", "Engage", "Elsewhere"))
        told = PersonRecorded(known=True, name=f"Number {number}")
        tale.tell(told, about=one, team=team, at=hour(number // 3))
    pairs = [tuple(draw.sample(known, k=2)) for _ in range(9)]
    for a, b in pairs:
        tale.tell(IdentityJudged(a, b, "same", "one day"), about=pair_stream(a, b), at=hour(50))
    a, b = pairs[0]
    tale.tell(IdentityRevoked(a, b, "twins"), about=pair_stream(a, b), at=hour(51))
    for one in draw.sample(known, k=3):
        tale.tell(RestrictionPlaced(one, "doubted"), at=hour(52))
    for one in draw.sample(known, k=12):
        tale.tell(PersonClassified("suspect", "seen"), about=one, at=hour(53))
    with views.of(tale) as db:
        sizes = set()
        for reader in (READER, OF_ENGAGE, AUDITOR):
            every = in_order(
                people.list_unrestricted(db, reader, "person"), people.clusters(db, reader)
            )
            things = people.pages_of_kind(db, reader, "person")
            assert things.page(0, 100) == every
            assert things.page(3, 4) == every[3:7]
            assert things.page(1, 4, every[3]) == every[5:9]
            assert things.count(100) == len(every)
            assert bool(things.few is not None) == (reader is AUDITOR and few > 0)
            sizes.add(len(every))
        assert len(sizes) == 3
        assert things.merged


def in_order(seen: Iterable[people.IndexedItem], leaders: dict[UUID, UUID]) -> list[Since]:
    """Return the items in the order of the list, newest first. Merged records are one item, which
    has the id and the place of the oldest record."""
    first: dict[UUID, Since] = {}
    for one in seen:
        lead = leaders.get(one.id, one.id)
        first.setdefault(lead, Since(one.known_from, lead))
    return sorted(first.values(), reverse=True)

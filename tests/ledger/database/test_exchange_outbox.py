"""A message to other forces is written in the same transaction as its event, or not at all."""

from datetime import date
from typing import ClassVar
from uuid import UUID, uuid4

import msgspec
import pytest

from domain.kernel.envelope import Conflict, Event, Outgoing, Stored, Submission
from ledger.store.setup import Catalogue
from tests.conftest import Store
from tests.ledger.events import submission

DAY = date(2026, 11, 23)
ONE, OTHER = UUID(int=1), UUID(int=2)


class Offered(Event, frozen=True):
    stored: ClassVar = Stored("note.offered", "product", "none")


CATALOGUE: Catalogue = {"product": (Offered,)}


def offer(reference: UUID, token: bytes, recipient: str = "all") -> Outgoing:
    said = "vehicle", DAY, "B", "P", date(2027, 3, 1), 1
    return Outgoing(reference, recipient, "offer", *said, token * 32, None)


def end(reference: UUID) -> Outgoing:
    return Outgoing(reference, "all", "end")


def sent(*rows: Outgoing, stream: UUID | None = None, version: int = 1) -> Submission:
    made = submission(Offered(), stream=stream, version=version)
    return msgspec.structs.replace(made, outgoing=rows)


def test_rows_leave_in_the_order_of_the_log(store: Store) -> None:
    log = store.open(CATALOGUE)["product"]
    log.append([sent(offer(ONE, b"a"), offer(ONE, b"a", "hexmoor"))])
    log.append([sent(offer(OTHER, b"b")), sent()])
    found = log.outgoing(0, 9)
    assert [row for _, row in found] == [
        offer(ONE, b"a"),
        offer(ONE, b"a", "hexmoor"),
        offer(OTHER, b"b"),
    ]
    places = [place for place, _ in found]
    assert places == sorted(set(places))
    assert log.outgoing(places[1], 9) == found[2:]
    assert log.outgoing(0, 1) == found[:1]


def test_what_is_refused_leaves_nothing(store: Store) -> None:
    log = store.open(CATALOGUE)["product"]
    stream = uuid4()
    log.append([sent(stream=stream)])
    with pytest.raises(Conflict):
        log.append([sent(offer(ONE, b"a"), stream=stream)])
    assert log.outgoing(0, 9) == []
    again = sent(offer(ONE, b"a"))
    log.append([again])
    log.append([again])  # this command was recorded before
    assert len(log.outgoing(0, 9)) == 1


def test_a_token_goes_when_its_offer_ends_or_is_made_again(store: Store) -> None:
    log = store.open(CATALOGUE)["product"]
    log.append([sent(offer(ONE, b"a"), offer(ONE, b"a", "hexmoor"))])
    log.append([sent(offer(OTHER, b"b"))])
    log.append([sent(offer(ONE, b"c"))])
    assert [row.token for _, row in log.outgoing(0, 9)] == [b"b" * 32, b"c" * 32]
    log.append([sent(end(ONE))])
    assert [row for _, row in log.outgoing(0, 9)] == [offer(OTHER, b"b"), end(ONE)]

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from msgspec.structs import replace

from commands.exchange import offer
from commands.exchange.exchange import OfferStatus
from commands.exchange.offer import OfferRequest
from commands.intelligence import links
from commands.kernel import entity
from commands.kernel.unit_of_work import Receipt
from domain.exchange.offer import OfferEnded, OfferMade
from domain.kernel.values import PoleCategory
from projections.people_and_teams import offers as view
from tests.commands.office import Office, prepared

UNTIL = date(2011, 9, 1)
PLATE = "PK95 ABC"


class Before(NamedTuple):
    """Baz, a suspect who uses a car, with the log entry about this link and the report that graded
    it."""

    baz: UUID
    words: UUID
    report: UUID


def happened(office: Office) -> Before:
    desk, reader, baz = office.desk, office.reader, office.person(name="Baz")
    entity.classify(desk, reader, str(baz), "suspect", "arrested")
    words = office.words(heard_from="mum")
    report = office.assessed(words).id
    links.assert_link(desk, reader, report, str(baz), f"vehicle:{PLATE}", "uses")
    return Before(baz, words, report)


PREPARED = prepared("exchange", happened)


class Exchange:
    """A store that takes part in the exchange between forces, with its own key service."""

    def __init__(self, office: Office, before: Before) -> None:
        self.office, self.key, self.asked = office, 1, list[tuple[str, str]]()
        self.baz, self.words, self.report = before
        office.desk.policy = replace(office.desk.policy, force="aldmere")
        office.desk.tokens, office.desk.epoch = self.tokens, lambda: self.key

    def tokens(self, things: Sequence[tuple[str, str]], bulk: bool) -> tuple[int, list[bytes]]:
        self.asked += things
        return self.key, [sha256(f"{self.key}{kind}{n}".encode()).digest() for kind, n in things]

    def classed(self, who: UUID, category: PoleCategory) -> None:
        grounds = "arrested" if category == "suspect" else "looked at"
        entity.classify(self.office.desk, self.office.reader, str(who), category, grounds)

    def tied(self, who: UUID, kind: Any = "uses") -> UUID:
        office = self.office
        return links.assert_link(office.desk, office.reader, self.report, str(who), PLATE, kind).id

    def offered(self, **told: Any) -> UUID:
        return self.made(**told).id

    def made(self, **told: Any) -> Receipt:
        said: dict[str, Any] = {
            "what": PLATE,
            "to": ("hexmoor", "kenbrook"),
            "until": UNTIL,
            "handling": "P",
            "agreement": "ISA 7",
            "assessment": "DPIA 7",
            "reason": "seen in two towns",
        }
        command = {"command_id": told.pop("command_id", None)}
        reader = told.pop("reader", self.office.reader)
        return offer.make(self.office.desk, reader, OfferRequest(**(said | told)), **command)

    def left(self) -> list[tuple[str, str, bool]]:
        """Return the messages that wait in the store to be sent to other forces. Each has its
        receiver, its effect, and whether it contains a token."""
        rows = self.office.system.logs["product"].outgoing(0, 99)
        return [(row.recipient, row.act, row.token is not None) for _, row in rows]

    def reference(self) -> UUID:
        made: OfferMade = self.office.events(OfferMade, "product")[-1]
        return made.reference

    def ended(self) -> list[str]:
        return [event.why for event in self.office.events(OfferEnded, "product")]

    def listed(self, **asked: Any) -> list[view.Offered]:
        with self.office.system.reading() as db:
            return view.offered(db, self.office.reader, **asked)

    def matches(self, **asked: Any) -> list[view.Matched]:
        office = self.office
        with office.system.reading() as db:
            return view.matched(db, office.reader, office.desk.clock(), **asked)


MATCH = {"force": "hexmoor", "theirs": UUID(int=7), "grade": "C", "week": date(2011, 3, 7)}


def told(exchange: Exchange, number: int = 1, **more: Any) -> OfferStatus:
    said = {**MATCH, "handling": "P", "records_reference": "H/44", **more}
    return OfferStatus(number, more.pop("what", "match"), exchange.reference(), **said)

"""On the page of offers to other forces, authorised users see offers, decide about them and
withdraw them.
"""

from commands.exchange.exchange import take
from domain.exchange.offer import OfferContactDecided, OfferEnded
from tests.support.commands.offer import Exchange, happened, told
from tests.web.conftest import House


def test_a_match_is_decided_and_an_offer_withdrawn(house: House) -> None:
    exchange = Exchange(house.office, happened(house.office))
    one = exchange.offered()
    take(house.office.desk, [told(exchange)])
    officer = house.somebody("di.moss")
    page = officer.get("/exchange").text
    assert "PK95ABC" in page
    assert "hexmoor" in page
    officer.tell(
        "decide-match",
        "/exchange",
        offer=one,
        force="hexmoor",
        contact="contact",
        reason="two girls of ours",
    )
    assert len(house.office.events(OfferContactDecided, "product")) == 1
    assert "No offer matches another force&#39;s offer" in officer.get("/exchange").text
    officer.tell("withdraw-offer", "/exchange", offer=one, reason="the car was sold")
    assert len(house.office.events(OfferEnded, "product")) == 1
    assert "No offers to other forces" in officer.get("/list/offers").text

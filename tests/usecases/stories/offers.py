"""Test inputs for commands about a suspect's car that is offered to other forces. Another force
offers the same car, and the offer is withdrawn."""

from datetime import date
from uuid import UUID

from commands.exchange import exchange, offer
from commands.intelligence import links
from commands.kernel import entity
from domain.exchange.offer import OfferMade
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject

SAID = {
    "to": ["hexmoor", "kenbrook"],
    "until": "2011-09-01",
    "handling": "P",
    "agreement": "ISA 7",
    "assessment": "DPIA 7",
    "reason": "seen in two towns",
}


def _offered(office: Office) -> dict[str, str]:
    desk, reader = office.desk, office.reader
    baz = office.person()
    entity.classify(desk, reader, str(baz), "suspect", "arrested")
    words = office.words()
    report = office.assessed(words).id
    for plate in ("PK95 ABC", "YC94 KXT"):
        links.assert_link(desk, reader, report, str(baz), f"vehicle:{plate}", "uses")
    told = {**SAID, "to": ("all",), "until": date(2011, 9, 1), "what": "YC94 KXT"}
    one = offer.make(desk, reader, offer.OfferRequest(**told)).id  # type: ignore[arg-type]
    (made,) = office.events(OfferMade, "product")
    match = ("hexmoor", UUID(int=7), "C", date(2011, 3, 7), "P")
    exchange.take(desk, [exchange.OfferStatus(1, "match", made.reference, *match)])  # type: ignore[arg-type]
    return {"baz": str(baz), "words": str(words), "offer": str(one)}


OFFERS = Subject(
    _offered,
    {
        "offer": Story(
            {**SAID, "what": "PK95 ABC", "records_reference": "RMS 12", "because_of": ["{words}"]},
            (
                {"what": "{baz}"},
                {"to": ["aldmere"]},
                {"until": "2013-01-01"},
                {"handling": "C"},
                {"conditions": "ask us"},
                {"agreement": " "},
                {"assessment": " "},
                {"reason": " "},
            ),
        ),
        "decide-match": Story(
            {
                "offer": "{offer}",
                "force": "hexmoor",
                "contact": "contact",
                "reason": "girls of ours",
            },
            ({"force": "kenbrook"}, {"reason": " "}),
        ),
        "withdraw-offer": Story(
            {"offer": "{offer}", "reason": "the car was sold", "because_of": ["{words}"]},
            ({"reason": " "},),
        ),
    },
)

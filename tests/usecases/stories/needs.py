"""Test inputs for commands about a family's needs, threats against it, its moves, and its wait for
a worker."""

from datetime import date

from commands.families import need
from commands.kernel.item_references import UNNAMED
from domain.families.need import NeedTold, ThreatTold
from domain.families.waiting_family import WaitingTold
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _needs(office: Office) -> dict[str, str]:
    """Record a family that needs a home, was threatened, and waits for a worker; return ids by
    name.
    """
    desk, reader = office.desk, office.reader
    case = str(office.case("Kayleigh Marlow"))
    home = NeedTold(UNNAMED, "family", "housing", "two rooms for five", date(2011, 6, 1))
    waits = WaitingTold(UNNAMED, "waiting", "nobody has time", date(2011, 6, 1))
    return {
        "case": case,
        "need": str(need.tell(desk, reader, home, case).id),
        "threat": str(
            need.threaten(
                desk, reader, ThreatTold(UNNAMED, "parent", "followed", "a car behind her"), case
            ).id
        ),
        "waiting": str(need.wait(desk, reader, waits, case).id),
    }


NEEDS = Subject(
    _needs,
    {
        "family need": Story(
            {
                "case": "{case}",
                "kind": "safe-house",
                "words": "somewhere the men do not know",
                "by": "2011-03-25",
                "whom": "parents",
            },
            ({"words": " "}, {"by": "2011-03-01"}, {"kind": "love"}, {"whom": "cat"}),
        ),
        "family need-answered": Story(
            {"need": "{need}", "state": "under-way", "words": "asked twice", "by": "2011-07-01"},
            (
                {"by": None},
                {"state": "met"},
                {"words": " "},
                {"by": "2011-03-01"},
                {"state": "soon"},
            ),
        ),
        "family threat": Story(
            {
                "case": "{case}",
                "kind": "at-the-home",
                "words": "he shouted through the door",
                "against": "parent",
                "happened": "2011-03-17T22:40:00+00:00",
            },
            ({"words": " "}, {"kind": "rude"}, {"happened": "2012-01-01T10:00:00+00:00"}),
        ),
        "family threat-answered": Story(
            {"threat": "{threat}", "did": "bail-or-order-sought", "words": "his bail forbids it"},
            ({"words": " "}, {"did": "prayed"}),
        ),
        "family moved": Story(
            {"case": "{case}", "why": "threats", "on": "2011-03-10", "words": "in one night"},
            (
                {"words": "to 12 Mill Lane, ZZ99 3AB"},
                {"on": "2011-12-01"},
                {"why": "holiday"},
            ),
        ),
        "waiting added": Story(
            {
                "case": "{case}",
                "state": "turned-away",
                "why": "the threshold is low",
                "review": "2011-04-18",
                "to": "a parents' helpline",
            },
            (
                {"state": "signposted", "to": None},
                {"why": " "},
                {"review": "2011-03-01"},
                {"state": "lost"},
            ),
        ),
        "waiting asked": Story(
            {"waiting": "{waiting}", "words": "she copes", "review": "2011-07-18"},
            ({"words": " "}, {"review": "2011-03-01"}),
        ),
        "waiting ended": Story(
            {"waiting": "{waiting}", "became": "not-taken-up", "words": "she never rang there"},
            ({"words": None}, {"became": "gone"}),
        ),
    },
)

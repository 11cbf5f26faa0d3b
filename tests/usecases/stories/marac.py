"""Test inputs for commands about a young person who is referred to a MARAC (a conference about
domestic abuse), and about its decision."""

from datetime import date

from commands.families import marac
from commands.kernel.item_references import UNNAMED
from domain.families.marac import MaracReferred
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _referred(office: Office) -> dict[str, str]:
    desk, reader = office.desk, office.reader
    case = str(office.case("Kayleigh Marlow"))
    told = MaracReferred(UNNAMED, ("judgement",), date(2011, 3, 25), "he waits outside her flat")
    return {"case": case, "marac": str(marac.refer(desk, reader, told, case).id)}


MARAC = Subject(
    _referred,
    {
        "marac refer": Story(
            {
                "case": "{case}",
                "meets": "2011-04-01",
                "basis": "he took her telephone and her keys",
                "grounds": ["escalation"],
                "ticks": 16,
            },
            (
                {"basis": " "},
                {"meets": "2011-03-01"},
                {"grounds": ["rumour"]},
                {"grounds": [], "ticks": 3},
            ),
        ),
        "marac heard": Story(
            {
                "marac": "{marac}",
                "how": "put-off",
                "words": "nobody of housing came",
                "on": "2011-03-18",
                "meets": "2011-04-08",
            },
            ({"words": " "}, {"meets": None}, {"on": "2011-12-01"}, {"how": "lost"}),
        ),
    },
)

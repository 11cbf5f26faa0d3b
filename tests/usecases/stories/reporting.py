"""Test inputs for commands about the duty to report child sexual abuse."""

from datetime import UTC, datetime

from commands.justice import duty_to_report
from commands.kernel.item_references import UNNAMED
from domain.justice.duty_to_report import DutyArose
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _stage(office: Office) -> dict[str, str]:
    """Record a case with three duties to report that arose the day before; return ids by name."""
    desk, reader, case = office.desk, office.reader, str(office.case("Kayleigh Marlow"))
    arose = DutyArose(UNNAMED, "she told me what he did", datetime(2011, 3, 17, 10, tzinfo=UTC))
    names = ("first", "second", "third")
    made = {name: str(duty_to_report.arise(desk, reader, arose, case).id) for name in names}
    return {"case": case, "words": str(office.words("He hurt her.")), **made}


REPORTING = Subject(
    _stage,
    {
        "reporting arises": Story(
            {
                "case": "{case}",
                "words": "she told me what he did",
                "since": "2011-03-18T08:00:00+00:00",
                "because_of": ["{words}"],
            },
            ({"words": " "}, {"since": "2031-03-18T08:00:00+00:00"}),
        ),
        "reporting later": Story(
            {
                "duty": "{third}",
                "reason": "he is in the house",
                "until": "2011-03-20T10:00:00+00:00",
            },
            (
                {"reason": " "},
                {"until": "2011-03-25T10:00:00+00:00"},
                {"until": "2011-03-17T11:00:00+00:00"},
            ),
        ),
        "reporting reported": Story(
            {
                "duty": "{first}",
                "to": "both",
                "told": "call taker 4411",
                "happened": "2011-03-18T08:00:00+00:00",
                "reference": "inc-12",
                "others": ["{second}"],
            },
            ({"told": " "}, {"to": "nobody"}, {"happened": "2011-03-16T08:00:00+00:00"}),
        ),
    },
)

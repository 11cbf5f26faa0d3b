"""Test inputs for commands about access requests whose subject the receiving officer does not find
in the store."""

from commands.data_protection import request_intake
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject

UNKNOWN = "018f0000-0000-7000-8000-00000000ffff"


def _stage(office: Office) -> dict[str, str]:
    """Record a person, and two access requests that are not linked to any recorded person; return
    ids by name."""
    who = str(office.person("Baz Croft"))
    told = office.desk, office.reader, "a letter from Town A"
    about = request_intake.note(*told, "the man they call Baz").id
    nobody = request_intake.note(*told, "a man who never was here").id
    return {"who": who, "noted": str(about), "nobody": str(nobody)}


REQUEST_INTAKES = Subject(
    _stage,
    {
        "request note": Story(
            {
                "requester": "Ms Croft, 2 Mill Lane, Town A",
                "words": "What do you hold about my late uncle?",
                "received": "2011-03-17T11:00:00+00:00",
            },
            ({"requester": " "}, {"words": " "}, {"received": "2031-03-17T11:00:00+00:00"}),
        ),
        "request find": Story(
            {"request": "{noted}", "subject": "{who}"},
            ({"request": UNKNOWN}, {"subject": "Nan Unknown"}),
        ),
        "request nil": Story(
            {"request": "{nobody}", "searched": "that name, and three spellings"},
            ({"searched": " "}, {"request": "{noted}"}),
        ),
    },
)

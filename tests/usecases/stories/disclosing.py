"""What was shared is recalled, its recipients are told; a subject's request takes longer."""

from commands import disclosure, subject_request
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject

SCHOOL = "Head of Mill Lane School"


def _shared(office: Office) -> dict[str, str]:
    desk, reader = office.desk, office.reader
    words = office.words("A grey van stood in Mill Lane")
    shared = disclosure.gather(desk, reader, words, "safeguarding")
    made, _ = disclosure.disclose(
        desk,
        reader,
        shared,
        basis="safeguarding",
        purpose="to keep her safe at school",
        recipients=[SCHOOL, "Social worker on call"],
        checked="read against the note",
    )
    person, now = office.person("Baz"), office.system.clock()
    asked = subject_request.receive(desk, reader, person, "himself, passport seen", now)
    return {"made": str(made.id), "asked": str(asked.id)}


DISCLOSING = Subject(
    _shared,
    {
        "disclosure recall": Story({"disclosure": "{made}", "reason": "another street"}),
        "disclosure told": Story(
            {"disclosure": "{made}", "recipient": SCHOOL}, ({"recipient": "Nobody Atall"},)
        ),
        "request extend": Story(
            {"request": "{asked}", "reason": "much is held"}, ({"reason": " "},)
        ),
    },
)

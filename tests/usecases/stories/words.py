"""Test inputs for commands about log entries, which are taken over by an assessor, marked as
urgent, corrected, moved to another case, and withdrawn. A child is referred, too."""

from ingest.words.record_words import record_entry
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _words(office: Office) -> dict[str, str]:
    case = str(office.case("Kayleigh Marlow"))
    told = {"words": "She was out until four again", "more": "He rang her", "false": "He is dead"}
    read = record_entry(office.desk, office.reader, "Baz drives PK95ABX", office.desk.clock())
    ids = {name: str(office.words(text)) for name, text in told.items()}
    return {"case": case, "read": str(read.receipt.id)} | ids


WORDS = Subject(
    _words,
    {
        "take": Story({"item": "{words}", "because_of": ["{more}"]}, ({"because_of": ["Nobody"]},)),
        "urgency": Story(
            {"item": "{words}", "direction": "up", "reason": "she is out now"},
            ({"direction": "sideways", "reason": " "},),
        ),
        "urgent": Story(
            {"item": "{more}", "reason": "he is there", "because_of": ["{words}"]},
            ({"reason": ""},),
        ),
        "correct": Story(
            {"item": "{words}", "words": "Until five, and she was bleeding", "reason": "misheard"},
            ({"words": " "},),
        ),
        "confirm": Story(
            {
                "item": "{more}",
                "who": "phone:07700 900123",
                "words": "He",
                "because_of": ["{words}"],
            },
            ({"words": "She"}, {"who": "Nobody Atall"}, {"who": None}),
        ),
        "misread": Story(
            {"item": "{read}", "words": "Baz", "because_of": ["{words}"]},
            ({"words": "She"}, {"words": None}),
        ),
        "refile": Story(
            {"item": "{words}", "case": "{case}", "reason": "her sister's"},
            ({"case": "there is no case with this number or id"}, {"case": None}),
        ),
        "withdraw": Story(
            {
                "item": "{false}",
                "reason": "he is not",
                "ground": "parent-wishes",
                "threatened": "no",
                "because_of": ["{words}"],
            },
            ({"reason": " "}, {"ground": None}, {"threatened": None}, {"ground": "mistaken"}),
        ),
        "refer": Story(
            {
                "because_of": ["{words}", "{more}"],
                "child": "Amber Stone",
                "concern": "seen with him",
                "referrer": "the school nurse",
                "age": "14y8m",
                "learning_disability": True,
            },
            ({"child": " "}, {"because_of": ["Nobody"]}, {"born": "in May"}),
        ),
    },
)

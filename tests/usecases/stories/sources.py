"""Test inputs for commands about sources: their grade, a conflict of interest, covert status, and
whether two sources are one independent source."""

from commands.information import covert_source_review
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _sources(office: Office) -> dict[str, str]:
    words = [office.words(text, heard_from=name) for text, name in TOLD]
    mother, father = (office.recorded_root(word) for word in words)
    pike = office.person("Darren Pike")
    desk, reader = office.desk, office.reader
    covert_source_review.review_due(
        desk, reader, str(words[0]), str(pike), "direction", "sent to him"
    )
    told = {"words": str(words[0]), "ending": words[0].hex[-12:], "pike": str(pike)}
    return told | {"mother": str(mother), "father": str(father)}


TOLD = (("She was out again", "Marion Oakes"), ("She says she was out", "Bob Oakes"))
ROOTS = {"a": "{mother}", "b": "{father}", "reason": "both repeat the child"}
SOURCES = Subject(
    _sources,
    {
        "source grade": Story(
            {"source": "{ending}", "grade": "2", "reason": "new to us"},
            (
                {"source": "the mother"},
                {"grade": "4", "reason": " "},
                {"reason": "x" * 20_001},
            ),
        ),
        "source conflict": Story(
            {"source": "{mother}", "reason": "a dispute about the children"},
            ({"source": "018f0000-0000-7000-8000-00000000ffff"}, {"reason": None}),
        ),
        "source drift due": Story(
            {
                "source": "{words}",
                "suspect": "Darren Pike",
                "grounds": "relationship",
                "reason": "she was asked to ring him",
                "under_16": False,
                "own_parent": True,
            },
            ({"grounds": "often"}, {"suspect": "Nobody Atall"}, {"reason": " "}),
        ),
        "source drift decide": Story(
            {
                "source": "{words}",
                "suspect": "Darren Pike",
                "decision": "not-covert",
                "expires": "2011-09-12",
                "reason": "she rings as a mother",
            },
            (
                {"expires": "2019-01-01"},
                {"expires": "in May", "decision": "perhaps"},
                {"suspect": "Nobody Atall"},
            ),
        ),
        "roots join": Story(ROOTS, ({"a": "the mother"}, {"b": "{mother}"}, {"reason": ""})),
        "roots part": Story({**ROOTS, "reason": "two after all"}, ({"b": "the father"},)),
    },
)

"""What is told of each declared use case through every front, a file a subject."""

from tests.usecases.fronts import Subject
from tests.usecases.stories.cases import CASES
from tests.usecases.stories.identity import IDENTITY
from tests.usecases.stories.links import LINKS
from tests.usecases.stories.people import PEOPLE
from tests.usecases.stories.words import WORDS

SUBJECTS: dict[str, Subject] = {
    "cases": CASES,
    "people": PEOPLE,
    "identity": IDENTITY,
    "words": WORDS,
    "links": LINKS,
}

"""What is told of each declared use case through every front, a file a subject."""

from tests.usecases.fronts import Subject
from tests.usecases.stories.cases import CASES
from tests.usecases.stories.justice import EVIDENCE, JUSTICE
from tests.usecases.stories.support import COMPARTMENTS, SUPPORT

SUBJECTS: dict[str, Subject] = {
    "cases": CASES,
    "support": SUPPORT,
    "compartments": COMPARTMENTS,
    "evidence": EVIDENCE,
    "justice": JUSTICE,
}

"""Makes sentences about the mentions and signs that were recognised in a text."""

from collections.abc import Sequence

from domain.information.observation import NOTICED, URGENCIES
from ingest.reading.noticed import noticed
from ingest.reading.open_points import BEFORE_ASKING, OpenQuestion


def proposal(signs: Sequence[str]) -> str:
    """Return a sentence with the signs of urgency in a text; "" without any."""
    signs_text = ", ".join(URGENCIES.get(sign, sign) for sign in signs)
    return f"Proposed as urgent: {signs_text}." if signs_text else ""


def noticed_signs(text: str) -> str:
    """Return a sentence that lists the signs of exploitation in a text that parents can notice; ""
    if there are none.
    """
    signs = ", ".join(NOTICED[sign] for sign in noticed(text))
    return f"Signs that parents notice: {signs}." if signs else ""


def to_ask_next(questions: Sequence[OpenQuestion]) -> list[str]:
    """Return the lines with the questions that a worker may ask next; [] if no point is open."""
    question_lines = [f"  {question.question}" for question in questions]
    return [f"Still open. {BEFORE_ASKING}", *question_lines] if question_lines else []

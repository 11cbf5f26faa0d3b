"""Who is missing, above the answer to a question."""

from typing import Any

from usecases.kernel.question import Question
from web.site import density
from web.site.visit import Visit


def above(visit: Visit, asked: Question) -> dict[str, Any]:
    """Return what `missing_first.html` shows above the answer to a question."""
    return {
        "missing_first": asked.above(visit.desk, visit.reader, visit.now),
        "missing_folded": density.on_their_feet(visit.reader),
    }

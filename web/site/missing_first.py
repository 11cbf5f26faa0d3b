"""Missing children, above the answer to a question."""

from typing import Any

from usecases.kernel.question import Question
from web.site import row_density
from web.site.request_context import Visit


def above(visit: Visit, asked: Question) -> dict[str, Any]:
    """Return the values of `missing_first.html` above the answer to a question."""
    return {
        "missing_first": asked.above(visit.desk, visit.reader, visit.now),
        "missing_folded": row_density.on_their_feet(visit.reader),
    }

"""Long lists, a page at a time."""

from collections.abc import Sequence
from typing import Any, TypeVar

R = TypeVar("R")
#: What a template says of the pages: `page_number`, and how many `pages` there are.
Turns = dict[str, Any]


def turned(total: int, page: int, size: int) -> tuple[int, Turns]:
    """How many rows stand before this page, or the nearest that there is."""
    pages = max(1, -(-total // size))
    number = min(max(page, 1), pages)
    return (number - 1) * size, {"page_number": number, "pages": pages}


def paged(rows: Sequence[R], page: int, size: int) -> tuple[Sequence[R], Turns]:
    """The rows of this page, or of the nearest that there is."""
    skip, turns = turned(len(rows), page, size)
    return rows[skip : skip + size], turns

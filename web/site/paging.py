"""Divides long lists into pages."""

from collections.abc import Sequence
from typing import Any, TypeVar

R = TypeVar("R")
#: The values for a template that shows a list page by page: `page_number`, and the number of
#: `pages`.
Turns = dict[str, Any]


def turned(total: int, page: int, size: int) -> tuple[int, Turns]:
    """Return the number of rows before this page, and the values for the template. If the page does
    not exist, this is done for the nearest page that does.
    """
    pages = max(1, -(-total // size))
    number = min(max(page, 1), pages)
    return (number - 1) * size, {"page_number": number, "pages": pages}


def paged(rows: Sequence[R], page: int, size: int) -> tuple[Sequence[R], Turns]:
    """Return the rows of this page, and the values for the template. If the page does not exist,
    this is done for the nearest page that does.
    """
    skip, turns = turned(len(rows), page, size)
    return rows[skip : skip + size], turns

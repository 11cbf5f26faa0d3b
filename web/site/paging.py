"""Divides long lists into pages."""

from collections.abc import Sequence
from typing import Any, TypeVar

R = TypeVar("R")
#: The values for a template that shows a list page by page: `page_number`, and the number of
#: `pages`.
Turns = dict[str, Any]


def turned(total: int, page: int, size: int) -> tuple[int, Turns]:
    """Return the number of rows before a page of a list, and the values with which the template
    shows the page's number. If there is no page with the number `page`, the nearest page is
    used."""
    pages = max(1, -(-total // size))
    number = min(max(page, 1), pages)
    return (number - 1) * size, {"page_number": number, "pages": pages}


def paged(rows: Sequence[R], page: int, size: int) -> tuple[Sequence[R], Turns]:
    """Return the rows of one page of a list, and the values with which the template shows the
    page's number. If there is no page with the number `page`, the nearest page is used."""
    skip, turns = turned(len(rows), page, size)
    return rows[skip : skip + size], turns

"""Pages of long lists."""

from collections.abc import Sequence
from typing import Any, TypeVar

R = TypeVar("R")
#: The values for a template: `page_number`, and the number of `pages`.
Turns = dict[str, Any]


def turned(total: int, page: int, size: int) -> tuple[int, Turns]:
    """Return how many rows come before this page, or the nearest existing one."""
    pages = max(1, -(-total // size))
    number = min(max(page, 1), pages)
    return (number - 1) * size, {"page_number": number, "pages": pages}


def paged(rows: Sequence[R], page: int, size: int) -> tuple[Sequence[R], Turns]:
    """Return the rows of this page, or of the nearest existing one."""
    skip, turns = turned(len(rows), page, size)
    return rows[skip : skip + size], turns

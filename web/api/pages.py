"""Long answers in pages: a cursor says after which row the next page begins.

A cursor contains the sort key of the last row, and not a number of rows, so that no row is shown
twice or left out if records are added meanwhile. It is encrypted, and valid only for its reader and
its list.
"""

from collections.abc import Sequence
from typing import Annotated, Generic, TypeVar
from urllib.parse import urlencode

import msgspec
from msgspec import Struct

from domain.kernel.decoding import convert
from installation.problems import Problem
from web.api.call import ApiCall
from web.error_pages import ReportedProblem
from web.site import browser_tokens

R = TypeVar("R")
P = TypeVar("P")
Cursor = Annotated[
    str | None, msgspec.Meta(description="Where the page begins, from `next` of the page before.")
]
Limit = Annotated[int, msgspec.Meta(ge=1, le=200, description="Largest number of rows on a page.")]


class Page(Struct, Generic[R], frozen=True):
    """A page of an answer's rows; `next` is the address of the next page, or null."""

    rows: tuple[R, ...]
    next: str | None


def place_after(call: ApiCall, cursor: str | None, kind: type[P]) -> P | None:
    """Return the sort key in a cursor; None without a cursor, for the first page. Raises
    ReportedProblem for a value that is not a cursor of this reader and this list."""
    if cursor is None:
        return None
    try:
        return convert(browser_tokens.unseal(call.house, _name(call), cursor), kind)
    except msgspec.MsgspecError as error:
        raise ReportedProblem(
            Problem(
                "no-cursor", 400, "The cursor is not valid", "Send the value of `next` unchanged"
            )
        ) from error


def page(call: ApiCall, rows: Sequence[R], place: object, path: str, **asked: object) -> Page[R]:
    """Return one page of an answer, with the address of the next page. `place` is the sort key of
    the page's last row, or None for the last page. `asked` are the query's parameters, which the
    next page's address repeats."""
    if place is None:
        return Page(tuple(rows), None)
    at = browser_tokens.seal(call.house, _name(call), msgspec.to_builtins(place))
    parameters = {name: value for name, value in asked.items() if value is not None}
    return Page(tuple(rows), f"{path}?{urlencode(parameters | {'cursor': at}, doseq=True)}")


def _name(call: ApiCall) -> str:
    return f"cursor/{call.signed.name}/{call.request.url.path}"

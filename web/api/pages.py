"""Long answers in pages: a cursor says behind which row the next one begins.

It holds the place of the last row that was shown, never a number of rows: what is recorded
meanwhile moves nothing, and nothing is shown twice or left out. It is sealed: nothing can be read
in it, and it is good for the reader and the list that it was made for alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar
from urllib.parse import urlencode

import msgspec

from domain.kernel.decoding import convert
from installation.problems import Problem
from web.api.call import ApiCall
from web.error_pages import Stopped
from web.site import browser_tokens

R = TypeVar("R")
P = TypeVar("P")
Cursor = Annotated[
    str | None, msgspec.Meta(description="Where the page before ended; take it from `next`.")
]
Limit = Annotated[int, msgspec.Meta(ge=1, le=200, description="At most so many rows.")]


@dataclass(frozen=True)
class Page(Generic[R]):
    """Some of the rows. `next` is the address of those behind them; null: there are none."""

    rows: tuple[R, ...]
    next: str | None


def behind(call: ApiCall, cursor: str | None, kind: type[P]) -> P | None:
    """The place in a cursor; None for the first page. Raises Stopped for what is no cursor of this
    reader and this list."""
    if cursor is None:
        return None
    try:
        return convert(browser_tokens.unseal(call.house, _name(call), cursor), kind)
    except msgspec.MsgspecError as error:
        raise Stopped(
            Problem("no-cursor", 400, "That is no cursor", "Take it from `next` as it stands there")
        ) from error


def page(call: ApiCall, rows: Sequence[R], place: object, path: str, **asked: object) -> Page[R]:
    """A page that ends at `place`; None: nothing is behind it. `asked` is what was asked for."""
    if place is None:
        return Page(tuple(rows), None)
    at = browser_tokens.seal(call.house, _name(call), msgspec.to_builtins(place))
    told = {name: value for name, value in asked.items() if value is not None}
    return Page(tuple(rows), f"{path}?{urlencode(told | {'cursor': at}, doseq=True)}")


def _name(call: ApiCall) -> str:
    return f"cursor/{call.signed.name}/{call.request.url.path}"

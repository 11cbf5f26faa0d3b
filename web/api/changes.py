"""The operation that returns the feed of changes, for another system that follows the record."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from commands.kernel import changes as commands
from commands.kernel.changes import ItemChange
from installation.problems import Problem
from web.api.call import ApiCall
from web.api.operation import get
from web.api.pages import Limit
from web.error_pages import ReportedProblem
from web.site import browser_tokens


class Behind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The position in the record after which the feed begins; without it, the feed begins with the
    first record.
    """

    after: Annotated[
        str | None,
        Meta(description="The value of `next` in the last answer. Empty: from the first change."),
    ] = None
    limit: Limit = 100


class Feed(Struct, frozen=True):
    """A page of changes. `next` is the position for the next request, even if nothing changed:
    store it. `more` says that there are further changes already.
    """

    rows: tuple[ItemChange, ...]
    next: str
    more: bool


@get("/changes", "show")
def changes(call: ApiCall, asked: Behind) -> Feed:
    """Return each change of the items that the caller sees, once, in the order of recording. If an
    item becomes visible later, its earlier changes are not returned: request the item itself."""
    page = commands.changes_after(call.desk, call.reader, _place(call, asked.after), asked.limit)
    # The position is written with leading zeros, so that the length of the cursor does not reveal
    # how many records other people add.
    sealed = browser_tokens.seal(call.house, _name(call), f"{page.reached:020d}")
    return Feed(page.rows, sealed, page.more)


def _place(call: ApiCall, after: str | None) -> int:
    """Return the position in the log after which the next page of the caller's feed begins. It is
    read from the encrypted cursor `after`; without a cursor it is 0. Raises ReportedProblem if the
    cursor was not issued to this caller."""
    if after is None:
        return 0
    text = browser_tokens.unseal(call.house, _name(call), after)
    if not isinstance(text, str):
        words = "Send the value of `next` unchanged, or leave it out to start at the beginning"
        raise ReportedProblem(
            Problem("no-cursor", 400, "The position in the feed is not valid", words)
        )
    return int(text)


def _name(call: ApiCall) -> str:
    return f"changes/{call.signed.name}"

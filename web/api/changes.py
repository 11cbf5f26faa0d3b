"""A feed of what changed, for another system that keeps up with the record."""

from dataclasses import dataclass
from typing import Annotated

import msgspec
from msgspec import Meta

from commands.kernel import changes as commands
from commands.kernel.changes import ItemChange
from installation.problems import Problem
from web.api.call import ApiCall
from web.api.operation import get
from web.api.pages import Limit
from web.error_pages import Stopped
from web.site import browser_tokens


class Behind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Behind which place; none: from the beginning."""

    after: Annotated[
        str | None, Meta(description="The `next` of the answer before; none: from the beginning.")
    ] = None
    limit: Limit = 100


@dataclass(frozen=True)
class Feed:
    """What changed. `next` is where the next question begins, also where nothing changed: keep it;
    `more` says that there is something behind it already."""

    rows: tuple[ItemChange, ...]
    next: str
    more: bool


@get("/changes", "show")
def changes(call: ApiCall, asked: Behind) -> Feed:
    """Each step of what the caller sees, once, in the order in which it was recorded. What they
    come to see only later has no rows of before: ask for the item itself."""
    found = commands.since(call.desk, call.reader, _place(call, asked.after), asked.limit)
    # one length, whatever the place: it would count what others record
    sealed = browser_tokens.seal(call.house, _name(call), f"{found.reached:020d}")
    return Feed(found.rows, sealed, found.more)


def _place(call: ApiCall, after: str | None) -> int:
    """Raises Stopped for what is no place that this caller was given."""
    if after is None:
        return 0
    told = browser_tokens.unseal(call.house, _name(call), after)
    if not isinstance(told, str):
        words = "Take it from `next` as it stands there; without it the feed begins again"
        raise Stopped(Problem("no-cursor", 400, "That is no place in this feed", words))
    return int(told)


def _name(call: ApiCall) -> str:
    return f"changes/{call.signed.name}"

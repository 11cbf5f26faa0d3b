"""What does not fit in what was recorded, and what is due."""

import msgspec

from commands import odd
from commands.odd import Oddity
from web.api.call import Call
from web.api.operation import get


class All(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of it."""


@get("/flags", "flags")
def flags(call: Call, asked: All) -> tuple[Oddity, ...]:
    """What was recorded and does not fit: a notice that the law does not carry, a sentence without
    a conviction, one mark twice. Each is kept as told."""
    with call.reading() as db:
        return tuple(odd.listed(db, call.reader))

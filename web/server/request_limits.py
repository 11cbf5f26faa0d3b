"""Limits on the size of a request's body and on the time in which it arrives.

A body is counted while it arrives, before any of it is parsed and before a session is looked up: so
a body that states no length, or a false length, is refused at the same byte as any other body. A
refused body leaves nothing in memory or on the disk.
"""

import codecs
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

import anyio
from msgspec import Struct
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

#: The greatest size in bytes of a request before signing in, of a form or an entry, of a form that
#: is sent again after signing in (which is encrypted, and therefore longer), and of a file.
AT_THE_DOOR, FORM, KEPT, FILE = 64_000, 2_000_000, 3_000_000, 20_000_000
CEILINGS = {
    "/sign-in": KEPT,
    "/sign-in/ask": AT_THE_DOOR,
    "/sign-in/passkey": AT_THE_DOOR,
    "/enrol": AT_THE_DOOR,
    "/enrol/finish": AT_THE_DOOR,
    "/outbox/contact": AT_THE_DOOR,
    "/outbox/wiped": AT_THE_DOOR,
    "/import": FILE,
    "/api/v1/imports": FILE,
    "/photographs": FILE,
    "/api/v1/photographs": FILE,
}
#: A body has to arrive within `GRACE` seconds, plus one second for each `SLOWEST` bytes of it,
#: because a phone may have a slow connection.
GRACE, SLOWEST = 30.0, 4_000
#: Seconds for which the rest of a refused body is read and discarded, so that its sender can read
#: the answer before the connection is closed.
LINGER = 2.0


class Excess(Struct, frozen=True):
    """Why a request's body is refused: the status of the answer, and the message."""

    status: int
    title: str
    detail: str


TOO_SLOW = Excess(
    408,
    "The request arrived too slowly",
    "The connection was too slow, and nothing was recorded: send the request again",
)
NOBODY = Excess(
    401,
    "Sign in first",
    "Only signed-in users can send files. Nothing was recorded: sign in, then send the file again",
)
NO_TEXT = Excess(
    422,
    "The request is not valid text",
    "The text contains bytes that are not UTF-8, or a NUL character. Nothing was recorded: "
    "remove them, and send the text again",
)
NO_FILE = Excess(
    415,
    "This form accepts no file",
    "The address accepts only forms without files. Nothing was recorded",
)
NO_LENGTH = Excess(
    400,
    "The request cannot be read",
    "The length of the request is not a number. Nothing was recorded",
)


def too_long(most: int) -> Excess:
    """Return the error for a body of more than `most` bytes."""
    size = f"{most // 1_000_000} MB" if most >= 1_000_000 else f"{most // 1_000} kB"
    return Excess(
        413,
        "The request is too long",
        f"At most {size} ({most} bytes) are accepted here, and nothing was recorded: send the "
        "content in parts",
    )


def ceiling(path: str) -> int:
    """Return the largest number of bytes that this address accepts."""
    return CEILINGS.get(path, FORM)


#: A pattern of an escape such as %C3 that is cut off by the end of a piece.
_CUT = re.compile(rb"%[0-9A-Fa-f]?\Z")


@dataclass
class Text:
    """Checks that the fields of a form, which arrive in pieces, are text in UTF-8 without a NUL
    character, because the framework would replace invalid bytes.
    """

    _decoder: codecs.IncrementalDecoder = field(
        default_factory=codecs.getincrementaldecoder("utf-8")
    )
    _cut: bytes = b""

    def goes_on(self, piece: bytes, last: bool) -> bool:
        """Return whether the fields of a form are valid text up to the end of `piece`; `last` says
        that no further piece follows."""
        whole = self._cut + piece
        cut = None if last else _CUT.search(whole)
        end = cut.start() if cut else len(whole)
        self._cut = whole[end:]
        try:
            return "\0" not in self._decoder.decode(unquote_to_bytes(whole[:end]), last)
        except UnicodeDecodeError:
            return False


def is_text(fields: bytes) -> bool:
    """Return whether the fields of a form or of an address are text."""
    return Text().goes_on(fields, last=True)


@dataclass
class Body:
    """The body of one request, of which at most `most` bytes are accepted; `over` is the error for
    a longer body. `excess` is the reason why the rest of the body is refused, if it is.
    """

    scope: Scope
    receive: Receive
    most: int
    over: Excess
    came: int = 0
    whole: bool = False
    excess: Excess | None = None
    clock: Callable[[], float] = time.monotonic
    begun: float = field(init=False)
    checks: "Text | None" = None

    def __post_init__(self) -> None:
        self.begun = self.clock()

    def announced(self) -> Excess | None:
        """Return the reason to refuse the body before it is read: the length or the type that its
        headers declare, or an address that is not valid text. Return None if the body may be read.
        """
        length = Headers(scope=self.scope).get("content-length", "0")
        if not (length.isascii() and length.isdecimal()):
            self.excess = NO_LENGTH
        elif len(length) > 18 or int(length) > self.most:
            self.excess = self.over
        elif not is_text(self.scope.get("query_string", b"")) or "\0" in self.scope["path"]:
            self.excess = NO_TEXT
        if self.scope["method"] in ("GET", "HEAD"):
            return self.excess
        kind = Headers(scope=self.scope).get("content-type", "").partition(";")[0].strip().lower()
        if kind == "multipart/form-data" and ceiling(self.scope["path"]) != FILE:
            self.excess = self.excess or NO_FILE
        elif kind == "application/x-www-form-urlencoded":
            self.checks = Text()
        return self.excess

    async def take(self) -> Message:
        """Return the next piece of the body. If the body is too long, too slow or not text, return
        the message for a broken connection instead."""
        if self.whole:
            return await self.receive()
        message: Message = {"type": "http.disconnect"}
        if self.excess is None:
            left = self.begun + GRACE + self.came / SLOWEST - self.clock()
            with anyio.move_on_after(max(left, 0.0)) as waited:
                message = await self.receive()
            if waited.cancelled_caught:
                self.excess = TOO_SLOW
        if message["type"] == "http.request":
            self.came += len(message.get("body", b""))
            self.whole = not message.get("more_body", False)
        if self.came > self.most:
            self.excess = self.excess or self.over
        elif self.checks and not self.checks.goes_on(message.get("body", b""), self.whole):
            self.excess = NO_TEXT
        return {"type": "http.disconnect"} if self.excess else message

    async def drop(self) -> None:
        """Read and discard the rest of a refused request's body, but only for a moment."""
        with anyio.move_on_after(LINGER):
            while not self.whole:
                message = await self.receive()
                self.whole = not message.get("more_body", False)

"""How much may be sent to an address, and how slowly.

A body is counted while it arrives, before anything of it is parsed and before anybody's session is
looked up: one without a length, or with a false one, is ended at the same byte as any other. What
is turned away leaves nothing in memory or on the disk.
"""

import codecs
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

import anyio
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

#: Bytes: of what somebody sends who is at the door, of a form or an entry, and of a file. A form
#: that came too late is sent along with signing in, sealed: it is longer then than it was.
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
#: A body has so many seconds, and one more for each so many bytes of it that came: a phone on a bad
#: line is slow, too.
GRACE, SLOWEST = 30.0, 4_000
#: So long is the rest of a body that was turned away taken and thrown away, so that its sender
#: reads the answer before the line is closed.
LINGER = 2.0


@dataclass(frozen=True)
class Excess:
    """Why a body is turned away: the status, and what is told."""

    status: int
    title: str
    detail: str


TOO_SLOW = Excess(
    408,
    "That came too slowly",
    "The line was too slow, and nothing was recorded: send it again",
)
NOBODY = Excess(
    401,
    "Sign in first",
    "Files are taken from people who are signed in. Nothing was recorded: sign in, then send it "
    "again",
)
NO_TEXT = Excess(
    422,
    "That is no text",
    "It holds bytes that are no UTF-8, or a NUL character. Nothing was recorded: take them out, "
    "and send it again",
)
NO_FILE = Excess(
    415, "No file is taken here", "This is taken as a form without files. Nothing was recorded"
)
NO_LENGTH = Excess(400, "That cannot be read", "Its length is no number. Nothing was recorded")


def too_long(most: int) -> Excess:
    """What is told of a body of more than so many bytes."""
    size = f"{most // 1_000_000} MB" if most >= 1_000_000 else f"{most // 1_000} kB"
    return Excess(
        413,
        "That is too long",
        f"At most {size} ({most} bytes) are taken here, and nothing was recorded: send it in parts",
    )


def ceiling(path: str) -> int:
    """The most bytes that are taken at this address."""
    return CEILINGS.get(path, FORM)


#: The beginning of a letter like %C3 at the end of a piece.
_CUT = re.compile(rb"%[0-9A-Fa-f]?\Z")


@dataclass
class Text:
    """Whether the fields of a form are text in UTF-8 and without a NUL, as they come in pieces:
    the framework would put other letters in the place of bytes that are none."""

    _decoder: codecs.IncrementalDecoder = field(
        default_factory=codecs.getincrementaldecoder("utf-8")
    )
    _cut: bytes = b""

    def goes_on(self, piece: bytes, last: bool) -> bool:
        """Whether it is text as far as this piece."""
        whole = self._cut + piece
        cut = None if last else _CUT.search(whole)
        end = cut.start() if cut else len(whole)
        self._cut = whole[end:]
        try:
            return "\0" not in self._decoder.decode(unquote_to_bytes(whole[:end]), last)
        except UnicodeDecodeError:
            return False


def is_text(fields: bytes) -> bool:
    """Whether the fields of a whole form or address are text."""
    return Text().goes_on(fields, last=True)


@dataclass
class Body:
    """What arrives of one request's body, `most` bytes of it; `over` is told of more. `excess` says
    why no more of it is taken."""

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
        """Why it is turned away unread, if its own length says so."""
        said = Headers(scope=self.scope).get("content-length", "0")
        if not (said.isascii() and said.isdecimal()):
            self.excess = NO_LENGTH
        elif len(said) > 18 or int(said) > self.most:
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
        """The next piece; where too much came, or too slowly, the sender has as good as gone."""
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
        """Take the rest and keep nothing of it, for a moment."""
        with anyio.move_on_after(LINGER):
            while not self.whole:
                message = await self.receive()
                self.whole = not message.get("more_body", False)

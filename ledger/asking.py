"""Who asks the witnesses, if nobody carries files? The signer, after each of its rounds.

It asks those that its policy gives an address of (C2SP tlog-witness), each by itself and beside the
signing: one that is slow, down, or lies keeps nobody waiting, and what it did not sign counts as
not witnessed. Their lines go under the published checkpoint, if that still is the newest.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Thread

import httpx

from domain.envelope import IntegrityFailure, LogName, LogUnavailable, Unprovable
from ledger.checkpoint import VerifierKey, WrongKey, cosigners, parse
from ledger.signer import Signer
from ledger.tlog_witness import ADD, MOST, Answer, Unwitnessed, line_of, request

LIMIT = 5.0
"""Seconds in which a witness has answered, or has not."""

Growth = Callable[[int, str], Sequence[bytes]]
"""The proof that a note continues the log's first so many records."""


def _client() -> httpx.Client:
    return httpx.Client(headers={"accept-encoding": "identity"}, follow_redirects=False)


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of asking a witness."""

    log: LogName
    witness: str
    words: str | None
    """Why there is no line of it; None where there is."""

    def __str__(self) -> str:
        if self.words is None:
            return f"{self.log}: {self.witness} signed it too."
        return f"NOT WITNESSED {self.log}: {self.witness}: {self.words}"


@dataclass
class Asking:
    """Asks the witnesses of a signer's logs for their lines."""

    growth: Callable[[LogName], Growth]
    limit: float = LIMIT
    _http: httpx.Client = field(default_factory=_client, init=False)
    _saw: dict[tuple[LogName, str], int] = field(default_factory=dict, init=False)
    """By log and witness: the size of what it saw last. It says so itself where that is wrong."""
    _at_it: dict[tuple[LogName, str], Thread] = field(default_factory=dict, init=False)
    _heard: SimpleQueue[Heard] = field(default_factory=SimpleQueue, init=False)
    _last: dict[tuple[LogName, str], Heard] = field(default_factory=dict, init=False)

    def ask(self, one: Signer, note: str) -> None:
        """Ask those who have not signed this note yet and are not being asked. It returns at
        once."""
        for key in one.pinned.witnesses:
            address = one.pinned.addresses.get(key.name)
            asked = self._at_it.get((one.log, key.name))
            if address is None or (asked and asked.is_alive()) or _signed(one, key):
                continue
            thread = Thread(target=self._one, args=(one, key, address, note), daemon=True)
            self._at_it[one.log, key.name] = thread
            thread.start()

    def heard(self) -> Iterator[Heard]:
        """What was heard since, as far as it is not what was heard before of the same."""
        with suppress(Empty):
            while True:
                one = self._heard.get_nowait()
                if self._last.get((one.log, one.witness)) != one:
                    yield one
                self._last[one.log, one.witness] = one

    def close(self) -> None:
        """Wait for those who are being asked, not much longer than the limit."""
        end = time.monotonic() + 2 * self.limit
        for thread in self._at_it.values():
            thread.join(max(end - time.monotonic(), 0.0))
        self._http.close()

    def _one(self, one: Signer, key: VerifierKey, address: str, note: str) -> None:
        words = None
        try:
            one.add_line(note, self._line(one, key, address, note))
        except Unwitnessed as error:
            words = str(error)
        except (IntegrityFailure, LogUnavailable, Unprovable, OSError) as error:
            words = f"it cannot be asked: {error}"
        self._heard.put(Heard(one.log, key.name, words))

    def _line(self, one: Signer, key: VerifierKey, address: str, note: str) -> str:
        """Raises Unwitnessed; and what a log raises that cannot be read."""
        end, size = time.monotonic() + self.limit, parse(note).size
        place = one.log, key.name
        for again in (False, True):
            old = min(self._saw.get(place, 0), size)
            path = self.growth(one.log)(old, note) if 0 < old < size else ()
            said = self._sent(address.rstrip("/") + ADD, request(old, path, note), end)
            try:
                line = line_of(said, key, note)
            except Unwitnessed as error:
                if error.seen is None or again or not self._learned(place, error.seen, old, size):
                    raise
            else:
                self._saw[place] = size
                return line
        raise AssertionError("the second answer is the last")

    def _learned(self, place: tuple[LogName, str], seen: int, old: int, size: int) -> bool:
        """Whether what a witness says that it saw is new and can be."""
        self._saw[place] = seen
        return seen <= size and seen != old

    def _sent(self, address: str, body: bytes, end: float) -> Answer:
        """What is answered, at most so much of it and until then. Raises Unwitnessed."""
        late = Unwitnessed(f"it does not answer within {self.limit:g} seconds")
        if (left := end - time.monotonic()) <= 0:
            raise late
        try:
            with self._http.stream("POST", address, content=body, timeout=left) as response:
                came = b""
                for piece in response.iter_raw():  # unpacked it could be of any size
                    came += piece
                    if len(came) > MOST:
                        raise Unwitnessed("it answers with more than a witness has to say")
                    if time.monotonic() > end:
                        raise late
                return Answer(response.status_code, response.headers.get("content-type", ""), came)
        except httpx.TimeoutException:
            raise late from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unwitnessed(f"it does not answer ({error})") from None


def _signed(one: Signer, key: VerifierKey) -> bool:
    """Whether a witness's line stands under the published checkpoint."""
    with suppress(WrongKey, ValueError):
        return bool(cosigners(one.told(), [key]))
    return False

"""Send requests to witnesses, and for time stamps, after each round of the signer.

Requests go to the witnesses that have an address in the signer's policy (C2SP tlog-witness). Each
request is sent separately, while the signer continues. So a witness that is slow, unavailable or
dishonest delays nothing; a checkpoint that it has not signed counts as not witnessed. The
witnesses' lines are added to the published checkpoint if it is still the newest. A time-stamping
authority gets a request in the same way, once an hour for each log.
"""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread

import httpx
from msgspec import Struct

from domain.kernel.envelope import IntegrityFailure, LogName, LogUnavailable, Unprovable
from ledger.proof.checkpoint import VerifierKey, WrongKey, cosigners, parse
from ledger.witness.http_post import NotAnswered, client, post
from ledger.witness.signer import Signer
from ledger.witness.time_stamps import BadStamp, ask_stamp, has_stamp, put
from ledger.witness.tlog_witness import ADD, Unwitnessed, line_of, request

LIMIT = 5.0
"""Seconds within which a witness has to answer."""

STAMP_EVERY, STAMP_AGAIN = 3_600.0, 60.0
"""Seconds between two time stamps of a log; seconds until a failed request is repeated."""

Growth = Callable[[int, str], Sequence[bytes]]
"""A function that returns the proof that a note continues the first records of the log."""


class WitnessResult(Struct, frozen=True):
    """The result of a request to a witness."""

    log: LogName
    witness: str
    words: str | None
    """Why the witness gave no line; None on success."""

    asked_for: str = "WITNESSED"

    def __str__(self) -> str:
        if self.words is not None:
            return f"NOT {self.asked_for} {self.log}: {self.witness}: {self.words}"
        action = "signed it too" if self.asked_for == "WITNESSED" else "gave it a time stamp"
        return f"{self.log}: {self.witness} {action}."


@dataclass
class WitnessRequests:
    """Requests signatures from the witnesses of a signer's logs."""

    growth: Callable[[LogName], Growth]
    stamps: str | None = None
    """The address of a time-stamping authority (RFC 3161)."""
    limit: float = LIMIT
    clock: Callable[[], float] = time.monotonic
    _http: httpx.Client = field(default_factory=client, init=False)
    _saw: dict[tuple[LogName, str], int] = field(default_factory=dict, init=False)
    """For each log and witness, the size that the witness last saw. If it is wrong here, the
    witness corrects it."""
    _at_it: dict[tuple[LogName, str], Thread] = field(default_factory=dict, init=False)
    _stamp_due: dict[LogName, float] = field(default_factory=dict, init=False)
    """When a log's next time stamp is requested."""
    _heard: SimpleQueue[WitnessResult] = field(default_factory=SimpleQueue, init=False)
    _last: dict[tuple[LogName, str], WitnessResult] = field(default_factory=dict, init=False)

    def send_requests(self, signer: Signer, note: str) -> None:
        """Send the checkpoint `note` to each witness that has not signed it yet and that is not
        still answering an earlier request. This method does not wait for the answers.
        """
        self._ask_stamp(signer, note)
        for key in signer.pinned.witnesses:
            address = signer.pinned.addresses.get(key.name)
            request_thread = self._at_it.get((signer.log, key.name))
            if (
                address is None
                or (request_thread and request_thread.is_alive())
                or _signed(signer, key)
            ):
                continue
            self._begin((signer.log, key.name), partial(self._one, signer, key, address, note))

    def _ask_stamp(self, signer: Signer, note: str) -> None:
        due = self.clock() >= self._stamp_due.get(signer.log, -math.inf)
        if self.stamps is None or not due or has_stamp(signer.public, signer.log, note):
            return
        request_thread = self._at_it.get((signer.log, self.stamps))
        if not (request_thread and request_thread.is_alive()):
            self._begin((signer.log, self.stamps), partial(self._stamp, signer, self.stamps, note))

    def _begin(self, place: tuple[LogName, str], work: Callable[[], None]) -> None:
        self._at_it[place] = Thread(target=work, daemon=True)
        self._at_it[place].start()

    def _stamp(self, signer: Signer, address: str, note: str) -> None:
        words, wait = None, STAMP_EVERY
        try:
            put(signer.public, signer.log, note, ask_stamp(self._http, address, note, self.limit))
        except (NotAnswered, BadStamp, OSError) as error:
            words, wait = str(error), STAMP_AGAIN
        self._stamp_due[signer.log] = self.clock() + wait
        self._heard.put(WitnessResult(signer.log, address, words, "STAMPED"))

    def new_results(self) -> Iterator[WitnessResult]:
        """Yield the results of requests to witnesses that are new since the last call."""
        with suppress(Empty):
            while True:
                result = self._heard.get_nowait()
                if self._last.get((result.log, result.witness)) != result:
                    yield result
                self._last[result.log, result.witness] = result

    def close(self) -> None:
        """Wait until the open requests to witnesses and for time stamps are answered, at most twice
        the time limit of a request; then close the HTTP client.
        """
        end = self.clock() + 2 * self.limit
        for thread in self._at_it.values():
            thread.join(max(end - self.clock(), 0.0))
        self._http.close()

    def _one(self, signer: Signer, key: VerifierKey, address: str, note: str) -> None:
        words = None
        try:
            signer.add_line(note, self._line(signer, key, address, note))
        except (Unwitnessed, NotAnswered) as error:
            words = str(error)
        except (IntegrityFailure, LogUnavailable, Unprovable, OSError) as error:
            words = f"it cannot be asked: {error}"
        self._heard.put(WitnessResult(signer.log, key.name, words))

    def _line(self, signer: Signer, key: VerifierKey, address: str, note: str) -> str:
        """Return a witness's signature line for this note. Raises Unwitnessed, and the errors of a
        log that cannot be read."""
        end, size = self.clock() + self.limit, parse(note).size
        place = signer.log, key.name
        for again in (False, True):
            old = min(self._saw.get(place, 0), size)
            path = self.growth(signer.log)(old, note) if 0 < old < size else ()
            body, left = request(old, path, note), end - self.clock()
            answer = post(
                self._http, address.rstrip("/") + ADD, "text/plain", body, left, self.clock
            )
            try:
                line = line_of(answer, key, note)
            except Unwitnessed as error:
                if error.seen is None or again or not self._learned(place, error.seen, old, size):
                    raise
            else:
                self._saw[place] = size
                return line
        raise AssertionError("a witness is called at most twice for one checkpoint")

    def _learned(self, place: tuple[LogName, str], seen: int, old: int, size: int) -> bool:
        """Store how many records a log had when the witness last saw it, according to the witness
        (`seen`). Return whether another request makes sense: `seen` differs from the number in the
        last request, and is not larger than `size`, the number of records of the checkpoint.
        """
        self._saw[place] = seen
        return seen <= size and seen != old


def _signed(signer: Signer, key: VerifierKey) -> bool:
    """Return whether the log's published checkpoint has a signature of the witness with
    this key.
    """
    with suppress(WrongKey, ValueError):
        return bool(cosigners(signer.published_note(), [key]))
    return False

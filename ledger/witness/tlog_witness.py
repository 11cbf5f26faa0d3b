"""The HTTP protocol by which a signer requests the signature of a witness (C2SP tlog-witness,
`add-checkpoint`).

    POST PREFIX/add-checkpoint

    old 8                  the size that the witness saw last, as far as the requester knows it
    (hashes in base64)     the proof that the checkpoint continues it, a line each
                           an empty line
    (a signed note)        the checkpoint

The witness answers with its signature line (200), with the size that it saw (409: another size than
the request says, or another log of that size), or with a sentence: 400 for an invalid request, 403
if no valid key signed the checkpoint, 404 for an unknown log, 422 if the proof does not lead to the
checkpoint, 503 if the witness cannot read or write its own files. This file has both sides of the
protocol, and nothing about the transport.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from domain.kernel.envelope import Unprovable
from ledger.proof.auditor_policy import Pinned
from ledger.proof.checkpoint import BadCheckpoint, VerifierKey, WrongKey, cosigners, parse
from ledger.witness.witness import CheckpointConflict, Unconnected, UnknownKey, UnknownLog, Witness

ADD = "/add-checkpoint"
SIZE = "text/x.tlog.size"
_PLAIN = "text/plain; charset=utf-8"
_LONGEST = 63
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")
_SIZE = re.compile(rb"(0|[1-9][0-9]{0,18})\n")
_REFUSED = ((UnknownLog, 404), (UnknownKey, 403), (Unconnected, 422))


class HttpAnswer(Struct, frozen=True):
    """The answer of a witness to an HTTP request: status, content type, and body."""

    status: int
    kind: str
    body: bytes


class BadRequest(ValueError):
    """Raised for a request that does not follow the protocol; the message says why."""


class Unwitnessed(Exception):
    """Raised if the witness gave no signature; the message says why. `seen` is the number of
    records in the last checkpoint that the witness saw, or None if its answer does not state this
    number.
    """

    def __init__(self, words: str, seen: int | None = None) -> None:
        super().__init__(words)
        self.seen = seen


def request(old: int, path: Iterable[bytes], note: str) -> bytes:
    """Return the body of a request to a witness."""
    lines = [f"old {old}", *(b64encode(node).decode() for node in path), ""]
    return ("\n".join(lines) + "\n" + note).encode()


def read(body: bytes) -> tuple[int, list[bytes], str]:
    """Return the content of a request to a witness: the number of records in the last checkpoint
    that the witness saw, as the requester states it; the proof of consistency; and the note of the
    new checkpoint. Raises BadRequest.
    """
    try:
        head, _, note = body.decode().partition("\n\n")
        first, *lines = head.split("\n")
        path = [b64decode(line, validate=True) for line in lines]
    except ValueError:
        raise BadRequest("the request is not UTF-8, or a line of its proof is not base64") from None
    if not (old := _OLD.fullmatch(first)):
        raise BadRequest("the first line of the request is not 'old' and a size")
    right = [b64encode(node).decode() for node in path] == lines
    if not right or len(path) > _LONGEST or any(len(node) != 32 for node in path):
        raise BadRequest(
            f"the proof of the request is not a list of at most {_LONGEST} hashes in the only "
            "allowed form"
        )
    return int(old[1]), path, note


def answer(
    witness: Witness, logs: Callable[[], Iterable[Pinned]], body: bytes, second: int
) -> HttpAnswer:
    """Return the HTTP answer of a witness to a request for its signature on a checkpoint. `logs` is
    a function that returns the logs whose checkpoints the witness may sign; the function raises
    Unprovable if the policies cannot be read.
    """
    try:
        old, path, note = read(body)
        if old > parse(note).size:
            raise BadRequest("the old size of the request is larger than that of its checkpoint")
        line = witness.line(note, logs(), second, path=path, old=old)
    except CheckpointConflict as error:
        return HttpAnswer(409, SIZE, f"{error.size}\n".encode())
    except (BadRequest, BadCheckpoint) as error:
        return _plain_answer(400, error)
    except (UnknownLog, UnknownKey, Unconnected) as error:
        return _plain_answer(
            next(status for kind, status in _REFUSED if isinstance(error, kind)), error
        )
    except Unprovable:
        return _plain_answer(503, "the witness cannot read its own files, or not keep what it saw")
    return HttpAnswer(200, _PLAIN, line.encode())


def _plain_answer(status: int, words: object) -> HttpAnswer:
    return HttpAnswer(status, _PLAIN, f"{words}\n".encode())


def line_of(http_answer: HttpAnswer, key: VerifierKey, note: str) -> str:
    """Return the witness's signature line for the checkpoint `note`, taken from the witness's HTTP
    answer. Raises Unwitnessed if the witness refused, or if the line is not signed by the witness
    or signs another text.
    """
    size = parse(note).size
    if http_answer.status == 409:
        seen = (
            _SIZE.fullmatch(http_answer.body)
            if http_answer.kind.partition(";")[0] == SIZE
            else None
        )
        if not seen:
            raise Unwitnessed("the witness says that it saw another checkpoint, but not its size")
        raise Unwitnessed(_conflict(int(seen[1]), size), int(seen[1]))
    if http_answer.status != 200:
        raise Unwitnessed(
            f"the witness answers with {http_answer.status}: {_sentence(http_answer.body)}"
        )
    for line in _lines(http_answer.body):
        try:
            if line.startswith("\N{EM DASH} ") and cosigners(note + line, [key]):
                return line
        except (BadCheckpoint, WrongKey):
            raise Unwitnessed("the signature of the witness is not of this checkpoint") from None
    raise Unwitnessed("the witness answers without a signature of its key")


def _lines(body: bytes) -> Sequence[str]:
    return [f"{line}\n" for line in body.decode("utf-8", "replace").split("\n") if line]


def _conflict(seen: int, size: int) -> str:
    if seen > size:
        return (
            f"it says that it saw {seen} records, and this checkpoint has {size}: the log was "
            "turned back, or the witness is wrong. Run continuum verify with a checkpoint you kept"
        )
    if seen == size:
        return (
            f"it says that it saw another log of {seen} records: this one is forked, or the "
            "witness is wrong. Run continuum verify with a checkpoint you kept"
        )
    return f"it says that it saw {seen} records"


def _sentence(body: bytes) -> str:
    """Return the first line of a witness's answer, short and without control characters."""
    first = body.decode("utf-8", "replace").partition("\n")[0][:200]
    return "".join(c if c.isprintable() else "?" for c in first) or "nothing more"

"""A witness outside the store, and a signer that asks the witness for its signature."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from ledger.proof import proof
from ledger.proof.checkpoint import WITNESS, VerifierKey, cosigners, parse
from ledger.witness import signer
from ledger.witness.tlog_witness import ADD, HttpAnswer, answer, read
from ledger.witness.witness import Witness
from ledger.witness.witness_requests import WitnessRequests
from tests.answering import answering
from tests.ledger.sealing import Sealed
from tests.processes import LIMIT

SECOND = 1_300_000_000


@dataclass
class Outside:
    """A witness at another organisation, on a port of this machine. A test may replace the function
    `says`, which makes its answers, to get false answers."""

    witness: Witness
    key: VerifierKey
    sealed: Sealed
    says: Callable[[bytes], HttpAnswer] = field(init=False)
    asked: list[int] = field(default_factory=list)
    """The sizes of the old tree in the requests that the witness got."""
    port: int = 0

    def __post_init__(self) -> None:
        self.says = self.truly

    def truly(self, body: bytes) -> HttpAnswer:
        return answer(self.witness, lambda: [self.sealed.pinned], body, SECOND)

    def __call__(self, path: str, body: bytes) -> HttpAnswer:
        assert path == f"/w{ADD}"
        self.asked.append(read(body)[0])
        return self.says(body)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/w"

    @property
    def secret(self) -> Ed25519PrivateKey:
        key = self.witness.directory / "witness.key"
        return Ed25519PrivateKey.from_private_bytes(key.read_bytes())


@contextmanager
def listening(outside: Outside) -> Iterator[Outside]:
    def says(path: str, body: bytes) -> tuple[int, str, bytes]:
        said = outside(path, body)
        return said.status, said.kind, said.body

    with answering(says, outside.port) as outside.port:
        yield outside


def witness_of(sealed: Sealed, place: Path, name: str) -> Outside:
    witness = Witness(place / name)
    return Outside(witness, VerifierKey.parse(witness.init(name), WITNESS), sealed)


def name_them(sealed: Sealed, *them: Outside) -> None:
    sealed.signer.pinned = replace(
        sealed.pinned,
        witnesses=tuple(one.key for one in them),
        addresses={one.key.name: one.address for one in them},
        quorum=len(them),
    )


def asking(sealed: Sealed, limit: float = LIMIT) -> WitnessRequests:
    return WitnessRequests(
        lambda _: lambda size, note: proof.growth(sealed.proven, size, parse(note)), limit=limit
    )


def asked(sealed: Sealed, one: WitnessRequests) -> list[str]:
    """Let the signer ask its witnesses once for signatures; return the result of each request."""
    one.send_requests(sealed.signer, sealed.signer.round())
    for thread in one._at_it.values():
        thread.join()
    return [str(heard) for heard in one.new_results()]


def cosigned(sealed: Sealed) -> set[str]:
    """Return the names of the witnesses that signed the published checkpoint. Its copy beside the
    tile files is read, too."""
    note = signer.published(sealed.signer.public, "evidence").read_text("utf-8")
    assert (sealed.signer.public / "evidence.tiles" / "checkpoint").read_text("utf-8") == note
    return cosigners(note, sealed.pinned.witnesses)

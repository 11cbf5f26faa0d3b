"""Two checkpoints of one log are compared. The result says that they agree, that one of them is
false, or which other data the comparison needs."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from domain.kernel.envelope import LogName, Unprovable
from ledger.keys.keys import read_key
from ledger.proof import auditor_policy, proof
from ledger.proof.checkpoint import parse, sign
from ledger.proof.checkpoint_compare import compare
from tests.ledger.sealing import Sealed, another_home, sealed_copy

Pins = dict[LogName, auditor_policy.Pinned]


@pytest.fixture
def sealed(tmp_path: Path) -> Iterator[Sealed]:
    """Yield a copy of an encrypted log on files."""
    with sealed_copy(tmp_path) as one:
        yield one


def test_two_signed_roots_of_one_size_are_proof_of_a_lie(sealed: Sealed) -> None:
    key = Ed25519PrivateKey.from_private_bytes(read_key(sealed.signer.directory / "evidence.key"))
    honest = parse(sealed.newest)
    pinned: Pins = {"evidence": sealed.pinned}
    for changed in (replace(honest, root=bytes(32)), replace(honest, heads=bytes(32))):
        lie = compare(sealed.newest, sign(changed, key), pinned)
        assert (lie.verdict, lie.second.size) == ("lie", 12)
    assert compare(sealed.newest, sealed.newest, pinned).verdict == "consistent"


def test_two_checkpoints_of_two_sizes_are_decided_by_a_proof(sealed: Sealed) -> None:
    pinned: Pins = {"evidence": sealed.pinned}
    asked = compare(sealed.newest, sealed.older, pinned)
    assert (asked.verdict, asked.first.size, asked.second.size) == ("undecided", 8, 12)
    assert "continuum proof --since" in asked.words
    grown = json.dumps(proof.prove_consistency(sealed.proven, sealed.older, sealed.newest))
    assert compare(sealed.older, sealed.newest, pinned, grown).verdict == "consistent"
    other = json.dumps({"path": ["00" * 32]})
    assert "not of these two" in compare(sealed.older, sealed.newest, pinned, other).words
    for bad in ("{}", "[" * 100_000, '{"path": [1]}'):
        with pytest.raises(Unprovable, match="proof cannot be read"):
            compare(sealed.older, sealed.newest, pinned, bad)


def test_what_nobody_pinned_signed_is_not_compared(sealed: Sealed, tmp_path: Path) -> None:
    pinned: Pins = {"evidence": sealed.pinned}
    forged = another_home(sealed, tmp_path / "impostor").round()
    for note in (forged, "no checkpoint", sealed.newest.replace("evidence", "sources")):
        with pytest.raises(Unprovable):
            compare(sealed.newest, note, pinned)
    two: Pins = {**pinned, "access": auditor_policy.Pinned("other", ())}
    with pytest.raises(Unprovable):
        compare(sealed.newest, sealed.older.replace(sealed.pinned.origin, "other"), two)

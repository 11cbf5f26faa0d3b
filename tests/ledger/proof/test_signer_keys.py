"""A signer changes its keys one after another, and both verifiers reject a stolen key."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from ledger import verify
from ledger.keys.keys import KeyFault, read_key
from ledger.proof import auditor_policy, proof
from ledger.proof.auditor_policy import Pinned
from ledger.proof.checkpoint import Checkpoint, VerifierKey, WrongKey, parse, sign
from ledger.proof.leaf_scan import examine
from ledger.proof.signer_keys import ALWAYS, KeyChange, believed
from ledger.witness import signer
from tests.conftest import Store
from tests.ledger.events import Closed, submission
from tests.ledger.sealing import STREAMS, Sealed, rewrite, seal


@pytest.fixture
def sealed(store: Store) -> Iterator[Sealed]:
    one = seal(store)
    yield one
    one.records.close()


def key_of(sealed: Sealed) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(read_key(sealed.signer.directory / "evidence.key"))


def verifier_key(sealed: Sealed, key: Ed25519PrivateKey) -> VerifierKey:
    return VerifierKey(sealed.pinned.origin, key.public_key().public_bytes_raw())


def rotated(sealed: Sealed) -> Pinned:
    """Give the signer a new key; return the auditor's policy that accepts the new key."""
    told = signer.rotate(sealed.signer.directory, sealed.signer.public)
    return auditor_policy.read(told)["evidence"]


def proven(sealed: Sealed, note: str, pinned: Pinned) -> list[str]:
    """Return the lines that the standalone verifier prints about a proof. The proof is of one
    stream, with this note (a signed checkpoint), and is checked under the policy `pinned`."""
    told: Any = proof.prove(sealed.proven, STREAMS[2], note)
    return verify.check(told, json.loads(auditor_policy.written({"evidence": pinned})))


def forged(sealed: Sealed, stolen: Ed25519PrivateKey) -> str:
    """Change the records of the log, and sign it with this stolen key; return the signed note."""
    rewrite(sealed)
    found = examine(sealed.records, sealed.pinned.origin)
    return sign(Checkpoint(sealed.pinned.origin, found.last, found.tree.root()), stolen)


def test_the_old_key_signs_the_new_one_and_both_verifiers_follow(sealed: Sealed) -> None:
    first, pinned = key_of(sealed), sealed.pinned
    now = rotated(sealed)
    assert key_of(sealed).private_bytes_raw() != first.private_bytes_raw()
    assert sealed.signer.round() == sealed.newest  # the signer has no new records to sign
    sealed.log.append([submission(Closed())])
    note = sealed.signer.round()  # this signer process ran while its key was changed
    assert sealed.audit(sealed.older, sealed.newest, note, pinned=now).findings == []
    assert sealed.audit(note, pinned=now).integrity == "proven"
    assert proven(sealed, note, now)
    assert sealed.audit(note, pinned=pinned).findings[0].what == "wrong key"
    with pytest.raises(verify.DoesNotHold, match="no pinned key"):
        proven(sealed, note, pinned)
    known = pinned.knowing(signer.changes_in(sealed.signer.public, "evidence"))
    assert sealed.audit(note, pinned=known).integrity == "proven"
    twice = rotated(sealed)
    sealed.log.append([submission(Closed())])
    assert proven(sealed, sealed.signer.round(), twice)


def test_the_old_key_counts_no_more_behind_what_it_signed(sealed: Sealed) -> None:
    stolen, now = key_of(sealed), rotated(sealed)
    sealed.log.append([submission(Closed())])
    note = sign(replace(parse(sealed.signer.round())), stolen)
    report = sealed.audit(note, pinned=now)
    assert [finding.what for finding in report.findings] == ["wrong key"]
    assert "is not valid for 13 records" in report.findings[0].words
    with pytest.raises(verify.DoesNotHold, match="is not valid for 13 records"):
        proven(sealed, note, now)


def test_a_stolen_key_is_revoked_from_a_moment_on(sealed: Sealed) -> None:
    stolen = key_of(sealed)
    now = rotated(sealed)
    note = forged(sealed, stolen)
    # the new checkpoint has the same size as the last one
    assert sealed.audit(note, pinned=now).integrity == "proven"
    told = signer.revoke(
        sealed.signer.directory, sealed.signer.public, "evidence", verifier_key(sealed, stolen), 8
    )
    warned = auditor_policy.read(told)["evidence"]
    report = sealed.audit(note, pinned=warned)
    assert [finding.what for finding in report.findings] == ["wrong key"]
    assert warned.opened(sealed.older).size == 8
    for one in (note, sealed.newest):
        with pytest.raises(WrongKey, match="is not valid for 12 records"):
            warned.opened(one)
        with pytest.raises(verify.DoesNotHold, match="is not valid for 12 records"):
            verify.read_checkpoint(one, json.loads(told)["logs"]["evidence"])
    verify.read_checkpoint(sealed.older, json.loads(told)["logs"]["evidence"])


def test_a_thief_can_neither_revoke_nor_succeed_unseen(sealed: Sealed) -> None:
    stolen, origin = key_of(sealed), sealed.pinned.origin
    now = rotated(sealed)
    good = verifier_key(sealed, key_of(sealed))
    assert believed(now.keys, now.changes) == {verifier_key(sealed, stolen): 12, good: ALWAYS}
    revoking = KeyChange(origin, "revoked", 0, good).signed(stolen)
    assert believed(now.keys, (*now.changes, revoking))[good] == ALWAYS
    thief = Ed25519PrivateKey.generate()
    taking = KeyChange(origin, "succeeded", 3, verifier_key(sealed, thief)).signed(stolen)
    log: Any = {"origin": origin, "keys": [str(key) for key in now.keys]}
    for notes in ((*now.changes, taking), (taking, *now.changes)):
        with pytest.raises(WrongKey, match="has two successors"):
            believed(now.keys, notes)
        with pytest.raises(verify.DoesNotHold, match="has two successors"):
            verify.keys_until(log | {"changes": list(notes)})
        sure = (*now.keys, good)
        assert verifier_key(sealed, thief) not in believed(sure, notes)
        assert believed(sure, notes)[good] == ALWAYS
        told = verify.keys_until(log | {"keys": list(map(str, sure)), "changes": list(notes)})
        assert told == {str(key): size for key, size in believed(sure, notes).items()}
    made_up = KeyChange(origin, "succeeded", 3, verifier_key(sealed, thief)).signed(thief)
    assert believed(now.keys, (*now.changes, made_up)) == believed(now.keys, now.changes)
    with pytest.raises(KeyFault, match="rotate first"):
        signer.revoke(sealed.signer.directory, sealed.signer.public, "evidence", good, 1)


def test_a_rotation_that_was_cut_short_is_finished(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*told: object) -> None:
        raise KeyboardInterrupt

    home = sealed.signer.directory
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", die)
        with pytest.raises(KeyboardInterrupt):
            signer.rotate(home, sealed.signer.public)
    sealed.log.append([submission(Closed())])
    now = rotated(sealed)
    assert len(believed(now.keys, now.changes)) == 2
    assert sealed.audit(sealed.signer.round(), pinned=now).integrity == "proven"


def test_a_key_file_may_have_a_passphrase(store: Store, tmp_path: Path) -> None:
    sealed = seal(store)
    home = tmp_path / "locked"
    told = signer.init(home, {"evidence": sealed.records}, b"seven silver swans")
    pinned = auditor_policy.read(told)["evidence"]
    assert len((home / "evidence.key").read_bytes()) == 77
    for word in (None, b"another"):
        one = signer.Signer("evidence", sealed.records, pinned, home, tmp_path / "p")
        one.passphrase = word
        with pytest.raises(KeyFault, match="passphrase"):
            one.round()
    one.passphrase = b"seven silver swans"
    assert sealed.audit(one.round(), pinned=pinned).integrity == "proven"
    now = auditor_policy.read(signer.rotate(home, tmp_path / "p", b"seven silver swans"))[
        "evidence"
    ]
    sealed.log.append([submission(Closed())])
    assert sealed.audit(one.round(), pinned=now).integrity == "proven"
    sealed.records.close()

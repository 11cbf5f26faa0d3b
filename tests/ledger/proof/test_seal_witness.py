"""Witnesses sign a log's checkpoints and refuse wrong ones. A checkpoint counts as proven when a
quorum of witnesses has signed it."""

import base64
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from domain.kernel.envelope import IntegrityFailure, Unprovable
from ledger import verify
from ledger.proof import auditor_policy, proof
from ledger.proof.checkpoint import (
    WITNESS,
    Checkpoint,
    VerifierKey,
    WrongKey,
    cosignature,
    cosigners,
    opened,
    parse,
    sign,
)
from ledger.proof.leaf_scan import examine
from ledger.witness import signer
from ledger.witness import witness as witnesses
from ledger.witness.witness import Witness
from tests.ledger.events import Closed, submission
from tests.ledger.sealing import STREAMS, Sealed, another_home, rewrite, sealed_copy
from tests.processes import stands_still, until

SECOND = 1_300_000_000


@pytest.fixture
def sealed(tmp_path: Path) -> Iterator[Sealed]:
    """Yield a copy of an encrypted log on files."""
    with sealed_copy(tmp_path) as one:
        yield one


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return Witness(tmp_path / "witness")


def pins(sealed: Sealed) -> str:
    return auditor_policy.written({"evidence": sealed.pinned})


def strict(sealed: Sealed, *keys: str, quorum: int = 1) -> str:
    told = json.loads(pins(sealed))
    told["witnesses"] = {"quorum": quorum, "keys": list(keys)}
    return json.dumps(told)


def grown(sealed: Sealed, first: str, second: str) -> str:
    return json.dumps(proof.prove_consistency(sealed.proven, first, second))


def test_it_signs_what_continues_what_it_saw(sealed: Sealed, witness: Witness) -> None:
    key = VerifierKey.parse(witness.init("council.example"), WITNESS)
    first = witness.sign(sealed.older, pins(sealed), None, SECOND)
    assert cosigners(first, [key]) == {"council.example"}
    assert cosigners(sealed.older, [key]) == set()
    again = witness.sign(sealed.older, pins(sealed), None, SECOND)
    assert again == first
    with pytest.raises(Unprovable, match="give the proof that this log continues them"):
        witness.sign(sealed.newest, pins(sealed), None, SECOND)
    second = witness.sign(
        sealed.newest, pins(sealed), grown(sealed, sealed.older, sealed.newest), SECOND
    )
    assert cosigners(second, [key]) == {"council.example"}
    with pytest.raises(
        IntegrityFailure, match="this witness saw 12 records before, and this checkpoint has only 8"
    ):
        witness.sign(sealed.older, pins(sealed), None, SECOND)


def remembered(witness: Witness) -> dict[str, int]:
    """Return the size of the last checkpoint that the witness signed, by the log's origin."""
    file = witness.directory / "seen.db"
    if not file.exists():
        return {}
    db = sqlite3.connect(file)
    notes = db.execute("SELECT origin, note FROM seen").fetchall()
    db.close()
    return {origin: parse(note).size for origin, note in notes}


def test_an_older_request_that_ends_late_does_not_turn_it_back(
    sealed: Sealed, witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    witness.init("council.example")
    witness.sign(sealed.older, pins(sealed), None, SECOND)
    proof_of_growth = grown(sealed, sealed.older, sealed.newest)
    newer = Thread(
        target=lambda: witness.sign(sealed.newest, pins(sealed), proof_of_growth, SECOND)
    )
    judge = witnesses._continues

    def slowly(*told: Any) -> None:
        if not newer.ident:
            newer.start()
            until(stands_still(newer), "it neither waits for the lock nor ends")
        judge(*told)

    monkeypatch.setattr(witnesses, "_continues", slowly)
    witness.sign(sealed.older, pins(sealed), None, SECOND)
    newer.join()
    assert remembered(witness) == {sealed.pinned.origin: 12}
    with pytest.raises(
        IntegrityFailure, match="this witness saw 12 records before, and this checkpoint has only 8"
    ):
        witness.sign(sealed.older, pins(sealed), None, SECOND)


def test_what_an_older_version_saw_is_not_forgotten(sealed: Sealed, witness: Witness) -> None:
    witness.init("council.example")
    seen = witness.directory / f"{sealed.pinned.origin.replace('/', '.')}.seen"
    seen.write_text(sealed.newest, "utf-8")
    with pytest.raises(
        IntegrityFailure, match="this witness saw 12 records before, and this checkpoint has only 8"
    ):
        witness.sign(sealed.older, pins(sealed), None, SECOND)


def test_a_checkpoint_with_other_heads_is_a_fork(sealed: Sealed, witness: Witness) -> None:
    witness.init("council.example")
    witness.sign(sealed.newest, pins(sealed), None, SECOND)
    other = sign(replace(parse(sealed.newest), heads=bytes(32)), stolen(sealed))
    with pytest.raises(IntegrityFailure, match="forked"):
        witness.sign(other, pins(sealed), None, SECOND)


def test_it_signs_no_fork(sealed: Sealed, witness: Witness) -> None:
    witness.init("council.example")
    witness.sign(sealed.newest, pins(sealed), None, SECOND)
    forged = forge(sealed)
    with pytest.raises(IntegrityFailure, match="forked"):
        witness.sign(forged, pins(sealed), None, SECOND)
    sealed.log.append([submission(Closed())])
    longer = forge(sealed, already=True)
    path = {"path": proof_of_fork(sealed)}
    with pytest.raises(IntegrityFailure, match="forked"):
        witness.sign(longer, pins(sealed), json.dumps(path), SECOND)


def proof_of_fork(sealed: Sealed) -> list[str]:
    now = examine(sealed.records, sealed.pinned.origin, {12})
    older = sign(Checkpoint(sealed.pinned.origin, 12, now.roots[12]), stolen(sealed))
    newer = sign(Checkpoint(sealed.pinned.origin, 13, now.tree.root()), stolen(sealed))
    told = proof.prove_consistency(sealed.proven, older, newer)
    path: list[str] = told["path"]
    return path


def stolen(sealed: Sealed) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(
        (sealed.signer.directory / "evidence.key").read_bytes()
    )


def forge(sealed: Sealed, *, already: bool = False) -> str:
    """Rewrite a log, and sign it with its own stolen key; return the note. With `already`, the log
    has been rewritten before.
    """
    if not already:
        rewrite(sealed)
    found = examine(sealed.records, sealed.pinned.origin)
    return sign(Checkpoint(sealed.pinned.origin, found.last, found.tree.root()), stolen(sealed))


def test_it_signs_for_pinned_keys_alone(sealed: Sealed, witness: Witness, tmp_path: Path) -> None:
    witness.init("council.example")
    with pytest.raises(IntegrityFailure, match="no pinned key"):
        witness.sign(another_home(sealed, tmp_path / "x").round(), pins(sealed), None, SECOND)
    for note, told in (("words", pins(sealed)), (sealed.newest, "{}")):
        with pytest.raises(Unprovable, match="there is no checkpoint to sign"):
            witness.sign(note, told, None, SECOND)
    assert remembered(witness) == {}


def test_it_is_made_once_and_under_a_name(witness: Witness, sealed: Sealed) -> None:
    with pytest.raises(Unprovable, match="witness init"):
        witness.sign(sealed.newest, pins(sealed), None, SECOND)
    for name in ("", "a b", "a+b"):
        with pytest.raises(Unprovable, match="is not a name for a witness"):
            witness.init(name)
    witness.init("council.example")
    with pytest.raises(Unprovable, match="already"):
        witness.init("council.example")


def test_with_a_quorum_a_stolen_key_proves_nothing(sealed: Sealed, witness: Witness) -> None:
    """If a policy demands signatures of witnesses, a log that was signed with a stolen key is not
    accepted."""
    key = witness.init("council.example")
    wanted = auditor_policy.read(strict(sealed, key))["evidence"]
    honest = witness.sign(sealed.newest, pins(sealed), None, SECOND)
    assert sealed.audit(honest, pinned=wanted).integrity == "proven"
    alone = sealed.audit(sealed.newest, pinned=wanted)
    assert (alone.findings, alone.integrity, alone.signed) == ([], "unproven", 0)
    forged = forge(sealed)
    assert sealed.audit(forged).integrity == "proven"
    assert sealed.audit(forged, pinned=wanted).integrity == "unproven"
    assert [f.what for f in sealed.audit(forged, honest, pinned=wanted).findings] == ["forked"]


def test_the_offline_verifier_wants_the_quorum_too(sealed: Sealed, witness: Witness) -> None:
    told: Any = json.loads(strict(sealed, witness.init("council.example")))
    with pytest.raises(verify.Unproven, match="0 of 1 witnesses signed it"):
        verify.check(proof.prove(sealed.proven, STREAMS[2], sealed.newest), told)
    honest = witness.sign(sealed.newest, pins(sealed), None, SECOND)
    good = proof.prove(sealed.proven, STREAMS[2], honest)
    lines = verify.check_file(json.dumps(good).encode(), told)
    assert lines[-1] == (
        "Its checkpoint existed before 2011-03-13T07:06:40Z: council.example signed it then."
    )
    again = witness.sign(honest, pins(sealed), None, SECOND - 1)
    assert "07:06:39Z" in verify.check_file(again.encode(), told)[-1]
    late = honest.replace(honest[-12:-4], "AAAAAAAA")
    with pytest.raises((verify.DoesNotHold, verify.BadInput)):
        verify.check(good | {"checkpoint": late}, told)


def test_one_witness_who_signs_twice_is_one(sealed: Sealed, witness: Witness) -> None:
    key = witness.init("council.example")
    with pytest.raises(auditor_policy.BadPolicy, match="the policy asks for"):
        auditor_policy.read(strict(sealed, key, key, quorum=2))
    other = VerifierKey("b", Ed25519PrivateKey.generate().public_key().public_bytes_raw(), WITNESS)
    wanted = auditor_policy.read(strict(sealed, key, str(other), quorum=2))["evidence"]
    twice = witness.sign(
        witness.sign(sealed.newest, pins(sealed), None, SECOND), pins(sealed), None, SECOND + 1
    )
    assert twice.count("council.example") == 2
    assert sealed.audit(twice, pinned=wanted).integrity == "unproven"
    assert sealed.audit(twice, pinned=replace(wanted, quorum=1)).integrity == "proven"


def test_the_signer_leaves_the_witnesses_lines_where_they_are(
    sealed: Sealed, witness: Witness
) -> None:
    witness.init("council.example")
    public = signer.published(sealed.signer.public, "evidence")
    cosigned = witness.sign(sealed.newest, pins(sealed), None, SECOND)
    public.write_text(cosigned, "utf-8")
    sealed.signer.round()
    assert public.read_text("utf-8") == cosigned
    sealed.log.append([submission(Closed())])
    assert parse(sealed.signer.round()).size == 13
    assert parse(public.read_text("utf-8")).size == 13


def test_a_cosignature_is_over_its_time_and_the_checkpoint() -> None:
    """A witness signs its time and the checkpoint together; the signed bytes are equal to bytes
    made by hand (cosignature/v1).
    """
    key = Ed25519PrivateKey.generate()
    note = sign(Checkpoint("log", 1, bytes(32)), key)
    line = cosignature(note, "w", key, SECOND)
    assert line.startswith("\N{EM DASH} w ")
    raw = base64.b64decode(line.split(" ")[2])
    public = VerifierKey("w", key.public_key().public_bytes_raw(), WITNESS)
    assert raw[:4] == public.hash
    assert int.from_bytes(raw[4:12], "big") == SECOND
    message = f"cosignature/v1\ntime {SECOND}\n" + Checkpoint("log", 1, bytes(32)).text()
    key.public_key().verify(raw[12:], message.encode())


#: A checkpoint of a public certificate log of May 2026 with the lines of four witnesses. It
#: contains no personal data.
PUBLIC_NOTE = (
    "arche2025h1.staging.ct.transparency.dev\n1432088532\n"
    "U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n\n"
    "— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3Ny"
    "gNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=\n"
    "— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rh"
    "IgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==\n"
    "— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ7"
    "5W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==\n"
    "— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXT"
    "ynk5XeU/zZ0WBxtqB0DrAWfBw==\n"
    "— witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY"
    "/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==\n"
)
PUBLIC_LOG = (
    "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
)
PUBLIC_WITNESSES = (
    (
        "transparency.dev/DEV:witness-little-garden+d8042a87"
        "+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM"
    ),
    "witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO",
    "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
    "witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv",
)


def test_what_other_implementations_signed_and_cosigned_is_read() -> None:
    key = VerifierKey.parse(PUBLIC_LOG)
    witnesses = [VerifierKey.parse(text, WITNESS) for text in PUBLIC_WITNESSES]
    assert opened(PUBLIC_NOTE, [key]).size == 1432088532
    assert cosigners(PUBLIC_NOTE, witnesses) == {one.name for one in witnesses}
    outside: verify.Outside = {"quorum": 4, "keys": list(PUBLIC_WITNESSES)}
    pinned: verify.Log = {"origin": key.name, "keys": [PUBLIC_LOG], "witnesses": outside}
    assert verify.read_checkpoint(PUBLIC_NOTE, pinned)[0] == 1432088532
    changed = PUBLIC_NOTE.replace("1432088532", "1432088531")
    with pytest.raises(WrongKey, match="belongs to another text"):
        cosigners(changed, witnesses)
    with pytest.raises(WrongKey):
        opened(changed, [key])

"""The published test vectors of certificates, backups and envelopes give the results that are
published with them.
"""

import json
from base64 import b64decode
from typing import Any
from uuid import UUID

import pytest

from domain.kernel.envelope import IntegrityFailure, Unprovable
from installation import certificates
from ledger import verify
from ledger.backup import manifest
from ledger.keys import sealing
from ledger.keys.keys import SealBroken
from tests.ledger.vectors import BAD_INPUT, FAILS, HOLDS, VECTORS


def listed(name: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = json.loads((VECTORS / name).read_text("utf-8"))
    return told


@pytest.mark.parametrize("one", listed("erasures/index.json"), ids=lambda one: one["file"])
def test_certificates_get_their_verdict(one: dict[str, Any]) -> None:
    place, verdict = VECTORS / "erasures", HOLDS
    try:
        found = certificates.read_bundle(
            place / one["file"], (place / "policy.json").read_text("utf-8")
        )
    except IntegrityFailure:
        verdict = FAILS
    except Unprovable:
        verdict = BAD_INPUT
    else:
        assert len(found.erasures) == 2
    assert verdict == one["exit"], one["what"]


@pytest.mark.parametrize("one", listed("backups/index.json"), ids=lambda one: one["directory"])
def test_a_backup_gets_its_verdict(one: dict[str, Any]) -> None:
    verdict = HOLDS
    try:
        manifest.read(VECTORS / "backups" / one["directory"], "store")
    except IntegrityFailure:
        verdict = FAILS
    except Unprovable:
        verdict = BAD_INPUT
    assert verdict == one["exit"], one["what"]


@pytest.mark.parametrize("one", listed("envelopes.json"), ids=lambda one: one["what"])
def test_an_envelope_opens_or_does_not(one: dict[str, Any]) -> None:
    """The program and the offline verifier for other organisations agree whether an envelope can be
    opened."""
    sealed, secret = b64decode(one["envelope"]), bytes.fromhex(one["secret"])
    stream, clear = bytes.fromhex(one["stream"]), one["clear"].encode()
    where = sealing.place(stream, one["version"], one["topic"], clear)
    try:
        sealing.key_id(sealed)
        body: bytes | None = sealing.unseal(secret, where, sealed)
    except SealBroken:
        body = None
    assert body == (one["body"] and one["body"].encode()), one["what"]
    record: Any = {
        "stream": str(UUID(bytes=stream)),
        "version": one["version"],
        "topic": one["topic"],
        "opens": sealing.event_secret(secret, sealed).hex(),
    }
    state = b"\2" + len(clear).to_bytes(4, "big") + clear + sealed
    if one["body"]:
        assert verify.words_of(record, state) == one["clear"] + one["body"]
    else:
        with pytest.raises(verify.DoesNotHold):
            verify.words_of(record, state)

"""Documents match the schemas in docs/schemas, and the schemas name every field."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator

from installation import certificates
from ledger import verify
from ledger.backup import manifest
from ledger.keys.sealing import INFO
from ledger.proof import proof
from tests.conftest import Store
from tests.ledger.packing import packer
from tests.ledger.sealing import STREAMS
from tests.ledger.vectors import VECTORS
from tests.pages import HOUSE

SCHEMAS = HOUSE / "docs" / "schemas"


def schema(name: str) -> Any:
    return Draft202012Validator(json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8")))


def test_what_is_written_is_as_its_schema_says(tmp_path: Path) -> None:
    one = packer(Store(tmp_path, None))
    sealed = one.sealed
    receipt = sealed.log.receipt(6, 8)
    gap = {"step": 2, "event": "note.noted", "stage": None, "reason": "closed to its reader"}
    later = {"fact": f"{STREAMS[3]}:1", "event": "note.counted"}
    named = {"notice": verify.NOTICE, "elsewhere": [later]}
    packs = [verify.unpack(one.pack(said=named)), verify.unpack(one.pack(said={"left_out": [gap]}))]
    opens = sealed.log.event_secrets
    witnesses = json.loads((VECTORS / "strict.json").read_text("utf-8"))
    written: dict[str, list[Any]] = {
        "continuum-proof-2": [
            proof.prove(sealed.proven, STREAMS[2], sealed.newest),
            proof.prove(sealed.proven, STREAMS[2], sealed.newest, opens=opens),
            json.loads(packs[0]["made.json"]),
        ],
        "continuum-consistency-1": [
            proof.prove_consistency(sealed.proven, sealed.older, sealed.newest)
        ],
        "continuum-receipt": [receipt.as_json(), sealed.log.receipt(7, 7).as_json()],
        "continuum-receipt-1": [proof.prove_receipt(sealed.proven, receipt, sealed.newest)],
        "continuum-policy-1": [one.pins, witnesses],
        "continuum-erasures-1": [
            json.loads((VECTORS / "erasures" / "certified.json").read_text("utf-8"))
        ],
        "continuum-backup-1": [
            json.loads((VECTORS / "backups" / "whole" / "manifest.json").read_text("utf-8"))
        ],
        "continuum-pack-2": [json.loads(files["pack.json"]) for files in packs],
    }
    assert {path.name.partition(".")[0] for path in SCHEMAS.iterdir()} == written.keys()
    for name, documents in written.items():
        for document in documents:
            told = json.loads(json.dumps(document))
            schema(name).validate(told)
            assert not schema(name).is_valid(told | {"further": 1}), name
            for field in told.keys() - {"witnesses", "verifiers", "first", "root", "elsewhere"}:
                assert not schema(name).is_valid({k: v for k, v in told.items() if k != field})
    one.close()
    one.access.close()
    sealed.log.close()


def test_the_page_names_every_schema_and_format() -> None:
    page = (HOUSE / "docs" / "formats.md").read_text("utf-8")
    for path in SCHEMAS.iterdir():
        assert f"schemas/{path.name}" in page
    for named in (
        certificates.FORMAT,
        manifest.FORMAT,
        INFO.decode(),
        proof.PROOF,
        proof.CONSISTENCY,
        proof.RECEIPT,
        verify.PACK,
        verify.TLOG[9:-3],
    ):
        assert named in page


def test_each_proof_among_certificates_is_as_its_schema_says() -> None:
    told = json.loads((VECTORS / "erasures" / "certified.json").read_text("utf-8"))
    for one in told["proofs"]:
        schema("continuum-proof-2").validate(one)


@pytest.mark.parametrize("name", ["item.json", "item-words.json", "item-erased.json"])
def test_the_vectors_are_as_the_schema_says(name: str) -> None:
    schema("continuum-proof-2").validate(json.loads((VECTORS / "files" / name).read_bytes()))

"""Every published test vector gets its verdict, from the verifier as it stands and is copied."""

import json
from pathlib import Path
from typing import Any

import pytest

from ledger import verify
from tests.ledger.vectors import VECTORS

INDEX: list[dict[str, Any]] = json.loads((VECTORS / "index.json").read_text("utf-8"))


@pytest.mark.parametrize("vector", INDEX, ids=lambda one: Path(one["file"]).name)
def test_a_vector_gets_its_verdict(vector: dict[str, Any]) -> None:
    line = [str(VECTORS / vector["file"]), "--policy", str(VECTORS / vector["policy"])]
    for name in ("receipt", "copy"):
        if name in vector:
            line += [f"--{name}", str(VECTORS / vector[name])]
    assert verify.main(line) == vector["exit"], vector["what"]


def test_the_index_names_every_file() -> None:
    named = {
        one[key] for one in INDEX for key in ("file", "policy", "receipt", "copy") if key in one
    }
    found = {str(one.relative_to(VECTORS)) for one in VECTORS.rglob("*") if one.is_file()}
    assert named == found - {"index.json"}
    assert {one["exit"] for one in INDEX} == {0, 2, 4, 6}

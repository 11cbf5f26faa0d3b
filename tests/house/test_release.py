"""A release is the same bytes from the same commit, and says what is in it and what that is."""

import json
import subprocess
from pathlib import Path

from tests.release import build, licences, materials, sums, uncommitted

MOMENT = "1795000000"


def test_the_wheel_is_the_same_bytes_each_time(tmp_path: Path) -> None:
    first, second = (build(tmp_path / name, MOMENT) for name in "ab")
    assert first.read_bytes() == second.read_bytes()
    assert sums([first], first.parent) == sums([second], second.parent)


def test_the_bill_names_each_part_with_its_hash_and_no_machine(tmp_path: Path) -> None:
    bill = materials(tmp_path, MOMENT)
    told = json.loads(bill.read_bytes())
    assert told["bomFormat"] == "CycloneDX"
    assert told["metadata"]["component"]["name"] == "continuum-safeguarding"
    parts = {one["name"]: one for one in told["components"]}
    assert {"eventsourcing", "msgspec", "fastapi"} <= parts.keys()
    assert "pytest" not in parts
    assert "SHA-256" in json.dumps(parts["msgspec"])
    assert str(Path.home()) not in bill.read_text("utf-8")


def test_each_licence_is_told_and_lets_a_force_use_it() -> None:
    lines = licences().splitlines()
    assert any(one.startswith("eventsourcing ") for one in lines)
    assert not [one for one in lines if one.endswith(": not told")]
    assert not [one for one in lines if "GPL" in one and "LGPL" not in one and "Lesser" not in one]


def test_what_is_in_no_commit_is_told(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    assert uncommitted(tmp_path) == ""
    (tmp_path / "stray.py").touch()
    assert "stray.py" in uncommitted(tmp_path)

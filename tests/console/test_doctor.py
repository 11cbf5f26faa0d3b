"""What the doctor finds, each with what to do; and nothing where nothing is."""

from pathlib import Path
from typing import Any
from uuid import uuid4

from commands import governance
from domain.governance import FileReceived1
from tests.console.conftest import Line, either, line

__all__ = ["either", "line"]


def findings(line: Line) -> dict[str, Any]:
    return {one["what"]: one for one in line("--json", "doctor").json["findings"]}


def test_a_whole_store_is_only_told_what_is_not_encrypted(either: Line) -> None:
    either("record", text="Lads call him Baz.")
    found = findings(either)
    assert set(found) == {"not encrypted"}
    assert "views" in found["not encrypted"]["where"][0]
    assert "disk" in found["not encrypted"]["do"]
    said = either("doctor")
    assert said.out.startswith("NOT ENCRYPTED: the views")
    assert ":***@" in said.out or "@" not in said.out or "password" not in said.out


def test_each_finding_says_what_to_do_and_doing_it_ends_it(line: Line, tmp_path: Path) -> None:
    words = line("--json", "record", text="Lads call him Baz.").json["id"]
    system = line.kept.system
    assert system
    held = "a sheet of words"
    name = "5e" * 32
    (line.home / "originals").mkdir(0o700, exist_ok=True)
    (line.home / "originals" / name).write_text(held)
    (line.home / "originals" / name).chmod(0o644)
    received = FileReceived1(form="links", size=1, kept=name, sha256="ab" * 32)
    prepared = governance.prepare_file(
        system.desk, system.reader, command_id=uuid4(), received=received
    )
    system.desk.save([prepared])
    assert line("network", "export", "--format", "csv", "--out", "net.csv").code == 0
    governance.export_made(
        system.desk, system.reader, form="csv", sha256="cd" * 32, ids=[words], filters={}
    )
    one = line("--json", "erase", words, "--basis", "recorded-in-error").json["id"]
    assert line("--user", "di.moss", "erase", "--approve", one).code == 0

    found = findings(line)
    assert set(found) == {
        "not encrypted", "open to others", "in the clear", "guessable", "may still open it",
    }  # fmt: skip
    assert found["open to others"]["where"] == [str(line.home / "originals" / name)]
    assert "chmod" in found["open to others"]["do"]
    assert found["guessable"]["where"] == [f"{prepared.item}:1"]
    (line.home / "originals" / name).chmod(0o600)
    assert line("original", "--seal").code == 0
    (copy,) = [each for each in line("--json", "copies").json if each["ids"] == [words]]
    assert line("copies", "destroyed", copy["id"], "--how", "shredded").code == 0
    assert set(findings(line)) == {"not encrypted", "guessable"}  # what is signed stays


def test_a_register_that_was_taken_away_is_told(line: Line) -> None:
    line("record", text="Lads call him Baz.")
    line.close()
    for part in line.home.glob("sources.db*"):
        part.unlink()
    one = findings(line)["no answer"]
    assert "sources.db" in one["found"]
    assert "continuum restore" in one["do"]

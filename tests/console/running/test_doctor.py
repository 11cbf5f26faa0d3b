"""`doctor` reports each problem with its remedy, and reports nothing if there is no problem."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from commands.data_protection import exporting
from commands.people_and_teams import store_admin
from console.running.finding import HEADINGS, Danger, Finding, by_danger, lines
from domain.kernel.envelope import LogUnavailable
from domain.people_and_teams.store_admin import FileReceived1
from projections.upkeep import Upkeep
from tests.console.conftest import Line, either, line

__all__ = ["either", "line"]


def findings(line: Line) -> dict[str, Any]:
    return {one["what"]: one for one in line("--json", "doctor").json["findings"]}


def test_a_whole_store_is_only_warned_what_is_not_encrypted(
    either: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a store without problems, `doctor` warns only that the disks are not encrypted, until a
    setting says that they are encrypted.
    """
    either("record", text="Lads call him Baz.")
    found = findings(either)
    assert set(found) == {"not encrypted"}
    assert found["not encrypted"].keys() == {"what", "found", "where", "do"}
    assert "views" in found["not encrypted"]["where"][0]
    assert "disk" in found["not encrypted"]["do"]
    said = either("doctor")
    assert said.out.startswith(f"{HEADINGS[Danger.EXPOSURE]}:\n\n  NOT ENCRYPTED: the views")
    assert ":***@" in said.out or "@" not in said.out or "password" not in said.out
    either.close()
    monkeypatch.setenv("CONTINUUM_DISKS_ENCRYPTED", "true")
    assert either("doctor").out == "Nothing needs action.\n"
    assert either("--json", "doctor").json == {"findings": []}


def test_what_endangers_most_is_reported_first() -> None:
    """Findings are ordered by what is in danger: first text, then children and sources, proofs, the
    service, and last tasks that are open.
    """
    told = [Finding(one, one.name, "it is so", ("here", "there"), "do it") for one in Danger]
    assert [one.name for one in Danger] == [
        *("WORDS", "EXPOSURE", "PROOF", "SERVICE", "HOUSEKEEPING"),
    ]
    assert by_danger(reversed(told)) == told
    second = Finding(Danger.WORDS, "second", "it is so", ("here",), "do it")
    assert by_danger([*told, second])[:2] == [told[0], second], "as they were found"
    shown = list(lines(by_danger([told[4], told[0], second])))
    assert shown == [
        *("Records may be lost:", ""),
        *("  WORDS: it is so", "    where: here, there", "    do: do it", ""),
        *("  SECOND: it is so", "    where: here", "    do: do it", ""),
        *("To finish:", ""),
        *("  HOUSEKEEPING: it is so", "    where: here, there", "    do: do it"),
    ]


def test_a_finding_fits_a_terminal() -> None:
    """Each line of a finding fits a terminal; only a long path may exceed the width, because it is
    not broken.
    """
    path = "/srv/" + "continuum-" * 10
    places = tuple(f"file-{number}" for number in range(25))
    many = Finding(Danger.EXPOSURE, "open", "words " * 40, places, f"chmod 600 {path}")
    shown = list(lines([many]))
    assert max(len(one) for one in shown if path not in one) <= 80
    assert f"      {path}" in shown
    assert "file-19 and 5 more" in "\n".join(shown)


def test_views_that_another_process_makes_need_no_act(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    line("record", text="Lads call him Baz.")
    monkeypatch.setattr(Upkeep, "outdated", True)
    monkeypatch.setattr(Upkeep, "make", lambda *_: False)
    assert "older views" not in findings(line)

    def fail(*_: object) -> bool:
        raise LogUnavailable("the disk is full")

    monkeypatch.setattr(Upkeep, "make", fail)
    one = findings(line)["older views"]
    assert one["found"].endswith("the disk is full")
    assert "continuum views rebuild" in one["do"]


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
    prepared = store_admin.prepare_file(
        system.desk, system.reader, command_id=uuid4(), received=received
    )
    system.desk.save([prepared])
    assert line("network", "export", "--format", "csv", "--out", "net.csv").code == 0
    exporting.record_export(
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
    # these two findings stay, because the signed events cannot be removed from the log
    assert set(findings(line)) == {"not encrypted", "guessable"}


def test_a_register_that_was_taken_away_is_reported(line: Line) -> None:
    line("record", text="Lads call him Baz.")
    line.close()
    for part in line.home.glob("sources.db*"):
        part.unlink()
    one = findings(line)["no answer"]
    assert "sources.db" in one["found"]
    assert "continuum restore" in one["do"]

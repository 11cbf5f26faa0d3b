"""Each folder of the product has tests that `make test PART=` runs, and each test belongs to a
folder of the product. A part is such a folder."""

import subprocess
import sys

import pytest

from tests.house.tree import ROOT, modules, packages
from tests.parts import PARTS, TESTS, main, table


def test_every_folder_of_the_product_is_a_part() -> None:
    assert packages() | modules() | {"deploy", "docs"} == {*PARTS}


def test_every_part_names_tests_that_there_are() -> None:
    named = {one for told in PARTS.values() for one in told}
    assert [one for one in named if not (TESTS / one).exists()] == []
    assert all(name in PARTS[name] for name in PARTS if (TESTS / name).is_dir())


def test_every_folder_of_tests_is_in_a_part() -> None:
    folders = {file.relative_to(TESTS).parts[0] for file in TESTS.rglob("test_*.py")}
    named = {one for told in PARTS.values() for one in told}
    lacking = {folder for folder in folders if (TESTS / folder).is_dir()} - named
    assert lacking == set()


def test_contributing_lists_them() -> None:
    assert table() in (ROOT / "CONTRIBUTING.md").read_text("utf-8"), "run: python -m tests.parts"


def test_a_part_is_reported_with_its_tests_and_another_name_with_all_names(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["parts", "notifying"])
    main()
    assert (
        capsys.readouterr().out
        == "tests/notifying tests/commands/people_and_teams/test_escalating.py\n"
    )
    monkeypatch.setattr(sys, "argv", ["parts", "nothing"])
    with pytest.raises(SystemExit, match="no such folder; PART is one of access, analytics"):
        main()


def test_make_runs_the_tests_of_a_part_alone() -> None:
    """`make test PART=` runs only the tests of the named part. For an unknown part it runs
    nothing."""
    told = subprocess.run(
        ["make", "--dry-run", "test", "PART=notifying"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "tests.parts notifying" in told
    assert "mypy" not in told

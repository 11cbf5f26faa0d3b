"""The program refuses to start if Python would import another program's module in place of one of
its own.
"""

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import continuum_start as start
from exchange.keyservice import KeyService
from tests.house.tree import ROOT

#: The hash and size of an empty file, in the form in which an installer records them.
EMPTY = "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0"


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a site-packages directory with the first modules of this program and with their
    installation record; return its path.
    """
    place = tmp_path / "site-packages"
    record = place / "continuum_safeguarding-1.0.dist-info" / "RECORD"
    record.parent.mkdir(parents=True)
    firsts = ["cli.py", *(f"{name}/__init__.py" for name in start.NAMES if name != "cli")]
    for name in firsts:
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).touch()
    record.write_text("".join(f"{one},{EMPTY}\n" for one in firsts) + "web/app.py,sha256=a,1\n")
    monkeypatch.setattr(start, "HERE", place)
    others = [one for one in sys.path if Path(one).resolve() != ROOT]
    monkeypatch.setattr(sys, "path", [str(place), *others])
    return place


def refused(capsys: pytest.CaptureFixture[str]) -> str:
    """Call the program's start function, which must refuse to start the program; return the one
    line of its error message.
    """
    with pytest.raises(SystemExit, match="1"):
        start.main()
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert said.count("\n") == 1
    return said


def test_nothing_is_in_the_way_here() -> None:
    assert start.strays() == []
    assert start.missing() == []
    assert start.overwritten() == []


@pytest.mark.parametrize("stray", ["network.py", *(f"{name}/__init__.py" for name in start.NAMES)])
def test_a_stray_module_is_named_and_not_used(
    stray: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    planted = tmp_path / stray
    planted.parent.mkdir(exist_ok=True)
    planted.write_text("raise AssertionError", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert start.strays() == [planted.resolve()]
    said = refused(capsys)
    assert str(planted) in said
    assert "PYTHONPATH" in said
    assert sys.path[0] == str(tmp_path)


def test_what_is_as_it_was_installed_is_used(installed: Path) -> None:
    assert (start.strays(), start.overwritten(), start.missing()) == ([], [], [])


@pytest.mark.parametrize("name", ["web/__init__.py", "cli.py"])
def test_files_of_another_program_over_ours_are_named(
    name: str, installed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (installed / name).write_text("raise AssertionError", "utf-8")
    assert start.overwritten() == [installed / name]
    said = refused(capsys)
    assert str(installed / name) in said
    assert "an environment of its own" in said


def test_a_part_that_was_removed_with_another_program_is_named(
    installed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(installed / "web")
    assert start.missing() == ["web"]
    assert "web is missing from" in refused(capsys)


def test_a_command_does_not_search_what_it_loaded_for_garbage_at_its_end() -> None:
    looks = "atexit.register(lambda: print(gc.get_freeze_count() > 10_000, gc.get_stats()))"
    program = f"import atexit, gc, continuum_start; {looks}; continuum_start.main()"
    line = [sys.executable, "-c", program, "record", "--help"]
    said = subprocess.run(line, cwd=ROOT, capture_output=True, check=True, text=True)
    assert "Record what a source said" in said.stdout
    assert said.stdout.splitlines()[-1].startswith("True")


@pytest.mark.parametrize("program", [start.main, start.keyservice, start.hub])
def test_each_program_looks_first(
    program: object, installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (installed / "exchange" / "__init__.py").write_text("raise AssertionError", "utf-8")
    monkeypatch.delitem(sys.modules, "exchange", raising=False)
    with pytest.raises(SystemExit, match="1"):
        program()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("program", "arguments"),
    [("hub", ["--help"]), ("keyservice", ["--help"]), ("keyservice", ["keys", "{keys}"])],
)
def test_a_reader_that_goes_away_is_no_fault(
    program: str, arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the reader closes the pipe early, as in `continuum-hub --help | head -1`, the program ends
    without an error.
    """
    keys = tmp_path / "keys"
    KeyService(keys, lambda: datetime.now(UTC)).set_up()
    told = [argument.format(keys=keys) for argument in arguments]
    monkeypatch.setattr(sys, "argv", [f"continuum-{program}", *told])
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w") as pipe, open(os.dup(writer), "w") as errors:  # noqa: PTH123
        monkeypatch.setattr(sys, "stdout", pipe)
        monkeypatch.setattr(sys, "stderr", errors)
        with pytest.raises(SystemExit) as ended:
            getattr(start, program)()
        sys.stdout.flush()
    assert ended.value.code == 0

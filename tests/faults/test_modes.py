"""Only the owner can read the store's files, whatever the umask is; temporary files are removed,
even after a kill.
"""

import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.backup.temporary_files import passing, sweep
from tests.console.conftest import Line, line
from tests.faults.conftest import Depot
from tests.processes import child, end

__all__ = ["line"]

#: A directory that every user of the machine may read: checkpoints contain sizes and hashes, and no
#: text.
PUBLIC = "checkpoints"


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def either(request: pytest.FixtureRequest, tmp_path: Path, open_umask: None) -> Iterator[Line]:
    """Yield a new store that was made under this umask. (A copied store would have other file
    modes.)"""
    postgres = request.param == "postgres"
    store = request.getfixturevalue("postgres_url") if postgres else str(tmp_path / "store")
    made = Line(store, tmp_path / "home")
    assert made("init", "--synthetic").code == 0
    yield made
    made.close()


def open_to_others(place: Path) -> list[str]:
    """Return the mode and path of each file and directory in `place` that users other than the
    owner can read or write, without the public checkpoints."""
    found = [path for path in place.rglob("*") if PUBLIC not in path.parts]
    return [
        f"{stat.S_IMODE(path.stat().st_mode):o} {path.relative_to(place)}"
        for path in found
        if stat.S_IMODE(path.stat().st_mode) & 0o077
    ]


def test_all_that_is_written_is_for_its_owner_alone(depot: Depot, tmp_path: Path) -> None:
    out = depot.line.home.parent / "out"
    out.mkdir(0o700)
    sheet = tmp_path / "links.csv"
    sheet.touch(0o600)
    sheet.write_text("source,target\nBaz,Lee\nBaz,\n", "utf-8")
    said = depot.line("import", str(sheet), "--form", "links", "--rejects", str(out / "rejects"))
    assert (said.code, (out / "rejects").is_file()) == (0, True), said
    for form in ("csv", "graphml"):
        said = depot.line(
            "network", "export", "--format", form, "--out", str(out / form), "--min-grade", "any"
        )
        assert said.code == 0, said
    depot.sign()
    words = depot.line("--json", "mine").json[0]["id"]
    assert depot.line("pack", words, str(out / "pack.zip"), "--wait", "0").code == 0
    backup = depot.back_up()
    assert depot.restore(backup)[0].code == 0
    assert depot.line("views", "rebuild").code == 0
    one = depot.line("--json", "erase", words, "--basis", "recorded-in-error").json["id"]
    assert depot.line("--user", "di.moss", "erase", "--approve", one).code == 0
    witness = ("--state", str(tmp_path / "witness"))
    assert depot.line("witness", "init", *witness, "--name", "them").code == 0
    (tmp_path / "policy.json").unlink()  # the test and not the product wrote this file
    assert open_to_others(tmp_path) == []


def test_a_directory_that_was_there_is_closed_when_a_store_is_made_in_it(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir(0o755)
    line = Line(str(tmp_path / "store"), tmp_path / "store")
    assert line("init", "--synthetic").code == 0
    line.close()
    assert open_to_others(tmp_path) == []


def test_views_of_an_older_release_are_closed_when_they_are_opened(line: Line) -> None:
    (views,) = line.home.glob("views-*.db")
    views.chmod(0o644)
    line.close()
    assert line("queue").code == 0
    assert open_to_others(line.home) == []


@pytest.mark.usually_on("sqlite")
def test_what_was_known_is_looked_up_without_a_file(
    either: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    either("record", text="Lads call him Baz.")
    beside = tmp_path / "beside"
    beside.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(beside))
    before = {path for path in tmp_path.rglob("*") if "views" not in path.name}
    monkeypatch.setattr(tempfile, "mkdtemp", lambda *a, **k: pytest.fail("a directory was made"))
    assert either("views", "compare").code == 0
    assert "words" in either("replay", "--until", "2100-01-01").out
    assert list(beside.iterdir()) == []
    assert {path for path in tmp_path.rglob("*") if "views" not in path.name} - before == set()


HOLDS = """
import signal, sys
from pathlib import Path
from ledger.backup.temporary_files import passing, sweep
with passing(Path(sys.argv[1]), Path(sys.argv[2])) as place:
    (place / "words").write_text("CANARYWORD")
    print(place, flush=True)
    signal.pause()
"""


def test_what_a_killed_process_left_goes_at_the_next_start(tmp_path: Path) -> None:
    (elsewhere := tmp_path / "elsewhere").mkdir()
    command = [sys.executable, "-c", HOLDS, str(tmp_path), str(elsewhere)]
    with child(command, stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout
        left = Path(killed.stdout.readline().strip())
        with passing(tmp_path) as ours:
            # the process that owns the file is still running, so the file is not removed
            assert (left / "words").read_text("utf-8") == "CANARYWORD"
            assert stat.S_IMODE(left.stat().st_mode) == 0o700
        assert not ours.exists()
        end(killed)
    assert left.exists()
    sweep(tmp_path)
    assert list(elsewhere.iterdir()) == []

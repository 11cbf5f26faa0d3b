"""The README's tour is run as it stands."""

import os
import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"


def tour() -> str:
    """Every command of the console blocks, as one shell script that stops at the first failure."""
    blocks = re.findall(r"```console\n(.*?)```", README.read_text("utf-8"), flags=re.DOTALL)
    lines = [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]
    return "\n".join(["set -eu -o pipefail", *lines])


def test_the_tour_runs_as_written(tmp_path: Path) -> None:
    """Given an empty directory, every command of the tour succeeds and shows what it promises."""
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CONTINUUM_")}
    done = subprocess.run(
        ["bash", "-c", tour()],
        cwd=tmp_path,
        env=clean | {"PATH": programs},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Baz [person-of-interest, not identified]" in done.stdout
    assert "Baz -uses-> PK95ABC [vehicle]: intelligence, grade 2A" in done.stdout
    assert "URGENT OVERDUE" in done.stdout
    assert done.stdout.count("The views say what the log says.") == 2
    assert "every file and every log is the one in the manifest" in done.stdout
    assert (tmp_path / "baz.png").read_bytes().startswith(b"\x89PNG")


def test_the_pictures_that_it_shows_exist() -> None:
    """Every picture that the README shows is in the repository."""
    shown = re.findall(r"!\[[^]]*]\(([^)]+)\)", README.read_text("utf-8"))
    assert shown
    assert [name for name in shown if not (README.parent / name).is_file()] == []

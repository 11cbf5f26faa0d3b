"""The commands in README.md and docs/running.md work exactly as they are written there."""

import re
from pathlib import Path

from tests.pages import HOUSE, run

README = HOUSE / "README.md"
RUNNING = HOUSE / "docs" / "running.md"


def test_the_tour_runs_as_written(tmp_path: Path) -> None:
    """The commands of the README's tour start in an empty directory; every command succeeds and
    prints what the page shows.
    """
    done = run(README, tmp_path)
    assert "Baz [person-of-interest, not identified]" in done.stdout
    assert "Baz -uses-> PK95ABC [vehicle]: intelligence, grade 2A" in done.stdout
    assert "URGENT OVERDUE" in done.stdout
    assert done.stdout.count("The views match the log.") == 1
    assert (tmp_path / "baz.png").read_bytes().startswith(b"\x89PNG")


def test_the_administrators_tour_runs_as_written(tmp_path: Path) -> None:
    """Accounts, an erasure, a backup and its restore work as docs/running.md shows."""
    done = run(RUNNING, tmp_path)
    assert done.stdout.count("The views match the log.") == 1
    assert "every file and every log is as in the manifest" in done.stdout
    assert "ds.quinn of team Cherish" in done.stdout, "whose child it is learns who searched"
    assert done.stdout.count("Erin Vale") == 1, "her own team's list of cases alone names her"


def test_it_says_where_the_program_is_before_it_calls_it() -> None:
    """The README says where the program is installed before it calls the program."""
    told = README.read_text("utf-8")
    assert 0 < told.index('export PATH="$PWD/.venv/bin:$PATH"') < told.index("$ continuum")


def test_the_pictures_that_it_shows_exist() -> None:
    """Every picture that the README shows is in the repository."""
    shown = re.findall(r"!\[[^]]*]\(([^)]+)\)", README.read_text("utf-8"))
    assert shown
    assert [name for name in shown if not (README.parent / name).is_file()] == []


def test_the_readme_is_short() -> None:
    """The README is so short that a reader needs only five minutes. Longer texts have pages of
    their own."""
    assert len(README.read_text("utf-8").splitlines()) <= 100

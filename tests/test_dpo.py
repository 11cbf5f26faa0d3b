"""The commands on the data-protection officer's page work exactly as they are written there."""

from pathlib import Path

from tests.pages import HOUSE, run


def test_the_page_runs_as_written(tmp_path: Path) -> None:
    """The commands of the page work as written, from a log entry to its access log, a recalled
    disclosure, and a certificate of erasure.
    """
    done = run(HOUSE / "docs" / "dpo.md", tmp_path)
    told = done.stdout
    assert "weekly brief" in told
    assert "not given" in told, "of the network a reason is asked"
    assert "withhold (it would reveal who gave the information" in told
    assert "restricted          person" in told, "while the hold stands"
    assert "Erased and certified" in told
    assert "integrity" in told
    assert "Kayleigh" not in told.split("Erased and certified")[1]

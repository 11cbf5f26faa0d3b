"""The data-protection officer's page is run as it is written."""

from pathlib import Path

from tests.pages import HOUSE, run


def test_the_page_runs_as_written(tmp_path: Path) -> None:
    """From words to who looked at them, a disclosure called back, and a certificate."""
    done = run(HOUSE / "docs" / "dpo.md", tmp_path)
    told = done.stdout
    assert "weekly brief" in told
    assert "not given" in told, "of the network a reason is asked"
    assert "withhold (it would tell who told us" in told
    assert "restricted          person" in told, "while the hold stands"
    assert "Erased and certified" in told
    assert "integrity" in told
    assert "Kayleigh" not in told.split("Erased and certified")[1]

"""During a large import on the command line, a second process updates the views (tables computed
from the log)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.console.conftest import Line
from tests.ingest.conftest import entry, log_csv
from web import follower


def test_an_import_says_how_much_it_has_recorded(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded: list[int] = []

    @contextmanager
    def beside(system: object) -> Iterator[Callable[[int], None]]:
        yield recorded.append

    monkeypatch.setattr(follower, "following_an_import", beside)
    words = (entry(f"He rang {number} times") for number in range(9))
    log = str(log_csv(tmp_path / "log.csv", *words))
    assert line("import", log, "--dry-run").code == 0
    assert recorded == []
    assert line("import", log).code == 0
    assert recorded == [0, 9]
    assert "He rang 8 times" in line("queue", "--json").out
    assert line("import", log).code == 0
    assert recorded == [0, 9, 0, 0], "the second import records nothing new"

"""The example in docs/api.md works exactly as it is written there."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from tests.commands.office import opened
from tests.house.tree import ROOT
from web.app import make_app

PAGE = (ROOT / "docs" / "api.md").read_text("utf-8")


def test_the_journey_runs_as_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The script in docs/api.md prints the output that the page shows. In the test, the script's
    client calls the application in this process."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (printed,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    office = opened(tmp_path / "store")
    app = make_app(office.system)

    def client(**told: Any) -> TestClient:
        return TestClient(app, **told)

    def show(*values: object, sep: str = " ") -> None:
        lines.append(sep.join(map(str, values)))

    lines: list[str] = []
    monkeypatch.setattr(httpx, "Client", client)
    try:
        exec(code, {"print": show})  # noqa: S102 (the page belongs to this repository)
    finally:
        office.system.close()
    assert "\n".join(lines) + "\n" == printed

"""A module of somebody else that bears the name of one of ours is found before it is used."""

import sys
from pathlib import Path

import pytest

from installation import start


def test_nothing_stands_in_the_way_here() -> None:
    assert start.strays() == []


@pytest.mark.parametrize("stray", ["network.py", "commands/__init__.py"])
def test_a_stray_module_is_named_and_not_used(
    stray: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    planted = tmp_path / stray
    planted.parent.mkdir(exist_ok=True)
    planted.write_text("raise AssertionError", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert start.strays() == [planted.resolve()]
    with pytest.raises(SystemExit, match="1"):
        start.main()
    said = capsys.readouterr().err
    assert str(planted) in said
    assert "PYTHONPATH" in said
    assert "Traceback" not in said
    assert sys.path[0] == str(tmp_path)

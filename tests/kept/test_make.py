"""Today's program can make a store and save it for the tests of later releases. The test uses one
story, on files."""

from pathlib import Path

import pytest

from demo.story import stories
from tests.console.conftest import Line
from tests.kept import folds, make, stores

#: The shortest story; it depends on no other story.
STORY = "s09"


def test_a_store_is_told_and_kept_and_made_into_views(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [one for one in make.QUESTIONS_ASKED if "ego" not in one]
    # the real list of questions concerns another story
    monkeypatch.setattr(make, "QUESTIONS_ASKED", asked)
    told = tmp_path / "told"
    line = Line(str(told / "store"), told / "store")
    answers = make.tell(line, told, [step for step in stories() if step.story == STORY])
    assert {command.words[-1] for command in answers.commands if "hold" in command.words}
    assert "mgr.quill" in str(answers.questions), "the accounts"
    (tmp_path / "9.9.9").mkdir()
    make.pack(told, tmp_path / "9.9.9", "sqlite", answers)
    monkeypatch.setattr(stores, "HERE", tmp_path)
    assert stores.answers("9.9.9", "sqlite") == answers
    assert folds.fold("9.9.9"), "no view sets anything aside"
    unpacked = stores.unpack("9.9.9", "sqlite", tmp_path / "unpacked")
    assert (unpacked / "backup" / "manifest.json").is_file()


def test_no_store_is_kept_of_what_is_no_release(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make, "version", lambda name: "9.9.9.dev0")
    with pytest.raises(SystemExit, match="make release VERSION"):
        make.main()


def test_no_store_is_kept_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make, "version", lambda name: stores.RELEASES[0])
    with pytest.raises(SystemExit, match="a release is kept once"):
        make.main()

"""A store of every earlier release: today's program opens it, and it says what it said then."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import pytest
import sqlalchemy as sa

from domain import catalogue
from projections import queue
from projections.generations import definition
from projections.schema import View, metadata, rows
from tests.console.conftest import Line
from tests.faults.conftest import ALONE
from tests.kept import folds
from tests.kept.make import Answers
from tests.kept.stores import AFTERWARDS, RELEASES, answers, restore_dump, unpack

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
LATER = ("--clock", AFTERWARDS)


@dataclass
class Kept:
    """A kept store at the end of a command line, and what it answered on its own day."""

    line: Line
    place: Path
    told: Answers

    def ask(self, *asked: str, text: str = "") -> Any:
        return self.line(*LATER, "--json", *asked, text=text).json

    @property
    def sizes(self) -> dict[str, int]:
        assert self.line.kept.system
        return {name: log.last() for name, log in self.line.kept.system.logs.items()}


@pytest.fixture(params=RELEASES)
def release(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=BOTH)
def kept(request: pytest.FixtureRequest, release: str, tmp_path: Path) -> Iterator[Kept]:
    """A kept store, whole, on each database in turn."""
    database = str(request.param)
    place = unpack(release, database, tmp_path)
    line = Line(str(place / "store"), place / "store")
    if database == "postgres":
        fresh: Callable[[], str] = request.getfixturevalue("fresh_database")
        line = Line(fresh(), place / "home")
        restore_dump(place / "dump.sql", line.store)
    yield Kept(line, place, answers(release, database))
    line.close()


def holds(answer: Any, then: Any) -> bool:
    """Whether an answer still says all that was said then: a later release may say more."""
    if isinstance(then, dict):
        return isinstance(answer, dict) and all(
            name in answer and holds(answer[name], one) for name, one in then.items()
        )
    if isinstance(then, list):
        return (
            isinstance(answer, list) and len(answer) == len(then) and all(map(holds, answer, then))
        )
    return bool(answer == then)


def test_it_opens_verifies_and_answers_as_it_did(kept: Kept) -> None:
    found = kept.ask("verify", "--allow-unproven")["logs"]
    assert {log["log"]: log["root"] for log in found} == kept.told.roots
    assert {log["log"]: log["size"] for log in found} == kept.told.sizes
    for given in kept.told.questions:
        answer = kept.ask(*given.words)
        assert holds(answer, given.answer), given.words
    assert kept.ask("--user", "administrator", "views", "compare") == {
        "equal": True,
        "differences": [],
    }


def test_its_commands_answer_the_same_and_its_files_change_nothing(kept: Kept) -> None:
    assert len(kept.told.commands) > 90
    for given in kept.told.commands:
        answer = kept.ask(*given.words, text=given.text)
        assert holds(answer, given.answer), given.words
    before = kept.sizes
    assert before["evidence"] == kept.told.sizes["evidence"]
    assert len(kept.told.imports) > 10
    for given in kept.told.imports:
        words = [word.replace("{FILES}", str(kept.place / "files")) for word in given.words]
        kept.ask(*words, text=given.text)
    assert kept.sizes["evidence"] == before["evidence"]
    assert kept.sizes["sources"] == before["sources"]


def test_its_backup_comes_back(release: str, tmp_path: Path) -> None:
    place = unpack(release, "sqlite", tmp_path)
    shutil.rmtree(place / "store")
    line = Line(str(place / "again"), place / "again")
    keys = ("--keys", str(place / "backup-keys"))
    said = line("restore", str(place / "backup"), "--into", line.store, *keys, *ALONE)
    assert said.code == 0, said
    kept = Kept(line, place, answers(release, "sqlite"))
    assert kept.ask("verify", "--allow-unproven")["ok"]
    for given in kept.told.questions:
        assert holds(kept.ask(*given.words), given.answer), given.words
    line.close()


def test_what_is_kept_holds_every_kind_of_event_of_its_day(kept: Kept) -> None:
    """What a later release adds to the catalogue is in the store that is kept of that one."""
    kept.ask("verify", "--allow-unproven")
    assert kept.line.kept.system
    logs = kept.line.kept.system.logs
    seen = {type(fact.event) for log in logs.values() for fact in log.read(0, max(log.last(), 1))}
    missing = {event.stored.topic for event in set(catalogue.EVENTS) - seen}
    assert len(seen) >= 148, sorted(missing)


# --- the folds ----------------------------------------------------------------------------------


def test_a_view_whose_fold_changed_has_another_version(release: str) -> None:
    """Where this fails: raise the `version` of the views that it names, unless their columns
    changed anyway, then write the folds down with `python -m tests.kept.folds`."""
    now, before = folds.fold(release), folds.known()[release]
    assert folds.unraised(before, now) == []
    assert now == before, "run: python -m tests.kept.folds"


def test_a_fold_that_changed_in_silence_is_found(release: str) -> None:
    before = folds.known()[release]
    changed = msgspec.structs.replace(before["queue"], rows="another")
    raised = msgspec.structs.replace(changed, definition="another")
    assert folds.unraised(before, before | {"queue": changed}) == ["queue"]
    assert folds.unraised(before, before | {"queue": raised}) == []


def test_a_column_an_index_and_a_version_make_another_definition() -> None:
    @rows("another", key=("one",))
    @dataclass(frozen=True)
    class One:
        table: ClassVar[sa.Table]
        one: str

    @rows("another_two", key=("one",))
    @dataclass(frozen=True)
    class Two:
        table: ClassVar[sa.Table]
        one: str
        two: str

    @rows("another_three", key=("one",), index=(("two",),))
    @dataclass(frozen=True)
    class Three:
        table: ClassVar[sa.Table]
        one: str
        two: str

    try:
        same = View("one", (One,), queue.VIEW.apply)
        others = [
            replace(same, rows=(Two,)),
            replace(same, rows=(Three,)),
            replace(same, version=2),
            replace(same, logs=("access",)),
            replace(same, rows=(One, Two)),
        ]
        found = [definition.of(view) for view in (same, *others)]
        assert len(set(found)) == len(found)
        assert definition.of(replace(same)) == found[0]
    finally:
        for row in (One, Two, Three):
            metadata.remove(row.table)

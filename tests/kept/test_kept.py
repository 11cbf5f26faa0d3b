"""Today's program opens a store of every earlier release, and gives the same answers as that
release did.
"""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import msgspec
import pytest
import sqlalchemy as sa
from msgspec import Struct

from domain import catalogue
from domain.families.referral import CaseClosed
from domain.intelligence.entity import AgeRecorded, AliasAdded, PersonNamed, PersonRecorded
from domain.kernel.envelope import Recorded
from projections.all_views import DEFINITIONS
from projections.generations import definition
from projections.information import queue
from projections.kernel.batch import RowBatch
from projections.kernel.handled import HANDLED
from projections.kernel.schema import SetAside, View, metadata, rows
from tests.console.conftest import Line
from tests.faults.conftest import ALONE
from tests.kept import folds, handled, told
from tests.kept.make import KEEPS
from tests.kept.stores import RELEASES, answers, unpack
from tests.support.kept.kept import Kept, _line, holds


@pytest.fixture
def untouched(release: str, tmp_path: Path) -> Iterator[Kept]:
    """Yield the saved store of a release on files as it is before today's program upgrades it."""
    unpack(release, "sqlite", tmp_path)
    line = _line(tmp_path, None)
    yield Kept(line, tmp_path, answers(release, "sqlite"))
    line.close()


def test_it_opens_verifies_and_answers_as_it_did(untouched: Kept) -> None:
    answers_as_it_did(untouched)


@pytest.mark.usually_on("postgres")
def test_once_it_is_brought_up_it_answers_as_it_did(kept: Kept) -> None:
    answers_as_it_did(kept)


def answers_as_it_did(kept: Kept) -> None:
    found = kept.ask("verify", "--allow-unproven")["logs"]
    assert {log["log"]: log["root"] for log in found} == kept.told.roots
    assert {log["log"]: log["size"] for log in found} == kept.told.sizes
    for question in kept.told.questions:
        answer = kept.ask(*question.words)
        assert holds(answer, question.answer), question.words
    assert kept.ask("--user", "administrator", "views", "compare") == {
        "equal": True,
        "differences": [],
    }


def test_its_commands_answer_the_same_and_its_files_change_nothing(kept: Kept) -> None:
    assert len(kept.told.commands) > 90
    for command in kept.told.commands:
        answer = kept.ask(*command.words, text=command.text)
        assert holds(answer, command.answer), command.words
    before = kept.sizes
    assert before["evidence"] == kept.told.sizes["evidence"]
    assert len(kept.told.imports) > 10
    for given in kept.told.imports:
        words = [word.replace("{FILES}", str(kept.place / "files")) for word in given.words]
        kept.ask(*words, text=given.text)
    assert kept.sizes["evidence"] == before["evidence"]
    assert kept.sizes["sources"] == before["sources"]


# later releases stored the inputs of their commands
@pytest.mark.parametrize("release", RELEASES[:1])
@pytest.mark.usually_on("sqlite")
def test_every_other_kind_of_command_is_known_under_its_old_id(kept: Kept) -> None:
    """A repeated command is recognised under its old id even if the release stored no inputs of its
    commands; tests/kept/told.py lists the commands that cannot be repeated.
    """
    kept.ask("verify", "--allow-unproven")
    assert kept.line.kept.system
    logs = kept.line.kept.system.logs
    facts = [fact for log in logs.values() for fact in log.read(0, max(log.last(), 1))]
    before, tried = kept.sizes, {given.words[-1] for given in kept.told.commands}
    for first, words, text in told.again(facts):
        assert kept.ask(*words, text=text)["ref"] == first.ref, words
        tried.add(str(first.command_id))
    assert kept.sizes["evidence"] == before["evidence"]
    assert kept.sizes["sources"] == before["sources"]
    recorded = told.by_command(facts)
    kinds = {fact.event.stored.name for one in recorded.values() for fact in one}
    found = {
        fact.event.stored.name
        for command, one in recorded.items()
        if str(command) in tried or told.of_a_file(one)
        for fact in one
    }
    assert kinds - found == told.NEVER.keys()


def test_its_backup_comes_back(release: str, tmp_path: Path) -> None:
    place = unpack(release, "sqlite", tmp_path)
    shutil.rmtree(place / "store")
    line = Line(str(place / "again"), place / "again")
    keys = ("--keys", str(place / "backup-keys"))
    said = line("restore", str(place / "backup"), "--into", line.store, *keys, *ALONE, *KEEPS)
    assert said.code == 0, said
    kept = Kept(line, place, answers(release, "sqlite"))
    assert kept.ask("verify", "--allow-unproven")["ok"]
    for question in kept.told.questions:
        assert holds(kept.ask(*question.words), question.answer), question.words
    line.close()


@pytest.mark.usually_on("sqlite")
def test_what_is_kept_holds_every_kind_of_event_of_its_day(kept: Kept) -> None:
    """The store of each release contains every event class of that release, including those that
    the release added.
    """
    kept.ask("verify", "--allow-unproven")
    assert kept.line.kept.system
    logs = kept.line.kept.system.logs
    seen = {type(fact.event) for log in logs.values() for fact in log.read(0, max(log.last(), 1))}
    missing = {event.stored.topic for event in set(catalogue.events()) - seen}
    assert len(seen) >= 148, sorted(missing)


# --- the hashes of the views' rows ---------------------------------------------------------------


def test_a_view_whose_fold_changed_has_another_version(release: str) -> None:
    """If a view computes other rows than before, its definition must have changed. If this test
    fails, raise the `version` of the views that it names, unless their columns changed, and run
    `python -m tests.kept.folds`."""
    now, before = folds.fold(release), folds.known()[release]
    assert folds.unraised(before, now) == []
    assert now == before, "run: python -m tests.kept.folds"


def test_each_view_is_listed_as_its_module_declares_it() -> None:
    """The list of views agrees with the modules that declare them. A store reads this list to
    decide whether its rows are current, because it does not import the modules for that."""
    assert DEFINITIONS.read_text("utf-8") == folds.listed(), "run: python -m tests.kept.folds"


def test_each_event_is_listed_with_the_views_that_handle_it() -> None:
    """The list of the events that each view uses agrees with the views' code. A view gets only the
    events of this list."""
    now = handled.listed(folds.declared())
    assert HANDLED.read_text("utf-8") == now, "run: python -m tests.kept.folds"


def test_a_view_that_may_read_a_field_or_a_row_handles_an_event() -> None:
    def reads(fact: Recorded, batch: RowBatch) -> None:
        match fact.event:
            case AgeRecorded(born=None):
                batch.put(SetAside("a person", "evidence", fact.seq, "has no birth"))
            case PersonNamed():
                batch.get(SetAside, "evidence", fact.seq)
            case AliasAdded() if fact.erased:
                batch.put(SetAside("an alias", "evidence", fact.seq, "is erased"))
            case PersonRecorded() if fact.by == "ana":
                batch.put(SetAside("a person", "evidence", fact.seq, "is hers"))
            case CaseClosed():
                _stream, batch.at = fact.stream, fact.seq

    some = handled.views([View("reads", (), reads)])
    assert {topic for topic, names in some.items() if names} == {
        event.stored.topic for event in (AgeRecorded, PersonNamed, AliasAdded, PersonRecorded)
    }


def test_a_fold_that_changed_in_silence_is_found(release: str) -> None:
    before = folds.known()[release]
    changed = msgspec.structs.replace(before["queue"], rows="another")
    raised = msgspec.structs.replace(changed, definition="another")
    assert folds.unraised(before, before | {"queue": changed}) == ["queue"]
    assert folds.unraised(before, before | {"queue": raised}) == []


def test_a_column_an_index_and_a_version_make_another_definition() -> None:
    @rows("another", key=("one",))
    class One(Struct, frozen=True):
        table: ClassVar[sa.Table]
        one: str

    @rows("another_two", key=("one",))
    class Two(Struct, frozen=True):
        table: ClassVar[sa.Table]
        one: str
        two: str

    @rows("another_three", key=("one",), index=(("two",),))
    class Three(Struct, frozen=True):
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

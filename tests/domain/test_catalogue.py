"""The list of all events agrees with its page in the documentation and with the stored sample of
every version.
"""

import ast
import importlib
import pkgutil
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

import commands
import domain
from access.who_may.event_rules import SAID_WITH
from domain import catalogue
from domain.kernel.envelope import Event
from ledger.store.mapper import EventMapper
from tests.events_page import PAGE, ROOMS, TOPICS, pages, topics
from tests.support.domain.listed import assert_each, declared, place_of

SAMPLES = Path(__file__).parent.parent / "data" / "events"
BY_TOPIC = {event.stored.topic: event for event in catalogue.events()}


def test_the_pages_say_what_the_catalogue_says() -> None:
    for file, text in pages().items():
        assert file.read_text(encoding="utf-8") == text, "run: python -m tests.events_page"
    assert {*ROOMS.iterdir()} == pages().keys() - {PAGE}


def test_each_event_is_listed_as_its_file_declares_it() -> None:
    """The list of events agrees with the event classes in their modules, and each class can be
    stored as the list says."""
    assert TOPICS.read_text(encoding="utf-8") == topics(), "run: python -m tests.events_page"
    assert [*catalogue.by_name().values()] == [*newest().values()]
    for log, listed in catalogue.by_log().items():
        events = [event for event in catalogue.events() if event.stored.log == log]
        assert [*listed] == [event.stored.topic for event in events]
        assert [*listed.values()] == events
        # the mapper refuses an event class that cannot be stored as declared
        EventMapper(log, events, {})


#: The content of a module that declares one event.
PLANTED = """
from typing import ClassVar

from domain.kernel.envelope import Event, Meaning, Stored


class Planted(Event, frozen=True):
    stored: ClassVar = Stored("planted.grown", "evidence", "none")
    meaning: ClassVar = Meaning(("work",))


EVENTS = (Planted,)
"""


@pytest.mark.parametrize(
    ("without", "fault"),
    [
        ("", ""),
        ('    meaning: ClassVar = Meaning(("work",))\n', "Planted has no `meaning`"),
        ("Planted,", "Planted is missing: add it to EVENTS"),
    ],
)
def test_an_event_needs_no_list_of_files_but_its_file_has_to_declare_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, without: str, fault: str
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    package = tmp_path / "planted"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "growing.py").write_text(PLANTED.replace(without, ""), encoding="utf-8")
    try:
        module = importlib.import_module("planted")
        if fault:
            with pytest.raises(TypeError, match=rf"planted/growing.py:7: {fault}"):
                declared(module)
        else:
            assert [event.__name__ for event in declared(module)] == ["Planted"]
    finally:
        for name in ("planted", "planted.growing"):
            sys.modules.pop(name, None)


def newest() -> dict[str, type[Event]]:
    """Return the newest version's event class for each stored name."""
    by_version = sorted(catalogue.events(), key=lambda event: event.stored.version)
    found = {event.stored.name: event for event in by_version}
    return {event.stored.name: found[event.stored.name] for event in catalogue.events()}


def test_every_stored_name_is_one_event_of_one_log() -> None:
    assert len(BY_TOPIC) == len(catalogue.events())
    assert sum(map(len, catalogue.by_log().values())) == len(catalogue.events())


def test_every_version_has_a_sample_and_no_sample_lost_its_event() -> None:
    stored = {path.name.removesuffix(".json") for path in SAMPLES.iterdir()}
    lacking = [f"{place_of(BY_TOPIC[topic])}: {topic}.json" for topic in BY_TOPIC.keys() - stored]
    assert not lacking, (
        f"write a sample in tests/data/events/, like those there: {', '.join(lacking)}"
    )
    assert stored <= BY_TOPIC.keys()


def test_a_stored_sample_loads_to_an_equal_event() -> None:
    assert_each(_loads, catalogue.events())


def _loads(kind: type[Event]) -> None:
    topic = kind.stored.topic
    assert (SAMPLES / f"{topic}.json").exists(), "it has no sample"
    stored: dict[str, Any] = msgspec.json.decode((SAMPLES / f"{topic}.json").read_bytes())
    assert f"{stored['name']}@{stored['version']}" == topic
    event = msgspec.convert(stored["event"], kind)
    written = msgspec.json.decode(msgspec.json.encode(event))
    assert _as_before(stored["event"], written) == stored["event"], (
        "a field was renamed, dropped or given another form"
    )
    assert msgspec.json.decode(msgspec.json.encode(event), type=kind) == event


def _as_before(stored: Any, written: Any) -> Any:
    """Return today's stored form of an event, `written`, without the fields that its older stored
    form, `stored`, did not have."""
    match stored:
        case dict() if isinstance(written, dict):
            return {name: _as_before(value, written.get(name)) for name, value in stored.items()}
        case list() if isinstance(written, list) and len(stored) == len(written):
            return [_as_before(*pair) for pair in zip(stored, written, strict=True)]
    return written


def test_what_is_sealed_is_a_field_and_somebody_holds_its_key() -> None:
    assert_each(_seals_fields, catalogue.events())


def _seals_fields(event: type[Event]) -> None:
    assert set(event.stored.sealed) <= set(event.__struct_fields__)
    assert not (event.stored.sealed and event.stored.key == "none")


def test_words_names_and_reasons_are_never_in_the_clear() -> None:
    assert_each(_seals_what_tells, catalogue.events())


def _seals_what_tells(event: type[Event]) -> None:
    telling = {"words", "text", "texts", "name", "reason", "note", "description", "concern"}
    assert telling.isdisjoint(set(event.__struct_fields__) - set(event.stored.sealed))


#: Commands that a rule of their own refuses before they read a stream, and commands that every user
#: may give.
ASKED_BEFORE = {
    "authority.approve", "authority.end", "disclosure.recall", "entry.join", "entry.open_alone",
    "escalation.make",
    "escalation.see", "glass.close", "grant.review", "access.anchor",
    "outbox.order_wipe", "outbox.take_back", "outbox.wiped",
}  # fmt: skip


def test_every_command_names_the_event_that_it_is_for() -> None:
    assert set(SAID_WITH) | set(SAID_WITH.values()) <= catalogue.by_name().keys()
    named = {
        name for file in Path(commands.__path__[0]).rglob("*.py") for name in _decision_names(file)
    }
    assert len(named) > 50
    assert named - ASKED_BEFORE <= catalogue.by_command().keys()


def _decision_names(file: Path) -> Iterator[str]:
    """Yield the names of the decisions that a file of commands records, such as "case.close"."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("act", "_act"):
            for argument in node.args[:4]:
                if isinstance(argument, ast.Constant) and "." in str(argument.value):
                    yield str(argument.value)


def test_streams_of_the_whole_store_share_no_id() -> None:
    """Each stream that exists once in a store has its own id, because the events of two streams
    with one id would be mixed. (`ERASURES` and `ANCHORS` have shared an id since 0.1; their
    events differ in type.)"""
    found: dict[UUID, set[str]] = defaultdict(set)
    for module in pkgutil.walk_packages(domain.__path__, "domain."):
        for name, one in vars(importlib.import_module(module.name)).items():
            if isinstance(one, UUID) and name.isupper():
                found[one].add(name)
    assert len(found) > 5
    assert [names for names in found.values() if len(names) > 1] == [{"ERASURES", "ANCHORS"}]

"""Facts become bytes and facts again; what is sealed stays out of the clear part."""

import json
import struct
import sys
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, ClassVar
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.envelope import Event, Stored
from ledger.mapper import (
    STATE_CAP,
    EventMapper,
    UnknownEvent,
    Unreadable,
    Unstorable,
    WrongLog,
)
from tests.ledger.events import (
    EVIDENCE,
    HEADER,
    Closed,
    Counted,
    Noted,
    Span,
    Told,
    Unlisted,
    Whispered,
    facts,
)

MAPPER = EventMapper("evidence", EVIDENCE, {})

text = st.text(st.characters(exclude_categories=["Cs"]))
events = st.one_of(
    st.builds(
        Noted,
        text,
        st.integers(-(2**63), 2**63 - 1),
        st.none() | st.uuids(),
        st.none() | st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=1))])),
        st.lists(st.builds(Span, st.integers(0, 99), st.integers(0, 99))).map(tuple),
    ),
    st.builds(Whispered, text),
    st.builds(Counted, st.integers(-(2**63), 2**63 - 1)),
    st.just(Closed()),
)


def parts(state: bytes) -> tuple[int, bytes, bytes]:
    kind, length = struct.unpack_from(">BI", state)
    return kind, state[5 : 5 + length], state[5 + length :]


@given(event=events)
def test_what_goes_in_comes_out(event: Event) -> None:
    (topic,), (state,), (read,) = MAPPER.encode(facts(event))
    assert topic == event.stored.topic
    assert read == event
    told = MAPPER.decode(topic, state)
    assert told.event == event
    assert (told.by, told.team, told.controller, told.regime, told.because_of) == (
        HEADER.by,
        HEADER.team,
        HEADER.controller,
        HEADER.regime,
        HEADER.because_of,
    )


@given(event=events)
def test_clear_part_and_body_divide_the_fields(event: Event) -> None:
    _, (state,), _ = MAPPER.encode(facts(event))
    kind, clear, body = parts(state)
    assert kind == 1
    whole = json.loads(clear + body)
    readable = json.loads(clear + b"}}")  # what is left when the key of the body is destroyed
    assert readable["by"] == HEADER.by
    assert set(readable["event"]) == set(whole["event"]) - set(event.stored.sealed)


def test_a_substitute_can_stand_in_for_an_erased_body() -> None:
    (topic,), (state,), _ = MAPPER.encode(facts(Noted("seen in Mill Lane", 3)))
    _, clear, _ = parts(state)
    told = MAPPER.decode(topic, state[:5] + clear + b',"words":"erased","spans":[]}}')
    assert told.event == Noted("erased", 3)


def test_a_nul_is_kept_as_an_escape() -> None:
    (topic,), (state,), _ = MAPPER.encode(facts(Noted("a\0b")))
    assert b"\0b" not in state[5:]
    assert MAPPER.decode(topic, state).event == Noted("a\0b")


@pytest.mark.parametrize("topic", ["antigravity:fly", "os:system", "note.unlisted@1", "", "note"])
def test_an_unknown_topic_is_refused_and_imports_nothing(topic: str) -> None:
    _, (state,), _ = MAPPER.encode(facts(Closed()))
    before = set(sys.modules)
    with pytest.raises(UnknownEvent, match="knows no event"):
        MAPPER.decode(topic, state)
    assert set(sys.modules) == before


def test_only_listed_events_of_this_log_are_written() -> None:
    with pytest.raises(UnknownEvent, match=r"note\.unlisted@1"):
        MAPPER.encode(facts(Unlisted()))
    with pytest.raises(WrongLog, match="belongs to the sources log"):
        MAPPER.encode(facts(Told("A parent")))
    with pytest.raises(WrongLog):
        EventMapper("evidence", [Told], {})


def test_an_event_that_could_not_be_read_back_is_refused() -> None:
    number: Any = 7
    nested: Any = (Span(1, 2), "three")
    for event in (
        Noted(number),
        Noted("half a character \ud800"),
        Noted("nested", spans=nested),
        Counted(True),
        Whispered(None),  # type: ignore[arg-type]
    ):
        with pytest.raises(Unstorable, match="cannot be stored"):
            MAPPER.encode(facts(event))
    with pytest.raises(Unstorable, match="versions start at 1"):
        MAPPER.encode(facts(Closed(), version=0))


def test_a_time_in_the_hour_when_clocks_go_back_is_kept() -> None:
    for fold in (0, 1):
        at = datetime(2011, 10, 30, 1, 30, tzinfo=ZoneInfo("Europe/London"), fold=fold)
        (topic,), (state,), (read,) = MAPPER.encode(facts(Noted("heard", told=at)))
        assert read == MAPPER.decode(topic, state).event
        assert isinstance(read, Noted)
        assert read.told
        assert read.told.astimezone(UTC) == at.astimezone(UTC)


def test_size_is_capped_both_ways() -> None:
    with pytest.raises(Unstorable, match="more than the 2,000,000"):
        MAPPER.encode(facts(Noted("x" * STATE_CAP)))
    (topic,), (state,), _ = MAPPER.encode(facts(Noted("x" * 500)))
    with pytest.raises(Unreadable):
        EventMapper("evidence", EVIDENCE, {}, cap=500).decode(topic, state)


@pytest.mark.parametrize(
    "damage",
    [
        lambda state: b"",
        lambda state: b"\x02" + state[1:],
        lambda state: state[:-1],
        lambda state: state[:5] + b"x" + state[6:],
        lambda state: state.replace(b'"number":4', b'"number":"4"'),
        lambda state: state.replace(b"uk-gdpr", b"no-law!"),
    ],
)
def test_damaged_bytes_are_unreadable_and_not_quoted(damage: Any) -> None:
    (topic,), (state,), _ = MAPPER.encode(facts(Noted("secret words", 4)))
    with pytest.raises(Unreadable) as refusal:
        MAPPER.decode(topic, damage(state))
    assert "secret" not in str(refusal.value)


def test_a_python_type_named_in_the_data_is_only_data() -> None:
    odd = '{"_type_":"uuid_hex","_data_":"x"}'
    (topic,), (state,), _ = MAPPER.encode(facts(Noted(odd)))
    assert MAPPER.decode(topic, state).event == Noted(odd)


def test_old_versions_are_converted_step_by_step() -> None:
    class First(Event, frozen=True):
        stored: ClassVar = Stored("note.moved", "evidence", "none")
        where: str

    class Second(Event, frozen=True):
        stored: ClassVar = Stored("note.moved", "evidence", "none", version=2)
        place: str

    class Third(Event, frozen=True):
        stored: ClassVar = Stored("note.moved", "evidence", "none", version=3)
        places: tuple[str, ...]

    old = EventMapper("evidence", [First], {})
    new = EventMapper(
        "evidence",
        [Third],
        {
            "note.moved@1": (First, lambda event: Second(event.where)),
            "note.moved@2": (Second, lambda event: Third((event.place,))),
        },
    )
    (topic,), (state,), _ = old.encode(facts(First("Town A")))
    told = new.decode(topic, state)
    assert told.event == Third(("Town A",))
    assert told.team == HEADER.team
    with pytest.raises(UnknownEvent):
        new.encode(facts(First("Town A")))


def test_a_catalogue_that_contradicts_itself_is_refused() -> None:
    class Twin(Event, frozen=True):
        stored: ClassVar = Stored("note.closed", "evidence", "none")

    class Hiding(Event, frozen=True):
        stored: ClassVar = Stored("note.hiding", "evidence", "record", sealed=("nothing",))

    with pytest.raises(TypeError, match="same stored name"):
        EventMapper("evidence", [Closed, Twin], {})
    with pytest.raises(TypeError, match="does not have"):
        EventMapper("evidence", [Hiding], {})
    with pytest.raises(TypeError, match="no old version"):
        EventMapper("evidence", [Closed], {"note.closed@1": (Closed, lambda event: event)})


def test_the_library_sees_the_same_bytes() -> None:
    (fact,) = facts(Noted("seen", about=uuid4()))
    (topic,), (state,), _ = MAPPER.encode([fact])
    stored = MAPPER.to_stored_event(fact)
    assert (stored.topic, stored.state) == (topic, state)
    assert MAPPER.to_domain_event(stored) == fact

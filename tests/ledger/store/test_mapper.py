"""Facts are converted to bytes and back without loss. The unencrypted part of the bytes contains no
field that must be encrypted."""

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.envelope import Event, Fact, Stored
from ledger.keys.keys import SealBroken
from ledger.keys.sealing import DataKey, place, unseal
from ledger.store.mapper import (
    STATE_CAP,
    EventMapper,
    UnknownEvent,
    Unreadable,
    Unstorable,
    WrongLog,
    parts,
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
KEY = DataKey(b"i" * 16, b"s" * 32)


def encode(
    told: Sequence[Fact], mapper: EventMapper = MAPPER
) -> tuple[list[str], list[bytes], list[Event]]:
    """Return the stored form of these facts, all encrypted with one key."""
    return mapper.encode(told, {(fact.originator_id.bytes, "record"): KEY for fact in told})


def decode(topic: str, state: bytes, fact: Fact, mapper: EventMapper = MAPPER) -> Any:
    """Return the event that was stored under this topic with these bytes."""
    where = fact.originator_id.bytes, fact.originator_version
    document, erased = mapper.decode(*where, topic, state, lambda key_id: KEY.secret)
    assert not erased
    return document


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


@given(event=events)
def test_what_goes_in_comes_out(event: Event) -> None:
    (fact,) = facts(event)
    (topic,), (state,), (read,) = encode([fact])
    assert topic == event.stored.topic
    assert read == event
    told = decode(topic, state, fact)
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
    (fact,) = facts(event)
    _, (state,), _ = encode([fact])
    clear, body = parts(state)
    assert state[0] == (2 if event.stored.sealed else 1)
    if event.stored.sealed:
        where = place(fact.originator_id.bytes, 1, event.stored.topic, clear)
        body = unseal(KEY.secret, where, body)
    whole = json.loads(clear + body)
    # this part is still readable when the key of the body is destroyed
    readable = json.loads(clear + b"}}")
    assert readable["by"] == HEADER.by
    assert set(readable["event"]) == set(whole["event"]) - set(event.stored.sealed)


def test_a_substitute_replaces_an_erased_body() -> None:
    (fact,) = facts(Noted("seen in Mill Lane", 3, spans=(Span(1, 2),)))
    (topic,), (state,), _ = encode([fact])
    stream = fact.originator_id.bytes
    told, erased = MAPPER.decode(stream, 1, topic, state, lambda key_id: None)
    assert erased
    assert told.event == Noted("[erased]", 3)
    assert told.by == HEADER.by


def test_a_nul_is_kept_as_an_escape() -> None:
    (fact,) = facts(Noted("a\0b"))
    (topic,), (state,), _ = encode([fact])
    assert decode(topic, state, fact).event == Noted("a\0b")


@pytest.mark.parametrize("topic", ["antigravity:fly", "os:system", "note.unlisted@1", "", "note"])
def test_an_unknown_topic_is_refused_and_imports_nothing(topic: str) -> None:
    (fact,) = facts(Closed())
    _, (state,), _ = encode([fact])
    before = set(sys.modules)
    with pytest.raises(UnknownEvent, match="knows no event"):
        decode(topic, state, fact)
    assert set(sys.modules) == before


def test_only_listed_events_of_this_log_are_written() -> None:
    with pytest.raises(UnknownEvent, match=r"note\.unlisted@1"):
        encode(facts(Unlisted()))
    with pytest.raises(WrongLog, match="belongs to the sources log"):
        encode(facts(Told("A parent")))
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
            encode(facts(event))
    with pytest.raises(Unstorable, match="the versions of a stream start at 1"):
        encode(facts(Closed(), version=0))


def test_a_time_in_the_hour_when_clocks_go_back_is_kept() -> None:
    for fold in (0, 1):
        at = datetime(2011, 10, 30, 1, 30, tzinfo=ZoneInfo("Europe/London"), fold=fold)
        (fact,) = facts(Noted("heard", told=at))
        (topic,), (state,), (read,) = encode([fact])
        assert read == decode(topic, state, fact).event
        assert isinstance(read, Noted)
        assert read.told
        assert read.told.astimezone(UTC) == at.astimezone(UTC)


def test_size_is_capped_both_ways() -> None:
    with pytest.raises(Unstorable, match="more than the 2,000,000"):
        encode(facts(Noted("x" * STATE_CAP)))
    (fact,) = facts(Noted("x" * 500))
    (topic,), (state,), _ = encode([fact])
    with pytest.raises(Unreadable):
        decode(topic, state, fact, EventMapper("evidence", EVIDENCE, {}, cap=500))


@pytest.mark.parametrize(
    "damage",
    [
        lambda state: b"",
        lambda state: b"\x03" + state[1:],
        lambda state: b"\x01" + state[1:],
        lambda state: state[:60],
        lambda state: state[:1] + b"\xff" + state[2:],
        lambda state: state[:-1],
        lambda state: state[:5] + b"x" + state[6:],
        lambda state: state.replace(b'"number":4', b'"number":"4"'),
        lambda state: state.replace(b"uk-gdpr", b"no-law!"),
    ],
)
def test_damaged_bytes_are_unreadable_and_not_quoted(damage: Any) -> None:
    (fact,) = facts(Noted("secret words", 4))
    (topic,), (state,), _ = encode([fact])
    with pytest.raises((Unreadable, SealBroken)) as refusal:
        decode(topic, damage(state), fact)
    assert "secret" not in str(refusal.value)


def test_a_python_type_named_in_the_data_is_only_data() -> None:
    odd = '{"_type_":"uuid_hex","_data_":"x"}'
    (fact,) = facts(Noted(odd))
    (topic,), (state,), _ = encode([fact])
    assert decode(topic, state, fact).event == Noted(odd)


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
    (fact,) = facts(First("Town A"))
    (topic,), (state,), _ = encode([fact], old)
    told = decode(topic, state, fact, new)
    assert told.event == Third(("Town A",))
    assert told.team == HEADER.team
    with pytest.raises(UnknownEvent):
        encode([fact], new)


def test_a_catalogue_that_contradicts_itself_is_refused() -> None:
    class Twin(Event, frozen=True):
        stored: ClassVar = Stored("note.closed", "evidence", "none")

    class Hiding(Event, frozen=True):
        stored: ClassVar = Stored("note.hiding", "evidence", "record", sealed=("nothing",))

    with pytest.raises(TypeError, match="same stored name"):
        EventMapper("evidence", [Closed, Twin], {})
    with pytest.raises(TypeError, match="does not have"):
        EventMapper("evidence", [Hiding], {})
    with pytest.raises(TypeError, match="is not an earlier version of an event of the"):
        EventMapper("evidence", [Closed], {"note.closed@1": (Closed, lambda event: event)})

"""Convert a fact to the bytes that the log stores, and back.

The stored `state` of an event:

    1 byte   format: 0x01 = the event has no encrypted fields, 0x02 = its body is encrypted
    4 bytes  length of the clear part, unsigned, big-endian
    clear    {"by":…,"team":…,"controller":…,"regime":…,"because_of":[…],"event":{"case":…
    body     ,"words":…}}     in an envelope (sealing.py), if it has fields

The clear part has the header and the fields that stay readable when a key is destroyed; the body
has the fields that `Stored.sealed` names. Together they are one JSON document, so that a fact is
read by one typed decode. If the key of a body was destroyed, placeholders for these fields follow
the clear part, and the same decode reads them.

A stored topic is looked up only in the list of known events. A topic never names a module, and no
Python object is built except the known Structs. The list may import an event's module when the
event is first needed.

The file is long because it has both encoding and decoding.
"""

import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache, cached_property
from operator import attrgetter
from os import urandom
from typing import Any, Generic, NoReturn, TypeVar, cast
from uuid import UUID

import msgspec
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from domain.kernel.decoding import decoder
from domain.kernel.envelope import Event, Fact, Header, LogName, Regime
from ledger.keys.keys import SealBroken
from ledger.keys.sealing import SALT, DataKey, key_id, place, seal, unseal
from ledger.proof.placeholders import substitute

UNSEALED, SEALED = 1, 2
STATE_CAP = 2_000_000
"""Largest number of bytes of a stored event: a long statement has some 50,000; original files are
not stored in events."""

_FRAME = struct.Struct(">BI")
_encode = msgspec.json.Encoder().encode
_decode_header = decoder(Header)

Converter = tuple[type[Event], Callable[[Any], Event]]
"""The class of an old version of an event, and the function that converts it to the next
version."""

#: The events of a log: a mapping from topics, which imports a class when it is needed; or all
#: classes.
Events = Mapping[str, type[Event]] | Iterable[type[Event]]

E = TypeVar("E", bound=Event)

_Decode = Callable[[bytes], "StoredDocument[Event]"]

SecretOf = Callable[[bytes], bytes | None]
"""A function that returns the secret of a data key by its id; None for a destroyed key."""


class UnknownEvent(Exception):
    """Raised for a topic or an event class that this log does not have."""


class WrongLog(Exception):
    """Raised for an event that belongs to another log."""


class Unstorable(ValueError):
    """Raised for an event that could not be read back: it is too large, a field has a wrong type,
    or a text has half of a surrogate pair.

    Such an event is refused before it is written, because nothing can be removed from an
    append-only log.
    """


class Unreadable(ValueError):
    """Raised for stored bytes that no log would have written."""


class StoredDocument(msgspec.Struct, Generic[E], frozen=True, gc=False):
    """The content of a stored event: its plain part and its decrypted body together."""

    by: str
    team: str
    controller: str
    regime: Regime
    because_of: tuple[str, ...]
    event: E
    clock: datetime | None = None


def _members(names: Sequence[str]) -> Callable[[Event], bytes]:
    """Return a function that returns the fields `names` of an event as JSON members
    without braces.
    """
    if not names:
        return lambda event: b""
    part = msgspec.defstruct("Part", [(name, Any) for name in names], frozen=True, gc=False)
    if len(names) == 1:
        get = attrgetter(names[0])
        return lambda event: _encode(part(get(event)))[1:-1]
    get = attrgetter(*names)
    return lambda event: _encode(part(*get(event)))[1:-1]


def _prefix(header: Header) -> bytes:
    """Return the plain part of a stored event, up to the event's own fields."""
    text = _encode(header)
    if _decode_header(text) != header:
        raise Unstorable("the header of the record would change when it is stored and read again")
    return text[:-1] + b',"event":{'


class _Codec:
    """The encoder and decoder of one event class. A codec is made when it is first used, because a
    command uses few classes."""

    def __init__(self, event: type[Event]) -> None:
        fields, sealed = event.__struct_fields__, event.stored.sealed
        if missing := set(sealed) - set(fields):
            raise TypeError(
                f"{event.__name__} seals fields that it does not have: {sorted(missing)}"
            )
        self.event, self.topic, self.family = event, event.stored.topic, event.stored.key
        self.seals = bool(sealed)
        self.comma = b"," if len(fields) > len(sealed) > 0 else b""

    @cached_property
    def clear(self) -> Callable[[Event], bytes]:
        sealed = self.event.stored.sealed
        return _members([name for name in self.event.__struct_fields__ if name not in sealed])

    @cached_property
    def sealed(self) -> Callable[[Event], bytes]:
        sealed = self.event.stored.sealed
        return _members([name for name in self.event.__struct_fields__ if name in sealed])

    @cached_property
    def decode(self) -> _Decode:
        document: Any = StoredDocument[self.event]  # type: ignore[name-defined]
        return decoder(document)

    @cached_property
    def decode_event(self) -> Callable[[bytes], Event]:
        return decoder(self.event)

    def parts(self, prefix: bytes, event: Event) -> tuple[bytes, bytes, Event]:
        """Return the plain part and the body of an event, and the event that a later reading will
        return.

        The returned event may not equal `event`: a time is read with an offset instead of a zone,
        and Python treats the two as unequal in the hour in which clocks go back.
        """
        clear = self.clear(event)
        body = self.comma + self.sealed(event) + b"}}"
        read = self.decode_event(b"{" + clear + body[:-1])
        return prefix + clear, body, read

    @cached_property
    def erased(self) -> bytes:
        """Return the placeholder body for an event whose key was destroyed."""
        return self.comma + substitute(self.event, self.event.stored.sealed) + b"}}"


# cached for each class, because one process may open and close many stores
_codec = cache(_Codec)


def _listed(events: Iterable[type[Event]], log: LogName) -> Mapping[str, type[Event]]:
    """Return these event classes by topic. Raises TypeError, WrongLog."""
    event_classes = list(events)
    by_topic = {_codec(event).topic: event for event in event_classes}
    if len(by_topic) < len(event_classes):
        raise TypeError(f"two events of the {log} log have the same stored name and version")
    for event in event_classes:
        if event.stored.log != log:
            raise WrongLog(f"{event.stored.topic} belongs to the {event.stored.log} log")
    return by_topic


def _no_keys(stream: UUID) -> SecretOf:
    raise SealBroken("this mapper has no keys, so it cannot open the record")


class EventMapper(Mapper[Any]):
    """The event-sourcing library's mapper for one log and its list of events.

    `events` are the events of the log `log`. For the topic of an old version of an event,
    `converters` has the class of the old version, and the function that converts it to the next
    version. `cap` is the largest size of a stored event, in bytes. `opening` returns the keys of a
    stream, for the library's own repository.
    """

    def __init__(
        self,
        log: LogName,
        events: Events,
        converters: Mapping[str, Converter],
        cap: int = STATE_CAP,
        opening: Callable[[UUID], SecretOf] = _no_keys,
    ) -> None:
        self.opening = opening
        # the base class requires a transcoder, but the transcoder is not used
        super().__init__(JSONTranscoder())
        self.log, self.cap = log, cap
        self._convert = {topic: convert for topic, (_, convert) in converters.items()}
        self._events = events if isinstance(events, Mapping) else _listed(events, log)
        self._by_class: dict[type[Event], _Codec] = {}
        self._by_topic: dict[str, _Codec] = {}
        for topic, (event, _) in converters.items():
            if topic != event.stored.topic or topic in self._events:
                raise TypeError(f"{topic} is not an earlier version of an event of the {log} log")
            self._by_topic[topic] = _codec(event)

    def encode(
        self, facts: Sequence[Fact], keys: Mapping[tuple[bytes, str], DataKey]
    ) -> tuple[list[str], list[bytes], list[Event]]:
        """Return the topics and stored bytes of the facts, and the events that a later reading will
        return.

        `keys` has the data key for each stream and family in which fields are encrypted. Raises
        `WrongLog`, `UnknownEvent` or `Unstorable`; then none of the facts may be written.
        """
        header: Header | None = None
        prefix = b""
        topics, states, events = [], [], []
        salts = urandom(SALT * len(facts)) if keys else b""
        for number, fact in enumerate(facts):
            codec = self._by_class.get(type(fact.event)) or self._of_event(fact.event)
            try:
                if fact.header is not header:
                    header = fact.header
                    prefix = _prefix(header)
                clear, body, event = codec.parts(prefix, fact.event)
            except (ValueError, TypeError, OverflowError) as error:
                raise Unstorable(f"{codec.topic} cannot be stored: {error}") from None
            if fact.originator_version < 1:
                raise Unstorable(f"{codec.topic}: the versions of a stream start at 1")
            kind = UNSEALED
            if codec.seals:
                kind, stream = SEALED, fact.originator_id.bytes
                where = place(stream, fact.originator_version, codec.topic, clear)
                salt = salts[SALT * number : SALT * number + SALT]
                body = seal(keys[stream, codec.family], salt, where, body)
            state = _FRAME.pack(kind, len(clear)) + clear + body
            if len(state) > self.cap:
                raise Unstorable(
                    f"{codec.topic} takes {len(state):,} bytes, more than the {self.cap:,} "
                    "that one record may have: import the original file, and record its "
                    "main points"
                )
            topics.append(codec.topic)
            states.append(state)
            events.append(event)
        return topics, states, events

    def decode(
        self, stream: bytes, version: int, topic: str, state: bytes, secret_of: SecretOf
    ) -> tuple[StoredDocument[Event], bool]:
        """Return the content of one stored event, and whether its encrypted fields were erased.

        Raises `UnknownEvent` for a topic that this log does not have, `Unreadable` for bytes that
        do not have the layout or the event's types, `SealBroken` for a body that was changed or
        moved, or that has another key.
        """
        codec = self._by_topic.get(topic) or self._of_topic(topic)
        if codec is None:
            raise UnknownEvent(f"the {self.log} log knows no event called {topic!r}")
        kind = SEALED if codec.seals else UNSEALED
        if len(state) < _FRAME.size or state[0] != kind or len(state) > self.cap:
            raise Unreadable(f"{topic}: the record is not in a format that this release reads")
        erased, text = False, state[_FRAME.size :]
        if codec.seals:
            clear, envelope = parts(state)
            secret = secret_of(key_id(envelope))
            erased = secret is None
            if secret is None:
                body = codec.erased
            else:
                body = unseal(secret, place(stream, version, topic, clear), envelope)
            text = clear + body
        try:
            document = codec.decode(text)
        except ValueError as error:  # msgspec's message names the field, and never its content
            raise Unreadable(f"{topic}: {error}") from None
        return self._newest(topic, document) if topic in self._convert else document, erased

    def kind(self, topic: str) -> type[Event] | None:
        """Return the event class of a topic. Return None if the topic is unknown, or if it is the
        topic of an old version of an event, which only its converter can read.
        """
        codec = self._by_topic.get(topic) or self._of_topic(topic)
        return None if codec is None or topic in self._convert else codec.event

    def _of_topic(self, topic: str) -> _Codec | None:
        """Return the codec of the event with this topic; None for an unknown topic."""
        event = self._events.get(topic)
        if event is None:
            return None
        codec = self._by_topic[topic] = self._by_class[event] = _codec(event)
        return codec

    def _of_event(self, event: Event) -> _Codec:
        """Return the codec of an event's class. Raises WrongLog, UnknownEvent."""
        codec = self._of_topic(event.stored.topic)
        return codec if codec and codec.event is type(event) else self._refuse(event)

    def _newest(self, topic: str, document: StoredDocument[Event]) -> StoredDocument[Event]:
        event = document.event
        while convert := self._convert.get(topic):
            event = convert(event)
            topic = event.stored.topic
        return msgspec.structs.replace(document, event=event)

    def _refuse(self, event: Event) -> _Codec:
        if event.stored.log != self.log:
            raise WrongLog(
                f"{event.stored.topic} belongs to the {event.stored.log} log, not to {self.log}"
            )
        raise UnknownEvent(f"the {self.log} log knows no event called {event.stored.topic!r}")

    def to_stored_event(self, domain_event: DomainEventProtocol[Any]) -> NoReturn:
        """Raise TypeError: events are only converted together with their keys, by `Log.save`, which
        makes missing keys."""
        raise TypeError("a log only adds records: use append or save")

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[Any]:
        """Return a stored event as the fact that was saved, for `repository.get`."""
        stream = cast(UUID, stored_event.originator_id)
        document, _ = self.decode(
            stream.bytes,
            stored_event.originator_version,
            stored_event.topic,
            stored_event.state,
            self.opening(stream),
        )
        clock = msgspec.UNSET if document.clock is None else document.clock
        header = Header(
            document.by,
            document.team,
            document.controller,
            document.regime,
            document.because_of,
            clock,
        )
        fact = Fact(stream, stored_event.originator_version, header, document.event)
        return cast(DomainEventProtocol[Any], fact)


def parts(state: bytes) -> tuple[bytes, bytes]:
    """Return the plain part and the body of a stored event. Raises `Unreadable`."""
    if len(state) < _FRAME.size:
        raise Unreadable("the record is cut short")
    _, length = _FRAME.unpack_from(state)
    end = _FRAME.size + length
    if end > len(state):
        raise Unreadable("the record is cut short")
    return state[_FRAME.size : end], state[end:]


def sealed_under(state: bytes) -> bytes | None:
    """Return the id of the data key of a stored event; None if it is not encrypted, or is
    damaged."""
    try:
        return key_id(parts(state)[1]) if state[:1] == bytes([SEALED]) else None
    except (Unreadable, SealBroken):
        return None

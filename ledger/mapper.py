"""How does a fact become bytes, and bytes a fact again?

The stored `state` of an event:

    1 byte   format: 0x01 = the body is not sealed
    4 bytes  length of the clear part, unsigned, big-endian
    clear    {"by":…,"team":…,"controller":…,"regime":…,"because_of":[…],"event":{"case":…
    body     ,"words":…}}

The clear part is the header and the fields that stay readable when a key is destroyed; the body is
the fields that `Stored.sealed` names. Together they are one JSON document, so that a fact is read
by one typed decode. When a body is gone, a substitute for the fields of `Stored.sealed` takes its
place after the clear part, and the same decode serves.

A stored topic is looked up in the list of known events and nowhere else: it never names a module,
nothing is imported, no Python object is built but the known Structs.
"""

import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Generic, TypeVar, cast

import msgspec
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from domain.envelope import Event, Fact, Header, LogName, Regime

UNSEALED = 1
STATE_CAP = 2_000_000
"""Bytes of one stored event: a long statement is some 50,000; an original file is no event."""

_FRAME = struct.Struct(">BI")
_encode = msgspec.json.Encoder().encode
_decode_header = msgspec.json.Decoder(Header).decode

Converter = tuple[type[Event], Callable[[Any], Event]]
"""The class of an old version, and what turns it into the next version."""

E = TypeVar("E", bound=Event)

_Decode = Callable[[bytes], "StoredDocument[Event]"]


class UnknownEvent(Exception):
    """A topic, or an event's class, that is not among the events this log was opened with."""


class WrongLog(Exception):
    """An event was sent to a log it does not belong to."""


class Unstorable(ValueError):
    """An event that could not be read back: too large, half a character, a field of a wrong type.

    It is refused before it is written, since an append-only log keeps what it takes.
    """


class Unreadable(ValueError):
    """Stored bytes that are not what this log writes."""


class StoredDocument(msgspec.Struct, Generic[E], frozen=True, gc=False):
    """What clear part and body say together."""

    by: str
    team: str
    controller: str
    regime: Regime
    because_of: tuple[str, ...]
    event: E


def _members(names: Sequence[str]) -> Callable[[Event], bytes]:
    """A function that gives these fields of an event as JSON members, without braces."""
    if not names:
        return lambda event: b""
    part = msgspec.defstruct("Part", [(name, Any) for name in names], frozen=True, gc=False)
    if len(names) == 1:
        get = attrgetter(names[0])
        return lambda event: _encode(part(get(event)))[1:-1]
    get = attrgetter(*names)
    return lambda event: _encode(part(*get(event)))[1:-1]


def _prefix(header: Header) -> bytes:
    """The clear part up to the event's fields."""
    text = _encode(header)
    if _decode_header(text) != header:
        raise Unstorable("its header would come back changed")
    return text[:-1] + b',"event":{'


class _Codec:
    """How one event class is written and read."""

    __slots__ = ("both", "clear", "decode", "decode_event", "sealed", "topic")

    def __init__(self, event: type[Event]) -> None:
        fields, sealed = event.__struct_fields__, event.stored.sealed
        if missing := set(sealed) - set(fields):
            raise TypeError(f"{event.__name__} seals fields it does not have: {sorted(missing)}")
        self.topic = event.stored.topic
        self.clear = _members([name for name in fields if name not in sealed])
        self.sealed = _members([name for name in fields if name in sealed])
        self.both = len(fields) > len(sealed) > 0
        document: Any = StoredDocument[event]  # type: ignore[valid-type]
        self.decode: _Decode = msgspec.json.Decoder(document).decode
        self.decode_event = msgspec.json.Decoder(event).decode

    def state(self, prefix: bytes, event: Event) -> tuple[bytes, Event]:
        """The stored bytes, and the event that they give when they are read.

        It need not be equal to `event`: a time comes back with an offset in place of a zone, and
        Python calls the two unequal in the hour when clocks go back.
        """
        clear = prefix + self.clear(event)
        comma = b"," if self.both else b""
        state = b"".join(
            (_FRAME.pack(UNSEALED, len(clear)), clear, comma, self.sealed(event), b"}}")
        )
        return state, self.decode_event(state[_FRAME.size + len(prefix) - 1 : -1])


class EventMapper(Mapper[Any]):
    """The library's mapper for one log, over the list of events that the log knows.

    `events` belong to `log`; `converters` maps the topic of an old version to its class and to the
    function that makes the next version of it. `cap` is the largest state in bytes.
    """

    def __init__(
        self,
        log: LogName,
        events: Iterable[type[Event]],
        converters: Mapping[str, Converter],
        cap: int = STATE_CAP,
    ) -> None:
        super().__init__(JSONTranscoder())  # the base class wants one; nothing here uses it
        self.log, self.cap = log, cap
        self._convert = {topic: convert for topic, (_, convert) in converters.items()}
        self._by_class = {event: _Codec(event) for event in events}
        self._decode = {codec.topic: codec.decode for codec in self._by_class.values()}
        if len(self._decode) < len(self._by_class):
            raise TypeError(f"two events of the {log} log have the same stored name and version")
        for event in self._by_class:
            if event.stored.log != log:
                raise WrongLog(f"{event.stored.topic} belongs to the {event.stored.log} log")
        for topic, (event, _) in converters.items():
            if topic != event.stored.topic or topic in self._decode:
                raise TypeError(f"{topic} is no old version of an event of the {log} log")
            self._decode[topic] = _Codec(event).decode

    def encode(self, facts: Iterable[Fact]) -> tuple[list[str], list[bytes], list[Event]]:
        """The topics and states of the facts, and the events that reading them will give.

        Raises `WrongLog`, `UnknownEvent` or `Unstorable`; then none of the facts may be written.
        """
        header: Header | None = None
        prefix = b""
        topics, states, events = [], [], []
        for fact in facts:
            codec = self._by_class.get(type(fact.event)) or self._refuse(fact.event)
            try:
                if fact.header is not header:
                    header = fact.header
                    prefix = _prefix(header)
                state, event = codec.state(prefix, fact.event)
            except (ValueError, TypeError, OverflowError) as error:
                raise Unstorable(f"{codec.topic} cannot be stored: {error}") from None
            if fact.originator_version < 1:
                raise Unstorable(f"{codec.topic}: a stream's versions start at 1")
            if len(state) > self.cap:
                raise Unstorable(
                    f"{codec.topic} takes {len(state):,} bytes, more than the {self.cap:,} that "
                    "one entry may have; keep the original file and enter what matters"
                )
            topics.append(codec.topic)
            states.append(state)
            events.append(event)
        return topics, states, events

    def decode(self, topic: str, state: bytes) -> StoredDocument[Event]:
        """What one stored event says.

        Raises `UnknownEvent` for a topic that this log does not know, and `Unreadable` for bytes
        that do not follow the layout or the event's types.
        """
        decode = self._decode.get(topic)
        if decode is None:
            raise UnknownEvent(f"the {self.log} log knows no event called {topic!r}")
        if not state or state[0] != UNSEALED or len(state) > self.cap:
            raise Unreadable(f"{topic}: not in a format that this version reads")
        try:
            document = decode(state[_FRAME.size :])
        except ValueError as error:  # msgspec names the field, never its content
            raise Unreadable(f"{topic}: {error}") from None
        return self._newest(topic, document) if topic in self._convert else document

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

    def to_stored_event(self, domain_event: DomainEventProtocol[Any]) -> StoredEvent:
        """For `Application.save`: the same bytes as `encode`."""
        if not isinstance(domain_event, Fact):
            raise TypeError(f"only a Fact can be saved, not a {type(domain_event).__name__}")
        (topic,), (state,), _ = self.encode((domain_event,))
        return StoredEvent(
            domain_event.originator_id, domain_event.originator_version, topic, state
        )

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[Any]:
        """For `repository.get`: the fact as it was saved."""
        told = self.decode(stored_event.topic, stored_event.state)
        header = Header(told.by, told.team, told.controller, told.regime, told.because_of)
        fact = Fact(
            originator_id=cast(Any, stored_event.originator_id),
            originator_version=stored_event.originator_version,
            header=header,
            event=told.event,
        )
        return cast(DomainEventProtocol[Any], fact)

"""The event classes by topic, by stored name and by log.

The table is `event_topics.py`, which `python -m tests.events_page` writes from the classes in
`domain/`. A module with events is imported only when one of its events is looked up.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module

from domain.event_topics import TOPICS
from domain.kernel.envelope import Event, LogName

LOGS: tuple[LogName, ...] = ("evidence", "sources", "product", "access")


@cache
def events() -> tuple[type[Event], ...]:
    """Return the classes of all events, in the order of their files' names."""
    return tuple(Events({topic: place for topic, _, place, _ in _listed()}).values())


class Events(Mapping[str, type[Event]]):
    """A mapping from a name, such as an event's topic, to the event's class. The class's module is
    imported when the class is first looked up.
    """

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = places

    def place(self, name: str) -> str:
        """Return where an event's class is declared, as the module and the class:
        "families.need:NeedRecorded". `name` is the event's key in this mapping. Raises KeyError if
        there is no such event.
        """
        return self._places[name]

    def __getitem__(self, name: str) -> type[Event]:
        file, _, event = self._places[name].partition(":")
        event_class: type[Event] = getattr(import_module(f"domain.{file}"), event)
        return event_class

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


@cache
def by_log() -> Mapping[LogName, Events]:
    """Return for each of the four logs the classes of events that it may have."""
    places: dict[str, dict[str, str]] = {log: {} for log in LOGS}
    for topic, log, place, _ in _listed():
        places[log][topic] = place
    return {log: Events(places[log]) for log in LOGS}


@cache
def by_name() -> Events:
    """Return the newest version of the event of each stored name."""
    newest: dict[str, tuple[int, str]] = {}
    for topic, _, place, _ in _listed():
        name, _, version = topic.partition("@")
        newest[name] = max(newest.get(name, (0, "")), (int(version), place))
    return Events({name: place for name, (_, place) in newest.items()})


@cache
def by_command() -> Events:
    """Return the event class that each command records, by the command's name."""
    newest = {by_name().place(name) for name in by_name()}
    listed = ((place, commands) for _, _, place, commands in _listed() if place in newest)
    return Events({command: place for place, commands in listed for command in commands})


@cache
def _listed() -> tuple[tuple[str, str, str, tuple[str, ...]], ...]:
    """Return the topic, log, class ("module:name") and commands of each event that may be
    recorded.
    """
    listed_events, file = [], ""
    for line in TOPICS.splitlines():
        if not line.startswith(" "):
            file = line
            continue
        topic, log, name, *commands = line.split()
        listed_events.append((topic, log, f"{file}:{name}", tuple(commands)))
    return tuple(listed_events)

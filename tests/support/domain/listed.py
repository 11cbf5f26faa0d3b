"""Functions that compare a list of event names, written by hand, with all event classes, and say
where to add a missing event."""

import importlib
import inspect
import os
import pkgutil
from collections.abc import Callable, Collection, Iterable, Iterator
from types import ModuleType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import domain
from domain.kernel.envelope import Event
from tests.house.tree import ROOT


def place_of(event: type) -> str:
    """Return the file and the line of an event's class, such as "domain/families/need.py:59"."""
    path = os.path.relpath(inspect.getsourcefile(event) or "", ROOT)
    return f"{path}:{inspect.getsourcelines(event)[1]}"


def declared(package: ModuleType = domain) -> list[type[Event]]:
    """Return each class in `domain/` (or in `package`) that declares how its events are stored, in
    the order of the files' names. Raises TypeError for a class that declares no `meaning`, or
    that is not in its file's list `EVENTS`."""
    found: list[type[Event]] = []
    for one in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        module = importlib.import_module(one.name)
        for event in vars(module).values():
            if not (isinstance(event, type) and issubclass(event, Event)):
                continue
            if event.__module__ != one.name or "stored" not in vars(event):
                continue
            where = f"{place_of(event)}: {event.__name__}"
            if not hasattr(event, "meaning"):
                raise TypeError(
                    f"{where} has no `meaning`: write what it requires and changes "
                    "(domain/kernel/envelope.py)"
                )
            if event not in getattr(module, "EVENTS", ()):
                raise TypeError(f"{where} is missing: add it to EVENTS, at the end of its classes")
            found.append(event)
    return found


def unlisted(listed: Collection[str], events: Iterable[type[Event]], where: str) -> Iterator[str]:
    """Yield a line for each event that is missing from the list `listed`, and for each name in the
    list that is no event. `where` says in which file the list is."""
    places = {event.stored.name: place_of(event) for event in events}
    for name in sorted(places.keys() - set(listed)):
        yield f"{places[name]}: {name} is missing: write {where}"
    for name in sorted(set(listed) - places.keys()):
        yield f"{name} is no event: take it out: {where}"


def assert_each(check: Callable[[type[Event]], None], events: Iterable[type[Event]]) -> None:
    """Check each event; fail with a line for each event with a fault. (One test for each event
    would take many times as long as the checks.)
    """
    faults = []
    for event in events:
        try:
            check(event)
        except Exception as error:  # noqa: BLE001 (the next events are checked as well)
            faults.append(f"{place_of(event)}: {event.stored.topic}: {error!r}")
    assert not faults, "\n".join(faults)


def kinds_in(hint: Any) -> Iterator[Any]:
    """Yield the plain types that a field's type contains: the members of a union, the items of a
    tuple, and the keys and values of a dict."""
    origin = get_origin(hint)
    if origin is Annotated:
        yield from kinds_in(get_args(hint)[0])
    elif origin in (Union, UnionType, tuple, frozenset, list, dict):
        for argument in get_args(hint):
            yield from kinds_in(argument)
    elif origin is not Literal and hint not in (Ellipsis, type(None)):
        yield hint

"""Hand-written lists of events, held to the catalogue: what is missing is named with its place."""

import inspect
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from domain.kernel.envelope import Event
from tests.house.tree import ROOT


def place_of(event: type) -> str:
    """The file and the line of a class: "domain/families/need.py:59"."""
    path = Path(inspect.getsourcefile(event) or "").relative_to(ROOT)
    return f"{path}:{inspect.getsourcelines(event)[1]}"


def unlisted(listed: Collection[str], events: Iterable[type[Event]], where: str) -> Iterator[str]:
    """Yield a line for each of these events whose stored name is not listed, and for each name that
    is listed and is none of theirs; `where` says which line to write, and in which file."""
    places = {event.stored.name: place_of(event) for event in events}
    for name in sorted(places.keys() - set(listed)):
        yield f"{places[name]}: {name} is missing: write {where}"
    for name in sorted(set(listed) - places.keys()):
        yield f"{name} is no event: take it out: {where}"

"""Suggest other words if a professional's text blames a child or a parent, or gives a parent a task
of the police.

The suggestions are shown after a command is recorded, in every user interface. No command is
refused because of them, and they are not stored. Quoted words of a parent or a child get no
suggestions.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import get_args, get_type_hints

from domain.information.observation import ObservationRecorded
from domain.kernel.envelope import Event
from domain.kernel.fields import WRITTEN, marked
from domain.language import BlamingPhrase, find_blame

#: The texts that were checked, each with its suggestions.
Checked = dict[str, tuple[BlamingPhrase, ...]]


def suggestions(
    events: Iterable[Event], checked: Checked | None = None
) -> tuple[BlamingPhrase, ...]:
    """Return suggestions for blaming words that a professional wrote in these events; quotations
    are not checked. A text in several events is checked once, and a text in `checked` not again.
    """
    phrases: Checked = {} if checked is None else checked
    texts = dict.fromkeys(text for event in events for text in _texts(event))
    for text in texts:
        if text not in phrases:
            phrases[text] = tuple([finding for finding in find_blame(text) if not finding.quoted])
    return tuple([finding for text in texts for finding in phrases[text]])


def _texts(event: Event) -> Iterator[str]:
    """Yield the professional's texts in an event, and in an event that it proposes."""
    for name in _written(event):
        value = getattr(event, name)
        if isinstance(value, Event):
            yield from _texts(value)
        elif value:
            yield value


def _written(event: Event) -> tuple[str, ...]:
    if isinstance(event, ObservationRecorded):
        own = event.form == "own-observation" or event.opinion == "opinion"
        return ("words", "urgent_reason") if own else ("urgent_reason",)
    return _fields(type(event))


@cache
def _fields(kind: type[Event]) -> tuple[str, ...]:
    """Return the names of an event's fields that hold a professional's text, or a proposed
    event.
    """
    hints, written = get_type_hints(kind), marked(kind, WRITTEN)
    proposed = (name for name, hint in hints.items() if any(map(_is_event, get_args(hint))))
    wanted = {*written, *proposed}
    return tuple([name for name in kind.__struct_fields__ if name in wanted])


def _is_event(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Event)


def describe(finding: BlamingPhrase) -> str:
    """Return the suggestion for a blaming phrase as a sentence for the user."""
    return f"{finding.words!r}: {finding.why}. Instead: {'; or: '.join(finding.instead)}"

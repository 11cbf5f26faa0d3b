"""Suggest other words if a professional's text blames a child or a parent, or gives them a task.

The suggestions are made after a command is recorded, in every front alike: no command is refused
because of them, and they are not stored. The words of a parent or a child remain as they were said.
"""

from collections.abc import Iterable, Iterator

from domain.information.observation import ObservationRecorded
from domain.kernel.envelope import Event
from domain.kernel.fields import WRITTEN, marked
from domain.language import BlamingPhrase, find_blame

#: The suggestions for each text that was checked.
Checked = dict[str, tuple[BlamingPhrase, ...]]


def suggestions(
    events: Iterable[Event], checked: Checked | None = None
) -> tuple[BlamingPhrase, ...]:
    """Return the suggestions for blaming words that a professional wrote, except in quotations. A
    text in several events is checked once, and not at all if it was `checked` before.
    """
    known: Checked = {} if checked is None else checked
    texts = dict.fromkeys(text for event in events for text in _texts(event))
    for text in texts:
        if text not in known:
            known[text] = tuple([finding for finding in find_blame(text) if not finding.quoted])
    return tuple([finding for text in texts for finding in known[text]])


def _texts(event: Event) -> Iterator[str]:
    """Yield the professional's texts in an event, and in an event that it proposes."""
    written = _written(event)
    for name in event.__struct_fields__:
        value = getattr(event, name)
        if isinstance(value, Event):
            yield from _texts(value)
        elif value and name in written:
            yield value


def _written(event: Event) -> tuple[str, ...]:
    if isinstance(event, ObservationRecorded):
        own = event.form == "own-observation" or event.opinion == "opinion"
        return ("words", "urgent_reason") if own else ("urgent_reason",)
    return marked(type(event), WRITTEN)


def describe(finding: BlamingPhrase) -> str:
    """Return the suggestion for a blaming phrase as a sentence for the user."""
    return f"{finding.words!r}: {finding.why}. Instead: {'; or: '.join(finding.instead)}"

"""What blames a child or a parent in a professional's words, or gives them a task, with what to
write instead.

Offered once a command is recorded, in every front alike: nothing is held up, and nothing of it is
stored. What a parent or a child said stays as it was said.
"""

from collections.abc import Iterable, Iterator

from domain.information.observation import ObservationRecorded
from domain.kernel.envelope import Event
from domain.kernel.fields import WRITTEN, marked
from domain.language import BlamingPhrase, look


def offers(events: Iterable[Event]) -> tuple[BlamingPhrase, ...]:
    """What to write instead of words that blame, of those that a professional wrote; what they
    quote is somebody's own and stays. A text that stands in several events is looked at once."""
    texts = dict.fromkeys(text for event in events for text in _texts(event))
    return tuple(finding for text in texts for finding in look(text) if not finding.quoted)


def _texts(event: Event) -> Iterator[str]:
    """What a professional wrote in an event, and in what it proposes to record."""
    for name in event.__struct_fields__:
        value = getattr(event, name)
        if isinstance(value, Event):
            yield from _texts(value)
        elif name in _written(event) and value:
            yield value


def _written(event: Event) -> tuple[str, ...]:
    if isinstance(event, ObservationRecorded):
        own = event.form == "own-observation" or event.opinion == "opinion"
        return ("words", "urgent_reason") if own else ("urgent_reason",)
    return marked(type(event), WRITTEN)


def said(finding: BlamingPhrase) -> str:
    """An offer, for a person."""
    return f"{finding.words!r}: {finding.why}. Instead: {'; or: '.join(finding.instead)}"

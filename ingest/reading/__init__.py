"""Reading words: which people, plates, numbers, places and times a text seems to name.

Every mention is a suggestion with a confidence; a person confirms, corrects or drops it.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from domain.forms import moments_in
from domain.values import Mention
from ingest.reading.identifiers import handles, masked, phones, plates, postcodes
from ingest.reading.people import people
from ingest.reading.places import places
from ingest.reading.urgency import urgency_signs
from ingest.reading.vehicles import vehicles

__all__ = ["read", "urgency_signs"]

_UNSURE_TIME, _SURE_TIME = 0.6, 0.85


def read(text: str, *, written_at: datetime, names: Collection[str] = ()) -> list[Mention]:
    """The mentions in `text`, in order and without overlap.

    `written_at` is when the words were written (local, if it has no zone): times are told
    from there. `names` are the confirmed names of the case.
    """
    kept = _Kept()
    kept.block(masked(text))
    kept.take(phones(text))
    kept.take(handles(text))
    kept.take(postcodes(text))
    kept.take(plates(text))
    kept.take(_times(text, written_at))
    kept.take(vehicles(text))
    kept.take(places(text))
    kept.take(people(text, kept.spans, names))
    return sorted(kept.mentions, key=lambda m: m.start)


def _times(text: str, written_at: datetime) -> Iterator[Mention]:
    for told in moments_in(text, written_at):
        normalised = told.moment.normalised if told.moment else None
        yield Mention(told.start, told.end, "when", normalised, _SURE_TIME if told.sure else _UNSURE_TIME)


class _Kept:
    """Mentions that do not overlap: who comes first keeps the words."""

    def __init__(self) -> None:
        self.mentions: list[Mention] = []
        self.spans: list[tuple[int, int]] = []

    def block(self, spans: Iterable[tuple[int, int]]) -> None:
        self.spans.extend(spans)

    def take(self, found: Iterable[Mention]) -> None:
        for mention in found:
            if all(end <= mention.start or mention.end <= start for start, end in self.spans):
                self.mentions.append(mention)
                self.spans.append((mention.start, mention.end))

"""Read texts: find the people, plates, numbers, places and times that they seem to name.

Every mention is a suggestion with a confidence; a person confirms, corrects or rejects it.
"""

from bisect import bisect, insort
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from domain.forms import moments_in
from domain.forms.lookalikes import in_ascii
from domain.kernel.values import Mention
from ingest.reading.drift import drift_signs
from ingest.reading.gazetteer import towns
from ingest.reading.handles import handles, masked, platform_near
from ingest.reading.noticed import noticed
from ingest.reading.people import people
from ingest.reading.phones import phones, postcodes
from ingest.reading.places import places
from ingest.reading.plates import plates
from ingest.reading.urgency import urgency_signs
from ingest.reading.vehicles import vehicles

__all__ = ["GRAMMAR", "drift_signs", "noticed", "platform_near", "read", "urgency_signs"]

#: Version of the rules for reading texts; if the rules change, the version changes.
GRAMMAR = "rules/7"

_UNSURE_TIME, _SURE_TIME = 0.6, 0.85


def read(
    text: str,
    *,
    written_at: datetime,
    names: Collection[str] = (),
    known: frozenset[str] = frozenset(),
) -> list[Mention]:
    """Return the people, plates, numbers and places that `text` mentions, in order and without
    overlap.

    `written_at` is when the text was written (local, if it has no zone): times count from there.
    `names` are the confirmed names of the case; `known` are places that the police force added to
    the country's towns.
    """
    kept = _MentionList()
    plain = in_ascii(text)
    kept.block(masked(text))
    kept.take(phones(plain))
    kept.take(handles(text))
    kept.take(postcodes(plain))
    kept.take(plates(plain))
    kept.take(_times(text, written_at))
    kept.take(vehicles(text))
    kept.take(places(text, towns(known)))
    kept.take(people(text, kept.spans, names))
    return sorted(kept.mentions, key=lambda m: m.start)


def _times(text: str, written_at: datetime) -> Iterator[Mention]:
    for told in moments_in(text, written_at):
        normalised = told.moment.normalised if told.moment else None
        yield Mention(
            told.start, told.end, "when", normalised, _SURE_TIME if told.sure else _UNSURE_TIME
        )


class _MentionList:
    """A list of mentions that do not overlap: if two overlap, the first one stays."""

    def __init__(self) -> None:
        self.mentions: list[Mention] = []
        self.spans: list[tuple[int, int]] = []

    def block(self, spans: Iterable[tuple[int, int]]) -> None:
        for span in spans:
            insort(self.spans, span)

    def take(self, mentions: Iterable[Mention]) -> None:
        for mention in mentions:
            span = (mention.start, mention.end)
            at = bisect(self.spans, span)
            if (at == 0 or self.spans[at - 1][1] <= span[0]) and (
                at == len(self.spans) or span[1] <= self.spans[at][0]
            ):
                self.mentions.append(mention)
                self.spans.insert(at, span)

"""Find the people, number plates, phone numbers, places and times that a text seems to name.

Every mention is a suggestion with a confidence; a person confirms, corrects or rejects it.
"""

from bisect import bisect
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

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
from ingest.reading.urgency import urgency_signs, urgency_signs_of_each
from ingest.reading.vehicles import vehicles

__all__ = [
    "GRAMMAR",
    "Entry",
    "drift_signs",
    "noticed",
    "platform_near",
    "read",
    "read_each",
    "urgency_signs",
    "urgency_signs_of_each",
]

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
    """Return the people, number plates, phone numbers and places that `text` mentions, in order and
    without overlap.

    Words such as "yesterday" are counted from `written_at`, when the text was written (local time,
    if it has no zone). `names` are the confirmed names of the case; `known` are places that the
    police force added to the country's towns.
    """
    return read_each([Entry(text, written_at, tuple(names), known)])[0]


class Entry(NamedTuple):
    """A text to read, with the other arguments of `read`."""

    text: str
    written_at: datetime
    names: tuple[str, ...]
    known: frozenset[str]


def read_each(entries: Sequence[Entry]) -> list[list[Mention]]:
    """Return the mentions (of people, number plates, phone numbers and places) in each of these
    texts, as `read` finds them in one text. All texts are searched for one kind of mention before
    the next kind. This saves a quarter of the time, because patterns stay in the processor's cache.
    """
    mention_lists = [_MentionList(entry) for entry in entries]
    for find in _FINDERS:
        for mentions in mention_lists:
            mentions.take(find(mentions))
    return [sorted(mentions.mentions, key=lambda m: m.start) for mentions in mention_lists]


def _times(text: str, written_at: datetime) -> Iterator[Mention]:
    for time_mention in moments_in(text, written_at):
        normalised = time_mention.moment.normalised if time_mention.moment else None
        yield Mention(
            time_mention.start,
            time_mention.end,
            "when",
            normalised,
            _SURE_TIME if time_mention.sure else _UNSURE_TIME,
        )


class _MentionList:
    """The mentions in an entry that do not overlap: if two overlap, the first one stays."""

    def __init__(self, entry: Entry) -> None:
        self.entry, self.plain = entry, in_ascii(entry.text)
        self.mentions: list[Mention] = []
        self.spans = sorted(masked(entry.text))

    def take(self, mentions: Iterable[Mention]) -> None:
        for mention in mentions:
            span = (mention.start, mention.end)
            at = bisect(self.spans, span)
            if (at == 0 or self.spans[at - 1][1] <= span[0]) and (
                at == len(self.spans) or span[1] <= self.spans[at][0]
            ):
                self.mentions.append(mention)
                self.spans.insert(at, span)


#: Functions that each find mentions of one kind. If two mentions overlap, only the mention of the
#: earlier function is used, so the order of the functions matters.
_FINDERS: tuple[Callable[[_MentionList], Iterable[Mention]], ...] = (
    lambda found: phones(found.plain),
    lambda found: handles(found.entry.text),
    lambda found: postcodes(found.plain),
    lambda found: plates(found.plain),
    lambda found: _times(found.entry.text, found.entry.written_at),
    lambda found: vehicles(found.entry.text),
    lambda found: places(found.entry.text, towns(found.entry.known)),
    lambda found: people(found.entry.text, found.spans, found.entry.names),
)

"""The timeline of an object: sightings, words, police action, court and contacts in one order."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from questions.families.case import Family
from questions.intelligence.person import Person, PersonContext

#: Number of rows of the timeline that are shown at first; a link shows the others.
FIRST = 12
Kind = Literal["link", "words", "outcome", "bail", "contact", "missing", "hearing", "told"]


class TimelineRow(Struct, frozen=True):
    """A row of a timeline with its record. `at` is when the event happened or, if that is unknown
    (`dated` is false), when it was recorded."""

    at: datetime
    kind: Kind
    record: Any
    dated: bool = True


class Timeline(Struct, frozen=True):
    """A timeline: its rows, the latest first, and the number of older rows that are left out."""

    rows: tuple[TimelineRow, ...]
    earlier: int


def timeline(rows: Iterable[TimelineRow], *, whole: bool, first: int = FIRST) -> Timeline:
    """Return the latest `first` of these rows as a timeline, or all rows if `whole`."""
    found_rows = sorted(rows, key=lambda row: row.at, reverse=True)
    shown = found_rows if whole else found_rows[:first]
    return Timeline(tuple(shown), len(found_rows) - len(shown))


def of_person(person: Person, more: PersonContext) -> Iterator[TimelineRow]:
    """Yield the timeline's rows of a person or thing: dated links, log entries, police actions and
    bail.
    """
    for tie in person.links:
        if tie.valid_from is not None and tie.known_to is None:
            yield TimelineRow(tie.valid_from, "link", tie)
    for words in more.named_in:
        yield TimelineRow(words.told, "words", words)
    for row in person.followed:
        dated = row.happened is not None
        yield TimelineRow(row.happened or row.known_from, "outcome", row, dated)
    for bail in more.bails:
        yield TimelineRow(bail.recorded, "bail", bail, dated=False)


def of_family(family: Family, *, supports: bool, now: datetime) -> Iterator[TimelineRow]:
    """Yield the rows of a family's timeline: missing episodes, police results, past hearings and
    bail. If the reader `supports` the family, contacts and feedback are included, too."""
    if supports:
        for contact in family.contacts:
            yield TimelineRow(contact.happened, "contact", contact)
        for news in family.told_log:
            yield TimelineRow(news.happened, "told", news)
    for episode in family.away:
        yield TimelineRow(episode.since, "missing", episode)
    for row in family.followed:
        yield TimelineRow(row.happened or row.known_from, "outcome", row, row.happened is not None)
    for hearing in family.heard.hearings:
        if hearing.starts <= now:
            yield TimelineRow(hearing.starts, "hearing", hearing)
    for bail in family.heard.bails:
        yield TimelineRow(bail.recorded, "bail", bail, dated=False)

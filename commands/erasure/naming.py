"""Where do texts name somebody? Whole names and aliases, word by word, in any sealed text."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

import msgspec

from commands.kernel.whole_logs import facts_of
from domain import forms
from domain.information.observation import ObservationRead, SourceHeld
from domain.information.source import SourceRegistered
from domain.intelligence.entity import AliasAdded, PersonNamed, PersonRecorded, ThingRecorded
from domain.intelligence.intelligence_report import ItemSanitised, ReportRedacted
from domain.kernel.envelope import Event, LogName
from domain.kernel.log import Log

#: What these say in a name is who they are, not a mention of another; and what a machine read in
#: words stands and falls with them.
OWN_NAMES = (PersonRecorded, AliasAdded, PersonNamed, ThingRecorded, SourceRegistered)
NO_TEXT = (ObservationRead, SourceHeld)


class Names:
    """Names to look for, by their words."""

    def __init__(self, names: Iterable[str]) -> None:
        self._whole: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        self._parts: set[str] = set()
        for name in names:
            if words := forms.tokens(name):
                self._whole[words[0]].add(words)
                self._parts |= {word for word in words if len(words) > 1 and len(word) > 2}

    def __bool__(self) -> bool:
        return bool(self._whole)

    def whole(self, text: str) -> bool:
        """Whether a whole name stands in the text."""
        words = forms.tokens(text)
        return any(
            words[at : at + len(name)] == name
            for at, word in enumerate(words)
            if word in self._whole
            for name in self._whole[word]
        )

    def part(self, text: str) -> bool:
        """Whether a word of a longer name stands in it: perhaps it is meant, perhaps not."""
        return not self._parts.isdisjoint(forms.tokens(text))


def _told(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _told(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _told(each)
    elif isinstance(value, msgspec.Struct):
        yield from _told(msgspec.to_builtins(value))


def texts(event: Event) -> Iterator[tuple[int | None, str]]:
    """The sealed texts of an event, with the report's item that each is of."""
    if isinstance(event, NO_TEXT):
        return
    if isinstance(event, ReportRedacted):
        for one in event.items:
            yield one.item, one.text or ""
        return
    item = event.item if isinstance(event, ItemSanitised) else None
    for name in event.stored.sealed:
        if name == "name" and isinstance(event, OWN_NAMES):
            continue
        for text in _told(getattr(event, name)):
            yield item, text


Place = tuple[UUID, int | None]


def named(
    logs: Mapping[LogName, Log], names: Names, leaving: frozenset[UUID]
) -> tuple[dict[Place, LogName], dict[Place, LogName]]:
    """Where whole names stand, and where only parts of them do, in all streams but `leaving`: by
    stream and item of a report."""
    whole: dict[Place, LogName] = {}
    part: dict[Place, LogName] = {}
    if not names:
        return whole, part
    for fact in facts_of(logs, "evidence", "product", "access"):
        if fact.stream in leaving or fact.erased:
            continue
        for item, text in texts(fact.event):
            if names.whole(text):
                whole[fact.stream, item] = fact.log
            elif names.part(text):
                part[fact.stream, item] = fact.log
    return whole, {place: log for place, log in part.items() if place not in whole}

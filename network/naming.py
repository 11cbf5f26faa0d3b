"""Names of masked people where they stand in somebody else's words, in whatever spelling.

Names are compared by the letters and figures of their words alone: case, accents, hyphens, blanks
and marks that are not seen make no other name. In what a person is called, a masked person's first
name, or what it is short for, counts with a possessive behind it ("Amy's man"): alone it is a name
that many have.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from domain import forms
from domain.values import EntityKind
from projections.people import Entity

MASKED = "(name masked)"
#: Shorter names stand in too many words.
_SHORTEST = 3
#: The most words of a full name, and the fewest.
_MOST_WORDS, _FEWEST_WORDS = 4, 2
_APOSTROPHES = frozenset("'’‘`´ʼ")


@dataclass(frozen=True)
class _Word:
    """A word as it is compared, and where it stands in its text."""

    folded: str
    start: int
    end: int


def _words(text: str) -> list[_Word]:
    found: list[_Word] = []
    letters, start, end = "", 0, 0
    for at, one in enumerate(text):
        folded = forms.fold(one)
        if folded.isalnum():
            start = start if letters else at
            letters, end = letters + folded, at + 1
        elif folded and letters:
            found.append(_Word(letters, start, end))
            letters = ""
    return [*found, _Word(letters, start, end)] if letters else found


class Naming:
    """What finds the names of the people who are `hidden`, and the full names of those `elsewhere`:
    their first names alone are those of too many."""

    def __init__(self, hidden: Iterable[Entity], elsewhere: Iterable[Entity] = ()) -> None:
        known, others = list(hidden), list(elsewhere)
        squashed = {forms.squash(name) for one in known for name in one.names}
        self._names = {name for name in squashed if len(name) >= _SHORTEST}
        full = (name for one in others for name in one.names if len(_words(name)) >= _FEWEST_WORDS)
        self._full = self._names | set(map(forms.squash, full))
        self._longest = max(map(len, self._full), default=0)
        self._given = {
            given
            for one in known
            if one.kind == "person" and one.identified
            for name in one.names
            for first in forms.tokens(name)[:1]
            for given in (first, *forms.given_names(first))
        }

    def masked(self, text: str, kind: EntityKind, *, described: bool) -> str:
        """What something of this kind is called, without these names. What is `described` is
        called by somebody's words, which may hold any of them."""
        told, at = "", 0
        names = self._full if described or kind == "place" else self._names
        for start, end in self._spans(text, names, first_names=described):
            told, at = f"{told}{text[at:start]}{MASKED}", end
        return told + text[at:]

    def is_in(self, alias: str) -> bool:
        """Whether what else somebody goes by holds one of these names."""
        return next(self._spans(alias, self._full, first_names=True), None) is not None

    def _spans(
        self, text: str, names: Collection[str], *, first_names: bool
    ) -> Iterator[tuple[int, int]]:
        """From where to where a name stands in the text, the longest at each place."""
        words, number = _words(text), 0
        while number < len(words):
            last = self._last(words, number, names)
            if last is None and first_names and self._is_possessive(text, words, number):
                last = number
            if last is not None:
                yield words[number].start, words[last].end
            number = (number if last is None else last) + 1

    def _last(self, words: list[_Word], first: int, names: Collection[str]) -> int | None:
        """The last word of the longest name that begins with the word `first`."""
        letters, found = "", None
        for number in range(first, len(words)):
            letters += words[number].folded
            if len(letters) > self._longest:
                break
            if letters in names:
                found = number
        return found

    def _is_possessive(self, text: str, words: list[_Word], number: int) -> bool:
        word, *after = words[number : number + 2]
        if not after or after[0].folded != "s" or text[word.end] not in _APOSTROPHES:
            return False
        return not self._given.isdisjoint({word.folded, *forms.given_names(word.folded)})


def full_names(text: str) -> Iterator[str]:
    """The normal forms of what may be a full name of somebody else in this text: several of its
    words, and not all."""
    words = _words(text)
    for first in range(len(words)):
        for last in range(first + _FEWEST_WORDS - 1, min(first + _MOST_WORDS, len(words))):
            if last - first + 1 < len(words):
                yield forms.name(text[words[first].start : words[last].end])

"""Find the names of masked people in the labels of other people and of things, in any spelling.

Names are compared by the letters and digits of their words only: case, accents, hyphens, spaces and
invisible marks make no difference, and a surname may come first, with a middle name or an initial.
A first name alone is usually not masked, because many people share it. There is one exception: in
the label of another person, a masked person's first name is masked if the label says that the other
person is a relative or friend of the masked person ("Amy's man", "Amys man", "friend of Amy").
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

from msgspec import Struct

from domain import forms
from domain.kernel.values import EntityKind
from projections.intelligence.people import Entity

MASKED = "(name masked)"
#: Names shorter than this are not searched for, because they occur inside too many words.
_SHORTEST = 3
#: The largest and the smallest number of words in a full name.
_MOST_WORDS, _FEWEST_WORDS = 4, 2
_APOSTROPHES = frozenset("'’‘`´ʼ")
#: If one of these words precedes a first name in a description, the name is that of another person,
#: and not of the person described.
_BEFORE = frozenset(("of", "with", "to", "for", "by", "from", "knows"))
#: The largest number of words between a first name and a last name.
_MOST_BETWEEN = 2


class _Word(Struct, frozen=True):
    """A word in its normal form, and its place in the text."""

    folded: str
    start: int
    end: int


def _words(text: str) -> list[_Word]:
    words: list[_Word] = []
    letters, start, end = "", 0, 0
    for at, character in enumerate(text):
        folded = forms.fold(character)
        if folded.isalnum():
            start = start if letters else at
            letters, end = letters + folded, at + 1
        elif folded and letters:
            words.append(_Word(letters, start, end))
            letters = ""
    return [*words, _Word(letters, start, end)] if letters else words


class Naming:
    """Finds the names of people in texts, so that they can be masked. For people in `hidden`
    (people in the picture) it finds all names; for people in `elsewhere` (outside the picture) only
    full names, because many people share a first name.
    """

    def __init__(self, hidden: Iterable[Entity], elsewhere: Iterable[Entity] = ()) -> None:
        entities, others = list(hidden), list(elsewhere)
        squashed = {forms.squash(name) for entity in entities for name in entity.names}
        self._names = {name for name in squashed if len(name) >= _SHORTEST}
        people = [entity for entity in (*entities, *others) if entity.kind == "person"]
        person_names = [name for person in people for name in person.names]
        full = [words for words in map(forms.tokens, person_names) if len(words) >= _FEWEST_WORDS]
        self._full = self._names | {"".join(order) for words in full for order in _orders(words)}
        self._longest = max(map(len, self._full), default=0)
        parts = ([word.folded for word in _words(name)] for name in person_names)
        self._ends = {ends for words in parts if words[1:] for ends in _ends(words)}
        self._initials = {ends for words in full for ends in _initials(words)}
        self._first = {
            first
            for entity in entities
            if entity.kind == "person" and entity.identified
            for name in entity.names
            for first in forms.tokens(name)[:1]
        }
        self._given = self._first.union(*map(forms.given_names, self._first))

    def masked(self, text: str, kind: EntityKind, *, described: bool) -> str:
        """Return the label `text` of a person or thing of this kind; in the label, all names that
        this object can find are masked. `described` means that the label is in a source's own
        words, which may contain any of the names.
        """
        masked_text, at = "", 0
        wide = described or kind == "place"
        for start, end in self._spans(text, wide=wide, first_names=described):
            masked_text, at = f"{masked_text}{text[at:start]}{MASKED}", end
        return masked_text + text[at:]

    def is_in(self, alias: str) -> bool:
        """Return whether an alias contains a name that has to be masked."""
        return next(self._spans(alias, wide=True, first_names=True), None) is not None

    def _spans(self, text: str, *, wide: bool, first_names: bool) -> Iterator[tuple[int, int]]:
        """Yield the position of the start and of the end of each name in the text; if several names
        begin at the same word, those of the longest. With `wide`, full names are found whatever the
        order of their words; with `first_names`, first names that say to whom a person is related
        are found, too.
        """
        words, number = _words(text), 0
        while number < len(words):
            last = self._last(words, number, self._full if wide else self._names)
            if last is None and wide:
                last = self._apart(words, number, any_words=first_names)
            if last is None and first_names and self._says_whose(text, words, number):
                last = number
            if last is not None:
                yield words[number].start, words[last].end
            number = (number if last is None else last) + 1

    def _last(self, words: list[_Word], first: int, names: Collection[str]) -> int | None:
        """Return the position of the last word of the longest of these `names` that begins with the
        word at position `first`; None if no name begins there.
        """
        letters, last = "", None
        for number in range(first, len(words)):
            letters += words[number].folded
            if len(letters) > self._longest:
                break
            if letters in names:
                last = number
        return last

    def _apart(self, words: list[_Word], first: int, *, any_words: bool) -> int | None:
        """Return the position of the last word of a name that is incomplete or interrupted and
        begins with the word at position `first`; None if there is no such name.

        The name may have other words within it (an initial; with `any_words` any word), or may
        consist partly of initials.
        """
        for last in range(first + 1, min(first + _MOST_BETWEEN + 2, len(words))):
            ends = words[first].folded, words[last].folded
            if ends in self._ends:
                return last
            if any_words and last == first + 1 and ends in self._initials:
                return last
            if not (any_words or len(words[last].folded) == 1):
                return None
        return None

    def _says_whose(self, text: str, words: list[_Word], number: int) -> bool:
        """Return whether the word at position `number` is a masked person's first name in a text
        that says whose relative or friend somebody is, such as "Amy's man" or "friend of Amy".
        """
        word, after = words[number], words[number + 1 : number + 2]
        if after and after[0].folded == "s" and text[word.end] in _APOSTROPHES:
            return not self._given.isdisjoint({word.folded, *forms.given_names(word.folded)})
        if word.folded[:-1] in self._first and word.folded.endswith("s"):
            # without a capital the word may be another one: jeans are not Jean's
            return text[word.start].isupper()
        before = words[number - 1].folded if number else ""
        return before in _BEFORE and word.folded in self._first


def _orders(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the orders in which a name may be written: its words in order, or with the last word
    first.
    """
    yield words
    yield (words[-1], *words[:-1])


def _ends(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield a name's first and last word, in both orders."""
    yield words[0], words[-1]
    yield words[-1], words[0]


def _initials(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield a name's first and last word, one of them shortened to its initial."""
    yield words[0], words[-1][:1]
    yield words[0][:1], words[-1]


def full_names(text: str) -> Iterator[str]:
    """Yield the normal forms of the full names that this text may contain. Each is made from some
    successive words of the text: all of them in order, or with the last word first; or only the
    first and the last of them. The text with all its words is not yielded.
    """
    words = _words(text)
    for first in range(len(words)):
        for last in range(first + _FEWEST_WORDS - 1, min(first + _MOST_WORDS, len(words))):
            if last - first + 1 < len(words):
                words_of_name = forms.tokens(text[words[first].start : words[last].end])
                for name_parts in (
                    *_orders(words_of_name),
                    (*words_of_name[1:], *words_of_name[:1]),
                    *_ends(words_of_name),
                ):
                    yield " ".join(name_parts)

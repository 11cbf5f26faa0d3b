"""A word that no machine read: the worker taps it, and says what it is."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from domain.information.observation import Span
from domain.kernel.values import Mention, MentionKind, Refused

#: As what a word is marked.
KINDS: Mapping[MentionKind, str] = {
    "person": "A name",
    "vrm": "A plate",
    "phone": "A phone number",
    "place": "A place",
}
#: So many words are offered to be tapped: a longer entry is marked by the command `confirm`.
MOST = 400
#: Letters of what is marked: a name of several words, a street.
LONGEST = 80
_WORD = re.compile(r"\+?\w(?:[\w'’.-]*\w)?")


@dataclass(frozen=True)
class Piece:
    """A part of the words in their order: a word, or what stands between two. `span` ("12-15") is
    of a word that may be marked; one that was read has none."""

    text: str
    span: str | None = None
    word: bool = True


def pieces(words: str, read: Collection[Span]) -> list[Piece]:
    """The words to be tapped, without what was read in them already."""
    return list(_pieces(words, read))


def _pieces(words: str, read: Collection[Span]) -> Iterator[Piece]:
    behind = 0
    for number, found in enumerate(_WORD.finditer(words)):
        if number == MOST:
            return
        start, end = found.span()
        if words[behind:start]:
            yield Piece(words[behind:start], word=False)
        free = not any(first < end and start < last for first, last in read)
        yield Piece(found[0], f"{start}-{end}" if free else None)
        behind = end


def mention(words: str, spans: Collection[str], kind: MentionKind) -> Mention:
    """What was tapped, from its first word to its last. Raises Refused."""
    ends = [int(end) for one in spans for end in _ends(one)]
    if not ends:
        raise Refused("tap the word first, then say what it is", field="at")
    start, end = min(ends), max(ends)
    if not start < end <= min(len(words), start + LONGEST):
        raise Refused("tap words that stand side by side", field="at")
    return Mention(start, end, kind, None, 1.0)


def _ends(span: str) -> tuple[str, str]:
    found = re.fullmatch(r"([0-9]{1,6})-([0-9]{1,6})", span)
    if not found:
        raise Refused("tap a word that stands in them", field="at")
    return found[1], found[2]

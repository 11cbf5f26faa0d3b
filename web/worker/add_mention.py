"""Lets a worker mark words as a mention that the program did not recognise."""

import re
from collections.abc import Collection, Iterator, Mapping

from msgspec import Struct

from domain.information.observation import Span
from domain.kernel.values import Mention, MentionKind, Refused

#: The kinds of mention as which a worker may mark words, each with its label.
KINDS: Mapping[MentionKind, str] = {
    "person": "A name",
    "vrm": "A plate",
    "phone": "A phone number",
    "place": "A place",
}
#: The largest number of words that can be tapped; in a longer entry, mentions are marked with the
#: command `confirm`.
MOST = 400
#: The largest number of letters of a mention, such as a name of several words, a street.
LONGEST = 80
_WORD = re.compile(r"\+?\w(?:[\w'’.-]*\w)?")


class Piece(Struct, frozen=True):
    """A part of the entry's text: a word, or the characters between two words. `span` ("12-15") is
    set for a word that may be marked, but not for a word of a recognised mention.
    """

    text: str
    span: str | None = None
    word: bool = True


def pieces(words: str, read: Collection[Span]) -> list[Piece]:
    """Return the text in pieces: words, and the characters between words. The worker can mark a
    word as a mention unless it belongs to a recognised mention, whose place is in `read`."""
    return list(_pieces(words, read))


def _pieces(words: str, read: Collection[Span]) -> Iterator[Piece]:
    behind = 0
    for number, match in enumerate(_WORD.finditer(words)):
        if number == MOST:
            return
        start, end = match.span()
        if words[behind:start]:
            yield Piece(words[behind:start], word=False)
        free = not any(first < end and start < last for first, last in read)
        yield Piece(match[0], f"{start}-{end}" if free else None)
        behind = end


def mention(words: str, spans: Collection[str], kind: MentionKind) -> Mention:
    """Return the mention from the first tapped word to the last. Raises Refused."""
    ends = [int(end) for span in spans for end in _ends(span)]
    if not ends:
        raise Refused("tap the word in the entry first, then choose what it means", field="at")
    start, end = min(ends), max(ends)
    if not start < end <= min(len(words), start + LONGEST):
        raise Refused(
            "the words that you tapped are not next to each other: tap words that are",
            field="at",
        )
    return Mention(start, end, kind, None, 1.0)


def _ends(span: str) -> tuple[str, str]:
    match = re.fullmatch(r"([0-9]{1,6})-([0-9]{1,6})", span)
    if not match:
        raise Refused("tap at least one word of the entry", field="at")
    return match[1], match[2]

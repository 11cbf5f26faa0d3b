"""Redaction: words that are left out of a released text must not occur anywhere in it, neither as
written nor in the normal form that the program stores.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from msgspec import Struct

from domain.forms import fold, tokens

LEFT_OUT = "[left out]"
#: Everyday words, which identify no person. The other words of a redacted passage are redacted
#: wherever they occur in the text; everyday words stay.
_EVERYDAY = """
a about after all also an and are as at be been before but by called can car did do for from had has
have he her him his in into is it its just man me my no not of off on one or our out over said she
so some that the their them then there they this to told two up us was we were what when where who
will with woman you your
"""
_PLAIN = frozenset(_EVERYDAY.split())
_WORD = re.compile(r"[^\W_]+(?:['’‘`´][^\W_]+)*")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
#: A plate or a number with fewer letters and digits than this is redacted only as a whole word, and
#: not inside other words.
MARK = 5


class LeftOut(Struct, frozen=True):
    """The words and marks that must not occur in a released text: `words` are single words; `marks`
    are texts such as a plate or a phone number, which are recognised with or without spaces."""

    words: frozenset[str] = frozenset()
    marks: frozenset[str] = frozenset()

    def redact(self, text: str) -> str:
        """Return the text with each redacted part replaced by `LEFT_OUT`, and without invisible
        characters.
        """
        text = _visible(text)
        for start, end in reversed(_merged_spans([*self._worded(text), *self._marked(text)])):
            text = text[:start] + LEFT_OUT + text[end:]
        return text

    def _worded(self, text: str) -> Iterator[tuple[int, int]]:
        for chunk in re.finditer(r"\S+", text):
            if self.words.isdisjoint(tokens(chunk[0])):
                continue
            matches = [
                m for m in _WORD.finditer(chunk[0]) if not self.words.isdisjoint(tokens(m[0]))
            ]
            rest = chunk[0]
            for match in reversed(matches):
                rest = f"{rest[: match.start()]} {rest[match.end() :]}"
            if self.words.isdisjoint(tokens(rest)):
                yield from ((chunk.start() + m.start(), chunk.start() + m.end()) for m in matches)
            # `_WORD` does not match each word to leave out, so the whole run of characters is left
            # out
            else:
                yield chunk.span()

    def _marked(self, text: str) -> Iterator[tuple[int, int]]:
        plain = [
            (sign, at)
            for at, character in enumerate(text)
            for sign in fold(character)
            if sign.isalnum()
        ]
        run = "".join(sign for sign, _ in plain)
        for mark in self.marks:
            for match in re.finditer(f"(?={re.escape(mark)})", run):
                first, last = plain[match.start()], plain[match.start() + len(mark) - 1]
                yield first[1], last[1] + 1


def _merged_spans(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans of a text in order, with overlapping spans merged."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _visible(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    return "".join(
        character
        for character in composed
        if character in "\t\n\r" or unicodedata.category(character) not in _UNSEEN
    )


def find_omissions(
    words: Iterable[str] = (), marks: Iterable[str | None] = (), keep: Iterable[str] = ()
) -> LeftOut:
    """Return what has to be left out of a released text so that it contains none of these words and
    marks, such as plates and phone numbers, in any spelling. Words in `keep`, such as the subject's
    own name, are not left out.
    """
    named_marks = [mark for mark in marks if mark]
    kept_words = {token for text in keep for token in tokens(text)} | _PLAIN
    single = {token for text in (*words, *named_marks) for token in tokens(text)} - kept_words
    return LeftOut(
        frozenset(single), frozenset(text for mark in named_marks for text in _spellings(mark))
    )


def _spellings(mark: str) -> Iterator[str]:
    """Yield the spellings of a plate or phone number, without the spaces and other signs between
    its letters and digits. A British phone number is yielded with the prefix 0 and with the prefix
    44.
    """
    plain = "".join(sign for sign in fold(mark) if sign.isalnum())
    if len(plain) < MARK:
        return
    yield plain
    if plain.isdecimal():
        bare = plain.removeprefix("00")
        yield bare
        yield f"0{bare.removeprefix('44')}" if bare.startswith("44") else bare
        yield f"44{bare[1:]}" if bare.startswith("0") else bare

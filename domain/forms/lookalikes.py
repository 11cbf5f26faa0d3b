"""Find account names that look alike, because letters have similar shapes (Unicode UTS 39,
confusables) or because of capitals. A reader of a log could otherwise take two users for one.
"""

import unicodedata
from functools import lru_cache

from domain.forms.patterns import lazy_regex


def visual_forms(name: str) -> frozenset[str]:
    """Return the visual forms of a name: two names that share one can be mistaken for each
    other."""
    plain = unicodedata.normalize("NFKC", name)
    return frozenset({_skeleton(plain).casefold(), _skeleton(plain.casefold())})


def in_ascii(text: str) -> str:
    """Return the text with digits of any script, full-width characters and letters that look Latin
    as plain ASCII. Other characters, and the length, are not changed.
    """
    return text if text.isascii() else "".join(map(_plain, text))


def one_alphabet(text: str) -> str:
    """Return the text with each word that mixes two alphabets, such as "Dave" with a Cyrillic a,
    written in plain ASCII. A word is left as it is if one of its letters has no look-alike in
    ASCII, or if all its letters are of one alphabet.
    """
    return text if text.isascii() else _RUN.sub(lambda match: _latin(match[0]), text)


_RUN = lazy_regex(r"\S+")


def _latin(word: str) -> str:
    if word.isascii() or not any(letter.isascii() and letter.isalnum() for letter in word):
        return word
    # the word in capitals is tried, too, because capitals of two alphabets look alike more often
    ways = (in_ascii(way) for way in (word, word.upper()))
    return next((way for way in ways if way.isascii()), word)


@lru_cache(maxsize=4096)
def _plain(letter: str) -> str:
    if letter.isascii():
        return letter
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    wide = unicodedata.normalize("NFKC", letter)
    if len(wide) == 1 and wide.isascii():
        return wide
    if not unicodedata.name(letter, "").startswith(("CYRILLIC", "GREEK")):
        return letter
    like = _letters_like(letter)
    return next((text for text in sorted(like) if text.isupper() == letter.isupper()), letter)


def _letters_like(letter: str) -> set[str]:
    # imported here, because its table is large and seldom needed
    from confusable_homoglyphs.confusables import confusables_data

    look_alikes = {letter_row["c"] for letter_row in confusables_data.get(letter, ())}
    return {
        letter_row
        for letter_row in look_alikes
        if len(letter_row) == 1 and letter_row.isascii() and letter_row.isalpha()
    }


def _skeleton(text: str) -> str:
    parts = unicodedata.normalize("NFD", text)
    return "".join(_representative(part) for part in parts if not unicodedata.combining(part))


@lru_cache(maxsize=4096)
def _representative(letter: str) -> str:
    """Return the one character, in plain ASCII if possible, that represents all letters that look
    like this letter. For m return the two characters "rn", which look like m.
    """
    # imported here, because its table is large and seldom needed
    from confusable_homoglyphs.confusables import confusables_data

    like, waiting = {letter}, [letter]
    while waiting:
        for letter_row in confusables_data.get(waiting.pop(), ()):
            if letter_row["c"] not in like:
                like.add(letter_row["c"])
                waiting.append(letter_row["c"])
    plain = [text for text in like if text.isascii() and text.isprintable()] or list(like)
    return min(plain, key=lambda text: (-len(text), text))

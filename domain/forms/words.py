"""The normal forms of words: names, search tokens, trigrams and sounds.

Import, search and the blind index use the same forms, so that an item stored under one spelling can
be looked up under another. Nothing here decides that two people are the same.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

from domain.forms.patterns import lazy_regex

_APOSTROPHES = lazy_regex(r"['’‘`´ʼ]")
#: Matches one name in a cell with several names. A single semicolon separates two names.
_SEVERAL = lazy_regex(r"(?:[^;]|;;)+")
_NOT_WORD = lazy_regex(r"[\W_]+")
#: The Unicode categories that `fold` removes: accents, control and format characters, surrogates,
#: private and unassigned characters.
_INVISIBLE = frozenset({"Mn", "Cc", "Cf", "Cs", "Co", "Cn"})


class _Visible(dict[int, str]):
    """A table for `str.translate` that fills itself: it replaces white space by a space and removes
    invisible characters.
    """

    def __missing__(self, code: int) -> str:
        char = chr(code)
        visible = "" if unicodedata.category(char) in _INVISIBLE else char
        self[code] = " " if char in "\t\n\r\v\f" else visible
        return self[code]


_VISIBLE = _Visible()


def fold(text: str) -> str:
    """Return `text` in small letters and plain characters: without accents, invisible characters
    and typographic variants such as full-width letters.

    Control characters and characters that change the direction of writing are removed, because with
    them two different texts can look alike.
    """
    if text.isascii():
        low = text.lower()
        return low if low.isprintable() else low.translate(_VISIBLE)
    wide = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return wide.translate(_VISIBLE)


def name(text: str) -> str:
    """Return a name in its form for comparison: "Zoë  O'Brien-Hall" is "zoe obrien hall"; may be
    empty."""
    if text.isascii() and text.isalnum():  # the common case: a text of one plain word
        return text.lower()
    return _NOT_WORD.sub(" ", _APOSTROPHES.sub("", fold(text))).strip()


def squash(text: str) -> str:
    """Return only the letters and digits of `text`, in small letters without accents: the normal
    form of a text for which there is no more exact one.
    """
    return "".join(char for char in fold(text) if char.isalnum())


def same_person(first_text: str, second_text: str) -> bool:
    """Return whether two account names are different spellings of one name: " DS.Hart" is "ds
    hart", also if one has a look-alike letter of another alphabet.
    """
    first, second = (name(text).replace(" ", "") for text in (first_text, second_text))
    if first == second or (first.isascii() and second.isascii()):
        return first == second
    # imported here because its table is large and seldom needed
    from domain.forms.lookalikes import visual_forms

    return not visual_forms(first).isdisjoint(visual_forms(second))


def distinct_names(called: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Return a distinct display name for each id, from its kind and name. The id is added to the
    name if another item of the same kind has this name; not for phones, vehicles and accounts,
    which are the same item if their names are the same."""
    many = Counter((kind, name.casefold()) for kind, name in called.values())
    taken, distinct = set(many), dict[str, str]()
    for which, (kind, name) in called.items():
        distinct[which] = name
        if many[kind, name.casefold()] > 1 and kind not in ("phone", "vehicle", "handle"):
            while (kind, distinct[which].casefold()) in taken:
                distinct[which] += f" ({which})"
            taken.add((kind, distinct[which].casefold()))
    return distinct


def join_names(names: Iterable[str]) -> str:
    """Return several names as one cell, separated by semicolons; a semicolon in a name is
    doubled."""
    return "; ".join(name.replace(";", ";;") for name in names)


def split_names(cell: str) -> tuple[str, ...]:
    """Return the names in a cell that `join_names` or a user wrote with semicolons, without
    duplicates.
    """
    parts = (part.replace(";;", ";").strip() for part in _SEVERAL.findall(cell))
    return tuple(dict.fromkeys(filter(None, parts)))


def tokens(text: str) -> tuple[str, ...]:
    """Return the words of `text` in order, in the form in which names are compared: small letters
    without accents.
    """
    return tuple(name(text).split())


def trigrams(text: str) -> frozenset[str]:
    """Return every group of three neighbouring characters of every word, with two spaces added
    before the word and one after it.

    The padding gives more weight to the beginning of a word than to its end, where misspellings are
    more frequent.
    """
    return frozenset(
        padded[i : i + 3]
        for padded in (f"  {word} " for word in tokens(text))
        for i in range(len(padded) - 2)
    )


@lru_cache(maxsize=4096)
def sounds(text: str) -> tuple[str, ...]:
    """Return the Soundex code of each word of a text that has a letter. Words that sound alike,
    such as Sean and Shaun, have the same code.
    """
    # imported here, because only the search and the list of possible duplicates need Soundex
    from jellyfish import soundex

    return tuple(soundex(word) for word in tokens(text) if word[0].isalpha())


def is_blank(text: str) -> bool:
    """Return whether a text has no visible character: only white space, and characters without
    width or shape."""
    return not fold(text).strip()

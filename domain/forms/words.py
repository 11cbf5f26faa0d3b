"""The normal forms of words: names, search tokens, trigrams and sounds.

The same forms serve ingest, search and the blind index, so that what was stored under
one spelling is found again under another. Nothing here decides that two people are one.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

_APOSTROPHES = re.compile(r"['’‘`´ʼ]")
#: What stands between semicolons that are not doubled.
_SEVERAL = re.compile(r"(?:[^;]|;;)+")
_NOT_WORD = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """`text` in lower case, compatibility forms and accents removed, invisible marks dropped.

    Control characters and bidirectional overrides go: they can make two different
    strings look alike on a screen.
    """
    if text.isascii() and text.isprintable():
        return text.lower()
    wide = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = (" " if c in "\t\n\r\v\f" else c for c in wide if unicodedata.category(c) != "Mn")
    return "".join(c for c in kept if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"})


def name(text: str) -> str:
    """A name as it is compared: "Zoë  O'Brien-Hall" is "zoe obrien hall"; may be empty."""
    return _NOT_WORD.sub(" ", _APOSTROPHES.sub("", fold(text))).strip()


def squash(text: str) -> str:
    """The letters and figures of `text` alone, folded: what has no better form is compared so."""
    return "".join(char for char in fold(text) if char.isalnum())


def same_person(one: str, other: str) -> bool:
    """Whether two account names are one person's in another spelling: " DS.Hart" is "ds hart", and
    so is one with a letter of another alphabet that looks alike."""
    first, second = (name(each).replace(" ", "") for each in (one, other))
    if first == second or (first.isascii() and second.isascii()):
        return first == second
    from domain.forms.lookalikes import looks  # its table is large, and seldom needed

    return not looks(first).isdisjoint(looks(second))


def told_apart(called: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """What each of these is called, from its kind and name by its id: its name, with the id behind
    it where another of its kind is called the same. Phones, vehicles and accounts of one name are
    one, and keep it."""
    many = Counter((kind, name.casefold()) for kind, name in called.values())
    taken, told = set(many), dict[str, str]()
    for which, (kind, name) in called.items():
        told[which] = name
        if many[kind, name.casefold()] > 1 and kind not in ("phone", "vehicle", "handle"):
            while (kind, told[which].casefold()) in taken:
                told[which] += f" ({which})"
            taken.add((kind, told[which].casefold()))
    return told


def in_one(names: Iterable[str]) -> str:
    """Several names in one cell, with semicolons between; a semicolon of a name is doubled."""
    return "; ".join(name.replace(";", ";;") for name in names)


def out_of_one(cell: str) -> tuple[str, ...]:
    """The names in a cell that `in_one` wrote, or somebody with semicolons between them; each
    once."""
    parts = (part.replace(";;", ";").strip() for part in _SEVERAL.findall(cell))
    return tuple(dict.fromkeys(filter(None, parts)))


def tokens(text: str) -> tuple[str, ...]:
    """The words of `text` in order, folded as `name` folds them: the tokens of search."""
    return tuple(name(text).split())


def trigrams(text: str) -> frozenset[str]:
    """Every three letters of every word, with two blanks before it and one after.

    The padding makes the beginning of a word weigh more than its end, as misspellings do.
    """
    return frozenset(
        padded[i : i + 3]
        for padded in (f"  {word} " for word in tokens(text))
        for i in range(len(padded) - 2)
    )


@lru_cache(maxsize=4096)
def sounds(text: str) -> tuple[str, ...]:
    """The Soundex code of each word that has a letter: Sean and Shaun share one."""
    from jellyfish import soundex  # only the search and the "same person?" queue need it

    return tuple(soundex(word) for word in tokens(text) if word[0].isalpha())


def blank(text: str) -> bool:
    """Whether a text holds no letter to read: white space, and characters of no width or look."""
    return not fold(text).strip()

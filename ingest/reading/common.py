"""Everyday English words of parents' messages, to recognise words that are not names.

A word that is not in this list may be a person's name if the words around it fit. The list
(`common_words.txt`) has only base forms; inflected forms are recognised by removing their endings.
It was written for this project.
"""

from functools import lru_cache
from pathlib import Path

_WORDS = Path(__file__).with_name("common_words.txt")


@lru_cache(maxsize=1)
def _base() -> frozenset[str]:
    return frozenset(_WORDS.read_text("utf-8").split())


def is_listed(word: str) -> bool:
    """Return whether the lower-case `word` is itself in the list of common words."""
    return word in _base()


@lru_cache(maxsize=8192)
def is_common(word: str) -> bool:
    """Return whether the lower-case `word` is everyday English, inflected or not."""
    base = _base()
    bare = word.replace("'", "").replace("’", "")
    return bare in base or any(stem in base for stem in _stems(bare))


def _stems(word: str) -> list[str]:
    stems = []
    for ending in (
        "s",
        "es",
        "ed",
        "d",
        "ing",
        "in",
        "ly",
        "est",
        "ish",
        "nt",
        "ness",
        "less",
        "ful",
    ):
        if word.endswith(ending) and len(word) - len(ending) > (3 if ending in ("ly", "in") else 2):
            stem = word[: -len(ending)]
            stems += [stem, stem + "e"]
            if stem[-1] == stem[-2]:
                stems.append(stem[:-1])
            if stem[-1] == "i":
                stems.append(stem[:-1] + "y")
    return stems

"""Account names that look alike. Letters of similar shape (Unicode UTS 39, confusables), and
capitals, do not distinguish two people in a log.
"""

import unicodedata
from functools import lru_cache


def looks(name: str) -> frozenset[str]:
    """Return the visual forms of a name: two names that share one can be mistaken for each
    other."""
    plain = unicodedata.normalize("NFKC", name)
    return frozenset({_skeleton(plain).casefold(), _skeleton(plain.casefold())})


def _skeleton(text: str) -> str:
    parts = unicodedata.normalize("NFD", text)
    return "".join(_shape(one) for one in parts if not unicodedata.combining(one))


@lru_cache(maxsize=4096)
def _shape(letter: str) -> str:
    """Return the representative of all letters that look like this one: plain ASCII if possible,
    and two letters (rn) rather than the single one that they look like (m)."""
    from confusable_homoglyphs.confusables import confusables_data  # a large table

    like, waiting = {letter}, [letter]
    while waiting:
        for one in confusables_data.get(waiting.pop(), ()):
            if one["c"] not in like:
                like.add(one["c"])
                waiting.append(one["c"])
    plain = [one for one in like if one.isascii() and one.isprintable()] or list(like)
    return min(plain, key=lambda one: (-len(one), one))

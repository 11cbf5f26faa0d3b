"""Would somebody take one account's name for another's? Letters that look alike (Unicode UTS 39,
confusables), and capitals, tell no two people apart in a log."""

import unicodedata
from functools import lru_cache


def looks(name: str) -> frozenset[str]:
    """How a name looks: two names that share one of these are taken for each other."""
    plain = unicodedata.normalize("NFKC", name)
    return frozenset({_skeleton(plain).casefold(), _skeleton(plain.casefold())})


def _skeleton(text: str) -> str:
    parts = unicodedata.normalize("NFD", text)
    return "".join(_shape(one) for one in parts if not unicodedata.combining(one))


@lru_cache(maxsize=4096)
def _shape(letter: str) -> str:
    """What stands for all letters that look like this one: plain ASCII where there is any, two
    letters (rn) before the one that they look like (m)."""
    from confusable_homoglyphs.confusables import confusables_data  # a large table

    like, waiting = {letter}, [letter]
    while waiting:
        for one in confusables_data.get(waiting.pop(), ()):
            if one["c"] not in like:
                like.add(one["c"])
                waiting.append(one["c"])
    plain = [one for one in like if one.isascii() and one.isprintable()] or list(like)
    return min(plain, key=lambda one: (-len(one), one))

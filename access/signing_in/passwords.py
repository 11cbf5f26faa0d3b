"""Refuses passwords that are easily guessed: the most common, and those that a guesser tries soon.

ASVS 5, 6.2.4 (the most common are refused) and 6.2.10; NCSC: three random words. The lists and the
estimate are those of zxcvbn, which is loaded when the first password is chosen.
"""

import re
from collections.abc import Iterable
from functools import cache

from domain.kernel.values import Refused

#: The fewest and the most characters of a password; the upper limit keeps hashing cheap.
SHORTEST, LONGEST = 12, 256
#: How many of the most common passwords are refused.
COMMON = 10_000
#: How many guesses a good password withstands, as a power of ten: an unlimited attack on a stolen
#: file costs 55 ms a guess on one core.
_GUESSES = 9.0
#: How many characters of a password are rated: the work grows with their square.
_LOOKED_AT = 72
#: Words that any local guesser would try first: the work, the teams and the seasons.
CONTEXT: frozenset[str] = frozenset(
    {
        *("engage", "awaken", "deter", "freedom", "lancashire", "police", "constabulary"),
        *("safeguarding", "children", "child", "continuum", "welcome", "password", "secret"),
        *("letmein", "spring", "summer", "autumn", "winter", "january", "february", "march"),
        *("april", "june", "july", "august", "september", "october", "november", "december"),
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        *("administrator", "detective", "support", "parent"),
    }
)
#: Digits and signs in passwords, and the letters for which people write them.
_LEET = str.maketrans("0134578@$!|", "oieastbasil")
#: Words shorter than `_SHORT` are ignored in a password, because many other words contain them. A
#: password needs `_OF_ITS_OWN` letters besides easy words.
_SHORT, _OF_ITS_OWN = 4, 8
_EASY = "that password is easily guessed: take three random words"


def refuse_easy(password: str, *about: str) -> None:
    """Raise Refused for a password that is too short, too long, or easily guessed with these words
    about its owner."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused(
            f"write a password of {SHORTEST} to {LONGEST} characters, such as three random words"
        )
    plain = password.casefold()
    if _of_context(plain, about):
        raise Refused(_EASY)
    if any(word and word.casefold() in plain for word in about) or plain in _common():
        raise Refused(_EASY)
    from zxcvbn import zxcvbn

    told = zxcvbn(password[:_LOOKED_AT], user_inputs=[*about, "continuum"])
    if told["guesses_log10"] < _GUESSES:
        raise Refused(_EASY)


def _of_context(plain: str, about: Iterable[str]) -> bool:
    """Return whether little is left of a password without the words that a local guesser would try
    first, in any spelling, and without years."""
    own = {part for one in about for part in re.split(r"[\W\d_]+", one.casefold())}
    words = {word for word in CONTEXT | own if len(word) >= _SHORT}
    spelt = re.sub(r"(?:19|20)\d\d", "", plain).translate(_LEET)
    rest = spelt
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word.translate(_LEET), " ")
    left = sum(one.isalpha() for one in rest)
    return rest != spelt and left < _OF_ITS_OWN


@cache
def _common() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"][:COMMON])

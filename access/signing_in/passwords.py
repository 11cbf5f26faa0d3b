"""Is a password too easily guessed? The commonest ones, and what a guesser would soon come to.

ASVS 5, 6.2.4 (the commonest are refused) and 6.2.10; NCSC: three random words. The lists and the
estimate are those of zxcvbn, which is loaded by the first password that is chosen.
"""

import re
from collections.abc import Iterable
from functools import cache

from domain.kernel.values import Refused

#: The longest keeps a hash from becoming work.
SHORTEST, LONGEST = 12, 256
#: So many of the commonest are refused as they stand.
COMMON = 10_000
#: Guesses that a good password withstands, as a power of ten: an attack without limits on a stolen
#: file costs 55 ms a guess on one core.
_GUESSES = 9.0
#: So many characters are looked at: the estimate's work grows with their square.
_LOOKED_AT = 72
#: Words that everybody here would try first: what the work, the teams and the seasons are called.
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
#: What stands for a letter, as people spell it.
_LEET = str.maketrans("0134578@$!|", "oieastbasil")
#: A shorter word stands in too many others; and so many letters of its own a password has.
_SHORT, _OF_ITS_OWN = 4, 8
_EASY = "that password is easily guessed: take three random words"


def refuse_easy(password: str, *about: str) -> None:
    """Raises Refused for a password that is too short, too long, or easily guessed by somebody who
    knows these words of its owner."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused(f"a password has {SHORTEST} to {LONGEST} characters: three random words")
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
    """Whether little of its own is left of a password without the words that everybody here would
    try first, in any spelling, and without years."""
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

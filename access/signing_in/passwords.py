"""Refuse passwords that are easily guessed: the most common ones, and others that an attacker would
soon try.

The rules follow ASVS 5, 6.2.4 (refuse the most common passwords) and 6.2.10, and the advice of the
NCSC to use three random words. The lists of common passwords and the estimate of guesses are those
of zxcvbn, which is loaded when the first password is chosen.
"""

import re
from collections.abc import Iterable
from functools import cache

from domain.kernel.values import Refused

#: Smallest and largest number of characters in a password; hashing a longer one would cost too
#: much.
SHORTEST, LONGEST = 12, 256
#: How many of the most common passwords are refused.
COMMON = 10_000
#: Number of guesses, as a power of ten, that a password has to withstand: guessing from a stolen
#: file takes 55 ms a guess on one core.
_GUESSES = 9.0
#: Only this many characters of a password are rated, because the time for rating grows with the
#: square of their number.
_LOOKED_AT = 72
#: Words that an attacker who knows the organisation would try first: words of its work, its teams
#: and the seasons.
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
#: Digits and signs that people write in passwords instead of letters.
_LEET = str.maketrans("0134578@$!|", "oieastbasil")
#: Words with fewer than `_SHORT` letters are ignored, because many other words contain them. A
#: password that contains easy words needs `_OF_ITS_OWN` further letters.
_SHORT, _OF_ITS_OWN = 4, 8
_EASY = "this password is easily guessed: choose three random words"


def refuse_easy(password: str, *about: str) -> None:
    """Raise Refused if a password is too short or too long, or if an attacker could easily guess
    it. The attacker is assumed to know the words `about`, such as the name of the password's owner.
    """
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

    strength = zxcvbn(password[:_LOOKED_AT], user_inputs=[*about, "continuum"])
    if strength["guesses_log10"] < _GUESSES:
        raise Refused(_EASY)


def _of_context(plain: str, about: Iterable[str]) -> bool:
    """Return whether a password contains words that an attacker would try first, in any spelling,
    and only a few letters besides these words and years.
    """
    own = {part for text in about for part in re.split(r"[\W\d_]+", text.casefold())}
    words = {word for word in CONTEXT | own if len(word) >= _SHORT}
    spelt = re.sub(r"(?:19|20)\d\d", "", plain).translate(_LEET)
    rest = spelt
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word.translate(_LEET), " ")
    left = sum(text.isalpha() for text in rest)
    return rest != spelt and left < _OF_ITS_OWN


@cache
def _common() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"][:COMMON])

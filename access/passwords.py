"""Is a password too easily guessed? The commonest ones, and what a guesser would soon come to.

ASVS 5, 6.2.4 (the commonest are refused) and 6.2.10; NCSC: three random words. The lists and the
estimate are those of zxcvbn, which is loaded by the first password that is chosen.
"""

from functools import cache

from domain.values import Refused

#: The longest keeps a hash from becoming work.
SHORTEST, LONGEST = 12, 256
#: So many of the commonest are refused as they stand.
COMMON = 10_000
#: Guesses that a good password withstands, as a power of ten: an attack without limits on a stolen
#: file costs 55 ms a guess on one core.
_GUESSES = 9.0
#: So many characters are looked at: the estimate's work grows with their square.
_LOOKED_AT = 72
_EASY = "that password is easily guessed: take three random words"


def refuse_easy(password: str, *about: str) -> None:
    """Raises Refused for a password that is too short, too long, or easily guessed by somebody who
    knows these words of its owner."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused(f"a password has {SHORTEST} to {LONGEST} characters: three random words")
    plain = password.casefold()
    if any(word and word.casefold() in plain for word in about) or plain in _common():
        raise Refused(_EASY)
    from zxcvbn import zxcvbn

    told = zxcvbn(password[:_LOOKED_AT], user_inputs=[*about, "continuum"])
    if told["guesses_log10"] < _GUESSES:
        raise Refused(_EASY)


@cache
def _common() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"][:COMMON])

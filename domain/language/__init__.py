"""Find victim-blaming phrases in a professional's text, each with a better wording.

HMICFRS (2023) requires that such language be eradicated. A result is a suggestion: nothing is
blocked and nothing is stored. A parent's or a child's own words are not to be changed: a phrase
within quotation marks is marked as quoted.
"""

import re
from collections.abc import Iterator

import msgspec

from domain.forms.patterns import lazy_regex
from domain.language import rules

__all__ = ["BlamingPhrase", "look"]

_DENIED = lazy_regex(
    r"\b(?:not|no|never|isn't|isnt|no such thing as|instead of|rather than|avoid|the (?:word|"
    r"phrase|term))\s+(?:(?:a|an|the|to|say|saying|write|writing|of|is|any)\s+){0,3}[\"'“‘]?$",
    re.IGNORECASE,
)
_QUOTES = (
    lazy_regex(r"“[^”]*”|\"[^\"]*\"|«[^»]*»"),
    lazy_regex(r"(?<!\w)['‘](?:[^'’]|(?<=\w)['’](?=\w))*['’](?!\w)"),
)


class BlamingPhrase(msgspec.Struct, frozen=True):
    """A phrase that blames a child or a parent, at text[start:end]. `rule` is the code of the rule
    that matches it, `why` the reason, and `instead` a better wording. `quoted` is True if the
    phrase is part of a person's own words, which are not changed.
    """

    start: int
    end: int
    words: str
    rule: str
    why: str
    instead: tuple[str, ...]
    quoted: bool


def find_blame(text: str, *, verbatim: bool = False) -> tuple[BlamingPhrase, ...]:
    """Return the phrases in `text` that blame a child or a parent, in order, without overlap.

    If `verbatim` is True, the whole text is a person's own words, and every phrase counts as
    quoted. A phrase that the words before it deny ("this is not a lifestyle choice") does not
    count.
    """
    quoted = [match.span() for pattern in _QUOTES for match in pattern.finditer(text)]
    phrases: list[BlamingPhrase] = []
    for rule, start, end in sorted(_hits(text), key=lambda hit: (hit[1], -hit[2])):
        if phrases and start < phrases[-1].end:
            continue
        own = verbatim or any(a <= start and end <= b for a, b in quoted)
        words = text[start:end]
        phrases.append(BlamingPhrase(start, end, words, rule.code, rule.why, rule.instead, own))
    return tuple(phrases)


def _hits(text: str) -> Iterator[tuple["rules.LanguageRule", int, int]]:
    for rule in rules.RULES:
        for match in rule.pattern.finditer(text):
            if not _DENIED.search(text[max(0, match.start() - 60) : match.start()]):
                yield rule, match.start(), match.end()

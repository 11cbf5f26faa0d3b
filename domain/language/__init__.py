"""Victim-blaming language in a professional's words, with what to write instead.

HMICFRS (2023) asks that it be eradicated. What is found is an offer: nothing is blocked, nothing
is stored, and what a parent or a child said stays as it was said: inside quotation marks a phrase
is only noted.
"""

import re
from collections.abc import Iterator

import msgspec

from domain.language import rules

__all__ = ["BlamingPhrase", "look"]

_DENIED = re.compile(
    r"\b(?:not|no|never|isn't|isnt|no such thing as|instead of|rather than|avoid|the (?:word|"
    r"phrase|term))\s+(?:(?:a|an|the|to|say|saying|write|writing|of|is|any)\s+){0,3}[\"'“‘]?$",
    re.IGNORECASE,
)
_QUOTES = (
    re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»"),
    re.compile(r"(?<!\w)['‘](?:[^'’]|(?<=\w)['’](?=\w))*['’](?!\w)"),
)


class BlamingPhrase(msgspec.Struct, frozen=True):
    """text[start:end] blames; `rule` is the code, `why` the reason and `instead` what to write.
    `quoted`: these are somebody's own words, to be kept as they are."""

    start: int
    end: int
    words: str
    rule: str
    why: str
    instead: tuple[str, ...]
    quoted: bool


def look(text: str, *, verbatim: bool = False) -> tuple[BlamingPhrase, ...]:
    """What blames a child or a parent in `text`, in order, without overlap.

    `verbatim` says that the whole text is somebody's own words: all is quoted then. A phrase that
    the words before it deny ("this is not a lifestyle choice") is none.
    """
    quoted = [match.span() for pattern in _QUOTES for match in pattern.finditer(text)]
    found: list[BlamingPhrase] = []
    for rule, start, end in sorted(_hits(text), key=lambda hit: (hit[1], -hit[2])):
        if found and start < found[-1].end:
            continue
        own = verbatim or any(a <= start and end <= b for a, b in quoted)
        words = text[start:end]
        found.append(BlamingPhrase(start, end, words, rule.code, rule.why, rule.instead, own))
    return tuple(found)


def _hits(text: str) -> Iterator[tuple["rules.LanguageRule", int, int]]:
    for rule in rules.RULES:
        for match in rule.pattern.finditer(text):
            if not _DENIED.search(text[max(0, match.start() - 60) : match.start()]):
                yield rule, match.start(), match.end()

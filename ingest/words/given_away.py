"""Find facts that a text for a family must not disclose: other people's statements, the people whom
they named, sources, police actions. The check stops the text, and a person then rewords it.
"""

import re
from collections.abc import Collection
from datetime import datetime

from domain.forms.patterns import join_lines, lazy_regex
from domain.intelligence.release import Marked
from domain.kernel.values import MentionKind
from ingest.reading import read

_WHY: dict[MentionKind, str] = {
    "person": "somebody's name: they hear none from us",
    "nickname": "somebody's name: they hear none from us",
    "phone": "a number",
    "vrm": "a plate",
    "vrm_partial": "a plate",
    "vehicle": "a vehicle",
    "postcode": "an address",
    "place": "a place",
    "handle": "an account",
}
_TACTICS = join_lines(
    r"""
    (?:operation|op\.?)\s+[A-Z]\w+|surveillance|undercover|under\s+cover|informants?|CHIS|
    (?:search|arrest)\s+warrants?|warrants?|phone\s+data|cell\s+site|number\s+plate\s+camera|ANPR|
    (?:watching|following|tracking)\s+(?:him|her|them)|raid(?:ed|s)?|
    going\s+to\s+(?:arrest|charge|search|raid)
    """
)
_OTHERS = join_lines(
    r"""
    (?:another|other|a\s+second|the\s+other|two|three|several)\s+
    (?:famil(?:y|ies)|parents?|mothers?|fathers?|mums?|dads?|child(?:ren)?|girls?|boys?|victims?)|
    sources?|(?:somebody|someone)\s+(?:else\s+)?(?:told|said|rang|saw|reported)
    """
)
#: A pattern of an address that is written without capitals.
_ADDRESS = join_lines(
    r"""
    (?:(?:flat|apartment|unit|room)\s+\d+[a-z]?,?\s+)?\d{1,4}[a-z]?,?\s+
    (?:(?!(?:on|in|of|at|to|by|the|a|up|down|along|my|her|his|their)\b)[a-z'’]+\s+){1,3}?
    (?:road|rd|street|lane|avenue|ave|close|crescent|drive|gardens|grove|square|terrace|mews)
    """
)
_SAID = (
    (lazy_regex(rf"\b(?:{_ADDRESS})\b", re.IGNORECASE), "an address"),
    (lazy_regex(rf"\b(?:{_TACTICS})\b", re.IGNORECASE), "what the police do, or may do"),
    (lazy_regex(rf"\b(?:{_OTHERS})\b", re.IGNORECASE), "that somebody else told us, or who"),
)


def find_disclosures(
    text: str, own: Collection[str], written_at: datetime, others: Collection[str] = ()
) -> list[Marked]:
    """Return the places where a text for a family discloses something, in order. `own` are the
    names of the family. `others` are the names, in any spelling, of people and things that are
    linked to the child.
    """
    spoken = {word.casefold() for name in own for word in (name, *name.split())}
    marks = [
        (mention.start, text[mention.start : mention.end], _WHY[mention.kind])
        for mention in read(text, written_at=written_at, names=own)
        if mention.kind in _WHY and text[mention.start : mention.end].casefold() not in spoken
    ]
    for name in others:
        written = r"\s*".join(map(re.escape, name.split()))
        spelt = re.finditer(rf"(?<!\w){written}(?!\w)", text, re.IGNORECASE)
        marks += [(match.start(), match[0], _WHY["person"]) for match in spelt]
    for pattern, why in _SAID:
        marks += [(match.start(), match[0], why) for match in pattern.finditer(text)]
    return list(dict.fromkeys(Marked(words, why) for _, words, why in sorted(marks)))

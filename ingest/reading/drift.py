"""Find words in a text after which an officer should review whether the source is a covert source:
words about covert use of a relationship, deception, or tasks that an officer gave. The words only
propose the review. What a parent sees at home, or writes down on request, is not a sign.
"""

import re

from domain.forms.patterns import WORD_START, join_lines, lazy_regex
from domain.kernel.codes import DriftGrounds

_ME = r"(?:i|we)(?:['’]?(?:ve|m|re|d))?(?: had| have| was| were)?"
_HIM = r"(?:him|them|his|their|that (?:man|lad|bloke)|the (?:man|men|lads?|car|van|driver))"
#: Activities that a source may be sent to do. Writing down, keeping and ringing are left out,
#: because workers advise every family to do these.
_FOUND_OUT = join_lines(
    r"""
    (?:find out|follow|watch|keep (?:an eye|watching|tabs|him|them|talking|in touch)
    |get (?:his|their|close|friendly|in with|hold of (?:his|their))|go (?:back|round|through|in)
    |meet|talk to|chat to|text|message|ring him|stay (?:friends|close|in touch)
    |look (?:in|through|for|at) (?:his|their|him)|search|take (?:a )?(?:photo|picture|pic)s? of
    |ask (?:him|them|around)|pretend|play along|let (?:him|them|her go)|listen in
    |record (?:him|them)|befriend|add (?:him|them))
    """
)
_HIS_THINGS = join_lines(
    r"""
    (?:his|their) (?:phone|mobile|messages|texts|facebook|car|van|wallet|jacket|coat|flat|room
    |house|bag|pockets?|laptop)
    """
)
_SIGNS: tuple[tuple[DriftGrounds, str], ...] = (
    (
        "deception",
        join_lines(
            rf"""
            (?:went|been|looked|gone|going|got|checked|searched|snuck)(?: and looked)?
            (?:\ )(?:(?:through|into|in|inside) )?{_HIS_THINGS}
            """
        ),
    ),
    ("deception", rf"{_ME} (?:just |secretly )?(?:followed|tailed|shadowed|trailed) {_HIM}"),
    ("deception", r"(?:pretend(?:ed|ing)?|ma(?:de|king) out) (?:to be|that|as|i\b)"),
    ("deception", r"(?:fake|false|made[- ]up) (?:account|profile|name|facebook|snap\w*|insta\w*)"),
    ("deception", r"secretly|hid (?:my|a|the) (?:phone|recorder)|without (?:him|them) knowing"),
    ("deception", r"(?:he|they) (?:doesn|don|does no|do no)['’]?t know (?:i|it['’]?s me|who i)"),
    ("deception", r"messag(?:ed|ing) (?:him|them) (?:as|like|from) (?:her|my (?:daughter|son))"),
    (
        "relationship",
        join_lines(
            r"""
            (?:got|getting|stay(?:ing|ed)|keeping|kept|being) (?:friendly|in|close|pally|mates
            |friends) with (?:him|them|his|their)
            """
        ),
    ),
    ("relationship", r"(?:he|his (?:mum|mate|brother|cousin)) (?:trusts|confides in|tells) me"),
    ("relationship", r"kept (?:him|them) talking|led (?:him|them) to (?:think|believe)"),
    ("relationship", r"play(?:ed|ing) along"),
    (
        "direction",
        join_lines(
            rf"""
            (?:asked|told|wants?|wanted|got|getting|instructed) (?:me|us|my \w+)
            (?:\ )(?:to|if (?:i|we) (?:could|would|can)) (?:\w+ )?{_FOUND_OUT}
            """
        ),
    ),
    (
        "direction",
        rf"(?:you|police|officer|worker|[dp]c \w+) said (?:to|(?:i|we) should) {_FOUND_OUT}",
    ),
    ("direction", r"as (?:you|the (?:officer|police|worker)) (?:asked|told|said|wanted)"),
)
#: A pattern of all signs together: most texts have no sign, so one search is enough for them.
_ANY = lazy_regex(rf"{WORD_START}(?:{'|'.join(way for _, way in _SIGNS)})\b", re.IGNORECASE)
_PATTERNS = tuple(
    (grounds, lazy_regex(rf"\b(?:{way})\b", re.IGNORECASE)) for grounds, way in _SIGNS
)
_DENIED = lazy_regex(r"\b(?:not|never|(?:did|would|do)n['’]?t)\s(?:\w+\s)?$", re.IGNORECASE)


def drift_signs(text: str) -> tuple[DriftGrounds, ...]:
    """Return the grounds on which `text` suggests a review whether its source has become a covert
    one (CHIS).
    """
    suggested_grounds: list[DriftGrounds] = []
    if not _ANY.search(text):
        return ()
    for grounds, pattern in _PATTERNS:
        if grounds not in suggested_grounds and any(
            not _DENIED.search(text[max(0, match.start() - 25) : match.start()])
            for match in pattern.finditer(text)
        ):
            suggested_grounds.append(grounds)
    return tuple(suggested_grounds)

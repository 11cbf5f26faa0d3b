"""Find, in parents' words, the signs of exploitation that they notice early.

A single sign says little, and none is urgent: a worker sees the signs and asks further.
"""

from domain.forms.patterns import join_lines, lazy_regex
from domain.kernel.codes import Noticed
from ingest.reading.spelling import DOUBLED, squeezed

_MANY = r"(?:two|thre|four|five|six|2|3|4|5|6|several|lots of|loads of|constant\w*|al the|many)"
_SIGNS: tuple[tuple[Noticed, str], ...] = (
    (
        "often-bathing",
        rf"""
        \b{_MANY} (?:\w+ )?(?:baths?|showers?|washes)\b|\b(?:baths?|showers?|bathing|showering
    |washing
        (?:\ )(?:her|him)self)(?: \w+){{0,3}} (?:(?:twice|thre times|\d times) (?:a day|daily)
    |al the
        (?:\ )time|constantly|for hours|over and over|straight (?:away|after))\b
    |\b(?:scrub\w*) (?:her|him)
        sel\w*\b
        """,
    ),
    (
        "stopped-school",
        r"""
        \b(?:stop+ed|quit|refus\w+|wont|not|isnt|never|hardly|barely|no longer|skip+\w*|bunk\w*
    |wag+\w*
        |twag+\w*|missing|misses|truant\w*|excluded from|given up|droped out of|walks? out of)
        (?:\ )(?:\w+ ){0,3}?(?:scho+ls?|college|lesons|clases|clas)\b|\bscho+l (?:refus\w+
    |atendance)\b
        |\btruant\w*\b
        """,
    ),
    (
        "unexplained-things",
        r"""
        \b(?:new|second|2nd|another|expensive|dear|designer) (?:\w+ )?(?:phones?|iphones?|mobiles?
    |sim
        |trainers?|clothes|jacket|coat|jewel+\w*|bracelet|necklace|watch|bags?|nails|headphones
    |airpods
        |tracksuits?|vapes?)\b|\b(?:cash|money|things|stuf|gifts|presents|clothes
    |phones?)(?: \w+){0,3}
        (?:\ )(?:she|he|i|we) (?:cant|cannot|couldnt|dont|doesnt) (?:explain|say|tel|aford|have
    |know)\b
        |\b(?:two|2|thre|3) (?:phones|sims|mobiles)\b
        """,
    ),
    (
        "older-company",
        r"""
        \b(?:older|grown|adult|much older) (?:\w+ )?(?:lads?|men|man|boys?|blokes?|boyfriends?
    |friends?
        |guys?|girls?|people|males?|mates?)\b|\b(?:lads?|men|man|boyfriend|bf|friend|mate|bloke)
        (?:\ )(?:\w+ ){0,3}?(?:who is|aged|hes|is|of|about|in his) (?:\w+ )?(?:(?:1[89]|[2-6]\d)\b
    |twenties
        |thirties|forties)
        """,
    ),
    (
        "out-at-night",
        r"""
        \b(?:out|gone|comes? in|came in|coming in|back|home)(?: \w+){0,3} (?:al night|late|(?:at
    |til|til
        ) (?:1|2|3|4|5)(?: ?am| in the morning)?|every night|at night|(?:the )?early hours)\b
    |\b(?:sneak|
        climb)\w* out\b|\bstaying out\b
        """,
    ),
    (
        "changed-mood",
        r"""
        \b(?:mod|personality|she|he|atitude)(?: has| is|s| keeps)*(?: completely| totaly| so| al
    | realy)*
        (?:\ )(?:changed|swings?|withdrawn|secretive|agresive|angry|tearful|moody|quiet|distant
    |jumpy
        |not herself|not himself|a different (?:girl|child|boy|person))\b|\bmod swings?\b
    |\bwithdrawn\b
        |\bsecretive\b|\bnot (?:her|him)self\b
        """,
    ),
    (
        "new-friends",
        r"""
        \b(?:new|changed|droped|diferent|lost|stop+ed sein\w*|fel out with)(?: al| her| his| the
    | old)*
        (?:\ )(?:friends?|mates|crowd|group)\b
        """,
    ),
    (
        "eating-or-sleeping",
        r"""
        \b(?:not|isnt|stop+ed|hardly|barely|wont|doesnt)(?: \w+)? (?:eat|eating|slep|sleping)\b
        |\b(?:lost|losing)(?: \w+)? weight\b|\bnightmares?\b|\b(?:cant|not) slep\w*\b
        """,
    ),
)
_NOT = lazy_regex(r"\b(?:no|not|never|without|isnt|doesnt|didnt|hasnt)(?: any| got| a)?\s*$")
_PATTERNS = tuple(
    (sign, lazy_regex(DOUBLED.sub(lambda match: match[1] or match[0], join_lines(way))))
    for sign, way in _SIGNS
)


def noticed(text: str) -> tuple[Noticed, ...]:
    """Return the codes of the signs of exploitation in `text`, in the order in which the type
    `Noticed` lists them.

    A sign is left out if the words before it negate it.
    """
    words = squeezed(text)
    return tuple(
        sign
        for sign, pattern in _PATTERNS
        if any(not _NOT.search(words[: match.start()][-20:]) for match in pattern.finditer(words))
    )

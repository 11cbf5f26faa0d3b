"""An answer to "How do you know it is true?" in a carer's words, as one of the form's answers.

Nothing is graded here: the answer's code proposes a grade, and a person decides. Words that fit
no answer keep no code.
"""

import re

from domain.values import HowKnown

_FAMILY = (
    r"(?:my |our |the )?(?:daughter|son|child|girl|lad|boy|kid|granddaughter|grandson|niece|nephew"
    r"|foster (?:child|daughter|son)|young person|yp)"
)
_TOLD = r"(?:told|tells|telling|said|says|admitted|confided|texted|messaged|disclosed|mentioned)"
_OTHERS = (
    r"(?:(?:my |our |her |his |the |a |an |one of |another )*"
    r"(?:neighbour|neighbor|friend|mate|teacher|school|tutor|mum|mother|dad|father|parent|nan|nana|gran"
    r"|grandma|grandmother|grandad|grandfather|auntie|aunt|uncle|cousin|sister|brother|husband|wife|partner"
    r"|boyfriend|girlfriend|worker|social worker|support worker|staff|carer|driver|shopkeeper|man|woman|lady"
    r"|boy|girl|someone|somebody|they)s?)"
)

#: In this order: doubt outweighs everything, what one holds or saw outweighs what one was told.
_ANSWERS: tuple[tuple[HowKnown, re.Pattern[str]], ...] = tuple(
    (code, re.compile(pattern, re.IGNORECASE))
    for code, pattern in (
        (
            "doubts",
            r"\b(?:doubt|not (?:so |too |really |at all )*(?:sure|certain|convinced)(?! who| which)"
            r"|unsure|don.?t (?:really )?(?:believe|think (?:it|that|this).{0,12} true)"
            r"|might (?:be|have) (?:lying|made|making)|making it up|made it up|could be lying"
            r"|not true|probably (?:a lie|lying))",
        ),
        (
            "corroborated",
            r"\b(?:(?:two|three|several|both|different) (?:different |other )?(?:people|parents|friends|of them)"
            r".{0,30}(?:same|said|told)|(?:someone|somebody|another|other).{0,30}(?:said|told|says).{0,20}"
            r"\bsame\b|backed up by|confirmed by|same (?:thing )?from (?:two|another))",
        ),
        (
            "has-item",
            r"\b(?:(?:i|we)(?:.?ve| have|.?ve got| have got| got| kept| found| took)? "
            r"(?:still )?(?:have|got|kept|keep|found|hold|took)?\s*"
            r"(?:the |her |his |a |this |that |an? )*(?:actual |old |spare |other )?"
            r"(?:phone|mobile|sim|card|note|letter|photo|photograph|picture|screenshot|message|text|receipt"
            r"|bag|jacket|coat|clothes|top|ring|necklace|gift|present|bottle|ticket|key|keys|diary|laptop"
            r"|tablet|item|it here|it with me|it at home|them here)s?\b"
            r"|(?:have|got|kept|saved) (?:it|them|the item|a copy|a screenshot|the \w+)\b"
            r"|in my (?:hand|possession|keeping))",
        ),
        (
            "saw-or-heard",
            r"\b(?:(?:i|we|myself|dad and i|me and \w+)(?: have| had|.?ve| both| all| just| clearly| personally"
            r"| myself| actually)* (?:saw|seen|see|heard|hear|overheard|watched|read|witnessed|was there"
            r"|were there|was present|looked|noticed|spotted|took (?:the|her|his) call|answered|picked up"
            r"|wrote (?:it|the|down)|counted|recognised)"
            r"|^(?:saw|seen|heard|overheard|witnessed|read)\b|with my own (?:eyes|ears)|saw it|heard it"
            r"|seen it|in front of me|(?:i|we) (?:was|were) (?:there|in the (?:room|car|house))"
            r"|^(?:me|myself|i did|own eyes|first ?hand|direct(?:ly)?)\W*$)",
        ),
        (
            "talked-about",
            r"\b(?:rumou?rs?|gossip|hearsay|talk(?:ed)? (?:about|of|on|round|around|in)|people (?:say|are saying|said"
            r"|talk|reckon)|everyone (?:knows|says|is saying)|everybody (?:knows|says)|word (?:is|has it|on the street)"
            r"|common knowledge|on the grapevine|they say|(?:going|doing) (?:a?round|the rounds)"
            r"|don.?t know where (?:it|this|that) (?:comes|came) from|all over (?:facebook|school|town|the estate))",
        ),
        (
            "child-told",
            rf"\b(?:(?:she|he|they|{_FAMILY})(?: has| have| then| just| later| finally| herself| himself)* {_TOLD}"
            rf"|(?:told|said) (?:to )?(?:me |us )?(?:this )?by (?:her|him|{_FAMILY})\b"
            rf"|from {_FAMILY}\b|heard (?:it )?from (?:her|him|{_FAMILY})\b|{_FAMILY} (?:did|herself|himself)\b"
            r"|her (?:own )?words|his (?:own )?words)",
        ),
        (
            "other-told",
            rf"\b(?:{_OTHERS}(?: \w+)?(?: has| have| then| just| who \w+)* {_TOLD}"
            rf"|(?:told|said) (?:to )?(?:me |us )?(?:this )?by\b|was told|were told|been told|(?:heard|got) (?:it |this )?(?:from|off)\b"
            rf"|(?:rang|phoned|called|texted|messaged) (?:me|us)\b)",
        ),
        ("other-told", rf"\b[A-Z][a-z]+(?:'s \w+)? {_TOLD}\b"),
    )
)
_CODES = {
    "a": "saw-or-heard",
}


def how_known(words: str) -> HowKnown | None:
    """The answer that `words` give, or None where they give none of the form's."""
    said = " ".join(words.replace("’", "'").split())
    if not said:
        return None
    written_out = said.casefold().replace(" ", "-")
    for code, pattern in _ANSWERS:
        if written_out == code or pattern.search(said):
            return code
    return None

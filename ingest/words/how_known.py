"""Recognise a carer's answer to "How do you know it is true?" as one of the answers on the form.

The code of the answer only proposes a grade, and a person decides. Words that match no answer get
no code and are stored unchanged.
"""

import re
from typing import get_args

from domain.forms.patterns import lazy_regex
from domain.kernel.values import HowKnown

_CHILD = (
    r"(?:(?:my|our|the|foster|own|eldest|youngest|older|younger)[ ])*"
    r"(?:daughter|son|child|girl|lad|boy|kid|granddaughter|grandson|young[ ]person|yp)"
)
_OTHER = (
    r"(?:neighbou?r|friend|mate|teacher|school|tutor|mum|mother|dad|father|parent|nana?|gran"
    r"|grand(?:ma|mother|dad|father)|aunt(?:ie|y)?|uncle|cousin|sister|brother|husband|wife"
    r"|partner|(?:boy|girl)friend|worker|staff|carer|driver|shopkeeper|man|woman|lady|police(?:man)?"
    r"|officer|someone|somebody|person)s?"
)
_TOLD = (
    r"(?:told|tells|telling|tell|said|says|say|admitted|confided|texted|messaged|disclosed"
    r"|mentioned|rang|phoned|showed)"
)
_BETWEEN = r"(?:[ ]\w+){0,3}?[ ]"
_ITEM = (
    r"(?:phone|mobile|sim|card|note|letter|photo(?:graph)?|picture|screenshot|message|text|receipt"
    r"|bag|jacket|coat|clothes|top|ring|necklace|present|gift|bottle|ticket|keys?|diary|laptop"
    r"|tablet|item|paper|list|copy|proof|it|them)s?"
)
_SECOND_HAND = (
    r"(?:[ ](?:it|this|that))?(?:[ ]second[ ]?hand)?"
    r"[ ](?:from|off|about|people|that[ ](?:s?he|they)|s?he|they|rumou?rs?)"
)

# in these verbose patterns, a space is written as [ ]
_DOUBTS = r"""
    (?<!no[ ])\bdoubts?\b | \bunsure\b
    | \bnot[ ](?:(?:so|too|really|at[ ]all|quite|100%)[ ])*
      (?:sure|certain|convinced|true)\b (?![ ]who|[ ]which|[ ]what)
    | \b(?:don'?t|do[ ]not)[ ](?:really[ ])?(?:believe|think[ ](?:it|that|this)\b.{0,15}[ ]true)
    | \b(?:making|made)[ ](?:it|this|things)[ ]up | \b(?:be|is|was)[ ]lying | \ba[ ]lie\b
"""
_CORROBORATED = r"""
    \bsame[ ](?:thing[ ])?from\b | \b(?:says?|said|told|tells?)\b.{0,25}\bthe[ ]same\b
    | \bboth[ ](?:said|told|say)\b | \b(?:backed[ ]up|confirmed)[ ]by\b
    | \btwo[ ](?:people|of[ ]them|parents)\b
"""
_HAS_ITEM = rf"""
    \b(?:have|got|kept|keep|keeping|found|took|hold|holding|saved|taken)
      (?:[ ](?:the|her|his|a|an|this|that|it|them|actual|old|new|spare|second|other|still))*
      [ ]{_ITEM}\b (?![ ](?:from|off|told|said))
    | \bin[ ]my[ ](?:hand|possession|keeping)\b
"""
_SAW_OR_HEARD = rf"""
    \b(?:i|we|myself|ourselves)\b
      (?:[ ](?:have|had|both|all|just|clearly|personally|myself|actually|also|only|then|could
         |was|were|been|directly|physically))*
      '?(?:ve|d)?[ ]
      (?:saw|seen|see|overheard|watched|read|witnessed|there|present|noticed|spotted|found
         |answered|counted|recognised|wrote|heard(?!{_SECOND_HAND})|hear
         |looked)\b
    | ^(?:saw|seen|overheard|witnessed|read|watched
         |heard(?!{_SECOND_HAND}))\b
    | own[ ](?:eyes|ears)
    | \b(?:saw|seen|heard)[ ](?:it|this|him|her|them)\b(?![ ](?:from|off|about))
    | ^(?:me|myself|i[ ]did|own|first[ ]?hand|direct(?:ly)?|in[ ]front[ ]of[ ]me|was[ ]there)\W*$
    | \b(?:saw|heard)[ ].{{0,20}}\bmyself\b | \bi[ ]was[ ](?:there|in[ ]the)\b
"""
_TALKED_ABOUT = r"""
    \b(?:rumou?rs?|gossip|hearsay|grapevine|common[ ]knowledge
      |word[ ](?:is|has[ ]it|on[ ]the[ ]street))\b
    | \btalk(?:ed|ing)?[ ](?:about|of|round|around|in[ ]town|at[ ]school)\b
    | \b(?:people|everyone|everybody|kids|lads|girls|they[ ]all|they)[ ]
      (?:(?:are|is|all|round[ ]here|at[ ]school)[ ])*
      (?:say|says|saying|said|talk|reckon|know|knows)\b
    | \b(?:going|doing)[ ](?:a?round|the[ ]rounds)\b | \ball[ ]over[ ](?:facebook|school|town|the)\b
    | \b(?:don'?t|do[ ]not|not)[ ]know[ ]where[ ](?:it|this|that)[ ]comes?[ ]from
    | \bno[ ]idea[ ]where\b
"""
_THE_CHILD = rf"""
    \b{_CHILD}{_BETWEEN}{_TOLD}\b | \b(?:from|by)[ ]{_CHILD}\b(?!'s)
    | \b{_CHILD}[ ](?:did|herself|himself)\b
"""
_SOMEONE = rf"""
    \b{_OTHER}\b{_BETWEEN}{_TOLD}\b | \b(?:from|off|by)[ ](?:\w+[ ]){{0,2}}{_OTHER}\b
    | \b(?:was|were|been)[ ]told\b | \bsomeone[ ]else\b
"""
_SHE_OR_HE = rf"""
    \b(?:s?he|they|her|him)\b{_BETWEEN}{_TOLD}\b
    | \b(?:from|by)[ ](?:her|him)\b(?![ ]\w) | \b(?:her|his)[ ](?:own[ ])?words\b
"""
_NAMED = rf"""
    ^(?!i[ ]|we[ ])\w+(?:[ ]\w+)?(?:[ ]has|[ ]had|[ ]also|[ ]just)?[ ]{_TOLD}\b
    | \b(?:heard|got|know)[ ](?:it[ ]|this[ ]|that[ ])?(?:from|off)\b
"""

#: The patterns of the answers on the form, in the order in which they are tried: doubt is tried
#: first, having or seeing something before hearing about it, and a named source before "she".
_ANSWERS: tuple[tuple[HowKnown, re.Pattern[str]], ...] = (
    ("doubts", lazy_regex(_DOUBTS, re.VERBOSE)),
    ("corroborated", lazy_regex(_CORROBORATED, re.VERBOSE)),
    ("has-item", lazy_regex(_HAS_ITEM, re.VERBOSE)),
    ("saw-or-heard", lazy_regex(_SAW_OR_HEARD, re.VERBOSE)),
    ("talked-about", lazy_regex(_TALKED_ABOUT, re.VERBOSE)),
    ("child-told", lazy_regex(_THE_CHILD, re.VERBOSE)),
    ("other-told", lazy_regex(_SOMEONE, re.VERBOSE)),
    ("child-told", lazy_regex(_SHE_OR_HE, re.VERBOSE)),
    ("other-told", lazy_regex(_NAMED, re.VERBOSE)),
)
_CODES: tuple[HowKnown, ...] = get_args(HowKnown)


def read_how_known(words: str) -> HowKnown | None:
    """Return the answer on the form that `words` mean; None if they mean no such answer."""
    answer = " ".join(words.replace("’", "'").casefold().split())
    if not answer:
        return None
    for code in _CODES:
        if answer.replace(" ", "-") == code:
            return code
    return next((code for code, pattern in _ANSWERS if pattern.search(answer)), None)

"""Find words in a text that propose urgency. A person decides about a proposal, so to miss an
urgent text is worse than to propose urgency needlessly.

The codes are: a child missing now, a child with a suspect now, violence, an injury, self-harm, a
suspect at the door, a weapon, "not to tell the police", a threat, a child who is sold, a call for
help, a person who left prison and is near again. If a worker marks an entry urgent, no code is
needed.
"""

import re
from collections.abc import Sequence

from domain.forms.nicknames import given_names
from domain.forms.patterns import join_lines, lazy_regex, words
from ingest.reading import danger, distress
from ingest.reading.common import is_common
from ingest.reading.meanings import MEANINGS, find_meaning, single
from ingest.reading.spelling import squeezed

#: Words that are not names in a text, although some are short for a name.
_NO_NAMES = words(
    """
    i he she we they you it this that there who what has was is had are were been did does
    could should would some al any
    """
)


def _sign(pattern: str) -> re.Pattern[str]:
    return lazy_regex(pattern, prepare=single)


#: Phrases that only sound like danger; they are removed before signs of danger are searched for.
_HARMLESS = _sign(
    r"""
    \b(?=\w)(?:hit (?:it of|the (?:roof|sack|shops?|town|road|books)|rock bottom|(?:a|the) (?:wall
    |bollard
    |kerb|tree|post))|(?:is|are|was|been|be) killing (?:me|us)|killing (?:time|her chances)
    |bl(?:ed|eed
    |eeding) (?:\w+ ){1,2}(?:dry|white)|blood (?:tests?|pressure|sugars?|type|group|donor|work
    |results?
    |is thicker)|bloody|nose ?ble+ds?|bled a bit|hospital (?:appointment|appt|letter|radio|food
    |transport|visit|shift)s?|calls? from (?:the[ ]
    )?hospital (?:to|about) (?:the |her |his |my |a )?(?:chang\w*|mov\w*|book\w*|confirm\w*
    |remind\w*|appointment|scan)|(?:letter
    |appointment|work\w*|job|shift|placement|check ?up|scan)s? (?:from|at|by|in) (?:the )?hospital
    |(?:came
    |come|coming|got|home|back|discharged|released) (?:\w+ )?(?:out of|from) (?:the )?hospital
    |(?:a|first|last|little|every|each|this|that|one|other|quite) bit|the (?:\w+ )?limp
    |bruised (?:feelings|ego)|stabbing pains?
    |stab in the
    dark|kick ?boxing|kick start|kicked (?:of|out of)|punch ?bags?|punch line|punched in (?:the|a)
    (?:code|pin|number)|fighting (?:her|his|my|our) corner|fighting fit|(?:would|could) (?:kill
    |have
    strangled|have killed|murder)(?: for)?|(?:cut|cuts|cutting) (?:her|his|my|their) (?:hair
    |fringe|nails|finger
    |dose|hours|grass|losses|ties)|cut (?:and paste|down|back|short|of|school)|beat (?:her|him|me
    |my \w+|her \w+|his \w+) at
    |beaten (?:at|by \w+ (?:goals|points))|(?:threw|throw|throwing|thrown) (?:a|the|his
    |her) (?:party|ball|towel|phone|bag
    |coat|tantrum|wobbly|strop)|held (?:her|his|the|a) (?:\w+ )?(?:hand|baby|cousin|door|meeting
    |breath|tongue)
    |threat\w* (?:with|of) (?:eviction|court|legal|a fine)|threat\w* to (?:fine|drop|evict|sue
    |exclude
    |cut|quit)|council threat\w*|housing threat\w*|(?:water|toy|nerf|cap|bb|heat|glue) (?:pistols?
    |guns?)|toy gun
    |gun ?metal|gun dogs?|top gun|knife (?:and fork|crime|block|amnesty)|(?:kitchen|butter|bread
    |palette)
    kni(?:fe|ves)|hit\w* the (?:gym|(?:cros ?)?bar|bal|target|post|net|headlines|brakes|snooze
    |shelves|high street|beach|pub|bottle)|knives (?:in the van )?for work
    |butchers? (?:\w+ ){0,3}kni(?:fe|ves)
    |fire ?(?:axe|drill)|acid (?:reflux|rain)
    |bats in the|shoot(?:ing)? (?:over|of|hoops|game)|screen ?shots?|burning (?:question|desire)
    |sun ?burn\w*|sun burn\w* (?:her|his|my) \w+|jump(?:ing)? (?:at the chance|for joy
    |on the (?:bus|train|trampoline)|rope)|over the moon
    |dying (?:to|for)|died of (?:embarrassment|shame|laughing)|dead (?:good|funny|nice|proud
    |pleased|chuffed
    |happy|battery|end)|(?:self ?harm|suicide)(?: (?:policy|training|leaflet|awareness
    |prevention))|leaflet on
    self ?harm|heart attack|attack (?:her|his|my) homework|attendance|touch(?:ed)? (?:base|on
    |wood)
    |(?:is|hes|are|man is) here (?:legaly|illegaly|on (?:a|an|his) (?:student )?(?:visa|holiday
    |placement)|for the
    (?:meeting|summer)|to (?:fix|mend|read|help|deliver|mow)|most|every)|doors? needs?
    |kicking a ball|war
    |charge sheet|missing (?:from (?:the|her|his|my) (?:car|coat|diary|book|set|bag|copy)|(?:her
    |his|my) (?:\w+)|out)
    |(?:buttons?|pages?|tooth brush|charger|socks?|shoes?) (?:is |are |was |were )?missing)\b
    """
)
_SOMEBODY = join_lines(
    r"""
    (?!(?:me|us|her|my|our|mum|mam|dad|nan|gran|family|friends?|school|staff|home|the police
    |it|a|key|worker)\b)\w{1,20}
    """
)
_HIS = r"(?:his|their|that (?:man|lad|bloke|fella|guy)|the (?:man|lads?|men|car|van|flat|hotel))"
_AGO = join_lines(
    r"""
    (?:year|yr|month|mnth)s? (?:ago|back|before)|(?:last|in|back in) (?:year|yr|month|term|spring
    |summer|autumn|winter|january|february|march|april|may|june|july|august|september|october
    |november|december)|in (?:the )?(?:19|20)\d\d|(?:from|of) (?:19|20)\d\d|in the war
    |when (?:i|she|he|we) (?:was|were) (?:a |an |little|small|young|about |only )
    |used to|as a child|years back
    """
)
_LONG_AGO = _sign(rf"\b(?:{_AGO})\b")
#: Words about an earlier day. Where a person was seen on that day is information; where they are
#: now is urgent.
_EARLIER = _sign(
    r"""
    \b(?:yesterday|yest|(?:mon|tue|tues|wed|weds|thu|thur|thurs|fri)(?:day|nesday|sday|rday)?s?
    |(?:satur|sun)days?|last (?:night|week|\w+day)|\d+(?:st|nd|rd|th)|(?:days?|weks?) ago
    |half term|used to
    |january|february|march|april|june|july|august|september|october|november|december)\b
    """
)
_PRESENTLY = _sign(
    rf"""
    \b(?:{danger.NOW}|is|are|hes|theyre|theres|wont|keeps?|still|scared|\w+ing (?:on|at|in|down)
    )\b
    """
)
_TODAY = _sign(rf"\b(?:{danger.NOW}|again|last night|yesterday|today)\b")
_NOT_BEFORE = _sign(
    r"""
    (?:\b(?:no longer|not|isnt|wasnt|never)\s(?:\w{1,10}\s)?
    |\b(?:used to|last (?:week|month|year|time)|last yr|(?:year|month|week)s? ago
    |when she was|back in)\b[^.,!?]{0,25})$
    """
)
_DENIED = _sign(
    r"""
    \b(?:no|never|not|didnt|havent|hasnt|hadnt|without|denie[sd]|any|nor)\s(?:(?!but\b|he\b|she\b
    """
    r"|they\b|ok\b|well\b|good\b|safe\b|right\b)\w{1,10}\s)?$"
)
_DENIED_AFTER = _sign(r"^\w*[^.!?]{0,12}\b(?:there (?:have|has) not been|none\b|has stopped)")
_OVER = _sign(
    r"""
    ^[^.!?]{0,60}\b(?:came (?:back|home)|is (?:back|home)|shes (?:back|home)|home safe|back safe
    |been found|was found|turned up|found safe|back now|home now|last (?:week|month|year)
    |(?:week|month|year)s? ago)\b
    """
)
_MISSING = r"""
    \b(?=\w)(?:(?<!was )(?<!buttons )missing(?! (?:her|his|my|from (?:the|her|his) (?:car|coat|diary
    |book|set|bag)|from$|gran|out))|not (?:come|came|been) (?:home|back)|(?:hasnt|has not|didnt
    |havent|have not|not|never) (?:come|came|been|got|returned|turned up|shown up|arrived|made it)
    (?: (?:back|home|in|yet|since|all night|today|tonight|at|here)|$)|still (?:not|out|isnt|aint
    |hasnt|no sign|missing)(?: (?:home|back|in|here|there))?|not (?:back|home|in|returned)
    (?: (?:yet|since|from))?|not returned|never (?:arrived|came back|showed up)|no sign
    |no sight of
    |(?:cant|can not|cannot|couldnt) (?:find|reach|get hold of|get in touch with|locate
    |trace) (?:her
    |him|them|my|our|\w+ anywhere)|dont (?:know|no) (?:where|were) (?:she|he|they)(?:s| is| are)?
    |whereabouts (?:unknown|not known)|r[au]n (?:off|away)|runaway|done one|disappeared|vanished
    |gone awol|awol|absconded|climbed out|snuck out|sneaked out|bed(?:room)?(?: is| was)? empty
    |bed (?:not|hasnt been) slept in|not in (?:her|his) (?:bed|room)|phone(?: is| was| went|s)*
    (?:of|switched of|dead|going to voicemail|goes to voicemail)|not answering|(?:not|hasnt
    |havent)
    (?:been )?seen (?:her |him |them |since |my \w+ )|(?:been out|gone) since|out all night
    |last seen|(?:^|she is |shes |hes |they have |have |has )(?:just )?gone(?=$| (?:out|missing|of
    |and |coat|bag|window)|[.!])|window (?:is |was )?open$)
"""
_WITH_HIM = rf"""
    \b(?=\w)(?:(?:with|in) {_SOMEBODY}\b[^.!?]{{0,30}}\b{danger.NOW}
    |(?:in|at|round(?: at)?|into) {_HIS}\b[^.!?]{{0,30}}\b{danger.NOW}
    |{danger.NOW} with {_SOMEBODY}|with (?:(?:him|them)\b(?=\W*$|[.!?]| now)|(?:them|those|these
    |that|some|two|three|four|older|adult
    |a group of|loads of) (?:\w+ )?(?:men|man|lads?|blokes?|males?|guys?))\b|(?:doesnt|dont
    |not sure) (?:know|no)
    where (?:she|he|i) (?:is|am)\b|{danger.NOW} (?:in|at|round(?: at)?) {_HIS}
    |(?:just|now|right now) (?:got|getting|gone|went|been picked up|picked (?:her|him) up
    |took (?:her|him)|taken (?:her|him)|driving of|drove of|left with|gone of with
    |got in(?:to)?)\b|(?:as i|as we) (?:type|write|speak)|(?:is|are|hes|shes|theyre) (?:picking
    |taking|driving|collecting|meeting|moving|flying|putting|bringing|dropping|sending) (?:her|him
    |them|to)\b|(?:getting|got) in(?:to)? (?:a|the|his|their|that) [\w ]{{0,20}}(?:now|right now
    |car
    |van|taxi)\b|can see (?:her|him|them) (?:in|with|getting)
    |(?:drive|drives|driving|drove|driven) (?:of|away) with|(?:has |have )?(?:took|taken) (?:her
    |him
    |my (?:daughter|son|girl|lad))\b(?! (?:description|statement|passport|details|name|number
    |temperature
    |swimming|shopping|bowling|riding|fishing|dancing|for (?:tea|lunch|dinner|pizza|chips)|out for
    |to (?:school|football|church|nans|the (?:doctors?|dentist|cinema|park)
    |see)))
    |(?:fly|flying|flown|going|taking her|taken) (?:\w+ ){{0,3}}(?:to )?(?:marry|abroad|airport)
    |forced mar\w+|(?:pick|picks|picking) (?:her|him|them) up\b(?! from (?:school|college))|
    (?:going|gone|on her way|sneaking) (?:out )?to (?:meet|see) (?:him|them|the (?:man|lads)))\b
"""
_SIGNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("missing-now", _sign(_MISSING)),
    ("with-suspect-now", _sign(_WITH_HIM)),
    ("threat", _sign(danger.THREAT)),
    ("violence", _sign(danger.VIOLENCE)),
    ("injury", _sign(danger.INJURY)),
    ("self-harm", _sign(distress.SELF_HARM)),
    ("at-the-door", _sign(distress.HERE)),
    ("at-the-door", _sign(distress.CALLED_999)),
    ("weapon", _sign(danger.WEAPON)),
    ("told-to-keep-quiet", _sign(distress.SECRECY)),
)
_PRESENT = ("missing-now", "with-suspect-now")


def urgency_signs(text: str) -> tuple[str, ...]:
    """Return which urgencies (codes of `_SIGNS` and `MEANINGS`) the words of `text` propose.

    A sign does not count if the words before it negate it, or if its sentence is about a time long
    ago. That a child is missing or with a suspect does not count if the text says that the child is
    back.
    """
    return urgency_signs_of_each([text])[0]


def urgency_signs_of_each(texts: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the urgency signs of each text. All texts are searched for one sign after the other
    (see `ingest.reading.read_each`)."""
    wholes = [squeezed(text) for text in texts]
    rests = [_HARMLESS.sub(" ", whole) for whole in wholes]
    code_lists: list[list[str]] = [[] for _ in texts]
    for code, pattern in _SIGNS:
        for codes, rest in zip(code_lists, rests, strict=True):
            if _occurs(code, pattern, rest):
                codes.append(code)
    for sign in MEANINGS:
        for codes, whole in zip(code_lists, wholes, strict=True):
            if (match := find_meaning(sign, whole)) and _counts(whole, match):
                codes.append(sign.code)
    return [tuple(dict.fromkeys(codes)) for codes in code_lists]


def _occurs(code: str, pattern: re.Pattern[str], text: str) -> bool:
    at = 0
    while match := pattern.search(text, at):
        at = match.start() + 1
        if any(name and not _a_name(name) for name in match.groupdict().values()):
            continue
        before = text[max(0, match.start() - 40) : match.start()]
        after = text[match.end() : match.end() + 80]
        if code in _PRESENT:
            occurs = not (_NOT_BEFORE.search(before) or _OVER.search(after))
        elif code == "at-the-door" and _is_on_earlier_day(text, match):
            occurs = False
        else:
            denied = _DENIED.search(before) or _DENIED_AFTER.search(after)
            occurs = not (denied or _is_long_ago(text, match))
        if occurs:
            return True
    return False


def _counts(text: str, match: re.Match[str]) -> bool:
    """Return whether a match is a sign of urgency: the text neither denies it nor says that it is
    long ago.
    """
    before = text[max(0, match.start() - 40) : match.start()]
    return not (_DENIED.search(before) or _is_long_ago(text, match))


def _a_name(word: str) -> bool:
    return word not in _NO_NAMES and (not is_common(word) or bool(given_names(word)))


def _is_long_ago(text: str, match: re.Match[str]) -> bool:
    """Return whether the sentence around a sign is about a time months or years ago, and not about
    the time from then until now.
    """
    sentence = _sentence(text, match)
    return _LONG_AGO.search(sentence) is not None and _TODAY.search(sentence) is None


def _is_on_earlier_day(text: str, match: re.Match[str]) -> bool:
    """Return whether a sentence is only about a person's presence on an earlier day, without a verb
    in the present tense.
    """
    sentence = _sentence(text, match)
    return _EARLIER.search(sentence) is not None and _PRESENTLY.search(sentence) is None


def _sentence(text: str, match: re.Match[str]) -> str:
    start = max(text.rfind(mark, 0, match.start()) for mark in ".!?") + 1
    ends = [at for mark in ".!?" if (at := text.find(mark, match.end())) >= 0]
    return text[max(start, match.start() - 120) : min([*ends, match.end() + 120])]

"""Find the sources that a sanitised text names: relatives, neighbours, teachers, carers and
workers, with any verb of telling or of having seen, in any order. The test with
tests/data/tellers.jsonl measures how many of the sources this module recognises."""

import re
from collections.abc import Iterator

from domain.forms.patterns import join_lines, lazy_regex

#: People who may be a source. The same words name a child's relatives and a suspect's relatives; in
#: doubt, a relative is marked as a source.
KIN = join_lines(
    r"""
    (?:(?:step|foster|grand|god)[- ]?(?:mother|mum|father|dad|parents?|daughter|son|sister|brother
    |ma)|mother|mum(?:my)?|mam|mom|father|dad(?:dy)?|parents?|gran(?:ny|dma|dad|ddad|dpa)?
    |nan(?:n?a|ny)?|aunt(?:ie|y)?|uncle|sisters?|brothers?|siblings?|cousins?|niece|nephew|daughter|son
    |foster (?:carer|mother|father|parents?)|famil(?:y|ies))
    """
)
#: People who care for the child or live near: if a text says what they did, one of them probably
#: reported it.
BESIDE = join_lines(
    r"""
    (?:(?:next[- ]door )?neighbours?|residents?|landlady|landlord|shopkeepers?|receptionists?
    |members? of the public|passer-?by|dog[- ]walkers?|babysitters?|child ?minders?|coach(?:es)?
    |caretakers?|guardians?|(?:head|class|form|supply)? ?-?teachers?|head of year|tutors?
    |(?:[\w-]{1,20} )?(?:assistant|officer|leader|manager|warden|mentor)s?|(?:school )?nurses?
    |doctors?|gp|dentist
    |(?:social|support|youth|key|case|outreach|family|residential|children['’]s) ?workers?
    |psw|(?:foster )?carers?|(?:lollipop|dinner|cleaning|tea) (?:lady|man)|bus drivers?|cleaners?
    |security guards?|porters?|librarian|pharmacist|chemist|counsellor|paramedics?|midwife
    |health visitor|(?:mrs?|ms|miss|dr) [a-z][\w'’-]{1,30})
    """
)
OTHERS = join_lines(
    r"""
    (?:the head|lodger|staff|(?:best |school )?friends?|classmates?|school|nursery
    |(?:ex-?)?(?:girl|boy)friends?|young persons?|flatmates?|housemates?|pastor|vicar|priest|imam
    |lady|woman|some(?:one|body)|any(?:one|body)|mates?|customers?|colleagues?
    |ex-?partner|partner|wife|husband
    |callers?|informants?|sources?|reporters?|witness(?:es)?|professionals?|worker)
    """
)
WHO = rf"(?:{KIN}|{BESIDE}|{OTHERS})"
#: Verbs for telling, and for knowing something well enough to tell it.
_VERB = join_lines(
    r"""
    (?:say|says|said|saying|tells?|told|telling|state[sd]?|stating|report(?:s|ed|ing)?
    |mention(?:s|ed|ing)?|explain(?:s|ed|ing)?|describ(?:es?|ed|ing)|claim(?:s|ed|ing)?
    |alleg(?:es?|ed|ing)|recall(?:s|ed|ing)?|remember(?:s|ed|ing)?|notic(?:es?|ed|ing)
    |see|sees|saw|seen|seeing|hears?|heard|hearing|overhears?|overheard|watch(?:es|ed|ing)?
    |witness(?:es|ed|ing)|spot(?:s|ted|ting)?|observ(?:es?|ed|ing)|rings?|rang|rung|ringing
    |call(?:s|ed|ing)|phon(?:es?|ed|ing)|telephon(?:es?|ed|ing)|text(?:s|ed|ing)|messag(?:es?|ed|ing)
    |e-?mail(?:s|ed|ing)?|writes?|wrote|written|writing|complain(?:s|ed|ing)?|warn(?:s|ed|ing)?
    |inform(?:s|ed|ing)?|alert(?:s|ed|ing)?|disclos(?:es?|ed|ing)|reveal(?:s|ed|ing)?
    |confirm(?:s|ed|ing)?|repeat(?:s|ed|ing)?|speaks?|spoke|spoken|speaking|contact(?:s|ed|ing)?
    |came forward|comes forward|let (?:us|me|them|it) \w+|puts? it|thinks?|thought
    |believ(?:es?|ed|ing)|fears?|feared|worr(?:y|ies|ied|ying)|suspect(?:s|ed)|f(?:inds?|ound)|reads?|reading
    |not(?:es?|ed|ing)|record(?:s|ed|ing)|logg(?:ed|ing)|gives?|gave|given|pass(?:es|ed) (?:it )?on
    |ask(?:s|ed|ing)?|show(?:s|ed|n|ing)?|bring(?:s|ing)?|brought|came in|comes in
    |follow(?:s|ed|ing)|swears?|swore|sure|certain|adamant|convinced|photograph(?:s|ed)|film(?:s|ed)
    |rais(?:es?|ed|ing)|learns?|learn(?:ed|t)|catch(?:es)?|caught|clock(?:s|ed)|(?:takes?|took) down
    |(?:gets?|got) hold|in touch|concerned|lets? slip|flag(?:s|ged|ging)|shar(?:es?|ed|ing)
    |nam(?:es?|ed|ing)|talk(?:s|ed|ing)?|hand(?:s|ed) in|blurt(?:s|ed)|confid(?:es?|ed|ing)
    |(?:makes?|made) (?:a|the) (?:referral|report|call|statement|complaint)|referred
    |add(?:s|ed)|identif(?:ies|ied)|recogni[sz](?:es?|ed)|know|knows|knew)
    """
)
#: Words that may stand between the person and the verb of telling.
_BETWEEN = join_lines(
    r"""
    (?:,?\s+(?:has|had|have|been|is|are|was|were|who|that|also|then|later|now|first|just|again|once
    |twice|often|always|since|only|both|all|herself|himself|themselves|next\ door|opposite|of\ hers
    |of\ his|independently|repeatedly|recently|already|at\ work|too|did|would|could|clearly)\b
    |\s+(?:at|in|from|of|on|near|opposite|across|by|who|this|that)(?:\s+[\w'’-]{1,30}){1,3}?)
    """
)
_WHOSE = r"(?:(?:her|his|their|the|an?|our|its|my|that|one|another|own|old|\w{1,30}['’]s)\s+){0,3}"
#: Relatives as the subject of a sentence, after "her", "the child's" or no word. They are relatives
#: of the child, and not a suspect's, as in "his mother".
_KIN_HERS = join_lines(
    r"""
    (?:(?:step|foster|grand)[- ]?(?:mother|mum|father|dad|parents?)|mother|mum(?:my)?|mam|mom|father
    |dad(?:dy)?|parents?|gran(?:ny|dma|dad|ddad|dpa)?|nan(?:n?a|ny)?|aunt(?:ie|y)?)
    """
)
_OWN = r"(?:(?:her|the|a|an|one|our|my|(?:girl|boy|child|victim)['’]s)\s+){0,2}"
_BEGINS = r"(?:\A|(?<=[.!?;:,]\s)|(?<=\bwhen\s)|(?<=\bas\s)|(?<=\band\s)|(?<=\bthat\s))"
_THERE = r"(?:\s+(?:at|in|from|of|on|near)(?:\s+[\w'’-]{1,30}){1,3}?)?"
_ACTS = r"(?!(?:and|or|of|on|in|at|to|for|with|are|is|was|were|who|near|from)\b)[a-z]\w+"
_PAPER = join_lines(
    r"""
    (?:calls?|info|intel(?:ligence)?|photos?|pictures?|texts?|messages?|e-?mails?|letters?
    |notes?|reports?|statements?|accounts?|information|words?|disclosures?|complaints?|tips?|voicemails?)
    """
)
_PASSIVE = join_lines(
    r"""
    (?:told|said|heard|reported|mentioned|disclosed|passed\ on|seen|rang|rung|phoned|texted|written
    |recorded|noticed|found|given|raised|confirmed|described|stated|received|comes?|came|learn(?:ed|t))
    """
)
_ANY = r"(?:[\w'’-]{1,30}\s+)?"
_FROM = rf"(?:by|from|off|via|of|through)\s+{_WHOSE}{_ANY}{WHO}\b"
_SAYS = "(?:said|says|reports|reported|adds|added|writes|wrote|explains|explained|recalls|recalled)"
_WAYS = (
    rf"{WHO}(?:{_BETWEEN}){{0,4}},?\s+{_VERB}\b",
    rf"{_BEGINS}{_OWN}(?:{_KIN_HERS}|{BESIDE}){_THERE}\s+{_ACTS}",
    rf"{_PASSIVE}(?:\s+\w+){{0,3}}?\s+(?!of\b){_FROM}",
    rf"{_PAPER}(?:\s+(?:comes?|came|was|is|received))?\s+{_FROM}",
    rf"{_SAYS}\s+{_WHOSE}{_ANY}{WHO}\b",
    rf"{WHO}['’]s?\s+(?:own\s+)?{_PAPER}\b",
    rf"(?:\A|(?<=[.!?;]\s))(?:from|source):?\s+{_WHOSE}{WHO}\b",
    rf"(?:according to|as told by|per|via)\s+{_WHOSE}{_ANY}{WHO}\b",
    r"the (?:source|informant|caller|reporter)\b",
    r"(?:we|police) (?:were|was|have been|had been) told\b",
)
_SAID = tuple(lazy_regex(rf"(?<![\w'’]){way}", re.IGNORECASE) for way in _WAYS)


def tellers(text: str) -> Iterator[tuple[int, int]]:
    """Yield the positions at which a text names the source, in order; overlapping ones are
    merged."""
    spans = sorted(match.span() for way in _SAID for match in way.finditer(text))
    start = end = -1
    for first, last in spans:
        if first >= end:
            if end > 0:
                yield start, end
            start, end = first, last
        else:
            end = max(end, last)
    if end > 0:
        yield start, end

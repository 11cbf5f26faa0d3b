"""The phrases that blame a victim, as patterns with grammar around them, so that word order and
person may vary.

Sources: HMICFRS, An inspection of the effectiveness of the police response to group-based child
sexual exploitation (2023); the police CSE Taskforce's language guide (November 2024) [verify: the
guide's own wording was not read; a force adds and removes rules here]. The file is long because it
is one table.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from domain.forms.patterns import join_lines


class LanguageRule(NamedTuple):
    """One way of blaming a victim: its code, the pattern, why it harms, and a better wording."""

    code: str
    pattern: re.Pattern[str]
    why: str
    instead: tuple[str, ...]


def _rule(code: str, ways: Sequence[str], why: str, *instead: str) -> LanguageRule:
    return LanguageRule(code, re.compile(rf"\b(?:{'|'.join(ways)})", re.IGNORECASE), why, instead)


_SELF = r"(?:her|him|them)sel(?:f|ves)"
_HERS = r"(?:her|his|their)"
#: Words for the child; "he" alone is left out, because "he" may be the suspect.
_CHILD = join_lines(
    r"""
    (?:(?:she|they)(?: often| still| also| only| just| clearly)?
    |(?:the |this |her |his |their |my )?(?:young )?(?:child|children|girls?|boy|daughter|son
    |victim|person|people|teenager|yp))
    """
)
_PARTNER = r"(?:boyfriend|girlfriend|lover|partner)"
_AGED = r"(?:2[0-9]|[3-9][0-9])[- ]?(?:year[- ]old|yr[- ]old|yo)\b"
_GROWN = r"(?:much )?(?:older|adult|grown) (?:man|men|males?|woman|boys?)"
_ADULT = join_lines(
    rf"""
    (?:(?:{_HERS}|the|(?:mum|mother)['’]?s) (?:new |then |ex[- ]?)?(?:{_PARTNER}|husband
    |step-?dad|step-?father|teacher|coach|uncle)|(?:an? |the )?{_GROWN}
    |(?:the |these |those )?(?:men|man|adults|males|offenders?|suspects?|perpetrators?)\b)
    """
)
#: Matches people with whom a child may well have a relationship.
_KIN = join_lines(
    rf"""
    (?:(?:{_HERS}|the|both|my|our|a|each|own|foster|step|social|key|support|birth|grand|younger
    |older|little|big)[ -]?)*(?:mother|mum|mam|mom|father|dad|parents?|family|sisters?|brothers?
    |siblings?|nan|gran\w*|aunt\w*|carers?|worker|psw|csw|school|staff|agencies|professionals
    |police|services?|team|friends?|peers?|food|other|child(?:ren)?|daughter|son)\b
    """
)
_NOT_A_PARENTS = "".join(
    f"(?<!{who}{sign}s )" for who in ("mother", "mum", "father", "dad") for sign in "'’"
)
_GIFTS = r"(?:money|cash|drugs?|alcohol|drink|gifts?|food|cigarettes|vodka|a phone|lifts?)"
_GOES = join_lines(
    r"""
    (?:be|go|stay|meet|see|hang|associate|return|put|live|keep|have sex|sleep|get in|spend|run
    |drink|take drugs)\b
    """
)

#: Matches words for parents and other family members, whom the police must not give tasks.
_PARENT = join_lines(
    r"""
    (?:(?:the |her |his |their |both )?(?:mums?|mams?|moms?|mothers?|dads?|fathers?|parents?|carers?
    |foster[- ]carers?|step-?(?:mum|dad|mother|father)|nans?|grandmas?|grandads?|gran|aunt\w*|uncle
    |sisters?|brothers?|siblings?|family|girl|child|psw|support worker)
    (?: and (?:the )?(?:mum|dad|nan|brother|sister))?)
    """
)
_TASKED = join_lines(
    r"""
    (?:(?:will|would|can|could|should|must|shall|may|might|'ll|is|are|was|were|has|have|had|agreed
    |agrees|offered|offers|promised|promises|needs?|wants?|tries|try|asked|told|going|due|happy|to
    |also|now|then|again|still|keen|willing|able|be|been)\s+){1,5}
    """
)
_ASKED = join_lines(
    rf"""
    (?:(?:ask|asked|asking|tell|told|telling|get|got|getting|have|let|want|need|encourag(?:e|ed)
    |advis(?:e|ed)|instruct(?:ed)?|request(?:ed)?)\s+(?:{_PARENT}|her|them)\s+(?:(?:to|should|could)\s+)?)
    """
)
_HIM = (
    r"(?:him|them|he|the (?:man|men|lads?|suspects?|taxi|car|van|driver|house|flat|boyfriend|group)"
    r"|suspects?|who(?:ever)?|cars?|(?:his|their) \w+|(?-i:[A-Z][a-z]+))\b"
)
_POLICING = join_lines(
    rf"""
    (?:(?:quietly |secretly |covertly |discreetly |also |just |then )?
    (?:follow(?:ing)?\s+{_HIM}
    |follow(?:ing)?\s+(?!up\b|her\b|it\b|our\b|your\b|my\b|this\b|the\b|any\b|advice\b)\w+|tail(?:ing)?\s+{_HIM}|track(?:ing)?\s+{_HIM}
    |shadow(?:ing)?\s+{_HIM}|watch(?:ing)?\s+(?:out for\s+)?{_HIM}
    |keep(?:ing)?\s+(?:a\s+)?(?:watch|tabs|an eye)\s+on\s+{_HIM}|keep(?:ing)?\s+{_HIM}\s+talking
    |(?:photograph|film|video|record)(?:ing)?\s+{_HIM}
    |(?:take|taking|get|getting|send|sending|text|texting|collect|collecting|gather|gathering
    |note|noting|write|writing|pass|passing|log|logging)\s+(?:us\s+|me\s+|police\s+)?(?:down\s+|on\s+)?
    (?:a\s+|any\s+|some\s+|the\s+|all\s+(?:the\s+)?|his\s+|their\s+|more\s+)?
    (?:photos?|pictures?|pics|plates?|number\s*plates?|reg(?:s|istrations?)?\b|car\s+numbers?
    |evidence|footage|screenshots?)
    |find(?:ing)?\s+out\s+(?:who|where|what|his|the)|befriend(?:ing)?\b|sit(?:ting)?\s+outside
    |(?:go(?:ing)?|look(?:ing)?|search(?:ing)?|check(?:ing)?)\s+(?:through\s+|in\s+)?
    (?:her|his|their|the)\s+(?:phone|messages|room|bag|accounts?|snapchat|facebook|diary)
    |question(?:ing)?\s+(?:her|him|them)|confront(?:ing)?\s+{_HIM}
    |(?:pretend(?:ing)?|pos(?:e|ing))\s+(?:to|as)))
    """
)
#: Matches phrases that ask a person to watch somebody or something repeatedly, and to report what
#: they see.
_LOOKS_OUT = join_lines(
    r"""
    (?:keeps?\s+(?:a\s+)?(?:watch|an\s+eye)|sits?|waits?|stands?|goes\s+through|looks\s+through
    |checks?|follows?|watches)\b[^.!?]{0,60}?\band\s+(?:then\s+)?
    (?:(?:rings?|texts?|tells?|sends?|lets?)\s+(?:it\s+to\s+)?(?:us|me|(?:the\s+)?(?:police|team|worker))
    |notes?|writes?\s+down|photographs?|films?)\b
    """
)

RULES: tuple[LanguageRule, ...] = (
    _rule(
        "shared-blame",
        (
            r"it takes two(?: to tango)?",
            r"six of one",
            r"(?:equally|partly|also|just as much|as much) to blame\b",
            rf"br(?:ings?|inging|ought) (?:it|this|that|trouble) (?:all )?(?:on|upon) {_SELF}",
            r"ask(?:s|ed|ing) for (?:it|trouble)\b",
            rf"(?:has|have|had) only {_SELF} to blame|only (?:has|have|had) {_SELF} to blame",
            rf"complicit in {_HERS} (?:own )?\w+",
            r"willing (?:participant|party|victim)",
            r"(?:consent|agree)(?:s|d|ed|ing)? to (?:the )?(?:sex|abuse|exploitation)\w*",
            r"knew what (?:she|he|they) (?:was|were) (?:doing|getting into)",
            r"no angel\b",
            rf"{_HERS} own (?:fault|doing|making)\b",
        ),
        "a child cannot share the blame for being abused, nor consent to it",
        "the person who did it is responsible: write what he or she did",
    ),
    _rule(
        "targeting",
        (
            rf"(?:target|pursu|chas|entic|tempt|seduc)(?:s|es|e|ed|ing)? {_ADULT}",
            rf"flirt(?:s|ed|ing)? with {_ADULT}",
            rf"{_CHILD} (?:had |has |was )?(?:seduc(?:ed|es|ing)|came on to|comes on to)",
            rf"{_CHILD} (?:had |has |was )?l(?:ed|eads?|eading) (?:him|them) on\b",
            rf"thr(?:ew|own?|ows|owing) {_SELF} at\b",
            rf"sets? {_HERS} (?:sights|cap) (?:on|at)\b",
        ),
        "a child does not pursue an adult: the adult is responsible",
        "he groomed and abused her",
        "the adult sought out the child",
    ),
    _rule(
        "choice",
        (
            r"life-? ?style choices?",
            r"(?:poor|bad|risky|wrong|unwise|unhealthy) (?:life )?(?:choices|decisions)",
            rf"ma(?:kes?|de|king) {_HERS} own (?:choices?|decisions?)",
            rf"{_CHILD} (?:has |have |is |are )?cho(?:se|oses?|osing|sen) to {_GOES}",
            rf"{_CHILD} (?:has |have |is |are )?decid(?:es?|ed|ing) to {_GOES}",
            r"street-? ?wise",
            rf"mature for {_HERS} (?:age|years)",
            r"sexually (?:active|experienced|aware)",
        ),
        "exploitation leaves no choice: it hides how the child was groomed or threatened",
        "she was groomed / made / threatened to …",
        "she is being controlled by …",
    ),
    _rule(
        "promiscuity",
        (
            r"promiscu\w+",
            r"sl(?:uts?|ags?|appers?)\b|slutty|tart(?:s|y)?\b",
            r"sle(?:eps?|eping|pt) around\b",
            r"put(?:s|ting)? (?:it|herself) about\b",
            r"provocative(?:ly)?(?: dressed)?",
            r"attention[- ]seek\w+",
            r"flaunt\w*",
            r"sexualis(?:es|ing) (?:herself|himself)",
            r"(?:boy|man)[- ](?:mad|crazy)\b",
        ),
        "it judges the child and hides the abuse",
        "she has been sexually exploited by several people",
        "write what was done to her, and by whom",
    ),
    _rule(
        "prostitution",
        (
            r"(?<!adult )(?:child |teen(?:age)? |juvenile |young )?prostitut\w*",
            r"s(?:ell|old|ells|elling) (?:herself|himself|themselves|sex|her body)\b",
            r"(?:child |teen(?:age)? )?sex worker|rent[- ]boy|on the game\b",
            rf"(?:sex|favours) (?:in (?:exchange|return) )?for {_GIFTS}\b",
            r"trad(?:es?|ed|ing) (?:sex|herself)\b",
        ),
        "a child cannot be a prostitute: this is sexual exploitation of a child",
        "she is being sexually exploited",
        "he gave her … and abused her",
    ),
    _rule(
        "risk",
        (
            (
                rf"(?:put|plac|expos|leav)(?:s|e|es|ed|ing|ting)? {_SELF} (?:at|in|into|to|open to)"
                r" (?:\w+ ){0,2}(?:risk|danger|harm|situation|position|abuse|peril)\w*"
            ),
            rf"ma(?:kes?|de|king) {_SELF} (?:more )?vulnerable",
            r"risk[- ]taking(?: behaviou?rs?)?|risky behaviou?rs?",
            r"engag(?:es?|ed|ing) in (?:\w+ ){0,2}(?:risky|sexual|sex|exploitative)\b(?: \w+)?",
            rf"(?:does not|doesn't|won't|refuses to) keep {_SELF} safe",
            rf"a danger to {_SELF}",
        ),
        "the person who exploits is the risk, not the child",
        "she is being put at risk by …",
        "he exploits that she …",
    ),
    _rule(
        "relationship",
        (
            (
                rf"{_NOT_A_PARENTS}(?:consensual |sexual |intimate |romantic |loving )?"
                rf"relationship (?:with|between)(?!\s*{_KIN})(?=\s*\w)"
            ),
            r"an? (?:consensual|sexual|intimate|romantic|loving) relationship",
            rf"(?:older|adult|{_AGED}) {_PARTNER}",
            rf"{_PARTNER},? (?:who is |aged |is )?(?:2[0-9]|[3-9][0-9])\b",
            (
                rf"(?:dating|going out with|seeing|an affair with) (?:\w+ )?(?:{_GROWN}|{_AGED}"
                r"|man|men|teacher|coach)\b"
            ),
            (
                rf"(?:sle(?:eps?|pt|eping) with|ha(?:s|d|ving) sex with) (?:\w+ )?(?:{_GROWN}"
                rf"|{_AGED}|man|men|adults?|teacher|coach)\b"
            ),
            r"under-? ?age sex\w*|consensual (?:sex|activity)\b",
        ),
        "between a child and an adult there is abuse, not a relationship",
        "he is abusing her",
        "the adult has contact with the child",
    ),
    _rule(
        "absconding",
        (
            r"abscond\w*",
            r"(?:serial |habitual |persistent )?runaway\b",
            r"go(?:es|ne|ing) awol\b",
            r"(?:out of|beyond) (?:parental )?control\b",
            r"r(?:uns?|unning|an) wild\b|wayward|problem child|troublesome",
        ),
        "it makes being missing an offence of the child",
        "she was missing from … to …",
        "she was taken / was called away by …",
    ),
    _rule(
        "credibility",
        (
            rf"{_CHILD} claim(?:s|ed)",
            rf"{_CHILD} ma(?:kes?|king|de) (?:things|it|stories) up\b",
            r"(?:unreliable|poor|bad|difficult) (?:witness|victim)",
            r"drama queen|cr(?:ies|ied|ying) wolf|manipulative",
            r"(?:prone to|history of) (?:lying|lies|fantas\w+)",
        ),
        "it tells the reader not to believe the child",
        "she told us that …",
        "write what was checked and what was found",
    ),
    _rule(
        "engagement",
        (
            r"(?:refus|declin|fail)(?:e?s|e?d|ing) to (?:fully )?(?:engage|co-?operate)",
            (
                r"(?:do(?:es)? not|don't|doesn't|did not|didn't|won't|will not|unwilling to) "
                r"(?:fully )?engage"
            ),
            r"non-?engag\w+|not engaging|dis-?engag(?:ed|es|ing)",
            r"hard[- ]to[- ](?:reach|engage|help)",
            r"un-?co-?operative",
        ),
        "it lays on the child or parent what services have not yet managed",
        "we have not yet found a way to support her",
        "he has told her not to talk to us",
    ),
    _rule(
        "parent-blame",
        (
            r"(?:bad|poor|compromised) (?:parent(?:s|ing)?|mother|mum|father|dad)\b",
            r"parenting is ['\"‘“]?compromised",
            (
                r"(?:parents?|mother|mum|father|dad) (?:is |are |was |were )?(?:to blame|in denial"
                r"|colluding|neglectful|useless|fail(?:s|ed|ing)? to protect)"
            ),
            r"let(?:s|ting)? (?:her|him) run wild",
            r"can(?:'t|not) control (?:her|him|their \w+)",
            r"dysfunctional family|chaotic (?:family|home|lifestyle)",
        ),
        "the exploiter breaks the child from her parents; blame does his work",
        "write what was seen, and what would help the parents",
        "as an opinion: whose it is, on what basis, to be reviewed when",
    ),
    _rule(
        "parent-task",
        (
            rf"(?:{_PARENT}|you)(?:['’]ll\s+(?:{_TASKED})?|\s+{_TASKED}){_POLICING}",
            rf"please\s+{_POLICING}",
            rf"{_PARENT}\s+(?:follows\s+{_HIM}|watches\s+{_HIM}|takes\s+photos)",
            rf"{_ASKED}{_POLICING}",
            rf"(?:she|he|they)\s+(?:is|are)\s+to\s+{_POLICING}",
            rf"{_PARENT}\s+{_LOOKS_OUT}",
        ),
        "it gives a parent a task of the police: they pass on what they notice anyway, and no more",
        "what she notices anyway she may tell us, however small",
        "who of the police does it, and by when",
    ),
)

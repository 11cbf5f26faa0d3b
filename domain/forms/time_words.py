"""The words that people use for days and hours, as one pattern.

An atom is the smallest piece with a meaning of its own: a day ("last Tuesday"), a part of a day
("teatime"), a clock time ("half 11"). `moments` joins neighbouring atoms to a phrase. All patterns
are bounded, so that scanning is linear in the length of the text.

The file is long because it is one grammar.
"""

import re
from functools import cache
from types import MappingProxyType

from domain.forms.patterns import join_lines, lazy_regex, words

HOURS = MappingProxyType(
    {
        "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
        "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
        "twa": 2, "fower": 4, "seeven": 7, "echt": 8,
    }
)  # fmt: skip
#: Hours that a phone's dictation mishears: "ten to ate".
MISHEARD = MappingProxyType({"ate": 8, "for": 4})
COUNTS = MappingProxyType(
    {**HOURS, "a": 1, "an": 1, "couple of": 2, "couple": 2, "few": 3, "several": 4}
)
MINUTES = MappingProxyType(
    {"five": 5, "ten": 10, "quarter": 15, "qtr": 15, "twenty": 20, "twenty five": 25, "half": 30}
)
MONTHS = MappingProxyType(
    {
        "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
        "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
    }
)  # fmt: skip
WEEKDAYS = MappingProxyType({"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6})
FEASTS = MappingProxyType(
    {
        "halloween": (10, 31), "bonfire night": (11, 5), "christmas eve": (12, 24),
        "xmas eve": (12, 24), "christmas": (12, 25), "xmas": (12, 25), "boxing day": (12, 26),
        "new years eve": (12, 31), "new year's eve": (12, 31), "nye": (12, 31),
        "new years day": (1, 1), "new year's day": (1, 1), "new years": (1, 1),
        "valentines": (2, 14), "valentine's": (2, 14),
    }
)  # fmt: skip

_HOUR = r"(?:1[0-2]|0?[1-9]|" + "|".join(HOURS) + r")"
_HOUR24 = r"(?:2[0-3]|[01]?\d)"
_MERIDIEM = (
    r"(?:\s?(?:[ap]m|[ap]\.m\.?|in the (?:morning|mornin|afternoon|evening)|at night)(?![a-z]))"
)
_WEEKDAY = join_lines(
    r"""
    (?:mon(?:day|d)?|tue(?:s(?:day)?)?|wed(?:s|nesday|nsday|nesdy)?|thu(?:r(?:s(?:day)?)?)?
    |fri(?:day)?|sat(?:urday|day|dy)?|sun(?:day)?)
    """
)
_MONTH = join_lines(
    r"""
    (?:jan(?:uary)?|feb(?:ruary|uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?
    |sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)
    """
)
_PART = join_lines(
    r"""
    (?:early hours|small hours|morning|mornin|morn|afternoon|aft|evening|eve|nights?|nite|nyt|nicht
    |neet|tea ?-?time|dinner ?-?time|lunch ?-?time|bed ?-?time|breakfast time|home ?-?time)
    """
)
_COUNT = r"(?:\d{1,2}|a|an|couple(?: of)?|few|several|" + "|".join(HOURS) + r")"
_UNIT = join_lines(
    r"""
    (?:min(?:ute)?s?|hours?|hrs?|days?|nights?|weeks?|wks?|fortnights?|months?|mths?|years?
    |yrs?)
    """
)
_AROUND = r"(?:about|abt|around|arnd|round|approx|roughly|say|like|maybe|bout|circa|nearly|just)"
_CUE = rf"(?:at|@|by|from|till?|until|since|before|b4|after|gone|between|past|{_AROUND})"
#: Matches "buy" where dictation should have written "by": "home buy eleven".
_BUY = r"(?:(?<=home )|(?<=back )|(?<=here ))buy"
#: Matches a street's name after a number, so that the number is not read as an hour: "at 9 Mill
#: Lane".
_STREET_NAME = join_lines(
    r"""
    (?-i:(?!\s+(?!Mon|Tue|Wed|Thu|Fri|Sat|Sun|She|He|They|We|Said|Was
    |When)[A-Z][a-z]+(?:\s[A-Z][a-z]+)?\s(?i:rd|road|st|street|ln|lane|ave|close|way|drive|court
    |terrace|crescent|grove|avenue|walk|gardens|place|park|hill|view|row|rise|mews|house|estate
    |square|green|parade|bridge)\b))
    """
)
# Matches words after a number which show that the number is a count or a house number, and no hour.
_COUNTED = join_lines(
    r"""
    (?!\s*(?:[.:/-]\d|%|st\b|nd\b|rd\b|th\b|yrs?\b|years?|y/?o\b|ft\b|foot|quid|pounds?|k\b
    |lads?\b|men\b|women|girls?\b|boys?\b|kids?\b|people|blokes?|fellas?|guys?|cars?\b|miles?
    |mins?\b|minutes?|hours?|hrs?\b|days?\b|weeks?|wks?\b|months?|nights?\b|times?\b|of\b
    |others?\b|different|or \d{1,2} [a-z]+s\b|to \d{1,2} (?!in\b|at\b|on\b)[a-z]+s\b|grand\b
    |stone\b|bags?\b|bottles?|calls?\b|texts?\b|messages?|msgs?\b|missed|phones?\b|doors?\b
    |houses?\b|more\b|year))
    """
) + _STREET_NAME + join_lines(
    r"""
    (?!\s[a-z]+ (?:rd|road|street|lane|ln|avenue|ave|close|drive|court|crescent|terrace|grove
    |gardens)\b)
    """
)  # fmt: skip
_TAIL = join_lines(
    rf"""
    (?:\s?(?:-|–|to|till?|until|and)\s?(?:{_AROUND}\s)?(?:late|midnight
    |(?:half (?:past )?)?{_HOUR24}(?:[:.][0-5]\d)?{_MERIDIEM}?(?!\d)
    |(?:{"|".join(HOURS)}))(?![a-z0-9]))?
    """
)

_ATOMS = (
    # patterns of whole dates
    ("iso", join_lines(
        r"""
        (?<![\d-])(?:19|20|1[0-8])\d\d-[01]\d-[0-3]\d(?:[T ][0-2]\d:[0-5]\d(?::[0-5]\d(?:\.\d
        {1,9})?)?(?:Z|[+-][01]\d:?\d\d)?)?(?!\d)
        """
    )),
    ("slashed", join_lines(
        r"""
        (?<![\d/.+£-])(?:19|20)\d\d/[01]?\d/[0-3]?\d(?!\d)
        |(?!24/7(?!/))(?<![\d/.+£-])(?:[0-3]?\d/[01]?\d(?:/(?:\d{4}|\d\d))?(?![\d/])
        |[0-3]?\d[.-][01]?\d[.-](?:(?:1[89]|20)\d\d|\d\d)(?!\d|[.-]\d))(?! ?(?:of\b|lads|girls
        |bottle|hour|mile|full))
        """
    )),
    ("daymonth", join_lines(
        rf"""
        \b(?:the )?[0-3]?\d(?:st|nd|rd|th)?(?: of)?[ -]?{_MONTH}\b(?:[ ,-]{{1,2}}(?:(?:1[89]
        |20)\d\d(?! ?h(?:rs?|ours?)\b)|'?\d\d(?![\d:.]| ?[ap]m)))?
        """
    )),
    ("monthday", join_lines(
        rf"""
        \b{_MONTH} (?:the )?[0-3]?\d(?:st|nd|rd|th)?\b(?![:.]\d| ?[ap]m)(?:,? (?:1[89]|20)\d\d)?
        """
    )),
    ("month", join_lines(
        rf"""
        \b(?:in|last|early|mid|late|end of|start of|beginning of|during|since
        |back in) {_MONTH}\b(?! \d\d?\b)(?: (?:(?:1[89]|20)\d\d))?|\b{_MONTH} (?:1[89]|20)\d\d\b
        """
    )),
    ("year", r"\b(?:in|since|back in|during|summer|summer of|winter) (?:19|20)\d\d\b(?![ -]?\d)"),
    ("ordinal", join_lines(
        r"""
        \b(?:on the|since the|the|on|of the) (?:[12]?\d|3[01])(?:st|nd|rd|th)\b(?: of (?:this
        |last) month)?(?=\s*(?:$|[.,;:)!?\n-]|at\b|about|abt|around|and\b|she\b|he\b|they\b
        |was\b|til|to\b|when|in the))
        """
    )),
    ("feast", r"\b(?:" + "|".join(sorted(FEASTS, key=len, reverse=True)) + r")\b(?: day)?"),
    # patterns of days relative to today
    ("relative", join_lines(
        r"""
        \b(?:the )?(?:day|night) before (?:yesterday|last)\b|\b(?:yesterday|yesterdy|yesturday
        |yestday|yesty|yest|yday|y'day|ystrdy|today|2day|tomorrow|tomorow|tomoz|tomo|tmrw|tmw
        |2moro|2morrow)\b
        """
    )),
    ("halfday", join_lines(
        rf"""
        \b(?:(?:last|lst|this|tomorrow) ?(?:{_PART})|tonight|tonite|2nite|2night|tonyt|this am
        |this pm)\b
        """
    )),
    ("ago", rf"\b(?:(?:{_COUNT}|half an) )?(?:{_UNIT}|fortnight) (?:ago|back)\b"),
    ("weeklast", join_lines(
        rf"""
        \b(?:(?:a|{_COUNT}) )?(?:weeks?|wks?|fortnight) (?:last|ago on|past|come) {_WEEKDAY}\b
        """
    )),
    ("stretch", rf"\b(?:the |these )?(?:last|past) (?:{_COUNT}) {_UNIT}\b"),
    ("week", join_lines(
        r"""
        \b(?:(?:last|lst|this|next|past|that|the|over the|all|every) )(?:week ?end|wk ?end|week
        |wk|month|year|fortnight|summer|winter)s?\b(?! (?:ago|back))|\bweekend\b
        """
    )),
    ("weekday", join_lines(
        rf"""
        \b(?:(?:on|last|lst|this|next|every|each|past) ){{0,3}}{_WEEKDAY}s?\b(?:,? (?:the )?
        [0-3]?\d(?:st|nd|rd|th)\b(?! (?:of )?{_MONTH}\b))?(?: (?:just gone|gone|just|last
        |before last|week|coming)(?![a-z])(?! (?:night|nite|week)))?
        """
    )),
    ("someday", r"\b(?:the )?other (?:day|night|nite|week|evening|morning)\b"),
    # patterns of clock times
    ("past", join_lines(
        rf"""
        \b(?P<past_min>quarter|qtr|five|ten|twenty[ -]five|twenty|25|20|10
        |5)(?: ?mins?)? ?(?P<past_dir>past|pst|to|tae|till|til) ?(?P<past_hour>{_HOUR}|midnight
        |midday|noon|{"|".join(MISHEARD)})\b(?![.:]\d|/){_MERIDIEM}?
        """
    )),
    ("half", join_lines(
        rf"""
        \b(?:half|hlf|haff|hauf|arf) ?(?:past |pst )?(?P<half_hour>{_HOUR}
        |(?<=past\ )(?:{"|".join(MISHEARD)})\b)(?![.:]?\d)(?: ?-?ish)?
        {_MERIDIEM}?{_TAIL}
        """
    )),
    ("digits", join_lines(
        rf"""
        (?<![\d.:/£$+-])\b(?P<clock_digits>{_HOUR24}[:.;][0-5]\d)(?::[0-5]\d)?(?![\d%]|\.\d
        | ?(?:quid|miles|months?|years?|stone|k\b)){_MERIDIEM}?(?: ?-?ish)?{_TAIL}
        """
    )),
    ("military", join_lines(
        r"""
        (?<![\d+])(?:(?:at|about|around|by|from|since|til|approx) )?(?:[01]\d
        |2[0-3])[:.]?[0-5]\d ?(?:hrs|hours|h)\b|(?<=at )(?:[01]\d|2[0-3])[0-5]\d\b(?! ?\d)
        |(?:(?<=\n)|\A)(?:[01]\d|2[0-3])[0-5]\d(?=[ :-]{1,3}[A-Za-z])
        """
    )),
    ("meridiem", join_lines(
        rf"""
        (?<![\d.:/£+])\b(?P<mer_hour>{_HOUR})(?:{_MERIDIEM}|(?: ?-? ?(?:-|to
        |till?) ?(?:{_HOUR}){_MERIDIEM}))(?: ?-?ish)?{_TAIL}
        """
    )),
    ("oclock", rf"\b(?P<oclock_hour>{_HOUR}) ?o'? ?clock\b{_MERIDIEM}?"),
    ("ish", rf"(?<![\d.:/£+])\b(?P<ish_hour>{_HOUR}) ?-?ish\b{_MERIDIEM}?"),
    ("named", r"\b(?:12 )?(?:midnight|midnite|noon|midday)\b"),
    ("span", join_lines(
        rf"""
        (?<![\d.:/£+])\b(?:from |between )?(?P<span_hour>{_HOUR}) ?(?:till?|until) ?(?:{_HOUR}
        |late)\b{_COUNTED}|\b(?:from|between) (?P<span_hour2>{_HOUR}) ?(?:to|and|-
        |–) ?(?:{_HOUR}|late)\b{_COUNTED}
        """
    )),
    ("bare", join_lines(
        rf"""
        \b(?<=\b)(?:{_CUE}|{_BUY}) (?:{_AROUND} )?(?P<bare_hour>{_HOUR})\b(?! ?(?:mins? )?(?:past
        |pst) |(?: to| til) (?:{_HOUR}|{"|".join(MISHEARD)})\b(?! ?[ap]m)|{_MERIDIEM}| ?-?ish
        | ?o'? ?clock){_COUNTED}(?:{_TAIL})|(?<![\d.:/£+])(?<!year )(?<!yr )\b(?P<bare_hour2>
        {_HOUR})(?= (?:this (?:morn|aft|even)|last ni|tonight|tonite|yest|that night))
        """
    )),
    # patterns of parts of a day
    ("part", join_lines(
        rf"""
        \b(?:in the |at |around |about |late |early |mid |that |same |all ){{0,3}}{_PART}\b
        """
    )),
    ("undated", join_lines(
        r"""
        \b(?:after|before|b4|during|straight from|out of|outside of) (?:school|college|dark|work
        |tea)\b|\bhalf[- ]term\b|\bbreak ?time\b|\bjust now\b
        """
    )),
)  # fmt: skip

#: A quick test for the first characters of a word of time. The long patterns in `_ATOMS` are tried
#: only where this pattern matches.
BEGINNING = join_lines(
    r"""
    (?=[\d@]|\b(?:a[ bflnprtu]|b[4aeoruy]|c[hio]|d[aeiu]|e[acilnv]|f[eior]|go|h[alor]|in|j[au]
    |l[aisu]|m[aiot]|n[eioy]|o[cfntuv]|pa|q[tu]|ro|s[aeimtu]|t[ehimouw]|un|va|w[eik]|xm|y['ders])
    |[abfst][a-z]{1,5} [0-2])
    """
)


@cache
def atom() -> re.Pattern[str]:
    """Return the pattern that finds each atom in a text: a smallest piece that names a time, such
    as "last Tuesday" or "half 11". The pattern is compiled on the first use. The kind of an atom is
    the name of the pattern's group that matched.
    """
    alternatives = "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _ATOMS)
    text = f"{BEGINNING}(?:{alternatives})"
    return lazy_regex(text, re.IGNORECASE, rough=text.replace(_STREET_NAME, ""))


KINDS = tuple(kind for kind, _ in _ATOMS)
DAYS = words(
    """
    iso slashed daymonth monthday month year ordinal feast relative halfday ago weeklast stretch
    week weekday someday
    """
)
CLOCKS = words("past half digits military meridiem oclock ish named span bare")

JOINT = lazy_regex(
    join_lines(
        r"""
    [\s,(-]{0,3}(?:(?:at|about|abt|around|arnd|approx|roughly|on|in|the|of|just|gone|from|by
    |since|before|after|till?|until|between|@|maybe|like|say|sometime|early|late|or so|bout
    |night of)[\s,]{1,2}){0,4}
    """
    ),
    re.IGNORECASE,
)
"""Text that may be written between two atoms of one phrase."""

APPROXIMATE = lazy_regex(
    join_lines(
        r"""
    ish\b|\b(?:about|abt|bout|around|arnd|approx|roughly|circa|nearly|say|like|maybe|sometime
    |or so|gone|just (?:before|after)|before|after|by|late|early|between)\b
    """
    ),
    re.IGNORECASE,
)
ROUGHLY = lazy_regex(
    r"ish\b|\b(?:about|abt|bout|around|arnd|approx|roughly|circa|nearly|say|like|maybe|sometime"
    r"|or so|gone|just (?:before|after)|late|early|between)\b",
    re.IGNORECASE,
)
"""Words that make an hour approximate although its half of the day is written, as in "about 7pm".
"by 7pm" still means 7, because "by" is in `APPROXIMATE` only."""
CAME_HOME = lazy_regex(
    r"\bwhen (?:she|he|they) (?:came|got|crept|rolled) (?:in|home)\b|\bdawn was\b", re.IGNORECASE
)
"""Phrases about the return of a missing child, which show that a small hour ("when she came in at
3") is in the night."""
JUST_BEFORE = lazy_regex(r"\b(?:just|bit|shortly|little) (?:before|b4)\b", re.IGNORECASE)
LEAD = lazy_regex(
    join_lines(
        r"""
    (?:\b(?:just|shortly|a bit|bit|sometime|early|late|from|since|about|abt|around|arnd|approx
    |roughly|at|before|after|by|gone|on|maybe|nearly|bout)\s+){1,3}$
    """
    ),
    re.IGNORECASE,
)
"""Words just before an atom that belong to it ("just before midnight")."""
LOOSE_TAIL = lazy_regex(r"\s?(?:or so|or thereabouts|ish|approx|sharp)\b", re.IGNORECASE)

PLANNED = lazy_regex(
    join_lines(
        r"""
    \b(?:gonna|going to|goin(?:g)?|gunna|will be|'ll|shes meeting|meeting (?:up|him|her|them|me
    |at)|plan(?:s|ning|ned)?|(?:may|might) go|supposed to|meant to|arranged|invited
    |wants? (?:her|him|them|me|us) (?:to|there)|want(?:s|ed)? to meet|be (?:there|ready)
    |see (?:u|you)|same place|next|tomorrow|party on|pick (?:u|you|her|me|them) up (?:on|at)
    |(?:would|will|shall|ll) (?:see|meet|be|come|pick|go|ring|get)|to see (?:him|her|them)
    |come (?:to|round|over|out|on)|due|asked (?:her|him) to)\b
    """
    ),
    re.IGNORECASE,
)
"""Signs that the sentence is about the future."""

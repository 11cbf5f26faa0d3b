"""Find private information about a child in a text for a family: the child's own words, health or
placement, or an action of the police. The child is consulted before such information is passed on.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from domain.forms.patterns import join_lines, lazy_regex
from domain.kernel.codes import Private

#: Words for the child in a text for the family. "They" is left out, because it may mean other
#: people.
_CHILD = r"(?:she|he|(?:your|the) (?:daughter|son|child|girl|boy))"
_HEALTH = join_lines(
    r"""
    pregnan\w+|miscarr\w+|abortions?|(?:a|her|the) termination|overdos\w+|suicid\w+|self[- ]?harm\w*
    |(?:cuts?|cutting|hurts?|hurting|harming) (?:her|him|them)sel(?:f|ves)|st[id]s?|chlamydia|hiv
    |gonorrh\w+|herpes|syphilis|hepatitis|sexual health|mental health|morning[- ]after
    |contracepti\w+|on the pill|an? (?:implant|coil)|medication|antidepressants?|depress(?:ed|ion)
    |ptsd|diagnos\w+|camhs|psychiatr\w+|psycholog\w+|(?:her|his|a) (?:gp|doctor|nurse|therap\w+
    |counsell\w+)|in (?:a |the )?hospital|to (?:a |the )?hospital|a ?& ?e\b|a and e|the clinic
    |sexual assault referral centre|sarc|medical(?:ly)? exam\w*|expecting a baby|having a baby
    |(?:is|are|she['’]?s) expecting(?=\W*(?:$|[.,;!?]|and\b|in\b|again\b))|pregnancy tests?
    |missed (?:a|her) period|periods? (?:is|are) late|late and (?:\w+ ){0,3}tests?
    |eating disorder|anorexi\w+|bulimi\w+
    """
)
_PLACED = join_lines(
    rf"""
    placements?|placed (?:in|with|at|near)|foster\w*|(?:children|care)['’]?s? homes?|refuge
    |secure (?:unit|home|accommodation)|residential (?:home|unit|care)
    |{_CHILD} (?:is |has been |was )?(?:now )?(?:living|staying|moved|lives|stays) (?:in|with|at|to)
    """
)
_TOLD = join_lines(
    rf"""
    {_CHILD} (?:has |had |also |now )*(?:told|tells|disclosed|discloses|confided|admitted|admits)
    |{_CHILD} (?:has |had )?(?:said|says) (?:that |to )?(?:he|she|they|it|us|me|somebody|someone)
    |{_CHILD} (?:has |had )?(?:made a disclosure|spoken about what)|in confidence
    |(?:her|his) (?:disclosure|account|statement)
    """
)
_POLICE = join_lines(
    r"""
    (?:was|were|been|is|are|be|got|getting) (?:\w+ )?(?:arrested|charged|bailed|remanded|cautioned)
    |(?:arrested|charged|bailed|remanded) (?:him|them|a man|two|three|somebody|someone)
    |in custody|on bail|under caution|an arrest|made arrests
    """
)
_WAYS: Mapping[Private, str] = MappingProxyType(
    {"child-told": _TOLD, "health": _HEALTH, "placement": _PLACED, "police-step": _POLICE}
)
_PATTERNS: Mapping[Private, re.Pattern[str]] = MappingProxyType(
    {kind: lazy_regex(rf"\b(?:{way})(?!\w)", re.IGNORECASE) for kind, way in _WAYS.items()}
)


def find_private_information(text: str) -> dict[Private, str]:
    """Return the kinds of private information about the child that a text contains, each with the
    first words that show it.
    """
    matches = {kind: pattern.search(text) for kind, pattern in _PATTERNS.items()}
    return {kind: match[0] for kind, match in matches.items() if match}

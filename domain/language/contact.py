"""Recognise words for a contact: a message, a call, a letter, a gift, a meeting."""

import re

from domain.forms.patterns import join_lines, lazy_regex

_CONTACT = lazy_regex(
    join_lines(
        r"""
        \b(?:texts?|texted|texting|txt\w*|rings?|rang|ringing|phon(?:e[ds]?|ing)|calls?|called
        |calling|writ(?:es?|ing|ten)|wrote|letters?|cards?|presents?|gifts?|flowers|messag\w+|msg\w*
        |dm(?:s|ed)?|snap(?:s|ped|chat\w*)?|insta(?:gram\w*)?|facebook\w*|whats ?app\w*|tik ?tok\w*
        |e?mail\w*|(?:friend|follow) requests?|add(?:s|ed|ing)?|follow(?:s|ed|ing)?|contact\w*
        |in touch|reach\w* out|visit\w*|me?et(?:s|ing)?|sees?|saw|seen|seeing|with|outside|waiting
        |waits?|turned up|shows? up|showed up|came|comes?|coming|back|fetch\w*|collect\w*
        |pick(?:s|ed|ing)? (?:\w+ )?up|sen(?:t|ds?)|spok\w*|speak\w*|talk\w*|chat\w*|voice ?notes?
        |gave|gives?|near|parked|drov\w*|driv\w+)\b
        """
    ),
    re.IGNORECASE,
)


def mentions_contact(words: str) -> bool:
    """Return whether a text mentions a contact between people, of any kind. The search prefers a
    needless match to a missed contact, which may harm a child.
    """
    return _CONTACT.search(words) is not None

"""Explains in a sentence why a search returns a hit."""

from collections.abc import Mapping

#: For each way in which a search word matches, as `projections.search` names it, a sentence for the
#: user. The matching words are inserted in quotation marks.
_BY_WORD: Mapping[str, str] = {
    "name": "The name contains {}.",
    "alias": "One of the other names contains {}.",
    "description": "The description contains {}.",
    "read": "The program recognised {} in the text.",
    "begins": "A name begins with the search words: {}.",
    "nickname of": "The search word is a short form of {}.",
    "nickname": "{} is a short form of the search word.",
    "spelt": "A name has a similar spelling or sound: {}.",
}
_WHOLE: Mapping[str, str] = {
    "words": "The text contains the search words.",
    "words begin so": "The text contains words that begin like the search words.",
    "plate": "The item is the number plate in the search.",
    "plate fits": "The number plate matches the search.",
    "part of the plate": "The number plate contains the part in the search.",
    "number": "The item is the telephone number in the search.",
    "number ends so": "The telephone number ends with the digits in the search.",
    "postcode": "The postcode matches the search.",
    "handle": "The item is the account in the search.",
    "same name, another platform": "The account has the same name on another platform.",
    "handle begins so": "The account's name begins with the search words.",
}


def reason(why: str) -> str:
    """Return a sentence for the reasons of a hit, such as "name mill; name lane". Reasons for which
    no sentence is defined are returned unchanged."""
    quoted: dict[str, list[str]] = {}
    sentences: list[str] = []
    for part in why.split("; "):
        if part in _WHOLE:
            sentences.append(_WHOLE[part])
            continue
        how = max(
            (prefix for prefix in _BY_WORD if part.startswith(f"{prefix} ")), key=len, default=""
        )
        if how:
            quoted.setdefault(how, []).append(part[len(how) + 1 :])
        else:
            sentences.append(part)
    by_word = [_BY_WORD[how].format(f"“{' '.join(words)}”") for how, words in quoted.items()]
    return " ".join([*by_word, *sentences])

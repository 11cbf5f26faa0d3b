"""Explains in a sentence why a search returns a hit."""

from collections.abc import Mapping

#: For each way in which a search word matches, as `projections.search` names it, a sentence for the
#: user. The matching words are inserted in quotation marks.
_BY_WORD: Mapping[str, str] = {
    "name": "The name has {}.",
    "alias": "Another name has {}.",
    "description": "The description has {}.",
    "read": "The program read {} in the text.",
    "begins": "A name begins with the search words: {}.",
    "nickname of": "The search word is a short form of {}.",
    "nickname": "{} is a short form of the search word.",
    "spelt": "A name is spelt or sounds similar: {}.",
}
_WHOLE: Mapping[str, str] = {
    "words": "The text has the search words.",
    "words begin so": "The text has words that begin like the search words.",
    "plate": "The item is this number plate.",
    "plate fits": "The number plate matches.",
    "part of the plate": "The number plate has this part.",
    "number": "The item is this telephone number.",
    "number ends so": "The telephone number ends like this.",
    "postcode": "The postcode matches.",
    "handle": "The item is this account.",
    "same name, another platform": "An account with this name on another platform.",
    "handle begins so": "The account's name begins like this.",
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

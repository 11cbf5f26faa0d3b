"""Find places in text: streets by their last word, venues by their noun, chains by their name."""

import re
from collections.abc import Iterator

from domain.forms import nicknames, place
from domain.kernel.values import Mention
from ingest.reading import cues
from ingest.reading import place_patterns as patterns
from ingest.reading.common import is_common
from ingest.reading.gazetteer import Gazetteer, located
from ingest.reading.given import load_given_names

_Found = Iterator[Mention]
_SURE = (
    patterns.SETTLEMENT,
    patterns.LOWER_SETTLEMENT,
    patterns.CHAIN,
    patterns.FUEL_PLACE,
)


def places(text: str, towns: Gazetteer) -> list[Mention]:
    """Return every place that a text mentions, the longest reading first, so that it comes before
    its own parts."""
    mentions = (*_candidates(text), *located(text, towns))
    return sorted(mentions, key=lambda m: (m.start - m.end, -m.confidence))


def _candidates(text: str) -> _Found:
    for pattern in _SURE:
        for match in pattern.finditer(text):
            yield _mention(match.start(), match.end(), text, 0.9)
    yield from _streets(text)
    yield from _venues(text)
    for match in patterns.PAIRED.finditer(text):
        first_word, other = re.split(r" (?:and|&|n) ", match["name"].lower())
        if not {first_word, other, other[:-1]} & (load_given_names() | nicknames()):
            yield _mention(match.start("name"), match.end("name"), text, 0.55)
    for match in patterns.HEAD_FIRST.finditer(text):
        yield _mention(match.start(), match.end(), text, 0.6)
    for pattern in (patterns.TOWARD, patterns.FETCHED, patterns.THE):
        for match in pattern.finditer(text):
            after = match.end("name")
            owns = text[after : after + 2] in ("'s", "’s") or (
                text[after - 1] == "s" and cues.OWNED.match(text, after) is not None
            )
            if not owns and _unknown(match["name"]):
                yield _mention(match.start("name"), match.end("name"), text, 0.5)


def _unknown(words: str) -> bool:
    """Return whether a name with capitals is neither a person's name nor an everyday word."""
    parts = [re.sub(r"['’]?s$", "", part) for part in re.split(r"[ -]", words.lower())]
    name_words = (*parts, *words.lower().split())
    return not any(w in load_given_names() or w in nicknames() or is_common(w) for w in name_words)


def _mention(start: int, end: int, text: str, confidence: float) -> Mention:
    return Mention(start, end, "place", place(text[start:end]) or None, confidence)


def _streets(text: str) -> _Found:
    for match in patterns.STREETS.finditer(text):
        start = _past_lead(text, match.start(), match.end())
        if _is_person(text, start, match.end()):
            continue
        if start < match.end() and " " in text[start : match.end()]:
            yield _mention(start, match.end(), text, 0.9)
    for match in patterns.LOWER_STREET.finditer(text):
        names = match["name"].lower().split()
        word_count = _own_name(names)
        shop = match["street"].lower() == "st" and (is_common(names[-1]) or match["street"] == "ST")
        if not word_count or shop:
            continue
        if word_count == len(names):
            start = match.start()
        else:
            start = match.end("name") - len(" ".join(match["name"].split()[-word_count:]))
        yield _mention(start, match.end(), text, 0.8)
    for match in patterns.NUMBERED.finditer(text):
        names = match["name"].lower().split()
        if _own_name(names) == len(names):
            yield _mention(match.start(), match.end(), text, 0.75)


def _is_person(text: str, start: int, end: int) -> bool:
    """Return whether two words such as "Barry Croft" name a person and not a street. They name a
    person if the first word is a given name, the second is a word for a street that is also a
    surname, and no word such as "on" is before them.
    """
    parts = text[start:end].lower().split()
    if len(parts) != 2 or parts[1] not in patterns.SURNAMES or parts[0] not in load_given_names():
        return False
    return patterns.REACHED.search(text[max(0, start - 24) : start]) is None


def _own_name(names: list[str]) -> int:
    """Return how many of the words before a word for a street belong to the street's name."""
    word_count = 0
    for word in reversed(names):
        short = word.isdigit() or len(word) < 3
        if short or word in patterns.NO_NAME or (word_count and is_common(word)):
            break
        word_count += 1
    return word_count


def _past_lead(text: str, start: int, end: int) -> int:
    """Return the position at which the name of a street really begins in a group of words with
    capitals: in "Saw Mill Lane" and "On Canal Rd" it begins at the second word.
    """
    while first := re.match(r"([A-Z][a-z'’]+) ", text[start:end]):
        word = first.group(1).lower()
        rest = text[start + first.end() : end]
        opening = is_common(word) and _begins_sentence(text, start)
        named = word in patterns.PART_OF_NAME and not _begins_sentence(text, start)
        lead = (word in patterns.NO_NAME and not named) or (
            opening and word not in patterns.STREET_NAMES
        )
        if " " not in rest or not lead:
            break
        start += first.end()
    return start


def _begins_sentence(text: str, start: int) -> bool:
    return re.search(r"(?:^|[.!?:\n\"“]\s*)$", text[max(0, start - 4) : start]) is not None


def _venues(text: str) -> _Found:
    for match in patterns.NAMED_TRADE.finditer(text):
        if patterns.PEOPLE_BEFORE.search(text[max(0, match.start() - 10) : match.start()]):
            continue
        start = _past_lead(text, match.start(), match.end())
        named = text[start : match.start("trade")].strip().lower()
        small = match["trade"].islower()
        owned = small and match["trade"] in patterns.OWNED and named.endswith("s")
        plain = owned or (small and match["trade"] not in patterns.LOWER_TRADES)
        opening = small and is_common(named) and _begins_sentence(text, start)
        if named and not plain and not opening and named not in patterns.NO_NAME:
            yield _mention(start, match.end(), text, 0.75)
    for match in patterns.PUB.finditer(text):
        yield _mention(match.start() + 4, match.end(), text, 0.5)
    for match in patterns.PUB_OF.finditer(text):
        whose = re.sub(r"['’]?s .*$", "", match["name"].lower())
        limb = is_common(whose) and not patterns.OF_PUBS.fullmatch(whose)
        if not limb or match["name"][0].isupper():
            yield _mention(*match.span("name"), text, 0.6)
    for match in patterns.GENERIC.finditer(text):
        head = match["head"].lower()
        if head in patterns.NEVER or (head in patterns.PLAIN and not match["the"]):
            continue
        before = text[max(0, match.start() - 24) : match.start()]
        eaten = patterns.EATING.match(head) and before.endswith("from ")
        if eaten or patterns.REACHED.search(before):
            yield _mention(match.start(), match.end(), text, 0.6)

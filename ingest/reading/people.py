"""Find people and nicknames in text: each word is assessed by itself and by the words around it.

Signs of a name are a capital, an entry in the list of given names or short names, a title or a word
such as "called" before it, a verb of speech or motion after it. None of these alone proves it, and
many texts have no capitals.
"""

import re
from collections.abc import Collection, Iterator, Sequence

import msgspec

from domain.forms import EPITHETS, name
from domain.forms.lookalikes import in_ascii
from domain.forms.patterns import lazy_regex
from domain.kernel.values import Mention, MentionKind
from ingest.reading import cues
from ingest.reading.common import is_common
from ingest.reading.given import load_given_names
from ingest.reading.sighted import LONGEST_NAME, Word, sighted

# Number of letters before and after a word that are searched for signs that the word is a name.
_BEFORE, _AFTER = 32, 24
_COUNTED = lazy_regex(r"(?<!\d)\d{1,2}\s$")
#: Words with which no mention begins, whatever is around them.
_NEVER_NAMED = cues.FUNCTION - cues.TITLES - EPITHETS


class _Surroundings:
    """The surroundings of a word in a text: the letters before and after it, the next word, and the
    signs of a name in them. The signs are searched for only when the program uses them, because few
    words need them.
    """

    def __init__(self, text: str, words: list[Word], at: int) -> None:
        self._text, self._words, self._at = text, words, at
        word = words[at]
        self.before = text[max(0, word.start - _BEFORE) : word.start]
        self.after = text[word.end : word.end + _AFTER]
        then = words[at + 1] if at + 1 < len(words) else None
        gaps = (" ", "  ", "-") if word.low in EPITHETS else (" ", "  ", "-", ". ")
        touching = then is not None and text[word.end : then.start] in gaps
        self.following = then if touching else None

    @property
    def acting(self) -> bool:
        return cues.ACTS.match(self.after) is not None

    @property
    def beside(self) -> bool:
        return cues.BESIDE.search(self.before) is not None

    @property
    def with_known(self) -> bool:
        """Return whether "and" joins the word to a word after it that is certainly a name: "bones"
        in "bones and Kayleigh"."""
        link = cues.AND.match(self._text, self._words[self._at].end)
        near = self._words[self._at + 1 : self._at + 3]
        return any(link and word.start == link.end() and word.is_certain for word in near)


def people(
    text: str, taken: Sequence[tuple[int, int]], names: Collection[str] = ()
) -> list[Mention]:
    """Return the people named in `text` outside the spans `taken`; `names` are the confirmed names
    of the case."""
    sure = frozenset(
        part for full_name in names for part in name(full_name).split() if len(part) > 1
    )
    words = sighted(text, taken, sure)
    mentions = list(_initials(text, taken))
    at = 0
    while at < len(words):
        joined = mentions and cues.AND.fullmatch(text, mentions[-1].end, words[at].start)
        read, used = _person(text, words, at, bool(joined))
        if read is not None:
            mentions.append(read)
        at += used
    return mentions


def _person(text: str, words: list[Word], at: int, joined: bool) -> tuple[Mention | None, int]:
    """Return the person whose mention begins with this word, and the number of words to skip."""
    word = words[at] = _owning(text, words[at])
    if word.taken or not word.low:
        return None, 1
    if _initialled(text, words, at):
        return _person_mention(text, words, at, at, 0.7)
    if word.low in _NEVER_NAMED:
        return None, 1
    setting = _Surroundings(text, words, at)
    following = setting.following
    if following is not None and not following.taken:
        if word.low in cues.TITLES and _nameable(following):
            return _person_mention(text, words, at, at + 1, 0.9)
        if word.low in EPITHETS and _qualified(word, following):
            return _person_mention(text, words, at, at + 1, 0.75)
    confidence = _confidence(word, setting)
    if joined and word.strange and len(word.low) > 2:
        confidence = max(confidence, cues.LEAST)
    return (
        _person_mention(text, words, at, at, confidence) if confidence >= cues.LEAST else (None, 1)
    )


def _owning(text: str, word: Word) -> Word:
    """Return the word, without its final s if that s is a possessive without an apostrophe: "shans
    mum".
    """
    marks = word.capital and not word.first and word.low[:-1] in load_given_names()
    lost = (
        (word.strange or marks) and not word.owns and word.low.endswith("s") and len(word.low) > 3
    )
    if lost and cues.OWNED.match(text, word.end):
        stem = word.low[:-1]
        return msgspec.structs.replace(word, low=stem, owns=True, known=stem in load_given_names())
    return word


def _initialled(text: str, words: list[Word], at: int) -> bool:
    """Return whether a single capital letter is the initial before a surname: "P. Kowalczyk", "D
    Cawood"."""
    word = words[at]
    if len(word.low) != 1 or not word.capital or word.low in "iax":
        return False
    if at + 1 >= len(words) or text[word.end : words[at + 1].start] not in (" ", ". "):
        return False
    then = words[at + 1]
    return (
        then.capital
        and not (then.taken or then.common or then.shouted)
        and then.low not in cues.FUNCTION
        and len(then.low) > 2
    )


def _nameable(word: Word) -> bool:
    return word.known or ((word.capital or not word.common) and word.low not in cues.FUNCTION)


def _qualified(adjective: Word, word: Word) -> bool:
    """Return whether an adjective and this word together are a nickname: "Big Mo", "tall paul",
    "Ginger Nut"."""
    if word.low in cues.FUNCTION:
        return False
    if word.is_certain or (word.known and word.capital):
        return True
    if word.low in cues.PLAIN_PEOPLE:
        return False
    return (
        adjective.capital and not adjective.first and word.capital and word.low not in cues.FUNCTION
    )


def _confidence(word: Word, setting: _Surroundings) -> float:
    """Return the confidence, from 0 to 1, that this word names a person."""
    if cues.naming(setting.before, word.low, word.capital, word.known, word.common):
        return 0.85
    if word.low in cues.FUNCTION or word.low in cues.NEVER or not 1 < len(word.low) <= LONGEST_NAME:
        return 0.0
    if word.is_certain:
        return 0.95 if word.capital else 0.8
    if word.known:
        return _doubtful(word, setting)
    return _everyday(word, setting) if word.common else _stranger(word, setting)


def _stranger(word: Word, setting: _Surroundings) -> float:
    """Return the confidence that a word which is neither English nor a listed name means a
    person."""
    branded = cues.BRANDED.match(setting.after) is not None and not word.owns
    if branded or _COUNTED.search(setting.before):
        return 0.0
    if word.first and " " in word.low and all(map(is_common, word.low.split())):
        return 0.0  # a term such as "Key-work" has a capital only because it begins a sentence
    if word.capital and not (word.shouted and len(word.low) <= 5):
        if not word.first:
            return 0.6
        if setting.acting or word.owns or cues.JOINED.match(setting.after):
            return 0.55
        return 0.0 if cues.WORDLIKE.search(word.low) else 0.45
    if word.shouted:
        return 0.5 if setting.beside and setting.acting else 0.0
    placed = word.first or word.opens or setting.beside
    if cues.COMPANION.search(setting.before) or setting.with_known:
        return 0.5
    return 0.5 if placed and (word.owns or cues.SPEAKS.match(setting.after)) else 0.0


def _everyday(word: Word, setting: _Surroundings) -> float:
    """Return the confidence that an everyday word with an unexpected capital is a nickname ("then
    Ghost turned up")."""
    if not word.capital or word.first or word.shouted or word.low in cues.CAPITALISED:
        return 0.0
    titled = setting.following is not None and setting.following.capital
    if titled or re.match(r" \d", setting.after) or cues.CAPITAL_BEFORE.search(setting.before):
        return 0.0
    return 0.45 if setting.acting or setting.beside else 0.0


def _doubtful(word: Word, setting: _Surroundings) -> float:
    """Return the confidence that a name which is also a word ("Will", "may", "Mark") means a
    person: it needs a capital or other signs."""
    before, after = setting.before, setting.after
    mid_capital = word.capital and not word.first
    if (cues.SURELY_VERB if mid_capital else cues.NO_PERSON_AFTER).match(after):
        return 0.0
    if mid_capital:
        return 0.0 if cues.ARTICLE.search(before) else 0.8
    if cues.NO_PERSON.search(before):
        return 0.0
    speaks = cues.SPEAKS.match(after) is not None
    if word.capital:
        if speaks or setting.acting or word.owns or cues.JOINED.match(after) or _surnamed(setting):
            return 0.65
        return 0.0 if word.common else 0.45
    if cues.COMPANION.search(before) and not cues.NOUN_AFTER.match(after):
        return 0.6
    if setting.with_known or (speaks and (word.first or word.opens or setting.beside)):
        return 0.55
    hinted = setting.acting or setting.beside
    return 0.5 if not word.common and hinted and len(word.low) > 2 else 0.0


def _surnamed(setting: _Surroundings) -> bool:
    then = setting.following
    return then is not None and then.capital and then.low not in cues.FUNCTION and not then.common


def _person_mention(
    text: str, words: list[Word], start: int, last: int, confidence: float
) -> tuple[Mention, int]:
    """Return the mention of a person that begins with word `start`: the name at word `last`, with
    the surname that follows it."""
    end = last
    while end + 1 < len(words) and end - last < 2 and _is_surname(text, words, end):
        end += 1
    name_words = words[start : end + 1]
    parts = [word.low for word in name_words]
    if parts[0] in cues.DROPPED and len(parts) > 1:
        parts = parts[1:]
    kind = _kind(words[start], words[last], end > last)
    normal = " ".join(parts)
    # letters of other alphabets that look like Latin letters are replaced by Latin letters
    if not normal.isascii() and re.search("[a-z]", normal):
        normal = in_ascii(normal)
    return Mention(name_words[0].start, name_words[-1].end, kind, normal, confidence), len(
        name_words
    )


def _is_surname(text: str, words: list[Word], at: int) -> bool:
    word, then = words[at], words[at + 1]
    gaps = (" ", "-", ". ") if len(word.low) == 1 else (" ", "-")
    if word.owns or then.taken or text[word.end : then.start] not in gaps:
        return False
    if then.low in cues.FUNCTION or then.low in cues.NEVER:
        return False
    if then.capital:
        louder = then.shouted and not word.shouted and len(word.low) > 1
        acts = then.common and cues.ACTS.match(f" {then.low} ") is not None
        return word.capital and not louder and not acts
    return word.is_certain and not word.capital and then.strange and len(then.low) > 3


def _kind(first: Word, word: Word, surnamed: bool) -> MentionKind:
    if first is not word:
        return "person" if first.low in cues.FORMAL else "nickname"
    lone_stranger = not word.known and not surnamed and not word.shouted
    return "nickname" if word.nick or lone_stranger else "person"


def _initials(text: str, taken: Sequence[tuple[int, int]]) -> Iterator[Mention]:
    """Yield the mentions of people by one letter, such as a signature: `"same place x G"`, `"saved
    as J"`."""
    for match in cues.INITIAL.finditer(text):
        start, end = match.span("initial")
        if not any(s < end and start < e for s, e in taken):
            yield Mention(start, end, "nickname", match["initial"].lower(), 0.6)

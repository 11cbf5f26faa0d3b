"""Normalise spelling before a text is searched for danger: short forms, dialect, typing errors."""

import re
from functools import lru_cache

from domain.forms.patterns import lazy_regex, words
from domain.forms.words import fold
from ingest.reading.common import is_common

#: A double letter, in a text or in a pattern. A pattern's escapes, such as `\s`, are matched too,
#: so that they stay unchanged.
DOUBLED = lazy_regex(r"\\.|([a-z])\1+")
_APOSTROPHES = lazy_regex(r"['’‘`´ʼ]")
_LONG_WORD = lazy_regex(r"\b[a-z]{6,20}\b")
_SURELY_LONG = 9
_DREADED = sorted(
    words(
        """
        assaulted assault strangled strangling throttled threatened threatening threats suicide
        suicidal unconscious overdose overdosed battered battering bleeding bruises bruised
        bruising kidnapped machete screwdriver hammer hammering terrified frightened attacked
        attacking punched punching kicking kicked slapped breathing ambulance hospital blackmail
        blackmailed weapon choking choked stabbed stabbing petrol abducted dragged grabbed
        missing paracetamol tablets knives swallowed harming hurting banging smashing smashed
        shouting screaming following outside police trapped
        """
    )
)
_SHORTHAND = {
    "2nite": "tonight", "tonite": "tonight", "2night": "tonight", "infront": "in front",
    "thru": "through", "n": "and", "w/": "with", "wiv": "with", "wif": "with", "dnt": "dont",
    "wnt": "wont", "cnt": "cant", "sum1": "someone", "some1": "someone", "ppl": "people",
    "hav": "have", "cldnt": "couldnt", "cudnt": "couldnt", "dunno": "dont know", "em": "them",
    "shez": "shes", "hez": "hes", "de": "the", "da": "the", "bk": "back",
    # dialect spellings, most of them without the letter h
    "er": "her", "ers": "hers", "es": "hes", "ees": "hes", "ez": "hes", "hees": "hes", "e": "he",
    "ee": "he", "th": "the", "mi": "my", "agen": "again", "owt": "out", "ands": "hands",
    "ouse": "house", "ome": "home", "urt": "hurt", "urtin": "hurting", "ittin": "hitting",
    "itting": "hitting", "elp": "help", "ospital": "hospital", "gerroff": "get off",
    "gerrof": "get off", "gerout": "get out", "gerrout": "get out", "layin": "laying",
    "yer": "your",
}  # fmt: skip
#: Forms that depend on the words around them ("as her" for "has her", "in 2 her", "are lass", "by
#: the air"): for each, letters that it contains, its pattern, and its usual spelling.
_SPOKEN = (
    (
        " as ",
        lazy_regex(r"\b(he|she|they|who) as (?=(?:her|him|me|us|got|a|hit|my)\b)"),
        r"\1 has ",
    ),
    ("in 2 ", lazy_regex(r"\bin 2 (?=(?:her|him|me|us|my|our)\b)"), "into "),
    (
        "are ",
        lazy_regex(r"\bare (?=(?:lass|lad|kid|girl|house|daughter|mum|mam|car|door|window)\b)"),
        "our ",
    ),
    (" air", lazy_regex(r"\b(by|pulling|pulled) (the|her|his) air\b"), r"\1 \2 hair"),
    (" e", lazy_regex(r"\b(her|his|my) (?:ed|ead)\b"), r"\1 head"),
    (" ear", lazy_regex(r"\b(can|could|i|we) ear\b"), r"\1 hear"),
)


def squeezed(text: str) -> str:
    """Return a text in a normal form for searching: in small letters, without apostrophes and
    punctuation, with short forms, dialect and typing errors replaced, and double letters written
    once."""
    low = _APOSTROPHES.sub("", fold(text))
    low = re.sub(r"(?<=[a-z])/(?=[a-z])|[,:()\"“”*_-]", " ", low)
    spelled_out = " ".join(_SHORTHAND.get(word, word) for word in low.split())
    for letters, pattern, spelt in _SPOKEN:
        spelled_out = pattern.sub(spelt, spelled_out) if letters in spelled_out else spelled_out
    return DOUBLED.sub(r"\1", _LONG_WORD.sub(lambda match: _correct_word(match[0]), spelled_out))


@lru_cache(maxsize=4096)
def _correct_word(word: str) -> str:
    """Correct a typing error in a word for danger, such as "knfe"; return an everyday word, and a
    word that resembles no word for danger, unchanged.
    """
    if is_common(word):
        return word
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    slips = 1 if len(word) < _SURELY_LONG else 2
    nearest = process.extractOne(word, _DREADED, scorer=OSA.distance, score_cutoff=slips)
    return nearest[0] if nearest and nearest[0][0] == word[0] else word

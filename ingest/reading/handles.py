"""Find names of social-media accounts in text: by their @, by their shape, or by a platform
mentioned near them."""

import re
from collections.abc import Iterator
from types import MappingProxyType

from domain.forms import handle, handle_name
from domain.forms.patterns import join_lines, lazy_regex
from domain.kernel.values import Mention
from ingest.reading import cues
from ingest.reading.common import is_common

#: The digits that people mean by the words with which they dictate them.
SPOKEN_NUMBERS = MappingProxyType(
    {
        "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
        "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13,
        "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
        "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
        "seventy": 70, "eighty": 80, "ninety": 90,
    }
)  # fmt: skip
_AT_HANDLE = lazy_regex(
    join_lines(
        r"""
        (?<![\w@.])@[ ]?(?=[A-Za-z0-9._]{2,40})(?P<name>[A-Za-z0-9_][\w.]{1,38}[A-Za-z0-9_])
        (?!@)
        """
    )
)
_AT_PLATFORM = lazy_regex(
    join_lines(
        r"""
        (?<![\w@.])(?:[\w.]{2,40}@|(?=\w{0,39}[._\d]\w)[\w.]{2,40} at )
        (?:snap(?:chat)?|insta(?:gram)?|ig|tik ?tok|fb|facebook|sc|kik
        |discord|twitter|telegram|x)\b
        """
    ),
    re.IGNORECASE,
)
#: An e-mail address as people type or say it: "kim @ home . example", "kim at home dot example".
_EMAIL_TOLD = lazy_regex(
    join_lines(
        r"""
        (?<![\w@.])(?P<name>[\w.+-]{1,40})(?P<at>@ ?| @ | ?[(\[]at[)\]] ?| at )(?P<host>[\w-]{2,40}
        (?:(?: ?\. ?| dot |,)(?=[a-z])[\w-]{2,20}){1,3})(?![\w@])
        """
    ),
    re.IGNORECASE,
)
_LINK = lazy_regex(r"\b(?:https?://|www\.)\S{1,200}", re.IGNORECASE)
_PLATFORM = join_lines(
    r"""
    (?:insta(?:gram|gran)?|snap(?:chat| ?chat)?|sc|ig|tik ?tok|fb|facebook|kik|discord|telegram
    |twitter|roblox|fortnite|psn?|xbox(?: live)?|messenger|signal|wickr|yubo|omegle|monkey app
    |whats ?app|onlyfans|bereal|steam|twitch|wizz)
    """
)
_CUED_HANDLE = lazy_regex(
    join_lines(
        rf"""
    \b(?:{_PLATFORM}(?:'?s)?(?: (?:name|user ?name|user|account|acc|handle|profile|tag|id|add
    |gamertag))?|user ?name|user name|gamer ?tag|handle|screen ?name|account name|profile name
    |(?:account|profile|acc|user) (?:called|named))(?: (?:shes|he|she|his|her|hes|they|talking
    |to|uses?|using|for|him|on|of|there|now|new|other|second|fake|the|a|that
    |this)){{0,4}}(?P<link>(?: ?[:=-]| is| was| as| called| named| under| by| goes by| its| it's
    | name|,){{0,3}}) [\"'“‘@]?(?P<name>[A-Za-z0-9_](?:[\w.]|-(?=\w)){{1,38}}[A-Za-z0-9_]
    (?:\#\d{{4}})?)(?!@)
    """
    ),
    re.IGNORECASE,
)
_SHAPED_HANDLE = lazy_regex(
    join_lines(
        r"""
        (?<![\w@./-])(?=[\w.]{0,38}[A-Za-z])(?:[A-Za-z0-9]{1,30}(?:[_.]+[A-Za-z0-9]{1,30}){1,4}_
        {0,2}|_{1,2}[A-Za-z0-9]{2,30}_{0,2}|[A-Za-z]{2,30}_{1,3})(?![\w@])
        """
    )
)
_SPOKEN_NUMBER = rf"(?:\d{{1,4}}|{'|'.join(SPOKEN_NUMBERS)})"
#: The name of an account as people dictate it: "big underscore ste ninety nine", "tommo dot b".
_SPOKEN_HANDLE = lazy_regex(
    rf"(?<![\w@.])[a-z0-9]{{1,30}}(?: {_SPOKEN_NUMBER}\b)?"
    rf"(?: (?:underscore|dot) [a-z0-9]{{1,30}}(?: {_SPOKEN_NUMBER}\b){{0,2}}){{1,4}}(?![\w@])",
    re.IGNORECASE,
)
#: Two words with a full stop between them: the name of an account if a platform is mentioned.
_DOTTED = lazy_regex(r"(?<![\w@./-])[a-z]{3,20}\.[a-z]{4,20}(?![\w@./])")
_ANY_PLATFORM = lazy_regex(rf"\b{_PLATFORM}\b", re.IGNORECASE)
_NUMBERED_HANDLE = lazy_regex(r"(?<![\w@./-])[a-z]{5,25}\d{1,4}[a-z]{0,10}(?![\w@/])")


def masked(text: str) -> list[tuple[int, int]]:
    """Return the spans of web addresses in a text. They are not mentions, and no mention is
    searched for within them."""
    return [match.span() for match in _LINK.finditer(text)]


def handles(text: str) -> Iterator[Mention]:
    yield from _emails(text)
    yield from _spoken(text)
    for match in _AT_PLATFORM.finditer(text):
        yield Mention(*match.span(), "handle", _bare(match.group()), 0.95)
    for match in _AT_HANDLE.finditer(text):
        if re.fullmatch(r"\d[\d.:]*(?:am|pm|ish)?", match["name"]):
            continue
        if " " not in match.group()[:2] or re.search(r"[_\d]", match["name"]):
            yield Mention(*match.span(), "handle", _bare(match["name"]), 0.95)
    for match in _CUED_HANDLE.finditer(text):
        word = match["name"]
        if _is_handle(word, bool(match["link"].strip(" ,"))):
            yield Mention(match.start("name"), match.end("name"), "handle", _bare(word), 0.8)
    for match in _SHAPED_HANDLE.finditer(text):
        if re.search(r"\d.*[A-Za-z]|[A-Za-z].*\d|_", match.group()) and _is_handle(
            match.group(), True
        ):
            yield Mention(*match.span(), "handle", _bare(match.group()), 0.75)
    if _ANY_PLATFORM.search(text):
        for match in _DOTTED.finditer(text):
            if not any(is_common(part) for part in match.group().split(".")[1:]):
                yield Mention(*match.span(), "handle", _bare(match.group()), 0.5)
    for match in _NUMBERED_HANDLE.finditer(text):
        stem = re.split(r"\d", match.group())[0]
        if not is_common(stem) and stem not in ("iphone", "galaxy", "covid"):
            yield Mention(*match.span(), "handle", _bare(match.group()), 0.5)


def _spoken(text: str) -> Iterator[Mention]:
    """Yield dictated names of accounts. A name without an underscore is yielded only if a word in
    it is not English and the text mentions a platform.
    """
    for match in _SPOKEN_HANDLE.finditer(text):
        words = match.group().lower().split()
        if cues.FUNCTION.intersection(words):
            continue
        odd = any(not is_common(word) for word in words if word not in _MARKS)
        if "underscore" in words or (odd and _ANY_PLATFORM.search(text)):
            yield Mention(*match.span(), "handle", _bare(_written(words)), 0.8)


def _written(words: list[str]) -> str:
    """Return a dictated account name as it is typed: "ste ninety nine" is "ste99"."""
    name, tens = "", 0
    for word in words:
        number = SPOKEN_NUMBERS.get(word)
        if tens and number is not None and 0 < number < 10:
            name = f"{name[: -len(str(tens))]}{tens + number}"
            tens = 0
            continue
        tens = number if number is not None and number >= 20 else 0
        name += _MARKS.get(word) or (word if number is None else str(number))
    return name


_MARKS = MappingProxyType({"underscore": "_", "dot": "."})


def _emails(text: str) -> Iterator[Mention]:
    """Yield the e-mail addresses in a text, including spoken or misspelt addresses."""
    for match in _EMAIL_TOLD.finditer(text):
        spoken = match["at"].strip(" ").lower() == "at"
        if spoken and " dot " not in match["host"].lower():
            continue
        form = handle(match.group())
        if "@" in form and ":" not in form:
            yield Mention(*match.span(), "handle", form, 0.9)


def platform_near(text: str, start: int, end: int) -> str | None:
    """Return the name of the platform that words near an account's name mention; None if they
    mention no platform.
    """
    for match in _CUED_HANDLE.finditer(text):
        if (match.start("name"), match.end("name")) == (start, end):
            cue = re.match(_PLATFORM, match.group(), re.IGNORECASE)
            form = handle(f"{cue.group()}: {text[start:end]}") if cue else ""
            return form.partition(":")[0] if ":" in form else None
    return None


def _bare(text: str) -> str:
    """Return the name of an account from a text that may name the platform, too."""
    return handle_name(handle(text))


def _odd(word: str) -> bool:
    """Return whether a word with a hyphen, in small letters, has a part that is not an English
    word: "dx-rayz"."""
    return word.islower() and not all(is_common(part) for part in word.split("-"))


def _is_handle(word: str, cued: bool) -> bool:
    """Return whether a word near the name of a platform is the name of an account there."""
    if re.fullmatch(
        r"[\d.:]+(?:am|pm|ish|hrs?|hours)?|\d+(?:st|nd|rd|th|yrs?|mins?|hrs?|k)",
        word,
        re.IGNORECASE,
    ):
        return False
    if "-" in word and not (cued and (re.search(r"[_\d.]|-.*-", word) or _odd(word))):
        return False
    if re.search(r"[_\d]", word):
        return (
            not re.fullmatch(r"[A-Za-z]{2}\d\d", word)
            and re.search(r"[A-Za-z]", word) is not None
            and not re.fullmatch(r"\d+[:.]\d\d[ap]m", word)
        )
    if "." in word:
        return all(not is_common(part) for part in word.lower().split(".")) or (
            cued and "." in word[1:-1] and word.islower()
        )
    return cued and word.islower() and len(word) >= 4 and not is_common(word)

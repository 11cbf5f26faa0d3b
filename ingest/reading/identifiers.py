"""Telephone numbers, social handles, postcodes and plates in free text.

Each reading is a grammar of shape plus the words beside it ("plate", "ends", "snap name is"),
because the shapes alone are ambiguous: "in 10 min" looks like a plate, "9.30.11" like a number.
"""

import re
from collections.abc import Iterator

from domain.forms import handle, phone, plate, plate_partial, postcode
from domain.values import Mention
from ingest.reading.common import is_common

_PHONE = re.compile(
    r"(?<![\w+])(?:(?:\+|00) ?44[ ().-]{0,2}(?:\(0\) ?)?|\(?[0oO])(?:[ ().-]{0,2}[\doO]){9,10}(?![\d\w])"
    r"|(?<![\w+])\+(?:\d[ ().-]?){9,14}\d(?!\d)|(?<![\w+])7\d{3} ?\d{3} ?\d{3}(?![\d\w])"
)
_PHONE_PART = re.compile(
    r"\b(?:(?:end(?:s|ing|ed)?|finish(?:es|ing|ed)|start(?:s|ing|ed)?|begin(?:s|ning)?|last (?:bit|few|three|four|3|4|part|digits?|numbers?))"
    r"(?: (?:in|with|is|was|are|were|digits?|numbers?|of|its|it)){0,3}|\b(?:number|num|phone|mobile|mob|no)\.?(?: is| was|:)?)"
    r"[ :-]{0,3}(?P<digits>\d(?:[ -]?\d){2,8})(?![\d]|[ -]\d|[a-z]|[:.]\d)",
    re.IGNORECASE,
)
_PHONE_MASKED = re.compile(r"(?<![\w+])(?:\+44 ?|0)\d{2,4}(?: ?[\dxX?*#_]){2,7}(?:\.{2,}|…)?(?![\w])|(?<![\w+])07\d{2,7}(?: ?\d{1,4})? ?(?:\.{2,4}|…|something|summat)")
_CALLED_NUMBER = re.compile(r"(?:start|begin)", re.IGNORECASE)

_AT_HANDLE = re.compile(r"(?<![\w@.])@[ ]?(?=[A-Za-z0-9._]{2,40})(?P<name>[A-Za-z0-9_][\w.]{1,38}[A-Za-z0-9_])(?!@)")
_AT_PLATFORM = re.compile(
    r"(?<![\w@.])[\w.]{2,40}@(?:snap(?:chat)?|insta(?:gram)?|ig|tik ?tok|fb|facebook|sc|kik|discord|twitter|telegram|x)\b", re.IGNORECASE
)
_EMAIL = re.compile(r"(?<![\w@.])[\w.+-]{1,40}@[\w-]{1,40}\.[\w.]{2,40}")
_LINK = re.compile(r"\b(?:https?://|www\.)\S{1,200}", re.IGNORECASE)
_PLATFORM = (
    r"(?:insta(?:gram|gran)?|snap(?:chat| ?chat)?|sc|ig|tik ?tok|fb|facebook|kik|discord|telegram|twitter|roblox|fortnite|psn?|xbox(?: live)?"
    r"|messenger|signal|wickr|yubo|omegle|monkey app|whats ?app|onlyfans|bereal|steam|twitch|wizz)"
)
_CUED_HANDLE = re.compile(
    rf"\b(?:{_PLATFORM}(?:'?s)?(?: (?:name|user ?name|user|account|acc|handle|profile|tag|id|add|gamertag))?"
    rf"|user ?name|user name|gamer ?tag|handle|screen ?name|account name|profile name|(?:account|profile|acc|user) (?:called|named))"
    r"(?: (?:shes|he|she|his|her|hes|they|talking|to|uses?|using|for|him|on|of|there|now|new|other|second|fake|the|a|that|this)){0,4}"
    r"(?P<link>(?: ?[:=-]| is| was| as| called| named| under| by| goes by| its| it's| name|,){0,3})"
    r" [\"'“‘@]?(?P<name>[A-Za-z0-9_][\w.]{1,38}[A-Za-z0-9_])(?!@)",
    re.IGNORECASE,
)
_SHAPED_HANDLE = re.compile(r"(?<![\w@./-])(?=[\w.]{0,38}[A-Za-z])(?:[A-Za-z0-9]{1,30}(?:[_.]+[A-Za-z0-9]{1,30}){1,4}_{0,2}|_{1,2}[A-Za-z0-9]{2,30}_{0,2}|[A-Za-z]{2,30}_{1,3})(?![\w@])")
_NUMBERED_HANDLE = re.compile(r"(?<![\w@./-])[a-z]{5,25}\d{1,4}[a-z]{0,10}(?![\w@/])")

_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d(?!ND\b|nd\b)[A-Z]{2}\b", re.IGNORECASE)
_DISTRICT = re.compile(r"\bZZ ?99(?: ?\d(?![\d:.]|\w))?(?![A-Za-z0-9])", re.IGNORECASE)
_CUED_DISTRICT = re.compile(r"\bpost ?code(?: is| was| starts?| begins?| area|:| with| like| something| in){0,3} (?P<code>[A-Z]{1,2}\d{1,2}[A-Z]?(?: ?\d)?)\b", re.IGNORECASE)

_PLATE_CUE = (
    r"(?:(?:number|num|no|private|part|partial|half(?: the| of the)?|old style|old) ?plates?|plates?|reg(?:istration|gie|o|s)?(?: (?:no|num|number|plate))?|vrm|number ?plate)"
)
_FILLER = (
    r"(?:is|was|are|were|:|-|=|no|num|number|def|defo|definitely|deffo|poss|possibly|maybe|think|i think|something like|like|its|it's|said|got|had|has|he got|she got|they got|they"
    r"|only got|from|on it|looked like|reads?|says|just|of it|as|the|first|last|with|in|a|an|for|this|that|on|bit|letters?|part|half|digits?|numbers?|three|two|four|2|3|4"
    r"|ends?|ended|ending|finish(?:es|ed|ing)?|starts?|started|starting|begins?|beginning|contains?|includ(?:es|ing)|caught|saw|wrote|down|noted|took|sumthing|about|all i got|mostly)"
)
_CUED_PLATE = re.compile(
    rf"\b(?P<cue>{_PLATE_CUE})(?:[ ,:;=\"'“(-]{{1,3}}{_FILLER}(?![A-Za-z0-9])){{0,7}}[ ,:;=\"'“(-]{{1,3}}(?P<plate>[A-Za-z0-9?*]{{1,7}}(?:[ -][A-Za-z0-9?*]{{1,4}}){{0,2}})",
    re.IGNORECASE,
)
_PLATE_BEFORE = re.compile(
    r"(?P<plate>\b[A-Z0-9?*]{2,7}(?: [A-Z0-9?*]{1,4})?)(?: (?:on|is|was|as|in)){0,2}(?: (?:the|its|his))? (?:number ?)?(?:plate|reg|registration)\b"
)
_CURRENT = re.compile(r"(?<![A-Za-z0-9?*])(?:[A-Za-z]{2}\d{2}[ -]?[A-Za-z]{3}|[A-Z]{2} \d{2} ?[A-Z]{3}|[A-Z]{2}\d[ ]\d[A-Z]{3})(?![A-Za-z0-9?*])")
_OLDER = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Z]\d{1,3} ?[A-Z]{3}|[A-Z]{3} ?\d{1,3}[A-Z]|[A-Z]{1,2}[IZ][A-Z]? ?\d{3,4}|[a-z]\d{2,3} ?[a-z]{3}|[a-z]{3} ?\d{2,3}[a-z])(?![A-Za-z0-9])"
)
_MASKED = re.compile(r"(?<![A-Za-z0-9?*])(?=[A-Z0-9?* _-]{0,9}[?*_])(?=[A-Z?*_ -]{0,8}\d|[?*_]{1,2}\d)[A-Z0-9?*_]{1,7}(?:[ -][A-Z0-9?*_]{1,4}){0,2}(?![A-Za-z0-9])")
_AREA_AGE = re.compile(r"(?<![A-Za-z0-9@/.])[A-Za-z]{2} ?\d{2}(?![A-Za-z0-9:/%]|\.\d|(?: ?[ap]m\b))")
_SPACED_AREA = re.compile(r"[A-Z]{2} \d{2}")
_NEAR_PLATE = re.compile(r"\b(?:plate|reg|regist\w{0,8}|car|van|vrm)\b", re.IGNORECASE)
_LOOKS = re.compile(r"(?:something|summat|sumthing|sumat|then|and|maybe|old|dunno|\?|\.\.)", re.IGNORECASE)
_UNIT_WORD = frozenset("no yr at in to by on or so is it of we he me my up am pm us go if be do an as id ps tv ok mr ms rd st uk".split())
_CUE_DISTANCE = 30

_Found = Iterator[Mention]


def phones(text: str) -> _Found:
    for match in _PHONE.finditer(text):
        if read := phone(match.group()):
            yield Mention(match.start(), match.end(), "phone", read.e164, 0.95)
    for match in _PHONE_MASKED.finditer(text):
        if phone(match.group()) is None and sum(c.isdigit() for c in match.group()) >= 4:
            yield Mention(match.start(), match.end(), "phone", None, 0.6)
    for match in _PHONE_PART.finditer(text):
        cue = match.group()[: match.start("digits") - match.start()].lower()
        digits = sum(c.isdigit() for c in match["digits"])
        if digits >= 5 or (digits >= 3 and re.match(r"end|fin|last|start|beg", cue)):
            yield Mention(match.start("digits"), match.end("digits"), "phone", None, 0.6)


def masked(text: str) -> list[tuple[int, int]]:
    """Spans of web and e-mail addresses: no kind of ours, but nothing else may be read in them."""
    return [m.span() for pattern in (_LINK, _EMAIL) for m in pattern.finditer(text) if not _AT_PLATFORM.match(m.group())]


def handles(text: str) -> _Found:
    for match in _AT_PLATFORM.finditer(text):
        yield Mention(*match.span(), "handle", handle(match.group()), 0.95)
    for match in _AT_HANDLE.finditer(text):
        if " " not in match.group()[:2] or re.search(r"[_\d]", match["name"]):
            yield Mention(*match.span(), "handle", handle(match["name"]), 0.95)
    for match in _CUED_HANDLE.finditer(text):
        word = match["name"]
        if _is_handle(word, bool(match["link"].strip(" ,"))):
            yield Mention(match.start("name"), match.end("name"), "handle", handle(word), 0.8)
    for match in _SHAPED_HANDLE.finditer(text):
        if re.search(r"\d.*[A-Za-z]|[A-Za-z].*\d|_", match.group()) and _is_handle(match.group(), True):
            yield Mention(*match.span(), "handle", handle(match.group()), 0.75)
    for match in _NUMBERED_HANDLE.finditer(text):
        stem = re.split(r"\d", match.group())[0]
        if not is_common(stem) and stem not in ("iphone", "galaxy", "covid"):
            yield Mention(*match.span(), "handle", handle(match.group()), 0.5)


def _is_handle(word: str, cued: bool) -> bool:
    """Whether a word beside a platform's name is somebody's name there."""
    if re.fullmatch(r"[\d.:]+(?:am|pm|ish)?|\d+(?:st|nd|rd|th|yrs?|mins?|hrs?|k)", word, re.IGNORECASE):
        return False
    if re.search(r"[_\d]", word):
        return not re.fullmatch(r"[A-Za-z]{2}\d\d", word) and re.search(r"[A-Za-z]", word) is not None and not re.fullmatch(r"\d+[:.]\d\d[ap]m", word)
    if "." in word:
        return all(not is_common(part) for part in word.lower().split(".")) or (cued and "." in word[1:-1] and word.islower())
    return cued and word.islower() and len(word) >= 4 and not is_common(word)


def postcodes(text: str) -> _Found:
    for match in _POSTCODE.finditer(text):
        if (code := postcode(match.group())) and not re.search(r"\d(?:st|nd|rd|th|am|pm)$", match.group(), re.IGNORECASE):
            yield Mention(*match.span(), "postcode", code, 0.9)
    for match in _DISTRICT.finditer(text):
        yield Mention(*match.span(), "postcode", postcode(match.group()), 0.8)
    for match in _CUED_DISTRICT.finditer(text):
        if code := postcode(match["code"]):
            yield Mention(match.start("code"), match.end("code"), "postcode", code, 0.7)


def plates(text: str) -> _Found:
    """Whole plates by their shape, then whatever stands beside a word such as "reg"."""
    for match in _CURRENT.finditer(text):
        words = match.group()
        if words.isupper() or not (re.search(r"[ -]", words) and is_common(words[-3:].lower())):
            if read := plate(words):
                yield Mention(*match.span(), "vrm", read.normal, 0.95)
    for match in _OLDER.finditer(text):
        words = match.group()
        read = plate(words)
        cued = _NEAR_PLATE.search(text, max(0, match.start() - _CUE_DISTANCE), match.start()) is not None
        if read and (words.isupper() or cued) and not is_common(re.sub(r"[^a-z]", "", words.lower())) and not (words[0] in "Mm" and re.match(r"[Mm]\d\b", words)):
            yield Mention(*match.span(), "vrm", read.normal, 0.9 if cued else 0.7)
    for match in _MASKED.finditer(text):
        if (part := plate_partial(match.group())) and re.search(r"[A-Z]", match.group()):
            yield Mention(*match.span(), "vrm_partial", part, 0.8)
    yield from _cued_plates(text)
    for match in _AREA_AGE.finditer(text):
        words = match.group()
        cued = _NEAR_PLATE.search(text, max(0, match.start() - _CUE_DISTANCE), match.start()) is not None
        follows = _LOOKS.match(text, match.end() + 1) is not None
        if words[:2].lower() in _UNIT_WORD and not (cued and words.isupper()):
            continue
        if words.isupper() and (" " not in words or cued) or (" " not in words and (cued or follows)):
            yield Mention(*match.span(), "vrm_partial", plate_partial(words), 0.7)


def _cued_plates(text: str) -> _Found:
    for match in _CUED_PLATE.finditer(text):
        start, groups = match.start("plate"), match["plate"]
        lead = match.group()[: start - match.start()].lower()
        groups = _mark(groups)
        if groups is None:
            continue
        read = plate(groups)
        partly = re.search(r"end|last|start|begin|first|part|half|finish|contain|bit|letters?|digits?", lead) is not None
        whole = read is not None and not partly and len(read.normal) >= 5 and "?" not in groups and "*" not in groups
        span = (start, start + len(groups))
        if whole and read is not None:
            yield Mention(*span, "vrm", read.normal, 0.85 if read.pattern != "irregular" else 0.6)
        else:
            word = "ends " if re.search(r"end|last|finish", lead) else "starts "
            if part := plate_partial(word + groups):
                yield Mention(*span, "vrm_partial", part, 0.75)
    for match in _PLATE_BEFORE.finditer(text):
        words = match["plate"]
        if re.search(r"\d", words) and re.search(r"[A-Z]", words) and (part := plate_partial(words)):
            whole = plate(words)
            if whole is not None and len(whole.normal) >= 6:
                yield Mention(*match.span("plate"), "vrm", whole.normal, 0.7)
            else:
                yield Mention(*match.span("plate"), "vrm_partial", part, 0.7)


def _mark(groups: str) -> str | None:
    """The longest beginning of these groups that can be (part of) a mark; None if none can.

    A group of capitals, digits or unknowns belongs; a lower-case word only with a digit or
    in the shape of a mark ("ap99 zrt").
    """
    kept: list[str] = []
    pieces = re.split(r"([ -])", groups)
    for at, piece in enumerate(pieces):
        if piece in (" ", "-"):
            continue
        small = piece.lower()
        capital = piece.isupper() and not (len(piece) == 1 and piece in "IA" and not kept)
        digits = re.search(r"\d", piece) is not None
        if not re.fullmatch(r"[A-Za-z0-9?*]+", piece) or (not capital and not digits and piece.strip("?*") and (is_common(small) or not kept or len(piece) != 3)):
            break
        if digits and small.isdigit() and len(small) > 4:
            break
        kept += [pieces[at - 1], piece] if kept else [piece]
        if len(re.sub(r"[ -]", "", "".join(kept))) >= 7:
            break
    mark = "".join(kept)
    known = re.sub(r"[^A-Za-z0-9]", "", mark)
    if not 2 <= len(known) <= 8 or known.isdigit() or re.fullmatch(r"\d+(?:st|nd|rd|th|am|pm)", known.lower()):
        return None
    return mark

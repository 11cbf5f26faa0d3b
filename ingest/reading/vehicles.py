"""Find vehicles in a text: colour, make, model, body, in the order in which people say them; a
model implies its make."""

import re
from typing import NamedTuple

from domain.forms import name
from domain.forms.patterns import join_lines, lazy_regex
from domain.kernel.values import Mention
from ingest.reading import makes

_TOKEN = lazy_regex(r"[A-Za-z0-9]+(?:[-'][A-Za-z0-9]+)*")
_LONGEST_LEAD = 6  # The largest number of words for colours and trim before the make of a vehicle.
_DRIVING = lazy_regex(
    join_lines(
        r"""
    (?:\b(?:driv(?:e|es|ing|en)|drove|got (?:in(?:to)?|out(?: of)?)|get(?:s|ting)? (?:in(?:to)?
    |out of)|in|into|out of|of|same|reg|parked)\s(?:a|an|the|his|her|their|that|this|some)?\s?
    |\b(?:his|a|an|that|this|same|poss|possibly|maybe|prob|think its a|looked like an?|be an?
    |the old|old)\s)$
    """
    ),
    re.IGNORECASE,
)


def vehicles(text: str) -> list[Mention]:
    """Return every vehicle that `text` describes, in order, without overlap."""
    tokens = [(m.start(), m.end(), m.group().lower()) for m in _TOKEN.finditer(text)]
    mentions: list[Mention] = []
    at = 0
    openers = makes.tables().openers
    for first, (_, _, word) in enumerate(tokens):
        if first < at or (word not in openers and word.partition("-")[0] not in openers):
            continue
        vehicle, used = _at(text, tokens, first)
        if vehicle is not None:
            mentions.append(vehicle)
        at = first + used
    return mentions


_Tokens = list[tuple[int, int, str]]


def _at(text: str, tokens: _Tokens, at: int) -> tuple[Mention | None, int]:
    """Return the vehicle whose description begins at this token, and how many tokens to skip."""
    i = at
    colours: list[str] = []
    while i < min(len(tokens), at + _LONGEST_LEAD) and _near(text, tokens, i, at):
        word = tokens[i][2]
        if word in makes.COLOURS or (
            word in makes.SHADES
            and i + 1 < len(tokens)
            and (tokens[i + 1][2] in makes.COLOURS or _make_and_model(text, tokens, i + 1).used)
        ):
            colours.append(makes.SAME_COLOUR.get(word, word))
        elif not (
            colours
            and (
                word in makes.TRIM
                or word in ("and", "n", "or", "ish")
                or word.endswith("-reg")
                or re.fullmatch(r"\d\d", word)
            )
        ):
            break
        i += 1
    if i == len(tokens) or not _near(text, tokens, i, at):
        return None, 1
    model = _make_and_model(text, tokens, i)
    body = _body(text, tokens, i + model.used)
    end = i + model.used + body.used
    if colours and body.used and not model.used and _near(text, tokens, end, at):
        # in "a white car, Toyota Yaris", the make follows the body
        after = _make_and_model(text, tokens, end)
        if after.used and not after.doubtful:
            model, end = after, end + after.used
    if not model.used and not body.used:
        return None, 1
    if (
        not colours
        and not model.used
        and tokens[i][2].replace(" ", "_") not in makes.ALONE
        and body.words not in makes.ALONE
    ):
        return None, 1
    first = tokens[at][0]
    if not colours and model.doubtful and not body.used:
        driven = _DRIVING.search(text[max(0, first - 24) : first])
        if not driven or tokens[i][2] in makes.STRICT:
            return None, 1
    kept_body = body.words if not model.modelled and body.words not in makes.PLAIN_BODIES else ""
    if not model.used:
        kept_body = body.words
    normal = " ".join(p for p in (*colours, model.meant, kept_body.replace("_", " ")) if p)
    sure = 0.6 + 0.2 * bool(colours) + 0.15 * bool(model.used and not model.doubtful)
    return Mention(first, tokens[end - 1][1], "vehicle", normal, min(sure, 0.95)), end - at


class _MakeAndModel(NamedTuple):
    used: int
    meant: str
    doubtful: bool
    modelled: bool


class _Body(NamedTuple):
    used: int
    words: str


def _near(text: str, tokens: _Tokens, i: int, first: int) -> bool:
    """Return whether word `i` is so near to the word before it that both belong to one description
    of a vehicle."""
    return i == first or (
        i < len(tokens)
        and re.fullmatch(r"[\s/&,-]{1,2}", text[tokens[i - 1][1] : tokens[i][0]]) is not None
    )


def _joined(text: str, tokens: _Tokens, i: int, count: int) -> str | None:
    if i + count > len(tokens):
        return None
    if any(
        text[tokens[k][1] : tokens[k + 1][0]] not in (" ", "-", "  ")
        for k in range(i, i + count - 1)
    ):
        return None
    return " ".join(name(tokens[k][2]) if count > 1 else tokens[k][2] for k in range(i, i + count))


def _longest(text: str, tokens: _Tokens, i: int, table: dict[str, str]) -> tuple[int, str]:
    for count in (3, 2, 1):
        words = _joined(text, tokens, i, count)
        if words is not None and words in table:
            return count, words
    return 0, ""


def _make_and_model(text: str, tokens: _Tokens, i: int) -> _MakeAndModel:
    """Return the make, the model, or both that word `i` and the next words name."""
    tables = makes.tables()
    model_used, model = _longest(text, tokens, i, tables.models)
    used, make = _longest(text, tokens, i, tables.made)
    if model_used >= used and model_used:
        return _MakeAndModel(model_used, tables.models[model], _doubt(model), True)
    if not used:
        return _MakeAndModel(0, "", False, False)
    after, model = _longest(text, tokens, i + used, tables.models)
    meant = tables.made[make]
    if after and _near(text, tokens, i + used, -1):
        full = tables.models[model]
        return _MakeAndModel(
            used + after, full if full.startswith(meant) else f"{meant} {model}", False, True
        )
    return _MakeAndModel(used, meant, _doubt(make), False)


def _doubt(words: str) -> bool:
    key = words.replace(" ", "_")
    return key in makes.DOUBTFUL


def _body(text: str, tokens: _Tokens, i: int) -> _Body:
    if i >= len(tokens) or (i and not _near(text, tokens, i, -1)):
        return _Body(0, "")
    for count in (2, 1):
        words = _joined(text, tokens, i, count)
        if (
            words is not None
            and words.replace(" ", "_") in makes.BODIES
            and not text[tokens[i + count - 1][1] :].startswith("s ")
        ):
            return _Body(count, words.replace(" ", "_"))
    return _Body(0, "")

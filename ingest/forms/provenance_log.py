"""Read a carer's provenance log: when, what happened, who told you, how do you know it is true?

The carer decides which columns the log has. The content of columns that belong to no field of the
log form is stored below the text of the entry, as lines that begin with the column's heading.
"""

import re
from datetime import datetime
from typing import get_args

from domain import forms
from domain.forms.patterns import lazy_regex
from domain.kernel.values import WordsForm
from ingest.files import times
from ingest.files.problems import BadRow
from ingest.files.rows import FileRow
from ingest.words.drafts import ObservationDraft, own_words
from ingest.words.how_known import read_how_known

_NOT_URGENT = frozenset(
    {
        "",
        "no",
        "n",
        "false",
        "0",
        "none",
        "not urgent",
        "low",
        "routine",
        "na",
        "n a",
        "normal",
        "medium",
        "unknown",
        "not known",
    }
)
_URGENT = frozenset({"yes", "y", "true", "1", "x", "urgent", "high", "very", "✓", "✔"})
_SELF = lazy_regex(
    r"(?:i|me|myself|mysel[fv]|we|us|self|i did|own eyes|n/?a|none|-|(?:me|i|we) (?:saw|heard|did)"
    r"(?: (?:it|this|him|her|them))?(?: myself)?|saw it myself|heard it myself)\W*",
    re.IGNORECASE,
)
#: Words for the child of the log that are not a name, such as "she": the case says who the child
#: is.
_THE_CHILD = lazy_regex(
    r"(?:(?:my|our|the) )?(?:daughter|son|child|girl|lad|boy|young person|yp)|she|he|her|him"
    r"|(?:her|him)self",
    re.IGNORECASE,
)
_NEXT_TELLER = lazy_regex(
    r"\s*(?:<-|←|\bvia\b|,?\s*\bwho (?:was told by|heard (?:it )?from|got it from)\b"
    r"|\btold by\b|,?\s*\bheard (?:it )?from\b)\s*",
    re.IGNORECASE,
)
_TELLER = lazy_regex(
    r"^(?:told by|said by|from|heard from|it was)\s+|\s+(?:told|said to|saw it|saw|said|says)"
    r"(?: (?:me|us|it|this|so))*$",
    re.IGNORECASE,
)


def draft(row: FileRow, now: datetime, case: str | None) -> ObservationDraft:
    """Return a row of a provenance log as the draft of a log entry. `case` is the case of the entry
    if the row names none.

    Raises BadRow if there is no text, or if a cell cannot be text.
    """
    words = own_words(row.text("words"), row.extras())
    if not words.strip():
        raise BadRow("this row has no text: fill in what was said or seen", row.heading("words"))
    moment, odd_told = times.instant(row.cell("told"), row.heading("told"), now)
    happened, odd_date = times.happened(
        row.cell("date"),
        row.cell("time"),
        row.heading("date" if row.text("date") else "time"),
        moment or now,
    )
    row.flags += [*odd_told, *odd_date]
    tellers = row.text("told_by")
    answer = row.text("how_known")
    relation = row.text("relation") or None
    case = row.text("case") or case
    chain, child = _of_the_child(split_chain(tellers), case)
    code = read_how_known(answer)
    if not answer:
        code = "child-told" if child else None if chain else read_how_known(tellers)
    return ObservationDraft(
        words=words,
        kind="provenance-entry",
        form=_form(row.text("form")),
        case=case,
        heard_from=row.text("heard_from") or None,
        relation=relation,
        told_by=chain,
        told=moment,
        happened=happened,
        how_known=code,
        how_known_words=answer or tellers or None,
        urgent_reason=urgent(row.text("urgent")),
        channel="provenance-log",
        names=chain,
        flags=tuple(row.flags),
    )


def split_chain(words: str) -> tuple[str, ...]:
    """Return the people through whom the writer of the log heard the information, nearest first:
    "Kayleigh, who heard it from Jade" gives Kayleigh and Jade. Return () if the text is empty, or
    says that the writer saw it themselves.
    """
    if not words or _SELF.fullmatch(words.strip()):
        return ()
    people = (
        _TELLER.sub("", part.strip(" ,.;")).strip(" ,.;") for part in _NEXT_TELLER.split(words)
    )
    return tuple(person for person in people if person)


def _of_the_child(chain: tuple[str, ...], case: str | None) -> tuple[tuple[str, ...], bool]:
    """Return the people through whom the writer of a log heard something, with "my child" in place
    of words such as "she" or "our lad"; and whether the child informed the writer directly. If the
    case is None, the program cannot tell who the child is: the child is then left out, so that no
    source is invented.
    """
    named = ("my child" if _THE_CHILD.fullmatch(teller) else teller for teller in chain)
    from_child = bool(chain) and _THE_CHILD.fullmatch(chain[0]) is not None
    return tuple(teller for teller in named if case or teller != "my child"), from_child


def urgent(words: str) -> str | None:
    """Return why a row of the log is urgent: the text `words` of the column for urgency, or a
    standard text if it only says yes. Return None if the row is not urgent.
    """
    urgency_text = forms.name(words) if words not in _URGENT else words
    if urgency_text in _NOT_URGENT:
        return None
    return "marked urgent in the log" if urgency_text in _URGENT else words


def _form(words: str) -> WordsForm:
    form_name = words.casefold().replace(" ", "-")
    if form_name in get_args(WordsForm):
        return next(form for form in get_args(WordsForm) if form == form_name)
    return "paraphrase" if "para" in form_name or "summar" in form_name else "verbatim"

"""Read referrals from agencies: the child, the concern and the threshold. Ages may be written in
any spelling.

The file is long because each column has its many spellings here.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar, get_args

from domain import forms
from domain.forms.local import LONDON
from domain.forms.patterns import lazy_regex
from domain.intelligence.entity import FIRST_BIRTH
from domain.kernel.codes import ReferredEthnicity, Residence
from domain.kernel.values import QualityCode, Threshold
from ingest.files import times
from ingest.files.columns import FormField, ImportForm
from ingest.files.problems import BadRow
from ingest.files.rows import FileRow
from ingest.words.drafts import ReferralDraft, own_words

C = TypeVar("C")
FORM = ImportForm(
    "referrals",
    (
        FormField(
            "reference",
            (
                "Reference",
                "Ref",
                "Case reference",
                "Case ref",
                "Case number",
                "Referral number",
                "Our reference",
                "URN",
            ),
        ),
        FormField(
            "child",
            (
                "Child's name",
                "Child",
                "Name of child",
                "Young person",
                "Name of young person",
                "Child name",
                "Name",
            ),
        ),
        FormField(
            "age", ("Age", "Age or date of birth", "Age at referral", "Child's age", "Age / DOB")
        ),
        FormField("born", ("Date of birth", "DOB", "D.O.B.", "Born", "Birth date")),
        FormField("gender", ("Gender", "Sex")),
        FormField("team", ("Team", "CSE team", "Referred to")),
        FormField(
            "received",
            (
                "Received",
                "Date received",
                "Date of referral",
                "Referral date",
                "Date referred",
                "Date",
            ),
        ),
        FormField(
            "source",
            (
                "Source",
                "Referral source",
                "Agency",
                "Referring agency",
                "Referred by agency",
                "Source of referral",
            ),
        ),
        FormField("referrer", ("Referrer", "Referred by", "Name of referrer", "Referrer's name")),
        FormField(
            "concern",
            (
                "Concern",
                "Concerns",
                "Reason for referral",
                "Reason",
                "Details",
                "Nature of concern",
                "What is the concern",
            ),
        ),
        FormField("threshold", ("Threshold", "Risk level", "Risk", "Level of risk", "Level")),
        FormField(
            "definition",
            ("Definition", "Threshold definition", "Definition version", "Threshold version"),
        ),
        FormField(
            "threshold_reason", ("Threshold reason", "Reason for threshold", "Reason for level")
        ),
        FormField("override", ("Override", "Supervisor's override", "Supervisor override")),
        FormField("residence", ("Residence", "Living with", "Living arrangements", "Lives with")),
        FormField("ethnicity", ("Ethnicity", "Ethnic group", "Ethnic origin")),
        FormField("missing_before", ("Missing before", "Missing history", "History of missing")),
        FormField("in_care", ("In care", "Looked after", "LAC", "Looked after child")),
        FormField("learning_disability", ("Learning disability", "LD", "Learning difficulty")),
    ),
    required=(("child", "reference"), ("concern", "received", "referrer", "threshold")),
    stores_extras=True,
)

_LEVELS: dict[str, Threshold] = {
    "l": "low",
    "m": "medium",
    "med": "medium",
    "h": "high",
    "not known": "unknown",
    "standard": "low",
    "u": "unknown",
    "": "unknown",
}
_AGE = lazy_regex(
    r"(?P<years>\d{1,2})\s*(?:y(?:ea)?rs?|y)?(?:\s*(?:old|and|,|&))*\s*"
    r"(?:(?P<months>\d{1,2})\s*(?:m(?:onth)?s?)?)?(?:\s*old)?",
    re.IGNORECASE,
)
_YEARS_ALONE = lazy_regex(r"\d{1,2}(?:\s*(?:y(?:ea)?rs?|y)(?:\s*old)?)?", re.IGNORECASE)
#: Words for no learning disability, or for an unknown one; any other text describes its kind, for
#: example "mild" or "yes, assessed by the school".
_NONE = frozenset(
    {
        "",
        "no",
        "n",
        "none",
        "false",
        "0",
        "-",
        "n/a",
        "na",
        "not known",
        "unknown",
        "nk",
        "not asked",
    }
)
#: The beginning of an age: two digits, with years, months or nothing after them; with the name of a
#: month after them it is a date.
_AGE_BEGINS = lazy_regex(
    r"\d{1,2}(?:\.\d+)?\s*(?!mar|may|oct|apr|aug)(?:$|[ymo(a,&]|\d{1,2}\s*m(?!ar|ay))",
    re.IGNORECASE,
)
_ADULT = 18
#: The columns of a referral for national monitoring, whose text is translated into codes.
_MONITORED = ("residence", "ethnicity", "missing_before", "in_care")
_NOT_SAID = frozenset({"", "-", "n/a", "nk", "not known", "unknown", "not asked", "not stated"})
_ANSWERS = {"yes": True, "y": True, "true": True, "1": True} | {
    "no": False,
    "n": False,
    "false": False,
    "0": False,
    "none": False,
}


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


_RESIDENCES: Sequence[tuple[Residence, re.Pattern[str]]] = (
    ("foster-home", _pattern("foster")),
    ("childrens-home", _pattern(r"child(ren)?'?s'? home|residential|care home")),
    ("relatives", _pattern("relative|grandparent|aunt|uncle|kinship")),
    ("independent", _pattern("independent|own flat|hostel|alone")),
    ("home", _pattern("home|parent|mother|father|mum|dad|family")),
)
_ETHNICITIES: Sequence[tuple[ReferredEthnicity, re.Pattern[str]]] = (
    ("mixed", _pattern("mixed|dual heritage")),
    ("white-british", _pattern(r"white[ -]*british|^wb$")),
    ("white-other", _pattern("white")),
    ("asian", _pattern("asian|pakistani|indian|bangladeshi|chinese")),
    ("black", _pattern("black|african|caribbean")),
    ("other", _pattern("other")),
)


def draft(row: FileRow, now: datetime) -> ReferralDraft:
    """Return a row as the draft of a referral. Raises BadRow if it names neither a child nor a
    case.
    """
    child, reference = row.text("child") or None, row.text("reference") or None
    if not child and not reference:
        raise BadRow(
            "the row has neither a child nor a reference: fill in one of them", row.heading("child")
        )
    received, odd = times.instant(row.cell("received"), row.heading("received"), now)
    row.flags += odd
    born, age_words = _born(row, received or now, now)
    concern = own_words(row.text("concern"), row.extras()) or None
    monitored = [(row.heading(name), row.text(name)) for name in _MONITORED if row.text(name)]
    former = own_words(row.text("concern"), [*row.extras(), *monitored]) if monitored else None
    return ReferralDraft(
        reference=reference,
        child=child,
        age_words=age_words,
        born=born,
        under_18=_under_18(born, age_words, received or now),
        gender=row.text("gender") or None,
        team=row.text("team") or None,
        source=row.text("source") or "not-known",
        referrer=row.text("referrer") or None,
        concern=concern,
        received=received,
        threshold=_threshold(row),
        definition=row.text("definition") or None,
        threshold_reason=row.text("threshold_reason") or None,
        override=row.text("override") or None,
        learning_disability=row.text("learning_disability").strip().casefold() not in _NONE,
        residence=_coded(row, "residence", _RESIDENCES),
        ethnicity=_coded(row, "ethnicity", _ETHNICITIES),
        missing_before=_answer(row, "missing_before"),
        in_care=_answer(row, "in_care"),
        former_concern=former,
        flags=tuple(row.flags),
    )


def _coded(row: FileRow, name: str, codes: Sequence[tuple[C, re.Pattern[str]]]) -> C | None:
    """Return the code for the text in a column of the row; None if the text has no code. If a text
    has no code, the row is flagged, unless the text says that the answer is unknown."""
    words = row.text(name)
    if words.strip().casefold() in _NOT_SAID:
        return None
    matching_code = next((code for code, pattern in codes if pattern.search(words)), None)
    if matching_code is None:
        row.flags.append(("other", row.heading(name), words))
    return matching_code


def _answer(row: FileRow, name: str) -> bool | None:
    """Return True or False for a yes or no in a column of the row, and None for any other text. If
    the text means none of yes, no and unknown, the row is flagged."""
    words = row.text(name).strip().casefold()
    if words in _NOT_SAID:
        return None
    if words in _ANSWERS:
        return _ANSWERS[words]
    row.flags.append(("other", row.heading(name), row.text(name)))
    return None


def _born(row: FileRow, received: datetime, now: datetime) -> tuple[date | None, str | None]:
    """Return the child's date of birth, and the age in words, from a row; either column may contain
    either of them."""
    born: date | None = None
    age_words: str | None = None
    for name in ("born", "age"):
        cell, words = row.cell(name), row.text(name)
        if isinstance(cell, date):
            day = cell.date() if isinstance(cell, datetime) else cell
        elif not words or forms.name(words) in ("unknown", "not known"):
            continue
        elif _looks_like_age(words):
            age_words = words
            if not _YEARS_ALONE.fullmatch(words) and not _plain_age(words):
                row.flags.append(("age-ambiguous", row.heading(name), words))
            continue
        else:
            moment = forms.moment(words, received)
            if moment is None or moment.precision != "day":
                code: QualityCode = "age-ambiguous" if name == "age" else "date-unresolved"
                row.flags.append((code, row.heading(name), words))
                age_words = age_words or words
                continue
            day = moment.start.astimezone(LONDON).date()
        if day > received.date():
            row.flags.append(("date-in-future", row.heading(name), words))
        elif day.year < FIRST_BIRTH:
            row.flags.append(("date-before-1900", row.heading(name), words))
        if day > now.astimezone(LONDON).date() or day.year < FIRST_BIRTH:
            # the age stays as it was written, so that a person can correct it
            age_words = age_words or words
        else:
            born = born or day
    return born, age_words


def _looks_like_age(words: str) -> bool:
    """Return whether a text begins as an age does ("14", "14y8m", "8 m"), unlike "31 March"."""
    return _AGE_BEGINS.match(words.strip()) is not None


def _plain_age(words: str) -> bool:
    """Return whether an age in years and months is unambiguous, as "14y8m" is; "14.8 months" and
    "14.8" are not."""
    match = _AGE.fullmatch(words.strip())
    return match is not None and int(match["months"] or 0) < 12


def _under_18(born: date | None, age_words: str | None, on: datetime) -> bool | None:
    if born is not None:
        return on.date() - born < timedelta(days=365.2425 * _ADULT)
    if age_words is None or not _looks_like_age(age_words):
        return True  # without a usable age or date of birth, the child is treated as under 18
    match = re.search(r"\d{1,2}", age_words)
    return int(match[0]) < _ADULT if match else True


def _threshold(row: FileRow) -> Threshold | None:
    threshold_text = row.text("threshold").casefold().removesuffix(" risk").strip()
    if not threshold_text:
        return None
    level = _LEVELS.get(threshold_text) or next(
        (argument for argument in get_args(Threshold) if argument == threshold_text), None
    )
    if level is None:
        row.flags.append(("other", row.heading("threshold"), row.text("threshold")))
    return level

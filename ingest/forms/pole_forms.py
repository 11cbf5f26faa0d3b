"""Read the tables of a police data set: people, incidents, and call records from network providers.

A row of the links form refers to a person or an incident by its identifier.
"""

import math
import re
from datetime import date, datetime, timedelta

from domain.forms import local
from domain.forms.patterns import lazy_regex
from domain.intelligence.entity import FIRST_BIRTH
from domain.kernel.values import CATEGORIES, LinkKind, PoleCategory, QualityCode
from ingest.files import times
from ingest.files.columns import FormField, ImportForm
from ingest.files.problems import BadRow
from ingest.files.rows import FileRow
from ingest.forms import links_form
from ingest.words.drafts import CallDraft, IncidentDraft, PersonDraft

_GRADE = tuple(
    field
    for field in links_form.FORM.fields
    if field.name in ("information", "source_grade", "handling")
)
PEOPLE = ImportForm(
    "people",
    (
        FormField("identifier", ("person id", "nominal", "nominal number", "person number", "id")),
        FormField("name", ("full name", "person name", "label")),
        FormField("aliases", ("alias", "also known as", "aka", "nicknames", "nickname")),
        FormField("born", ("date of birth", "dob", "birth date", "birthdate")),
        FormField("under_18", ("under 18", "minor")),
        FormField("gender", ("sex",)),
        FormField("categories", ("category", "role", "roles", "person role")),
        FormField("description", ("attributes", "marks", "appearance")),
    ),
    required=(("name", "description"), ("identifier", "born", "categories", "aliases")),
    stores_extras=True,
)
INCIDENTS = ImportForm(
    "incidents",
    (
        FormField(
            "identifier", ("incident id", "crime number", "event id", "crime id", "incident")
        ),
        FormField("what", ("what happened", "title", "summary", "incident type", "crime type")),
        FormField("sort", ("sort of incident", "kind of incident", "event type")),
        FormField("start", ("date", "happened", "from time", "begin", "start time")),
        FormField("end", ("until", "to time", "finish", "end time")),
        FormField("place", ("location", "address", "where")),
        FormField("area", ("town", "district", "in area", "beat")),
        FormField("suspects", ("suspect", "offender", "offenders", "accused")),
        FormField("victims", ("victim", "injured party")),
        FormField("witnesses", ("witness",)),
        FormField("officers", ("officer", "investigated by", "dealt with by", "badge number")),
        FormField("people", ("person", "present", "took part", "involved")),
        FormField("vehicles", ("vehicle", "plate", "registration", "vrm")),
        FormField("phones", ("phone", "telephone", "numbers")),
        *_GRADE,
    ),
    required=(("identifier",), ("what",), ("start", "place", "area", "sort")),
)
CALLS = ImportForm(
    "calls",
    (
        FormField("caller", ("from", "calling", "a number", "calling number", "source", "a party")),
        FormField("called", ("to", "b number", "called number", "dialled", "target", "b party")),
        FormField(
            "start", ("time", "date", "datetime", "date time", "call time", "call date", "when")
        ),
        FormField("duration", ("seconds", "call duration", "length", "duration seconds")),
        FormField("count", ("calls", "number of calls", "times")),
        FormField("mast", ("tower", "cell tower", "cell", "cell site", "site", "cell id")),
        *_GRADE,
    ),
    required=(("caller",), ("called",), ("start",)),
)
_CLOCK = lazy_regex(r"(?:(\d{1,3}):)?([0-5]?\d):([0-5]\d)")
_COMPACT = lazy_regex(r"(\d{8})[ T](\d{2}):?(\d{2})(?::?(\d{2}))?")
#: For each column of an incident that names a person or thing: the kind of entity, and its part in
#: the incident.
_PARTS: dict[str, tuple[str, LinkKind]] = {
    "suspects": ("person/suspect", "suspect-in"),
    "victims": ("person/victim", "victim-of"),
    "witnesses": ("person/witness", "witness-to"),
    "officers": ("person/involved-party", "dealt-with"),
    "people": ("person/involved-party", "involved-in"),
    "vehicles": ("vehicle", "involved-in"),
    "phones": ("phone", "involved-in"),
}


def person(row: FileRow, now: datetime) -> PersonDraft:
    """Return a row as the draft of a person. If the date of birth cannot be right, the row is
    flagged and the text of the date is added to the description.

    Raises BadRow if the person has neither an id nor a name, if the id is only the number that an
    export writes instead of the id of a child or a victim, and if a category or the statement
    whether the person is under 18 is invalid.
    """
    born, wrong = _born(row, now)
    name, described = row.text("name") or None, row.text("description")
    extras = "; ".join(f"{heading}: {text}" for heading, text in row.extras() if text)
    identifier = row.text("identifier") or name
    if not identifier:
        raise BadRow("this person has no id and no name: give an id or a name", row.heading("name"))
    if links_form.MASK.fullmatch(identifier):
        raise BadRow(
            f"{identifier!r} is a masked person, whose number has a meaning only in its "
            "own export: import the whole .zip of the export",
            row.heading("identifier"),
        )
    return PersonDraft(
        identifier=identifier,
        name=name,
        aliases=_several(row, "aliases"),
        born=born,
        under_18=links_form.yes(row, "under_18"),
        gender=row.text("gender") or None,
        categories=_categories(row),
        description="; ".join(part for part in (described, extras, wrong) if part) or None,
        flags=tuple(row.flags),
    )


def incident(row: FileRow, now: datetime) -> IncidentDraft:
    """Return a row as the draft of an incident. Raises BadRow for an invalid sort, date or
    grade."""
    identifier, description = row.text("identifier"), row.text("what")
    if not identifier:
        raise BadRow(
            "this incident has no identifier: fill in the identifier", row.heading("identifier")
        )
    start, end = _moment(row, "start", now), _moment(row, "end", now)
    if start and end and end < start:
        raise BadRow(
            "the incident ends before it begins: correct one of the times", row.heading("end")
        )
    information, grade = links_form.grade(row)
    return IncidentDraft(
        identifier=identifier,
        what=description or identifier,
        sort=links_form.sort(row, "sort") or "other",
        start=start,
        end=end,
        place=row.text("place") or None,
        area=row.text("area") or None,
        named=tuple(
            (named_text, kind, part)
            for name, (kind, part) in _PARTS.items()
            for named_text in _several(row, name)
        ),
        information=information,
        source_grade=grade,
        handling=links_form.handling(row),
        flags=tuple(row.flags),
    )


def call(row: FileRow, now: datetime) -> CallDraft:
    """Return a row as the draft of a call, or of several calls between two phones. Raises BadRow if
    one of the two phones is missing, or if the time, the duration, the number of calls or the grade
    is invalid.
    """
    caller, called = row.text("caller"), row.text("called")
    for name, phone_number in (("caller", caller), ("called", called)):
        if not phone_number:
            raise BadRow("one end of the call is empty: fill in both ends", row.heading(name))
    start = _moment(row, "start", now)
    if start is None:
        raise BadRow("the time of the call is empty: fill it in", row.heading("start"))
    try:
        end = start + _duration(row)
    except OverflowError as beyond:
        words = f"{row.text('start')!r} with {row.text('duration')!r}"
        raise BadRow(
            f"the end of the duration {words} is after the last day of the calendar: correct it",
            row.heading("start"),
        ) from beyond
    information, grade = links_form.grade(row)
    return CallDraft(
        caller=caller,
        called=called,
        start=start,
        end=end,
        count=links_form.number(row, "count"),
        mast=row.text("mast") or None,
        information=information,
        source_grade=grade,
        handling=links_form.handling(row),
        flags=tuple(row.flags),
    )


def _several(row: FileRow, name: str) -> tuple[str, ...]:
    """Return the values in a cell of the row, which are separated by semicolons or bars."""
    parts = re.split(r"[;|\n]", row.text(name))
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _moment(row: FileRow, name: str, now: datetime) -> datetime | None:
    """Return the moment that a cell of the row gives, read as London time; if the cell has only a
    day, return the day's first moment. Return None if the cell is empty. Raises BadRow if the text
    of the cell is not a time."""
    cell = row.cell(name)
    if cell in (None, ""):
        return None
    words = row.text(name)
    if isinstance(cell, datetime):
        return local.moments(cell)[0]
    if compact := _COMPACT.fullmatch(words.strip()):
        day, hour, minute, second = compact.groups(default="00")
        words = f"{day}T{hour}{minute}{second}"
    moment, _ = times.instant(cell if isinstance(cell, date) else words, row.heading(name), now)
    if moment is None:
        raise BadRow(f"{words!r} is not a time: write it like 2011-02-14 23:40", row.heading(name))
    return moment


def _duration(row: FileRow) -> timedelta:
    """Return the length of a call in a row, given in seconds or with colons (hours, minutes,
    seconds); zero if the cell is empty. Raises BadRow if the text of the cell is not a duration."""
    words = row.text("duration").strip()
    if not words:
        return timedelta()
    if clock := _CLOCK.fullmatch(words):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return timedelta(hours=hours, minutes=minutes, seconds=seconds)
    try:
        seconds_long = float(words)
    except ValueError:
        seconds_long = math.nan
    if not 0 <= seconds_long <= 30 * 86_400:
        raise BadRow(
            f"{words!r} is not a duration: write the duration in seconds", row.heading("duration")
        )
    return timedelta(seconds=seconds_long)


def _born(row: FileRow, now: datetime) -> tuple[date | None, str]:
    """Return the date of birth in a row. If the date cannot be right, flag the row, and return None
    and a text with the heading and the content of the cell.
    """
    words, heading = row.text("born").strip(), row.heading("born")
    day, wrong = _day(row, now)
    if day and day > now.astimezone(local.LONDON).date():
        wrong = "date-in-future"
    elif day and day.year < FIRST_BIRTH:
        wrong = "date-before-1900"
    if wrong is None:
        return day, ""
    row.flags.append((wrong, heading, words))
    return None, f"{heading}: {words}"


def _day(row: FileRow, now: datetime) -> tuple[date | None, QualityCode | None]:
    """Return the day of birth in a row, and a flag if the text of its cell is no date. The day is
    None if the text is no date, if the cell is empty, or if the text says that the day is unknown.
    """
    cell, words = row.cell("born"), row.text("born").strip()
    if isinstance(cell, datetime):
        return cell.date(), None
    if isinstance(cell, date):
        return cell, None
    try:
        return date.fromisoformat(words), None
    except ValueError:
        moment, flags = times.instant(words, row.heading("born"), now)
    if moment is None:
        return None, "date-unresolved" if flags else None
    return moment.astimezone(local.LONDON).date(), None


def _categories(row: FileRow) -> tuple[PoleCategory, ...]:
    written = [
        category_text.casefold().replace(" ", "-") for category_text in _several(row, "categories")
    ]
    valid: dict[str, PoleCategory] = {category: category for category in CATEGORIES}
    if odd := next(
        (category_text for category_text in written if category_text not in valid), None
    ):
        raise BadRow(
            f"{odd!r} is not a category of a person. Categories: {', '.join(CATEGORIES)}",
            row.heading("categories"),
        )
    return tuple(valid[category_text] for category_text in written)

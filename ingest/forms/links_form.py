"""The links form, a table with which a network from another system or a study is imported. It has a
row for each link, and a row for each person or thing without links.

The file is long because each column of the form has its rule here.
"""

import math
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time
from typing import Any, get_args

from commands.information.form_rows import Described
from domain import forms
from domain.forms import local
from domain.forms.patterns import lazy_regex
from domain.forms.typed import parse_moments
from domain.kernel.codes import IncidentSort
from domain.kernel.values import CATEGORIES, ENTITY_KINDS, LINK_KINDS, EntityKind, Grade, LinkKind
from ingest.files import rejects, times
from ingest.files.columns import FormField, ImportForm
from ingest.files.problems import BadRow
from ingest.files.rows import FileRow
from ingest.words.drafts import LinkDraft

FORM = ImportForm(
    "links",
    (
        FormField("source", ("source", "from", "person a", "node1", "ego")),
        FormField("source_kind", ("source_kind", "source type", "from kind", "from type")),
        FormField(
            "source_id",
            ("source_id", "source identifier", "from id", "person a id", "node1 id", "ego id"),
        ),
        FormField("target", ("target", "to", "person b", "node2", "alter")),
        FormField("target_kind", ("target_kind", "target type", "to kind", "to type")),
        FormField(
            "target_id",
            ("target_id", "target identifier", "to id", "person b id", "node2 id", "alter id"),
        ),
        FormField("link", ("link", "link kind", "link type", "tie", "relation", "kind of link")),
        FormField("valid_from", ("valid_from", "start", "start date", "since")),
        FormField("valid_to", ("valid_to", "end", "end date", "until")),
        FormField("weight", ("weight", "strength", "number of contacts", "count")),
        FormField("reference", ("reference", "ref", "their reference", "record number")),
        FormField("information", ("information", "information grade", "information assessment")),
        FormField("source_grade", ("source_grade", "source evaluation", "grade of source")),
        FormField("handling", ("handling", "handling code")),
        FormField("undermined", ("undermined",), rare=True),
        FormField("alone", ("alone", "tied to nobody"), rare=True),
        *(
            FormField(f"{end}_{own}", (f"{end}_{own}",), rare=True)
            for end in ("source", "target")
            for own in ("node", "name", "aliases", "unnamed", "sort", "since", "until")
        ),
    ),
    required=(("source", "source_id"), ("target", "target_id")),
)


def draft(row: FileRow, now: datetime) -> LinkDraft:
    """Return a row of the links form as the draft of a link. Raises BadRow if an end of the link, a
    kind, a date, the weight or the grade is invalid.
    """
    source, source_kind = _end(row, "source"), _kind(row, "source_kind")
    own: dict[str, Any] = {f"{end}_own": _own(row, end, now) for end in ("source", "target")}
    for end in ("source", "target"):
        own[f"{end}_id"] = _unmasked(row, f"{end}_id")
        own[f"{end}_node"] = _unmasked(row, f"{end}_node")
    if yes(row, "alone") and not row.text("target"):
        masked = _masked(row)
        return LinkDraft(source, "", source_kind=source_kind, masked=masked, alone=True, **own)
    target, target_kind = _end(row, "target"), _kind(row, "target_kind")
    ends = [own["source_id"] or source, own["target_id"] or target]
    if ends[0] == ends[1] and source_kind == target_kind:
        raise BadRow("a link needs two different ends: correct one of them", row.heading("target"))
    link = _link(row, _base(source_kind), _base(target_kind))
    valid_from, valid_to = _date(row, "valid_from", now), _date(row, "valid_to", now)
    if valid_from and valid_to and valid_to < valid_from:
        raise BadRow(
            "the link ends before it begins: correct one of the dates", row.heading("valid_to")
        )
    information, source_grade = grade(row)
    for name in ("valid_from", "valid_to"):
        when = valid_from if name == "valid_from" else valid_to
        if when and when.year < 1900:
            row.flags.append(("date-before-1900", row.heading(name), row.text(name)))
    return LinkDraft(
        source=source,
        target=target,
        source_kind=source_kind,
        target_kind=target_kind,
        link_kind=link,
        valid_from=valid_from,
        valid_to=valid_to,
        weight=number(row, "weight"),
        reference=row.text("reference") or None,
        information=information,
        source_grade=source_grade,
        handling=handling(row),
        masked=_masked(row),
        undermined=bool(yes(row, "undermined")),
        flags=tuple(row.flags),
        **own,
    )


#: A masked id: a number that an export writes instead of the id of a child, of a victim, or of a
#: thing that belongs to a child. The number is valid only in that export.
MASK = lazy_regex(r"(?:child|victim|childs-[a-z]+)-\d+")

#: The masked ids that an export of this program writes for adult victims.
_GROWN = lazy_regex(r"victim-\d+")
#: The columns with details about one end of a link, without the prefix `source_` or `target_`.
_DETAILS = ("name", "aliases", "unnamed", "sort", "since", "until")


def _unmasked(row: FileRow, name: str) -> str | None:
    """Return the id in a cell of the row. Return None if the cell is empty, or if it has only the
    number that an export writes instead of the id of a child or a victim (a masked person)."""
    text = rejects.mended(row.text(name))
    return None if not text or MASK.fullmatch(text) else text


def _masked(row: FileRow) -> tuple[str, ...]:
    return tuple(end for end in ("source", "target") if MASK.fullmatch(_numbered(row, end)))


def _numbered(row: FileRow, end: str) -> str:
    """Return the id of the person or thing at one end of a link. If the rows come from a network
    file, this is an id that is valid only within that file; otherwise it is the identifier in the
    data set."""
    return row.text(f"{end}_node") or row.text(f"{end}_id")


def _own(row: FileRow, end: str, now: datetime) -> Described | None:
    """Return the details that a row gives about the person or thing at one end of the link; None if
    it gives no details. Raises BadRow if the sort of an incident or a time is invalid, and if an
    incident ends before it begins."""
    grown = bool(_GROWN.fullmatch(_numbered(row, end)))
    if not grown and not any(row.text(f"{end}_{name}") for name in _DETAILS):
        return None
    words = {name: rejects.mended(row.text(f"{end}_{name}")) for name in ("name", "aliases")}
    since, until = _date(row, f"{end}_since", now), _date(row, f"{end}_until", now)
    if since and until and until < since:
        raise BadRow(
            "the incident ends before it begins: correct one of the times",
            row.heading(f"{end}_until"),
        )
    described = Described(
        name=words["name"] or None,
        aliases=forms.split_names(words["aliases"]),
        unnamed=bool(yes(row, f"{end}_unnamed")),
        grown=grown,
        sort=sort(row, f"{end}_sort"),
        since=since,
        until=until,
    )
    return None if described == Described() else described


def sort(row: FileRow, name: str) -> IncidentSort | None:
    """Return the sort of an incident; None if the cell is empty. Raises BadRow for an unknown
    sort."""
    sort_text = row.text(name).strip().casefold()
    if not sort_text:
        return None
    sorts_by_text: dict[str, IncidentSort] = {
        argument: argument for argument in get_args(IncidentSort)
    }
    if sort_text not in sorts_by_text:
        raise BadRow(
            f"{sort_text!r} is not a kind of incident. Write one of: {', '.join(sorts_by_text)}",
            row.heading(name),
        )
    return sorts_by_text[sort_text]


def yes(row: FileRow, name: str) -> bool | None:
    """Return True or False for a cell with yes or no; None if the cell is empty. Raises BadRow for
    any other text.
    """
    answer_text = row.text(name).strip().casefold()
    answers_by_text = {"": None, "yes": True, "y": True, "true": True, "no": False, "n": False}
    if answer_text not in answers_by_text and answer_text != "false":
        raise BadRow(f"{answer_text!r} is neither yes nor no: write yes or no", row.heading(name))
    return answers_by_text.get(answer_text, False)


def _end(row: FileRow, name: str) -> str:
    # an export writes a quote before a text that looks like a formula
    words = rejects.mended(row.text(name)) or rejects.mended(row.text(f"{name}_id"))
    if not words:
        raise BadRow("one end of the link is empty: fill in both ends", row.heading(name))
    return words


def _kind(row: FileRow, name: str) -> str:
    kind_text = row.text(name).casefold() or "person"
    base, *categories = kind_text.split("/")
    if base not in ENTITY_KINDS or (
        categories and (base != "person" or set(categories) - set(CATEGORIES))
    ):
        raise BadRow(
            f"{kind_text!r} is not a kind: write person, person/suspect, person/victim, vehicle, "
            "phone, "
            "place, handle or incident",
            row.heading(name),
        )
    return kind_text


def _base(kind: str) -> EntityKind:
    return next(
        entity_kind for entity_kind in ENTITY_KINDS if entity_kind == kind.partition("/")[0]
    )


def _link(row: FileRow, source: EntityKind, target: EntityKind) -> LinkKind | None:
    kind_text = row.text("link").casefold().replace(" ", "-").replace("_", "-")
    if not kind_text:
        return None
    kind: LinkKind | None = next(
        (link_kind for link_kind in LINK_KINDS if link_kind == kind_text), None
    )
    if kind is None:
        raise BadRow(
            f"{kind_text!r} is not a kind of link. Kinds: {', '.join(LINK_KINDS)}",
            row.heading("link"),
        )
    shape = LINK_KINDS[kind]
    if source not in shape.source or target not in shape.target:
        raise BadRow(f"{kind!r} does not join a {source} to a {target}", row.heading("link"))
    return kind


def _date(row: FileRow, name: str, now: datetime) -> datetime | None:
    """Return the date in a cell of the row. A date in the year 1 or 9999 means "no date": then
    return None and flag the row. A date without a time gives the day's first moment in UTC, so that
    it is the same day for readers in every time zone; a time without a zone is London time."""
    words = row.text(name)
    if not words:
        return None
    no_day = _NO_DAY.search(words)
    moment = None if no_day else _cell_moment(row, name, now)
    if no_day or (moment and moment.year in _NO_YEARS):
        row.flags.append(("date-unresolved", row.heading(name), words))
        return None
    return moment


#: Years that other programs write for "no day".
_NO_YEARS = (MINYEAR, MAXYEAR)
_NO_DAY = lazy_regex(r"(?<![\d.])(?:0001|9999)(?!\d)")


def _cell_moment(row: FileRow, name: str, now: datetime) -> datetime | None:
    cell = row.cell(name)
    if isinstance(cell, datetime):
        return local.moments(cell)[0]
    if isinstance(cell, date):
        return datetime.combine(cell, time(), UTC)
    words = row.text(name)
    try:
        return parse_moments(words, local.LONDON, stays=True)[0]
    except ValueError:
        moment, _ = times.instant(words, row.heading(name), now)
    if moment is None:
        raise BadRow(f"{words!r} is not a date: write it like 2011-02-14", row.heading(name))
    return moment


def number(row: FileRow, name: str) -> float:
    """Return the number in a cell of the row; 1 if the cell is empty. Raises BadRow if the text is
    not a number above 0."""
    words = row.text(name)
    try:
        value = float(words or 1)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0):
        raise BadRow(
            f"{words!r} is not a valid {name}: write a whole number above 0", row.heading(name)
        )
    return value


def grade(row: FileRow) -> tuple[str | None, str | None]:
    """Return the two parts of the grade in a row, information and source; return (None, None) if
    both cells are empty. Raises BadRow if only one part is given, and if the grade is unknown."""
    information, source = row.text("information").upper(), row.text("source_grade")
    if not information and not source:
        return None, None
    if not information or not source:
        empty = "information" if not information else "source_grade"
        raise BadRow(
            "a grade has two parts, source and information: fill in both, or neither",
            row.heading(empty),
        )
    try:
        Grade.parse(source + information)
    except ValueError as wrong:
        raise BadRow(str(wrong), row.heading("information")) from wrong
    return information, source


def handling(row: FileRow) -> str | None:
    """Return the handling code in a row, if there is one. Raises BadRow for an unknown one."""
    handling_code = row.text("handling").upper()
    if handling_code not in ("", "P", "C"):
        raise BadRow(
            f"{handling_code!r} is not a handling code: write P or C", row.heading("handling")
        )
    return handling_code or None

"""Find the column of a sheet for each field of a form. The headings suggest the columns, and the
user corrects them with a mapping."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from msgspec import Struct, field
from msgspec.structs import replace
from rapidfuzz import fuzz, process

from domain import forms
from ingest.files.cells import Cell, written
from ingest.files.problems import BadFile, FilePosition
from ingest.files.tables import Sheet, column_letters

_HEADING_ROWS = 20
#: Columns that the program adds to a rejects file (the file of rows that were not imported); they
#: belong to no field of a form.
REJECTS_OWN = ("_form", "_file", "_sheet", "_row", "_column", "_reason", "_id")
#: Least similarity (0-100) of a heading to a field's name from which it counts as a spelling of
#: that name.
_LIKE = 84
#: A heading with fewer letters than this is recognised only if it is exactly a spelling of a field.
_SHORT = 3
_LONGEST_HEADING = 200
#: The most headings that an error message lists, and the most letters of each.
_HEADINGS_SHOWN, _HEADING_SHOWN = 40, 60


class FormField(Struct, frozen=True):
    """A field of a form, and the headings that people use for it. A field with `rare` set to True
    occurs only in exports: if a file has no column for it, the user is not offered the field.
    """

    name: str
    headings: tuple[str, ...]
    rare: bool = False


class ImportForm(Struct, frozen=True):
    """A form that people fill in as a file: its fields and their headings. A file needs at least
    one field of each group in `required`. If `stores_extras` is True, columns that belong to no
    field are recorded with the text of the row."""

    name: str
    fields: tuple[FormField, ...]
    required: tuple[tuple[str, ...], ...]
    stores_extras: bool = False


class ColumnMap(Struct, frozen=True):
    """The assignment of a sheet's columns to fields, guessed from the headings or given by the
    user. `fixed` has values of fields that apply to all rows of the sheet. `row` is the number of
    the row that has the headings; `skipped` are the texts of the rows above that row."""

    form: ImportForm
    row: int
    fields: dict[str, int]
    headings: tuple[str, ...]
    fixed: Mapping[str, str] = field(default_factory=dict)
    score: float = 0.0
    skipped: tuple[str, ...] = ()

    @property
    def mapping(self) -> dict[str, str]:
        """Return the heading of each field, as it is shown and may be written to a mapping file."""
        return {name: self.headings[index] for name, index in self.fields.items()}

    @property
    def missing(self) -> tuple[tuple[str, ...], ...]:
        return tuple(
            group
            for group in self.form.required
            if not any(name in self.fields or name in self.fixed for name in group)
        )

    @property
    def extras(self) -> dict[str, int]:
        """Return the columns of the sheet that belong to no field of the form: each heading with
        the position of its column. Columns that only a rejects file (the file of rows that were not
        imported) has are left out."""
        used = set(self.fields.values())
        return {
            heading: index
            for index, heading in enumerate(self.headings)
            if index not in used and heading not in REJECTS_OWN
        }


def find(
    sheet: Sheet, form: ImportForm, named_columns: Mapping[str, str], fixed: Mapping[str, str]
) -> ColumnMap | None:
    """Return a map from the fields of `form` to the columns of this sheet; None if the sheet has no
    cells.

    The row of headings is the row that matches the form best among the first twenty rows.
    `named_columns` has the user's heading for each field and overrides every guess; an empty
    heading means that the field has no column.
    """
    best: ColumnMap | None = None
    skipped: list[str] = []
    passed: dict[int, tuple[str, ...]] = {}
    for number, cells in sheet.rows():
        if number > _HEADING_ROWS and best is not None:
            break
        words = [written(cell).strip() for cell in cells]
        if not any(words):
            continue
        passed[number] = tuple(skipped)
        guess = _guessed(form, number, cells, named_columns, fixed)
        if best is None or _outranks(guess, best):
            best = guess
        if REJECTS_OWN[0] in words:
            break
        skipped.append(" ".join(word for word in words if word))
    return replace(best, skipped=passed[best.row]) if best else None


def _outranks(later: ColumnMap, earlier: ColumnMap) -> bool:
    """Return whether a later row of a sheet is chosen as the row of headings instead of an earlier
    row. The later row must lack fewer required columns, or its headings must fit at least twice as
    well."""
    if len(later.missing) != len(earlier.missing):
        return len(later.missing) < len(earlier.missing)
    return later.score >= 2 * earlier.score and later.score > 0


def refuse_duplicates(place: FilePosition, headings: Sequence[str]) -> None:
    """Raise BadFile if two columns have the same heading, because it is unclear which one the user
    means."""
    seen: dict[str, int] = {}
    for index, heading in enumerate(headings):
        key = heading.casefold()
        if key in seen:
            raise BadFile(
                place,
                f"columns {column_letters(seen[key])} and {column_letters(index)} both "
                f"have the heading {heading!r}: rename one of them",
                "give every column a heading of its own",
            )
        seen[key] = index


def _guessed(
    form: ImportForm,
    row: int,
    cells: Sequence[Cell],
    named_columns: Mapping[str, str],
    fixed: Mapping[str, str],
) -> ColumnMap:
    words = [written(cell).strip() for cell in cells]
    while words and not words[-1]:
        words.pop()
    headings = tuple(
        " ".join(word.split()) or f"Column {column_letters(index)}"
        for index, word in enumerate(words)
    )
    columns_by_field: dict[str, int] = {}
    by_name = {_plain(heading): index for index, heading in enumerate(headings)}
    for name, heading in named_columns.items():
        if _plain(heading) in by_name:
            columns_by_field[name] = by_name[_plain(heading)]
    spellings = _spellings(form)
    likeness = sorted(
        (-score, position, _plain(heading) != _plain(name), name, index)
        for index, heading in enumerate(headings)
        if words[index] and heading not in REJECTS_OWN
        if len(heading) < _LONGEST_HEADING and isinstance(cells[index], str)
        for position, score in _likeness(_plain(heading), spellings).items()
        if (name := form.fields[position].name) not in columns_by_field
        and named_columns.get(name) != ""
    )
    total = 100.0 * len(columns_by_field)
    taken = set(columns_by_field.values())
    for score, _, _, name, index in likeness:
        if name not in columns_by_field and index not in taken:
            columns_by_field[name] = index
            taken.add(index)
            total -= score
    return ColumnMap(form, row, columns_by_field, headings, fixed, total)


class _Spellings(Struct, frozen=True):
    """The headings that people use for the fields of a form, in small letters without punctuation.

    `fields` maps each heading to the positions of its fields in the form. `long` lists the headings
    that are recognised even if they are misspelt, and `several` those with more than one word.
    """

    fields: dict[str, list[int]]
    long: list[str]
    several: list[str]


def _likeness(heading: str, of: _Spellings) -> dict[int, float]:
    """Return the similarity (up to 100) of a heading to each field that it resembles, by the
    field's position in the form. The similarity is 100 if the heading is one that people use for
    the field, and at least 92 if it contains all words of such a heading."""
    scores: dict[str, float] = {}
    if len(heading) >= _SHORT:
        near = process.extract(heading, of.long, scorer=fuzz.ratio, score_cutoff=_LIKE, limit=None)
        scores = {spelling: min(score, 95.0) for spelling, score, _ in near}
        words = set(heading.split())
        several = of.several if len(words) > 1 else ()
        scores |= {
            heading_words: 92.0
            for heading_words in several
            if words.issuperset(heading_words.split())
        }
    if heading in of.fields:
        scores[heading] = 100.0
    scores_by_position: dict[int, float] = {}
    for spelling, score in scores.items():
        for position in of.fields[spelling]:
            scores_by_position[position] = max(scores_by_position.get(position, 0.0), score)
    return scores_by_position


@lru_cache(maxsize=20_000)
def _plain(heading: str) -> str:
    return forms.name(heading.replace("_", " ").replace("/", " "))


@lru_cache(maxsize=32)
def _spellings(form: ImportForm) -> _Spellings:
    own = [
        (_plain(form_field.name), *map(_plain, form_field.headings)) for form_field in form.fields
    ]
    fields: dict[str, list[int]] = {}
    for position, spellings in enumerate(own):
        for spelling in dict.fromkeys(spellings):
            fields.setdefault(spelling, []).append(position)
    long = [spelling for spelling in fields if len(spelling) >= _SHORT]
    return _Spellings(fields, long, [spelling for spelling in long if " " in spelling])


def explain(sheet: Sheet, columns: ColumnMap) -> BadFile:
    """Return the error that names the missing columns and the headings in the file, and says how
    the user can state which column belongs to a field."""
    wanted = " and ".join(" or ".join(map(repr, group)) for group in columns.missing)
    field_name = columns.missing[0][0]
    shown = [repr(heading[:_HEADING_SHOWN]) for heading in columns.headings[:_HEADINGS_SHOWN]]
    more = len(columns.headings) - len(shown)
    sheet_names = ", ".join([*shown, *([f"and {more} more"] if more else [])]) or "none"
    remedy = (
        f'name the column in a mapping file: {field_name} = "its heading", and give it with --map'
    )
    if not any(letter.isalpha() for heading in columns.headings for letter in heading):
        remedy = f"put a row of headings above the first row, such as {columns.missing[0][0]}"
    return BadFile(
        sheet.place.at(row=columns.row),
        f"the form {columns.form.name} needs a column for {wanted}; the headings in the file "
        f"are {sheet_names}",
        remedy,
    )

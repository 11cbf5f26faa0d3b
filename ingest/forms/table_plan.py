"""Plans to import tables: the rows of a provenance log, of referrals or missing children, and of
tables from another system (links, people, incidents, calls)."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from domain.kernel.values import Origin
from ingest.files import originals, times
from ingest.files.columns import ColumnMap, ImportForm
from ingest.files.originals import Fingerprint
from ingest.files.problems import BadRow, Rejected
from ingest.files.rejects import ID
from ingest.files.rows import FileRow, rows
from ingest.files.tables import Book, Sheet
from ingest.forms import (
    links_form,
    log_headings,
    missing,
    pole_forms,
    provenance_log,
    referrals,
)
from ingest.words.context import Context
from ingest.words.drafts import (
    CallDraft,
    Draft,
    IncidentDraft,
    LinkDraft,
    ObservationDraft,
    PersonDraft,
    Read,
)
from ingest.words.occurrences import Occurrences

#: For each table, its form and the function that returns the draft of a row, or raises BadRow.
TABLES: tuple[tuple[ImportForm, Callable[[FileRow, datetime], Draft]], ...] = (
    (referrals.FORM, referrals.draft),
    (missing.FORM, missing.draft),
    (links_form.FORM, links_form.draft),
    (pole_forms.PEOPLE, pole_forms.person),
    (pole_forms.INCIDENTS, pole_forms.incident),
    (pole_forms.CALLS, pole_forms.call),
)
_DRAFTS = {form.name: draft for form, draft in TABLES}
#: The names of forms in which a row is identified by its position in the file.
PLACED = frozenset({"links", "people", "incidents", "calls"})


class SheetPlan(Struct, frozen=True):
    """A sheet to import, and the field of each of its columns."""

    sheet: Sheet
    columns: ColumnMap


class TablePlan(Struct, frozen=True):
    """The plan to import the sheets of a file that have the same form."""

    path: Path
    book: Book
    file: Fingerprint
    form: str
    sheets: tuple[SheetPlan, ...]
    context: Context
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> int | None:
        """Return the number of rows to import; None if it is unknown."""
        row_counts = [plan.sheet.count for plan in self.sheets]
        heads = sum(plan.columns.row for plan in self.sheets)
        return None if None in row_counts else sum(count or 0 for count in row_counts) - heads

    @property
    def mapping(self) -> dict[str, dict[str, str]]:
        return {plan.sheet.place.sheet or "": plan.columns.mapping for plan in self.sheets}

    @property
    def hidden(self) -> tuple[str, ...]:
        return self.book.hidden

    def stored_parts(self) -> Iterator[bytes] | None:
        """Yield the parts of the file that may be stored; None if it has pictures that cannot be
        removed."""
        if not self.book.media:
            return originals.read_whole(self.path)
        if self.book.kind == "csv":
            return originals.table_without_media(self.book.sheets[0])
        if self.book.kind in ("xls", "text"):
            return None
        return originals.without_media(self.path, self.book.media)

    def reads(self) -> Iterator[Read | Rejected]:
        """Yield the rows of the sheets as drafts or as rejects."""
        occurrences = Occurrences()
        for plan in self.sheets:
            for row in rows(plan.sheet, plan.columns):
                yield self._read(row, occurrences)

    def _read(self, row: FileRow, occurrences: Occurrences) -> Read | Rejected:
        name = row.columns.form.name
        carried = row.own(ID)
        try:
            draft = self._draft(row)
        except BadRow as bad:
            identity = (name, "rejected", *row.raw().values())
            if name in PLACED:
                identity = self._place(row)
            identity = (*identity, str(occurrences.count(identity)))
            place = row.place.at(column=bad.column)
            return Rejected(place, name, bad.reason, identity, row.raw(), carried)
        origin = Origin(self.file.sha256, name, row.number, row.place.sheet, self.path.name)
        identity = self._identity(row, draft, self.context.dataset)
        number = str(occurrences.count(identity))

        def in_dataset(other: str) -> tuple[str, ...]:
            return (*self._identity(row, draft, other), number)

        # an identifier in such a table may mean another person in another data set, so its rows are
        # not compared with other data sets
        elsewhere = None if name in PLACED else in_dataset
        whole = (*identity, number)
        return Read(row.place, origin, draft, whole, row.raw, carried, elsewhere)

    def _draft(self, row: FileRow) -> Draft:
        if row.wrong:
            raise BadRow(row.wrong.reason, row.wrong.column)
        name = row.columns.form.name
        if name == log_headings.FORM.name:
            return provenance_log.draft(row, self.context.now, self.context.case)
        return _DRAFTS[name](row, self.context.now)

    def _identity(self, row: FileRow, draft: Draft, dataset: str) -> tuple[str, ...]:
        """Return the identity of a row. The identity of a row of a provenance log is its writer,
        time and contents; of a row of a table from another system, the row's position in the file;
        of a row of any other form, the data set and the contents."""
        match draft:
            case LinkDraft() | PersonDraft() | IncidentDraft() | CallDraft():
                return self._place(row)
            case ObservationDraft():
                writer = draft.heard_from or f"case {draft.case or dataset}"
                when = times.stable(draft.happened)
                return ("provenance-log", writer, when, *row.content(without=("date", "time")))
        return (row.columns.form.name, dataset, *row.content())

    def _place(self, row: FileRow) -> tuple[str, ...]:
        sheet = row.place.sheet or ""
        name = row.columns.form.name
        return (name, self.context.dataset, self.file.sha256, sheet, str(row.number))

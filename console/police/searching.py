"""Searches for a list of plates, numbers or names: a CSV file in, CSV out."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from console.engine.parsing import BadInput
from console.engine.session import CommandSession, note
from projections.composed import finding
from projections.kernel import columns

#: Headings that a file with a list of search terms may have.
_HEADINGS = frozenset({"plate", "vrm", "reg", "phone", "number", "name", "term", "what"})
MOST = 5_000


def from_file(session: CommandSession, table: Path) -> None:
    """Print the search hits for each search term in a file. Raises BadInput if the file is not a
    list of terms.
    """
    from network.export.sheets import safe

    terms = _terms(table)
    with session.reading() as db:
        rows, touched = finding.several(db, session.reader, terms)
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow([column.label for column in finding.BulkMatch.columns])
    for row in rows:
        writer.writerow(
            [safe(str(cell or "")) for cell in columns.cells(row, finding.BulkMatch.columns)]
        )
    session.answer(rows, made.getvalue().splitlines(), touched=touched)
    nothing = sum(row.item is None for row in rows)
    note(f"{len(terms)} searched for, {nothing} without a hit that you may see")


def _terms(table: Path) -> Sequence[str]:
    """Return the first cell of each row in a file of search terms, without a heading. Raises
    BadInput.
    """
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            terms = [row[0].strip() for row in csv.reader(file) if row and row[0].strip()]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{table} cannot be read as CSV in UTF-8: {error}") from None
    if terms and terms[0].lower() in _HEADINGS:
        terms = terms[1:]
    if not terms or len(terms) > MOST:
        raise BadInput(f"{table} has {len(terms)} lines to search for: give 1 to {MOST}")
    return terms

"""The rejects file: the rows that were not imported, each with the reason, so that the user can
correct them and import the file again.

Each row has the cells of the original row under the original headings. `_id` identifies the
original row, so that a corrected row is recorded once, however often the original file or the
rejects file is imported.
"""

import csv
import json
import os
import tempfile
from pathlib import Path
from typing import IO
from uuid import UUID

from ingest.files.columns import REJECTS_OWN
from ingest.files.problems import BadRow, Rejected

FORM, ID = "_form", "_id"
#: A spreadsheet would read a cell that begins with one of these characters as a formula.
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_QUOTE = "'"
_LONGEST_SHOWN = 32_000


class Rejects:
    """Collects rejected rows on disk, and writes the file at the end."""

    def __init__(self, path: Path | None) -> None:
        self._path, self.count = path, 0
        self._spool: IO[str] | None = None
        self._headings: dict[str, str] = {}

    def add(self, rejected: Rejected, command_id: UUID) -> None:
        """Count a rejected row, and add it to the rejects file if one is wanted."""
        self.count += 1
        if self._path is None:
            return
        if self._spool is None:
            # temporary rows contain people's words, so they are written to the directory of the
            # rejects file and not to the system's directory for temporary files
            self._spool = tempfile.TemporaryFile("w+", encoding="utf-8", dir=self._path.parent)  # noqa: SIM115
        # headings that differ only in capitals become one column, because the import would refuse
        # a file with two such columns
        cells = {self._headings.setdefault(h.casefold(), h): c for h, c in rejected.cells.items()}
        place = rejected.place
        own = (
            rejected.form,
            place.file,
            place.sheet or "",
            str(place.row or ""),
            place.column or "",
            rejected.reason,
            str(command_id),
        )
        self._spool.write(json.dumps([own, cells]) + "\n")

    def write(self) -> Path | None:
        """Write the rejects file and return its path; None if no row was rejected, or no such file
        is wanted."""
        if self._path is None or self._spool is None:
            return None
        self._spool.seek(0)
        headings = [*self._headings.values()]
        partial = self._path.with_name(f".{self._path.name}.writing")
        with os.fdopen(
            os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
            "w",
            encoding="utf-8-sig",
            errors="replace",
            newline="",
        ) as file:
            out = csv.writer(file)
            out.writerow([*REJECTS_OWN, *map(_harmless, headings)])
            for line in self._spool:
                own, cells = json.loads(line)
                shown_cells = [_shortened(cells.get(heading, "")) for heading in headings]
                out.writerow([_harmless(cell) for cell in (*own, *shown_cells)])
        partial.replace(self._path)
        self._spool.close()
        return self._path


def _shortened(cell: str) -> str:
    """Return a cell's text, shortened so that it fits into a spreadsheet, with a note that the
    original file has the whole text.
    """
    if len(cell) <= _LONGEST_SHOWN:
        return cell
    return f"{cell[:200]}… [{len(cell):,} letters: see the original]"


def _harmless(cell: str) -> str:
    bare = cell.replace("\0", "␀")
    return _QUOTE + bare if bare.startswith((*_RISKY, _QUOTE)) else bare


def mended(cell: str) -> str:
    """Return the text of a cell of a rejects file, without the quote that `guarded` put before
    it.
    """
    return cell[1:] if cell.startswith(_QUOTE) and cell[1:2] in (*_RISKY, _QUOTE) else cell


def guarded(cell: str) -> str:
    """Return a text in a form that no spreadsheet program reads as a formula, for a cell of a
    rejects file. The function `mended` converts the cell back to the text."""
    return _QUOTE + cell if mended(cell) != cell else cell


def carried_id(cell: str) -> UUID:
    """Return the identity of the original row, from a cell of a rejects file. Raises BadRow if it
    was changed."""
    try:
        return UUID(cell.strip())
    except ValueError as wrong:
        raise BadRow(
            f"{cell!r} is not the identity of this row: leave the column of identities unchanged",
            ID,
        ) from wrong

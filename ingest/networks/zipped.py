"""Read a network as tables in a .zip file: i2's two sheets, or the tables of the POLE data
standard, as this program exports them. Each table is read as a CSV file, with its encoding, its
separator and its limits."""

from __future__ import annotations

import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from domain import forms
from ingest.files import archive, textfile
from ingest.files.cells import written
from ingest.files.media import MediaCheck
from ingest.files.problems import BadFile, FilePosition
from ingest.files.rejects import mended
from ingest.files.tables import Book, RowFault
from ingest.networks.found import KIND, At, FileLink, FileNode, NetworkFile, as_columns, kind_of

ENTITIES, LINKS = "entities.csv", "links.csv"
PERSONS, OBJECTS, LOCATIONS, EVENTS = "person.csv", "object.csv", "location.csv", "event.csv"
ASSOCIATIONS = "association.csv"
#: Columns with codes or ids for another program. Their cells are never written with a leading
#: apostrophe, which protects other cells against being read as formulas.
_CODES = frozenset({"identity", "from", "to", "direction"})
#: Headings by which a single table of an exported network is recognised; its links or entities are
#: in the export's other tables. `_SIGNS`: headings that no table of another origin has. `_WHOLE`:
#: all headings of the table.
_SIGNS = (
    frozenset({"identity", "label", "type", "eliminated or acquitted"}),
    frozenset({"from", "to", "direction", "known from", "independent roots"}),
)
_WHOLE = (
    frozenset({"object id", "object type", "identifier"}),
    frozenset({"location id", "location"}),
)
_BACKWARDS = "<-"
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)


class _Row(Struct, frozen=True):
    """A row of a table in the archive: its place, and its cells by heading."""

    at: At
    cells: Mapping[str, str]

    def __getitem__(self, heading: str) -> str:
        return self.cells.get(heading, "")

    def is_so(self, heading: str) -> bool:
        return self[heading].casefold() in ("yes", "true", "y")


def is_network(path: Path) -> bool:
    """Return whether the archive at this path contains the tables of a network."""
    members = set(_members(path))
    return {ENTITIES, LINKS} <= members or ASSOCIATIONS in members


def refuse_part(book: Book, place: FilePosition) -> None:
    """Raise BadFile for a single table of a network, because its links name entities of another
    table."""
    first = next((cells for _, cells in book.sheets[0].rows()), [])
    headings = {written(cell).strip().casefold() for cell in first}
    if headings in _WHOLE or any(signs <= headings for signs in _SIGNS):
        why = "it is one of the tables of an exported network, and is incomplete without the others"
        raise BadFile(place, why, "import the whole .zip, exactly as it was exported")


def refuse_archive(path: Path, place: FilePosition) -> None:
    """Raise BadFile for an archive that has only some of a network's tables, or that contains
    another archive."""
    members = _members(path)
    for whole, part in ((ENTITIES, LINKS), (PERSONS, ASSOCIATIONS)):
        for there, lacking in ((whole, part), (part, whole)):
            if there in members and lacking not in members:
                why = f"it contains {there!r} and no {lacking!r}"
                raise BadFile(place, why, "import all tables of the export together")
    if inner := next((names[0] for name, names in members.items() if name.endswith(".zip")), None):
        raise BadFile(
            place,
            f"the archive contains another archive, {inner!r}",
            "unpack that archive and import it",
        )


def _members(path: Path) -> dict[str, list[str]]:
    """Return the paths of the files in an archive. The key is the file's name in small letters,
    without its folder. Return {} if the file is not an archive."""
    members: dict[str, list[str]] = {}
    try:
        with zipfile.ZipFile(path) as opened:
            names = opened.namelist()
    except (*_DAMAGED, ValueError):
        return members
    for name in names:
        # some Windows programs write backslashes in paths
        whole = PurePosixPath(name.replace("\\", "/"))
        if not name.startswith("__MACOSX/") and not name.endswith("/"):
            members.setdefault(whole.name.casefold(), []).append(name)
    return members


def read(path: Path, place: FilePosition, encoding: str) -> Book:
    """Return the links in the tables of an archive. Raises BadFile if the archive is a zip bomb,
    damaged or encrypted, if a table lacks a column or is not text, or if two entities have the same
    id.
    """
    looks: dict[str, MediaCheck] = {}
    archive.inspect(path, place, lambda name: looks.setdefault(name, MediaCheck()))
    members = _members(path)
    if several := next((name for name, paths in members.items() if len(paths) > 1), None):
        raise BadFile(
            place, f"two files in the archive are called {several!r}", "remove one of them"
        )
    file = NetworkFile(place)
    try:
        with zipfile.ZipFile(path) as opened:
            tables = _Tables(opened, members, file, encoding)
            if {ENTITIES, LINKS} <= members.keys():
                _i2(tables, file)
            else:
                _pole(tables, file)
    except _DAMAGED as broken:
        which = f" ({broken})" if isinstance(broken, zipfile.BadZipFile) else ""
        why = f"it is cut short or damaged{which}"
        raise BadFile(place, why, "copy the archive or export it again") from broken
    media = tuple(name for name, look in looks.items() if look.found)
    return replace(file.book(), kind="zip", media=media)


class _Tables(Struct, frozen=True):
    """The tables of a network in one archive."""

    opened: zipfile.ZipFile
    members: Mapping[str, list[str]]
    network: NetworkFile
    encoding: str

    def rows(self, table: str, *needed: str) -> Iterator[_Row]:
        """Yield the rows of a table that are not empty; none if the archive has no such table."""
        if table not in self.members:
            return
        place = FilePosition(self.network.place.file, table)
        member = zipfile.Path(self.opened, self.members[table][0])
        (sheet,) = textfile.read(member, place, self.encoding).sheets
        headings: list[str] = []
        for number, cells in sheet.rows():
            words = [written(cell) for cell in cells]
            if not headings:
                headings = [word.strip().casefold() for word in words]
                self._refuse(place.at(row=number), headings, needed)
            elif any(words):
                pairs = zip(headings, words, strict=False)
                told_cells = {
                    name: cell_text if name in _CODES else mended(cell_text)
                    for name, cell_text in pairs
                }
                yield _Row(At(number, table), told_cells)

    def _refuse(self, place: FilePosition, headings: Iterable[str], needed: Iterable[str]) -> None:
        counted = Counter(filter(None, headings))
        if missing := [heading for heading in needed if heading not in counted]:
            names = ", ".join(map(repr, missing))
            raise BadFile(place, f"the table has no column {names}", "export the network again")
        if twice := next((heading for heading in counted if counted[heading] > 1), None):
            why = f"two columns have the heading {twice!r}"
            raise BadFile(place, why, "give every column of the table its own heading")


def _i2(tables: _Tables, file: NetworkFile) -> None:
    for row in tables.rows(ENTITIES, "identity", "label", "type"):
        if not row["identity"]:
            file.bad(row.at, RowFault("this entity has no identity", "Identity", row["label"]))
            continue
        marks = {
            "cleared": row.is_so("eliminated or acquitted"),
            "suspect": row.is_so("suspect"),
        }
        node = FileNode(
            row["label"] or row["identity"],
            kind_of(row["type"].strip().casefold() or "person", row["role"], **marks),
            row.at,
            forms.split_names(row["also known as"]),
            row.is_so("unnamed"),
            row["sort"],
            row["start"],
            row["end"],
        )
        file.node(row["identity"], node)
    for row in tables.rows(LINKS, "from", "to", "type"):
        ends = [row["from"], row["to"]]
        if row["direction"] == _BACKWARDS:
            ends.reverse()
        attributes = {
            KIND: row["type"],
            "valid_from": row["start"],
            "valid_to": row["end"],
            **{name: row[name] for name in ("weight", "grade", "handling", "undermined")},
        }
        file.tie(FileLink(ends[0], ends[1], as_columns(attributes), row.at))


def _pole(tables: _Tables, file: NetworkFile) -> None:
    named: dict[tuple[str, str], str] = {}
    for which, node in _entities(tables):
        if not which:
            file.bad(node.at, RowFault("this row has no id", "id", node.name))
            continue
        file.node(which, node)
        base = node.kind.partition("/")[0]
        named.setdefault((base, which if base in ("person", "incident") else node.name), which)
    ties = ("valid_from", "valid_to", "weight", "reference", "information", "source_grade")
    for row in tables.rows(ASSOCIATIONS, "source", "target"):
        ends = []
        for end in ("source", "target"):
            kind = row[f"{end}_kind"].strip().casefold() or "person"
            base, end_name = kind.partition("/")[0], row[end]
            which = row[f"{end}_id"] or named.get((base, end_name)) or end_name
            if which not in file.nodes and base not in ("person", "incident") and end_name:
                # anything but a person or an incident has its name as its id
                file.node(which, FileNode(end_name, kind, row.at))
                named[base, end_name] = which
            ends.append(which)
        told_of = {name: row[name] for name in ("link", *ties, "handling", "undermined")}
        file.tie(FileLink(ends[0], ends[1], told_of, row.at))


def _entities(tables: _Tables) -> Iterator[tuple[str, FileNode]]:
    """Yield the persons, objects, locations and events of the archive, each with its id."""
    for row in tables.rows(PERSONS, "person id"):
        name, described = row["full name"], row["description"]
        categories = [
            category.strip() for category in row["category"].split(";") if category.strip()
        ]
        node = FileNode(
            name or described or row["person id"],
            "/".join(["person", *categories]),
            row.at,
            forms.split_names(row["alias"]),
            not name and bool(described) and not row.is_so("masked"),
        )
        yield row["person id"], node
    for row in tables.rows(OBJECTS, "object id", "object type"):
        name = row["identifier"] or row["object id"]
        yield row["object id"], FileNode(name, row["object type"].strip().casefold(), row.at)
    for row in tables.rows(LOCATIONS, "location id"):
        yield row["location id"], FileNode(row["location"] or row["location id"], "place", row.at)
    for row in tables.rows(EVENTS, "incident id"):
        name, sort = row["what happened"] or row["incident id"], row["event type"]
        times = row["date"], row["until"]
        yield row["incident id"], FileNode(name, "incident", row.at, (), False, sort, *times)

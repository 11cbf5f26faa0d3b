"""Read a workbook (xlsx, xls or ods) after checking it; hidden sheets are listed and not read."""

import zipfile
from pathlib import Path

from defusedxml.ElementTree import ParseError, fromstring
from msgspec import Struct, field
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from ingest.files import archive
from ingest.files.cells import WORKBOOK_CELL
from ingest.files.probe import probe
from ingest.files.problems import BadFile, FilePosition
from ingest.files.sheet_scan import ExcelScan, OpenDocumentScan, Scanned
from ingest.files.tables import MOST_ROWS, Book, Merge, Rows, Sheet

ZIP = b"PK"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: A workbook in the older Office format that needs a password has a stream of this name
#: (MS-OFFCRYPTO 2.3.4).
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BOOK_STREAMS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
_PICTURES = (b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xe1", b"\x89PNG\r\n\x1a\n", b"GIF89a")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class _WorkbookFacts(Struct, frozen=True):
    """Facts about a workbook that are collected before the workbook is opened: its format, its
    pictures and sounds, and, for the name of each sheet, the result of the scan of that sheet."""

    kind: str
    media: tuple[str, ...] = ()
    sheets: dict[str, Scanned] = field(default_factory=dict)


def read(path: Path, place: FilePosition) -> Book:
    """Return the visible sheets of a workbook.

    Raises BadFile if the file is not a workbook, is encrypted, incomplete or a zip bomb, or has
    more rows than a sheet can have.
    """
    with path.open("rb") as file:
        zipped = file.read(2) == ZIP
    seen = _zipped(path, place) if zipped else _compound(path, place)
    _refuse_unsafe(path, place)
    try:
        book = CalamineWorkbook.from_path(path)
        sheets, hidden = [], []
        for meta in book.sheets_metadata:
            if meta.visible != SheetVisibleEnum.Visible:
                hidden.append(meta.name)
            elif meta.typ == SheetTypeEnum.WorkSheet:
                where = FilePosition(place.file, meta.name)
                sheet = book.get_sheet_by_name(meta.name)
                sheets.append(_sheet(sheet, where, seen.sheets.get(meta.name, Scanned())))
    except PasswordError as locked:
        raise _locked(place) from locked
    except CalamineError as broken:
        raise _damaged(place) from broken
    return Book(seen.kind, tuple(sheets), tuple(hidden), seen.media)


def _refuse_unsafe(path: Path, place: FilePosition) -> None:
    match probe(path):
        case "damaged":
            raise _damaged(place)
        case "too-large":
            raise BadFile(
                place,
                "opening the workbook takes too much memory or time: it is a zip bomb, "
                "damaged, or has stray cells far outside its table",
                "save the sheet with the table as csv",
            )


def _sheet(sheet: CalamineSheet, place: FilePosition, scanned: Scanned) -> Sheet:
    if sheet.total_height > MOST_ROWS:
        raise BadFile(
            place, f"the sheet has more than {MOST_ROWS:,} rows: divide it", "split the sheet"
        )
    left = sheet.start[1] if sheet.start else 0

    def rows() -> Rows:
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            yield number, [*[""] * left, *cells]

    merges = [
        Merge(top + 1, first + 1, bottom + 1, last + 1)
        for (top, first), (bottom, last) in sheet.merged_cell_ranges or ()
    ]
    return Sheet(
        place,
        rows,
        WORKBOOK_CELL,
        tuple(merges or scanned.merges),
        tuple(scanned.formulas),
        sheet.total_height,
    )


def _locked(place: FilePosition) -> BadFile:
    return BadFile(
        place, "the workbook is encrypted", "open it, save it without a password, import that"
    )


def _damaged(place: FilePosition) -> BadFile:
    return BadFile(place, "the workbook is cut short or damaged", "copy or export it again")


def _no_workbook(place: FilePosition) -> BadFile:
    return BadFile(place, "it is not a workbook", "save the table as xlsx, xls, ods or csv")


def _zipped(path: Path, place: FilePosition) -> _WorkbookFacts:
    scans: dict[str, ExcelScan] = {}
    document = OpenDocumentScan(place)

    def watch(member: str) -> archive.Watcher | None:
        if member.startswith("xl/worksheets/") and member.endswith(".xml"):
            return scans.setdefault(member, ExcelScan(place))
        return document if member == "content.xml" else None

    contents = archive.inspect(path, place, watch)
    names = set(contents.names)
    if "content.xml" in names:
        with zipfile.ZipFile(path) as opened:
            manifest = _member(opened, "META-INF/manifest.xml")
        if b"encryption-data" in manifest:
            raise _locked(place)
        if not document.sheets:
            raise _no_workbook(place)
        return _WorkbookFacts("ods", contents.media, document.sheets)
    if "xl/workbook.bin" in names:
        return _WorkbookFacts("xlsb", contents.media)
    if "xl/workbook.xml" not in names:
        raise _no_workbook(place)
    with zipfile.ZipFile(path) as opened:
        members = _sheet_members(opened, place)
    sheets_found = {
        sheet: scans[member].found for sheet, member in members.items() if member in scans
    }
    return _WorkbookFacts("xlsx", contents.media, sheets_found)


def _member(opened: zipfile.ZipFile, name: str) -> bytes:
    return opened.read(name) if name in opened.namelist() else b""


def _sheet_members(opened: zipfile.ZipFile, place: FilePosition) -> dict[str, str]:
    """Return for each sheet of an xlsx the file in the archive that contains it."""
    try:
        book = fromstring(opened.read("xl/workbook.xml"))
        relations = fromstring(_member(opened, "xl/_rels/workbook.xml.rels") or b"<none/>")
    except (ParseError, ValueError, zipfile.BadZipFile) as broken:
        raise _damaged(place) from broken
    targets = {relation.get("Id"): relation.get("Target") or "" for relation in relations}
    members_by_sheet = {}
    for sheet in book.iterfind(".//{*}sheet"):
        target = targets.get(sheet.get(_RELATION), "")
        member = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        members_by_sheet[sheet.get("name") or ""] = member
    return members_by_sheet


def _compound(path: Path, place: FilePosition) -> _WorkbookFacts:
    """Return facts about a workbook in the older Office format (xls). Raises BadFile if the file is
    encrypted, or is no workbook."""
    data = path.read_bytes()
    if _ENCRYPTED in data:
        raise _locked(place)
    if not any(stream in data for stream in _BOOK_STREAMS):
        raise _no_workbook(place)
    pictures = any(mark in data for mark in _PICTURES)
    return _WorkbookFacts("xls", ("pictures in the sheet",) if pictures else ())

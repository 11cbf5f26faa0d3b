"""Each bad file is refused as a whole before anything is stored, with a message that says where the
fault is and what to do.
"""

import io
import struct
import tracemalloc
import zipfile
from contextlib import suppress
from datetime import date
from itertools import islice
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.files.problems import BadFile
from ingest.importing.opening import open_book
from ingest.importing.plan import plans
from ingest.words.context import Context
from tests.ingest.conftest import (
    ENTRY,
    HEADINGS,
    NOW,
    FakeIntake,
    Importing,
    as_csv,
    as_xlsx,
    entry,
    log_csv,
)

DATA = Path(__file__).parents[2] / "data" / "ingest"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ODS_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "style")
)


def as_ods(path: Path, sheets: str, *, manifest: str = "", styles: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content {ODS_NAMES}>'
            f"<office:automatic-styles>{styles}</office:automatic-styles><office:body>"
            f"<office:spreadsheet>{sheets}</office:spreadsheet></office:body>"
            "</office:document-content>",
        )
    return path


def ods_row(*cells: str, attributes: str = "") -> str:
    inside = "".join(
        cell
        if cell.startswith("<")
        else f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p>'
        "</table:table-cell>"
        for cell in cells
    )
    return f"<table:table-row {attributes}>{inside}</table:table-row>"


def refused(imports: Importing, path: Path, form: str = "auto") -> str:
    """Import a file that must be refused; return the message, after checking that nothing was
    stored.
    """
    with pytest.raises(BadFile) as refusal:
        imports(path, form=form)
    assert not imports.intake.recorded
    assert not imports.intake.files
    assert not imports.originals.exists()
    assert path.name in str(refusal.value)
    return str(refusal.value)


def test_what_is_no_workbook(imports: Importing, tmp_path: Path) -> None:
    path = tmp_path / "photo.xlsx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    assert "not a workbook" in refused(imports, path)
    letter = tmp_path / "letter.docx"
    with zipfile.ZipFile(letter, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    assert "not a workbook" in refused(imports, letter)
    older = tmp_path / "letter.doc"
    older.write_bytes(OLE + b"\0" * 2048)
    assert "not a workbook" in refused(imports, older)
    page = tmp_path / "page.csv"
    page.write_text("<html><table></table></html>")
    assert "web page" in refused(imports, page)


def test_an_encrypted_workbook(imports: Importing, tmp_path: Path) -> None:
    locked = tmp_path / "locked.xlsx"
    locked.write_bytes(OLE + b"\0" * 1024 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 512)
    assert "without a password" in refused(imports, locked)
    ods = as_ods(tmp_path / "locked.ods", "", manifest="<manifest:encryption-data/>")
    assert "encrypted" in refused(imports, ods)
    zipped = tmp_path / "zipped.xlsx"
    as_xlsx(zipped, HEADINGS, ENTRY)
    data = bytearray(zipped.read_bytes())
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1  # this bit marks the file as encrypted in the archive's directory
    zipped.write_bytes(bytes(data))
    assert "encrypted" in refused(imports, zipped)


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9, 0.99])
def test_a_truncated_workbook(imports: Importing, tmp_path: Path, keep: float) -> None:
    path = as_xlsx(tmp_path / "cut.xlsx", HEADINGS, *[entry(f"row {n}") for n in range(50)])
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    assert "cut short or damaged" in refused(imports, path)


def test_a_damaged_sheet_inside_a_whole_archive(imports: Importing, tmp_path: Path) -> None:
    whole = as_xlsx(tmp_path / "whole.xlsx", HEADINGS, ENTRY)
    path = tmp_path / "damaged.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content[:-40] if name.endswith("sheet1.xml") else content)
    with pytest.raises(BadFile) as refusal:
        open_book(path)
    assert "damaged" in str(refusal.value)


def test_a_member_without_a_name(imports: Importing, tmp_path: Path) -> None:
    path = as_xlsx(tmp_path / "nameless.xlsx", HEADINGS, ENTRY)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(zipfile.ZipInfo(""), b"x")
    assert "damaged" in refused(imports, path)


def test_a_zip_bomb_that_declares_its_size(imports: Importing, tmp_path: Path) -> None:
    path = as_xlsx(tmp_path / "bomb.xlsx", HEADINGS, ENTRY)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b"0" * (32 << 20))
    assert "zip bomb" in refused(imports, path)


def test_a_zip_bomb_that_lies_about_its_size(imports: Importing, tmp_path: Path) -> None:
    path = as_xlsx(tmp_path / "bomb.xlsx", HEADINGS, ENTRY)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b"0" * (32 << 20))
    data = path.read_bytes()
    true, lie = struct.pack("<I", 32 << 20), struct.pack("<I", 1000)
    assert true in data
    path.write_bytes(data.replace(true, lie))
    assert "zip bomb" in refused(imports, path)


def test_one_stray_cell_cannot_fill_the_memory(imports: Importing, tmp_path: Path) -> None:
    path = tmp_path / "stray.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet("Log")
    page.write_row(0, 0, HEADINGS)
    page.write(1_048_575, 16_383, "x")
    book.close()
    message = refused(imports, path)
    assert "XFD" in message
    assert "1,048,576" in message
    wide = '<table:table-cell table:number-columns-repeated="16000" office:value-type="string">'
    cell = wide + "<text:p>x</text:p></table:table-cell>"
    ods = as_ods(
        tmp_path / "stray.ods",
        '<table:table table:name="S">'
        + ods_row(cell, attributes='table:number-rows-repeated="1000000"')
        + "</table:table>",
    )
    assert "too large" in refused(imports, ods)


def test_invalid_utf8_is_named_by_row_and_column(imports: Importing, tmp_path: Path) -> None:
    path = log_csv(tmp_path / "old.csv", entry("first"), entry("caf\xe9 at 9"), entry("last"))
    path.write_bytes(path.read_bytes().replace("caf\xe9".encode(), b"caf\xe9"))
    message = refused(imports, path)
    assert "row 3, column 'What happened / what was said'" in message
    assert "--encoding cp1252" in message


def test_invalid_utf8_at_the_end_leaves_nothing_half_written(
    imports: Importing, tmp_path: Path
) -> None:
    path = log_csv(tmp_path / "old.csv", *[entry(f"row {n}") for n in range(1500)])
    path.write_bytes(path.read_bytes() + b"\xff")
    assert "row 1502" in refused(imports, path)


def test_cp1252_is_read_where_it_is_declared(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    path = as_csv(tmp_path / "old.csv", HEADINGS, entry("café – £20"), encoding="cp1252")
    imports(path, encoding="cp1252")
    assert intake.observations[0].words.startswith("café – £20")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_csv_with_a_byte_order_mark(
    imports: Importing, intake: FakeIntake, tmp_path: Path, encoding: str
) -> None:
    imports(as_csv(tmp_path / "log.csv", HEADINGS, entry("café"), encoding=encoding))
    assert intake.observations[0].words.startswith("café")


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_a_csv_with_another_separator(
    imports: Importing, intake: FakeIntake, tmp_path: Path, separator: str
) -> None:
    rows = [entry("one, two, three"), entry("four, five")]
    imports(as_csv(tmp_path / "log.csv", HEADINGS, *rows, separator=separator))
    assert [observation.words.split("\n")[0] for observation in intake.observations] == [
        "one, two, three",
        "four, five",
    ]


def test_of_headings_without_end_a_refusal_shows_the_first(
    imports: Importing, tmp_path: Path
) -> None:
    wide = as_csv(tmp_path / "wide.csv", [f"{n} {'x' * 900}" for n in range(1000)])
    with pytest.raises(BadFile, match=r"'0 x.* and 960 more") as refused:
        imports(wide)
    assert len(str(refused.value)) < 4_000


def test_duplicate_headings(imports: Importing, tmp_path: Path) -> None:
    path = as_csv(tmp_path / "log.csv", ("Date", "Notes", "date"), ("1/2/2011", "x", "2/2/2011"))
    message = refused(imports, path)
    assert "columns A and C" in message
    assert "row 1" in message


def test_missing_columns_are_listed_with_what_was_found(imports: Importing, tmp_path: Path) -> None:
    path = as_csv(tmp_path / "log.csv", ("Colour", "Size"), ("red", "3"))
    message = refused(imports, path, form="provenance-log")
    assert "'words'" in message
    assert "'Colour', 'Size'" in message
    assert "--map" in message


def test_an_empty_file(imports: Importing, tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_bytes(b"")
    assert "empty" in refused(imports, path)
    path.write_bytes(b"\xef\xbb\xbf \n\n")
    assert "empty" in refused(imports, path)
    assert "the file is empty" in refused(imports, as_xlsx(tmp_path / "empty.xlsx"))


def test_a_file_that_is_not_there(imports: Importing, tmp_path: Path) -> None:
    assert "cannot be read" in refused(imports, tmp_path / "gone.csv")


def test_one_bad_file_among_good_ones_stores_nothing(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    good, bad = log_csv(tmp_path / "good.csv"), tmp_path / "bad.csv"
    bad.write_bytes(b"")
    with pytest.raises(BadFile):
        imports(good, bad)
    assert not intake.recorded


def test_hidden_sheets_are_named_and_not_read(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    path = tmp_path / "log.xlsx"
    book = xlsxwriter.Workbook(path)
    for name in ("Log", "Lists"):
        page = book.add_worksheet(name)
        page.write_row(0, 0, HEADINGS)
        page.write_row(1, 0, entry(f"in {name}"))
    book.get_worksheet_by_name("Lists").hide()
    book.close()
    report = imports(path)
    assert report.files[0].hidden == ("Lists",)
    assert [observation.words.split("\n")[0] for observation in intake.observations] == ["in Log"]


def test_merged_cells_and_formulas_are_reported(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    path = tmp_path / "log.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet("Log")
    page.write_row(0, 0, ("Date", "Notes"))
    page.merge_range(1, 0, 2, 0, "14/02/2011")
    page.write(1, 1, "first")
    page.write(2, 1, "second")
    page.write_formula(3, 1, '="a"&"b"', value="ab")
    book.close()
    report = imports(path)
    first, second, third = intake.observations
    assert first.happened is not None
    assert second.happened is None
    assert any("row 2 only" in str(raw) for _, _, raw in second.flags)
    assert third.words == "ab"
    assert ("other", "Notes", "the result of a formula") in third.flags
    notes = " ".join(report.files[0].notes)
    assert "row 2: merged with rows to 3" in notes
    assert "row 4, column 'Notes': a formula" in notes


def test_an_opendocument_sheet(imports: Importing, intake: FakeIntake, tmp_path: Path) -> None:
    hidden = (
        '<style:style style:name="h" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    day = (
        '<table:table-cell office:value-type="date" office:date-value="2011-02-14">'
        "<text:p>14/02/11</text:p></table:table-cell>"
    )
    formula = (
        '<table:table-cell table:formula="of:=1" office:value-type="string">'
        "<text:p>worked out</text:p></table:table-cell>"
    )
    blank = '<table:table-cell table:number-columns-repeated="16384"/>'
    path = as_ods(
        tmp_path / "log.ods",
        '<table:table table:name="Log">'
        + ods_row("Date", "Notes")
        + ods_row(day, "she was out")
        + ods_row(day, formula)
        + ods_row(blank, attributes='table:number-rows-repeated="1048570"')
        + '</table:table><table:table table:name="Lists" table:style-name="h">'
        + ods_row("secret")
        + "</table:table>",
        styles=hidden,
    )
    report = imports(path)
    first, second = intake.observations
    assert first.words == "she was out"
    assert first.happened is not None
    assert first.happened.words == str(date(2011, 2, 14))
    assert ("other", "Notes", "the result of a formula") in second.flags
    assert report.files[0].hidden == ("Lists",)


def test_pictures_in_a_workbook_are_not_kept(imports: Importing, tmp_path: Path) -> None:
    picture = io.BytesIO(
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde" + b"\0" * 32
    )
    path = tmp_path / "log.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet("Log")
    page.write_row(0, 0, HEADINGS)
    page.write_row(1, 0, ENTRY)
    page.insert_image(3, 3, "photo.png", {"image_data": picture})
    book.close()
    report = imports(path)
    (file,) = report.files
    assert file.kept != file.sha256
    kept = imports.original()
    assert b"IHDR" not in kept
    with zipfile.ZipFile(io.BytesIO(kept)) as archive:
        replaced = archive.read("xl/media/image1.png").decode()
    assert "Do not open or forward" in replaced
    (tmp_path / "kept.xlsx").write_bytes(kept)
    assert open_book(tmp_path / "kept.xlsx").sheets


@given(st.binary(max_size=400))
def test_no_bytes_whatever_end_in_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    directory = tmp_path_factory.mktemp("any")
    for name, head in (("a.csv", b""), ("b.xlsx", b"PK\x03\x04"), ("c.xls", OLE)):
        path = directory / name
        path.write_bytes(head + content)
        imports = Importing(FakeIntake(), directory / "originals")
        try:
            imports(path)
        except BadFile as refusal:
            assert name in str(refusal)  # noqa: PT017


def test_one_long_text_behind_many_cells_is_a_bomb(
    imports: Importing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.files.probe.MOST_MEMORY", 256 << 20)
    path = tmp_path / "shared.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet("Log")
    page.write_row(0, 0, HEADINGS)
    for row in range(1, 10_000):
        page.write(row, 0, "x" * 32_000)
    book.close()
    assert path.stat().st_size < 100_000
    assert "too much memory" in refused(imports, path)


def test_a_cell_beyond_every_sheet_cannot_end_the_process(
    imports: Importing, tmp_path: Path
) -> None:
    whole = as_xlsx(tmp_path / "whole.xlsx", HEADINGS, ENTRY)
    path = tmp_path / "far.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'r="I2"', b'r="IXFD10485764"'))
    refused(imports, path)


def test_more_rows_than_a_sheet_can_hold(imports: Importing, tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_bytes(b"source,target\n" + b"a,b\n" * 1_048_576)
    assert "more than 1,048,576 rows" in refused(imports, path)


def test_a_million_rows_are_read_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_bytes(b"source,target\n" + b"a,b\n" * 1_000_000)
    tracemalloc.start()
    (plan,) = plans(path, Context(NOW))
    assert plan.total == 1_000_000
    first = list(islice(plan.reads(), 2000))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(first) == 2000
    assert most < 40 << 20


def test_an_older_workbook(imports: Importing, intake: FakeIntake) -> None:
    report = imports(DATA / "log.xls")
    first, second, third = intake.observations
    assert first.words == "He picked her up outside the chip shop"
    assert first.happened is not None
    assert first.happened.words == "2011-02-14 22:15"
    assert first.how_known == "saw-or-heard"
    assert second.happened is not None
    assert third.happened is None
    assert any("merged cells" in str(raw) for _, _, raw in third.flags)
    assert report.files[0].hidden == ("Lists",)


@pytest.mark.parametrize("keep", [0.3, 0.7, 0.95])
def test_a_truncated_older_workbook(imports: Importing, tmp_path: Path, keep: float) -> None:
    data = (DATA / "log.xls").read_bytes()
    path = tmp_path / "cut.xls"
    path.write_bytes(data[: int(len(data) * keep)])
    refused(imports, path)


@settings(max_examples=15)
@given(st.data())
def test_a_damaged_workbook_never_ends_in_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    directory = tmp_path_factory.mktemp("damaged")
    whole = as_xlsx(directory / "log.xlsx", HEADINGS, ENTRY).read_bytes()
    for original, name in ((whole, "log.xlsx"), ((DATA / "log.xls").read_bytes(), "log.xls")):
        spoilt = bytearray(original)
        for _ in range(data.draw(st.integers(1, 8))):
            where = data.draw(st.integers(0, 100_000)) % len(spoilt)
            spoilt[where] = data.draw(st.integers(0, 255))
        path = directory / name
        path.write_bytes(bytes(spoilt))
        with suppress(BadFile):
            Importing(FakeIntake(), directory / "originals")(path)


@pytest.mark.parametrize(
    ("name", "member"),
    [
        ("log.xlsx", "xl/sharedStrings.xml"),
        ("log.ods", "content.xml"),
        ("log.xlsx", "xl/workbook.xml"),
    ],
)
def test_a_workbook_brings_in_no_file_of_this_machine(
    imports: Importing, tmp_path: Path, name: str, member: str
) -> None:
    """An XML entity in a workbook that names a file of this machine is not expanded, so an import
    cannot read local files."""
    hidden = tmp_path / "secret.txt"
    hidden.write_text("a secret of this machine", "utf-8")
    plain, bad = tmp_path / f"plain-{name}", tmp_path / name
    rows = (HEADINGS, entry("MARKER he waits at the gate"))
    if name.endswith(".xlsx"):
        as_xlsx(plain, *rows, sheet="MARKER")
    else:
        cells = "".join(ods_row(*row) for row in rows)
        as_ods(plain, f'<table:table table:name="Log">{cells}</table:table>')
    with zipfile.ZipFile(plain) as good, zipfile.ZipFile(bad, "w") as made:
        for one in good.namelist():
            text = good.read(one)
            if one == member:
                assert b"MARKER" in text
                head, _, body = text.partition(b"?>")
                entity = f'<!DOCTYPE x [<!ENTITY x SYSTEM "{hidden.as_uri()}">]>'.encode()
                text = head + b"?>" + entity + body.replace(b"MARKER", b"&x;")
            made.writestr(one, text)
    told = ""
    try:
        told = str(imports(bad))
    except BadFile as refusal:
        told = str(refusal)
    assert told
    assert "a secret of this machine" not in told + repr(imports.intake.recorded)
    imports(plain)
    assert "MARKER he waits" in repr(imports.intake.recorded)

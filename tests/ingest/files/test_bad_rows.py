"""A row with a text is imported even if its other cells are unusual, with a flag. A row without a
text is rejected, and the user can correct it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.files.cells import WORKBOOK_CELL, clean
from ingest.files.problems import BadRow
from tests.ingest.conftest import (
    ENTRY,
    HEADINGS,
    FakeIntake,
    Importing,
    as_csv,
    as_xlsx,
    entry,
    lines,
    log_csv,
)


def codes(intake: FakeIntake) -> list[str]:
    return [code for observation in intake.observations for code, _, _ in observation.flags]


def test_control_characters_are_dropped_and_flagged(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    imports(log_csv(tmp_path / "log.csv", entry("he said\x07 wait\x1b here")))
    (told,) = intake.observations
    assert told.words.startswith("he said wait here")
    assert ("control-characters", HEADINGS[2], "he said<U+0007> wait<U+001B> here") in told.flags


def test_control_characters_in_a_workbook(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    imports(as_xlsx(tmp_path / "log.xlsx", HEADINGS, entry("he said\x07 wait")))
    assert codes(intake) == ["control-characters"]


def test_bidi_overrides_are_kept_and_flagged(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    imports(log_csv(tmp_path / "log.csv", entry("his name is \u202ezaB\u202c")))
    (told,) = intake.observations
    assert "\u202ezaB\u202c" in told.words
    assert codes(intake) == ["bidi-characters"]


def test_a_nul_goes_to_the_rejects_and_the_other_rows_come_in(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    path = log_csv(tmp_path / "log.csv", entry("one"), entry("tw\0o"), entry("three"))
    report = imports(path)
    assert (report.recorded, report.rejections) == (2, 1)
    (rejected,) = report.rejected
    assert str(rejected.place) == f"log.csv, row 3, column {HEADINGS[2]!r}"
    assert "NUL" in rejected.reason


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_10_mb_cell_is_refused_with_its_place(
    imports: Importing, intake: FakeIntake, tmp_path: Path, kind: str
) -> None:
    path, huge = tmp_path / f"log.{kind}", "x" * 10_000_000
    if kind == "csv":
        log_csv(path, entry("one"), entry(huge))
        place = f"log.csv, row 3, column {HEADINGS[2]!r}"
    else:
        as_xlsx(path, HEADINGS, entry("one"), entry("BIG"))
        _swap(path, "BIG", huge)
        place = f"log.xlsx, sheet 'Log', row 3, column {HEADINGS[2]!r}"
    report = imports(path, rejects=tmp_path / "rejects.csv")
    assert [str(each.place) for each in report.rejected] == [place]
    assert "10,000,000 letters" in report.rejected[0].reason
    (line,) = lines(tmp_path / "rejects.csv")
    assert line[HEADINGS[2]].endswith("see the original]")
    assert report.recorded == 1


def _swap(path: Path, old: str, new: str) -> None:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    # this text hardly compresses, so that the archive does not look like a zip bomb
    shared = "xl/sharedStrings.xml"
    parts[shared] = parts[shared].replace(old.encode(), new.encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("14/02/2031", "date-in-future"),
        ("14/02/1811", "date-before-1900"),
        ("some time ago maybe", "date-unresolved"),
        (datetime(2031, 2, 14), "date-in-future"),  # noqa: DTZ001
    ],
)
def test_an_odd_date_is_kept_as_it_was_reported(
    imports: Importing, intake: FakeIntake, tmp_path: Path, told: object, code: str
) -> None:
    path = as_xlsx(tmp_path / "log.xlsx", ("Date", "Notes"), (told, "she was out"))
    if isinstance(told, str):
        as_csv(path, ("Date", "Notes"), (told, "she was out"))
    report = imports(path)
    assert (report.recorded, report.flags[code]) == (1, 1)
    (seen,) = intake.observations
    assert seen.happened is not None
    assert seen.happened.words in (told, "2031-02-14")


def test_relative_words_count_from_when_they_were_heard(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    imports(
        as_csv(
            tmp_path / "log.csv",
            ("When", "Notes", "Date told to worker"),
            ("last Tuesday about 9ish", "she was out", "18/02/2011"),
        )
    )
    (seen,) = intake.observations
    assert seen.told == datetime(2011, 2, 18, tzinfo=UTC)
    assert seen.happened is not None
    assert seen.happened.precision == "around"
    assert seen.happened.start is not None
    assert seen.happened.start.date().isoformat() == "2011-02-15"


def test_a_row_without_words_is_rejected_and_a_blank_row_is_none(
    imports: Importing, tmp_path: Path
) -> None:
    path = as_csv(tmp_path / "log.csv", ("Date", "Notes"), ("1/2/2011", ""), ("", ""), ("", "x"))
    report = imports(path)
    assert (report.read, report.recorded, report.rejections) == (2, 1, 1)
    assert "this row has no text" in report.rejected[0].reason


def test_cells_beyond_the_headings_are_not_lost(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    imports(as_csv(tmp_path / "log.csv", ("Date", "Notes"), ("1/2/2011", "x", "and a red car")))
    assert intake.observations[0].words == "x\nColumn C: and a red car"


def test_what_the_desk_refuses_goes_to_the_rejects(tmp_path: Path) -> None:
    intake = FakeIntake(refuses=lambda draft: "not here" if "two" in str(draft) else None)
    imports = Importing(intake, tmp_path / "originals")
    path = log_csv(tmp_path / "log.csv", entry("one"), entry("two"), entry("three"))
    report = imports(path)
    assert (report.recorded, report.rejections) == (2, 1)
    assert report.rejected[0].reason == "not here"
    assert report.rejected[0].place.row == 3


@given(st.text())
def test_clean_words_hold_nothing_hidden_and_nothing_is_dropped_unseen(text: str) -> None:
    try:
        words, flags = clean(text, "Notes", WORKBOOK_CELL)
    except BadRow:
        assert "\0" in text
        return
    kept = [c for c in text if c in words or c.isspace()]
    dropped = len(text.replace("\r\n", "\n")) - len(kept)
    assert ("control-characters" in {code for code, _, _ in flags}) or dropped <= 1
    assert clean(words, "Notes", WORKBOOK_CELL)[0] == words


def test_a_csv_entry_is_read_the_same_as_a_workbooks(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    first = imports(log_csv(tmp_path / "log.csv"))
    day = datetime(2011, 2, 14, 22, 15)  # noqa: DTZ001
    again = imports(as_xlsx(tmp_path / "log.xlsx", HEADINGS, (day, "", *ENTRY[2:])))
    assert (first.recorded, again.recorded, again.already_recorded) == (1, 0, 1)
    assert len(intake.recorded) == 1

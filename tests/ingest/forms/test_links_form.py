from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ingest.files.problems import BadFile
from tests.ingest.conftest import FakeIntake, Importing, as_csv, as_xlsx

FULL = [
    "source",
    "source_kind",
    "target",
    "target_kind",
    "link",
    "valid_from",
    "valid_to",
    "weight",
    "reference",
    "information",
    "source_grade",
    "handling",
]


def test_only_source_and_target_are_needed(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    imports(as_csv(tmp_path / "phase.csv", ("source", "target"), ("2", "1"), ("3", "1")))
    first, second = intake.links
    assert (first.source, first.target, first.source_kind, first.link_kind) == (
        "2",
        "1",
        "person",
        None,
    )
    assert (first.weight, first.information) == (1.0, None)
    assert second.source == "3"
    assert [each.origin.row for each in intake.recorded.values()][1:] == [2, 3]


def test_a_full_row(imports: Importing, intake: FakeIntake, tmp_path: Path) -> None:
    row = (
        "Baz", "person/suspect", "PK95 ABC", "vehicle", "driver of", "2011-02-01",
        "2011-03-01T10:00:00Z", "2.5", "R-7", "a", "2", "c",
    )  # fmt: skip
    imports(as_csv(tmp_path / "links.csv", FULL, row))
    (link,) = intake.links
    assert (link.source_kind, link.target_kind, link.link_kind) == (
        "person/suspect",
        "vehicle",
        "driver-of",
    )
    assert link.valid_from == datetime(2011, 2, 1, tzinfo=UTC)
    assert link.valid_to == datetime(2011, 3, 1, 10, tzinfo=UTC)
    assert (link.weight, link.reference) == (2.5, "R-7")
    assert (link.information, link.source_grade, link.handling) == ("A", "2", "C")


def test_a_number_in_a_sheet_is_the_same_identifier_as_in_a_csv(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    path = as_xlsx(tmp_path / "links.xlsx", ("source", "target", "valid_from"), (2, 1.0, ""))
    imports(path)
    assert (intake.links[0].source, intake.links[0].target) == ("2", "1")


def test_a_date_cell_is_utc_as_it_is_written(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    day = date(2011, 7, 1)
    imports(as_xlsx(tmp_path / "l.xlsx", ("source", "target", "valid_from"), ("A", "B", day)))
    assert intake.links[0].valid_from == datetime(2011, 7, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("target", "", "empty"),
        ("target", "Baz", "two different ends"),
        ("source_kind", "dog", "not a kind"),
        ("source_kind", "vehicle/suspect", "not a kind"),
        ("link", "married", "not a kind of link"),
        ("link", "lives-at", "does not join"),
        ("valid_from", "soon", "not a date"),
        ("valid_to", "2009-01-01", "ends before it begins"),
        ("weight", "much", "not a valid weight"),
        ("weight", "-1", "not a valid weight"),
        ("weight", "nan", "not a valid weight"),
        ("information", "", "two parts"),
        ("information", "F", "is not a 3x5x2 grade"),
        ("handling", "X", "is not a handling code"),
    ],
)
def test_a_bad_cell_is_named(
    imports: Importing, tmp_path: Path, column: str, value: str, reason: str
) -> None:
    row = dict.fromkeys(FULL, "") | {
        "source": "Baz", "target": "Daz", "valid_from": "2010-01-01",
        "information": "A", "source_grade": "2",
    }  # fmt: skip
    row[column] = value
    report = imports(as_csv(tmp_path / "links.csv", FULL, [*row.values()]))
    (rejected,) = report.rejected
    assert reason in rejected.reason
    assert rejected.place.column in (column, "information")
    assert rejected.place.row == 2


def test_the_same_file_twice_is_once_and_the_same_row_of_another_file_is_another(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    one = as_csv(tmp_path / "one.csv", ("source", "target"), ("A", "B"))
    two = as_csv(tmp_path / "two.csv", ("source", "target"), ("A", "B"), ("B", "C"))
    imports(one)
    assert imports(one).already_recorded == 1
    imports(two)
    assert len(intake.drafts) == 3
    assert imports(one, dataset="other").recorded == 1


def test_headings_are_requested_for_a_table_without_any(imports: Importing, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"row 1: .*Put a row of headings above"):
        imports(as_csv(tmp_path / "bare.csv", ("0", "1"), ("1", "2")))


def test_what_programs_write_for_no_day_is_none_and_is_reported(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    head = ("source", "target", "valid_from", "valid_to")
    no_day = ("0001-01-01T00:00:00+14:00", "31/12/9999"), ("0001-01-01", "9999-12-31")
    rows = [("Ash", "Baz", *days) for days in (*no_day, ("1900-01-01", "2100-01-01"))]
    report = imports(as_csv(tmp_path / "links.csv", head, *rows))
    *none, told = intake.links
    assert [(one.valid_from, one.valid_to) for one in none] == [(None, None)] * 2
    assert (told.valid_from, told.valid_to) == (
        datetime(1900, 1, 1, tzinfo=UTC),
        datetime(2100, 1, 1, tzinfo=UTC),
    )
    assert report.flags == {"date-unresolved": 4}


def test_a_heading_that_is_the_fields_own_name_comes_before_another_of_its_names(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    head = ("from", "to", "source", "target", "strength", "weight")
    imports(as_csv(tmp_path / "links.csv", head, ("1", "2", "Ash", "Baz", "0.25", "3")))
    (link,) = intake.links
    assert (link.source, link.target, link.weight) == ("Ash", "Baz", 3.0)


def test_an_id_column_identifies_two_people_of_one_name(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    heads = ("source", "source_id", "target", "target_id")
    imports(as_csv(tmp_path / "links.csv", heads, ("John Smith", "N1", "John Smith", "N2")))
    (link,) = intake.links
    assert (link.source, link.source_id, link.target_id) == ("John Smith", "N1", "N2")
    report = imports(as_csv(tmp_path / "same.csv", heads, ("John", "N1", "J. Smith", "N1")))
    assert "two different ends" in str(report)

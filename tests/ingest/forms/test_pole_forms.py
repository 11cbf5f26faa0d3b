"""Sheets of people, incidents and calls are read row by row, some rows are refused, and the others
are recorded in a store.
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ingest.words.drafts import CallDraft, IncidentDraft, PersonDraft
from tests.ingest.conftest import FakeIntake, Importing, as_csv, as_xlsx

PEOPLE = ("Person ID", "Full name", "AKA", "DOB", "Under 18", "Category", "Eye colour")
INCIDENTS = (
    *("Crime number", "What happened", "Event type", "Date", "Until", "Location", "Town"),
    *("Suspects", "Victims", "Officer", "Vehicles"),
)
CALLS = ("From", "To", "DateTime", "Duration", "Cell Tower", "Number of calls")


def only(intake: FakeIntake) -> Any:
    (found,) = intake.drafts
    return found


def test_a_person_keeps_all_that_the_row_says(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    row = ("P1", "Ash Amber", "Baz; Bazza", "1990-02-01", "no", "suspect; witness", "green")
    report = imports(as_csv(tmp_path / "people.csv", PEOPLE, row))
    assert only(intake) == PersonDraft(
        identifier="P1",
        name="Ash Amber",
        aliases=("Baz", "Bazza"),
        born=date(1990, 2, 1),
        under_18=False,
        categories=("suspect", "witness"),
        description="Eye colour: green",
    )
    assert report.files[0].form == "people"
    assert report.files[0].mapping[""]["identifier"] == "Person ID"


@pytest.mark.parametrize(
    ("told", "flag"),
    [
        ("31/02/1990", "date-unresolved"),
        ("19900231", "date-unresolved"),
        ("soon", "date-unresolved"),
        ("1790-02-01", "date-before-1900"),
        ("2090-02-01", "date-in-future"),
    ],
)
def test_a_person_with_a_wrong_date_of_birth_comes_in_with_the_date_as_it_was_written(
    imports: Importing, intake: FakeIntake, tmp_path: Path, told: str, flag: str
) -> None:
    row = ("P1", "Ash Amber", "", told, "", "", "green")
    report = imports(as_csv(tmp_path / "people.csv", PEOPLE, row))
    person = only(intake)
    assert person.born is None
    assert person.description == f"Eye colour: green; DOB: {told}"
    assert person.flags == ((flag, "DOB", told),)
    assert report.files[0].rejected == 0


def test_an_incident_names_who_took_part_and_how(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    row = (
        *("C1", "a party", "Party", "2011-02-14 21:30", "2011-02-15 02:00", "Mill Lane, Town A"),
        *("Town A", "P1; P2", "P3", "O7", "PK95 ABC"),
    )
    imports(as_csv(tmp_path / "crimes.csv", INCIDENTS, row))
    assert only(intake) == IncidentDraft(
        identifier="C1",
        what="a party",
        sort="party",
        start=datetime(2011, 2, 14, 21, 30, tzinfo=UTC),
        end=datetime(2011, 2, 15, 2, tzinfo=UTC),
        place="Mill Lane, Town A",
        area="Town A",
        named=(
            ("P1", "person/suspect", "suspect-in"),
            ("P2", "person/suspect", "suspect-in"),
            ("P3", "person/victim", "victim-of"),
            ("O7", "person/involved-party", "dealt-with"),
            ("PK95 ABC", "vehicle", "involved-in"),
        ),
    )


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("2011-01-03 08:15", datetime(2011, 1, 3, 8, 15, tzinfo=UTC)),
        ("20060601 0011", datetime(2006, 5, 31, 23, 11, tzinfo=UTC)),
        ("2011-06-03T08:15:30Z", datetime(2011, 6, 3, 8, 15, 30, tzinfo=UTC)),
    ],
)
def test_a_call_says_when_how_long_and_over_which_mast(
    imports: Importing, intake: FakeIntake, tmp_path: Path, told: str, expected: datetime
) -> None:
    row = ("07700 900001", "07700 900002", told, "90", "Mast 4", "3")
    report = imports(as_csv(tmp_path / "calls.csv", CALLS, row))
    assert only(intake) == CallDraft(
        caller="07700 900001",
        called="07700 900002",
        start=expected,
        end=expected + timedelta(seconds=90),
        count=3.0,
        mast="Mast 4",
    )
    assert report.files[0].form == "calls"


def test_a_duration_may_be_given_by_the_clock(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    rows = [("1", "2", datetime(2011, 1, 3, 8, 15), one, "", "") for one in ("1:30", "1:00:02")]  # noqa: DTZ001
    imports(as_xlsx(tmp_path / "calls.xlsx", CALLS, *rows))
    assert [draft.end - draft.start for draft in intake.drafts if isinstance(draft, CallDraft)] == [
        timedelta(seconds=90),
        timedelta(seconds=3602),
    ]


@pytest.mark.parametrize(
    ("head", "row", "column", "reason"),
    [
        (PEOPLE, ("", "", "Baz", "", "", "", ""), "Full name", "no id and no name"),
        (PEOPLE, ("P1", "Ash", "", "", "perhaps", "", ""), "Under 18", "neither yes nor no"),
        (PEOPLE, ("P1", "Ash", "", "", "", "kingpin", ""), "Category", "not a category"),
        (INCIDENTS, ("", "x", "", "", "", "here", "", "", "", "", ""), "Crime number", "identif"),
        (
            INCIDENTS,
            ("C1", "x", "feast", "", "", "", "", "", "", "", ""),
            "Event type",
            "not a kind",
        ),
        (
            INCIDENTS,
            ("C1", "x", "", "2011-02-02", "2011-02-01", "", "", "", "", "", ""),
            "Until",
            "ends before",
        ),
        (CALLS, ("1", "", "2011-01-03 08:15", "", "", ""), "To", "empty"),
        (CALLS, ("1", "2", "", "", "", ""), "DateTime", "time of the call is empty"),
        (CALLS, ("1", "2", "0001-01-01T00:00:00+14:00", "", "", ""), "DateTime", "not a time"),
        (
            CALLS,
            ("1", "2", "9999-12-31 23:59", "90", "", ""),
            "DateTime",
            "is after the last day of the calendar",
        ),
        (CALLS, ("1", "2", "2011-01-03 08:15", f"{'9' * 5000}:00:00", "", ""), "Duration", "is no"),
        (CALLS, ("1", "2", "2011-01-03 08:15", "-5", "", ""), "Duration", "not a duration"),
        (CALLS, ("1", "2", "2011-01-03 08:15", "", "", "0"), "Number of calls", "above 0"),
    ],
)
def test_a_bad_row_is_one_rejected_row_with_its_column(
    imports: Importing,
    intake: FakeIntake,
    tmp_path: Path,
    head: tuple[str, ...],
    row: tuple[str, ...],
    column: str,
    reason: str,
) -> None:
    report = imports(as_csv(tmp_path / "bad.csv", head, row))
    assert not intake.drafts
    (one,) = report.rejected
    assert one.place.column == column
    assert reason in one.reason

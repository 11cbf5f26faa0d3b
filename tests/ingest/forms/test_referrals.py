from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.ingest.conftest import FakeIntake, Importing, as_csv, as_xlsx, log_csv

HEADINGS = ("Reference", "Child's name", "Age", "Date received", "Referrer", "Concern", "Threshold")


def test_a_referral(imports: Importing, intake: FakeIntake, tmp_path: Path) -> None:
    headings = (*HEADINGS, "Source", "Definition", "School attended")
    row = (
        "C-7", "Tilly Marsh", "14", "01/02/2011", "Mrs Vale", "older man with a car", "High",
        "school", "lmh-2013/1", "Mill Lane School",
    )  # fmt: skip
    imports(as_csv(tmp_path / "referrals.csv", headings, row))
    (told,) = intake.referrals
    assert (told.reference, told.child, told.age_words) == ("C-7", "Tilly Marsh", "14")
    assert told.received == datetime(2011, 2, 1, tzinfo=UTC)
    assert (told.threshold, told.definition, told.source) == ("high", "lmh-2013/1", "school")
    assert told.concern == "older man with a car\nSchool attended: Mill Lane School"
    assert not told.flags


def test_the_columns_of_the_national_form_are_fields_and_no_part_of_the_concern(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    headings = ("Child", "Concern", "Ethnicity", "Residence", "Missing before", "LAC")
    rows = (
        ("Tilly Marsh", "out at night", "White British", "At home with mum", "Yes", "N"),
        ("Amber Boon", "out at night", "Not known", "Foster placement", "", "nk"),
        ("Jade Vale", "out at night", "Martian", "a boat", "sometimes", "No"),
    )
    imports(as_csv(tmp_path / "referrals.csv", headings, *rows))
    first, second, third = intake.referrals
    assert (first.ethnicity, first.residence) == ("white-british", "home")
    assert (first.missing_before, first.in_care) == (True, False)
    assert first.concern == "out at night"
    assert "Ethnicity: White British" in (first.former_concern or "")
    assert (second.ethnicity, second.residence) == (None, "foster-home"), "not known is no group"
    assert (second.missing_before, second.in_care, second.flags) == (None, None, ())
    assert [words for _, _, words in third.flags] == ["a boat", "Martian", "sometimes"]


@pytest.mark.parametrize(
    ("age", "odd", "under_18"),
    [
        ("14.8 months", True, True),
        ("14.8", True, True),
        ("11y11m", False, True),
        ("14 years 8 months", False, True),
        ("14y8m", False, True),
        ("15", False, True),
        ("15 yrs old", False, True),
        ("14y13m", True, True),
        ("14 or 15", True, True),
        ("19", False, False),
        ("about 14", True, True),
        ("", False, True),
    ],
)
def test_an_odd_age_is_kept_and_flagged(
    imports: Importing, intake: FakeIntake, tmp_path: Path, age: str, odd: bool, under_18: bool
) -> None:
    row = ("C-7", "Tilly Marsh", age, "01/02/2011", "", "worried", "")
    imports(as_csv(tmp_path / "referrals.csv", HEADINGS, row))
    (told,) = intake.referrals
    assert told.age_words == (age or None)
    assert told.under_18 is under_18
    assert ("age-ambiguous" in [code for code, _, _ in told.flags]) is odd


def test_a_date_of_birth_may_stand_in_either_column(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    headings = ("Child", "Age / DOB", "Concern")
    imports(
        as_xlsx(
            tmp_path / "r.xlsx",
            headings,
            ("Tilly Marsh", date(1996, 6, 3), "worried"),
            ("Leah Vale", "03/06/1996", "worried"),
            ("Jade Oakes", "some day in spring", "worried"),
        )
    )
    first, second, third = intake.referrals
    assert first.born == second.born == date(1996, 6, 3)
    assert third.born is None
    assert third.age_words == "some day in spring"
    assert [code for code, _, _ in third.flags] == ["age-ambiguous"]


@pytest.mark.parametrize("heading", ["Date of birth", "Age / DOB"])
@pytest.mark.parametrize("told", ["31 March 1996", "31 mar 1996", "31 Aug 96", "31 oct 1996"])
def test_a_date_with_the_name_of_a_month_is_no_age(
    imports: Importing, intake: FakeIntake, tmp_path: Path, heading: str, told: str
) -> None:
    row = ("Tilly Marsh", told, "worried", "01/02/2011")
    imports(as_csv(tmp_path / "r.csv", ("Child", heading, "Concern", "Received"), row))
    (referral,) = intake.referrals
    assert referral.under_18 is True
    assert referral.born is None or referral.born.year == 1996


@pytest.mark.parametrize(
    ("told", "flag"),
    [
        ("31/02/1996", "date-unresolved"),
        ("1796-06-03", "date-before-1900"),
        ("2096-06-03", "date-in-future"),
    ],
)
def test_a_child_with_a_wrong_date_of_birth_comes_in_as_a_child(
    imports: Importing, intake: FakeIntake, tmp_path: Path, told: str, flag: str
) -> None:
    headings = ("Child", "Date of birth", "Concern")
    report = imports(as_csv(tmp_path / "r.csv", headings, ("Tilly Marsh", told, "worried")))
    assert report.rejections == 0
    (referral,) = intake.referrals
    assert (referral.born, referral.age_words, referral.under_18) == (None, told, True)
    assert referral.flags == ((flag, "Date of birth", told),)


def test_an_unknown_threshold_is_a_value_and_a_strange_one_a_flag(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    rows = [("C-1", "A B", "", "", "", "x", level) for level in ("not known", "", "amber", "med")]
    imports(as_csv(tmp_path / "r.csv", HEADINGS, *rows))
    assert [referral.threshold for referral in intake.referrals] == [
        "unknown",
        None,
        None,
        "medium",
    ]
    assert [len(referral.flags) for referral in intake.referrals] == [0, 0, 1, 0]


def test_a_row_that_names_neither_child_nor_case_is_rejected(
    imports: Importing, tmp_path: Path
) -> None:
    report = imports(as_csv(tmp_path / "r.csv", HEADINGS, ("", "", "14", "", "", "worried", "")))
    assert report.rejections == 1


def test_referrals_come_before_the_logs_that_name_their_cases(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    log = log_csv(tmp_path / "log.csv")
    referral = as_csv(tmp_path / "r.csv", HEADINGS, ("C-1", "A B", "", "", "", "x", ""))
    imports(log, referral)
    assert [type(draft).__name__ for draft in intake.drafts] == [
        "ReferralDraft",
        "ObservationDraft",
    ]


@pytest.mark.parametrize(
    ("told", "has"),
    [("Yes", True), ("mild", True), ("yes, says her school", True), ("x", True)]
    + [(none, False) for none in ("", "no", "None", "not known", "N/A", "0")],
)
def test_what_a_sheet_says_of_a_learning_disability(
    imports: Importing, intake: FakeIntake, tmp_path: Path, told: str, has: bool
) -> None:
    row = ("C-7", "Tilly Marsh", "14", "01/02/2011", "", "worried", "", told)
    imports(as_csv(tmp_path / "r.csv", (*HEADINGS, "Learning disability"), row))
    assert intake.referrals[0].learning_disability is has

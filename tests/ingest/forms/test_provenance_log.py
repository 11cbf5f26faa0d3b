from pathlib import Path

import pytest

from domain.information.source import kind_of
from ingest.files.mapping import Mapping
from tests.ingest.conftest import (
    ENTRY,
    HEADINGS,
    FakeIntake,
    Importing,
    as_csv,
    as_xlsx,
    entry,
    log_csv,
)


def test_a_row_is_the_carers_words_with_what_else_the_row_says(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    report = imports(log_csv(tmp_path / "log.csv"))
    (told,) = intake.observations
    assert told.words == (
        "He picked her up outside the chip shop\nCar / registration: silver Corsa PK95 ABC"
    )
    assert (told.kind, told.channel, told.case) == ("provenance-entry", "provenance-log", "C-1")
    assert (told.heard_from, told.told_by, told.how_known) == ("Marion Oakes", (), "saw-or-heard")
    assert told.urgent_reason is None
    assert told.happened is not None
    assert told.happened.start is not None
    assert told.happened.start.isoformat() == "2011-02-14T22:15:00+00:00"
    assert report.recorded == 1
    (file,) = report.files
    assert file.mapping[""]["words"] == "What happened / what was said"


def test_each_fact_says_from_which_file_sheet_and_row(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    path = as_xlsx(tmp_path / "log.xlsx", HEADINGS, ENTRY, sheet="May")
    report = imports(path)
    (read,) = intake.recorded.values()
    assert (read.origin.sheet, read.origin.row, read.origin.form) == ("May", 2, "provenance-log")
    (received,) = intake.files.values()
    assert received.sha256 == report.files[0].sha256
    assert read.origin.file == received.digest != received.sha256
    assert imports.original() == path.read_bytes()
    assert received.kept not in (received.sha256, received.digest)
    assert b"xl/" not in (imports.originals / received.kept).read_bytes()
    assert (imports.originals / received.kept).stat().st_mode & 0o777 == 0o600


def test_headings_of_the_carers_own_are_guessed(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    imports(
        as_csv(
            tmp_path / "own.csv",
            ("Our log, kept by nan",),
            (),
            ("WHEN", "Notes", "who told you?", "how do u know its true", "Phone"),
            ("3 Feb", "=got a new phone", "Jade", "she told me", "07700 900123"),
        )
    )
    (told,) = intake.observations
    assert told.words == "=got a new phone\nPhone: 07700 900123"
    assert (told.told_by, told.how_known) == (("Jade",), "child-told")


def test_a_mapping_outranks_the_guess(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    path = as_csv(tmp_path / "log.csv", ("Notes", "Quoted"), ("weather fine", "she was crying"))
    mapping = Mapping({"words": "Quoted"}, {"heard_from": "Carer A"})
    imports(path, mapping=mapping)
    (told,) = intake.observations
    assert told.words == "she was crying\nNotes: weather fine"
    assert told.heard_from == "Carer A"


def test_urgent_is_what_the_carer_says(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    rows = [entry(f"row {n}", urgent=words) for n, words in enumerate(("YES", "", "he is here"))]
    imports(log_csv(tmp_path / "log.csv", *rows))
    assert [observation.urgent_reason for observation in intake.observations] == [
        "marked urgent in the log",
        None,
        "he is here",
    ]


@pytest.mark.parametrize(
    ("said", "chain", "code"),
    [
        ("me", (), "saw-or-heard"),
        ("I saw it", (), "saw-or-heard"),
        ("Jade", ("Jade",), None),
        ("Jade told me", ("Jade",), None),
        ("my daughter", ("my child",), "child-told"),
        ("she", ("my child",), "child-told"),
        ("Jean next door, who heard it from my son", ("Jean next door", "my child"), None),
        ("Kayleigh, who was told by Jade", ("Kayleigh", "Jade"), None),
        ("Kayleigh <- Jade <- Mo", ("Kayleigh", "Jade", "Mo"), None),
    ],
)
def test_who_told_whom_nearest_first(
    imports: Importing,
    intake: FakeIntake,
    tmp_path: Path,
    said: str,
    chain: tuple[str, ...],
    code: str | None,
) -> None:
    imports(log_csv(tmp_path / "log.csv", entry("out again", who=said, how="")))
    (told,) = intake.observations
    assert (told.told_by, told.how_known) == (chain, code)


def test_without_a_case_nobody_knows_whose_child_told(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    path = log_csv(tmp_path / "log.csv", entry("out again", who="my daughter", child=""))
    imports(path, dry_run=False)
    (told,) = intake.observations
    assert (told.case, told.told_by, told.how_known) == (None, (), "saw-or-heard")


def test_the_case_of_the_import_is_that_of_rows_that_name_none(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    rows = [entry("out", who="she", how="", child=""), entry("in", child="C-2")]
    imports(log_csv(tmp_path / "log.csv", *rows), case="C-4")
    assert [(observation.case, observation.told_by) for observation in intake.observations] == [
        ("C-4", ("my child",)),
        ("C-2", ()),
    ]


@pytest.mark.parametrize(
    ("relation", "kind"),
    [
        ("Mum", "parent"),
        ("step-dad", "parent"),
        ("stepmother", "parent"),
        ("stepbrother", "relative"),
        ("Grandmother", "relative"),
        ("foster carer", "carer"),
        ("head of year", "school"),
        ("PC", "police"),
        ("support worker", "partner"),
        ("", "not-known"),
    ],
)
def test_who_writes_is_a_kind_of_source(relation: str, kind: str) -> None:
    assert kind_of(relation) == kind

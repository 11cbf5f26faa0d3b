"""A file that is imported twice is recorded once, whatever was recorded in between."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.files.problems import BadFile
from ingest.importing.read_and_record import BATCH
from tests.ingest.conftest import (
    HEADINGS,
    FakeIntake,
    Importing,
    Interrupted,
    as_csv,
    entry,
    lines,
    log_csv,
)

words = st.text(
    st.characters(blacklist_categories=["Cs", "Cc", "Cf", "Cn", "Co"]), min_size=1, max_size=12
).filter(str.strip)


@settings(max_examples=40)
@given(st.lists(words, min_size=1, max_size=8), st.lists(words, max_size=4))
def test_a_grown_log_repeats_nothing(before: list[str], after: list[str]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        intake = FakeIntake()
        imports = Importing(intake, Path(directory) / "originals")
        path = Path(directory) / "log.csv"
        rows = [entry(each) for each in before]
        first = imports(log_csv(path, *rows))
        again = imports(path)
        grown = imports(log_csv(path, *rows, *[entry(each) for each in after]))
        assert first.recorded == len(before)
        assert (again.recorded, again.already_recorded) == (0, len(before))
        assert (grown.recorded, grown.already_recorded) == (len(after), len(before))
        assert len(intake.recorded) == len(before) + len(after)


def test_the_same_words_twice_in_one_log_are_two_entries(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    imports(log_csv(tmp_path / "log.csv", entry("out again"), entry("out again")))
    assert len(intake.recorded) == 2


def test_two_carers_who_write_the_same_are_two_entries(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    imports(
        log_csv(tmp_path / "a.csv", entry("out again", your="Marion Oakes")),
        log_csv(tmp_path / "b.csv", entry("out again", your="Denise Hollin")),
    )
    assert len(intake.recorded) == 2


def test_a_row_that_became_urgent_comes_in_again(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    imports(log_csv(tmp_path / "log.csv", entry("he is outside")))
    imports(log_csv(tmp_path / "log.csv", entry("he is outside", urgent="yes")))
    assert [observation.urgent_reason for observation in intake.observations] == [
        None,
        "marked urgent in the log",
    ]


def test_relative_dates_are_the_same_entry_on_another_day(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    from datetime import timedelta

    from tests.ingest.conftest import NOW

    path = log_csv(tmp_path / "log.csv", entry("out again", date="last Tuesday", time=""))
    imports(path)
    imports(path, now=NOW + timedelta(days=9))
    assert len(intake.recorded) == 1


def test_an_interrupted_import_goes_on_at_the_batch_where_it_stopped(tmp_path: Path) -> None:
    rows = 2 * BATCH + 10
    path = log_csv(tmp_path / "log.csv", *[entry(f"row {n}") for n in range(rows)])
    intake = FakeIntake(fails_after=1)
    imports = Importing(intake, tmp_path / "originals")
    with pytest.raises(Interrupted):
        imports(path)
    assert len(intake.recorded) == BATCH
    intake.fails_after = None
    report = imports(path)
    assert (report.already_recorded, report.recorded) == (BATCH, BATCH + 10)
    assert intake.batches == [BATCH, BATCH, 10]
    assert len(intake.files) == 1


def test_a_dry_run_stores_nothing_and_says_what_would_be(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    path = log_csv(tmp_path / "log.csv", entry("one"), entry("tw\0o"))
    report = imports(path, dry_run=True)
    assert (report.recorded, report.rejections) == (1, 1)
    assert not intake.recorded
    assert not intake.files
    assert not imports.originals.exists()


def test_a_mended_reject_is_recorded_once_however_often_either_file_comes(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    path, rejects = log_csv(tmp_path / "log.csv", entry("one"), entry("tw\0o")), tmp_path / "r.csv"
    first = imports(path, rejects=rejects)
    assert first.rejects_file == rejects
    assert rejects.stat().st_mode & 0o777 == 0o600
    (line,) = lines(rejects)
    assert line["_row"] == "3"
    assert line["_column"] == HEADINGS[2]
    mended = tmp_path / "mended.csv"
    line[HEADINGS[2]] = "two"
    as_csv(mended, [*line], [*line.values()])
    assert imports(mended).recorded == 1
    assert imports(mended).already_recorded == 1
    again = imports(path)
    assert (again.recorded, again.already_recorded, again.rejections) == (0, 2, 0)
    assert [observation.words.split("\n")[0] for observation in intake.observations] == [
        "one",
        "two",
    ]


def test_a_reject_that_is_still_bad_keeps_its_identity(imports: Importing, tmp_path: Path) -> None:
    path, rejects = log_csv(tmp_path / "log.csv", entry("")), tmp_path / "r.csv"
    as_csv(path, ("Date", "Notes"), ("1/2/2011", ""))
    imports(path, rejects=rejects)
    (before,) = lines(rejects)
    imports(rejects, rejects=tmp_path / "again.csv")
    (after,) = lines(tmp_path / "again.csv")
    assert before["_id"] == after["_id"]


def test_rejects_of_several_forms_stand_in_one_file(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    log = as_csv(tmp_path / "log.csv", ("Date", "Notes"), ("1/2/2011", ""))
    links = as_csv(tmp_path / "links.csv", ("source", "target"), ("A", ""), ("A", "B"))
    others = as_csv(tmp_path / "others.csv", ("Source", "Target"), ("B", ""))
    rejects = tmp_path / "r.csv"
    report = imports(log, links, others, rejects=rejects)
    assert report.rejections == 3
    rows = list(lines(rejects))
    rows[0]["Notes"], rows[1]["target"], rows[2]["target"] = "she was out", "C", "D"
    as_csv(rejects, [*rows[0]], *[[*row.values()] for row in rows])
    imports(rejects)
    assert [observation.words for observation in intake.observations] == ["she was out"]
    assert [(link.source, link.target) for link in intake.links] == [
        ("A", "B"),
        ("A", "C"),
        ("B", "D"),
    ]


def test_a_formula_in_a_reject_is_harmless_and_comes_back_as_it_was(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    path, rejects = tmp_path / "log.csv", tmp_path / "r.csv"
    as_csv(path, ("When", "Notes", "=Car"), ("=1+1", "a\0b", "-none"))
    imports(path, rejects=rejects)
    (line,) = lines(rejects)
    assert (line["When"], line["'=Car"]) == ("'=1+1", "'-none")
    line["Notes"] = "ab"
    as_csv(rejects, [*line], [*line.values()])
    imports(rejects)
    (told,) = intake.observations
    assert told.words == "ab\n=Car: -none"
    assert told.happened is not None
    assert told.happened.words == "=1+1"


def test_progress_is_reported(imports: Importing, tmp_path: Path) -> None:
    path = log_csv(tmp_path / "log.csv", *[entry(f"row {n}") for n in range(BATCH + 1)])
    seen: list[int] = []
    imports(path, on_progress=lambda progress: seen.append(progress.done))
    assert seen == [0, BATCH, BATCH + 1]


def test_words_do_not_wait_for_the_source_register(tmp_path: Path) -> None:
    intake = FakeIntake(register_down=True)
    report = Importing(intake, tmp_path / "originals")(log_csv(tmp_path / "log.csv"))
    assert report.recorded == 1
    assert not intake.asked_register


def test_rejects_of_an_interrupted_import_are_not_lost(tmp_path: Path) -> None:
    rows = [entry("tw\0o"), *[entry(f"row {n}") for n in range(BATCH + 1)]]
    intake = FakeIntake(fails_after=1)
    imports, rejects = Importing(intake, tmp_path / "originals"), tmp_path / "rejects.csv"
    with pytest.raises(Interrupted):
        imports(log_csv(tmp_path / "log.csv", *rows), rejects=rejects)
    assert len(list(lines(rejects))) == 1


def test_a_folder_for_the_rejects_that_is_not_there(imports: Importing, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="Make the folder"):
        imports(log_csv(tmp_path / "log.csv"), rejects=tmp_path / "gone" / "rejects.csv")
    assert not imports.intake.recorded

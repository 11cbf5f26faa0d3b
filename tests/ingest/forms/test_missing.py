"""A list of missing children is imported: each row is one missing episode with its end, and a list
that is imported twice is recorded once.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from commands.families import referral
from domain.families.referral import (
    CaseFlagged,
    MissingFound,
    MissingReported,
    ReturnInterviewRecorded,
)
from ingest.files.mapping import Mapping
from ingest.files.report import ImportReport
from ingest.importing.load import import_files
from installation.system import System
from projections import missing
from tests.ingest.conftest import as_csv, as_xlsx, lines, opened

HEADINGS = (
    "Case reference", "Child's name", "Missing since", "Risk", "Last seen where", "Last seen with",
    "Reported by carer", "Why not reported", "Found", "Found where", "Found with", "Found by",
    "Return interview", "Interviewed by", "Notes",
)  # fmt: skip
ROW = (
    "E-1", "Tilly Marsh", "2011-03-01 22:30", "High risk", "the gate", "a man", "no",
    "she always comes back", "2011-03-03 04:00", "Station Hotel, Town B", "two men", "a patrol",
    "held", "v.reed", "no coat",
)  # fmt: skip


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def system(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[System]:
    url = request.getfixturevalue("copy_url") if request.param == "postgres" else None
    made = opened(tmp_path / "store", url, "mfh.quill")
    referral.receive(made.desk, made.reader, child="Tilly Marsh", reference="E-1")
    referral.receive(made.desk, made.reader, child="Leah Vale", reference="E-2")
    yield made
    made.close()


def bring_in(system: System, path: Path, **told: Any) -> ImportReport:
    return import_files(
        system.desk,
        system.reader,
        [path],
        originals=system.originals,
        now=system.clock(),
        **told,
    )


def events(system: System, kind: type) -> list[Any]:
    log = system.logs["evidence"]
    return [fact.event for fact in log.read(0, 10_000) if isinstance(fact.event, kind)]


def row(**changes: str) -> tuple[str, ...]:
    """Return a row of a list of missing children; `changes` sets cells by their heading."""
    return tuple(changes.get(heading.replace(" ", "_"), told) for heading, told in zip(
        HEADINGS, ROW, strict=True
    ))  # fmt: skip


def test_a_row_is_one_time_with_what_became_of_it(system: System, tmp_path: Path) -> None:
    path = as_csv(tmp_path / "missing.csv", HEADINGS, ROW)
    report = bring_in(system, path)
    assert (report.files[0].form, report.recorded, report.rejections) == ("missing", 1, 0)
    (told,) = events(system, MissingReported)
    assert (told.since, told.risk, told.carer_reported) == (
        datetime(2011, 3, 1, 22, 30, tzinfo=UTC),
        "high",
        False,
    )
    assert (told.unreported, told.unreported_words) == ("other", "she always comes back")
    assert (told.seen_where, told.seen_with, told.note) == ("the gate", "a man", "no coat")
    assert (told.origin.row, told.origin.name) == (2, "missing.csv")
    (found,) = events(system, MissingFound)
    assert (found.where, found.company, found.finder) == (
        "Station Hotel, Town B",
        "two men",
        "a patrol",
    )
    (held,) = events(system, ReturnInterviewRecorded)
    assert (held.state, held.by) == ("held", "v.reed")
    with system.reading() as db:
        figure = missing.figure(db, system.reader, datetime(2011, 6, 1, tzinfo=UTC))
    assert (figure.children, figure.nights) == (1, 2)


def test_twice_is_once_from_whichever_file(system: System, tmp_path: Path) -> None:
    bring_in(system, as_csv(tmp_path / "missing.csv", HEADINGS, ROW))
    before = system.logs["evidence"].last()
    again = bring_in(system, tmp_path / "missing.csv")
    assert (again.recorded, again.already_recorded) == (0, 1)
    book = as_xlsx(tmp_path / "other.xlsx", HEADINGS, ROW, sheet="March")
    assert bring_in(system, book).already_recorded == 1
    assert len(events(system, MissingReported)) == 1
    assert system.logs["evidence"].last() == before + 1, "that another file came"


def test_a_later_list_says_that_a_child_was_found(system: System, tmp_path: Path) -> None:
    away = row(Found="", Found_where="", Found_with="", Found_by="", Return_interview="")
    bring_in(system, as_csv(tmp_path / "monday.csv", HEADINGS, away))
    with system.reading() as db:
        assert len(missing.now(db, system.reader)) == 1
    report = bring_in(system, as_csv(tmp_path / "tuesday.csv", HEADINGS, ROW))
    assert (report.recorded, report.rejections) == (1, 0)
    assert len(events(system, MissingReported)) == len(events(system, MissingFound)) == 1
    other = row(Notes="a coat after all")
    report = bring_in(system, as_csv(tmp_path / "wednesday.csv", HEADINGS, other))
    assert "is recorded already" in report.rejected[0].reason


@pytest.mark.parametrize(
    ("changes", "column", "said"),
    [
        ({"Missing_since": ""}, "Missing since", "the time at which"),
        (
            {"Missing_since": "soon after tea, I think"},
            "Missing since",
            "is not a date with a time",
        ),
        ({"Missing_since": "2031-03-01 22:30"}, "Missing since", "in the future"),
        ({"Found": "2011-02-01 04:00"}, "Found", "found before"),
        (
            {"Case_reference": "", "Child's_name": ""},
            "Child's name",
            "the row has neither a child nor a reference",
        ),
        ({"Case_reference": "E-9", "Child's_name": ""}, None, "refer the child first"),
        ({"Case_reference": "", "Child's_name": "Nobody Known"}, None, "refer the child first"),
    ],
)
def test_what_is_wrong_is_reported_by_file_row_and_column(
    system: System, tmp_path: Path, changes: dict[str, str], column: str | None, said: str
) -> None:
    good = row(Case_reference="E-2", **{"Child's_name": "Leah Vale"})
    path, rejects = tmp_path / "missing.csv", tmp_path / "rejects.csv"
    report = bring_in(system, as_csv(path, HEADINGS, good, row(**changes)), rejects=rejects)
    (wrong,) = report.rejected
    assert said in wrong.reason
    assert (wrong.place.file, wrong.place.row, wrong.place.column) == ("missing.csv", 3, column)
    assert report.recorded == 1, "the other row is taken all the same"
    (line,) = lines(rejects)
    mended = line | dict(zip(HEADINGS, ROW, strict=True))
    again = as_csv(tmp_path / "mended.csv", [*mended], [*mended.values()])
    assert bring_in(system, again).recorded == 1
    assert bring_in(system, path).already_recorded == 2


def test_what_is_odd_is_flagged_and_kept(system: System, tmp_path: Path) -> None:
    odd = row(Risk="amber", Reported_by_carer="perhaps", Return_interview="planned")
    report = bring_in(system, as_csv(tmp_path / "missing.csv", HEADINGS, odd))
    assert report.recorded == 1
    raw = [event.raw for event in events(system, CaseFlagged) if event.code == "other"]
    assert raw == ["perhaps", "amber", "planned", "v.reed"]


def test_a_mapping_names_columns_of_other_headings(system: System, tmp_path: Path) -> None:
    path = as_csv(tmp_path / "misper.csv", ("Misper", "Off"), ("Tilly Marsh", "2011-03-01 22:30"))
    mapping = Mapping(columns={"child": "Misper", "since": "Off"}, fixed={})
    assert bring_in(system, path, form="missing", mapping=mapping).recorded == 1
    assert len(events(system, MissingReported)) == 1

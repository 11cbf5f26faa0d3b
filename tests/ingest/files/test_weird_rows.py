"""If a row is bad, only this row is rejected: whatever a file contains, its other rows are
imported.
"""

import csv
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.intelligence.link import LinkAsserted
from ingest.files.report import ImportReport
from ingest.importing.load import import_files
from installation.opening import open_system
from installation.settings import load_settings
from installation.system import System
from tests.ingest.conftest import as_csv

LINKS = (
    "source", "source_kind", "target", "target_kind", "link", "valid_from", "valid_to", "weight",
    "reference", "information", "source_grade", "handling",
)  # fmt: skip
LOG = ("Date", "Time", "What was said", "Who told you", "How do you know?", "Urgent?")
CELLS = [
    "", " ", "-", "0", "person", "vehicle", "phone", "handle", "place", "person/suspect",
    "PK95 ABC", "pk95abc", "07700 900123", "+44 7700 900123", "0-(000)061-7690", "@x_1",
    "snapchat: x_1", "x_1@snap", "Mill Ln", "mill lane", "Baz", "baz ", "BAZ", "=1+1",
    "2011-02-14", "0001-01-01", "9999-12-31", "9999-12-31T23:59", "31/02/2011", "40000",
    "99999", "1e308", "nan", "inf", "-1", "2010-10-31T01:30", "24:00", "A", "E", "2", "9",
    "P", "C", "yes", "\u202e", "\u200b", "\ufeff", "\x00", "\x1b", "🙂", "٣", "ß", "a" * 9000,
]  # fmt: skip
WEIRD = st.one_of(st.sampled_from(CELLS), st.text(max_size=12))
ROWS = st.lists(st.lists(WEIRD, min_size=12, max_size=12), max_size=8)


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    home = tmp_path_factory.mktemp("weird") / "store"
    given_settings = load_settings(store=str(home), home=home, user="importer")
    now = datetime(2012, 1, 1, tzinfo=UTC)
    opened = open_system(given_settings, create=True, synthetic=True, now=now)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def bring_in(
    system: System, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, list[list[str]]], ImportReport]:
    folder, number = tmp_path_factory.mktemp("files"), count()

    def taken(form: str, rows: list[list[str]]) -> ImportReport:
        path = folder / f"{next(number)}.csv"
        head = LINKS if form == "links" else LOG
        with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
            csv.writer(file).writerows([head, *(row[: len(head)] for row in rows)])
        first, again = (
            import_files(
                system.desk,
                system.reader,
                [path],
                originals=system.originals,
                now=system.clock(),
                form=form,
                shown=None,
            )
            for _ in range(2)
        )
        assert first.recorded + first.already_recorded + first.rejections == first.read
        assert again.recorded == 0
        assert again.rejections == first.rejections
        return first

    return taken


@pytest.mark.parametrize("form", ["links", "provenance-log"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ROWS)
def test_no_row_ends_a_file(
    bring_in: Callable[[str, list[list[str]]], ImportReport], form: str, rows: list[list[str]]
) -> None:
    bring_in(form, rows)


def test_rows_of_control_bytes_alone_are_rejected_and_the_others_come_in(
    bring_in: Callable[[str, list[list[str]]], ImportReport],
) -> None:
    """In a table with a plain heading row, rows of control bytes are rejected and the other rows
    are imported. (Such a file must not be taken for a picture.)"""
    words = ["2011-02-14", "22:15", "A red car again", "Mum", "she saw it", "no"]
    told = bring_in("provenance-log", [*[["\x01\x02"] * 12] * 40, words])
    assert (told.read, told.recorded) == (41, 1)


SPELLINGS = [
    ("phone", "07700 900901", "+44 7700 900901"),
    ("vehicle", "AB93 CDE", "ab93cde"),
    ("handle", "snapchat: new_one", "New_One@snap"),
    ("place", "Canal Rd, Town C", "canal road town c"),
    ("person", "Somebody New", "somebody new "),
]


@pytest.mark.parametrize("number", range(len(SPELLINGS)))
def test_two_spellings_of_one_new_thing_are_one_rejected_row(
    system: System, tmp_path: Path, number: int
) -> None:
    kind, one, other = SPELLINGS[number]
    head = ("source", "source_kind", "target", "target_kind")
    before = len(_link_events(system))
    rows = [
        (f"Left {number}", "person", f"Right {number}", "person"),
        (one, kind, other, kind),
        (f"Right {number}", "person", one, kind),
    ]
    rejects = tmp_path / "rejects.csv"

    def bring(path: Path) -> ImportReport:
        return import_files(
            system.desk,
            system.reader,
            [path],
            originals=system.originals,
            now=system.clock(),
            rejects=rejects,
        )

    path = as_csv(tmp_path / "calls.csv", head, *rows)
    report = bring(path)
    assert (report.recorded, report.rejections) == (2, 1)
    assert "two different ends" in report.rejected[0].reason
    assert len(_link_events(system)) == before + 2
    again = bring(path)
    assert (again.recorded, again.already_recorded, again.rejections) == (0, 2, 1)
    mended = rejects.read_text(encoding="utf-8-sig").replace(other.strip(), f"Third {number}", 1)
    lines = mended.splitlines()
    lines[1] = lines[1].replace(f"Third {number},{kind}", f"Third {number},person")
    (tmp_path / "mended.csv").write_text("\n".join(lines))
    done = bring(tmp_path / "mended.csv")
    assert (done.recorded, done.rejections) == (1, 0)


def _link_events(system: System) -> list[object]:
    log = system.logs["evidence"]
    return [f.event for f in log.read(0, 10_000) if isinstance(f.event, LinkAsserted)]

"""An answer in CSV format is one file if it has one table, and an archive of files if it has
several. Each row has the protective marking."""

import csv
import io
import zipfile
from datetime import date

from projections.people_and_teams.team_statements import ServiceRow
from usecases.families.report_card import ReadCard
from usecases.kernel.csv_tables import csv_tables
from usecases.kernel.question import Answer
from usecases.people_and_teams.team_statements import ListServices

ROWS = (
    ServiceRow(0, "Engage", "training", "offered", "=schools, foster carers", date(2010, 10, 1)),
    ServiceRow(0, "Freedom", "training"),
)
#: The content of a cell with the apostrophe that makes a spreadsheet treat it as text.
CELL = "'=schools, foster carers"


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def test_one_table_is_a_file_in_which_nothing_is_a_formula() -> None:
    content = csv_tables(ListServices(), Answer((ROWS,)))
    assert read(content) == [
        ["activity", "team", "status", "offered to", "since"],
        ["Training and awareness raising", "Engage", "yes", CELL, "2010-10-01"],
        ["Training and awareness raising", "Freedom", "NK", "", ""],
    ]


def test_several_tables_are_an_archive_with_the_marking_on_each_row() -> None:
    number = [table.name for table in ReadCard.tables()].index("services")
    tables = tuple(ROWS if place == number else () for place in range(len(ReadCard.tables())))
    answer = Answer(tables, ("Within the team: read by ds.hart",), marking="Within the team")
    content = csv_tables(ReadCard(), answer)
    assert content == csv_tables(ReadCard(), answer), "the same bytes again"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["services.csv", "notes.txt"], "a table without rows is none"
        assert archive.read("notes.txt") == b"Within the team: read by ds.hart\n"
        head, *rows = read(archive.read("services.csv"))
    assert head[-1] == "marking"
    assert [row[-1] for row in rows] == ["Within the team"] * 2

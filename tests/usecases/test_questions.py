"""A question is declared once: the terminal, the page and the workbook show the same rows, and
each workbook is written down before it leaves."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from domain.governance import ExportMade
from domain.referral import MissingFound, MissingReported
from tests.commands.office import Office, opened
from tests.console.conftest import Line
from tests.web.conftest import House, Somebody
from usecases.every import QUESTIONS
from web.app import make_app

WHO = "ds.hart"


@dataclass
class Desk:
    """One store, asked at the command line and on a screen."""

    office: Office
    line: Line
    screen: Somebody

    def typed(self, *words: str) -> str:
        told = self.office.system.clock.told
        assert told
        said = self.line("--user", WHO, "--clock", told.isoformat(), *words)
        assert said.code == 0, said
        return said.out


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    office = opened(tmp_path / "store")
    first, second = office.case("Kayleigh Marlow"), office.case("Ann Field")
    office.words("He waits at the gate", case=str(first))
    from commands import casework, proposal

    casework.assess_threshold(office.desk, office.reader, str(first), "high", reason="seen")
    for case in (first, second):
        for _ in range(2):
            casework.report_missing(office.desk, office.reader, str(case), MissingReported())
            office.later(30)
            found = MissingFound(where="Station Hotel, Town B")
            casework.record_found(office.desk, office.reader, str(case), found)
    away = MissingReported(risk="high", seen_where="the gate")
    casework.report_missing(office.desk, office.reader, str(first), away)
    proposal.close(office.desk, office.reader, str(second), "quiet since May")
    line = Line(str(tmp_path / "store"), tmp_path / "store")
    screen = House(office, make_app(office.system)).somebody(WHO)
    yield Desk(office, line, screen)
    line.close()
    office.system.close()


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_same_rows_stand_everywhere(desk: Desk, name: str, tmp_path: Path) -> None:
    question = QUESTIONS[name]
    rows = question().rows(desk.office.desk, desk.office.reader, desk.office.desk.clock())
    page = desk.screen.get(f"/list/{name}")
    assert page.status_code == 200
    shown = page.text.count("<tr>") - 1 if rows else 0
    assert shown == len(rows)
    book = tmp_path / "list.xlsx"
    desk.typed(name, "--xlsx", str(book), "--purpose", "the weekly meeting")
    (export,) = desk.office.events(ExportMade, "access")
    assert (export.form, export.filters["question"]) == ("xlsx", name)
    assert export.purpose == "the weekly meeting"
    head, *lines = CalamineWorkbook.from_path(str(book)).get_sheet_by_index(0).to_python()
    assert head == [one.label for one in question().columns()]
    assert len(lines) == len(rows)
    table = desk.typed(name)
    if not rows:
        assert question.asked_as.empty in table
        assert question.asked_as.empty in page.text
    for line, row in zip(lines, rows, strict=True):
        for told, one in zip(line, question().columns(), strict=True):
            if one.form == "text" and told not in ("", None):
                words = str(int(told) if isinstance(told, float) else told)
                assert words == str(getattr(row, one.name))
                assert words in table
                assert words in page.text


def test_what_is_taken_from_a_screen_is_what_was_asked(desk: Desk) -> None:
    asked = desk.screen.ask("/list/cases", every="true")
    assert '<input type="hidden" name="every" value="true">' in asked.text
    sent = desk.screen.send("/list/cases.xlsx", every="true")
    assert sent.headers["content-disposition"] == 'attachment; filename="cases.xlsx"'
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(sent.content)).get_sheet_by_index(0)
    assert len(sheet.to_python()) == 3
    (export,) = desk.office.events(ExportMade, "access")
    assert export.filters["every"] == "True"


def test_what_cannot_be_asked_is_told(desk: Desk) -> None:
    assert desk.screen.get("/list/nothing").status_code == 404
    assert "continuum: " in desk.line("--user", WHO, "cases", "--nobody").err


def test_each_question_says_what_it_answers() -> None:
    for name, question in QUESTIONS.items():
        assert re.match(r"[A-Z].*\.", " ".join((question.__doc__ or "").split())), name
        assert question.asked_as.acts, name

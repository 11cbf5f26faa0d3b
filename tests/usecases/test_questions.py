"""A question is declared once: the terminal, the page and the workbook show the same rows, and
each workbook is written down before it leaves."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from python_calamine import CalamineWorkbook
from starlette.testclient import TestClient

from commands import casework, compartment, proposal
from domain.governance import ExportMade
from settings import Settings
from tests.access.worlds import EXTRAS, Drawn, World, common, drawn, hidden_from, staffed  # noqa: F401
from tests.commands.office import Office, opened
from tests.console.conftest import Line, Said
from tests.web.conftest import House, Somebody
from usecases.every import QUESTIONS
from usecases.fields import fields_of
from usecases.former import KEYS
from usecases.question import Question
from web.api.asked import Asking
from web.app import make_app

WHO = "ds.hart"


@dataclass
class Desk:
    """One store, asked at the command line, on a screen and by a program."""

    office: Office
    line: Line
    screen: Somebody
    program: TestClient
    case: UUID

    def typed(self, *words: str) -> Said:
        told = self.office.system.clock.told
        assert told
        said = self.line("--user", WHO, "--clock", told.isoformat(), *words)
        assert said.code == 0, said
        return said

    def given(self, question: type[Question]) -> dict[str, str]:
        """What it cannot be asked without."""
        fields = [one for one in fields_of(question) if one.required]
        return {one.name: one.codes[0] if one.codes else str(self.case) for one in fields}

    def answered(self, path: str, **asked: Any) -> Any:
        """All that a program reads, page by page where there are pages."""
        found = self.program.get(f"/api/v1{path}", params=asked)
        assert found.status_code == 200, found.text
        page = found.json()
        if isinstance(page, list) or "next" not in page:
            return page
        rows = page["rows"]
        while page["next"]:
            page = self.program.get(page["next"]).json()
            rows += page["rows"]
        return list(rows)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    office = opened(tmp_path / "store")
    first, second = office.case("Kayleigh Marlow"), office.case("Ann Field")
    office.words("He waits at the gate", case=str(first))
    told, to = (office.desk, office.reader), str(first)
    casework.assess_threshold(*told, to, "high", reason="seen")
    proposal.close(*told, str(second), "quiet since May")
    for category in ("allergy", "medication"):
        compartment.note_health(*told, to, category, "Nuts.", None)
    compartment.place(*told, to, "residential", "12 Canal Road, Town B")
    line = Line(str(tmp_path / "store"), tmp_path / "store")
    app = make_app(office.system)
    screen = House(office, app).somebody(WHO)
    program = TestClient(app, base_url="http://127.0.0.1", headers={"X-Continuum-User": WHO})
    yield Desk(office, line, screen, program, first)
    line.close()
    office.system.close()


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_same_rows_stand_everywhere(desk: Desk, name: str, tmp_path: Path) -> None:
    question = QUESTIONS[name]
    given, slug = desk.given(question), question.asked_as.slug
    office = desk.office
    answer = question(**given).answer(office.desk, office.reader, office.desk.clock())
    words = (*name.split(), *given.values())
    page = desk.screen.get(f"/list/{slug}", params=given)
    assert page.status_code == 200
    assert page.text.count("<tr>") == sum(len(rows) + 1 for rows in answer if rows)
    book = tmp_path / "list.xlsx"
    desk.typed(*words, "--xlsx", str(book), "--purpose", "the weekly meeting")
    (export,) = office.events(ExportMade, "access")
    assert (export.form, export.filters["question"]) == ("xlsx", name)
    assert export.purpose == "the weekly meeting"
    opened_book, typed = CalamineWorkbook.from_path(str(book)), desk.typed(*words).out
    for number, (table, rows) in enumerate(zip(question.tables(), answer, strict=True)):
        head, *lines = opened_book.get_sheet_by_index(number).to_python()
        assert head == [one.label for one in table.row.columns]
        assert len(lines) == len(rows)
        if not rows:
            assert table.empty in typed
            assert table.empty in page.text
        for line, row in zip(lines, rows, strict=True):
            for told, one in zip(line, table.row.columns, strict=True):
                if one.form == "text" and told not in ("", None):
                    said = str(int(told) if isinstance(told, float) else told)
                    assert said == str(getattr(row, one.name))
                    assert said in typed
                    assert said in page.text


@pytest.mark.parametrize("name", QUESTIONS)
def test_programs_read_the_same_rows(desk: Desk, name: str) -> None:
    question = QUESTIONS[name]
    given, asking = desk.given(question), Asking(question)
    typed = desk.typed(*name.split(), *given.values(), "--json").json
    paged = {} if asking.whole else {"limit": 1}
    read = desk.answered(asking.path, **given, **paged)
    if name in KEYS:
        typed = [{key: row[own] for key, own in KEYS[name].items()} for row in typed]
    assert read == typed


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
        assert all(table.row.columns and table.row.order for table in question.tables()), name


def test_what_is_called_nothing_is_refused_alike(desk: Desk) -> None:
    wrong = "There is no case"
    line = desk.line("--user", WHO, "health", "list", "NOWHERE")
    assert (line.code, wrong.lower() in line.err) == (2, True)
    page = desk.screen.get("/list/health-list", params={"case": "NOWHERE"})
    assert (page.status_code, wrong in page.text) == (404, True)
    assert 'value="NOWHERE"' in page.text
    read = desk.program.get("/api/v1/health-list", params={"case": "NOWHERE"})
    assert (read.status_code, wrong.lower() in read.json()["detail"]) == (404, True)


def test_what_it_cannot_be_asked_without_is_asked_for(desk: Desk) -> None:
    page = desk.screen.get("/list/health-list")
    assert (page.status_code, "<tr>" in page.text) == (200, False)
    assert 'name="case"' in page.text
    assert "CASE: nothing was told" in desk.line("--user", WHO, "health", "list").err
    assert desk.program.get("/api/v1/health-list").status_code == 422


# --- what one may not see changes nothing -------------------------------------------------------

#: Who sees their own family, and of another team's nothing.
LITTLE = "psw.ellis"


def _shown(page: Any) -> tuple[int, list[str]]:
    """What stands on a page: its rows, or why there are none."""
    return page.status_code, re.findall(r"<td.*?</td>|<li>.*?</li>|govuk-body-l.*", page.text)


def _answers(world: World) -> dict[tuple[str, str], Any]:
    """All questions on all fronts, about one's own case, another team's and none."""
    world.did(5000, LITTLE, "cases")
    assert world.line.kept.system
    app = make_app(world.line.kept.system)
    screen = House(Office(world.line.kept.system, Settings()), app).somebody(LITTLE)
    headers = {"X-Continuum-User": LITTLE}
    program = TestClient(app, base_url="http://127.0.0.1", headers=headers)
    found: dict[tuple[str, str], Any] = {}
    for name, question in QUESTIONS.items():
        for about in (world.ids["case"], world.ids["theirs"], str(UUID(int=9))):
            fields = [one for one in fields_of(question) if one.required]
            given = {one.name: one.codes[0] if one.codes else about for one in fields}
            asking, slug = Asking(question), question.asked_as.slug
            said = world.do(5000, LITTLE, *name.split(), *given.values(), "--json")
            read = program.get(f"/api/v1{asking.path}", params=given)
            shown = _shown(screen.get(f"/list/{slug}", params=given))
            found[name, about] = said, (read.status_code, read.content), shown
    return found


def test_what_one_may_not_see_changes_no_answer(tmp_path: Path, drawn: Drawn) -> None:  # noqa: F811
    worlds = []
    for name in ("first", "second"):
        world = staffed(Line(str(tmp_path / name), tmp_path / name), drawn)
        common(world)
        worlds.append(world)
    second = worlds[1]
    for number, more in enumerate(hidden_from("psw")):
        EXTRAS[more].do(second, 100 + number, number)
    try:
        here, there = map(_answers, worlds)
        for asked, answer in here.items():
            assert answer == there[asked], asked
        own = worlds[0].ids["case"]
        for on_a_front in here["cases", own]:
            assert own[-8:] in str(on_a_front)
    finally:
        for world in worlds:
            world.line.close()

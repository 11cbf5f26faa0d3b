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

from commands import casework, compartment, escalation, proposal
from domain.governance import ExportMade
from domain.values import Role
from tests.access.test_noninterference import NOWHERE, Pair, pair  # noqa: F401
from tests.access.test_noninterference_http import Seat, grown
from tests.access.worlds import ENGAGE, drawn  # noqa: F401
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


def filled(question: type[Question], case: object) -> dict[str, str]:
    """What it cannot be asked without, about this case."""
    fields = [one for one in fields_of(question) if one.required]
    return {one.name: one.codes[0] if one.codes else str(case) for one in fields}


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


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Asked alone, by all tests in turn."""
    home = tmp_path_factory.mktemp("questions") / "store"
    office = opened(home)
    first, second = office.case("Kayleigh Marlow"), office.case("Ann Field")
    office.words("He waits at the gate", case=str(first))
    told, to = (office.desk, office.reader), str(first)
    casework.assess_threshold(*told, to, "high", reason="seen")
    proposal.close(*told, str(second), "quiet since May")
    for category in ("allergy", "medication"):
        compartment.note_health(*told, to, category, "Nuts.", None)
    compartment.place(*told, to, "residential", "12 Canal Road, Town B")
    escalation.escalate(*told, "My referral was deleted", "it is my sergeant")
    line = Line(str(home), home)
    by = ("--user", WHO, "--clock", office.desk.clock().isoformat())
    line(*by, "support", "contact", to, "--kind", "emotional-support", "--minutes", "50")
    opinion = ("--opinion", "opinion", "--of", "father", "--basis", "said so")
    for more in ((), (*opinion, "--review", "2011-12-01")):
        line(*by, "support", "note", to, *more, text="They came to the group.")
    app = make_app(office.system)
    screen = House(office, app).somebody(WHO)
    program = TestClient(app, base_url="http://127.0.0.1", headers={"X-Continuum-User": WHO})
    yield Desk(office, line, screen, program, first)
    line.close()
    office.system.close()


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_same_rows_stand_everywhere(desk: Desk, name: str, tmp_path: Path) -> None:
    question = QUESTIONS[name]
    given, slug = filled(question, desk.case), question.asked_as.slug
    office = desk.office
    answer = question(**given).answer(office.desk, office.reader, office.desk.clock())
    words = (*name.split(), *given.values())
    page = desk.screen.get(f"/list/{slug}", params=given)
    assert page.status_code == 200
    assert page.text.count("<tr>") == sum(len(rows) + 1 for rows in answer if rows)
    book = tmp_path / "list.xlsx"
    desk.typed(*words, "--xlsx", str(book), "--purpose", "the weekly meeting")
    *_, export = office.events(ExportMade, "access")
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
    given, asking = filled(question, desk.case), Asking(question)
    typed = desk.typed(*name.split(), *given.values(), "--json").json
    paged = {} if asking.whole else {"limit": 1}
    read = desk.answered(asking.path, **given, **paged)
    if name in KEYS:
        typed = [{key: row[own] for key, own in KEYS[name].items()} for row in typed]
    assert read == typed


def test_programs_of_before_read_what_they_read(desk: Desk) -> None:
    cases = desk.answered("/cases", closed="true", missing="false", limit=1)
    assert [set(row) for row in cases] == [
        {
            *("id", "number", "reference", "team", "child", "threshold"),
            *("worker_child", "worker_parents", "engagement_child", "engagement_parents"),
            *("missing_since", "opened", "closed"),
        }
    ] * 2
    assert all(row["child"] for row in cases)
    for path in ("/proposals", "/due", "/releases"):
        assert isinstance(desk.answered(path), list), path
    assert desk.answered("/stages")["counts"]["information"] == 1
    held = desk.answered("/compartment-show", case=str(desk.case), which="health")
    assert held == {"holders": [WHO]}


def test_what_is_taken_from_a_screen_is_what_was_asked(desk: Desk) -> None:
    asked = desk.screen.ask("/list/cases", every="true")
    assert '<input type="hidden" name="every" value="true">' in asked.text
    sent = desk.screen.send("/list/cases.xlsx", every="true")
    assert sent.headers["content-disposition"] == 'attachment; filename="cases.xlsx"'
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(sent.content)).get_sheet_by_index(0)
    assert len(sheet.to_python()) == 3
    *_, export = desk.office.events(ExportMade, "access")
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


@pytest.mark.parametrize("role", ["psw", "detective", "manager"])
def test_what_one_may_not_see_changes_no_answer(pair: Pair, role: Role) -> None:  # noqa: F811
    """All questions on all fronts, about one's own case, another team's and none; each costs the
    same number of statements, too."""
    worlds = grown(pair, (role,))
    name = next(name for name, theirs in ENGAGE.items() if theirs == role)
    cases = (worlds[0].ids["case"], worlds[0].ids["theirs"], NOWHERE)
    try:
        for world in worlds:
            world.did(5000, name, "cases")
        seats = [Seat(world, name) for world in worlds]
        for question in QUESTIONS.values():
            for case in cases:
                given = filled(question, case)
                words = (*question.asked_as.command.split(), *given.values(), "--json")
                typed = [world.do(5000, name, *words) for world in worlds]
                assert typed[0] == typed[1], words
                for path in (f"/api/v1{Asking(question).path}", f"/list/{question.asked_as.slug}"):
                    one, other = (seat.ask(path, given) for seat in seats)
                    assert one == other, (path, given)
                    counts = {len(seat.statements) for seat in seats}
                    assert len(counts) == 1, (path, given)
        assert cases[0][-8:] in seats[0].ask("/list/cases", {})[2]
        assert cases[0] in seats[0].ask("/api/v1/cases", {})[2]
    finally:
        for world in worlds:
            world.line.close()

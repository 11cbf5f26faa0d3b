"""A question is declared once: the terminal, the page and the workbook show the same rows, and
each workbook is written down before it leaves."""

import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from python_calamine import CalamineWorkbook
from starlette.testclient import TestClient

from commands import casework, compartment, proposal
from commands.desk import Prepared, facts
from domain.account import UserAdded
from domain.envelope import Submission
from domain.governance import ExportMade
from projections.columns import cells
from settings import Settings
from tests.access.worlds import EXTRAS, Drawn, World, common, drawn, hidden_from, staffed  # noqa: F401
from tests.commands.office import Office, opened
from tests.console.conftest import Line, Said
from tests.web.conftest import House, Somebody
from usecases.every import QUESTIONS
from usecases.fields import fields_of
from usecases.former import BY_HAND, KEYS
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

    def typed(self, *words: str, text: str = "") -> Said:
        told = self.office.system.clock.told
        assert told
        said = self.line("--user", WHO, "--clock", told.isoformat(), *words, text=text)
        assert said.code == 0, said
        return said

    def made(self, *words: str, text: str = "") -> str:
        """The id of what somebody recorded."""
        return self.typed(*words, "--id", text=text).out.strip()

    def given(self, question: type[Question]) -> dict[str, str]:
        """What it cannot be asked without."""
        fields = [one for one in fields_of(question) if one.required]
        return {one.name: one.codes[0] if one.codes else str(self.case) for one in fields}

    def answered(self, path: str, **asked: Any) -> list[Any]:
        """All rows that a program reads, page by page where there are pages."""
        found = self.program.get(f"/api/v1{path}", params=asked)
        assert found.status_code == 200, found.text
        page = found.json()
        if isinstance(page, list):
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
    made = Desk(office, line, screen, program, first)
    try:
        _recorded(made, str(first))
        yield made
    finally:
        line.close()
        office.system.close()


def _recorded(desk: Desk, case: str) -> None:
    """Something for every list: a network, a hold, a duty, what was shared, what does not fit."""
    made = desk.made
    told = ("--heard-from", "mum", "--told-by", "Gran")
    words = made("record", "--case", case, *told, text="Baz picks her up.")
    baz, bazza = (
        made("person", "add", "--nickname", name, "--category", "suspect", "--grounds", "seen")
        for name in ("Baz", "Bazza")
    )
    report = made("assess", words, "--source", "2", "--information", "A", "--handling", "P")
    for a, b, kind in (
        (baz, bazza, "associate"),
        (baz, "vehicle:PK95ABC", "uses"),
        (bazza, "vehicle:PK95ABC", "uses"),
        (baz, "Kayleigh Marlow", "association"),
    ):
        made("link", report, a, b, "--kind", kind, "--item", "1")
    made("sanitise", words, "--because-of", words, text="A named man uses a car.")
    made("hold", "place", case, "--reason", "the inquiry asked for it")
    spare = made("person", "add", "--name", "Nemo Blank")
    desk.typed("restrict", spare, "--reason", "named by mistake")
    until = ("--from", "2011-03-01T00:00", "--until", "2011-04-01T00:00")
    made("rota", "add", WHO, "--phone", "07700 900123", *until)
    shared = ("--purpose", "a meeting", "--basis", "safeguarding", "--to", "Team B")
    made("disclose", report, *shared, "--checked", "read again", "--needed", "2011-03-17T09:00")
    mark = ("--mark", "AB1", "--from", words, "--produced-by", "DC Bell")
    for _ in range(2):
        made("evidence", "add", "exhibit", *mark)
    covert = ("--grounds", "relationship", "--reason", "she meets him", "--over-16", "--no-parent")
    made("source", "drift", "due", words, baz, *covert)
    _account(desk.office)


def _account(office: Office) -> None:
    """An account in a store that stays open: its command would close it to this story's people."""
    stream, reader = uuid4(), office.reader
    given = facts(reader, stream, 0, (UserAdded("dc.reed"),))
    body = Submission(uuid4(), office.desk.digest("user.add", "dc.reed"), given)
    office.desk.save([Prepared(stream, {"access": body}, reader)])


#: What each look adds to: no two fronts are asked of the same.
LOOKS = {"unusual-access", "who-looked"}
#: What this story has no row for.
EMPTY = {"retention", "unusual-access"}


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_same_rows_stand_everywhere(desk: Desk, name: str, tmp_path: Path) -> None:
    question, office = QUESTIONS[name], desk.office
    given, columns = desk.given(question), question.columns()
    told = question(**given).answer(office.desk, office.reader, office.desk.clock())
    rows, parts = told.rows, [part for part in told.parts if part.rows]
    assert bool(rows) is (name not in EMPTY), "the story has rows for it"
    words = (*name.split(), *given.values())
    page = desk.screen.get(f"/list/{question.asked_as.slug}", params=given)
    assert page.status_code == 200
    seen = html.unescape(page.text)
    several = [some for some in (rows, *(part.rows for part in parts)) if some]
    assert page.text.count("<tr>") == sum(len(some) + 1 for some in several)
    table = desk.typed(*words).out
    if name not in LOOKS:
        data = msgspec.json.decode(msgspec.json.encode(told.data))
        assert desk.typed("--json", *words).json == data
    book = tmp_path / "list.xlsx"
    before = len(office.events(ExportMade, "access"))
    desk.typed(*words, "--xlsx", str(book), "--purpose", "the weekly meeting")
    (export,) = office.events(ExportMade, "access")[before:]
    assert (export.form, export.filters["question"]) == ("xlsx", name)
    assert export.purpose == "the weekly meeting"
    head, *lines = CalamineWorkbook.from_path(str(book)).get_sheet_by_index(0).to_python()
    assert head == [one.label for one in columns]
    if name in LOOKS:
        return
    assert len(lines) == len(rows)
    for said in (*told.notes, *(part.title for part in parts)):
        assert said in table
        assert said in seen
    if not rows:
        assert question.asked_as.empty in table
        assert question.asked_as.empty in seen
    for line, row in zip(lines, rows, strict=True):
        for each, one in zip(line, columns, strict=True):
            if one.form == "text" and each not in ("", None):
                said = str(int(each) if isinstance(each, float) else each)
                assert said == str(*cells(row, [one]))
                assert said in table
                assert said in seen


def test_who_looked_tells_of_the_last_look(desk: Desk) -> None:
    case = str(desk.case)
    desk.typed("health", "list", case, "--why", "a call from school")
    (look,) = desk.typed("who-looked", case, "--limit", "1", "--json").json
    assert (look["by"], look["query"], look["why"]) == (WHO, "health list", "a call from school")
    page = desk.screen.get("/list/who-looked", params={"item": case})
    assert "a call from school" in page.text
    assert "health list" in desk.typed("who-looked").out, "of nobody: what one was shown oneself"
    read = desk.answered("/who-looked", item=case)
    assert "a call from school" in [one["why"] for one in read]
    assert "ask about one" in desk.line("--user", WHO, "who-looked", case, "--by", WHO).err


@pytest.mark.parametrize("name", sorted(QUESTIONS.keys() - BY_HAND - LOOKS))
def test_programs_read_the_same_rows(desk: Desk, name: str) -> None:
    question = QUESTIONS[name]
    given, asking = desk.given(question), Asking(question)
    office = desk.office
    rows = question(**given).rows(office.desk, office.reader, office.desk.clock())
    typed = msgspec.json.decode(msgspec.json.encode(rows))
    paged = {} if asking.whole else {"limit": 1}
    read = desk.answered(asking.path, **given, **paged)
    keys = KEYS.get(name) or {key: key for row in typed for key in row}
    assert len(read) == len(typed)
    for row, other in zip(read, typed, strict=True):
        assert row == {key: other[own] for key, own in keys.items()}


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
        assert len({"rows", "answer"} & vars(question).keys()) == 1, name


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
        assert own in str(here["cases", own])
    finally:
        for world in worlds:
            world.line.close()

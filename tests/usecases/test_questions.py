"""A question is declared once: the terminal, the page and the workbook show the same rows, and
each workbook is written down before it leaves."""

import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from python_calamine import CalamineWorkbook

from commands.desk import Prepared, facts
from domain.account import UserAdded
from domain.envelope import Submission
from domain.governance import ExportMade
from projections.columns import cells
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

    def typed(self, *words: str, text: str = "") -> str:
        told = self.office.system.clock.told
        assert told
        said = self.line("--user", WHO, "--clock", told.isoformat(), *words, text=text)
        assert said.code == 0, said
        return said.out

    def made(self, *words: str, text: str = "") -> str:
        """The id of what somebody recorded."""
        return self.typed(*words, "--id", text=text).strip()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    office = opened(tmp_path / "store")
    first, second = office.case("Kayleigh Marlow"), office.case("Ann Field")
    office.words("He waits at the gate", case=str(first))
    from commands import casework, proposal

    casework.assess_threshold(office.desk, office.reader, str(first), "high", reason="seen")
    proposal.close(office.desk, office.reader, str(second), "quiet since May")
    line = Line(str(tmp_path / "store"), tmp_path / "store")
    screen = House(office, make_app(office.system)).somebody(WHO)
    made = Desk(office, line, screen)
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


def written(data: object) -> str:
    """What a program is told at a command line."""
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode()


#: What each look adds to: it is compared where nothing else looks.
LOOKS = {"unusual-access", "who-looked"}
#: What this story has no row for.
EMPTY = {"retention", "unusual-access"}


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_same_rows_stand_everywhere(desk: Desk, name: str, tmp_path: Path) -> None:
    question = QUESTIONS[name]
    asked, columns = name.split(), question.columns()
    told = question().answer(desk.office.desk, desk.office.reader, desk.office.desk.clock())
    rows, parts = told.rows, [part for part in told.parts if part.rows]
    assert bool(rows) is (name not in EMPTY), "the story has rows for it"
    page = desk.screen.get(f"/list/{question.asked_as.slug}")
    assert page.status_code == 200
    seen = html.unescape(page.text)
    several = [some for some in (rows, *(part.rows for part in parts)) if some]
    assert page.text.count("<tr>") == sum(len(some) + 1 for some in several)
    table = desk.typed(*asked)
    assert desk.typed("--json", *asked).strip() == written(told.data)
    book = tmp_path / "list.xlsx"
    before = len(desk.office.events(ExportMade, "access"))
    desk.typed(*asked, "--xlsx", str(book), "--purpose", "the weekly meeting")
    (export,) = desk.office.events(ExportMade, "access")[before:]
    assert (export.form, export.filters["question"]) == ("xlsx", name)
    assert export.purpose == "the weekly meeting"
    head, *lines = CalamineWorkbook.from_path(str(book)).get_sheet_by_index(0).to_python()
    assert head == [one.label for one in columns]
    assert len(lines) == len(rows)
    for words in (*told.notes, *(part.title for part in parts)):
        assert words in table
        assert words in seen
    if not rows:
        assert question.asked_as.empty in table
        assert question.asked_as.empty in seen
    for line, row in zip(lines, rows, strict=True):
        for each, one in zip(line, columns, strict=True):
            if one.form == "text" and each not in ("", None):
                words = str(int(each) if isinstance(each, float) else each)
                assert words == str(*cells(row, [one]))
                assert words in table
                assert words in seen


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

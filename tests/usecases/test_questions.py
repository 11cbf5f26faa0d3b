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

import pytest
from python_calamine import CalamineWorkbook
from starlette.testclient import TestClient

from commands import casework, compartment, escalation, proposal
from commands.desk import Prepared, facts
from domain.account import UserAdded
from domain.envelope import Submission
from domain.governance import ExportMade
from domain.referral import MissingFound, MissingReported
from domain.values import Role
from projections.columns import cells
from tests.access.test_noninterference import NOWHERE, Pair, pair  # noqa: F401
from tests.access.test_noninterference_http import Seat, grown
from tests.access.worlds import ENGAGE, drawn  # noqa: F401
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


def filled(question: type[Question], case: object, meeting: object = None) -> dict[str, str]:
    """What it cannot be asked without: about this case, its child, or this meeting."""
    fields = [one for one in fields_of(question) if one.required]
    named = {one.name: "Kayleigh Marlow" for one in fields if one.ref and one.ref.kind == "person"}
    named["meeting"] = str(meeting or case)
    return {
        one.name: one.codes[0] if one.codes else named.get(one.name, str(case)) for one in fields
    }


@dataclass
class Desk:
    """One store, asked at the command line, on a screen and by a program."""

    office: Office
    line: Line
    screen: Somebody
    program: TestClient
    case: UUID
    meeting: str = ""

    def typed(self, *words: str, text: str = "") -> Said:
        told = self.office.system.clock.told
        assert told
        said = self.line("--user", WHO, "--clock", told.isoformat(), *words, text=text)
        assert said.code == 0, said
        return said

    def made(self, *words: str, text: str = "") -> str:
        """The id of what somebody recorded."""
        return self.typed(*words, "--id", text=text).out.strip()

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
    for case in (to, str(second)):
        for _ in range(2):
            casework.report_missing(*told, case, MissingReported())
            office.later(30)
            found = MissingFound(where="Station Hotel, Town B")
            casework.record_found(*told, case, found)
    casework.report_missing(*told, to, MissingReported(risk="high", seen_where="the gate"))
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
    made("family", "told", case, "kept")
    made("family", "promise", case, "--what", "a call", "--by", "2030-01-01")
    made("family", "invited", case, "booklet", "--came", "came")
    made("family", "asked", case, "--felt", "believed")
    _of_family(desk, case)
    warned = ("--child", "Kayleigh Marlow", "--at", "2011-03-01T10:00", "--because-of", words)
    notice = made("outcome", "notice", baz, *warned)
    seen = ("--seen-by", "an aunt", "--where", "the gate", "--at", "2011-03-10T10:00")
    made("notice", "breach", notice, "--item", words, *seen)
    stages = ("--by", "prosecutor", "--evidential", "not-met", "--public-interest", "not-reached")
    views = ("--childs-view", "wants it over", "--parents-view", "want him in court")
    why = ("--offence", "meeting a child", "--reasons", "one witness")
    made("charging", "decided", case, baz, "no-charge", *stages, *views, *why)
    made("court", "order", case, baz, "restraining", "--terms", "not near the school")
    made("court", "appeal", case, baz, "sentence")
    decided = ("--relevance", "relevant", "--description", "words of an aunt")
    made("material", "review", case, words, *decided, "--presumed", "previous-account")
    made("court", "hearing", case, "trial", "--at", "2011-05-09T10:00")
    made("court", "bail", case, baz, "--conditions", "not to speak to her")
    made("court", "plea", case, baz, "not-guilty")
    made("court", "measure", case, "screens", "asked")
    made("court", "account", case, "--by", "DC Bell")
    made("court", "step", case, "pre-trial-visit")
    _met(desk, words, baz)
    _by_law(desk, case)
    _account(desk.office)


def _of_family(desk: Desk, case: str) -> None:
    """The people of the family, and what is thought of them."""
    made = desk.made
    for one in ("Dawn Marlow", "Jade Marlow"):
        made("person", "add", "--name", one)
    made("family", "member", case, "Dawn Marlow", "mother")
    told = ("--basis", "told twice")
    made("family", "relation", case, "Dawn Marlow", "eroding", *told, "--review", "2030-01-01")
    made("family", "at-risk", case, "Jade Marlow", "sibling", "--sign", "trouble", *told)
    made("family", "ethnicity", case, "Dawn Marlow", "white-british")
    made("person", "ethnicity", "Kayleigh Marlow", "declined")
    made("exploitation", "assess", case, *told, "--review", "2030-01-01", "--model", "gang")
    worn = ("--words", "she told me", "--review", "2030-01-01")
    made("parent", "risk", case, "Dawn Marlow", "breakdown", *worn)


def _met(desk: Desk, words: str, baz: str) -> None:
    """What a team meets for."""
    made = desk.made
    at = ("--at", "2011-03-18T09:00Z", "--chair", WHO)
    desk.meeting = made("meeting", "call", "weekly-brief", *at)
    task = ("--task", "contact-family", "--owner", WHO, "--by", "2030-01-01")
    made("meeting", "decide", desk.meeting, "--what", "see her", *task, "--because-of", words)
    made("supervision", "told", "psw.ellis", "line", "held", "--on", "2011-03-18")
    made("meeting", "board", desk.meeting, "map", "--title", "them", "--shown", baz)


def _by_law(desk: Desk, case: str) -> None:
    """What the law of 2026 asks for."""
    made = desk.made
    asked = ("--for", "two notes", "--enquiry", "the flat", "--purpose", "detecting")
    why = ("--necessary", "nobody else knows", "--proportionate", "two of many")
    made("reporting", "arises", case, "--words", "she told me what he did")
    made("complaint", "received", "--by", "Jo Marlow", "--words", "you told the school")
    made("victim-request", "ask", case, *asked, *why, "--notice", "given", "--told", "parent")


def _account(office: Office) -> None:
    """An account in a store that stays open: its command would close it to this story's people."""
    stream, reader = uuid4(), office.reader
    given = facts(reader, stream, 0, (UserAdded("dc.reed"),))
    body = Submission(uuid4(), office.desk.digest("user.add", "dc.reed"), given)
    office.desk.save([Prepared(stream, {"access": body}, reader)])


#: What each look adds to: no two fronts are asked of the same.
LOOKS = {"unusual-access", "who-looked"}
#: What the story has nothing for.
NOTHING = {"unusual-access", "hits", "glass list", "authority list", "entry list", "releases"}
NOTHING |= {"due escalated"}


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_same_rows_stand_everywhere(desk: Desk, name: str, tmp_path: Path) -> None:
    question, office = QUESTIONS[name], desk.office
    given = filled(question, desk.case, desk.meeting)
    told = question(**given).told(office.desk, office.reader, office.desk.clock())
    answer = told.tables
    words = (*name.split(), *given.values())
    page = desk.screen.get(f"/list/{question.asked_as.slug}", params=given)
    assert page.status_code == 200
    seen = html.unescape(page.text)
    assert page.text.count("<tr>") == sum(len(rows) + 1 for rows in answer if rows)
    typed = desk.typed(*words).out
    book = tmp_path / "list.xlsx"
    before = len(office.events(ExportMade, "access"))
    desk.typed(*words, "--xlsx", str(book), "--purpose", "the weekly meeting")
    (export,) = office.events(ExportMade, "access")[before:]
    assert (export.form, export.filters["question"]) == ("xlsx", name)
    assert export.purpose == "the weekly meeting"
    opened_book = CalamineWorkbook.from_path(str(book))
    for note in () if name in LOOKS else told.notes:
        assert note in typed
        assert note in seen
    for number, (table, rows) in enumerate(zip(question.tables(), answer, strict=True)):
        head, *lines = opened_book.get_sheet_by_index(number).to_python()
        assert head == [one.label for one in table.row.columns]
        if name in LOOKS:
            continue
        assert len(lines) == len(rows)
        if not rows:
            assert table.empty in typed
            assert table.empty in seen
        for line, row in zip(lines, rows, strict=True):
            for each, one in zip(line, table.row.columns, strict=True):
                if one.form == "text" and each not in ("", None):
                    said = str(int(each) if isinstance(each, float) else each)
                    assert said == str(*cells(row, [one]))
                    assert said in typed
                    assert said in seen


def test_the_story_has_something_for_each_list(desk: Desk) -> None:
    office, found = desk.office, set()
    for name, question in QUESTIONS.items():
        asked = question(**filled(question, desk.case, desk.meeting))
        if any(asked.told(office.desk, office.reader, office.desk.clock()).tables):
            found.add(name)
    assert QUESTIONS.keys() - found <= NOTHING


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
    given, asking = filled(question, desk.case, desk.meeting), Asking(question)
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
        assert len({"rows", "answer", "told"} & vars(question).keys()) == 1, name
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

"""Each question is declared once. The terminal, the page and the workbook show the same rows, and a
workbook is recorded as a copy before the user gets it."""

import html
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, get_type_hints
from uuid import UUID, uuid4

import pytest
from python_calamine import CalamineWorkbook

from commands.erasure import erasure
from commands.families import casework, compartment
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import facts
from commands.people_and_teams import confidential_report, two_person
from domain.families.referral import MissingFound, MissingReported
from domain.kernel.envelope import Submission
from domain.kernel.values import Reader, Role
from domain.people_and_teams.account import UserAdded
from domain.people_and_teams.store_admin import ExportMade
from projections.kernel.columns import cells
from tests.access.worlds import World
from tests.commands.office import Office, opened
from tests.console.conftest import Line, Said
from tests.fuzz import SEED, TIMES
from tests.support.access.noninterference import GROUPS, NAMES, NOWHERE, Pair
from tests.support.access.noninterference_http import BY_ROLE, EVERY_ROLE, Seat, app_of, grown
from tests.web.client import Client
from tests.web.conftest import House, Somebody
from usecases.kernel.fields import fields_of
from usecases.kernel.old_names import KEYS
from usecases.kernel.question import Question
from usecases.kernel.registry import QUESTIONS
from usecases.kernel.workbook import FIRST_WORDS, first_words
from web.api.asked import ApiQuestion
from web.app import make_app
from web.made.listing import PAGE
from web.server.rate_limit import RateLimiter

WHO = "ds.hart"
#: How many questions are tested on a server; `make fuzz` tests more questions.
ON_A_SERVER = 12 * TIMES


def filled(
    question: type[Question],
    case: object,
    meeting: object = None,
    words: object = None,
    erasure: object = None,
    request: object = None,
) -> dict[str, str]:
    """Return values for a question's required parameters: the ids of a case, a child, a meeting, a
    log entry, an erasure or a request."""
    fields = [one for one in fields_of(question) if one.required]
    named = {
        field.name: "Kayleigh Marlow"
        for field in fields
        if field.ref and field.ref.kind == "person"
    }
    named |= {"meeting": str(meeting or case), "who": "Kayleigh Marlow"}
    named |= {"item": str(words or case), "erasure": str(erasure or case)}
    named |= {"request": str(request or case)}
    named |= {"team": "Engage", "since": "2011-01-01", "until": "2011-03-31"}
    named |= {"area": "Town A", "other_area": "Town B"}
    named |= {"one": "Baz", "other": "PK95ABC", "number": "9990001138", "a": "Baz", "b": "Bazza"}
    return {
        field.name: field.codes[0] if field.codes else named.get(field.name, str(case))
        for field in fields
    }


def line_of(name: str, given: dict[str, str]) -> tuple[str, ...]:
    """Return the command line of a question: its name, and the values as arguments and options."""
    fields = {one.name: one for one in fields_of(QUESTIONS[name])}
    values = (
        (text,) if fields[field].by_place else (fields[field].option, text)
        for field, text in given.items()
    )
    return (*name.split(), *(word for words in values for word in words))


def made_of(question: type[Question], given: dict[str, str]) -> Question:
    """Return a question of this class with the values in `given`. A field that takes several texts
    gets a tuple with one text."""
    form = {one.name: one.form for one in fields_of(question)}
    told: dict[str, Any] = {n: (v,) if form[n] == "texts" else v for n, v in given.items()}
    days = {n: date.fromisoformat(v) for n, v in given.items() if form[n] == "day"}
    return question(**told | days)


@dataclass
class Desk:
    """A store that is queried on the command line, on the screens and through the API."""

    office: Office
    line: Line
    screen: Somebody
    program: Client
    case: UUID
    meeting: str = ""
    words: str = ""
    erasure: str = ""
    request: str = ""

    def filled(self, question: type[Question]) -> dict[str, str]:
        about = self.case, self.meeting, self.words, self.erasure, self.request
        return filled(question, *about)

    def typed(self, *words: str, text: str = "") -> Said:
        told = self.office.system.clock.given_time
        assert told
        said = self.line("--user", WHO, "--clock", told.isoformat(), *words, text=text)
        assert said.code == 0, said
        return said

    def made(self, *words: str, text: str = "") -> str:
        """Run a command that records something; return the id of the new record."""
        return self.typed(*words, "--id", text=text).out.strip()

    def answered(self, path: str, **asked: Any) -> Any:
        """Return all rows of the API's answer, which may have several pages."""
        found = self.program.get(f"/api/v1{path}", params=asked)
        assert found.status_code == 200, found.text
        page = found.json()
        if isinstance(page, list) or "next" not in page:
            return page
        rows = page["rows"]
        while page["next"]:
            page = self.program.get(page["next"]).json()
            assert "rows" in page, page
            rows += page["rows"]
        return list(rows)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Yield a store from which all tests of this module only read."""
    with made_desk(tmp_path_factory.mktemp("questions") / "store") as made:
        yield made


@contextmanager
def made_desk(home: Path, url: str | None = None) -> Iterator[Desk]:
    """Yield a store with records for every list, on files or on a server."""
    office = opened(home, url)
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
    two_person.close(*told, str(second), "quiet since May")
    for category in ("allergy", "medication"):
        compartment.note_health(*told, to, category, "Nuts.", None)
    compartment.place(*told, to, "residential", "12 Canal Road, Town B")
    confidential_report.escalate(*told, "My referral was deleted", "it is my sergeant")
    line = Line(url or str(home), home)
    by = ("--user", WHO, "--clock", office.desk.clock().isoformat())
    line(*by, "support", "contact", to, "--kind", "emotional-support", "--minutes", "50")
    opinion = ("--opinion", "opinion", "--of", "father", "--basis", "said so")
    for more in ((), (*opinion, "--review", "2011-12-01")):
        line(*by, "support", "note", to, *more, text="They came to the group.")
    app = make_app(office.system)
    # the test sends more requests than the rate limit allows
    app.state.house.meter = RateLimiter(partial(next, count(0.0, 1.0)))
    screen = House(office, app).somebody(WHO)
    program = Client(app, headers={"X-Continuum-User": WHO})
    made = Desk(office, line, screen, program, first)
    try:
        _recorded(made, str(first))
        yield made
    finally:
        line.close()
        office.system.close()


def _recorded(desk: Desk, case: str) -> None:
    """Record items for every list: a network, a hold, a duty to report, a disclosure,
    inconsistencies.
    """
    made = desk.made
    told = ("--heard-from", "mum", "--told-by", "Gran")
    words = made("record", "--case", case, *told, text="Baz picks her up in PK95 ABC.")
    desk.words = words
    grounds = ("--grounds", "seen")
    baz, bazza = (
        made("person", "add", "--nickname", name, "--category", "suspect", *grounds)
        for name in ("Baz", "Bazza")
    )
    moss = made("person", "add", "--name", "Cal Moss", "--category", "convicted", *grounds)
    calvin = made("person", "add", "--name", "Calvin Moss", "--category", "suspect", *grounds)
    report = made("assess", words, "--source", "2", "--information", "A", "--handling", "P")
    for a, b, kind in (
        (baz, bazza, "associate"),
        (baz, "vehicle:PK95ABC", "uses"),
        (bazza, "vehicle:PK95ABC", "uses"),
        (baz, "Kayleigh Marlow", "association"),
        (moss, "Kayleigh Marlow", "association"),
        (moss, "phone:07700 900555", "uses"),
        (calvin, "phone:07700 900555", "uses"),
        (baz, "place:Station Hotel, Town B", "seen-at"),
        (baz, "place:Bus station, Town A", "seen-at"),
    ):
        made("link", report, a, b, "--kind", kind, "--item", "1")
    made("sanitise", words, "--because-of", words, text="A named man uses a car.")
    made("hold", "place", case, "--reason", "the inquiry asked for it")
    spare = made("person", "add", "--name", "Nemo Blank")
    desk.typed("restrict", spare, "--ground", "part-3-s47-2", "--reason", "named by mistake")
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
    made("interview", "request", case, "--for", "Parents as partners", "--on", "2011-03-01")
    made("service", "set", "training", "offered")
    made("family", "asked", case, "--felt", "believed")
    _of_family(desk, case)
    _of_court(desk, case, words, baz)


def _of_court(desk: Desk, case: str, words: str, baz: str) -> None:
    made = desk.made
    warned = ("--child", "Kayleigh Marlow", "--at", "2011-03-01T10:00", "--because-of", words)
    made("outcome", "arrest", baz, "--offence", "meeting a child", "--because-of", words)
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
    _record_meetings(desk, words, baz)
    _by_law(desk, case)
    _erased(desk)
    _account(desk.office)


def _of_family(desk: Desk, case: str) -> None:
    """Record the people of the family, and notes with opinions about them."""
    made = desk.made
    for one in ("Dawn Marlow", "Jade Marlow"):
        made("person", "add", "--name", one)
    made("family", "member", case, "Dawn Marlow", "mother")
    told = ("--basis", "told twice")
    made("family", "relation", case, "Dawn Marlow", "eroding", *told, "--review", "2030-01-01")
    made("family", "at-risk", case, "Jade Marlow", "sibling", "--sign", "trouble", *told)
    made("person", "nationality", "Kayleigh Marlow", "age-assessment", "Danish")
    known = ("--number", "9990001138", "--source", "the school nurse", "--as-of", "2011-03-01")
    made("identifier", "record", "Kayleigh Marlow", *known)
    made("family", "need", case, "housing", "--what", "two rooms", "--by", "2030-01-01")
    made("family", "threat", case, "followed", "--what", "a car behind her")
    made("family", "moved", case, "threats", "--on", "2011-03-10")
    made("waiting", "added", case, "waiting", "--reason", "no time", "--review", "2030-01-01")
    made("marac", "refer", case, "--meets", "2030-01-01", "--what", "he hit her", "--ticks", "15")
    made("media", "noted", case, "article", "--words", "it names her school", "--identifies")
    made("media", "check", case, "--for", "a paper", "--text", "A man was sentenced.")
    made("family", "ethnicity", case, "Dawn Marlow", "white-british")
    made("person", "ethnicity", "Kayleigh Marlow", "declined")
    made("exploitation", "assess", case, *told, "--review", "2030-01-01", "--model", "gang")
    worn = ("--words", "she told me", "--review", "2030-01-01")
    made("parent", "risk", case, "Dawn Marlow", "breakdown", *worn)


def _record_meetings(desk: Desk, words: str, baz: str) -> None:
    """Record meetings of the team."""
    made = desk.made
    at = ("--at", "2011-03-18T09:00Z", "--chair", WHO)
    desk.meeting = made("meeting", "call", "weekly-brief", *at)
    task = ("--task", "contact-family", "--owner", WHO, "--by", "2030-01-01")
    made("meeting", "decide", desk.meeting, "--what", "see her", *task, "--because-of", words)
    made("supervision", "told", "psw.ellis", "line", "held", "--on", "2011-03-18")
    made("meeting", "board", desk.meeting, "map", "--title", "them", "--shown", baz)
    made("meeting", "people", desk.meeting, "--to", WHO)
    made("chart", "save", "Who meets at the gate", "--around", baz)


def _by_law(desk: Desk, case: str) -> None:
    """Record items of which laws demand a record: a duty to report, a complaint, requests for
    access, and a request for a victim's information."""
    made = desk.made
    asked = ("--for", "two notes", "--enquiry", "the flat", "--purpose", "detecting")
    why = ("--necessary", "nobody else knows", "--proportionate", "two of many")
    made("reporting", "arises", case, "--words", "she told me what he did")
    made("complaint", "received", "--by", "Jo Marlow", "--words", "you told the school")
    made("access-request", "Kayleigh Marlow", "--by", "herself, in person")
    made("request", "note", "--by", "a letter", "--words", "about my aunt")
    desk.request = made("request", "note", "--by", "Ms Croft", "--words", "about my late uncle")
    made("request", "nil", desk.request, "--searched", "that name, and three spellings")
    made("victim-request", "ask", case, *asked, *why, "--notice", "given", "--told", "parent")


def _erased(desk: Desk) -> None:
    """Erase a person who should not have been recorded: one user proposes the erasure, and another
    approves it."""
    mistaken = desk.made("person", "add", "--name", "Mistaken Once")
    desk.erasure = desk.made("erase", mistaken, "--basis", "recorded-in-error")
    office = desk.office
    erasure.approve(office.desk, office.somebody("di.okoro"), UUID(desk.erasure), office.system)


def _account(office: Office) -> None:
    """Record an account directly in a store without accounts. (After the command that adds an
    account, users without an account could no longer work in the store.)"""
    stream, reader = uuid4(), office.reader
    given = facts(reader, stream, 0, (UserAdded("dc.reed"),))
    body = Submission(uuid4(), office.desk.digest("user.add", "dc.reed"), given)
    office.desk.save([Prepared(stream, {"access": body}, reader)])


#: Questions that count access records. Each query adds an access record, so no two fronts show the
#: same number.
LOOKS = {"unusual-access", "who-looked"}
#: A pattern of a code: words in small letters, joined by hyphens.
CODE = re.compile(r"[a-z]+(-[a-z]+)+")
#: Questions to which the store of these tests has no answer.
NOTHING = {"unusual-access", "hits", "glass list", "authority list", "entry list", "releases"}
NOTHING |= {
    "due escalated",
    "network joins",
    "standing-search list",
    "standing-pattern list",
    "alert list",
    "user waiting",  # no account waits for a second person on a trial store
}
NOTHING |= {"outcome to-reopen", "team definitions", "family letters"}
NOTHING |= {"family sessions", "family signs", "family choices", "team mergers"}
NOTHING |= {"offers", "matches", "request parts", "card", "network computed"}
NOTHING |= {"interviews"}  # no year with an interview has ended in this store
NOTHING |= {"network counts", "network moves", "network frames", "network changes"}


@pytest.mark.in_turn
@pytest.mark.parametrize("name", QUESTIONS)
def test_the_same_rows_stand_everywhere(desk: Desk, name: str, tmp_path: Path) -> None:
    assert_rows_stand_everywhere(desk, name, tmp_path)


@pytest.mark.in_turn("pages on a server")
@pytest.mark.postgres
def test_on_a_server_they_do_too(postgres_url: str, tmp_path: Path) -> None:
    """The terminal, the page and the workbook show the same rows on a database server as on files.
    The random seed selects a few questions."""
    every = sorted(QUESTIONS.keys() - LOOKS)
    with made_desk(tmp_path / "home", postgres_url) as served:
        for name in Random(SEED).sample(every, min(ON_A_SERVER, len(every))):
            assert_rows_stand_everywhere(served, name, tmp_path / name.replace(" ", "-"))
            assert_programs_read_them(served, name)


def assert_rows_stand_everywhere(desk: Desk, name: str, place: Path) -> None:
    """Assert that the terminal, the page and the workbook all show the same rows of this
    question."""
    question, office = QUESTIONS[name], desk.office
    given = desk.filled(question)
    told = made_of(question, given).told(office.desk, office.reader, office.desk.clock())
    answer = told.tables
    words = line_of(name, given)
    longest, pages = max(map(len, answer), default=0), []
    for number in range(1 + max(longest - 1, 0) // PAGE):
        asked = given | {"page": str(number + 1)} if number else given
        page = desk.screen.get(f"/list/{question.named.slug}", params=asked)
        assert page.status_code == 200
        pages.append(page.text)
        here = [rows[number * PAGE : (number + 1) * PAGE] for rows in answer]
        assert len(re.findall("<tr[ >]", page.text)) == sum(len(rows) + 1 for rows in here if rows)
    seen = html.unescape("".join(pages))
    typed = desk.typed(*words).out
    place.mkdir(exist_ok=True)
    book = place / "list.xlsx"
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
        columns = table.row.columns
        assert head in (
            [column.label for column in columns],
            [*(c.label for c in columns), FIRST_WORDS],
        )
        if name in LOOKS:
            continue
        assert len(lines) == len(rows)
        if not rows:
            assert table.empty in typed
            assert table.empty in seen
        for line, row in zip(lines, rows, strict=True):
            for each, one in zip(line, table.row.columns, strict=False):
                if one.form == "text" and each not in ("", None):
                    said = str(int(each) if isinstance(each, float) else each)
                    assert said == str(*cells(row, [one]))
                    assert said in typed
                    assert said in seen


def test_a_table_is_written_as_csv_and_recorded(desk: Desk, tmp_path: Path) -> None:
    office, file = desk.office, tmp_path / "services.csv"
    before = len(office.events(ExportMade, "access"))
    desk.typed("services", "--csv", str(file), "--purpose", "the board")
    (export,) = office.events(ExportMade, "access")[before:]
    assert (export.form, export.purpose) == ("csv", "the board")
    assert "Training and awareness raising,Engage,yes" in file.read_text(encoding="utf-8")
    both = desk.line("--user", WHO, "services", "--csv", str(file), "--xlsx", str(file))
    assert "give either --csv or --xlsx, not both" in both.err
    families = desk.line("--user", WHO, "cases", "--csv", str(file))
    assert families.code == 2, "not for a list of families"


def test_the_story_has_something_for_each_list(desk: Desk) -> None:
    office, found = desk.office, set()
    for name, question in QUESTIONS.items():
        asked = made_of(question, desk.filled(question))
        if any(asked.told(office.desk, office.reader, office.desk.clock()).tables):
            found.add(name)
    lacking = QUESTIONS.keys() - found - NOTHING
    assert not lacking, (
        f"record something in `made_desk` that {sorted(lacking)} lists, or add it to NOTHING "
        "in tests/usecases/test_questions.py, if this story has none of it"
    )


def test_no_code_is_where_people_read(desk: Desk) -> None:
    """No table for people contains a code, because people read words. Only the access log shows
    names of commands."""
    office, now = desk.office, desk.office.desk.clock()
    found = set()
    for name, question in QUESTIONS.items():
        if name in LOOKS:
            continue
        answer = made_of(question, desk.filled(question)).told(office.desk, office.reader, now)
        for table, rows in zip(question.tables(), answer.tables, strict=True):
            for row in rows:
                told = zip(table.row.columns, cells(row, table.row.columns), strict=True)
                found |= {
                    (name, column.name, part)
                    for column, value in told
                    for part in str(value).split(", ")
                    if CODE.fullmatch(part) and column.form == "text"
                }
    assert not found


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
    assert "name an item or a user" in desk.line("--user", WHO, "who-looked", case, "--by", WHO).err


@pytest.mark.in_turn
@pytest.mark.parametrize("name", sorted(QUESTIONS.keys() - LOOKS))
def test_programs_read_the_same_rows(desk: Desk, name: str) -> None:
    assert_programs_read_them(desk, name)


def assert_programs_read_them(desk: Desk, name: str) -> None:
    """Assert that the API returns the same rows for a question as the command's JSON."""
    question = QUESTIONS[name]
    given, asking = desk.filled(question), ApiQuestion(question)
    typed = desk.typed(*line_of(name, given), "--json").json
    paged = {} if asking.answers_all_at_once else {"limit": 1}
    read = desk.answered(asking.path, **given, **paged)
    if name in KEYS:
        typed = [{key: row[own] for key, own in KEYS[name].items()} for row in typed]
    assert (read["rows"] if asking.has_further_values else read) == typed


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


def test_first_words_stand_behind_a_row_for_those_who_may_read_them(desk: Desk) -> None:
    sent = desk.screen.send("/list/mine.xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(sent.content))
    head, *lines = book.get_sheet_by_index(0).to_python()
    assert head[-1] == FIRST_WORDS
    assert "He waits at the gate" in [line[-1] for line in lines]
    question = QUESTIONS["mine"]()
    told = question.told(desk.office.desk, desk.office.reader, desk.office.desk.clock())
    other = Reader("it.khan", "Team B", "police", roles=frozenset({"administrator"}), closed=True)
    assert first_words(desk.office.desk, other, question, told) == {}


def test_an_impossible_question_is_reported(desk: Desk) -> None:
    assert desk.screen.get("/list/nothing").status_code == 404
    assert "continuum: " in desk.line("--user", WHO, "cases", "--nobody").err


def test_each_column_is_a_field_or_a_property_of_its_row() -> None:
    for name, question in QUESTIONS.items():
        for table in question.tables():
            named = {*(column.name for column in table.row.columns), *table.row.order}
            fields = {*dir(table.row), *get_type_hints(table.row)}
            assert {one.removeprefix("-") for one in named} <= fields, (name, table.name)


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


def test_a_required_parameter_is_requested(desk: Desk) -> None:
    page = desk.screen.get("/list/health-list")
    assert (page.status_code, "<tr>" in page.text) == (200, False)
    assert 'name="case"' in page.text
    assert "CASE: this field is empty" in desk.line("--user", WHO, "health", "list").err
    assert desk.program.get("/api/v1/health-list").status_code == 422
    assert desk.program.get("/api/v1/rota", params={"nothing": "1"}).status_code == 422


# --- hidden items change no answer ----------------------------------------------------------------


class Still:
    """Removes the parts of an answer that differ between two equal stores: numbers of facts, and
    random ids with their endings."""

    def __init__(self) -> None:
        self._random: set[str] = set()

    def __call__(self, answer: object) -> str:
        bare = re.sub(r"\b\d{16}\b|(?<=:\d\d)\.\d{6}(?=Z)", "SEQ", repr(answer))
        random = r"\b[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b"
        self._random |= {one[-8:] for one in re.findall(random, bare)}
        return re.sub("|".join([random, *sorted(self._random)]), "ID", bare)


@pytest.mark.in_turn
@pytest.mark.parametrize("roles", GROUPS, ids=NAMES)
def test_what_one_may_not_see_changes_no_answer(
    pair: Pair,
    roles: tuple[Role, ...],
) -> None:
    """Hidden records change no answer to any question on any front, and no number of SQL
    statements. Each role asks a part of the questions; in `make fuzz`, each role asks all of
    them."""
    worlds = grown(pair, roles)
    cases = (worlds[0].ids["case"], worlds[0].ids["theirs"], NOWHERE)
    still = Still()
    apps = [*map(app_of, worlds)]
    try:
        for role in roles:
            name = BY_ROLE[role]
            for world in worlds:
                world.did(5000, name, "whoami")
            seats = [Seat(world, name, app) for world, app in zip(worlds, apps, strict=True)]
            for turn, question in enumerate(shared_out(role)):
                _asked_alike(worlds, seats, question, cases, still, turn)
            assert seats[0].long == []
            if role in ("psw", "detective", "manager"):
                assert cases[0][-8:] in seats[0].ask("/list/cases", {})[2]
                assert cases[0] in seats[0].ask("/api/v1/cases", {})[2]
    finally:
        for world in worlds:
            world.line.close()


def shared_out(role: Role) -> list[type[Question]]:
    """Return the questions that this role asks in the test. All roles together ask all
    questions."""
    turn = EVERY_ROLE.index(role) + SEED
    every = [*QUESTIONS.values()]
    return every if TIMES > 1 else every[turn % len(EVERY_ROLE) :: len(EVERY_ROLE)]


def _asked_alike(
    worlds: tuple[World, World],
    seats: list[Seat],
    question: type[Question],
    cases: tuple[str, ...],
    still: Still,
    turn: int,
) -> None:
    """Assert that the answers to one question are the same in both stores, on every front."""
    asked: list[dict[str, str]] = []
    for case in cases:
        if (given := filled(question, case)) not in asked:
            asked.append(given)
    command, name = question.named.command.split(), seats[0].name
    paths = (f"/api/v1{ApiQuestion(question).path}", f"/list/{question.named.slug}")
    for front, path in enumerate((None, *paths), turn):
        for given in asked if TIMES > 1 else [asked[front % len(asked)]]:
            if path is None:
                words = (*command, *given.values(), "--json")
                typed = [world.do(5000, name, *words) for world in worlds]
                assert still(typed[0]) == still(typed[1]), (name, words)
                continue
            one, other = (seat.ask(path, given) for seat in seats)
            assert still(one) == still(other), (name, path, given)
            counts = {len(seat.statements) for seat in seats}
            assert len(counts) == 1, (name, path, given)

"""As `test_noninterference`, over HTTP: pages, the API, the map's data, and what pages are told.

In the second world another team recorded everything of which the asking role may see nothing, one
of each kind. The answers are the same byte for byte, and cost the same number of statements. What
differs has a test of its own that says why.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest
import sqlalchemy as sa

from domain.kernel.values import Role
from tests.access.two_worlds.test_noninterference import (
    GROUPS,
    NAMED,
    NAMES,
    NOWHERE,
    SEARCHED,
    Pair,
    database_pair,
    pair,
)
from tests.access.worlds import ADMINISTRATOR, ENGAGE, EXTRAS, World, drawn, hidden_from
from tests.fuzz import SEED, TIMES
from tests.made import place
from tests.web.client import Client
from tests.web.site.test_attacks import ROUTES, answered
from usecases.kernel.every import QUESTIONS
from usecases.kernel.fields import fields_of
from web.api.app import OPERATIONS
from web.api.asked import Asking
from web.app import make_app
from web.server.live import Own

__all__ = ["database_pair", "drawn", "pair"]
#: So many questions are asked of both worlds in one example; `make fuzz` asks others, and more.
ASKED, ASKED_OF_A_SERVER = 24 * TIMES, 12 * TIMES
#: What differs between any two sessions, ids drawn by chance, and fractions of a second by which a
#: told clock counts what was written before.
_OWN = re.compile(
    r'(data-csrf|name="one"|"csrf") ?[=:] ?"[^"]*"|value="[0-9a-f-]{36}"><button'
    r'|"id": ?"[0-9a-f-]{36}"(?=, ?"held")'
    r"|<dcterms:[^<]*"
    r"|/hits/[0-9a-f-]{36}|cursor=[\w%=-]+|\.\d{6}Z|before=\d+|\d+ shown"
)
#: With which words a page is asked.
WORDS: dict[str, list[dict[str, str]]] = {
    "/search": [{"q": word} for word in SEARCHED],
    "/path": [{"a": "Baz", "b": name, "min_grade": "any"} for name in NAMED],
    "/map": [{}, *({"q": name} for name in NAMED)],
    "/map/{who}": [{"hops": "2", "min_grade": "any"}],
    "/map/{who}/data": [{"hops": "2", "min_grade": "any"}],
    "/map/{who}/table": [{"hops": "2", "min_grade": "any"}],
    "/map/whole": [{"min_grade": "any"}],
    "/map/whole/data": [{"min_grade": "any"}],
    "/looked": [{"of": "{one}"}, {"by": "dc.reed"}, {"by": "dc.stone"}],
    "/risk": [{}, *({"of": name} for name in NAMED)],
    "/trail": [{}, {"of": "{one}"}],
    "/disclosures": [{}, {"of": "{one}"}],
    "/hits": [{}, {"overdue": "true"}],
    "/exchange": [{}],
    **{
        f"/api/v1{Asking(one).path}": [dict.fromkeys(needed, "{one}")]
        for one in QUESTIONS.values()
        if (needed := [each.name for each in fields_of(one) if each.ref])
    },
    "/api/v1/search": [{"q": word} for word in SEARCHED],
    "/api/v1/network/path": [{"a": "Baz", "b": name, "min_grade": "any"} for name in NAMED],
}
#: Addresses whose answers may differ, and why.
EXCEPTIONS = {
    "/live": "it is no answer that ends: its own test below",
    "/alerts": "a warning knows all and tells little, as on the command line",
    "/api/v1/alerts": "the same warnings",
    "/retention": "a review is due by all that is known of somebody, as on the command line",
    "/erasures/new": "nobody destroys what rests on others' words without them: its own test below",
    "/lint": "households are counted over every team, as on the command line",
    "/api/v1/verify": "who has the files may prove their length: numbers and hashes alone, below",
    "/api/v1/replay": "the auditor's: its position is the log's length, and its hash another",
    "/store": "the administrator's: how far the logs have come, in numbers alone, below",
    "/accounts": "the administrator's: how many families each has, in numbers alone, below",
    "/accounts/{name}": "the administrator's: their sessions and families, in numbers, below",
}
#: Those of which numbers and hashes alone may differ, and who is answered.
NUMBERS = {
    "/verify?run=true": ("au.dunn", ADMINISTRATOR),
    "/api/v1/verify": ("au.dunn", ADMINISTRATOR),
    "/api/v1/replay": ("au.dunn",),
    "/store": (ADMINISTRATOR,),
    "/accounts": (ADMINISTRATOR,),
    "/accounts/dc.stone": (ADMINISTRATOR,),
    "/accounts/dc.reed": (ADMINISTRATOR,),
}
#: What was drawn behind the time that an id tells, and how wide that makes its column.
_DRAWN = re.compile(r"(?<=[0-9a-f]{8}-[0-9a-f]{4})-7[0-9a-f-]{21}|(?<=width=)\"[\d.]+\"")
_NUMBER = re.compile(r"\b[0-9a-f]{8,}\b|\d[\d,.]*")
#: Where only the number of statements differs: a search that meets what another team holds tells
#: that team (`test_silent_hit`), and the searcher nothing.
COUNTED_APART = {"/search", "/api/v1/search"}


@dataclass
class Seat:
    """Somebody at a browser of one world, the statements that their answers cost, and those of
    them for which SQLite would read all of `reach`, its largest table."""

    world: World
    name: str
    client: Client = field(init=False)
    statements: list[str] = field(default_factory=list)
    long: list[str] = field(default_factory=list)
    _explained: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        system = self.world.line.kept.system
        assert system
        self.client = Client(make_app(system), raise_server_exceptions=False)
        self.client.post("/sign-in", data={"name": self.name}, follow_redirects=False)
        sa.event.listen(system.views.engine, "before_cursor_execute", self._count)
        self.ask("/api/v1/rota", {})  # from now on what they may see is in memory

    def _count(self, db: sa.Connection, cursor: Any, statement: str, told: Any, *_: Any) -> None:
        """What is asked of the views; what brings them up to date is the other team's own."""
        if not statement.startswith(("SELECT", "WITH")):
            return
        self.statements.append(statement)
        if db.dialect.name == "sqlite" and statement not in self._explained:
            self._explained.add(statement)
            plan = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", told).fetchall()
            scans = any(step[-1].startswith("SCAN reach") for step in plan)
            if scans and "WHERE 0 = 1" not in statement:  # of such a one no row is read
                self.long.append(statement)

    def ask(self, path: str, asked: dict[str, str]) -> tuple[int, str, str]:
        system = self.world.line.kept.system
        assert system
        with system.looked():  # up to date, so that what is counted is the answer's own
            self.statements.clear()
        headers = {"x-continuum-user": self.name} if path.startswith("/api/") else {}
        answer = self.client.get(path, params=asked, headers=headers, follow_redirects=False)
        told = _OWN.sub("", answered(answer.text))
        return answer.status_code, answer.headers.get("location", ""), told

    def take(self, path: str, asked: dict[str, str]) -> tuple[int, str]:
        """What an export comes to; of a workbook, its parts."""
        csrf = {"csrf": self.client.get("/session").json()["csrf"]}
        answer = self.client.post(path, data=asked | csrf, follow_redirects=False)
        told = answer.content
        if told.startswith(b"PK"):
            with ZipFile(BytesIO(told)) as book:
                told = b"\n".join(book.read(name) for name in sorted(book.namelist()))
        return answer.status_code, _OWN.sub("", answered(told.decode("utf-8", "replace")))


def questions(ids: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Every address that answers something, about everything."""
    paths = {route.path for route in ROUTES if "GET" in (route.methods or ())}
    paths |= {f"/api/v1{one.path}" for one in OPERATIONS if one.method == "GET"}
    for path in sorted(paths - set(EXCEPTIONS)):
        for words in WORDS.get(path, [{}]):
            about = ids if "{" in path or "{one}" in words.values() else [""]
            for one in about:
                filled = {name: one if word == "{one}" else word for name, word in words.items()}
                yield re.sub(r"{\w+}", one, path), filled


def parting(one: str, other: str) -> tuple[str, str]:
    """Where two answers part."""
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return one[max(at - 80, 0) : at + 80], other[max(at - 80, 0) : at + 80]


#: Both worlds on files, closed, by what is in the second alone: several tests ask the same.
_GROWN: dict[tuple[str, ...], tuple[World, World]] = {}


def grown(pair: Pair, roles: tuple[Role, ...]) -> tuple[World, World]:
    """Both worlds; in the second Deter recorded one of each kind that none of these may see."""
    hidden = tuple(sorted(set.intersection(*(set(hidden_from(role)) for role in roles))))
    if pair.url:
        return _grown(pair.world(), pair.world(), hidden)
    if hidden not in _GROWN:
        made = Pair(Path(mkdtemp(dir=place())), pair.drawn)
        _GROWN[hidden] = _grown(made.world(), made.world(), hidden)
        for world in _GROWN[hidden]:
            world.line.close()
    first, second = map(pair.copied, _GROWN[hidden])
    for world in (first, second):
        world.did(4500, "dc.reed", "whoami")
    return first, second


def _grown(first: World, second: World, hidden: tuple[str, ...]) -> tuple[World, World]:
    for world in (first, second):
        world.did(90, "dc.reed", "whoami")  # it is open: what follows draws the same ids in both
    for number, name in enumerate(hidden):
        EXTRAS[name].do(second, 100 + 10 * number, number)
    for world in (first, second):
        text = "She says he waited at Mill Lane again."
        world.did(4000, "psw.ellis", "record", "--case", "{case}", text=text)
    return first, second


@contextmanager
def both(pair: Pair, roles: tuple[Role, ...]) -> Iterator[tuple[World, World]]:
    """As `grown`, closed afterwards."""
    worlds = grown(pair, roles)
    try:
        yield worlds
    finally:
        for world in worlds:
            world.line.close()


PAPERS = ("/list/read-out.pdf", "/list/network-for-decision.pdf")
BY_ROLE = {**{role: name for name, role in ENGAGE.items()}, "administrator": ADMINISTRATOR}


def assert_same_answers(worlds: tuple[World, World], roles: tuple[Role, ...], most: int) -> None:
    """So many questions of everything, drawn for each role, are answered alike in both worlds, and
    cost as many statements."""
    ids = [*dict.fromkeys([*worlds[1].ids.values(), NOWHERE])]
    every, draw = list(questions(ids)), Random(SEED)
    for role in roles:
        here, there = (Seat(world, BY_ROLE[role]) for world in worlds)
        for path, asked in draw.sample(every, most // len(roles)):
            one, other = here.ask(path, asked), there.ask(path, asked)
            assert one[:2] == other[:2], (role, path, asked)
            assert one[2] == other[2], (role, path, asked, *parting(one[2], other[2]))
            assert one[0] < 500, (role, path, asked)
            if path in COUNTED_APART:
                continue
            assert len(here.statements) == len(there.statements), (role, path, asked)
        assert here.long == []


def assert_same_exports(worlds: tuple[World, World], roles: tuple[Role, ...]) -> None:
    """What these roles take along is the same in both worlds."""
    draw, forms = Random(SEED), ("csv", "graphml", "svg")
    told = {"recipient": "the court", "purpose": "a hearing"}
    taken = 0
    for role in roles:
        here, there = (Seat(world, BY_ROLE[role]) for world in worlds)
        tables = [f"/list/{one}.xlsx" for one in sorted(QUESTIONS)]
        maps = [f"/map/{who}/export?min_grade=any" for who in ("whole", worlds[0].ids["baz"])]
        for path in (*draw.sample(tables, 3 * TIMES), *PAPERS, *maps):
            asked = {} if path in (*tables, *PAPERS) else told | {"form": draw.choice(forms)}
            one, other = here.take(path, asked), there.take(path, asked)
            if path == "/list/copies.xlsx":  # the exports of this test: their ids are drawn
                one, other = ((code, _DRAWN.sub("", told)) for code, told in (one, other))
            assert one[0] == other[0], (role, path)
            assert one == other, (role, path, *parting(one[1], other[1]))
            assert one[0] < 500, (role, path)
            taken += one[0] == 200
    assert taken


def assert_own_screens_move_alone(world: World) -> None:
    """What a team records moves the screens of those who see it, and nobody else's."""
    system = world.line.kept.system
    assert system
    house = make_app(system).state.house
    log = system.logs["evidence"]
    screens = {name: Own(house, name) for name in ("dc.reed", "psw.ellis", "dc.stone")}
    start = log.last()
    for own in screens.values():
        own.changed(start, start)
    world.did(5000, "psw.hale", "record", "--case", "{theirs}", text="He was there again.")
    moved = {name for name, own in screens.items() if own.changed(start, log.last())}
    assert moved == {"dc.stone"}
    start = log.last()
    world.did(5001, "psw.ellis", "record", "--case", "{case}", text="He was here again.")
    moved = {name for name, own in screens.items() if own.changed(start, log.last())}
    assert moved == {"dc.reed", "psw.ellis"}


@pytest.mark.parametrize("roles", GROUPS, ids=NAMES)
def test_what_is_hidden_changes_no_page_and_no_answer(
    pair: Pair,
    roles: tuple[Role, ...],
) -> None:
    with both(pair, roles) as worlds:
        assert_same_answers(worlds, roles, ASKED)


@pytest.mark.parametrize("roles", GROUPS[::4], ids=NAMES[::4])
def test_what_is_hidden_changes_no_export(pair: Pair, roles: tuple[Role, ...]) -> None:
    """Tables, the whole map and a part of it, as those take them along who may."""
    with both(pair, roles) as worlds:
        assert_same_exports(worlds, roles)


@pytest.mark.postgres
def test_on_a_server_nothing_of_it_changes_either(database_pair: Pair) -> None:
    """Pages, the API, exports and `/live`: a few, drawn by the seed; `make changed` asks more."""
    roles: tuple[Role, ...] = ("detective", "psw")
    with both(database_pair, roles) as worlds:
        assert_same_answers(worlds, roles, ASKED_OF_A_SERVER)
        assert_same_exports(worlds, roles[:1])
        assert_own_screens_move_alone(worlds[1])


def test_of_what_differs_for_those_who_keep_the_store_numbers_differ_alone(pair: Pair) -> None:
    """How long a log is, its hashes, how many families an account has: the person who keeps the
    store or its proofs knows that. It tells nobody what was recorded, of whom, or by whom.
    Everybody else gets the same answer in both worlds."""
    first, second = grown(pair, ("auditor", "manager"))
    differing = set()
    try:
        for name in (*ENGAGE, ADMINISTRATOR):
            here, there = (Seat(world, name) for world in (first, second))
            for address, readers in NUMBERS.items():
                path, _, run = address.partition("?run=")
                asked = {"run": run} if run else {}
                one, other = here.ask(path, asked), there.ask(path, asked)
                assert one[:2] == other[:2], (name, path)
                if name not in readers:
                    assert one[2] == other[2], (name, path, *parting(one[2], other[2]))
                    continue
                assert one[0] == 200, (name, path)
                differing |= {path} if one != other else set()
                plain = [_NUMBER.sub("0", told[2]) for told in (one, other)]
                assert plain[0] == plain[1], (name, path, *parting(*plain))
        assert {"/verify", "/api/v1/verify", "/api/v1/replay", "/store"} <= differing
    finally:
        first.line.close()
        second.line.close()


def test_no_address_is_forgotten() -> None:
    known = {route.path for route in ROUTES if "GET" in (route.methods or ())}
    known |= {f"/api/v1{one.path}" for one in OPERATIONS if one.method == "GET"}
    assert set(WORDS) <= known


def test_nothing_that_another_team_records_moves_a_screen(pair: Pair) -> None:
    """And what one's own team records does."""
    with both(pair, ("detective", "psw")) as (_, second):
        assert_own_screens_move_alone(second)


def test_a_plan_to_erase_tells_that_more_rests_on_it_and_not_what(
    pair: Pair,
) -> None:
    """Who would destroy what rests on another team's words needs more rights than their own: that
    there is something is told by the refusal, and nothing of what it is."""
    first, second = grown(pair, ("detective",))
    try:
        case = {"of": first.ids["case"]}
        here, there = (
            Seat(world, "dc.reed").ask("/erasures/new", case) for world in (first, second)
        )
        assert here[0] == 200
        assert there[0] in (200, 403)
        hidden = {name: one for name, one in second.ids.items() if name not in first.ids}
        assert not any(one in there[2] for one in hidden.values())
    finally:
        first.line.close()
        second.line.close()


def test_an_assessor_is_not_told_how_the_register_grades(pair: Pair) -> None:
    """It would be another's judgement, and lead theirs: the handler's alone."""
    world = pair.world()
    world.did(90, "dc.reed", "queue")
    try:
        EXTRAS["a_graded_source"].do(world, 100, 0)
        told = Seat(world, "dc.reed").ask(f"/assess/{UUID(world.ids['words'])}", {})[2]
        assert "Who told us" in told
        assert "The register says" not in told
        assert "Relied on as" not in told
    finally:
        world.line.close()

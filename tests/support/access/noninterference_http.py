"""Two stores that differ only in records that a reader may not see, and all addresses of pages and
API calls. Both stores must give the reader the same answers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from zipfile import ZipFile

import sqlalchemy as sa
from fastapi import FastAPI

from domain.clocks import CLOCKS
from domain.kernel.values import Role
from network.index.index import read_ahead
from tests.access.worlds import ADMINISTRATOR, ENGAGE, EXTRAS, World, hidden_from
from tests.made import place
from tests.support.access.noninterference import (
    GROUPS,
    NAMED,
    SEARCHED,
    Pair,
)
from tests.support.web.attacks import ROUTES, answered
from tests.web.client import Client
from usecases.kernel.fields import fields_of
from usecases.kernel.registry import QUESTIONS
from web.api.app import OPERATIONS
from web.api.asked import ApiQuestion
from web.app import make_app
from web.site import lists

#: A pattern of the text of a deadline about a silent hit, whose id is random.
_HIT_SAYS = "|".join(
    re.escape(CLOCKS[clock].says) for clock in ("contact-decision", "contact-decision-now")
)
#: A pattern of values that differ from session to session: random ids, and fractions of a second.
_OWN = re.compile(
    r'(data-csrf|name="one"|"csrf") ?[=:] ?"[^"]*"|value="[0-9a-f-]{36}"><button'
    r'|"id": ?"[0-9a-f-]{36}"(?=, ?"held")'
    r"|<dcterms:[^<]*"
    r'|"next": ?"[\w-]+"|"seq": ?\d{16}|"id": ?"[0-9a-f-]{36}"(?=, ?"what": ?"(?:'
    rf"{_HIT_SAYS}))"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f-]{17}(?=:1)"
    r"|/hits/[0-9a-f-]{36}|cursor=[\w%=-]+|\.\d{6}Z|before=\d+|\d+ shown"
)
#: The parameters that are sent with a request for a page, by the page's path.
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
    "/cases/at-risk": [{}, *({"of": name} for name in NAMED)],
    "/trail": [{}, {"of": "{one}"}],
    "/today/to-decide": [{}, {"overdue": "true"}],
    "/retention": [{}, {"every": "true"}],
    "/list/disclosure-list": [{}, {"of": "{one}"}],
    **{
        f"/api/v1{ApiQuestion(one).path}": [dict.fromkeys(needed, "{one}")]
        for one in QUESTIONS.values()
        if (needed := [each.name for each in fields_of(one) if each.ref])
    },
    "/api/v1/search": [{"q": word} for word in SEARCHED],
    "/api/v1/network/path": [{"a": "Baz", "b": name, "min_grade": "any"} for name in NAMED],
}
#: Pages that have a list and other content beside it, and share one route.
LISTS = {
    lists.address(command)
    for command, one in lists.LISTS.items()
    if one.says or one.begins or one.own or one.links
}
#: Addresses whose answers may differ between the stores, each with the reason.
EXCEPTIONS = {
    "/live": "it is no answer that ends: its own test below",
    "/today/alerts": "a warning knows all and tells little, as on the command line",
    "/api/v1/alerts": "the same warnings",
    "/records/retention/{which}": "nobody destroys what rests on others' words without them: below",
    "/api/v1/verify": "who has the files may prove their length: numbers and hashes alone, below",
    "/api/v1/replay": "the auditor's: its position is the log's length, and its hash another",
    "/system/store": "the administrator's: how far the logs have come, in numbers alone, below",
    "/api/v1/users": "the administrator's: how many families each has, in numbers alone, below",
    "/list/user-list": "the administrator's: how many families each has, in numbers alone, below",
    "/records/accounts/{which}": "the administrator's: sessions and families, in numbers, below",
}
#: A pattern of a condition with which a statement reads no row.
_NOTHING = re.compile(r"WHERE (0 = 1|false\b)")


@dataclass
class Seat:
    """A user with a browser at one of the stores. The object counts the SQL statements of the
    user's answers, and notes statements that would read all of `reach`, the largest table."""

    world: World
    name: str
    app: FastAPI | None = None
    client: Client = field(init=False)
    statements: list[str] = field(default_factory=list)
    long: list[str] = field(default_factory=list)
    _explained: set[str] = field(default_factory=set)
    _asking: bool = False

    def __post_init__(self) -> None:
        system = self.world.line.kept.system
        assert system
        self.app = self.app or app_of(self.world)
        self.client = Client(self.app, raise_server_exceptions=False)
        self.client.post("/sign-in", data={"name": self.name}, follow_redirects=False)
        sa.event.listen(system.views.engine, "before_cursor_execute", self._count)
        self.warm()

    def warm(self) -> None:
        """Load the list of the items that the user may see, so that later requests take it from the
        cache."""
        self.ask("/api/v1/rota", {})

    def _count(self, db: sa.Connection, cursor: Any, statement: str, told: Any, *_: Any) -> None:
        """Count the SQL statements that an answer needs, except those that update the views."""
        if not self._asking or not statement.startswith(("SELECT", "WITH")):
            return
        self.statements.append(statement)
        if db.dialect.name == "sqlite" and statement not in self._explained:
            self._explained.add(statement)
            plan = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", told).fetchall()
            scans = any(step[-1].startswith("SCAN reach") for step in plan)
            if scans and not _NOTHING.search(statement):
                self.long.append(statement)

    def ask(self, path: str, asked: dict[str, str]) -> tuple[int, str, str]:
        system = self.world.line.kept.system
        assert system
        # All views are updated before the request, so that only the answer's own statements are
        # counted. A serving process updates the map's index by itself (web/server/warm_up.py), so
        # that no request waits for the index.
        with system.reading_with_access_log() as db:
            read_ahead(db)
        headers = {"x-continuum-user": self.name} if path.startswith("/api/") else {}
        self.statements.clear()
        self._asking = True
        answer = self.client.get(path, params=asked, headers=headers, follow_redirects=False)
        self._asking = False
        told = _OWN.sub("", answered(answer.text))
        return answer.status_code, answer.headers.get("location", ""), told

    def take(self, path: str, asked: dict[str, str]) -> tuple[int, str]:
        """Request an export; return its status and its content as text. Of a workbook, the text of
        its unpacked parts is returned."""
        csrf = {"csrf": self.client.get("/session").json()["csrf"]}
        answer = self.client.post(path, data=asked | csrf, follow_redirects=False)
        told = answer.content
        if told.startswith(b"PK"):
            with ZipFile(BytesIO(told)) as book:
                told = b"\n".join(book.read(name) for name in sorted(book.namelist()))
        return answer.status_code, _OWN.sub("", answered(told.decode("utf-8", "replace")))


def app_of(world: World) -> FastAPI:
    """Return the web application of a store."""
    assert world.line.kept.system
    return make_app(world.line.kept.system)


def questions(ids: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the address and the parameters of every page and API call that answers a question, once
    for each item.
    """
    paths = {route.path for route in ROUTES if "GET" in (route.methods or ())}
    paths |= {f"/api/v1{operation.path}" for operation in OPERATIONS if operation.method == "GET"}
    for path in sorted((paths | LISTS) - set(EXCEPTIONS)):
        for words in WORDS.get(path, [{}]):
            about = ids if "{" in path or "{one}" in words.values() else [""]
            for one in about:
                filled = {name: one if word == "{one}" else word for name, word in words.items()}
                yield re.sub(r"{\w+}", one, path), filled


#: Pairs of closed stores on files, by the roles that may not see some of the second store's
#: records; several tests use the same pair.
_GROWN: dict[tuple[str, ...], tuple[World, World]] = {}


def grown(pair: Pair, roles: tuple[Role, ...]) -> tuple[World, World]:
    """Return both stores after another team has recorded one item of each kind that none of these
    roles may see. Only the second store has these items."""
    hidden = hidden_of(roles)
    if pair.url:
        return _grown((pair.world(), pair.world()), hidden)
    if hidden not in _GROWN:
        made = Pair(Path(mkdtemp(dir=place())), pair.drawn)
        _GROWN[hidden] = _grown((made.world(), made.world()), hidden)
        for world in _GROWN[hidden]:
            world.line.close()
    first, second = map(pair.copied, _GROWN[hidden])
    for world in (first, second):
        world.did(4500, "dc.reed", "whoami")
    return first, second


def hidden_of(roles: tuple[Role, ...]) -> tuple[str, ...]:
    """Return the kinds of item that none of these roles may see."""
    return tuple(sorted(set.intersection(*(set(hidden_from(role)) for role in roles))))


def started(worlds: tuple[World, World]) -> None:
    """Open both stores; from now on both make the same random ids."""
    for world in worlds:
        world.did(90, "dc.reed", "whoami")


def apart(worlds: tuple[World, World], hidden: tuple[str, ...]) -> None:
    """Record items that the reader's team sees in both stores. In the second store only, also
    record one item of each of the kinds `hidden`."""
    for number, name in enumerate(hidden):
        EXTRAS[name].do(worlds[1], 100 + 10 * number, number)
    for world in worlds:
        text = "She says he waited at Mill Lane again."
        world.did(4000, "psw.ellis", "record", "--case", "{case}", text=text)
        world.follow()


def _grown(worlds: tuple[World, World], hidden: tuple[str, ...]) -> tuple[World, World]:
    started(worlds)
    apart(worlds, hidden)
    return worlds


BY_ROLE = {**{role: name for name, role in ENGAGE.items()}, "administrator": ADMINISTRATOR}
#: All roles, in the order of the groups in which tests combine them.
EVERY_ROLE = [role for group in GROUPS for role in group]


def about(one: str, path: str, asked: dict[str, str]) -> tuple[str, dict[str, str]]:
    return path.replace("{one}", one), {k: v.replace("{one}", one) for k, v in asked.items()}

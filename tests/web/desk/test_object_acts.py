"""The pages of people and things offer every action that `acts.json` lists for the reader's role,
behind "Add…" or as a link at the top. (Once, each kind of thing had its own page.)"""

import html
import json
import re
from pathlib import Path
from uuid import UUID

import pytest

from projections.families import cases
from projections.intelligence import links, people
from projections.kernel.item_ids import ItemRow
from tests.web.client import Client
from tests.web.conftest import Somebody
from tests.web.showcase import Showcase
from web.app import make_app

BEFORE: dict[str, dict[str, str]] = json.loads(
    (Path(__file__).parent / "acts.json").read_text("utf-8")
)
ONE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LINK = re.compile(r'<a [^>]*href="([^"]+)"')
NUMBER = re.compile(r"=\d+$")
FORM = re.compile(r'<form [^>]*action="([^"]+)"')
ITEMS = ("exhibit", "statement", "arrest", "notice")
THINGS = ("vehicle", "place", "phone", "handle")


@pytest.fixture(scope="module")
def pages(shown: Showcase) -> dict[str, str]:
    """Return the address of the page of one item of each kind, by the kind."""
    office, ids = shown.office, shown.ids
    found = {one: f"/items/{ids[one]}" for one in ("graded", "waiting", "tie")}
    found |= {"suspect": f"/people/{ids['suspect']}", "case": f"/cases/{ids['case']}"}
    with office.system.reading() as db:
        case = cases.get(db, office.reader, UUID(ids["case"]))
        assert case
        found["child"] = f"/people/{case.child}"
        some = people.entities(db, office.reader)
        for kind in THINGS:
            one = min(row.id for row in some.values() if row.kind == kind)
            found[kind] = f"/people/{one}"
        graded = links.list_links_resting_on(db, office.reader, UUID(ids["graded"]))
        found["report"] = f"/items/{next(tie.report for tie in graded if tie.report)}"
        for kind in ITEMS:
            rows = db.execute(ItemRow.table.select().where(ItemRow.table.c.kind == kind))
            found[kind] = f"/items/{min(row.id for row in rows)}"
    return found


@pytest.fixture(scope="module")
def app(shown: Showcase) -> object:
    return make_app(shown.office.system)


def offered(somebody: Somebody, page: str) -> set[str]:
    """Return the actions that this page offers to the user, by their names in `acts.json`. Actions
    are offered as links on the page and in the list that it opens."""
    found = set[str]()
    for part in (page, f"{page}/do"):
        answer = somebody.get(part)
        assert answer.status_code == 200, part
        main = answer.text.partition("<main")[2].partition("</main>")[0]
        for address in map(html.unescape, LINK.findall(main) + FORM.findall(main)):
            act = address.partition("/do/")[2].partition("?")[0].partition("#")[0]
            own = address.removeprefix(page + "/") if address.startswith(page + "/") else ""
            found.add(act or own or NUMBER.sub("", ONE.sub("*", address)))
    return found


@pytest.mark.in_turn
@pytest.mark.parametrize("kind", BEFORE)
def test_every_act_is_still_offered(app: object, pages: dict[str, str], kind: str) -> None:
    for who, acts in BEFORE[kind].items():
        now = offered(Somebody(Client(app), who).sign_in(), pages[kind])
        assert set(acts.split()) - now == set(), (who, kind)


@pytest.mark.in_turn
@pytest.mark.parametrize(
    ("kind", "some"), [("suspect", 10), ("waiting", 5), ("report", 2), ("case", 30)]
)
def test_each_act_in_the_list_opens_its_form(
    app: object, pages: dict[str, str], kind: str, some: int
) -> None:
    sergeant = Somebody(Client(app), "ds.hale").sign_in()
    listed = LINK.findall(sergeant.get(f"{pages[kind]}/do").text)
    acts = [html.unescape(one) for one in listed if "/do/" in one]
    assert len(acts) >= some
    for act in acts:
        page = sergeant.get(act)
        assert page.status_code == 200, act
        assert '<form method="post"' in page.text.partition("<main")[2], act


def test_the_list_of_acts_is_part_of_the_page(app: object, pages: dict[str, str]) -> None:
    sergeant = Somebody(Client(app), "ds.hale").sign_in()
    for kind in ("suspect", "waiting", "case"):
        listed = sergeant.get(f"{pages[kind]}/do")
        assert listed.url.path == pages[kind]
        assert re.search('<dialog id="add"[^>]* open>', listed.text)
        assert not re.search('<dialog id="add"[^>]* open>', sergeant.get(pages[kind]).text)


def test_an_act_of_another_role_does_not_open(app: object, pages: dict[str, str]) -> None:
    auditor = Somebody(Client(app), "auditor.wray").sign_in()
    assert auditor.get(f"{pages['suspect']}/do/outcome-arrest").status_code == 404
    assert auditor.get(f"{pages['suspect']}/do/no-such-act").status_code == 404

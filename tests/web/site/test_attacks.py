"""Attacks on every address of the screens fail: guessed ids, forged forms, and screens of other
roles.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

import pytest

from commands.intelligence import links
from domain.kernel.values import ROLES, Reader, Role
from projections.families import cases
from tests.access.staff import Staff
from tests.commands.office import opened
from tests.fuzz import TIMES
from tests.support.web.attacks import ROUTES, answered
from tests.web.conftest import House, Somebody
from web.app import make_app
from web.site import navigation

#: Forms that are sent before a user is signed in. They have no token, and the server accepts them
#: only from the product's own pages.
AT_THE_DOOR = {
    "/sign-in",
    "/sign-in/ask",
    "/sign-in/passkey",
    "/sign-in/carried",
    "/enrol",
    "/enrol/finish",
    "/outbox/contact",
    "/outbox/wiped",
}
#: Values of fields that pass the checks of most forms, as far as one set of values can.
FORM = {
    "a": "x", "b": "y", "kind": "associate", "judgement": "same", "outcome": "no-value",
    "reason": "because", "words": "words", "child": "1", "decision": "give", "contact": "contact",
    "done": "acted", "start": "0", "end": "1", "relevance": "relevant", "description": "a thing",
    "form": "MG6C", "trial": "S1", "judged": "justified", "which": "health", "worker": "x",
    "category": "foster-care", "address": "x", "recipient": "x", "item": "x", "text": "x",
    "source_grade": "2", "information": "C", "handling": "P", "to": "phone:07700900461",
    "until": "2030-01-01", "hints": "x", "user": "x", "finding": "x", "case": "1", "name": "x",
    "role": "psw",
}  # fmt: skip
#: Each role tries every `TURNS`th address, in turn, so that the roles together try all addresses.
#: In `make changed`, each role tries all.
TURNS = 2 if TIMES == 1 else 1
#: For each parameter of an address, the index in `Town.hidden` of the hidden id that a user
#: guesses.
ABOUT = {"case": 0, "item": 1, "who": 2, "suspect": 2}


def addresses(method: str) -> list[str]:
    """Return the addresses for this HTTP method that contain an id."""
    return sorted(
        route.path for route in ROUTES if method in (route.methods or ()) and "{" in route.path
    )


@dataclass
class Town:
    """A store with its users, and the ids of four hidden items. The users guess these ids in
    addresses."""

    house: House
    staff: Staff
    hidden: list[UUID]

    hired: set[str] = field(default_factory=set)

    def guesses(self, role: Role, number: int, path: str) -> list[UUID]:
        """Return the hidden ids that this role tries at an address: the id of the kind that the
        address expects and, if the role may open the address, one other. In `make changed`, all
        four are returned."""
        named = ABOUT.get(path.partition("{")[2].partition("}")[0], number % 4)
        turn = (
            (ROLES.index(role) + number + 1) % 4 if navigation.opens(outside(role), path) else named
        )
        return self.hidden if TIMES > 1 else [self.hidden[one] for one in {named, turn}]

    def outsider(self, role: Role) -> Somebody:
        name = f"far.{role}"
        if name not in self.hired:
            self.staff.hire(name, role, teams=["Deter"])
            self.hired.add(name)
        return self.house.somebody(name)


def outside(role: Role) -> Reader:
    """Return a reader of the team Deter who has this role alone; the ids that the reader guesses
    belong to another team.
    """
    return Reader("x", "Deter", "c", closed=True, roles=frozenset({role}))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Yield one store for all attackers, because no attacker changes it."""
    office = opened(tmp_path_factory.mktemp("town") / "store")
    office.system.settings = office.settings
    case = office.case("Kayleigh Marlow")
    item = office.words("She was by the shop", case=str(case), heard_from="Marion Oakes")
    with office.system.reading() as db:
        row = cases.get(db, office.reader, case)
    assert row
    friend = office.words("Jade Haxby was with her", case=str(case))
    tie = links.assert_link(
        office.desk, office.reader, friend, str(row.child), "place:Mill Lane", "frequents"
    )
    staff = Staff(office)
    staff.hire("ds.near", "detective", teams=["Engage"])
    yield Town(House(office, make_app(office.system)), staff, [case, item, row.child, tie.id])
    office.system.close()


def tried_in_turn(role: Role, paths: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield this role's share of these addresses, each with its number in `paths`. The roles
    together have all addresses."""
    return islice(enumerate(paths), ROLES.index(role) % TURNS, None, TURNS)


def page_shown(somebody: Somebody, path: str, one: UUID | str) -> tuple[int, str]:
    names = re.findall(r"{(\w+)}", path)
    answer = somebody.get(path.format(**dict.fromkeys(names, str(one))))
    return answer.status_code, answered(answer.text, str(one))


#: Roles that see cases, children or entries of every team, for which these ids are therefore no
#: secret.
WIDE: set[Role] = {"intelligence-officer", "auditor", "dci"}


@pytest.mark.in_turn
@pytest.mark.parametrize("role", [role for role in ROLES if role not in WIDE])
def test_an_id_that_is_guessed_shows_what_a_made_up_one_shows(town: Town, role: Role) -> None:
    """If a user opens the address of a hidden item, the answer is the same as for an id that does
    not exist.
    """
    somebody = town.outsider(role)
    nowhere = page_shown(somebody, "/nowhere", uuid4())
    for number, path in tried_in_turn(role, addresses("GET")):
        enters = navigation.opens(outside(role), path)
        nothing = page_shown(somebody, path, uuid4()) if enters else nowhere
        for guess in town.guesses(role, number, path):
            assert page_shown(somebody, path, guess) == nothing, (path, guess)


def test_those_whose_it_is_see_it(town: Town) -> None:
    near = town.house.somebody("ds.near")
    case, item, child, tie = town.hidden
    for path in (f"/cases/{case}", f"/items/{item}", f"/people/{child}", f"/trail/{tie}"):
        assert near.get(path).status_code == 200, path


def sent(somebody: Somebody, path: str, one: UUID | str) -> tuple[int, str]:
    names = re.findall(r"{(\w+)}", path)
    answer = somebody.send(path.format(**dict.fromkeys(names, str(one))), **FORM)
    return answer.status_code, answered(answer.text, str(one), UUID(str(one)).hex)


@pytest.mark.in_turn
@pytest.mark.parametrize("role", ["psw", "detective", "social-worker", "manager", "administrator"])
def test_nothing_is_done_to_an_id_that_is_guessed(town: Town, role: Role) -> None:
    somebody = town.outsider(role)
    before = town.house.office.count()["evidence"]
    for number, path in tried_in_turn(role, addresses("POST")):
        nothing = sent(somebody, path, uuid4())
        for guess in town.guesses(role, number, path):
            assert sent(somebody, path, guess) == nothing, (path, guess)
    assert town.house.office.count()["evidence"] == before


def test_no_form_is_taken_without_its_token(house: House) -> None:
    worker = house.somebody()
    item = house.office.words("a grey van")
    before = house.office.count()
    forged: list[dict[str, Any]] = [{}, {"csrf": ""}, {"csrf": "guessed"}]
    # without `make changed`, one form is tried at each address, in turn
    most = len(forged) if TIMES > 1 else 1
    paths = {route.path for route in ROUTES if "POST" in (route.methods or ())} - AT_THE_DOOR
    assert len(paths) > 60
    for number, path in enumerate(sorted(paths)):
        names = re.findall(r"{(\w+)}", path)
        at = path.format(**dict.fromkeys(names, str(item)))
        for form in (forged[number % 3 :] + forged)[:most]:
            answer = worker.client.post(at, data=FORM | {"command_id": str(uuid4())} | form)
            assert answer.status_code == 403, (path, answer.status_code)
    assert house.office.count() == before


def test_no_form_is_taken_from_another_site(house: House) -> None:
    worker = house.somebody()
    item = house.office.words("a grey van")
    before = house.office.count()
    foreign = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    for path in sorted({route.path for route in ROUTES if "POST" in (route.methods or ())}):
        names = re.findall(r"{(\w+)}", path)
        at = path.format(**dict.fromkeys(names, str(item)))
        form = FORM | {
            "csrf": worker.csrf,
            "command_id": str(uuid4()),
            "handle": "x",
            "answer": "x",
        }
        asked: dict[str, Any] = {"data": form}
        answer = worker.client.post(at, headers=foreign, **asked)
        assert answer.status_code == 403, (path, answer.status_code)
    assert house.office.count() == before


def test_a_stranger_reaches_no_page_and_no_form(house: House) -> None:
    item = house.office.words("a grey van")
    stranger = house.anybody
    before = house.office.count()
    free = {"/offline", "/sw.js", "/manifest.webmanifest", "/sign-in", "/enrol", "/sign-in/back"}
    # these addresses lead to the identity provider
    free |= {"/sign-in/back/on", "/sign-in/elsewhere"}
    for route in ROUTES:
        names = re.findall(r"{(\w+)}", route.path)
        at = route.path.format(**dict.fromkeys(names, str(item)))
        for method in (route.methods or set()) & {"GET", "POST"}:
            if route.path in free | AT_THE_DOOR or route.path == "/live":
                continue
            answer = stranger.request(method, at)
            assert answer.status_code in (303, 401), (route.path, answer.status_code)
            assert "grey van" not in answer.text
    assert house.office.count() == before


@pytest.mark.in_turn
@pytest.mark.parametrize("role", ROLES)
def test_rooms_of_others_are_not_there(
    town: Town, role: Role, request: pytest.FixtureRequest
) -> None:
    """For a user, the screens of other roles look like addresses that do not exist."""
    turns = 1 if request.config.getoption("--every") else 3
    somebody = town.outsider(role)
    nothing = answered(somebody.get("/nowhere").text)
    pages = {page["href"] for page in somebody.get("/palette").json()["pages"]}
    for number, room in enumerate(navigation.ROOMS):
        theirs = navigation.opens(outside(role), room.path)
        assert (room.path in pages) is theirs, room.path
        if (number + ROLES.index(role)) % turns:
            continue
        answer = somebody.get(room.path)
        assert (answer.status_code == 200) is theirs, room.path
        if not theirs:
            assert answered(answer.text) == nothing, room.path

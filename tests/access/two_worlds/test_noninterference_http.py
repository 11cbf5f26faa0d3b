"""Hidden records change no answer over HTTP: no page, no answer of the API, no map and no live
update. In the test, two stores begin with the same records, and another team then adds hidden
records to the second. Users of each role get the same answers from both stores, before and after
that."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from uuid import UUID

import pytest

from domain.kernel.values import Role
from tests.access.worlds import ADMINISTRATOR, ENGAGE, EXTRAS, World
from tests.fuzz import SEED, TIMES
from tests.support.access.noninterference import GROUPS, NAMES, NOWHERE, Pair
from tests.support.access.noninterference_http import (
    BY_ROLE,
    EVERY_ROLE,
    EXCEPTIONS,
    LISTS,
    WORDS,
    Seat,
    about,
    apart,
    app_of,
    grown,
    hidden_of,
    questions,
    started,
)
from tests.support.web.attacks import ROUTES
from usecases.kernel.registry import QUESTIONS
from web.api.app import OPERATIONS
from web.app import make_app
from web.site.live_updates import Own

#: How many pages each role requests if the store is on a PostgreSQL server.
OF_A_SERVER = 2 * TIMES
#: Queries whose answers may differ between the two worlds, but only in numbers and hashes; with the
#: roles that may ask them.
NUMBERS = {
    "/verify?run=true": ("au.dunn", ADMINISTRATOR),
    "/api/v1/verify": ("au.dunn", ADMINISTRATOR),
    "/api/v1/replay": ("au.dunn",),
    "/system/store": (ADMINISTRATOR,),
    "/api/v1/users": (ADMINISTRATOR,),
    "/list/user-list": (ADMINISTRATOR,),
    "/records/accounts/dc.stone": (ADMINISTRATOR,),
    "/records/accounts/dc.reed": (ADMINISTRATOR,),
}
#: A pattern that matches the random part of an id (it follows the id's time), and the width of the
#: column with the ids.
_DRAWN = re.compile(r"(?<=[0-9a-f]{8}-[0-9a-f]{4})-7[0-9a-f-]{21}|(?<=width=)\"[\d.]+\"")
_NUMBER = re.compile(r"\b[0-9a-f]{8,}\b|\d[\d,.]*")
#: Addresses whose number of SQL statements may differ. A search that matches another team's record
#: notifies that team (`test_silent_hit`), but shows the searcher nothing.
COUNTED_APART = {"/search", "/api/v1/search"}


def parting(one: str, other: str) -> tuple[str, str]:
    """Return the parts of two texts around the first difference between them."""
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return one[max(at - 80, 0) : at + 80], other[max(at - 80, 0) : at + 80]


@contextmanager
def open_copies(pair: Pair, roles: tuple[Role, ...]) -> Iterator[tuple[World, World]]:
    """Yield two stores that differ only in records of another team that these roles may not see:
    only the second store has these records. Close both stores afterwards."""
    worlds = grown(pair, roles)
    try:
        yield worlds
    finally:
        for world in worlds:
            world.line.close()


PAPERS = ("/list/read-out.pdf", "/list/network-for-decision.pdf")


def shared_out(role: Role, draw: Random) -> list[tuple[str, dict[str, str]]]:
    """Return the addresses that this role requests in this run, in a random order; "{one}" stands
    for an item's id. All roles together request all addresses.
    """
    every, turn = list(questions(["{one}"])), EVERY_ROLE.index(role)
    turns = {(turn + SEED + more) % len(EVERY_ROLE) for more in range(TIMES)}
    mine = [one for n, one in enumerate(every) if n % len(EVERY_ROLE) in turns]
    return draw.sample(mine, len(mine))


def assert_same_answers(
    pair: Pair,
    roles: tuple[Role, ...],
    most: int | None = None,
    then: Callable[[tuple[World, World]], None] | None = None,
) -> None:
    """Assert that these roles get the same answers from two stores, with the same number of SQL
    statements, before and after a hidden record is added to the second store. At the end, call
    `then` with both stores."""
    worlds = pair.world(), pair.world()
    started(worlds)
    draw, common = Random(f"{SEED} {roles}"), [*worlds[0].ids.values(), NOWHERE]
    apps = [*map(app_of, worlds)]
    seats = {
        role: [Seat(world, BY_ROLE[role], app) for world, app in zip(worlds, apps, strict=True)]
        for role in roles
    }
    asked = {
        role: [(draw.choice(common), *one) for one in shared_out(role, draw)[:most]]
        for role in roles
    }
    try:
        for role in roles:
            _assert_alike(role, seats[role], asked[role][SEED % 2 :: 1 if TIMES > 1 else 2])
        apart(worlds, hidden_of(roles))
        new = [one for name, one in worlds[1].ids.items() if name not in worlds[0].ids]
        new = new or [NOWHERE]
        for role in reversed(roles):
            for seat in seats[role]:
                seat.warm()
            _assert_alike(role, seats[role][::-1], asked[role])
            named = [one for one in asked[role] if "{one}" in one[1] or "{one}" in one[2].values()]
            hidden = [(draw.choice(new), *one[1:]) for one in named[:: 1 if TIMES > 1 else 3]]
            _assert_alike(role, seats[role], hidden)
            assert seats[role][0].long == []
        if then:
            then(worlds)
    finally:
        for world in worlds:
            world.line.close()


def _assert_alike(
    role: Role, seats: list[Seat], asked: list[tuple[str, str, dict[str, str]]]
) -> None:
    for of, address, given in asked:
        path, words = about(of, address, given)
        one, other = (seat.ask(path, words) for seat in seats)
        assert one[:2] == other[:2], (role, path, words)
        assert one[2] == other[2], (role, path, words, *parting(one[2], other[2]))
        assert one[0] < 500, (role, path, words)
        if path not in COUNTED_APART:
            counts = {len(seat.statements) for seat in seats}
            assert len(counts) == 1, (role, path, words, counts)


def assert_same_exports(worlds: tuple[World, World], roles: tuple[Role, ...]) -> None:
    """Assert that users with these roles get the same exports of the map from both stores."""
    draw, forms = Random(SEED), ("csv", "graphml", "svg")
    told = {"recipient": "the court", "purpose": "a hearing"}
    taken = 0
    for role in roles:
        here, there = (Seat(world, BY_ROLE[role]) for world in worlds)
        tables = [f"/list/{question}.xlsx" for question in sorted(QUESTIONS)]
        maps = [f"/map/{who}/export?min_grade=any" for who in ("whole", worlds[0].ids["baz"])]
        for path in (*draw.sample(tables, 3 * TIMES), *PAPERS, *maps):
            asked = {} if path in (*tables, *PAPERS) else told | {"form": draw.choice(forms)}
            one, other = here.take(path, asked), there.take(path, asked)
            if path == "/list/copies.xlsx":  # exports that this test made have random ids
                one, other = ((code, _DRAWN.sub("", told)) for code, told in (one, other))
            assert one[0] == other[0], (role, path)
            assert one == other, (role, path, *parting(one[1], other[1]))
            assert one[0] < 500, (role, path)
            taken += one[0] == 200
    assert taken


def assert_own_screens_move_alone(world: World) -> None:
    """Assert that a team's record updates the open screens of the team's own readers, and no other
    screens.
    """
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


@pytest.mark.in_turn
@pytest.mark.parametrize("roles", GROUPS, ids=NAMES)
def test_what_is_hidden_changes_no_page_and_no_answer(
    pair: Pair,
    roles: tuple[Role, ...],
) -> None:
    assert_same_answers(pair, roles)


@pytest.mark.in_turn
@pytest.mark.parametrize("roles", GROUPS[::4], ids=NAMES[::4])
def test_what_is_hidden_changes_no_export(pair: Pair, roles: tuple[Role, ...]) -> None:
    """Users who may export get the same tables and map files from two stores that differ only in
    records hidden from them. This is tried for the whole map and for a part of it."""
    with open_copies(pair, roles) as worlds:
        assert_same_exports(worlds, roles)


@pytest.mark.in_turn("pages on a server")
@pytest.mark.postgres
def test_on_a_server_nothing_of_it_changes_either(database_pair: Pair) -> None:
    """On a server, too, records that a reader may not see change no answer. The random seed selects
    a few pages, API calls, exports and live updates for each role; `make changed` tries more.
    """

    def then(worlds: tuple[World, World]) -> None:
        assert_same_exports(worlds, ("detective",))
        assert_own_screens_move_alone(worlds[1])

    first, *others = GROUPS
    assert_same_answers(database_pair, first, OF_A_SERVER, then)
    for roles in others if TIMES > 1 else ():
        assert_same_answers(database_pair, roles, OF_A_SERVER)


def test_of_what_differs_for_those_who_keep_the_store_numbers_differ_alone(pair: Pair) -> None:
    """For the administrator of the store and the auditor, hidden records of a team change only
    numbers: the length of a log, hashes, and how many families an account has. No content, subject
    or author differs.
    """
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
        assert {"/verify", "/api/v1/verify", "/api/v1/replay", "/system/store"} <= differing
    finally:
        first.line.close()
        second.line.close()


def test_no_address_is_forgotten() -> None:
    known = {route.path for route in ROUTES if "GET" in (route.methods or ())}
    known |= {f"/api/v1{operation.path}" for operation in OPERATIONS if operation.method == "GET"}
    assert {*WORDS, *EXCEPTIONS} <= known | LISTS


def test_nothing_that_another_team_records_moves_a_screen(pair: Pair) -> None:
    """An open screen is updated when the reader's own team records something. It is not updated
    when another team records something.
    """
    with open_copies(pair, ("detective", "psw")) as (_, second):
        assert_own_screens_move_alone(second)


def test_a_plan_to_erase_tells_that_more_rests_on_it_and_not_what(
    pair: Pair,
) -> None:
    """A user who wants to erase an entry on which another team's record depends needs further
    rights. The refusal reveals that there is such a record, but nothing about it."""
    first, second = grown(pair, ("detective",))
    try:
        plan = f"/records/retention/{UUID(first.ids['case'])}"
        here, there = (Seat(world, "dc.reed").ask(plan, {}) for world in (first, second))
        assert here[0] == 200
        assert there[0] in (200, 403)
        hidden = {name: one for name, one in second.ids.items() if name not in first.ids}
        assert not any(one in there[2] for one in hidden.values())
    finally:
        first.line.close()
        second.line.close()


def test_an_assessor_is_not_informed_how_the_register_grades(pair: Pair) -> None:
    """An assessor does not see how reliable the register calls the source of an entry, because it
    would influence the assessor's grade.
    """
    world = pair.world()
    world.did(90, "dc.reed", "queue")
    try:
        EXTRAS["a_graded_source"].do(world, 100, 0)
        told = Seat(world, "dc.reed").ask(f"/assess/{UUID(world.ids['words'])}", {})[2]
        assert "<dt>Source</dt>" in told
        assert "The source register gives" not in told
        assert "Hidden. Reliability" not in told
    finally:
        world.line.close()

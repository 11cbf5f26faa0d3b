"""Whom each screen is for: who does none of a room's acts meets the page of what is not there."""

from fastapi.routing import APIRoute

from access.who_may.table import MAY
from domain.kernel.values import ROLES, Role
from tests.support.web.rooms import reader
from web.app import SCREENS
from web.site import navigation
from web.site.rendering import menu, render


def titles(*roles: Role) -> set[str]:
    return {room.path for room in navigation.rooms_of(reader(*roles))}


def test_every_address_belongs_to_a_room() -> None:
    routes = [route for screen in SCREENS for route in screen.router.routes]
    paths = {route.path for route in routes if isinstance(route, APIRoute)}
    assert len(paths) > 30
    assert {path for path in paths if navigation.acts_of(path) is None} == set()


def test_everybody_finds_what_is_theirs() -> None:
    assert titles("psw") >= {"/record", "/mine", "/families", "/import"}
    assert not titles("psw") & {"/queue", "/map", "/same", "/brief", "/manage", "/verify"}
    assert titles("detective") >= {"/queue", "/search", "/map", "/same", "/brief"}
    assert not titles("detective") & {"/replay", "/verify"}
    assert titles("auditor") >= {"/trail", "/replay", "/verify"}
    assert not titles("auditor") & {"/import", "/same", "/families"}
    assert not titles("administrator") & {"/queue", "/search", "/map", "/trail", "/manage"}
    assert not titles("manager") & {"/search", "/map", "/trail", "/same"}


def test_nobody_without_a_role_goes_further_than_recording() -> None:
    everybodys = {"/record", "/mine", "/rota", "/looked", "/escalations", "/help", "/list/rules"}
    assert titles() == everybodys
    assert not navigation.opens(reader(*ROLES), "/nowhere")


def test_the_menu_that_is_kept_is_that_of_the_address() -> None:
    routes = [route for screen in SCREENS for route in screen.router.routes]
    paths = sorted({route.path for route in routes if isinstance(route, APIRoute)})
    found = navigation.rooms_of(reader(*ROLES))
    for path in (*paths, "/", "/nowhere"):
        drawn = render("site/menu.html", rooms=found, path=path)
        assert menu(found, path) == drawn, path
        assert menu(found[:3], path) != drawn, path


def test_a_room_opens_by_any_of_its_acts_and_by_no_other() -> None:
    for room in navigation.ROOMS:
        for role in ROLES:
            does = not room.acts or any(act in MAY[role] for act in room.acts)
            assert navigation.opens(reader(role), f"{room.path}/anything") is does, (
                room.path,
                role,
            )

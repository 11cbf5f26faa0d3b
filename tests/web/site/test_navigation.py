"""Each user can open certain screens. If a user may do no action of a screen, its address gives the
page for unknown addresses."""

import pytest
from fastapi.routing import APIRoute

from access.who_may.table import MAY
from domain.kernel.values import ROLES, Reader, Role
from tests.support.web.rooms import reader
from web.app import SCREENS
from web.site import navigation, places
from web.site.rendering import menu, render, tab_bar


def titles(*roles: Role) -> set[str]:
    return {room.path for room in navigation.rooms_of(reader(*roles))}


def test_every_address_belongs_to_a_room() -> None:
    routes = [route for screen in SCREENS for route in screen.routes]
    paths = {route.path for route in routes if isinstance(route, APIRoute)}
    assert len(paths) > 30
    assert {path for path in paths if navigation.acts_of(path) is None} == set()


def test_everybody_finds_what_is_theirs() -> None:
    assert titles("psw") >= {"/record", "/mine", "/cases/mine", "/import"}
    assert not titles("psw") & {"/queue", "/map", "/inbox/duplicates", "/manage", "/verify"}
    assert titles("detective") >= {"/queue", "/search", "/map", "/inbox/duplicates", "/meetings"}
    assert not titles("detective") & {"/verify"}
    assert titles("auditor") >= {"/trail", "/then", "/verify"}
    assert not titles("auditor") & {"/import", "/inbox/duplicates", "/cases/mine"}
    assert not titles("administrator") & {"/queue", "/search", "/map", "/trail", "/manage"}
    assert not titles("manager") & {"/search", "/map", "/trail", "/inbox/duplicates"}


def test_nobody_without_a_role_goes_further_than_recording() -> None:
    everybodys = {
        "/record",
        "/mine",
        "/today/on-call",
        "/looked",
        "/access/reports",
        "/help",
        "/list/rules",
    }
    assert titles() == everybodys
    assert not navigation.opens(reader(*ROLES), "/nowhere")


def test_the_cached_menu_is_that_of_the_address() -> None:
    routes = [route for screen in SCREENS for route in screen.routes]
    paths = sorted({route.path for route in routes if isinstance(route, APIRoute)})
    found = places.places_of(reader("detective"))
    for path in (*paths, "/", "/nowhere"):
        at = places.position(found, path)
        drawn = render("site/menu.html", places=found, at=at)
        assert menu(found, path) == drawn, path
        assert menu(found[:3], path) != drawn, path


#: The places in the navigation of each kind of reader, by their names.
NAMED: dict[tuple[Role, ...], str] = {
    ("detective",): "Today Inbox Cases Network Records",
    ("dci",): "Today Inbox Cases Network Records",
    ("auditor",): "Today Trails Access Integrity Records",
    ("psw",): "Today Record Families Sent",
    ("social-worker",): "Today Record Families Sent",
    ("psw", "manager"): "Today Inbox Cases Network Records",
    ("administrator",): "Today Records",
    (): "Today Record Sent",
}


def test_the_roles_decide_the_places() -> None:
    for roles, names in NAMED.items():
        titles_of = [place.title for place in places.places_of(reader(*roles))]
        assert " ".join(titles_of) == names, roles
    everything = Reader("somebody", "Engage", "Charity")
    assert [place.title for place in places.places_of(everything)] == NAMED["dci",].split()


@pytest.mark.parametrize("role", [*ROLES, None])
def test_each_screen_that_somebody_may_open_is_in_one_place(role: Role | None) -> None:
    """Each screen that a user may open is in exactly one place of the navigation."""
    person = reader(role) if role else reader()
    listed = [room.path for place in places.places_of(person) for room in place.rooms]
    assert sorted(listed) == sorted({"/", *(room.path for room in navigation.rooms_of(person))})


def test_an_address_is_where_its_screen_is() -> None:
    found = places.places_of(reader("detective"))
    for path, position in {
        "/": ("Today", "/"),
        "/queue": ("Inbox", "/queue"),
        "/assess/{item}": ("Inbox", ""),
        "/cases/{case}": ("Cases", ""),
        "/list/cases": ("Cases", "/list/cases"),
        "/list/vehicle-list": ("Network", "/list/vehicle-list"),
        "/people/{who}": ("Network", "/search"),
        "/receipt/{item}": ("Today", "/record"),
        "/list/other": ("", ""),
        "/recorder": ("", ""),
    }.items():
        assert places.position(found, path) == position, path


def test_the_lists_of_information_rights_are_tabs_of_one_entry() -> None:
    found = places.places_of(reader("disclosure-officer"))
    tabs = places.tabs_of(found, "/list/request-list")
    assert [tab.path for tab in tabs] == [
        path
        for path in places.TABBED["Information rights"]
        if navigation.opens(reader("disclosure-officer"), path)
    ]
    assert len(tabs) > 3
    drawn = menu(found, "/list/complaint-list")
    assert drawn.count("Information rights") == 1
    assert 'href="/list/complaint-list"' not in drawn
    assert places.tabs_of(found, "/map") == ()


def test_a_room_opens_by_any_of_its_acts_and_by_no_other() -> None:
    for room in navigation.ROOMS:
        for role in ROLES:
            does = not room.acts or any(act in MAY[role] for act in room.acts)
            assert navigation.opens(reader(role), f"{room.path}/anything") is does, (
                room.path,
                role,
            )


def test_screens_of_one_page_are_its_tabs_and_one_line_below_their_place() -> None:
    listed = {path for place in places.DESK for path in place.rooms}
    assert {path for group in places.TABBED.values() for path in group} <= listed
    found = places.places_of(reader("detective"))
    assert 'href="/cases/at-risk"' not in menu(found, "/today/missing")
    assert '<a href="/list/cases" aria-current="true">Cases</a>' in menu(found, "/cases/at-risk")
    tabs = tab_bar(found, "/cases/at-risk")
    assert '<a href="/cases/at-risk" aria-current="page">' in tabs
    for path in ("/list/cases", "/cases/mine", "/list/notices"):
        assert f'<a href="{path}">' in tabs, path
    assert "<nav" not in tab_bar(found, "/meetings")
    assert "<nav" not in tab_bar(found, "")

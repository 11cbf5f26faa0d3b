"""The places in a reader's menu. They are a list at the side of the page on a desk, and a bar of
tabs on a phone.

The reader's roles decide which places there are. The screens of a place are listed below its name,
and the place links to the first screen that the reader may open. A test checks that every set of
places contains each screen that a reader with this set may open, exactly once.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from msgspec import Struct

from domain.kernel.values import Reader, Role
from web.site.lists import RIGHTS, of_tab
from web.site.navigation import ROOMS, ScreenEntry, rooms_of
from web.site.row_density import on_their_feet

Icon = Literal[
    "today", "inbox", "cases", "network", "records", "record", "sent", "access", "sealed"
]


class Place(Struct, frozen=True):
    """A place in the menu: the addresses of its screens and, in `also`, the addresses of pages that
    belong to it but are not in the menu."""

    title: str
    icon: Icon
    rooms: tuple[str, ...]
    also: tuple[str, ...] = ()


class Group(NamedTuple):
    """A line of the menu: one screen, or the screens that are tabs of one page."""

    title: str
    rooms: tuple[ScreenEntry, ...]

    def has(self, path: str) -> bool:
        """Return whether a screen with exactly this address is in this line of the menu."""
        return any(room.path == path for room in self.rooms)


class OpenPlace(NamedTuple):
    """A place in the menu with the screens that a reader may open, and all addresses that belong to
    it. `groups` are the lines of the menu: screens that are tabs of one page are in the same
    group."""

    title: str
    icon: Icon
    rooms: tuple[ScreenEntry, ...]
    also: tuple[str, ...]
    groups: tuple[Group, ...]


class Position(NamedTuple):
    """Where an address is in the menu: the title of its place, and the address of its screen. Each
    is empty if the address has none."""

    place: str = ""
    room: str = ""


TODAY = ScreenEntry("Today", "/")
_THINGS = ("/list/vehicle-list", "/list/phone-list", "/list/place-list", "/list/arrest-list")
_TODAY = (
    *("/today/missing", "/today/deadlines", "/today/to-decide", "/today/alerts"),
    "/today/on-call",
)
_SENT = ("/mine", "/access/reports")
_INBOX = ("/inbox/duplicates",)
_IMPORT = ("/import", "/import/log")
_GLOSSARY = ("/help", "/list/rules")
_EMERGENCY = ("/list/glass-list", "/list/authority-list", "/list/entry-list")
_ACCESS = ("/looked", "/list/unusual-access", *_EMERGENCY)
_SYSTEM = ("/list/user-list", "/list/team-list", "/system/devices", "/system/store")
_FORCES = ("/list/matches", "/list/offers")
#: Addresses of the lists of people's requests about their own data.
_ASKED = of_tab(RIGHTS)
_RIGHTS = (
    *_ASKED,
    *("/rights/schedules", "/rights/retention", "/list/hold-list", "/rights/erasures"),
)
#: For each page with tabs, the screens that are its tabs; the menu has one line for the page.
TABBED: Mapping[str, tuple[str, ...]] = {
    "Today": ("/", *_TODAY),
    "Sent": _SENT,
    "Inbox": ("/queue", *_INBOX),
    "Import": _IMPORT,
    "Cases": ("/list/cases", "/cases/mine", "/cases/at-risk", "/list/notices"),
    "Team": ("/manage", "/list/card"),
    RIGHTS: _RIGHTS,
    "Offers to other forces": _FORCES,
    "Emergency access": _EMERGENCY,
    "Accounts": _SYSTEM,
    "Glossary": _GLOSSARY,
    "Vehicles, phones and places": _THINGS,
}

#: Beginnings of the addresses of pages about one record. The menu names only the lists of records.
_BELOW_RECORDS = ("/proof", "/pack", "/records", "/disclose")
DESK: tuple[Place, ...] = (
    Place("Today", "today", ("/", *_TODAY, "/record", *_SENT)),
    Place(
        "Inbox",
        "inbox",
        ("/queue", *_INBOX, *_IMPORT),
        ("/assess", "/refer"),
    ),
    Place(
        "Cases",
        "cases",
        (
            *("/list/cases", "/cases/mine", "/meetings", "/cases/at-risk"),
            *("/list/notices", "/manage", "/list/card"),
        ),
        ("/cases", "/victim-requests"),
    ),
    Place("Network", "network", ("/map", "/search", "/then", *_THINGS), ("/charts", "/items")),
    Place(
        "Records",
        "records",
        (
            *("/trail", "/verify", *_RIGHTS, "/list/source-drift-list", *_FORCES, *_ACCESS),
            *(*_SYSTEM, *_GLOSSARY),
        ),
        _BELOW_RECORDS,
    ),
)
AUDITOR: tuple[Place, ...] = (
    Place("Today", "today", ("/", *_TODAY, "/record", "/mine")),
    Place(
        "Trails",
        "network",
        ("/trail", "/then", "/search", "/map", *_THINGS),
        ("/charts", "/items", "/cases"),
    ),
    Place("Access", "access", (*_ACCESS, "/access/reports")),
    Place("Integrity", "sealed", ("/verify",), ("/proof", "/pack")),
    Place(
        "Records",
        "records",
        (
            *("/list/cases", "/queue", "/list/notices", "/meetings", "/manage", "/list/card"),
            *(*_ASKED, *_GLOSSARY),
        ),
        _BELOW_RECORDS,
    ),
)
WORKER: tuple[Place, ...] = (
    Place("Today", "today", ("/", *_TODAY)),
    Place("Record", "record", ("/record", *_IMPORT)),
    Place(
        "Families",
        "cases",
        (
            *("/cases/mine", "/list/cases", "/search", "/meetings", "/cases/at-risk"),
            *(*_ASKED, *_EMERGENCY),
        ),
        ("/cases", "/items", "/victim-requests", "/refer", "/disclose", "/records"),
    ),
    Place("Sent", "sent", (*_SENT, "/looked", *_GLOSSARY)),
)
_AUDITOR: frozenset[Role] = frozenset({"auditor"})
_BY_PATH = {room.path: room for room in (TODAY, *ROOMS)}


def set_of(reader: Reader) -> tuple[Place, ...]:
    """Return all places in the menu for a reader with these roles. In a store without accounts,
    return the places for work at a desk."""
    if not reader.closed:
        return DESK
    if reader.roles == _AUDITOR:
        return AUDITOR
    return WORKER if on_their_feet(reader) else DESK


def places_of(reader: Reader) -> tuple[OpenPlace, ...]:
    """Return the places in this reader's menu that have at least one screen that the reader may
    open."""
    may_open = {TODAY.path, *(room.path for room in rooms_of(reader))}
    places = []
    for place in set_of(reader):
        rooms = tuple(_BY_PATH[path] for path in place.rooms if path in may_open)
        if rooms:
            groups = dict.fromkeys(_group(room, rooms) for room in rooms)
            places.append(OpenPlace(place.title, place.icon, rooms, place.also, tuple(groups)))
    return tuple(places)


def _group(room: ScreenEntry, rooms: Sequence[ScreenEntry]) -> Group:
    """Return the line of the menu for the screen `room`. If the reader may also open other tabs of
    the same page, the line contains all of them."""
    for title, paths in TABBED.items():
        beside = tuple(entry for entry in rooms if entry.path in paths)
        if room in beside and len(beside) > 1:
            return Group(title, beside)
    return Group(room.title, (room,))


def tabs_of(places: Sequence[OpenPlace], path: str) -> tuple[ScreenEntry, ...]:
    """Return the screens that are tabs of the same page as the screen at this address; () if that
    screen is not a tab, or if the reader may not open it.
    """
    groups = (group for place in places for group in place.groups)
    entries = next((group.rooms for group in groups if group.has(path)), ())
    return entries if len(entries) > 1 else ()


def position(places: Sequence[OpenPlace], path: str) -> Position:
    """Return where an address is in the menu. If several addresses in the menu match its beginning,
    the longest counts."""
    best, length = Position(), -1
    for place in places:
        for room in place.rooms:
            for start in room.paths:
                if len(start) > length and _below(path, start):
                    best, length = Position(place.title, room.path), len(start)
        for start in place.also:
            if len(start) > length and _below(path, start):
                best, length = Position(place.title), len(start)
    return best


def _below(path: str, start: str) -> bool:
    return path == start or path.startswith(f"{start}/")

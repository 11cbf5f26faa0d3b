"""Which screens there are, and whom each is for.

A room opens to whoever does one of its acts at all; what they see inside is decided item by item.
Who does none of them meets the same page as where there is nothing. Every address is listed here,
or a test fails.
"""

from dataclasses import dataclass

from access.decide import decide
from access.table import Act
from domain.values import Reader


@dataclass(frozen=True)
class Room:
    """A screen: its first address and all that belong to it; `acts` of which one opens it (none:
    everybody who is signed in). `says` stands under its title on the first page."""

    title: str
    path: str
    acts: tuple[Act, ...] = ()
    also: tuple[str, ...] = ()
    says: str = ""
    short: str = ""

    @property
    def paths(self) -> tuple[str, ...]:
        return (self.path, *self.also)


#: In the order in which they stand in the navigation.
ROOMS: tuple[Room, ...] = (
    Room(
        "Record what was said or seen",
        "/record",
        also=("/receipt",),
        says="One box. Works without a signal.",
        short="Record",
    ),
    Room("What became of what I sent", "/mine", short="What I sent"),
    Room("My families", "/families", ("work",)),
    Room(
        "Bring in a log or a sheet",
        "/import",
        ("import",),
        ("/log", "/log.xlsx"),
        "A blank log to print, and what came back.",
        "Bring in",
    ),
    Room("What waits", "/queue", ("triage", "see-counts"), short="Queue"),
    Room(
        "Search",
        "/search",
        ("see-person", "see-network"),
        ("/people",),
        "Names, nicknames, partial plates, words.",
    ),
    Room(
        "The map",
        "/map",
        ("see-network",),
        ("/path",),
        "Who is tied to whom, on what evidence.",
        "Map",
    ),
    Room("Same person?", "/same", ("judge",), short="Same?"),
    Room("The weekly brief", "/brief", ("brief",), short="Brief"),
    Room(
        "Trail",
        "/trail",
        ("see-trail-items", "see-trail-words"),
        says="Where it came from, what became of it.",
    ),
    Room("Replay", "/replay", ("replay",), says="What was known, and when."),
    Room("Verify", "/verify", ("verify",), says="Is the record whole?"),
    Room(
        "Overview",
        "/manage",
        ("see-counts",),
        says="Overdue, unallocated, and who has how much.",
    ),
)
#: Addresses that are a step of somebody's work and stand in no navigation.
INNER: tuple[tuple[str, tuple[Act, ...]], ...] = (
    (
        "/items",
        ("see-words", "see-report", "see-link", "see-outcome", "see-case", "see-trail-items"),
    ),
    ("/assess", ("assess",)),
    ("/refer", ("refer",)),
    ("/proof", ("verify", "see-trail-items")),
)
#: Addresses for everybody, some of them before anybody is signed in.
HALL = frozenset(
    {
        "/",
        "/sign-in",
        "/sign-out",
        "/why",
        "/session",
        "/live",
        "/offline",
        "/sw.js",
        "/manifest.webmanifest",
    }
)


def acts_of(path: str) -> tuple[Act, ...] | None:
    """The acts of which one opens this address; none of them for everybody's, None for an address
    that no room has."""
    if path in HALL:
        return ()
    for room in ROOMS:
        if any(_within(path, start) for start in room.paths):
            return room.acts
    return next((acts for start, acts in INNER if _within(path, start)), None)


def opens(reader: Reader, path: str) -> bool:
    """Whether this reader may enter at all."""
    acts = acts_of(path)
    if not reader.closed:
        return acts is not None
    return acts == () or any(decide(reader, act).allowed for act in acts or ())


def rooms_of(reader: Reader) -> list[Room]:
    """What somebody finds in their navigation."""
    return [room for room in ROOMS if opens(reader, room.path)]


def _within(path: str, start: str) -> bool:
    return path == start or path.startswith(f"{start}/")

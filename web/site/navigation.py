"""The screens, and who may open each.

A room opens for a person who may do one of its acts at all; access inside is decided item by item.
Other people get the same page as for an unknown address. Every address is listed here, or a test
fails.

Long because it is one table.
"""

from dataclasses import dataclass
from functools import lru_cache

from access.who_may.decide import decide
from access.who_may.table import OPENS_CASES
from domain.kernel.acts import Act
from domain.kernel.values import Reader


@dataclass(frozen=True)
class Room:
    """A screen: its first address and all that belong to it; `acts` of which one opens it (none:
    every signed-in user). `says` is shown below its title on the first page and in the menu, under
    the heading of its `group`; those that are `main` are in the navigation, too."""

    title: str
    path: str
    acts: tuple[Act, ...] = ()
    also: tuple[str, ...] = ()
    says: str = ""
    short: str = ""
    group: str = "Every day"
    main: bool = True

    @property
    def paths(self) -> tuple[str, ...]:
        return (self.path, *self.also)

    def holds(self, path: str) -> bool:
        """Return whether this address is one of its own."""
        return any(_within(path, start) for start in self.paths)


#: In the order of the menu.
GROUPS = ("Every day", "Children and families", "The network", "Sharing and keeping", "Oversight")
#: In the order of the navigation.
ROOMS: tuple[Room, ...] = (
    Room(
        "Record what was said or seen",
        "/record",
        also=("/receipt", "/photographs"),
        says="One box. Works without a signal.",
        short="Record",
    ),
    Room("What became of what I sent", "/mine", short="What I sent"),
    Room("My families", "/families", ("work",), group="Children and families"),
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
        group="The network",
    ),
    Room(
        "The map",
        "/map",
        ("see-network",),
        ("/path",),
        "Who is tied to whom, on what evidence.",
        "Map",
        group="The network",
    ),
    Room(
        "Vehicles",
        "/list/vehicle-list",
        ("see-network",),
        says="All of them, the newest first; how many told us, when last seen.",
        group="The network",
        main=False,
    ),
    Room(
        "Telephone numbers",
        "/list/phone-list",
        ("see-network",),
        says="All of them, the newest first; how many told us, when last seen.",
        group="The network",
        main=False,
    ),
    Room(
        "Places",
        "/list/place-list",
        ("see-network",),
        says="All but homes of children and families, placements and refuges.",
        group="The network",
        main=False,
    ),
    Room(
        "Arrests",
        "/list/arrest-list",
        ("see-outcome",),
        says="Of whom, of what, when; the latest first.",
        group="The network",
        main=False,
    ),
    Room(
        "What was known then",
        "/then",
        ("see-network",),
        says="The network and the queue of a day, and what changed since.",
        group="The network",
        main=False,
    ),
    Room("Same person?", "/same", ("judge",), short="Same?", group="The network"),
    Room("The weekly brief", "/brief", ("brief",), short="Brief"),
    Room(
        "Meetings",
        "/meetings",
        ("see-meeting",),
        says="The agenda builds itself; what was decided, whose it is, what came of it.",
        main=False,
    ),
    Room(
        "Trail",
        "/trail",
        ("see-trail-items", "see-trail-words"),
        says="Where it came from, what became of it.",
        group="Oversight",
    ),
    Room(
        "Replay",
        "/replay",
        ("replay",),
        says="What was known, and when.",
        group="Oversight",
    ),
    Room(
        "Verify",
        "/verify",
        ("verify",),
        says="Is the record whole?",
        group="Oversight",
    ),
    Room(
        "Overview",
        "/manage",
        ("see-counts",),
        says="Overdue, unallocated, and who has how much.",
    ),
    Room(
        "What is due",
        "/due",
        ("triage", "support", "outcome", "erase", "find", "disclose", "see-counts"),
        says="What has a date, whose it is and by when; and what does not fit.",
        main=False,
    ),
    Room(
        "Waits for a second person",
        "/proposals",
        ("confirm", "oversee", "outcome", "erase", "approve-erasure"),
        says="Closings, exits, lower ratings, withdrawals: proposed by one, confirmed by another.",
        group="Children and families",
        main=False,
    ),
    Room(
        "Alerts",
        "/alerts",
        ("work", "see-alerts"),
        says="Near a placement, in a child's home, an arrest.",
        group="Children and families",
        main=False,
    ),
    Room(
        "Missing now",
        "/missing",
        ("find", "work"),
        says="Who is missing, on one sheet; who came back; again and again, or together.",
        short="Missing",
        group="Children and families",
        main=False,
    ),
    Room(
        "Warning notices",
        "/list/notices",
        ("see-outcome",),
        says="Live, about to end, ended, breached; and what was done about it.",
        group="Children and families",
        main=False,
    ),
    Room(
        "Cases",
        "/list/cases",
        ("work", "allocate", "rate", "find", "see-counts"),
        says="All of them: rating, workers, who is missing.",
        group="Children and families",
        main=False,
    ),
    Room(
        "Report card",
        "/list/card",
        ("see-card",),
        says="A year's figures by objective, beside what was aimed at. No family in it.",
        group="Oversight",
        main=False,
    ),
    Room(
        "Who is on call",
        "/rota",
        says="Whom to ring now, and who is next.",
        group="Children and families",
        main=False,
    ),
    Room(
        "Children to consider",
        "/risk",
        ("see-risk",),
        says="Possibly at risk through a suspect.",
        group="Children and families",
        main=False,
    ),
    Room(
        "Searches that met what we hold",
        "/hits",
        ("refer", "work", "allocate"),
        says="Decide within 24 hours whether to get in touch.",
        group="Children and families",
        main=False,
    ),
    Room(
        "Offered to other forces",
        "/exchange",
        ("offer",),
        says="What we offer, and which forces offer the same.",
        group="Sharing and keeping",
        main=False,
    ),
    Room(
        "Material for disclosure",
        "/material",
        ("schedule",),
        says="Relevance, sensitivity, schedules.",
        short="Material",
        group="Sharing and keeping",
    ),
    Room(
        "Waiting for another officer",
        "/releases",
        ("disseminate",),
        says="A release to confirm, or to review.",
        short="Releases",
        group="Sharing and keeping",
        main=False,
    ),
    Room(
        "What was shared",
        "/disclosures",
        ("disclose", "disseminate", "support"),
        ("/disclose",),
        "Share, recall, tell.",
        group="Sharing and keeping",
        main=False,
    ),
    Room(
        "Words, codes and clocks",
        "/help",
        also=("/story",),
        says="Every grade, code, key and clock, in a sentence.",
        group="Oversight",
        main=False,
    ),
    Room(
        "Rules and their sources",
        "/list/rules",
        says="Which law each rule rests on, and what is still to be verified.",
        short="Rules",
        group="Oversight",
        main=False,
    ),
    Room(
        "Complaints about data",
        "/complaints",
        ("disclose", "support"),
        says="Acknowledged in 30 days, and answered.",
        short="Complaints",
        group="Sharing and keeping",
        main=False,
    ),
    Room(
        "Who asked what is held",
        "/requests",
        ("disclose", "answer-subject", "find-subject", "see-alerts"),
        says="A subject's own request, with its deadline.",
        group="Sharing and keeping",
        main=False,
    ),
    Room(
        "Opened for a time",
        "/glass",
        ("break-glass", "review-glass", "give-authority", "open-entry"),
        says="Break glass, authorities, and the reviews owed.",
        group="Oversight",
        main=False,
    ),
    Room(
        "Who looked",
        "/looked",
        says="At an item, or what I was shown.",
        group="Oversight",
        main=False,
    ),
    Room(
        "A source's standing",
        "/standing",
        ("grade-source",),
        says="Has somebody who tells us become a covert source?",
        group="Oversight",
        main=False,
    ),
    Room(
        "Out of the ordinary",
        "/unusual",
        ("see-alerts",),
        says="Whose consultations stand out.",
        group="Oversight",
        main=False,
    ),
    Room(
        "To the auditor",
        "/escalations",
        says="Past my own line.",
        group="Oversight",
        main=False,
    ),
    Room(
        "Accounts",
        "/accounts",
        ("manage-accounts",),
        ("/teams",),
        "Who may come in; roles, teams, codes.",
        group="Oversight",
    ),
    Room(
        "Access to confirm",
        "/waiting-access",
        ("confirm-access", "manage-accounts"),
        says="Roles, teams and new sign-ins that wait for a second person.",
        group="Oversight",
        main=False,
    ),
    Room(
        "The store",
        "/store",
        ("run-store",),
        says="Views, keys, what was set aside.",
        group="Oversight",
    ),
    Room(
        "Phones",
        "/devices",
        ("manage-accounts",),
        says="What waits on them unsent; wipe a lost one.",
        group="Oversight",
        main=False,
    ),
    Room(
        "Due for review",
        "/retention",
        ("erase",),
        says="What is kept too long, what is held or out of use.",
        group="Sharing and keeping",
        main=False,
    ),
    Room(
        "Legal holds",
        "/holds",
        ("erase", "approve-erasure"),
        says="What an order wants kept, and whether all of it is whole.",
        group="Sharing and keeping",
        main=False,
    ),
    Room(
        "Erasing",
        "/erasures",
        ("erase", "approve-erasure"),
        says="One person proposes, another approves; a hold beats both.",
        group="Sharing and keeping",
        main=False,
    ),
)
#: Addresses without a place in the navigation: steps of a task, and of proving one's identity.
INNER: tuple[tuple[str, tuple[Act, ...]], ...] = (
    (
        "/items",
        ("see-words", "see-report", "see-link", "see-outcome", "see-case", "see-trail-items"),
    ),
    ("/cases", OPENS_CASES),
    ("/victim-requests", ("support",)),
    ("/assess", ("assess",)),
    ("/others", ("triage",)),
    ("/refer", ("refer",)),
    ("/charts", ("see-network",)),
    ("/proof", ("verify", "see-trail-items")),
    ("/sign-in", ()),
    ("/enrol", ()),
    ("/prove", ()),
    ("/me", ()),
    ("/do", ()),
    ("/list", ()),
    ("/each", ()),
    ("/outbox", ()),
    ("/pack", ("verify", "see-trail-items")),
)
#: Addresses for everybody, some of them before signing in.
HALL = frozenset(
    {
        "/",
        "/sign-out",
        "/why",
        "/asked",
        "/session",
        "/live",
        "/offline",
        "/sw.js",
        "/manifest.webmanifest",
    }
)


@lru_cache(maxsize=512)
def acts_of(path: str) -> tuple[Act, ...] | None:
    """Return the acts of which one opens this address; () for everybody's, None for an address that
    no room has."""
    if path in HALL:
        return ()
    for room in ROOMS:
        if room.holds(path):
            return room.acts
    return next((acts for start, acts in INNER if _within(path, start)), None)


def opens(reader: Reader, path: str) -> bool:
    """Return whether this reader may open the address at all."""
    acts = acts_of(path)
    if not reader.closed:
        return acts is not None
    return acts == () or any(decide(reader, act).allowed for act in acts or ())


def rooms_of(reader: Reader) -> list[Room]:
    """Return the rooms in a reader's navigation."""
    return [room for room in ROOMS if opens(reader, room.path)]


_ADDRESSES = frozenset(room.path for room in ROOMS)
_STARTS = sorted((start for room in ROOMS for start in room.paths), key=len, reverse=True)


@lru_cache(maxsize=1024)
def place_of(path: str) -> str:
    """Return one address for all addresses of the same rooms; a room's own is returned itself."""
    if path == "/" or path in _ADDRESSES:
        return path
    return next((f"{start}/-" for start in _STARTS if _within(path, start)), "/-")


def _within(path: str, start: str) -> bool:
    return path == start or path.startswith(f"{start}/")

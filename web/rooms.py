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
    everybody who is signed in). `says` stands under its title on the first page, under the heading
    of its `group`; those that are `main` stand in the navigation too."""

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
        group="Watching over it",
    ),
    Room(
        "Replay",
        "/replay",
        ("replay",),
        says="What was known, and when.",
        group="Watching over it",
    ),
    Room(
        "Verify",
        "/verify",
        ("verify",),
        says="Is the record whole?",
        group="Watching over it",
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
        says="Closings, exits, lower ratings: proposed by one, confirmed by another.",
        group="Children",
        main=False,
    ),
    Room(
        "Alerts",
        "/alerts",
        ("work", "see-alerts"),
        says="Near a placement, in a child's home, an arrest.",
        group="Children",
        main=False,
    ),
    Room(
        "Missing now",
        "/missing",
        ("find", "work"),
        says="Who is missing, on one sheet; who came back; again and again, or together.",
        short="Missing",
        group="Children",
        main=False,
    ),
    Room(
        "Warning notices",
        "/list/notices",
        ("see-outcome",),
        says="Live, about to end, ended, breached; and what was done about it.",
        group="Children",
        main=False,
    ),
    Room(
        "Cases",
        "/list/cases",
        ("work", "allocate", "rate", "find", "see-counts"),
        says="All of them: rating, workers, who is missing.",
        group="Children",
        main=False,
    ),
    Room(
        "Who is on call",
        "/rota",
        says="Whom to ring now, and who is next.",
        group="Children",
        main=False,
    ),
    Room(
        "Children to consider",
        "/risk",
        ("see-risk",),
        says="Possibly at risk through a suspect.",
        group="Children",
        main=False,
    ),
    Room(
        "Searches that met what we hold",
        "/hits",
        ("refer", "work", "allocate"),
        says="Decide within 24 hours whether to get in touch.",
        group="Children",
        main=False,
    ),
    Room(
        "Material for disclosure",
        "/material",
        ("schedule",),
        says="Relevance, sensitivity, schedules.",
        short="Material",
        group="Sharing",
    ),
    Room(
        "Waiting for another officer",
        "/releases",
        ("disseminate",),
        says="A release to confirm, or to review.",
        short="Releases",
        group="Sharing",
        main=False,
    ),
    Room(
        "What was shared",
        "/disclosures",
        ("disclose", "disseminate", "support"),
        ("/disclose",),
        "Share, recall, tell.",
        group="Sharing",
        main=False,
    ),
    Room(
        "Rules and their sources",
        "/list/rules",
        says="Which law each rule rests on, and what is still to be verified.",
        short="Rules",
        group="Watching over it",
        main=False,
    ),
    Room(
        "Complaints about data",
        "/complaints",
        ("disclose", "support"),
        says="Acknowledged in 30 days, and answered.",
        short="Complaints",
        group="Sharing",
        main=False,
    ),
    Room(
        "Who asked what is held",
        "/requests",
        ("disclose", "answer-subject", "see-alerts"),
        says="A subject's own request, with its deadline.",
        group="Sharing",
        main=False,
    ),
    Room(
        "Opened for a time",
        "/glass",
        ("break-glass", "review-glass", "give-authority", "open-entry"),
        says="Break glass, authorities, and the reviews owed.",
        group="Watching over it",
        main=False,
    ),
    Room(
        "Who looked",
        "/looked",
        says="At an item, or what I was shown.",
        group="Watching over it",
        main=False,
    ),
    Room(
        "A source's standing",
        "/standing",
        ("grade-source",),
        says="Has somebody who tells us become a covert source?",
        group="Watching over it",
        main=False,
    ),
    Room(
        "Out of the ordinary",
        "/unusual",
        ("see-alerts",),
        says="Whose consultations stand out.",
        group="Watching over it",
        main=False,
    ),
    Room(
        "To the auditor",
        "/escalations",
        says="Past my own line.",
        group="Watching over it",
        main=False,
    ),
    Room(
        "Accounts",
        "/accounts",
        ("manage-accounts",),
        ("/teams",),
        "Who may come in; roles, teams, codes.",
        group="Running it",
    ),
    Room(
        "The store",
        "/store",
        ("run-store",),
        says="Views, keys, what was set aside.",
        group="Running it",
    ),
    Room(
        "Phones",
        "/devices",
        ("manage-accounts",),
        says="What waits on them unsent; wipe a lost one.",
        group="Running it",
        main=False,
    ),
    Room(
        "Due for review",
        "/retention",
        ("erase",),
        says="What is kept too long, what is held or out of use.",
        group="Keeping and erasing",
        main=False,
    ),
    Room(
        "Legal holds",
        "/holds",
        ("erase", "approve-erasure"),
        says="What an order wants kept, and whether all of it is whole.",
        group="Keeping and erasing",
        main=False,
    ),
    Room(
        "Erasing",
        "/erasures",
        ("erase", "approve-erasure"),
        says="One person proposes, another approves; a hold beats both.",
        group="Keeping and erasing",
        main=False,
    ),
)
#: Addresses that stand in no navigation: steps of somebody's work, and of proving who one is.
INNER: tuple[tuple[str, tuple[Act, ...]], ...] = (
    (
        "/items",
        ("see-words", "see-report", "see-link", "see-outcome", "see-case", "see-trail-items"),
    ),
    ("/cases", ("work", "allocate", "rate", "find")),
    ("/victim-requests", ("support",)),
    ("/assess", ("assess",)),
    ("/refer", ("refer",)),
    ("/proof", ("verify", "see-trail-items")),
    ("/sign-in", ()),
    ("/enrol", ()),
    ("/prove", ()),
    ("/me", ()),
    ("/do", ()),
    ("/list", ()),
    ("/outbox", ()),
    ("/pack", ("verify", "see-trail-items")),
)
#: Addresses for everybody, some of them before anybody is signed in.
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

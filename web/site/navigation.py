"""The screens, and the rights that open each screen.

A screen opens for a person who may ever do one of its acts; access to the items on it is decided
for each item. Other people get the same page as for an unknown address. Every address is listed
here, or a test fails.

The file is long because it is one table.
"""

from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from access.who_may.decide import decide
from access.who_may.table import OPENS_CASES
from domain.kernel.acts import Act
from domain.kernel.values import Reader
from usecases.kernel.registry import QUESTIONS
from web.site.lists import FORMER, LISTS, address


class ScreenEntry(Struct, frozen=True):
    """A screen: its main address and further addresses, and the actions that open it. A user may
    open it if a role of theirs allows at least one of the actions, or if there are none. `says`
    describes the screen in the search box."""

    title: str
    path: str
    acts: tuple[Act, ...] = ()
    also: tuple[str, ...] = ()
    says: str = ""

    @property
    def paths(self) -> tuple[str, ...]:
        return (self.path, *self.also)

    def holds(self, path: str) -> bool:
        """Return whether the address `path` belongs to this screen."""
        return any(_within(path, start) for start in self.paths)


def _lists() -> Iterator[ScreenEntry]:
    """Yield the screens of the declared lists that the menu shows."""
    for command, page in LISTS.items():
        if page.menu:
            question_text = QUESTIONS[command].named
            yield ScreenEntry(
                page.title or question_text.title,
                address(command),
                question_text.acts,
                says=page.menu,
            )


ROOMS: tuple[ScreenEntry, ...] = (
    ScreenEntry(
        "Record a log entry",
        "/record",
        also=("/receipt", "/photographs"),
        says="Write one log entry. The form works without a signal.",
    ),
    ScreenEntry("Sent", "/mine", says="Your log entries, and the status of each."),
    ScreenEntry("My families", "/cases/mine", ("work",), also=("/families",)),
    ScreenEntry(
        "Import",
        "/import",
        ("import",),
        says="Import a provenance log, messages or a spreadsheet.",
    ),
    ScreenEntry(
        "Provenance log",
        "/import/log",
        ("import",),
        ("/log", "/log.xlsx"),
        says="A blank provenance log, to print or as a spreadsheet.",
    ),
    ScreenEntry(
        "Inbox",
        "/queue",
        ("triage", "see-counts"),
        says="Log entries to assess, urgent ones first.",
    ),
    ScreenEntry(
        "Search",
        "/search",
        ("see-person", "see-network"),
        ("/people",),
        says="Search names, nicknames, partial number plates and words.",
    ),
    ScreenEntry(
        "Map",
        "/map",
        ("see-network",),
        ("/path",),
        says="Links between people, vehicles, phones and places, with their grades.",
    ),
    ScreenEntry(
        "Known as at",
        "/then",
        ("see-network",),
        says="The network and the inbox as known at a date, and what changed since.",
    ),
    ScreenEntry(
        "Possible duplicates",
        "/inbox/duplicates",
        ("judge",),
        also=("/same",),
        says="Records that may be about the same person.",
    ),
    ScreenEntry(
        "Meeting",
        "/meetings",
        ("see-meeting",),
        ("/brief",),
        says="People to decide about, what changed since the last brief, agenda, minutes.",
    ),
    ScreenEntry(
        "Audit trail",
        "/trail",
        ("see-trail-items", "see-trail-words"),
        ("/replay",),
        says="Where an item came from, and what it led to.",
    ),
    ScreenEntry(
        "Verify", "/verify", ("verify",), says="Compare the whole record with its signatures."
    ),
    ScreenEntry(
        "Team performance",
        "/manage",
        ("see-counts",),
        says="Overdue items, unallocated cases, workload.",
    ),
    ScreenEntry(
        "Deadlines",
        "/today/deadlines",
        ("triage", "support", "outcome", "erase", "find", "disclose", "see-counts"),
        also=("/due",),
        says="Reviews, expiring notices and discrepancies, with owner and date.",
    ),
    ScreenEntry(
        "To decide",
        "/today/to-decide",
        (
            *("confirm", "oversee", "outcome", "erase", "approve-erasure", "disseminate"),
            *("confirm-access", "manage-accounts", "refer", "work", "allocate"),
        ),
        (
            *("/proposals", "/releases", "/waiting-access", "/hits", "/inbox/countersign"),
            *("/inbox/releases", "/system/to-confirm", "/inbox/search-alerts"),
        ),
        says="Proposals, erasures, releases and access to confirm; searches by other teams.",
    ),
    ScreenEntry(
        "Alerts",
        "/today/alerts",
        ("work", "see-alerts"),
        also=("/alerts",),
        says="Alerts about a suspect near a placement or in a child's home, or about an arrest.",
    ),
    ScreenEntry(
        "Missing",
        "/today/missing",
        ("find", "work"),
        also=("/missing",),
        says="A sheet for each missing child; return interviews due; repeat and linked episodes.",
    ),
    ScreenEntry(
        "On call",
        "/today/on-call",
        also=("/rota",),
        says="The person on call now, and the next one.",
    ),
    ScreenEntry(
        "Children at possible risk",
        "/cases/at-risk",
        ("see-risk",),
        also=("/risk",),
        says="Children who may be at risk through a suspect.",
    ),
    ScreenEntry(
        "Disclosure schedules",
        "/rights/schedules",
        ("schedule",),
        also=("/material",),
        says="The relevance and sensitivity of a case's material; schedules MG6C, D and E.",
    ),
    ScreenEntry(
        "Glossary",
        "/help",
        also=("/story",),
        says="Grades, codes, keys and deadlines, each in a sentence.",
    ),
    ScreenEntry(
        "Access log", "/looked", says="The people who saw an item, and the items that you saw."
    ),
    ScreenEntry(
        "Reports to the auditor",
        "/access/reports",
        also=("/escalations",),
        says="Report a concern to the auditor without your own managers.",
    ),
    ScreenEntry(
        "Data store",
        "/system/store",
        ("run-store",),
        also=("/store",),
        says="State of the store: views, keys, and events that a view could not apply.",
    ),
    ScreenEntry(
        "Devices",
        "/system/devices",
        ("manage-accounts",),
        also=("/devices",),
        says="Unsent entries on phones; wipe a lost phone.",
    ),
    ScreenEntry(
        "Retention review",
        "/rights/retention",
        ("erase",),
        also=("/retention",),
        says="Items past their retention period, on hold or restricted.",
    ),
    ScreenEntry(
        "Erasures",
        "/rights/erasures",
        ("erase", "approve-erasure"),
        also=("/erasures",),
        says="Erasures: one person proposes, another approves; a legal hold prevents both.",
    ),
    *_lists(),
)
#: Addresses that are not in the navigation, each with the actions that open it: steps of a task,
#: and steps of proving one's identity.
INNER: tuple[tuple[str, tuple[Act, ...]], ...] = (
    (
        "/items",
        ("see-words", "see-report", "see-link", "see-outcome", "see-case", "see-trail-items"),
    ),
    ("/cases", OPENS_CASES),
    ("/victim-requests", ("support",)),
    ("/disclose", ("disclose", "disseminate", "support")),
    ("/records/requests", ("disclose", "answer-subject", "find-subject", "see-alerts")),
    ("/records/erasures", ("erase", "approve-erasure")),
    ("/records/retention", ("erase",)),
    ("/records/holds", ("erase", "approve-erasure")),
    ("/records/reviews", ("grade-source",)),
    ("/records/accounts", ("manage-accounts",)),
    ("/records/material", ("schedule",)),
    ("/assess", ("assess",)),
    ("/others", ("assess",)),
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
#: Addresses that every user may open, some of them before signing in.
HALL = frozenset(
    {
        "/",
        "/sign-out",
        "/why",
        "/asked",
        "/session",
        "/live",
        "/offline",
        "/palette",
        "/sw.js",
        "/manifest.webmanifest",
    }
)


@lru_cache(maxsize=512)
def acts_of(path: str) -> tuple[Act, ...] | None:
    """Return the actions of which a role must allow at least one to open this address. The result
    is () if every user may open it, and None if no screen has the address."""
    if path in HALL:
        return ()
    for room in ROOMS:
        if room.holds(path):
            return room.acts
    for former, lists in FORMER.items():
        if _within(path, former):
            return tuple(act for command in lists for act in QUESTIONS[command].named.acts)
    return next((acts for start, acts in INNER if _within(path, start)), None)


def opens(reader: Reader, path: str) -> bool:
    """Return whether this reader may ever open the address."""
    acts = acts_of(path)
    if not reader.closed:
        return acts is not None
    return acts == () or any(decide(reader, act).allowed for act in acts or ())


def title_of(path: str) -> str:
    """Return the title of the screen at this address."""
    return next(room.title for room in ROOMS if room.path == path)


def rooms_of(reader: Reader) -> list[ScreenEntry]:
    """Return the screens that a reader may open."""
    return [room for room in ROOMS if opens(reader, room.path)]


def _within(path: str, start: str) -> bool:
    return path == start or path.startswith(f"{start}/")

"""All views, in the order in which they are updated.

A view's module is imported when its rows are read or written; to check whether a view is up to
date, its name is enough. Views of the access log are kept apart from views of recorded knowledge:
`replay` leaves them out, and readers do not wait for them.
"""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from domain.kernel.decoding import decoder
from domain.kernel.envelope import LogName
from projections.kernel.schema import ListedView, View, tables_of

#: The module of each view, by the view's name.
MODULES: dict[str, str] = {
    "reach": "people_and_teams.item_access",
    "accounts": "people_and_teams.accounts",
    "register": "kernel.item_ids",
    "cases": "families.cases",
    "card": "families.report_card",
    "makeup": "families.caseload_makeup",
    "statements": "people_and_teams.team_statements",
    "outcomes": "justice.outcomes",
    "exhibits": "justice.exhibits",
    "releases": "intelligence.releases",
    "queue": "information.queue",
    "continuum": "information.continuum",
    "links": "intelligence.links",
    "people": "intelligence.people",
    "mentions": "information.mentions",
    "trail": "kernel.trail",
    "feedback": "information.feedback",
    "held": "information.held_sources",
    "households": "information.households",
    "journey": "families.child_timeline",
    "brief": "intelligence.brief",
    "search": "search.index",
    "alike": "intelligence.likely_same_person",
    "holders": "families.holders",
    "addresses": "people_and_teams.mail_addresses",
    "received_files": "people_and_teams.received_files",
    "told": "people_and_teams.notified",
    "consultations": "data_protection.access_log",
    "shown": "kernel.shown",
    "hits": "intelligence.silent_hits",
    "tied_places": "intelligence.tied_places",
    "offers": "people_and_teams.offers",
    "drift": "information.covert_source_review",
    "support": "families.charity_support",
    "supervision": "families.supervision",
    "families": "families.family_contact",
    "interviews": "families.interviews",
    "members": "families.family_members",
    "parents": "families.parents",
    "needs": "families.needs",
    "waiting": "families.waiting_families",
    "publications": "families.publications",
    "marac": "families.marac",
    "profiles": "families.profiles",
    "identifiers": "families.identifiers",
    "charts": "intelligence.saved_maps",
    "court": "justice.court",
    "charging": "justice.charging",
    "notices": "justice.abduction_notices",
    "victim_requests": "justice.victim_requests",
    "reporting": "justice.duty_to_report",
    "meetings": "intelligence.meetings",
    "compartments": "families.compartments",
    "protection": "families.protection",
    "proposals": "intelligence.waiting_for_second",
    "disclosures": "data_protection.disclosures",
    "copies": "data_protection.copies",
    "waiting_rights": "people_and_teams.waiting_rights",
    "retention": "data_protection.retention",
    "erasures": "data_protection.erasures",
    "requests": "data_protection.requests",
    "request_intakes": "data_protection.request_intakes",
    "complaints": "data_protection.complaints",
    "material": "justice.unused_material",
    "escalations": "people_and_teams.confidential_reports",
    "rota": "people_and_teams.rota",
    "team_practice": "people_and_teams.team_practice",
    "due": "due.evidence",
    "due_looked": "due.looked",
    "joined": "due.joined",
    "missing": "missing",
    "computed": "intelligence.computed",
}
#: File with the names, logs and definitions of all views, so that their modules need not be
#: imported. `python -m tests.kept.folds` writes it.
DEFINITIONS = Path(__file__).with_name("definitions.json")
_LISTED = decoder(dict[str, tuple[str, tuple[LogName, ...]]])(DEFINITIONS.read_bytes())


def view_of(name: str, module: str) -> View:
    """Return the view of this name from that file, or from its module if the file does not have it
    yet."""
    if name in _LISTED:
        return ListedView(name, f"projections.{module}", *_LISTED[name])
    found: View = import_module(f"projections.{module}").VIEW
    return found


VIEWS: tuple[View, ...] = tuple(view_of(name, module) for name, module in MODULES.items())
#: The views of the access log and of disclosures. They are updated only when they are queried.
LOOKED = frozenset(
    {
        "consultations",
        "shown",
        "hits",
        "disclosures",
        "copies",
        "waiting_rights",
        "requests",
        "request_intakes",
        "complaints",
        "material",
        "escalations",
        "due_looked",
    }
)


#: Those views of `LOOKED` that change rarely: they hold deadlines that follow from searches. They
#: are updated together with the views of recorded knowledge.
PROMPTED = frozenset({"hits", "due_looked"})
#: Those views of `LOOKED` that change with every query.
UNPROMPTED: tuple[View, ...] = tuple(view for view in VIEWS if view.name in LOOKED - PROMPTED)
#: Names of all other views, which are about recorded knowledge.
KNOWN = frozenset(MODULES) - LOOKED


def load() -> None:
    """Import the modules of all views and make their tables, when a server starts, so that no
    request waits for that."""
    tables_of(VIEWS)


def select_views(*names: str) -> tuple[View, ...]:
    """Return the views of these names, in the order of the list."""
    by_name = {view.name: view for view in VIEWS}
    return tuple(by_name[name] for name in names)


def halves(views: Sequence[View]) -> tuple[list[View], list[View]]:
    """Return these views in two lists whose views cost about the same to make."""
    second = {view.name for part in _SECOND for view in PARTS[part]}
    return (
        [view for view in views if view.name not in second],
        [view for view in views if view.name in second],
    )


def knowledge() -> tuple[View, ...]:
    """Return the views of recorded knowledge, without the views of the access log."""
    return tuple(view for view in VIEWS if view.name in KNOWN)


#: The views that cost most to update (`python -m bench.workers --costs`). They are divided so that
#: two processes get four each, and four processes two each; the first and the fifth view cost a
#: third of the total each.
_DEAR: tuple[tuple[str, ...], ...] = (
    ("joined",),
    ("victim_requests", "journey", "links"),
    ("reach",),
    ("retention", "trail"),
    ("alike",),
    ("brief", "continuum"),
    ("search", "cases"),
    ("due", "reporting"),
)
_FOLLOWED = [name for name in MODULES if name in KNOWN | PROMPTED]
_REST = [name for name in _FOLLOWED if not any(name in part for part in _DEAR)]
#: The parts that cost about as much as the others together with the views of the access log.
_SECOND = (2, 4, 5, 6, 7)
#: The views of recorded knowledge, and the deadlines that follow from searches, in the parts that
#: processes share among them.
PARTS: tuple[tuple[View, ...], ...] = tuple(
    select_views(*part, *_REST[number :: len(_DEAR)]) for number, part in enumerate(_DEAR)
)

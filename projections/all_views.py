"""Every view, in the order in which they are brought up to date.

A view's module is imported when its rows are read or folded: that a view is complete is known by
its name. Who looked is no part of what was known: `replay` leaves it out, and readers do not wait
for it.
"""

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
    "due": "due.evidence",
    "due_looked": "due.looked",
    "joined": "due.joined",
    "missing": "missing",
    "computed": "intelligence.computed",
}
#: What is known of each view without its module: `python -m tests.kept.folds` writes it.
DEFINITIONS = Path(__file__).with_name("definitions.json")
_LISTED = decoder(dict[str, tuple[str, tuple[LogName, ...]]])(DEFINITIONS.read_bytes())

VIEWS: tuple[View, ...] = tuple(
    ListedView(name, f"projections.{module}", *_LISTED[name]) for name, module in MODULES.items()
)
#: Those of them that tell who looked and what was shared: read when somebody asks.
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


#: Those of them that looks pass by: what searches made due. They are followed with what is known.
PROMPTED = frozenset({"hits", "due_looked"})
#: Those that looks move: each question does.
UNPROMPTED: tuple[View, ...] = tuple(view for view in VIEWS if view.name in LOOKED - PROMPTED)
#: The others, which tell what is known.
KNOWN = frozenset(MODULES) - LOOKED


def load() -> None:
    """Import the modules of all views and make their tables, in a process that serves: nobody waits
    for one of them then."""
    tables_of(VIEWS)


def named(*names: str) -> tuple[View, ...]:
    """The views of these names, in this order."""
    by_name = {view.name: view for view in VIEWS}
    return tuple(by_name[name] for name in names)


def knowledge() -> tuple[View, ...]:
    """The views that tell what is known, without those that tell who looked."""
    return tuple(view for view in VIEWS if view.name in KNOWN)


#: The dearest views (`python -m tests.bench.workers --costs`), in parts of which two who share the
#: views have four each, and four have two: the first and the fifth cost a third of all each.
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
#: What is known, and what searches made due, in the parts by which those who follow share it.
PARTS: tuple[tuple[View, ...], ...] = tuple(
    named(*part, *_REST[number :: len(_DEAR)]) for number, part in enumerate(_DEAR)
)

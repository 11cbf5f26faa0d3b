"""Screens of one family: contacts, the charity's notes and, for users with access to these
compartments, the child's health and placements."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response
from msgspec import structs

from commands.families import casework, charity_support, safe_contact
from projections.kernel.database import Db
from questions.families import case as whole
from questions.families import next_dates
from questions.families.case import Family
from questions.intelligence import person
from questions.justice import status
from questions.kernel.item import at_the_ends
from web.desk import act_pages, second_person, small_map, timeline
from web.site import labels
from web.site.family_tabs import SECTIONS, TABS, address
from web.site.navigation import opens
from web.site.object_acts import Acts
from web.site.request_context import Looking, NotThere, Sending, Visit
from web.worker import family_acts

router = APIRouter()
Short = Annotated[str, Form(max_length=20_000)]
#: The largest number of contacts, and of notes, shown at once; the newest are shown.
MOST = 50
#: Number of the newest rows that the page shows if it links to the list of all rows.
NEWEST = 5
#: The largest number of next dates, and of missing episodes, shown at once.
MOST_DUE, MOST_AWAY = 10, 3
#: The largest number of rows of the timeline that are shown at once.
MOST_ROWS = 8


@router.get("/cases/{case}")
def family(visit: Looking, case: UUID, tab: str = "now", show: str = "") -> Response:
    """Show a tab of the family's page; `show` is the part to show in full: "missing" or
    "timeline"."""
    return _page(visit, case, tab if tab in TABS else "now", show=show)


def _read(visit: Visit, db: Db, case: UUID) -> Family:
    """Return a family's record as this reader may see it. Raises NotThere for a case that the
    reader may not see."""
    found_family = whole.shown(visit.desk, db, visit.reader, case, visit.now)
    if found_family is None:
        raise NotThere("case")
    return found_family


def _page(
    visit: Visit,
    case: UUID,
    tab: str,
    way: safe_contact.CheckedContact | None = None,
    *,
    show: str = "",
) -> Response:
    visit.require_kind(case, "case")
    with visit.reading() as db:
        found_family = _read(visit, db, case)
        child = _child(visit, db, found_family)
        statuses = child.status if child else _statuses(visit, db, found_family)
        names = at_the_ends(db, visit.reader, child.links) if child else {}
    newest = list(reversed(found_family.notes[-MOST:]))
    rows = [row for row in found_family.news if row.told][-NEWEST:]
    today = visit.now.date()
    ties = person.order_by_evidence(child.links) if child else []
    own = frozenset(child.members if child else ())
    shown = {
        "contacts": list(reversed(found_family.contacts))[:NEWEST],
        "told_log": list(reversed(found_family.told_log))[:NEWEST],
        "invited": list(reversed(found_family.invited[-MOST:])),
        "asked_how": list(reversed(found_family.asked_how[-MOST:])),
        "health": found_family.health[-MOST:],
        "placements": found_family.placements[-MOST:],
        "decided": found_family.decided[-MOST:],
        "away": list(reversed(found_family.away))[:MOST],
        "news": [row for row in found_family.news if not row.told] + rows,
    }
    return visit.page(
        "worker/family.html",
        **(structs.asdict(found_family) | shown),
        earlier={
            "contacts": len(found_family.contacts) - NEWEST,
            "told": len(found_family.told_log) - NEWEST,
        },
        facts=[row for row in newest if row.opinion != "opinion"],
        opinions=[row for row in newest if row.opinion == "opinion"],
        way=way,
        proposed=labels.PROPOSED,
        proposed_as=second_person.CHOICES,
        today=today,
        one_for_both=casework.ONE_FOR_BOTH,
        acts=family_acts.acts(visit, found_family),
        tab=tab,
        tabs=TABS,
        sections=SECTIONS,
        place=address,
        statuses_now=statuses,
        due=_due(visit, found_family),
        timeline=timeline.timeline(
            timeline.of_family(
                found_family,
                supports=visit.may_ever("support") or visit.may_ever("see-support"),
                now=visit.now,
            ),
            whole=show == "timeline",
            first=MOST_ROWS,
        ),
        most_due=MOST_DUE,
        most_away=MOST if show == "missing" else MOST_AWAY,
        weeks=next_dates.missing_weeks(found_family.away, today),
        gaps=next_dates.gaps(found_family) if visit.may_ever("see-child") else [],
        links=ties,
        link_names=names,
        own_ids=own,
        drawn=small_map.small_map(ties, own, names),
    )


def _child(visit: Visit, db: Db, found_family: Family) -> person.Person | None:
    """Return the child's data, links and status. Return None for readers who may not open the
    child's page."""
    if not opens(visit.reader, "/people") or found_family.child is None:
        return None
    return person.read_person(visit.desk, db, visit.reader, found_family.row.child, visit.now)


def _statuses(visit: Visit, db: Db, found_family: Family) -> tuple[status.Status, ...]:
    """Return the statuses that the case itself records."""
    case = found_family.row.case
    return status.of_person(visit.desk, db, visit.reader, (), (), case=case, now=visit.now)


def _due(visit: Visit, found_family: Family) -> list[next_dates.NextDate]:
    """Return the family's next dates. Dates that belong to sections which this reader may not see
    are left out."""
    supports = visit.may_ever("support") or visit.may_ever("see-support")
    closed = set() if supports else {"promised", "needs"}
    if not visit.may_ever("see-child"):
        closed |= {"marac", "at-risk"}
    rows = next_dates.next_dates(found_family, visit.now.date())
    return [row for row in rows if row.place not in closed]


def _acts_of(visit: Visit, case: UUID) -> tuple[Acts, Family, str]:
    """Return the actions that this reader may take on a case, with the family and its title. Raises
    NotThere.
    """
    visit.require_kind(case, "case")
    with visit.reading() as db:
        found_family = _read(visit, db, case)
    title = found_family.child.label if found_family.child else f"Case {found_family.row.number}"
    return family_acts.acts(visit, found_family), found_family, title


@router.get("/cases/{case}/do/{act}")
def act_form(visit: Looking, case: UUID, act: str, row: str = "") -> Response:
    """Show the form of an action on a case, or on a row of the case's page."""
    acts, found_family, title = _acts_of(visit, case)
    return act_pages.form(visit, acts, title, act, row, one=found_family)


@router.post("/cases/{case}/check")
def check(visit: Sending, case: UUID, to: Short = "") -> Response:
    """Check whether a message, letter or call to the given address or number may reach a person who
    harms the child.
    """
    return _page(visit, case, "contacts", _checked(visit, to))


def _checked(visit: Visit, to: str) -> safe_contact.CheckedContact:
    channel = charity_support.channel(visit.desk, to.strip())
    with visit.reading() as db:
        return safe_contact.check_entered(db, visit.reader, channel, to)

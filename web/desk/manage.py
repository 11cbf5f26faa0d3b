"""The manager's screen: overdue items, cases without a worker, and figures."""

from datetime import datetime

from fastapi import APIRouter
from fastapi.responses import Response

from commands.kernel import colleague
from commands.people_and_teams import grant, two_person
from domain.forms.local import LONDON
from domain.kernel.values import Reader
from network.people import alerts
from projections import missing as missing_view
from projections.data_protection import requests
from projections.families import cases
from projections.information import continuum, covert_source_review, queue
from projections.intelligence import silent_hits
from projections.intelligence.waiting_for_second import list_proposals as all_waiting
from projections.people_and_teams import waiting_rights
from questions.people_and_teams import unusual_access, workload
from usecases.kernel.registry import USE_CASES
from web.desk import second_person
from web.site.forms import may_ever
from web.site.navigation import opens
from web.site.object_acts import Acts
from web.site.request_context import Looking, Visit

router = APIRouter()
#: The largest number of rows of a list on this page; the figure above the list includes all rows.
MOST = 12
#: Names of the acts about a team, its supervision and its report card.
ACTS = (
    "supervision told",
    "team capacity",
    "team define",
    "team letters",
    "target set",
    "card publish",
    "card protection",
)
#: The lists of temporary access, each with its title and with the kinds of access that it shows.
_GRANTS = (
    ("glass-list", "emergency access to review", ("glass",)),
    ("authority-list", "authorities to approve", ("audit", "disclosure")),
    ("entry-list", "entries to the source register to review", ("entry",)),
)


@router.get("/manage")
def manage(visit: Looking) -> Response:
    """Show the manager's page: overdue items, unallocated cases, missing children, open decisions,
    and each worker's number of cases."""
    with visit.reading() as db:
        late = queue.tally(db, visit.reader, visit.now, visit.clocks).overdue
        load = cases.load(db, visit.reader)
        nobody = colleague.unallocated_count(db, visit.reader)
        missing = len(cases.missing(db, visit.reader))
        stays = continuum.dwell(db, visit.reader)
        counts = continuum.counts(db, visit.reader)
        carried = workload.loads(visit.desk, db, visit.reader, visit.now, None)
    return visit.page(
        "desk/manage.html",
        late=late,
        cases=load.cases,
        nobody=nobody,
        missing=missing,
        load=load.by_worker,
        carried=sorted(carried, key=lambda one: (not one.over, -one.weight, one.worker)),
        by_team=load.by_team,
        stays=stays,
        counts=counts,
        owed=_owed(visit),
        acts=_acts(visit.reader),
        most=MOST,
    )


def _acts(reader: Reader) -> Acts:
    """Return the actions by which a team leader records facts about a team; each has
    its own page.
    """
    acts = Acts(reader, "/manage")
    for name in ACTS:
        named = USE_CASES[name].named
        if may_ever(reader, USE_CASES[name]):
            acts.page_of(named.title, f"/do/{named.slug}?back=/manage")
    return acts


def _typed(at: datetime) -> str:
    """Return a time as text that the filter of a list accepts."""
    return f"{at.astimezone(LONDON):%Y-%m-%dT%H:%M:%S}"


def _owed(visit: Visit) -> list[tuple[str, str, int, int]]:
    """Return a row for each kind of open decision that this reader may make: the address of the
    list of these decisions, the list's title, how many are open, and how many are overdue."""
    reader, now = visit.reader, visit.now
    lines = []
    with visit.reading_with_access_log() as db:
        if any(visit.may_ever(act) for act in ("refer", "work", "allocate")):
            waiting = silent_hits.count(db, reader, now)
            late = silent_hits.count(db, reader, now, overdue_only=True)
            lines.append(("/list/hits", "silent search alerts", waiting, late))
        if any(visit.may_ever(act) for act in ("answer-subject", "see-alerts")):
            parts = requests.parts(db, reader, now)
            late = sum(part.overdue for part in parts)
            lines.append(("/list/request-parts", "parts of a subject's request", len(parts), late))
        if any(visit.may_ever(act) for act in ("review-glass", "give-authority")):
            due = grant.list_unreviewed(db, reader, now)
            for name, words, kinds in _GRANTS:
                due_accesses = [
                    opened_access for opened_access in due if opened_access.kind in kinds
                ]
                late = sum(opened_access.overdue for opened_access in due_accesses)
                lines.append((f"/list/{name}?due=true", words, len(due_accesses), late))
        if visit.may_ever("see-alerts") and unusual_access.is_available(db):
            since = now - unusual_access.WEEK
            lately = unusual_access.unusual(db, reader, since)
            odd = [unusual for unusual in lately if unusual.reviewed is None]
            lines.append(
                (
                    f"/list/unusual-access?open=true&since={_typed(since)}",
                    "people with unusual access in the last 7 days",
                    len(odd),
                    0,
                )
            )
        if visit.may_ever("confirm-access"):
            access = waiting_rights.list_proposals(db, now)
            lines.append(("/list/user-waiting", "roles and sign-ins to confirm", len(access), 0))
        if any(map(visit.may_ever, second_person.ACTS)):
            mine = [
                row for row in all_waiting(db, reader) if two_person.may_confirm(db, reader, row)
            ]
            lines.append(
                (
                    "/list/proposals?confirm=true",
                    "proposals to countersign",
                    len(mine),
                    0,
                )
            )
        if any(visit.may_ever(act) for act in ("work", "see-alerts")):
            open_alerts = alerts.list_alerts(db, reader)
            lines.append(("/list/alert-list", "alerts without an answer", len(open_alerts), 0))
        if opens(reader, "/today/missing"):
            waits = len(missing_view.patterns(db, reader))
            lines.append(("/list/patterns", "repeat and linked missing", waits, 0))
        if visit.may_ever("grade-source"):
            reviews = [
                review
                for review in covert_source_review.reviews(db, reader, now)
                if review.due or review.late
            ]
            late = sum(review.late for review in reviews)
            lines.append(
                (
                    "/list/source-drift-list?open=true",
                    "reviews of sources for CHIS status",
                    len(reviews),
                    late,
                )
            )
    return lines

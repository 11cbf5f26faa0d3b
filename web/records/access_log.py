"""Screens of the access log: who viewed an item, what a user viewed, and other teams' searches that
matched the team's records."""

from collections.abc import Sequence
from typing import Literal
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response

from domain.kernel.values import ENTITY_KINDS
from projections.data_protection import access_log
from projections.data_protection.access_log import AccessGroup, Consultation, Only
from projections.families import cases
from projections.intelligence import people
from projections.intelligence import silent_hits as hit_view
from projections.kernel import item_ids
from projections.kernel.queries import COUNTED
from projections.people_and_teams import accounts
from questions.people_and_teams import who_looked as view
from web.made.tab_pages import Values
from web.site.field_parsing import resolve_item
from web.site.naming import display_names
from web.site.request_context import Looking, NotThere, Visit

router = APIRouter()
PAGE = 50
#: The largest number of users who are named as the last readers of an item.
LAST = 8


@router.get("/looked")
def looked(
    visit: Looking,
    of: str = "",
    by: str = "",
    who: str = "",
    reason: Literal["", "given", "not-given", "not-asked"] = "",
    when: Literal["", "night", "day"] = "",
    before: int | None = None,
) -> Response:
    """Show which users viewed an item and its parts, or what one user viewed: the reader or, if the
    reader reviews access, any user. Filters limit the list to one user, to accesses with or without
    a stated purpose, or to accesses by night or by day."""
    wanted, person = of.strip(), by.strip()
    if person and person != visit.reader.name and not visit.may_ever("review-glass"):
        raise NotThere("person")
    item = resolve_item(visit, wanted) if wanted else None
    only = Only(who.strip() or None, reason or None, when == "night" if when else None)
    groups: Sequence[AccessGroup] = ()
    rows: Sequence[Consultation] = ()
    last: Sequence[str] = ()
    with visit.reading_with_access_log() as db:
        if item:
            groups = view.grouped(db, visit.reader, item)
            rows = view.at(db, visit.reader, item, before=before, limit=PAGE, only=only)
        elif person:
            groups = access_log.grouped_by(db, visit.reader, person)
            rows = access_log.by(db, visit.reader, person, before=before, limit=PAGE, only=only)
        elif visit.may_ever("review-glass"):
            last = access_log.list_recent_users(db, visit.reader, LAST)
    with visit.reading() as db:
        name = display_names(db, visit, [item]).get(item) if item else None
        known = item_ids.of(db, visit.reader, [item]).get(item) if item else None
        colleagues = sorted(accounts.working(db)) if visit.may_ever("review-glass") else ()
    parameters = {"of": str(item), "who": who.strip()} if item else {"by": person}
    filters = {"reason": reason, "when": when}
    return visit.page(
        "records/looked.html",
        item=item,
        name=name,
        known=known,
        entity=known is not None and known.kind in ENTITY_KINDS,
        colleagues=colleagues,
        by=person,
        groups=groups,
        last=last,
        people=[(name, name) for name in sorted({group.by for group in groups})],
        only=only,
        rows=rows,
        address="/looked?"
        + urlencode({key: value for key, value in (parameters | filters).items() if value}),
        older=rows[-1].seq if len(rows) == PAGE else None,
    )


def hits(visit: Visit, *, overdue: bool) -> Values:
    """Show the searches by other teams that matched records of this team. This team must decide
    within 24 hours whether to contact the searcher.
    """
    with visit.reading_with_access_log(hit_view.VIEW) as db:
        arguments = db, visit.reader, visit.now
        rows = hit_view.list_due_decisions(*arguments, overdue_only=overdue, most=PAGE)
        total = hit_view.count(*arguments, overdue_only=overdue, most=PAGE + COUNTED)
        found_cases = {
            row.case: row for row in cases.of(db, visit.reader, {row.case for row in rows})
        }
        entities = people.entities(db, visit.reader, [row.child for row in found_cases.values()])
    return {
        "rows": rows,
        "more": total - len(rows),
        "cases": found_cases,
        "known": entities,
        "overdue": overdue,
    }

"""The page with all open decisions of a reader, for example about proposals, erasures, releases and
access requests. Readers see only the kinds of decision that they may make."""

from collections.abc import Iterator

from fastapi import APIRouter

from domain.kernel.acts import Act
from web.desk import releasing, second_person
from web.made.tab_pages import Part, Values, tab
from web.records import access_log, erasing, waiting_access
from web.site.request_context import Looking, Visit

router = APIRouter()
#: The former addresses of this page's parts. Each part was a page of its own.
FORMER = (
    *("/proposals", "/releases", "/waiting-access", "/hits"),
    *("/inbox/countersign", "/inbox/releases", "/system/to-confirm", "/inbox/search-alerts"),
)


@tab(router, waiting_access.HERE, "desk/to_decide.html", before=FORMER)
def waiting(visit: Looking, page: int = 1, overdue: bool = False) -> Values:
    """Show the reader's open decisions: the page has a part for each kind of decision that this
    reader may make."""
    return {"parts": [*_parts(visit, page, overdue=overdue)]}


def _parts(visit: Visit, page: int, *, overdue: bool) -> Iterator[Part]:
    def may(*acts: Act) -> bool:
        return any(map(visit.may_ever, acts))

    if may(*second_person.ACTS):
        yield Part("proposals", "To countersign", second_person.waiting(visit, page))
    if may("approve-erasure"):
        with visit.reading() as db:
            rows = erasing.to_approve(visit, db)
        yield Part("erasures-to-approve", "Erasures to approve", {"rows": rows})
    if may("disseminate"):
        yield Part("releases", "Releases to confirm", releasing.waiting(visit))
    if may("confirm-access", "manage-accounts"):
        yield waiting_access.part(waiting_access.values(visit))
    if may("refer", "work", "allocate"):
        yield Part("hits", "Silent search alerts", access_log.hits(visit, overdue=overdue))

"""The administrator's screen: the positions of the views, and the keys, without contents of the
record."""

from fastapi import APIRouter
from fastapi.responses import Response

from commands.erasure import erasure
from projections import all_views
from projections.kernel import runner
from web.made import tab_pages
from web.made.tab_pages import Values
from web.site.request_context import Looking, Sending

router = APIRouter()


@tab_pages.tab(router, "/system/store", "records/store.html", before="/store")
def health(visit: Looking) -> Values:
    """Show the length of each log, the position of each view, failed records, and the keys."""
    system = visit.system
    lengths = {name: log.last() for name, log in system.logs.items()}
    with visit.reading_with_access_log() as db:
        reached = runner.positions(db)
        aside = runner.set_aside(db)
    views = [
        {
            "name": view.name,
            "behind": max(
                (lengths[n] - reached.get((view.name, n), 0) for n in view.logs), default=0
            ),
        }
        for view in all_views.VIEWS
    ]
    return {
        "lengths": lengths,
        "behind": [view for view in views if view["behind"]],
        "views": len(views),
        "making": system.views.progress(),
        "aside": aside,
        "families": system.shredder().status(),
        "unfinished": erasure.unfinished(visit.desk),
    }


@router.post("/store/keys")
def rotate(visit: Sending) -> Response:
    """Begin a new key epoch: every live key is encrypted again, and the keys of older epochs are
    destroyed.
    """
    visit.prove()
    epochs = visit.system.rotate_keys()
    message = ", ".join(f"{family}: epoch {epoch}" for family, epoch in epochs.items())
    return visit.go(
        "/system/store", f"New keys: {message}. Back up the keys now, and destroy older copies."
    )

"""The pages behind the button "Add…" on the page of a record: the list of actions, and the form of
an action."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from web.site.object_acts import Acts
from web.site.request_context import Looking, NotThere, Visit

router = APIRouter()


@router.get("/people/{item}/do")
@router.get("/items/{item}/do")
@router.get("/cases/{item}/do")
def listed(visit: Looking) -> Response:
    """Redirect to a record's page with its list of actions open, for a browser that runs no
    scripts."""
    return visit.go(f"{visit.request.url.path.removesuffix('/do')}?add=true")


def form(visit: Visit, acts: Acts, label: str, key: str, row: str, /, **values: Any) -> Response:
    """Show the form of an action. Raises NotThere if the reader may not do this action on this
    record."""
    act = acts.find(key, row)
    if act is None:
        raise NotThere("page")
    return visit.page(
        "site/act.html",
        act=act,
        form=act.form if act.use else None,
        label=label,
        page=acts.page,
        back=acts.back(act.at),
        **values,
    )

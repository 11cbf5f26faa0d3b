"""The pages behind "Add…" on an object: the list of acts, and the form of one of them."""

from typing import Any

from fastapi.responses import Response

from web.site.object_acts import Acts
from web.site.request_context import NotThere, Visit


def listed(visit: Visit, acts: Acts, label: str) -> Response:
    """Show the list of acts, for a browser without scripts."""
    return visit.page("desk/acts.html", acts=acts, label=label, page=acts.page)


def form(visit: Visit, acts: Acts, label: str, key: str, row: str, **values: Any) -> Response:
    """Show the form of one act. Raises NotThere if this reader may not do it here."""
    act = acts.find(key, row)
    if act is None:
        raise NotThere("page")
    back = acts.back(act.at)
    return visit.page("desk/act.html", act=act, label=label, page=acts.page, back=back, **values)

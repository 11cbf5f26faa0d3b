"""All views, in the order of their names, which is also the order in which they are updated.

A view's module is imported only when rows of the view are read or written; to check whether the
view is up to date, its name is enough. Views of the access log have a list of their own, because
the command `replay` leaves them out and readers do not wait for them.
"""

from collections.abc import Sequence
from pathlib import Path

from domain.kernel.decoding import decoder
from domain.kernel.envelope import LogName
from projections.kernel.schema import ListedView, View, tables_of

#: File with the name, module, logs and definition of each view, so that the modules need not be
#: imported. `python -m tests.kept.folds` writes it from the views in `projections/`.
DEFINITIONS = Path(__file__).with_name("definitions.json")
VIEWS: tuple[ListedView, ...] = tuple(
    ListedView(name, *listed)
    for name, listed in decoder(dict[str, tuple[str, str, tuple[LogName, ...], bool]])(
        DEFINITIONS.read_bytes()
    ).items()
)
#: Names of the views for which `when_queried` is set: the views of the access log. A command does
#: not update them, except for those in `PROMPTED`: a query or the follower does so.
LOOKED = frozenset(view.name for view in VIEWS if view.when_queried)
#: Those views of `LOOKED` that change rarely: silent alerts about searches, and deadlines that
#: begin with events of the access log. They are updated together with the views of recorded
#: knowledge.
PROMPTED = frozenset({"hits", "due_looked"})
#: The views of `LOOKED` that are not in `PROMPTED`. They may change with each query, because each
#: query adds to the access log.
UNPROMPTED: tuple[View, ...] = tuple(view for view in VIEWS if view.name in LOOKED - PROMPTED)
#: Names of all views that are not in `LOOKED`: the views of recorded knowledge.
KNOWN = frozenset(view.name for view in VIEWS) - LOOKED


def load() -> None:
    """Import the modules of all views and create the views' tables. This is done when a server
    starts, so that no request has to wait for it.
    """
    tables_of(VIEWS)


def select_views(*names: str) -> tuple[View, ...]:
    """Return the views with these names, in the order of the names."""
    by_name = {view.name: view for view in VIEWS}
    return tuple(by_name[name] for name in names)


def halves(views: Sequence[View]) -> tuple[list[View], list[View]]:
    """Divide these views into two lists that cost about the same to update."""
    second = {view.name for part in _SECOND for view in PARTS[part]}
    return (
        [view for view in views if view.name not in second],
        [view for view in views if view.name in second],
    )


def knowledge() -> tuple[View, ...]:
    """Return the views of recorded knowledge, without the views of the access log."""
    return tuple(view for view in VIEWS if view.name in KNOWN)


#: The views that cost most to update (`python -m bench.workers --costs`), in eight parts. Two
#: processes update four parts each, four processes two parts each. `joined` and `alike` each cost a
#: third of the total.
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
_FOLLOWED = [view.name for view in VIEWS if view.name in KNOWN | PROMPTED]
_REST = [name for name in _FOLLOWED if not any(name in part for part in _DEAR)]
#: The positions in `PARTS` of the parts in the second list of `halves`. These parts cost about as
#: much to update as all other views together.
_SECOND = (2, 4, 5, 6, 7)
#: The views of `KNOWN` and `PROMPTED`, in eight parts that several processes share out among them.
PARTS: tuple[tuple[View, ...], ...] = tuple(
    select_views(*part, *_REST[number :: len(_DEAR)]) for number, part in enumerate(_DEAR)
)

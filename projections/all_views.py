"""All views, in the order of their names; views are updated in this order.

A view's module is imported when its rows are read or written; its name is enough to check whether
the view is up to date. Views of the access log are listed apart from views of recorded knowledge:
the command `replay` leaves them out, and readers do not wait for them.
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
#: Names of the views that are updated only when they are queried: those of the access log and of
#: disclosures.
LOOKED = frozenset(view.name for view in VIEWS if view.when_queried)
#: Those views of `LOOKED` that change rarely, because they contain only deadlines that follow from
#: searches. They are updated together with the views of recorded knowledge.
PROMPTED = frozenset({"hits", "due_looked"})
#: Those views of `LOOKED` that are not in `PROMPTED`. Each query adds to the access log, and may so
#: change these views.
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
    """Return these views divided into two lists. Making the views of one list costs about as much
    as making the views of the other.
    """
    second = {view.name for part in _SECOND for view in PARTS[part]}
    return (
        [view for view in views if view.name not in second],
        [view for view in views if view.name in second],
    )


def knowledge() -> tuple[View, ...]:
    """Return the views of recorded knowledge, without the views of the access log."""
    return tuple(view for view in VIEWS if view.name in KNOWN)


#: The views that cost most to update (`python -m bench.workers --costs`). They are divided so that
#: of two processes each gets four of them, and of four processes each gets two. The first and the
#: fifth view each cost a third of the total.
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
#: The positions in `PARTS` of those parts that cost about as much to update as the other parts
#: together with the views of the access log.
_SECOND = (2, 4, 5, 6, 7)
#: The views of recorded knowledge and of deadlines that follow from searches, in the parts that
#: several processes share out among them.
PARTS: tuple[tuple[View, ...], ...] = tuple(
    select_views(*part, *_REST[number :: len(_DEAR)]) for number, part in enumerate(_DEAR)
)

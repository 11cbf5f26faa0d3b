"""Shows how two areas, people or things are connected. The user enters the two above the map, and
the connection appears beside the map."""

from dataclasses import dataclass
from uuid import UUID

from commands.kernel import entity
from domain.kernel.values import Refused
from network.picture import connecting
from network.query import paths
from projections.intelligence import people
from projections.intelligence.links import LinkFilter
from projections.kernel.database import Db
from web.site.request_context import Visit


@dataclass(frozen=True)
class Connection:
    """How two areas, people or things are connected: the people and things that connect two areas,
    or the shortest path between two people or things (None if there is no path). `faults` are
    the messages for names that match nothing, by field."""

    a: str
    b: str
    areas: connecting.Connections | None = None
    path: paths.Path | None = None
    faults: tuple[tuple[str, str], ...] = ()


def connection(visit: Visit, a: str, b: str, link_filter: LinkFilter) -> Connection | None:
    """Return how the two areas, people or things named `a` and `b` are connected. Return None while
    one of the names is empty. Raises FitsSeveral."""
    if not (a.strip() and b.strip()):
        return None
    with visit.reading() as db:
        areas = _areas(db, visit, a, b, link_filter)
        if areas is not None:
            return Connection(a, b, areas=areas)
        ends, faults = list[UUID](), list[tuple[str, str]]()
        for field, name in (("a", a), ("b", b)):
            try:
                ends.append(entity.resolve_entity(visit.desk, db, visit.reader, name.strip())[0])
            except entity.FitsSeveral:
                raise
            except Refused:
                faults.append((field, f"{name.strip()}: no such person, item or town"))
        if faults:
            return Connection(a, b, faults=tuple(faults))
        called = people.entities(db, visit.reader, ends)
        a, b = (
            called[item].label if item in called else name
            for item, name in zip(ends, (a, b), strict=True)
        )
        return Connection(a, b, path=paths.path(db, visit.reader, *ends, link_filter=link_filter))


def _areas(
    db: Db, visit: Visit, a: str, b: str, link_filter: LinkFilter
) -> connecting.Connections | None:
    """Return the people and things that connect two areas; None if no two areas have these
    names."""
    try:
        connections = connecting.connections(db, visit.reader, a, b, link_filter=link_filter)
    except Refused:
        return None
    return None if connections.unknown else connections

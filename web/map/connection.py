"""The connection between two areas, people or things: the user enters the two above the map, and
the connection is shown beside the map.
"""

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
    """The connection of two: the people and things that connect two areas, or the shortest path
    between two people or things, which is None if there is no path. `faults` has, by field, a
    message if a name matches no area, person or thing.
    """

    a: str
    b: str
    areas: connecting.Connections | None = None
    path: paths.Path | None = None
    faults: tuple[tuple[str, str], ...] = ()


def connection(visit: Visit, a: str, b: str, link_filter: LinkFilter) -> Connection | None:
    """Return the connection of the two areas, people or things that `a` and `b` name; None while
    one of the two fields is empty. Raises FitsSeveral.
    """
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
            called[one].label if one in called else name
            for one, name in zip(ends, (a, b), strict=True)
        )
        return Connection(a, b, path=paths.path(db, visit.reader, *ends, asked=link_filter))


def _areas(
    db: Db, visit: Visit, a: str, b: str, link_filter: LinkFilter
) -> connecting.Connections | None:
    """Return the people and things that connect two areas; None if no two areas have these
    names."""
    try:
        connections = connecting.connections(db, visit.reader, a, b, asked=link_filter)
    except Refused:
        return None
    return None if connections.unknown else connections

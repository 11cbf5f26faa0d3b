"""The newest links of suspects, for the first page of users who work with the network."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from uuid import UUID

from msgspec import Struct

from domain.kernel.values import HOME_LINKS, Reader
from network.query.child_protection import is_grown_suspect, is_protected
from network.query.graph_builder import Gathering
from network.query.homes import childrens_own, homes
from projections.intelligence import links
from projections.intelligence.links import LinkFilter, LinkRow
from projections.intelligence.people import Entity
from projections.kernel.database import Db

#: The number of links that are read at once, and the largest number of such readings; older links
#: are not read.
AT_ONCE, ROUNDS = 30, 10


class NewTie(Struct, frozen=True):
    """The newest link of a suspect, and the item at its other end. If the suspect or the item
    consists of merged records, it has the id of the oldest of these records. `own` is the id of the
    suspect as recorded in the link.
    """

    person: Entity
    tie: LinkRow
    other: Entity
    own: UUID


def new_ties(
    db: Db, reader: Reader, since: datetime, now: datetime, most: int
) -> tuple[NewTie, ...]:
    """Return the newest graded link of each suspect, if it became known after `since`; at most
    `most` links, newest first.

    Left out are suspects who are children, victims or cleared, and links to a child or a victim, to
    anybody's home or placement, or to a child's own things, because a first page may be open where
    others can see it.
    """
    return tuple(islice(_newest_links(db, reader, since, now), most))


def _newest_links(db: Db, reader: Reader, since: datetime, now: datetime) -> Iterator[NewTie]:
    link_filter = LinkFilter(as_at=now)
    gathering, items = Gathering(db, reader, link_filter, "all"), set[UUID]()
    for number in range(ROUNDS):
        ties = links.latest(db, reader, since, number * AT_ONCE, AT_ONCE)
        gathering.take(ties)
        of_suspects = [
            side for row in ties for side in _sides(gathering, row) if side.person.id not in items
        ]
        others = {new_tie.other.id for new_tie in of_suspects}
        private = homes(db, reader, link_filter, others) | childrens_own(
            db, reader, link_filter, others
        )
        for suspect in of_suspects:
            if suspect.person.id not in items and suspect.other.id not in private:
                items.add(suspect.person.id)
                yield suspect
        if len(ties) < AT_ONCE:
            return


def _sides(gathering: Gathering, row: LinkRow) -> Iterator[NewTie]:
    """Yield the link in this row once for each of its ends that is an adult suspect. Such an end is
    left out if a child or victim is at the other end. Nothing is yielded for a link to a home.
    """
    if row.link not in gathering.shown or row.kind in HOME_LINKS or row.undermined:
        return
    a, b, _ = gathering.shown[row.link]
    for first_item, second_item, own in ((a, b, row.a), (b, a, row.b)):
        person, beside = gathering.entities[first_item], gathering.entities[second_item]
        if is_grown_suspect(person) and not is_protected(beside):
            yield NewTie(person, row, beside, own)

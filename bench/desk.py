"""Measure the queries of the screens that a detective uses daily: a page of the queue, one item, a
search, a person's page, the map and the brief.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from random import Random
from uuid import UUID

from access.who_may import telling
from commands.intelligence import links
from domain.kernel.values import Reader
from network.query import view
from projections import search
from projections.information import continuum, mentions, queue
from projections.intelligence import brief, people
from projections.intelligence import links as links_view
from projections.intelligence.links import LinkFilter
from projections.kernel.database import Db
from tests.commands.office import Office

ALL = LinkFilter(min_rank=None)
CLOCKS = queue.Clocks()
#: A function that reads the data of one screen.
Read = Callable[[Db, Reader], object]
#: How many links the person in the centre of the map has.
TIES = 25


@dataclass(frozen=True)
class World:
    """The suspects of one team with links between them, each link based on its own log entry.
    `middle` is the suspect with the most links, `item` the log entry of one link.
    """

    office: Office
    middle: UUID
    item: UUID
    now: datetime

    def ego(self, db: Db, reader: Reader) -> object:
        return view.ego(db, reader, self.middle, 2, link_filter=ALL)

    def map(self, db: Db, reader: Reader) -> object:
        return view.whole_layer(db, reader, link_filter=ALL)

    def queue(self, db: Db, reader: Reader) -> object:
        page = queue.page(db, reader, self.now, CLOCKS)
        return page, queue.tally(db, reader, self.now, CLOCKS)

    def one_item(self, db: Db, reader: Reader) -> object:
        history = self.office.desk.logs["evidence"].history(self.item)
        ties = links_view.list_links_resting_on(db, reader, self.item)
        return (
            [row.stage for row in continuum.story(db, reader, self.item)],
            people.entities(db, reader, {end for tie in ties for end in (tie.a, tie.b)}),
            queue.get(db, reader, self.item),
            telling.readable_facts(db, reader, history).facts,
        )

    def search(self, db: Db, reader: Reader) -> object:
        return search.search(db, reader, "Suspect 12 Mill Lane")

    def person(self, db: Db, reader: Reader) -> object:
        people.clusters(db, reader)
        ties = links_view.list_links(db, reader, [self.middle], ALL)
        named = mentions.naming(db, reader, [self.middle])
        return (
            people.entities(db, reader, {end for tie in ties for end in (tie.a, tie.b)}),
            queue.of(db, reader, named),
            people.judgements(db, reader),
        )

    def brief(self, db: Db, reader: Reader) -> object:
        reader_brief = brief.brief(db, reader, None, self.now)
        return [row.what for row in (*reader_brief.new, *reader_brief.undecided)]

    @property
    def reads(self) -> Mapping[str, Read]:
        """Return for each screen the function that reads its data."""
        return {
            "ego network": self.ego,
            "map": self.map,
            "queue": self.queue,
            "item": self.one_item,
            "search": self.search,
            "person": self.person,
            "brief": self.brief,
        }


def made(office: Office, many: int) -> World:
    """Record suspects with `many` links between them in a store."""
    chance = Random(7)
    suspects = [
        office.person(f"Suspect {number}", categories=(("suspect", "named"),) if number % 2 else ())
        for number in range(many // 2)
    ]
    pairs = list(combinations(suspects, 2))
    hub = [pair for pair in pairs if pair[0] == suspects[0]][:TIES]
    others = chance.sample([pair for pair in pairs if pair not in hub], many - len(hub))
    for number, (first, other) in enumerate((*hub, *others)):
        basis = office.words(f"Suspect {number} was seen at Mill Lane, house {number % 40}.")
        links.assert_link(office.desk, office.reader, basis, str(first), str(other), "associate")
    return World(office, suspects[0], basis, office.system.clock())

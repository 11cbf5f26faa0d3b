"""Network queries give the same answers on PostgreSQL as on files."""

from pathlib import Path

import pytest

from network.measures.groups import groups
from network.measures.measures import key_people
from network.over_time.changes import changes
from network.over_time.frames import frames
from network.over_time.periods import counts, timeline
from network.people.phone_changes import moves
from network.people.risk import children_at_risk
from network.picture.picture_data import document, path_document
from network.query.hotspots import hotspots
from network.query.masked_export import outgoing
from network.query.near import near
from network.query.paths import path
from network.query.view import ego
from projections.intelligence.links import LinkFilter
from tests.network.world import READER, World, day, new_world


def all_answers(world: World) -> list[str]:
    """Return the answers of one small network to every query, as text."""
    world.suspects("Ash", "Birch", "Cedar", "Ash with the scar")
    world.child("Clover")
    world.put("hotel, Town A", kind="place")
    world.link("Ash", "Birch", valid=(1, None), known=2, root=world["Ash"])
    world.link("Birch", "Cedar", grade="3C", valid=(2, 9), handling="C")
    world.link("Ash", "Clover", "association", grade=None)
    world.link("Ash with the scar", "hotel, Town A", "seen-at")
    world.link("Clover", "hotel, Town A", "seen-at")
    world.judge("Ash", "Ash with the scar", known=3)
    then = LinkFilter(as_at=day(5), as_known=day(4))
    with world.db() as db:
        seen = ego(db, READER, world["Ash"], 2)
        found = path(db, READER, world["Ash"], world["Cedar"])
        assert found
        answers = [
            document(seen),
            document(ego(db, READER, world["Ash"], 2, link_filter=then)),
            path_document(found),
            groups(db, READER).groups,
            key_people(db, READER),
            hotspots(db, READER),
            children_at_risk(db, READER, world["Ash"]),
            outgoing(db, READER, seen).nodes,
            counts(db, READER, per="month"),
            timeline(db, READER, world["Ash"], link_filter=LinkFilter(since=day(1), until=day(5))),
            frames(db, READER, per="week").documents,
            changes(db, READER, day(1), day(8)),
            moves(db, READER),
            near(
                db, READER, [world["Ash"], world["Clover"]], link_filter=LinkFilter(min_rank=None)
            ),
        ]
    return [str(answer) for answer in answers]


@pytest.mark.postgres
def test_postgresql_answers_as_sqlite_does(tmp_path: Path, postgres_url: str) -> None:
    with new_world(tmp_path) as one, new_world(postgres_url) as other:
        expected, found = all_answers(one), all_answers(other)
    assert "hotel, Town A" in expected[0]
    assert found == expected

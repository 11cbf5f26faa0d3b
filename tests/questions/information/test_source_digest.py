"""A digest of a source names the suspects about whom the source reported often, and no child."""

from datetime import timedelta

from commands.intelligence import links
from questions.information import source_digest
from tests.commands.office import Office


def test_a_suspect_is_named_and_a_child_is_not(office: Office) -> None:
    desk, reader = office.desk, office.reader
    suspect = office.person("Darren Pike", categories=(("suspect", "seen"),))
    child = office.person("Zara Holt", under_18=True)
    start = desk.clock()
    for number in range(3):
        item = str(
            office.words(f"He rang {number}", heard_from="Marion Oakes", how_known="saw-or-heard")
        )
        for one in (suspect, child):
            links.assert_link(desk, reader, item, str(one), f"phone:0770090010{number}", "uses")
    with office.system.reading() as db:
        found = source_digest.about_suspects(db, reader, start, start + timedelta(days=31))
        before = source_digest.about_suspects(db, reader, start - timedelta(days=31), start)
    assert [(row.entity, row.items, label) for row, label in found] == [(suspect, 3, "Darren Pike")]
    assert before == []

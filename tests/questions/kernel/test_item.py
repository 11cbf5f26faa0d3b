"""Every front shows an item as its reader may see it, because the item is composed in one place for
all fronts.
"""

from collections.abc import Iterator
from uuid import UUID

import msgspec
import pytest

from commands.intelligence import links
from domain.kernel.values import Reader, Role
from questions.kernel import item as whole
from questions.kernel.item import Item
from tests.commands.office import Office, opened
from tests.support.commands.erasure_carried_out import erase


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    made = opened(tmp_path_factory.mktemp("item") / "store")
    yield made
    made.system.close()


@pytest.fixture(scope="module")
def words(office: Office) -> UUID:
    """Record a graded log entry on which a link is based; return its id."""
    item = office.words("Baz drives PK95 ABC.")
    office.later()
    report = office.assessed(item).id
    told = str(report), str(office.person("Baz")), "vehicle:PK95 ABC", "driver-of"
    links.assert_link(office.desk, office.reader, *told)  # type: ignore[arg-type]
    return item


def item_shown(office: Office, reader: Reader, item: UUID) -> Item:
    with office.system.reading() as db:
        return whole.read_item(office.desk, db, reader, item)


def test_it_has_its_words_its_story_and_what_rests_on_it(office: Office, words: UUID) -> None:
    found = item_shown(office, office.reader, words)
    assert (found.item, found.kind, found.words) == (words, "observation", "Baz drives PK95 ABC.")
    assert found.at == found.steps[0].fact.recorded
    assert [step.number for step in found.steps] == list(range(1, len(found.steps) + 1))
    assert [step.stage for step in found.steps] == ["information", "intelligence"]
    assert found.stage is not None
    assert (found.stage.stage, found.waiting, found.closed) == ("intelligence", None, None)


def test_a_link_names_both_its_ends(office: Office, words: UUID) -> None:
    report = item_shown(office, office.reader, words).stage
    assert report is not None
    assert report.report is not None
    found = item_shown(office, office.reader, report.report)
    (tie,) = found.links
    assert found.names.keys() == {tie.a, tie.b}


@pytest.mark.parametrize(("role", "releases"), [("intelligence-officer", True), ("psw", False)])
def test_a_release_is_shown_to_those_who_release(
    office: Office, words: UUID, role: Role, releases: bool
) -> None:
    reader = msgspec.structs.replace(office.reader, closed=True, roles=frozenset({role}))
    assert (item_shown(office, reader, words).leaving is not None) == releases


def test_of_what_was_erased_its_steps_are_left(office: Office) -> None:
    item = office.words("These words go.")
    erase(office, item)
    found = item_shown(office, office.reader, item)
    assert (found.words, found.leaving) == ("[erased]", None)
    assert found.steps
    assert all(step.fact.erased for step in found.steps[:1])

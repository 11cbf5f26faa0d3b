"""What warns of somebody ends with two people: a category that makes a suspect, and a link."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest

from commands import entity, identity, links, observation, proposal, ways
from commands.desk import Receipt
from domain.support import Verdict
from domain.values import LinkKind, PoleCategory, Reader, Refused
from projections import people
from tests.access.staff import Staff
from tests.commands.office import Office, Place, prepared

PHONE = "phone:07700 900123"


def _shared_phone(office: Office) -> dict[str, UUID]:
    desk, reader = office.desk, office.reader
    child = str(office.person("Kayleigh Marlow"))
    words = observation.record(desk, reader, words="he answers her phone").id
    why: list[tuple[PoleCategory, str]] = [("suspect", "named by two parents")]
    baz = entity.record_person(desk, reader, name="Baz", categories=why).id
    mother, aunt = office.person("Dawn Marlow"), office.person("Jo Marlow")

    def tie(one: UUID, other: str, kind: LinkKind) -> UUID:
        return links.assert_link(desk, reader, words, str(one), other, kind).id

    made = {
        "baz": baz,
        "words": words,
        "his": tie(baz, PHONE, "uses"),
        "hers": tie(mother, PHONE, "uses"),
        "family": tie(mother, child, "family"),
        "aunt": tie(aunt, "phone:07700 900999", "uses"),
    }
    staff = Staff(office)
    for name in ("dc.reed", "dc.lowe"):
        staff.hire(name, "detective")
    office.system.keep_up()
    return made | {"phone": next(row.b for row in office.links() if row.link == made["his"])}


SHARED = prepared("a_shared_phone", _shared_phone)


@dataclass
class World:
    """A phone that a mother and a suspect use."""

    office: Office
    ids: dict[str, UUID]

    def now(self, name: str) -> Reader:
        return Staff(self.office).now(name)

    def end(self, category: PoleCategory = "suspect", who: str = "baz") -> Receipt:
        told = self.office.desk, self.now("dc.reed"), str(self.ids[who])
        return entity.end_classification(*told, category, "an alibi")

    def retract(self, link: str) -> Receipt:
        return links.retract(self.office.desk, self.now("dc.reed"), self.ids[link], "mistaken")

    def confirm(self, item: str, what: str, name: str = "dc.lowe") -> None:
        told = self.office.desk, self.now(name), self.ids[item]
        proposal.confirm(*told, what)  # type: ignore[arg-type]

    def phone(self) -> Verdict:
        with self.office.desk.asking() as db:
            return ways.check(db, self.office.reader, self.ids["phone"]).verdict

    def categories(self) -> frozenset[PoleCategory]:
        with self.office.desk.asking() as db:
            return people.entities(db, self.office.reader, [self.ids["baz"]])[
                self.ids["baz"]
            ].categories


@pytest.fixture
def world(place: Place) -> Iterator[World]:
    with SHARED(*place) as (office, ids):
        yield World(office, ids)


def test_a_suspect_is_one_until_a_second_person_confirms_the_end(world: World) -> None:
    assert world.end().proposed
    assert world.phone() == "unsafe"
    assert "suspect" in world.categories()
    with pytest.raises(Refused, match="two people"):
        world.confirm("baz", "end-category", "dc.reed")
    with pytest.raises(Refused, match="proposed"):
        world.end()
    world.confirm("baz", "end-category")
    assert world.phone() == "safe"
    assert not world.categories()


@pytest.mark.parametrize("link", ["his", "hers", "family"])
def test_a_link_on_which_a_warning_rests_stands_until_two_take_it_back(
    world: World, link: str
) -> None:
    assert world.retract(link).proposed
    assert world.ids[link] in {row.link for row in world.office.links()}
    assert world.phone() == "unsafe"
    world.confirm(link, "retract-link")
    assert world.ids[link] not in {row.link for row in world.office.links()}


@pytest.mark.usually_on("sqlite")
def test_what_warns_of_nobody_goes_with_one(world: World) -> None:
    assert not world.retract("aunt").proposed
    desk, reader = world.office.desk, world.office.reader
    entity.classify(desk, reader, str(world.ids["baz"]), "convicted", "by a jury")
    assert not world.end().proposed, "he is convicted"
    assert world.end("convicted").proposed


@pytest.mark.usually_on("sqlite")
def test_it_ends_under_each_of_their_ids(world: World) -> None:
    desk, reader = world.office.desk, world.office.reader
    twin = entity.record_person(desk, reader, name="Barry Undercliff").id
    identity.judge(desk, reader, str(world.ids["baz"]), str(twin), "same", "one man")
    entity.classify(desk, reader, str(twin), "suspect", "seen by an officer")
    assert world.end().proposed
    world.confirm("baz", "end-category")
    with desk.asking() as db:
        both = people.entities(db, reader, [twin, world.ids["baz"]])
    assert not any("suspect" in one.categories for one in both.values())


@pytest.mark.usually_on("sqlite")
def test_what_is_recorded_meanwhile_is_looked_at_again(world: World) -> None:
    desk, reader = world.office.desk, world.office.reader
    world.end()
    entity.classify(desk, reader, str(world.ids["baz"]), "person-of-interest", "seen again")
    with pytest.raises(Refused, match="a category was recorded"):
        world.confirm("baz", "end-category")


@pytest.mark.usually_on("sqlite")
def test_a_refused_proposal_changes_nothing(world: World) -> None:
    world.end()
    told = world.office.desk, world.now("dc.lowe"), world.ids["baz"]
    proposal.refuse(*told, "end-category", "the alibi is his brother's")
    assert world.phone() == "unsafe"
    assert "suspect" in world.categories()
    assert world.end().proposed

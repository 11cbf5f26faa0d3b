"""Two people are needed to end a warning about a person. So they are needed to change what the
warning is based on: the person's category, a link, an identity judgement, or a report or
exhibit."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest

from commands.families import safe_contact
from commands.information import observation
from commands.intelligence import identity, intelligence_report, links
from commands.justice import evidence, taking_back
from commands.kernel import entity
from commands.kernel.unit_of_work import Receipt
from commands.people_and_teams import two_person
from domain.families.charity_support import Verdict
from domain.justice.evidence import EvidenceGathered
from domain.kernel.values import LinkKind, PoleCategory, Reader, Refused
from projections.intelligence import people
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
    """A store with a phone that both a mother and a suspect use, and with the warning that the
    product shows about this phone.
    """

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
        two_person.confirm(*told, what)  # type: ignore[arg-type]

    def phone(self) -> Verdict:
        with self.office.desk.asking() as db:
            return safe_contact.check(db, self.office.reader, self.ids["phone"]).verdict

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
def test_a_link_on_which_a_warning_rests_lasts_until_two_take_it_back(
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
    two_person.refuse(*told, "end-category", "the alibi is his brother's")
    assert world.phone() == "unsafe"
    assert "suspect" in world.categories()
    assert world.end().proposed


@pytest.mark.parametrize("category", ["eliminated", "acquitted"])
def test_a_suspect_is_cleared_by_two(world: World, category: PoleCategory) -> None:
    told = world.office.desk, world.now("dc.reed"), str(world.ids["baz"]), category, "abroad"
    assert entity.classify(*told).proposed
    assert world.phone() == "unsafe"
    with pytest.raises(Refused, match="two people"):
        world.confirm("baz", "clear-person", "dc.reed")
    world.confirm("baz", "clear-person")
    assert world.phone() == "safe"
    assert category in world.categories()


def test_who_is_suspected_under_another_id_is_cleared_by_two(world: World) -> None:
    desk, reader = world.office.desk, world.now("dc.reed")
    twin = entity.record_person(desk, reader, name="Barry Undercliff").id
    identity.judge(desk, reader, str(world.ids["baz"]), str(twin), "same", "one man")
    assert entity.classify(desk, reader, str(twin), "eliminated", "abroad").proposed
    assert world.phone() == "unsafe"


def test_somebody_new_is_cleared_by_one_until_they_are_a_suspect(world: World) -> None:
    """One user alone may clear a newly recorded person of suspicion. If that person is afterwards
    judged to be the same as a suspect, a second person must confirm the judgement."""
    desk, reader = world.office.desk, world.now("dc.reed")
    twin = entity.record_person(desk, reader, name="Barry Undercliff").id
    assert not entity.classify(desk, reader, str(twin), "eliminated", "abroad").proposed
    told = str(twin), str(world.ids["baz"]), "same", "one man"
    assert identity.judge(desk, reader, *told).proposed  # type: ignore[arg-type]
    assert world.phone() == "unsafe"
    two_person.confirm(desk, world.now("dc.lowe"), twin, "judge-identity")
    assert world.phone() == "safe"


@pytest.mark.parametrize("swapped", [False, True])
def test_a_suspect_is_judged_to_be_a_child_by_two(world: World, swapped: bool) -> None:
    desk, reader = world.office.desk, world.now("dc.reed")
    girl = entity.record_person(desk, reader, name="Abi", under_18=True).id
    one, other = (girl, world.ids["baz"]) if swapped else (world.ids["baz"], girl)
    command = UUID(int=7)
    told = str(one), str(other), "same", "one phone"
    made = identity.judge(desk, reader, *told, command_id=command)  # type: ignore[arg-type]
    assert made.proposed
    assert identity.judge(desk, reader, *told, command_id=command) == made  # type: ignore[arg-type]
    with desk.asking() as db:
        assert not people.judgements(db, reader)
    two_person.confirm(desk, world.now("dc.lowe"), one, "judge-identity")
    with desk.asking() as db:
        assert [row.reason for row in people.judgements(db, reader)] == ["one phone"]


@pytest.mark.parametrize(("linked", "waits"), [(True, True), (False, False)])
def test_a_person_of_interest_who_warns_of_nothing_is_judged_to_be_a_child_at_once(
    world: World, linked: bool, waits: bool
) -> None:
    """One user alone may judge that a person of interest is a child's record, if no warning depends
    on the person. An import records all people as persons of interest, so this is common.
    """
    desk, reader = world.office.desk, world.now("dc.reed")
    girl = entity.record_person(desk, reader, name="Abi", under_18=True).id
    why: list[tuple[PoleCategory, str]] = [("person-of-interest", "named in a file")]
    named = entity.record_person(desk, reader, name="Abbie", categories=why).id
    if linked:
        words = world.ids["words"]
        links.assert_link(desk, reader, words, str(named), PHONE, "uses")
    made = identity.judge(desk, reader, str(named), str(girl), "same", "one girl")
    assert made.proposed is waits


@pytest.mark.parametrize("by", ["split", "different"])
def test_a_suspect_and_the_record_with_the_phone_are_parted_by_two(world: World, by: str) -> None:
    desk, reader = world.office.desk, world.now("dc.reed")
    twin = entity.record_person(desk, reader, name="Barry Undercliff").id
    identity.judge(desk, reader, str(twin), str(world.ids["baz"]), "same", "one man")
    if by == "split":
        made = identity.split(desk, reader, str(twin), "two men")
    else:
        told = str(twin), str(world.ids["baz"]), "different", "two men"
        made = identity.judge(desk, reader, *told)  # type: ignore[arg-type]
    assert made.proposed
    assert str(world.ids["baz"]) != str(twin)
    with desk.asking() as db:
        assert twin in people.all_merged_ids(db, reader, world.ids["baz"])
    two_person.confirm(desk, world.now("dc.lowe"), twin, "judge-identity")
    with desk.asking() as db:
        assert twin not in people.all_merged_ids(db, reader, world.ids["baz"])


@pytest.mark.usually_on("sqlite")
def test_who_nobody_warns_of_is_judged_by_one(world: World) -> None:
    desk, reader = world.office.desk, world.now("dc.reed")
    one, other = (entity.record_person(desk, reader, name=name).id for name in ("Al", "Albert"))
    told = str(one), str(other), "same", "one man"
    assert not identity.judge(desk, reader, *told).proposed  # type: ignore[arg-type]
    assert not identity.split(desk, reader, str(one), "two men").proposed


def test_a_report_under_a_link_is_withdrawn_by_two(world: World) -> None:
    desk, reader = world.office.desk, world.now("dc.reed")
    report = world.office.assessed(world.ids["words"]).id
    made = taking_back.withdraw(desk, reader, str(report), "another man")
    assert made.proposed
    with pytest.raises(Refused, match="already"):
        intelligence_report.withdraw(desk, reader, report, "another man")
    assert {row.grade for row in world.office.links() if row.link == world.ids["his"]} == {"2A"}
    two_person.confirm(desk, world.now("dc.lowe"), report, "withdraw-report")
    assert {row.grade for row in world.office.links() if row.link == world.ids["his"]} == {None}


@pytest.mark.parametrize("status", ["excluded", "withdrawn"])
def test_evidence_that_a_link_rests_on_alone_goes_with_two(world: World, status: str) -> None:
    desk, reader = world.office.desk, world.now("dc.reed")
    exhibit = evidence.gather(desk, reader, EvidenceGathered("exhibit", "AB/1")).id
    told = str(exhibit), status, "another car"
    tie = links.assert_link(
        desk, reader, exhibit, str(world.ids["baz"]), "vehicle:PK95 ABC", "uses"
    ).id

    def stage() -> list[str]:
        return [row.stage for row in world.office.links() if row.link == tie]

    assert evidence.change_status(desk, reader, *told).proposed  # type: ignore[arg-type]
    assert stage() == ["evidence"]
    two_person.confirm(desk, world.now("dc.lowe"), exhibit, "withdraw-exhibit")
    assert stage() == []

"""On the screens, users record and describe a person, and each statement needs grounds."""

import re
from uuid import UUID

import pytest

from commands.intelligence import identity
from domain.intelligence.entity import (
    AgeRecorded,
    AliasAdded,
    ClassificationEnded,
    PersonNamed,
    PersonRecorded,
)
from tests.web.conftest import House, Somebody


@pytest.fixture
def sergeant(house: House) -> Somebody:
    return house.somebody("ds.hale")


def test_somebody_not_known_is_recorded_described_and_named(
    house: House, sergeant: Somebody
) -> None:
    page = sergeant.tell("person add", nickname="Baz", description="tall, a scar", under_18="no")
    man = UUID(page.url.path.rpartition("/")[2])
    assert "Not identified" in page.text
    (made,) = house.office.events(PersonRecorded)
    assert (made.known, made.name, made.under_18) == (False, "Baz", False)
    sergeant.describe("alias", man, kind="nickname", name="Bazza")
    assert house.office.events(AliasAdded)[0].name == "Bazza"
    silent = sergeant.describe("class", man, category="suspect", grounds=" ")
    assert silent.status_code == 422
    page = sergeant.describe(
        "class", man, category="suspect", grounds="seen with her by two officers"
    )
    assert re.search(r">\s*Suspect\s*<", page.text)
    page = sergeant.describe("name", man, name="Barry Sleight")
    assert house.office.events(PersonNamed)[0].name == "Barry Sleight"
    assert "<bdi>Barry Sleight</bdi></h1>" in page.text
    assert "Name an unknown person" not in page.text
    page = sergeant.describe("age", man, born="", under_18="yes", words="about fifteen")
    assert house.office.events(AgeRecorded)[-1].words == "about fifteen"
    assert "Under 18" in page.text
    assert sergeant.describe("age", man).status_code == 422


def test_a_name_and_what_they_are_called_are_both_kept(house: House, sergeant: Somebody) -> None:
    sergeant.tell(
        "person add",
        name="Ryan Toller",
        nickname="Tolly",
        categories=["person-of-interest"],
        grounds="named twice",
    )
    (made,) = house.office.events(PersonRecorded)
    assert (made.known, made.name) == (True, "Ryan Toller")
    assert [event.name for event in house.office.events(AliasAdded)] == ["Tolly"]
    page = sergeant.ask("/search", q="tolly").text
    assert "Ryan Toller" in page
    assert "Record a person" in page


def test_a_category_ends_under_whichever_id_it_is(house: House, sergeant: Somebody) -> None:
    office = house.office
    one = office.person("Baz")
    other = office.person("Barry", categories=(("suspect", "told"),))
    identity.judge(office.desk, office.reader, str(one), str(other), "same", "one man")
    page = sergeant.describe("end-class", one, category="suspect", grounds="eliminated")
    assert "waits for a second person" in page.text
    office.agreed(one, "end-category")
    ended = [f.stream for f in office.facts() if isinstance(f.event, ClassificationEnded)]
    assert ended == [other]
    again = sergeant.describe("end-class", one, category="suspect", grounds="again")
    assert again.status_code == 422


def test_one_person_under_two_records_is_found_once(house: House, sergeant: Somebody) -> None:
    office = house.office
    one, other = office.person("Barry Sleight"), office.person("Baz Sleight")
    third = office.person("Bazza Sleight")
    identity.judge(office.desk, office.reader, str(one), str(other), "same", "one man")
    page = sergeant.ask("/search", q="sleight").text
    found = {who for who in (one, other, third) if f'href="/people/{who}"' in page}
    assert third in found
    assert len(found) == 2

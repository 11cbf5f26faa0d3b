"""A suspect, a child and a car, and the links between them."""

from typing import Any
from uuid import UUID

from commands.intelligence import links
from commands.kernel import entity
from tests.web.conftest import House


def world(house: House) -> dict[str, UUID]:
    """Record a suspect, a child and a car in graded entries, and a second man and a home in
    ungraded entries; return their ids by name.
    """
    office = house.office
    desk, reader = office.desk, office.reader
    graded, told = office.words("graded words"), office.words("told words")
    report = office.assessed(graded, "2C").id
    people = {
        "baz": office.person("Baz", categories=(("suspect", "named twice"),)),
        "kay": office.person("Kayleigh", under_18=True, categories=(("victim", "told"),)),
        "gaz": office.person("Gaz"),
    }

    def tie(basis: UUID, a: str, b: str, kind: Any) -> UUID:
        one = str(people.get(a, a))
        other = str(people.get(b, b))
        return links.assert_link(desk, reader, basis, one, other, kind).id

    people["tie"] = tie(report, "baz", "kay", "association")
    office.later(24)
    tie(report, "baz", "vehicle:PK95ABC", "uses")
    tie(told, "baz", "gaz", "associate")
    people["car"] = entity.find(desk, reader, "vehicle:PK95ABC")[0]
    office.later(1)
    return people

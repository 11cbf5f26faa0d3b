"""A log entry that links a man to a car."""

from uuid import UUID

from commands.intelligence import links
from tests.web.conftest import House

WORDS = "Lads call him Baz, he drives PK95 ABC."


def linked(house: House) -> tuple[UUID, UUID, UUID]:
    """Record a log entry that links a man to a car; return the three ids."""
    office = house.office
    item, man = office.words(WORDS), office.person()
    receipt = links.assert_link(
        office.desk, office.reader, item, str(man), "vehicle:PK95ABC", "uses"
    )
    return item, man, receipt.id

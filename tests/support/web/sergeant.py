"""A log entry with a link between a man and a car."""

from uuid import UUID

from commands.intelligence import links
from tests.web.conftest import House

WORDS = "Lads call him Baz, he drives PK95 ABC."


def linked(house: House) -> tuple[UUID, UUID, UUID]:
    """Record a log entry with a link between a man and a car; return the ids of the entry, the man
    and the car.
    """
    office = house.office
    item, man = office.words(WORDS), office.person()
    receipt = links.assert_link(
        office.desk, office.reader, item, str(man), "vehicle:PK95ABC", "uses"
    )
    return item, man, receipt.id

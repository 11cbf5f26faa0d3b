"""A family with safe and unsafe ways to contact it."""

from typing import Any
from uuid import UUID

from commands.families import charity_support
from commands.intelligence import links
from commands.kernel import entity
from commands.kernel.unit_of_work import Receipt
from domain.families.charity_support import ContactMade, WayChecked
from domain.kernel.codes import Channel
from network.people import alerts
from network.people.alerts import Alert
from tests.commands.office import Office

HIS = "phone:07700 900123"
HERS = "phone:07700 900124"


class Family:
    """A case in which the mother has a phone of her own, and shares another phone with a
    suspect.
    """

    def __init__(self, office: Office) -> None:
        self.office = office
        self.case = office.case()
        self.child = str(entity.find(office.desk, office.reader, "Kayleigh Marlow")[0])
        self.mother = str(office.person("Carol Marlow"))
        self.baz = str(office.person("Baz", categories=(("suspect", "seen"),)))
        self.item = office.words("his number and hers")
        self.tie(self.child, self.mother, "family")
        self.tie(self.mother, HERS, "uses")

    def tie(self, one: str, other: str, kind: Any) -> None:
        desk, reader = self.office.desk, self.office.reader
        links.assert_link(desk, reader, self.item, one, other, kind)

    def shared(self) -> "Family":
        self.tie(self.mother, HIS, "uses")
        self.tie(self.baz, HIS, "uses")
        return self

    def contact(self, by: Channel = "text", **told: Any) -> Receipt:
        made = ContactMade(self.case, "advocacy", by, "parent")
        return charity_support.make_contact(self.office.desk, self.office.reader, made, **told)

    def marks(self) -> list[str]:
        return [event.verdict for event in self.office.events(WayChecked)]

    def alerts(self) -> list[Alert]:
        with self.office.system.reading() as db:
            found = alerts.alerts(db, self.office.reader)
            assert found == alerts.alerts(db, self.office.reader, self.case)
        return [one for one in found if one.kind == "unsafe-contact"]

    def warning(self, made: UUID) -> str | None:
        return charity_support.warning(self.office.desk, self.office.reader, made)

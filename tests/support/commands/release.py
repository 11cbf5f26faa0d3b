"""A report that is released, with or without the source's own words in its text."""

from typing import Any
from uuid import UUID

from commands.intelligence import intelligence_report, release
from domain.intelligence.intelligence_report import ProductReleased
from domain.kernel.envelope import Recorded
from tests.commands.office import Office

OWN = "she gets in his car by the chip shop every single night"
CLEAN = "A child is collected by car."
WHY = "the place is what they have to watch"


def reported(office: Office, text: str = f"Told: {OWN}.") -> UUID:
    item = office.words(f"Sandra here, {OWN}, I saw it.", heard_from="Sandra Marlow")
    report = office.assessed(item, "2C").id
    intelligence_report.sanitise(office.desk, office.reader, item, text)
    return report


def send(office: Office, report: UUID, **more: Any) -> Any:
    office.later()
    return release.disseminate(office.desk, office.reader, report, "Team B", "safety", **more)


def made(office: Office) -> list[Recorded]:
    return [f for f in office.facts("product") if isinstance(f.event, ProductReleased)]

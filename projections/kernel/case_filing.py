"""The case under which an event files an item, for the views that store it."""

from uuid import UUID

from domain.families.marac import MaracReferred
from domain.families.need import ThreatTold
from domain.families.publication import PressChecked, PublicationNoted
from domain.information.observation import ObservationRecorded, ObservationRefiled
from domain.intelligence.intelligence_report import ReportOpened
from domain.intelligence.meeting import BoardKept, Decided, ItemAdded
from domain.justice.abduction_notice import NoticeBreached
from domain.justice.arrest_to_result import ArrestMade, ChargeBrought, NoticeServed, ResultRecorded
from domain.justice.charging import ChargingDecided
from domain.justice.court import AccountTaken, BailSet, HearingSet, MeasureTold, PleaEntered
from domain.justice.evidence import EvidenceGathered
from domain.justice.verdict import AppealLodged, OrderMade
from domain.kernel.envelope import Event


def case_of(event: Event) -> UUID | None:
    """Return the case under which this event files its own item; None if it files none."""
    match event:
        case (
            ObservationRecorded()
            | ObservationRefiled()
            | ReportOpened()
            | EvidenceGathered()
            | ArrestMade()
            | ChargeBrought()
            | NoticeServed()
            | NoticeBreached()
            | ResultRecorded()
            | HearingSet()
            | BailSet()
            | PleaEntered()
            | MeasureTold()
            | AccountTaken()
            | ChargingDecided()
            | OrderMade()
            | AppealLodged()
            | ItemAdded()
            | Decided()
            | BoardKept()
            | ThreatTold()
            | MaracReferred()
            | PublicationNoted()
            | PressChecked()
        ):
            return event.case
    return None

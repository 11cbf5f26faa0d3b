"""A child who returned from missing and is due an interview."""

from uuid import UUID

from commands.families import casework
from domain.families.referral import MissingFound, MissingReported
from tests.commands.office import Office


def found_child(office: Office) -> UUID:
    """Record a child who came back without a return home interview, which is due by law in 72
    hours.
    """
    case = office.case()
    casework.report_missing(office.desk, office.reader, str(case), MissingReported())
    casework.record_found(office.desk, office.reader, str(case), MissingFound())
    return case

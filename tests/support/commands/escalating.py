"""A child who returned after going missing, for whom a return interview is due."""

from uuid import UUID

from commands.families import casework
from domain.families.referral import MissingFound, MissingReported
from tests.commands.office import Office


def found_child(office: Office) -> UUID:
    """Record a child who came back after going missing; a return home interview is due by law
    within 72 hours. Return the id of the case.
    """
    case = office.case()
    casework.report_missing(office.desk, office.reader, str(case), MissingReported())
    casework.record_found(office.desk, office.reader, str(case), MissingFound())
    return case

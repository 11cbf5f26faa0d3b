"""An erasure that a second person approves, and the auditor's findings about it."""

from collections.abc import Sequence
from uuid import UUID

from commands.erasure import erasure
from commands.erasure.erasure import Progress
from domain.data_protection.erasure import (
    Redaction,
)
from installation.auditing import open_office
from ledger.audit.report import AuditFinding
from tests.commands.office import Office

SECOND = "di.okoro"


def erase(office: Office, *subjects: UUID, redactions: Sequence[Redaction] = ()) -> Progress:
    one, _ = erasure.propose(office.desk, office.reader, subjects, "part-3-s47", redactions)
    return erasure.approve(office.desk, office.somebody(SECOND), one.id, office.system)


def unexplained(office: Office) -> list[AuditFinding]:
    """Return the auditor's findings of text that is missing without an erasure that explains it."""
    with open_office(office.system.settings, None) as auditor:
        return [
            finding for report in auditor.verify((), None, (), ()) for finding in report.findings
        ]

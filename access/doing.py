"""What it takes to record each event: the acts of which the reader must hold one.

Every command makes its facts in one place, and that place asks here: an event that nobody listed is
refused on a store with accounts.
"""

from access.decide import decide
from access.table import SAID, Act
from domain.envelope import Event
from domain.values import Denied, Reader

TAKES: dict[str, tuple[Act, ...]] = {
    "observation.recorded": ("record",),
    "observation.read": ("record",),
    "observation.flagged": ("record",),
    "observation.source_held": ("record",),
    "observation.source_transferred": ("record",),
    "observation.taken": ("triage",),
    "observation.triaged": ("triage",),
    "observation.urgency_raised": ("correct", "triage"),
    "observation.urgency_lowered": ("assess",),
    "observation.corrected": ("correct",),
    "observation.refiled": ("refile",),
    "observation.withdrawn": ("correct",),
    "observation.mention_confirmed": ("name", "correct"),
    "observation.assessed": ("assess",),
    "source.registered": ("record",),
    "source.entry_made": ("record",),
    "source.graded": ("grade-source",),
    "source.conflict_noted": ("grade-source",),
    "roots.joined": ("join-roots",),
    "roots.parted": ("join-roots",),
    "report.opened": ("assess", "import"),
    "report.item_graded": ("assess", "import"),
    "report.item_sanitised": ("sanitise",),
    "report.disseminated": ("disseminate",),
    "report.withdrawn": ("sanitise",),
    "product.released": ("disseminate",),
    "link.asserted": ("link", "import"),
    "link.retracted": ("link",),
    "person.recorded": ("name", "refer", "import"),
    "person.classified": ("name", "refer", "import"),
    "person.classification_ended": ("name",),
    "person.alias_added": ("name", "refer", "import"),
    "person.named": ("name",),
    "person.age_recorded": ("name", "refer", "import"),
    "thing.recorded": ("name", "import"),
    "identity.judged": ("judge",),
    "identity.revoked": ("judge",),
    "case.opened": ("refer", "import"),
    "case.referral_received": ("refer", "import"),
    "case.threshold_assessed": ("rate", "import"),
    "case.worker_allocated": ("allocate",),
    "case.engagement_recorded": ("work", "allocate"),
    "case.missing_reported": ("work", "allocate"),
    "case.missing_found": ("work", "allocate"),
    "case.flagged": ("work", "refer", "import"),
    "case.exit_assessed": ("work",),
    "case.closed": ("close",),
    "case.reopened": ("close", "work"),
    "evidence.gathered": ("evidence",),
    "evidence.transferred": ("evidence",),
    "evidence.excluded": ("evidence",),
    "evidence.undermined": ("evidence",),
    "evidence.withdrawn": ("evidence",),
    "justice.arrest_made": ("outcome",),
    "justice.charge_brought": ("outcome",),
    "justice.notice_served": ("outcome",),
    "justice.result_recorded": ("outcome",),
    "store.made": ("run-store",),
    "clock.stepped": ("run-store",),
    "loss.declared": ("run-store",),
    "file.received": ("import",),
    "export.made": ("export",),
    "brief.held": ("brief",),
    "user.added": ("manage-accounts",),
    "user.left": ("manage-accounts",),
    "user.locked": ("manage-accounts",),
    "user.unlocked": ("manage-accounts",),
    "user.role_given": ("manage-accounts",),
    "user.role_taken": ("manage-accounts",),
    "user.team_joined": ("manage-accounts",),
    "user.team_left": ("manage-accounts",),
    "user.assigned": ("allocate", "manage-accounts"),
    "user.assignment_ended": ("allocate", "manage-accounts"),
    "team.made": ("manage-accounts",),
    "team.renamed": ("manage-accounts",),
    "team.merged": ("manage-accounts",),
    "glass.broken": ("break-glass",),
    "glass.closed": ("break-glass",),
    "glass.reviewed": ("review-glass",),
    "authority.given": ("give-authority",),
    "authority.approved": ("give-authority",),
    "authority.ended": ("give-authority",),
    "entry.asked": ("open-entry",),
    "entry.opened": ("open-entry",),
    "entry.reviewed": ("review-glass",),
    "consultation.justified": ("record",),
    "record.consulted": ("record",),
    "search.touched": ("record",),
    "search.contact_decided": ("refer", "work", "allocate"),
    "access.reviewed": ("review-glass",),
}


def require_all(reader: Reader, events: tuple[Event, ...]) -> None:
    """Raises Denied for an event that none of the reader's roles records."""
    if not reader.closed:
        return
    for event in events:
        acts = TAKES.get(event.stored.name, ())
        if not any(decide(reader, act).allowed for act in acts):
            said = SAID[acts[0]] if acts else f"record {event.stored.name}"
            raise Denied(f"your role does not {said}")

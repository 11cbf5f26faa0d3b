"""Every event that may be recorded: the allow-list of stored names, by log."""

from domain import (
    account,
    compartment,
    consultation,
    corroboration,
    disclosure,
    drift,
    due,
    entity,
    erasure,
    escalation,
    evidence,
    governance,
    grant,
    identity,
    intelligence,
    justice,
    link,
    material,
    observation,
    outbox,
    proposal,
    protection,
    recovery,
    referral,
    release,
    retention,
    rota,
    source,
    subject_request,
    support,
)
from domain.envelope import Event, LogName

EVENTS: tuple[type[Event], ...] = (
    *observation.EVENTS,
    *source.EVENTS,
    *intelligence.EVENTS,
    *corroboration.EVENTS,
    *release.EVENTS,
    *link.EVENTS,
    *entity.EVENTS,
    *identity.EVENTS,
    *referral.EVENTS,
    *evidence.EVENTS,
    *justice.EVENTS,
    *governance.EVENTS,
    *recovery.EVENTS,
    *account.EVENTS,
    *grant.EVENTS,
    *outbox.EVENTS,
    *consultation.EVENTS,
    *drift.EVENTS,
    *support.EVENTS,
    *compartment.EVENTS,
    *protection.EVENTS,
    *proposal.EVENTS,
    *disclosure.EVENTS,
    *subject_request.EVENTS,
    *material.EVENTS,
    *escalation.EVENTS,
    *rota.EVENTS,
    *due.EVENTS,
    *retention.EVENTS,
    *erasure.EVENTS,
)


def by_log() -> dict[LogName, tuple[type[Event], ...]]:
    """The catalogue of each of the four logs."""
    logs: tuple[LogName, ...] = ("evidence", "sources", "product", "access")
    return {log: tuple(e for e in EVENTS if e.stored.log == log) for log in logs}

"""Every event that may be recorded: the allow-list of stored names, by log."""

from functools import cache

from domain import matching
from domain.data_protection import (
    complaint,
    consultation,
    copies,
    disclosure,
    erasure,
    hold,
    request_intake,
    retention,
    subject_request,
)
from domain.exchange import offer
from domain.families import (
    charter,
    compartment,
    ethnicity,
    exploitation,
    family,
    identifier,
    marac,
    member,
    missing,
    nationality,
    need,
    parent,
    protection,
    publication,
    referral,
    supervision,
    support,
    waiting,
)
from domain.information import drift, joining, observation, outbox, source
from domain.intelligence import (
    chart,
    corroboration,
    entity,
    identity,
    intelligence,
    link,
    meeting,
    release,
    standing_pattern,
    standing_search,
)
from domain.justice import (
    charging,
    court,
    evidence,
    justice,
    material,
    notice,
    reporting,
    verdict,
    victim_request,
)
from domain.kernel.envelope import Event, LogName
from domain.people_and_teams import (
    account,
    card,
    due,
    escalation,
    governance,
    grant,
    notifying,
    proposal,
    recovery,
    right_time,
    rota,
)

EVENTS: tuple[type[Event], ...] = (
    *observation.EVENTS,
    *source.EVENTS,
    *intelligence.EVENTS,
    *corroboration.EVENTS,
    *release.EVENTS,
    *offer.EVENTS,
    *link.EVENTS,
    *entity.EVENTS,
    *identity.EVENTS,
    *joining.EVENTS,
    *chart.EVENTS,
    *standing_pattern.EVENTS,
    *standing_search.EVENTS,
    *referral.EVENTS,
    *missing.EVENTS,
    *evidence.EVENTS,
    *justice.EVENTS,
    *notice.EVENTS,
    *card.EVENTS,
    *charging.EVENTS,
    *court.EVENTS,
    *verdict.EVENTS,
    *governance.EVENTS,
    *recovery.EVENTS,
    *right_time.EVENTS,
    *account.EVENTS,
    *grant.EVENTS,
    *outbox.EVENTS,
    *consultation.EVENTS,
    *drift.EVENTS,
    *support.EVENTS,
    *supervision.EVENTS,
    *charter.EVENTS,
    *family.EVENTS,
    *member.EVENTS,
    *ethnicity.EVENTS,
    *nationality.EVENTS,
    *identifier.EVENTS,
    *need.EVENTS,
    *waiting.EVENTS,
    *publication.EVENTS,
    *marac.EVENTS,
    *exploitation.EVENTS,
    *parent.EVENTS,
    *compartment.EVENTS,
    *protection.EVENTS,
    *proposal.EVENTS,
    *disclosure.EVENTS,
    *copies.EVENTS,
    *subject_request.EVENTS,
    *request_intake.EVENTS,
    *complaint.EVENTS,
    *victim_request.EVENTS,
    *reporting.EVENTS,
    *matching.EVENTS,
    *material.EVENTS,
    *meeting.EVENTS,
    *escalation.EVENTS,
    *rota.EVENTS,
    *due.EVENTS,
    *notifying.EVENTS,
    *retention.EVENTS,
    *hold.EVENTS,
    *erasure.EVENTS,
)

for _event in EVENTS:
    if not hasattr(_event, "meaning"):
        raise TypeError(
            f"{_event.__module__}.{_event.__qualname__} has no `meaning`: write what follows from "
            "it (domain/kernel/envelope.py)"
        )


@cache
def by_name() -> dict[str, type[Event]]:
    """The newest version of the event of each stored name."""
    return {event.stored.name: event for event in sorted(EVENTS, key=_version)}


def _version(event: type[Event]) -> int:
    return event.stored.version


@cache
def by_command() -> dict[str, type[Event]]:
    """The event that each command is for, by the command's name."""
    return {command: event for event in by_name().values() for command in event.meaning.commands}


def by_log() -> dict[LogName, tuple[type[Event], ...]]:
    """The catalogue of each of the four logs."""
    logs: tuple[LogName, ...] = ("evidence", "sources", "product", "access")
    return {log: tuple(e for e in EVENTS if e.stored.log == log) for log in logs}

"""Every event that may be recorded: the allow-list of stored names, by log."""

from functools import cache

from domain import matching
from domain.data_protection import (
    access_log,
    complaint,
    copies,
    disclosure,
    erasure,
    legal_hold,
    request_intake,
    retention,
    subject_request,
)
from domain.exchange import offer
from domain.families import (
    charity_support,
    charter,
    compartment,
    ethnicity,
    exploitation,
    family_contact,
    family_member,
    identifier,
    marac,
    missing,
    nationality,
    need,
    parent,
    protection,
    publication,
    referral,
    supervision,
    waiting_family,
)
from domain.information import (
    covert_source_review,
    observation,
    phone_outbox,
    shared_mentions,
    source,
)
from domain.intelligence import (
    corroboration,
    entity,
    identity,
    intelligence_report,
    link,
    meeting,
    release,
    saved_map,
    standing_pattern,
    standing_search,
)
from domain.justice import (
    abduction_notice,
    arrest_to_result,
    charging,
    court,
    duty_to_report,
    evidence,
    unused_material,
    verdict,
    victim_request,
)
from domain.kernel.envelope import Event, LogName
from domain.people_and_teams import (
    account,
    confidential_report,
    deadline,
    grant,
    notifying,
    recovery,
    report_card,
    right_time,
    rota,
    store_admin,
    two_person,
)

EVENTS: tuple[type[Event], ...] = (
    *observation.EVENTS,
    *source.EVENTS,
    *intelligence_report.EVENTS,
    *corroboration.EVENTS,
    *release.EVENTS,
    *offer.EVENTS,
    *link.EVENTS,
    *entity.EVENTS,
    *identity.EVENTS,
    *shared_mentions.EVENTS,
    *saved_map.EVENTS,
    *standing_pattern.EVENTS,
    *standing_search.EVENTS,
    *referral.EVENTS,
    *missing.EVENTS,
    *evidence.EVENTS,
    *arrest_to_result.EVENTS,
    *abduction_notice.EVENTS,
    *report_card.EVENTS,
    *charging.EVENTS,
    *court.EVENTS,
    *verdict.EVENTS,
    *store_admin.EVENTS,
    *recovery.EVENTS,
    *right_time.EVENTS,
    *account.EVENTS,
    *grant.EVENTS,
    *phone_outbox.EVENTS,
    *access_log.EVENTS,
    *covert_source_review.EVENTS,
    *charity_support.EVENTS,
    *supervision.EVENTS,
    *charter.EVENTS,
    *family_contact.EVENTS,
    *family_member.EVENTS,
    *ethnicity.EVENTS,
    *nationality.EVENTS,
    *identifier.EVENTS,
    *need.EVENTS,
    *waiting_family.EVENTS,
    *publication.EVENTS,
    *marac.EVENTS,
    *exploitation.EVENTS,
    *parent.EVENTS,
    *compartment.EVENTS,
    *protection.EVENTS,
    *two_person.EVENTS,
    *disclosure.EVENTS,
    *copies.EVENTS,
    *subject_request.EVENTS,
    *request_intake.EVENTS,
    *complaint.EVENTS,
    *victim_request.EVENTS,
    *duty_to_report.EVENTS,
    *matching.EVENTS,
    *unused_material.EVENTS,
    *meeting.EVENTS,
    *confidential_report.EVENTS,
    *rota.EVENTS,
    *deadline.EVENTS,
    *notifying.EVENTS,
    *retention.EVENTS,
    *legal_hold.EVENTS,
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

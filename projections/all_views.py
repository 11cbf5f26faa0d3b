"""Every view, in the order in which they are brought up to date.

Who looked is no part of what was known: `replay` leaves it out, and readers do not wait for it.
"""

from projections import due, missing, search
from projections.data_protection import (
    access_log,
    complaints,
    copies,
    disclosures,
    erasures,
    request_intakes,
    requests,
    retention,
)
from projections.families import (
    caseload_makeup,
    cases,
    charity_support,
    child_timeline,
    compartments,
    family_contact,
    family_members,
    holders,
    identifiers,
    marac,
    needs,
    parents,
    profiles,
    protection,
    publications,
    report_card,
    supervision,
    waiting_families,
)
from projections.information import (
    continuum,
    covert_source_review,
    feedback,
    held_sources,
    households,
    mentions,
    queue,
)
from projections.intelligence import (
    brief,
    computed,
    likely_same_person,
    links,
    meetings,
    people,
    releases,
    saved_maps,
    silent_hits,
    tied_places,
    waiting_for_second,
)
from projections.justice import (
    abduction_notices,
    charging,
    court,
    duty_to_report,
    exhibits,
    outcomes,
    unused_material,
    victim_requests,
)
from projections.kernel import item_ids, shown, trail
from projections.kernel.schema import View
from projections.people_and_teams import (
    accounts,
    confidential_reports,
    item_access,
    mail_addresses,
    notified,
    offers,
    rota,
    waiting_rights,
)

VIEWS: tuple[View, ...] = (
    item_access.VIEW,
    accounts.VIEW,
    item_ids.VIEW,
    cases.VIEW,
    report_card.VIEW,
    caseload_makeup.VIEW,
    outcomes.VIEW,
    exhibits.VIEW,
    releases.VIEW,
    queue.VIEW,
    continuum.VIEW,
    links.VIEW,
    people.VIEW,
    mentions.VIEW,
    trail.VIEW,
    feedback.VIEW,
    held_sources.VIEW,
    households.VIEW,
    child_timeline.VIEW,
    brief.VIEW,
    search.VIEW,
    likely_same_person.VIEW,
    holders.VIEW,
    mail_addresses.VIEW,
    notified.VIEW,
    access_log.VIEW,
    shown.VIEW,
    silent_hits.VIEW,
    tied_places.VIEW,
    offers.VIEW,
    covert_source_review.VIEW,
    charity_support.VIEW,
    supervision.VIEW,
    family_contact.VIEW,
    family_members.VIEW,
    parents.VIEW,
    needs.VIEW,
    waiting_families.VIEW,
    publications.VIEW,
    marac.VIEW,
    profiles.VIEW,
    identifiers.VIEW,
    saved_maps.VIEW,
    court.VIEW,
    charging.VIEW,
    abduction_notices.VIEW,
    victim_requests.VIEW,
    duty_to_report.VIEW,
    meetings.VIEW,
    compartments.VIEW,
    protection.VIEW,
    waiting_for_second.VIEW,
    disclosures.VIEW,
    copies.VIEW,
    waiting_rights.VIEW,
    retention.VIEW,
    erasures.VIEW,
    requests.VIEW,
    request_intakes.VIEW,
    complaints.VIEW,
    unused_material.VIEW,
    confidential_reports.VIEW,
    rota.VIEW,
    due.VIEW,
    due.LOOKED_VIEW,
    due.JOINED_VIEW,
    missing.VIEW,
    computed.VIEW,
)
#: Those of them that tell who looked and what was shared: read when somebody asks.
LOOKED = frozenset(
    view.name
    for view in (
        access_log.VIEW,
        shown.VIEW,
        silent_hits.VIEW,
        disclosures.VIEW,
        copies.VIEW,
        waiting_rights.VIEW,
        requests.VIEW,
        request_intakes.VIEW,
        complaints.VIEW,
        unused_material.VIEW,
        confidential_reports.VIEW,
        due.LOOKED_VIEW,
    )
)


#: Those of them that looks pass by: what searches made due. They are followed with what is known.
PROMPTED = frozenset({silent_hits.VIEW.name, due.LOOKED_VIEW.name})
#: Those that looks move: each question does.
UNPROMPTED: tuple[View, ...] = tuple(view for view in VIEWS if view.name in LOOKED - PROMPTED)
#: The others, which tell what is known.
KNOWN = frozenset(view.name for view in VIEWS) - LOOKED


def knowledge() -> tuple[View, ...]:
    """The views that tell what is known, without those that tell who looked."""
    return tuple(view for view in VIEWS if view.name in KNOWN)


#: The dearest views (`python -m tests.bench.workers --costs`), in parts of which two who share the
#: views have four each, and four have two: the first and the fifth cost a third of all each.
_DEAR: tuple[tuple[View, ...], ...] = (
    (due.JOINED_VIEW,),
    (victim_requests.VIEW, child_timeline.VIEW, links.VIEW),
    (item_access.VIEW,),
    (retention.VIEW, trail.VIEW),
    (likely_same_person.VIEW,),
    (brief.VIEW, continuum.VIEW),
    (search.VIEW, cases.VIEW),
    (due.VIEW, duty_to_report.VIEW),
)
_FOLLOWED = [view for view in VIEWS if view.name in KNOWN | PROMPTED]
_REST = [view for view in _FOLLOWED if not any(view in part for part in _DEAR)]
#: What is known, and what searches made due, in the parts by which those who follow share it.
PARTS: tuple[tuple[View, ...], ...] = tuple(
    (*part, *_REST[number :: len(_DEAR)]) for number, part in enumerate(_DEAR)
)

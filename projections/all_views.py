"""Every view, in the order in which they are brought up to date.

Who looked is no part of what was known: `replay` leaves it out, and readers do not wait for it.
"""

from projections import due, missing, search
from projections.data_protection import (
    complaints,
    consultations,
    copies,
    disclosures,
    erasures,
    request_intakes,
    requests,
    retention,
)
from projections.families import (
    card,
    cases,
    compartments,
    families,
    holders,
    identifiers,
    journey,
    makeup,
    marac,
    members,
    needs,
    parents,
    profiles,
    protection,
    publications,
    supervision,
    support,
    waiting,
)
from projections.information import continuum, drift, feedback, held, households, mentions, queue
from projections.intelligence import (
    alike,
    brief,
    charts,
    computed,
    hits,
    links,
    meetings,
    people,
    proposals,
    releases,
    tied_places,
)
from projections.justice import (
    charging,
    court,
    exhibits,
    material,
    notices,
    outcomes,
    reporting,
    victim_requests,
)
from projections.kernel import register, shown, trail
from projections.kernel.schema import View
from projections.people_and_teams import (
    accounts,
    addresses,
    escalations,
    offers,
    reach,
    rota,
    told,
    waiting_rights,
)

VIEWS: tuple[View, ...] = (
    reach.VIEW,
    accounts.VIEW,
    register.VIEW,
    cases.VIEW,
    card.VIEW,
    makeup.VIEW,
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
    held.VIEW,
    households.VIEW,
    journey.VIEW,
    brief.VIEW,
    search.VIEW,
    alike.VIEW,
    holders.VIEW,
    addresses.VIEW,
    told.VIEW,
    consultations.VIEW,
    shown.VIEW,
    hits.VIEW,
    tied_places.VIEW,
    offers.VIEW,
    drift.VIEW,
    support.VIEW,
    supervision.VIEW,
    families.VIEW,
    members.VIEW,
    parents.VIEW,
    needs.VIEW,
    waiting.VIEW,
    publications.VIEW,
    marac.VIEW,
    profiles.VIEW,
    identifiers.VIEW,
    charts.VIEW,
    court.VIEW,
    charging.VIEW,
    notices.VIEW,
    victim_requests.VIEW,
    reporting.VIEW,
    meetings.VIEW,
    compartments.VIEW,
    protection.VIEW,
    proposals.VIEW,
    disclosures.VIEW,
    copies.VIEW,
    waiting_rights.VIEW,
    retention.VIEW,
    erasures.VIEW,
    requests.VIEW,
    request_intakes.VIEW,
    complaints.VIEW,
    material.VIEW,
    escalations.VIEW,
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
        consultations.VIEW,
        shown.VIEW,
        hits.VIEW,
        disclosures.VIEW,
        copies.VIEW,
        waiting_rights.VIEW,
        requests.VIEW,
        request_intakes.VIEW,
        complaints.VIEW,
        material.VIEW,
        escalations.VIEW,
        due.LOOKED_VIEW,
    )
)


#: Those of them that looks pass by: what searches made due. They are followed with what is known.
PROMPTED = frozenset({hits.VIEW.name, due.LOOKED_VIEW.name})
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
    (victim_requests.VIEW, journey.VIEW, links.VIEW),
    (reach.VIEW,),
    (retention.VIEW, trail.VIEW),
    (alike.VIEW,),
    (brief.VIEW, continuum.VIEW),
    (search.VIEW, cases.VIEW),
    (due.VIEW, reporting.VIEW),
)
_FOLLOWED = [view for view in VIEWS if view.name in KNOWN | PROMPTED]
_REST = [view for view in _FOLLOWED if not any(view in part for part in _DEAR)]
#: What is known, and what searches made due, in the parts by which those who follow share it.
PARTS: tuple[tuple[View, ...], ...] = tuple(
    (*part, *_REST[number :: len(_DEAR)]) for number, part in enumerate(_DEAR)
)

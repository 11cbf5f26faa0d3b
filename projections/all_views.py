"""Every view, in the order in which they are brought up to date.

Who looked is no part of what was known: `replay` leaves it out, and readers do not wait for it.
"""

from projections import (
    accounts,
    addresses,
    alike,
    brief,
    cases,
    compartments,
    consultations,
    continuum,
    court,
    disclosures,
    drift,
    due,
    erasures,
    escalations,
    exhibits,
    families,
    feedback,
    held,
    hits,
    holders,
    households,
    links,
    material,
    members,
    mentions,
    missing,
    outcomes,
    parents,
    people,
    proposals,
    protection,
    queue,
    reach,
    register,
    releases,
    requests,
    retention,
    rota,
    search,
    support,
    told,
    trail,
)
from projections.schema import View

VIEWS: tuple[View, ...] = (
    reach.VIEW,
    accounts.VIEW,
    register.VIEW,
    cases.VIEW,
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
    brief.VIEW,
    search.VIEW,
    alike.VIEW,
    holders.VIEW,
    addresses.VIEW,
    told.VIEW,
    consultations.VIEW,
    hits.VIEW,
    drift.VIEW,
    support.VIEW,
    families.VIEW,
    members.VIEW,
    parents.VIEW,
    court.VIEW,
    compartments.VIEW,
    protection.VIEW,
    proposals.VIEW,
    disclosures.VIEW,
    retention.VIEW,
    erasures.VIEW,
    requests.VIEW,
    material.VIEW,
    escalations.VIEW,
    rota.VIEW,
    due.VIEW,
    due.LOOKED_VIEW,
    missing.VIEW,
)
#: Those of them that tell who looked and what was shared: read when somebody asks.
LOOKED = frozenset(
    view.name
    for view in (
        consultations.VIEW,
        hits.VIEW,
        disclosures.VIEW,
        requests.VIEW,
        material.VIEW,
        escalations.VIEW,
        due.LOOKED_VIEW,
    )
)


def knowledge() -> tuple[View, ...]:
    """The views that tell what is known, without those that tell who looked."""
    return tuple(view for view in VIEWS if view.name not in LOOKED)

"""Every view, in the order in which they are brought up to date."""

from projections import (
    accounts,
    brief,
    cases,
    continuum,
    feedback,
    held,
    households,
    links,
    mentions,
    people,
    queue,
    reach,
    register,
    search,
    trail,
)
from projections.schema import View

VIEWS: tuple[View, ...] = (
    reach.VIEW,
    accounts.VIEW,
    register.VIEW,
    cases.VIEW,
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
)

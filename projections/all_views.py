"""Every view, in the order in which they are brought up to date."""

from projections import (
    brief,
    cases,
    continuum,
    feedback,
    links,
    people,
    queue,
    register,
    search,
    trail,
)
from projections.schema import View

VIEWS: tuple[View, ...] = (
    register.VIEW,
    cases.VIEW,
    queue.VIEW,
    continuum.VIEW,
    links.VIEW,
    people.VIEW,
    trail.VIEW,
    feedback.VIEW,
    brief.VIEW,
    search.VIEW,
)

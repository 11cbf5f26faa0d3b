"""Limits on standing searches and patterns: one rule for who may be watched for, why and for how
long.

Never a colleague or a parent; a child only while they are missing. Source: surveillance of people
is no part of this record; 28 days are the product's own [verify].
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from domain.kernel.values import Refused

#: The longest time for a standing search; after it, its owner has to give a reason again.
ENDS_AFTER = timedelta(days=28)


@dataclass(frozen=True)
class Whom:
    """The groups that are among the people watched for: colleagues, parents, children; `missing`
    holds the cases of the children, if all of them are missing.
    """

    colleague: bool = False
    parent: bool = False
    child: bool = False
    missing: Collection[UUID] = ()


def may_begin(reason: str, until: datetime, now: datetime, whom: Whom, field: str) -> None:
    """Check that a watch may begin. Raises Refused without a reason; as `may_be`; and for longer
    than `ENDS_AFTER`."""
    if not reason.strip():
        raise Refused("give the reason for watching", field="reason")
    may_be(whom, field)
    if not now < until <= now + ENDS_AFTER:
        raise Refused(f"it ends within {ENDS_AFTER.days} days", field="until")


def may_be(whom: Whom, field: str) -> None:
    """Raise Refused, for this field, for a colleague, a parent, and a child who is not missing."""
    if whom.colleague:
        raise Refused("a colleague cannot be watched for", field=field)
    if whom.parent:
        raise Refused("a parent cannot be watched for: ask them", field=field)
    if whom.child and not whom.missing:
        raise Refused("a child is watched for only while they are missing", field=field)


def may_end(begun: bool, ended: bool, reason: str) -> None:
    """Check that a watch may end. Raises Refused where it has ended, and without a reason."""
    if not begun or ended:
        raise Refused("it has ended")
    if not reason.strip():
        raise Refused("say why it ends", field="reason")

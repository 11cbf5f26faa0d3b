"""The strength of the evidence for a link, and the numbers from which it is computed.

Strength is `1 - Π over independent roots (1 - max(source × information × decay))`: a root is the
first person who knew. Of several accounts with the same root, only the best contributes; accounts
of independent roots add up. Grades are categories (3x5x2), so the numbers for them are a police
force's policy and no measurements; every result contains these numbers. A valid item of evidence
has a number of its own, whether or not it is graded.
"""

import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from msgspec import Struct, field

from domain.kernel.values import Grade, InformationGrade, SourceGrade
from projections.intelligence.links import LinkRow

DAY = 86_400.0
#: The strength that a link without any strength gets when its length is computed, so that its
#: length -log(strength) has a limit.
FLOOR = 0.001


class StrengthPolicy(Struct, frozen=True):
    """The numbers for the grades, between 0 and 1 [verify: a police force sets its own].

    "E Suspected to be false" is always 0: it never adds strength. `exhibit` is the least value of
    an account with an item of evidence. With `half_life_days` an account loses half its weight in
    that many days before the moment of the query; if that is None, no account loses weight.
    """

    source: dict[SourceGrade, float] = field(default_factory=lambda: {"1": 0.9, "2": 0.6, "3": 0.3})
    information: dict[InformationGrade, float] = field(
        default_factory=lambda: {"A": 0.95, "B": 0.8, "C": 0.5, "D": 0.3, "E": 0.0}
    )
    half_life_days: float | None = None
    exhibit: float = 0.9

    def worth(self, grade: str | None) -> float:
        """Return the value of one graded statement of a source; 0 for an ungraded statement and for
        grade E.
        """
        if grade is None:
            return 0.0
        parsed = Grade.parse(grade)
        if parsed.information == "E":
            return 0.0
        return self.source[parsed.source] * self.information[parsed.information]

    def decay(self, since: datetime, moment: datetime | None) -> float:
        """Return the share of an account's value that is left at `moment`; 1 without a moment or
        half-life.
        """
        if self.half_life_days is None or moment is None:
            return 1.0
        age = max((moment - since).total_seconds(), 0.0) / DAY
        return float(0.5 ** (age / self.half_life_days))


DEFAULT = StrengthPolicy()


def strength(
    rows: Iterable[LinkRow],
    roots: Mapping[UUID, UUID],
    policy: StrengthPolicy = DEFAULT,
    moment: datetime | None = None,
) -> float:
    """Return the strength, from 0 to 1, of a link that is based on the accounts in `rows`.

    `roots` maps the tokens of sources that were judged the same to one of these tokens. All
    accounts of unknown sources count as one source. The age of an account is counted from the time
    when the link was last true, if that is recorded, otherwise from the time of recording.
    """
    best: dict[UUID | None, float] = {}
    for row in rows:
        root = roots.get(row.root, row.root) if row.root else None
        since = row.last or row.known_from
        worth = max(policy.worth(row.grade), policy.exhibit if row.exhibited else 0.0)
        worth *= policy.decay(since, moment)
        best[root] = max(best.get(root, 0.0), worth)
    return 1.0 - math.prod(1.0 - worth for worth in best.values())


def cost(strength_of_tie: float) -> float:
    """Return the length that a link has in the search for the strongest path: -log(strength). The
    length of a link with strength 0 is limited.
    """
    return -math.log(max(strength_of_tie, FLOOR))

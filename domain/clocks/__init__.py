"""The table of all types of deadline ("clocks"): the action that is due, the event that starts the
deadline, and the role that has to act. Each file of this folder has the rows of one subject.

To add a type, add a row here, its name in `domain.kernel.codes.Clock`, and a case in
`projections/due`.
"""

from datetime import timedelta
from typing import get_args

from domain.clocks import casework, court, family, held, team, words
from domain.clocks.court import AFTERCARE, aftercare_from
from domain.clocks.rule import ClockRule, Rules
from domain.kernel.codes import Clock, Tier

__all__ = [
    "AFTERCARE",
    "BEFORE_NOTICE_ENDS",
    "CHARTER_STANDS",
    "CLOCKS",
    "CONTACTING",
    "NOT_THERE",
    "TIERS",
    "ClockRule",
    "aftercare_from",
]

TIERS: tuple[Tier, ...] = get_args(Tier)
_PARTS = (words, casework, family, court, held, team)
_ROWS: Rules = {clock: rule for part in _PARTS for clock, rule in part.CLOCKS.items()}
CLOCKS: Rules = {clock: _ROWS[clock] for clock in get_args(Clock)}
#: How long a worker's confirmation of their role charter is valid. After this time the worker has
#: to read the charter and confirm it again.
CHARTER_STANDS = timedelta(days=365)
#: The deadlines (clocks) that prompt a worker to speak with a family.
CONTACTING: frozenset[Clock] = frozenset(
    {
        "parent-acknowledged",
        "parent-answered",
        "victim-told",
        "victim-updated",
        "promise",
        "family-waits",
        "review-right",
        "review-answer",
        "visit",
        "debrief",
        "feedback",
        *(clock for clock, _, _ in AFTERCARE),
    }
)
#: The warning shown beside a deadline to contact a family, if a suspect may hear or read messages
#: to the family.
NOT_THERE = "a way to reach them is unsafe: speak to them in person, away from home"
#: This long before the end of an abduction warning notice, the police have to decide whether to
#: serve a new notice.
BEFORE_NOTICE_ENDS = timedelta(days=14)

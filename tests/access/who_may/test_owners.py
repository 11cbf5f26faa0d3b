"""Each role that must answer a deadline may run the command that ends the deadline, or a command
that passes the deadline to a role that may end it.
"""

import re
from collections.abc import Iterator

import pytest

from access.who_may.event_rules import acts_of
from access.who_may.table import EVERYBODY, MAY
from console.help.plain_names import plain_name
from domain.clocks import CLOCKS
from domain.kernel.codes import Clock
from domain.kernel.values import Role
from projections.due.family import WORKERS
from projections.due.rows import AUDIT, REVIEW
from usecases.kernel.registry import USE_CASES

#: Stored names of the events that end a deadline, for deadlines whose `done_by` names a list
#: instead of a command, or is empty.
ENDED_BY: dict[Clock, tuple[str, ...]] = {
    AUDIT: ("observation.no_value_audited",),
    REVIEW: ("release.reviewed",),
    "words-waiting": ("observation.triaged", "observation.assessed"),
    "urgent-words": ("observation.triaged", "observation.assessed"),
    "said-before": ("join.confirmed", "join.dismissed"),
    "said-before-urgent": ("join.confirmed", "join.dismissed"),
    "alert": ("alert.answered",),
    "danger-now": ("alert.answered",),
    "release-proposal": ("release.confirmed", "release.refused"),
    "contact-decision": ("search.contact_decided",),
    "contact-decision-now": ("search.contact_decided",),
    "offer-match": ("offer.contact_decided",),
    "glass-review": ("glass.reviewed",),
    "access-act": ("user.right_confirmed", "user.right_refused", "access.reviewed"),
}
#: Deadlines of proposals: the proposal itself determines who may make it and who may confirm it
#: (`access.who_may.event_rules.CONFIRMS`).
ELSEWHERE: frozenset[Clock] = frozenset({"proposal"})
#: Deadlines of a worker that pass to another worker if the manager gives the family to that worker.
PASSED_BY_ALLOCATING: frozenset[Clock] = frozenset(
    {
        *WORKERS,
        *("promise", "hearing", "review-right", "family-silence", "family-need", "marac"),
        "victim-information-request",
    }
)
#: Roles that see a deadline although only other roles can end it. The text is the reason.
ONLY_TOLD: dict[tuple[Clock, Role], str] = {
    (clock, role): "the officer answers by law: they appoint another disclosure officer"
    for clock in (
        "access-request",
        "access-request-asked",
        "complaint-acknowledged",
        "complaint-outcome",
    )
    for role in ("manager", "dci")
}


def ending_events(clock: Clock) -> Iterator[str]:
    """Yield the stored names of the events that end a deadline."""
    rule = CLOCKS[clock]
    if clock in ENDED_BY:
        yield from ENDED_BY[clock]
        return
    if not rule.done_by or rule.extends:
        yield "due.answered"
    said = rule.done_by or ""
    for command in sorted(USE_CASES, key=len, reverse=True):
        plain = plain_name(command)
        if re.search(rf"(^|[\s:]){re.escape(plain)}($|[\s:,{{])", said):
            yield USE_CASES[command].named.records
            said = said.replace(plain, "")


def may(role: Role, event: str) -> bool:
    return any(act in EVERYBODY or act in MAY[role] for act in acts_of(event))


@pytest.mark.parametrize("clock", sorted(set(CLOCKS) - ELSEWHERE))
def test_each_owner_of_a_clock_has_an_act_that_ends_it(clock: Clock) -> None:
    """Each owner of a deadline has a command that ends the deadline. (A bug had passed the audit of
    a "no value" decision to a manager, who may not end it.)
    """
    rule, events = CLOCKS[clock], list(ending_events(clock))
    assert events, f"no command ends {clock}"
    for role in (rule.role, *rule.chain):
        if (clock, role) in ONLY_TOLD:
            continue
        passes = clock in PASSED_BY_ALLOCATING and "allocate" in MAY[role]
        put_off = events == ["due.answered"] or role in rule.extends
        by_answer = put_off and may(role, "due.answered")
        others = [event for event in events if event != "due.answered"]
        assert passes or by_answer or any(may(role, event) for event in others), (clock, role)

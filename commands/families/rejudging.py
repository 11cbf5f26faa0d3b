"""Reopen earlier decisions that a new fact contradicts. The rule of the decision is applied again
with the new fact, and the decision is reopened if the rule now gives another result. The earlier
decision remains in the history.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from uuid import UUID, uuid5

from commands.families import child, no_action
from commands.families.open_matters import list_open_matters
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Desk, LostRace, facts
from domain.families.referral import (
    ExitAssessed,
    ExitReopened,
    RatingReopened,
    ThresholdAssessed,
)
from domain.intelligence.identity import IdentityChanged
from domain.justice.arrest_to_result import ResultReopened
from domain.kernel.envelope import (
    CommandReused,
    Event,
    Recorded,
    Reopened,
    Submission,
    Undecodable,
)
from domain.kernel.values import Matter, Reader, Refused
from domain.people_and_teams import two_person
from domain.people_and_teams.notifying import WATCH
from domain.people_and_teams.two_person import ProposalMade
from projections.families import cases
from projections.information import queue
from projections.intelligence import links, people
from projections.intelligence.links import LinkFilter
from projections.justice import outcomes
from projections.kernel.database import Db

#: A reader who sees all records. The program uses it to apply rules; no user sees the results.
ALL = Reader("", "", "")
_REOPENED = UUID("5a5c7c0e-2c3e-5f0b-9d53-1f4f8c0a6b77")
_ANY = LinkFilter(min_rank=None, restricted=True)
_HELD = LinkFilter(min_rank=None, restricted=True, kinds=no_action.HELD)
#: Kinds of open matter that are dangers to a child. Log entries and hearings are not among them,
#: because they have deadlines of their own.
_DANGERS = ("suspect", "alert", "missing", "threat", "at-risk")

_COMMANDS: Mapping[type[Event], str] = {
    RatingReopened: "case.reopen_rating",
    ExitReopened: "case.reopen_exit",
    ResultReopened: "justice.reopen_result",
}
Streams = Mapping[type[Event], Collection[UUID]]


def reopen(desk: Desk, recorded: Streams | None = None) -> int:
    """Reopen the decisions that later facts contradict; return how many were reopened. With
    `recorded`, only decisions that the new facts in these streams may concern are checked; with
    None, all decisions. Raises LogUnavailable.
    """
    reopened = _ratings(desk, recorded) + _results(desk, recorded)
    # a result that was just reopened may contradict an assessed exit, so it is checked, too
    if recorded is not None:
        again = desk.recorded.get(ResultReopened)
        recorded = {**recorded, **({ResultReopened: again} if again else {})}
    return reopened + _exits(desk, recorded)


def _ratings(desk: Desk, recorded: Streams | None) -> int:
    items = None if recorded is None else _affected_people(desk, recorded)
    if items == set():
        return 0
    with desk.looked() as db:
        whole = (
            None
            if items is None
            else {o for item in items for o in people.all_merged_ids(db, ALL, item)}
        )
        low = cases.rated_low(db, whole)
    return _count_reopened(lambda case: _rejudge_rating(desk, case, low[case]), low)


def _count_reopened(again: Callable[[UUID], bool], ids: Iterable[UUID]) -> int:
    """Call the function `again`, which applies a decision's rule again, for each of these cases or
    decisions; return how many decisions it reopened. A decision that cannot be read, or that
    another process reopens at the same time, is skipped.
    """
    reopened = 0
    for item in sorted(ids):
        # skip a decision that cannot be read, or that another process has just reopened or is
        # changing now
        with suppress(LostRace, CommandReused, Undecodable, Refused):
            reopened += again(item)
    return reopened


def _affected_people(desk: Desk, recorded: Streams) -> set[UUID]:
    """Return the people whose risk rating these new facts may change."""
    found_items: set[UUID] = set()
    for stream in _streams(recorded, "rating"):
        for fact in desk.logs["evidence"].history(stream):
            if isinstance(fact.event, IdentityChanged):
                found_items |= {fact.event.a, fact.event.b}
            elif "rating" in fact.event.meaning.doubts:
                found_items.add(stream)
    return found_items


def _streams(recorded: Streams, decision: Reopened) -> set[UUID]:
    """Return the streams of new facts that may contradict an earlier decision."""
    kinds = (kind for kind in recorded if decision in kind.meaning.doubts)
    return {item for kind in kinds for item in recorded[kind]}


def _rejudge_rating(desk: Desk, case: UUID, whose: UUID) -> bool:
    history = desk.logs["evidence"].history(case)
    rated = next(fact for fact in reversed(history) if isinstance(fact.event, ThresholdAssessed))
    now = child.forbids_low(desk, whose)
    if now is None or now == child.forbids_low(desk, whose, then=rated.recorded):
        return False
    text = now if now == child.forbids_low(desk, whose, team=history[0].team) else child.HIDDEN
    return _record_reopened(desk, history, rated, RatingReopened(rated.ref, text), now)


def _record_reopened(
    desk: Desk,
    history: Sequence[Recorded],
    decided: Recorded,
    event: Event,
    why: str,
    because_of: Sequence[str] = (),
) -> bool:
    """Record, in the stream of its case or item, that a decision is reopened for the reason `why`.
    A second call with the same reason records nothing.
    """
    first = history[0]
    by = Reader(WATCH, first.team, first.controller, first.regime, assessor=False)
    made = facts(by, first.stream, len(history), (event,), (decided.ref, *because_of))
    command = uuid5(_REOPENED, f"{decided.ref}|{why}")
    digest = desk.digest(_COMMANDS[type(event)], [decided.ref, why])
    submission = Submission(command, digest, made)
    desk.save([Prepared(first.stream, {"evidence": submission}, by)])
    return True


# --- exits, and no further action ----------------------------------------------------------------


def _named_items(desk: Desk, streams: set[UUID]) -> set[UUID]:
    """Return the people and cases that the facts of these streams name."""
    found_items = set(streams)
    for stream in streams:
        for fact in desk.logs["evidence"].history(stream):
            named = (
                getattr(fact.event, name, None) for name in ("a", "b", "person", "case", "child")
            )
            found_items |= {item for item in named if isinstance(item, UUID)}
    return found_items


def _with_linked(db: Db, ones: set[UUID]) -> set[UUID]:
    """Return the ids of these people and things and of everything linked to them, including the ids
    of merged records.
    """
    found_items = _whole(db, ones)
    ends = links.touching(db, ALL, found_items, _ANY)
    return _whole(db, found_items | {end for row in ends for end in (row.a, row.b)})


def _whole(db: Db, ones: set[UUID]) -> set[UUID]:
    leaders = people.clusters(db, ALL)
    wanted = {leaders.get(item, item) for item in ones}
    return ones | {item for item, leader in leaders.items() if leader in wanted}


def _exits(desk: Desk, recorded: Streams | None) -> int:
    streams = None if recorded is None else _streams(recorded, "exit")
    if streams == set():
        return 0
    with desk.looked() as db:
        left = cases.exited(db)
        if left and streams is not None:
            named = _with_linked(db, _named_items(desk, streams))
            left = {case: whose for case, whose in left.items() if {case, whose} & named}
    return _count_reopened(lambda case: _rejudge_exit(desk, case, left[case]), left)


def _rejudge_exit(desk: Desk, case: UUID, whose: UUID) -> bool:
    history = desk.logs["evidence"].history(case)
    place, decided = next(
        (number, fact)
        for number, fact in reversed(list(enumerate(history)))
        if isinstance(fact.event, ExitAssessed)
    )
    proposed = next(
        (
            fact.event
            for fact in reversed(history[:place])
            if isinstance(fact.event, ProposalMade) and fact.event.what == "exit"
        ),
        None,
    )
    # an older exit, for which one person was enough, has no list of open matters
    if proposed is None:
        return False
    assert isinstance(decided.event, ExitAssessed)  # noqa: S101 (looked up as that)
    new = _new_dangers(desk, case, proposed.open)
    lacked = two_person.describe_matters(new)
    if decided.event.outcome == "moved-to-adult-services" and child.is_minor(desk, whose):
        young = not child.is_minor(desk, whose, then=decided.recorded)
        lacked = lacked or ("this child is under 18" if young else "")
    if not lacked:
        return False
    teams = {
        fact.team
        for matter in new
        if matter.kind == "suspect"
        for fact in desk.logs["evidence"].history(matter.id)[:1]
    }
    text = lacked if teams <= {history[0].team} else child.HIDDEN
    return _record_reopened(desk, history, decided, ExitReopened(decided.ref, text), lacked)


def _new_dangers(desk: Desk, case: UUID, before: Collection[Matter]) -> list[Matter]:
    """Return the dangers in a case that are open now, but were not open when the exit (the child
    has left harm's way) was proposed.
    """
    with desk.looked() as db:
        leaders = people.clusters(db, ALL)
    earlier = {(matter.kind, leaders.get(matter.id, matter.id)) for matter in before}
    return [
        matter
        for matter in list_open_matters(desk, case)
        if matter.kind in _DANGERS
        and (matter.kind, leaders.get(matter.id, matter.id)) not in earlier
    ]


def _results(desk: Desk, recorded: Streams | None) -> int:
    streams = None if recorded is None else _streams(recorded, "result")
    if streams == set():
        return 0
    with desk.looked() as db:
        decided = {row.item: row for row in outcomes.not_pursued(db)}
        if decided and streams is not None:
            named = _with_linked(db, _named_items(desk, streams))
            named |= {
                end for row in links.touching(db, ALL, named, _HELD) for end in (row.a, row.b)
            }
            named |= cases.of_children(db, named) | queue.cases_with(db, named)
            decided = {
                item: row
                for item, row in decided.items()
                if {row.person, row.case} & _whole(db, named)
            }
    return _count_reopened(lambda item: _rejudge_result(desk, decided[item]), decided)


def _rejudge_result(desk: Desk, row: outcomes.OutcomeRow) -> bool:
    """Reopen a decision of no further action if a later fact contradicts it; return whether it was
    reopened. For the same reason it is reopened only once.
    """
    with desk.looked() as db:
        unknown_facts = no_action.facts_against(desk, db, row)
    if unknown_facts is None:
        return False
    history = desk.logs["evidence"].history(row.item)
    decided = history[0]
    own = [fact for fact in unknown_facts.sources if fact.team == decided.team]
    lacked = unknown_facts.lacked if own else child.HIDDEN
    event = ResultReopened(decided.ref, lacked, row.case)
    sources = [fact.ref for fact in (own or unknown_facts.sources)[:1]]
    return _record_reopened(desk, history, decided, event, unknown_facts.lacked, sources)

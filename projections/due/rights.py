"""Decides who may see a deadline. The database query checks the rights that each type of deadline
requires; then each row of the result is checked again in Python.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

import sqlalchemy as sa

from access.who_may import scope
from access.who_may.conditions import width
from access.who_may.decide import decide
from domain.clocks import AFTERCARE, CLOCKS
from domain.kernel.acts import Act
from domain.kernel.codes import Clock
from domain.kernel.values import Reader
from projections.due import (
    access_acts,
    arrests,
    joined,
    looked,
    owed,
    requested,
    said_before,
    standing_watches,
    undecided,
)
from projections.due.family import ACKNOWLEDGED, ANSWERED
from projections.due.rows import (
    AUDIT,
    HOLD,
    SILENCE,
    UNSAFE,
    URGENT,
    WORDS,
    DueRow,
    JoinedRow,
    LookedRow,
)
from projections.kernel.database import Db
from projections.kernel.queries import as_parameter

#: For types of deadline, the rights to see such a deadline: a reader needs one of them. None stands
#: for the right to see the item.
#:
#: For a waiting log entry, the right "see-clock" is enough. Legal holds are shown to roles that
#: approve erasures, and proposals to roles that confirm them. A family's visits are shown to its
#: supporters and to team leaders.
BY: tuple[tuple[tuple[Clock, ...], tuple[Act | None, ...]], ...] = (
    ((AUDIT, WORDS, URGENT), (None, "see-clock")),
    ((HOLD, "hold-confirmation"), (None, "approve-erasure")),
    (("proposal",), ("confirm", "oversee", "outcome", "erase")),
    (
        (
            *(SILENCE, UNSAFE, ACKNOWLEDGED, ANSWERED, "visit", "debrief", "feedback"),
            *(clock for clock, _, _ in AFTERCARE),
        ),
        ("see-support", "allocate", "oversee"),
    ),
    (("promise",), ("see-support",)),
    (("victim-told", "victim-updated"), ("see-support", "outcome", "allocate", "oversee")),
    (("access-request", "access-request-asked"), ("disclose", "allocate", "oversee")),
    (("named-at-risk",), (None, "allocate", "oversee")),
    (("glass-review",), ("review-glass",)),
    ((looked.MATCH,), ("offer",)),
)
_ACTS: dict[Clock, tuple[Act | None, ...]] = {
    clock: acts for clocks, acts in BY for clock in clocks
}
#: The deadline for a team's part of an access request. It is shown to the team and to readers of
#: the alerts of all teams.
_PART: Clock = "access-request-part"
#: The deadline for finding an unidentified subject. It is shown to the person who searches all
#: teams.
_SEARCH: Clock = requested.SEARCH
#: The deadline of a change of access. It is shown to roles that confirm access.
_ACT: Clock = access_acts.ACT
#: Types of deadline about data subjects. Besides the readers according to `BY`, roles that disclose
#: see them for subjects whom they see.
_OF_SUBJECTS: tuple[Clock, ...] = ("access-request", "access-request-asked")
_CONTACTS: tuple[Clock, ...] = (looked.CONTACT, looked.CONTACT_NOW)
#: Types of deadline that only their owner sees, apart from leaders of the owner's team, who see
#: only that the deadline is running.
_OF_OWNERS = tuple(clock for clock, rule in CLOCKS.items() if rule.owners_only)
OF_LOOKS = tuple(clock for clock, rule in CLOCKS.items() if rule.access_log)
OF_JOINS: tuple[Clock, ...] = (
    joined.TOLD,
    joined.RINGS,
    standing_watches.WATCHED,
    standing_watches.CAME_TRUE,
    undecided.UNDECIDED,
)
OF_EVIDENCE: tuple[Clock, ...] = tuple(
    clock for clock in CLOCKS if clock not in (*OF_LOOKS, *OF_JOINS)
)
#: The types of deadline in each table of deadlines.
CLOCKS_OF: dict[type[DueRow], tuple[Clock, ...]] = {
    DueRow: OF_EVIDENCE,
    LookedRow: OF_LOOKS,
    JoinedRow: OF_JOINS,
}


def is_visible(
    dialect: sa.Dialect, reader: Reader, kind: type[DueRow], clock: Clock | None = None
) -> sa.ColumnElement[bool]:
    """Return the SQL condition that the reader sees a deadline of the type `clock`, or of any type
    if `clock` is None. `visibility_parameters` returns the values of the parameters in the
    condition.
    """
    if kind is not JoinedRow:
        # `_sees_deadline` is cached by its arguments
        return _sees_deadline(reader, kind, clock)
    c = kind.table.c
    if clock not in (None, undecided.UNDECIDED):
        return _sees_joined(reader) if reader.closed else sa.true()
    if not reader.closed:
        return sa.or_(c.clock != undecided.UNDECIDED, owed.is_visible(dialect, reader, c))
    decides = sa.and_(c.clock == undecided.UNDECIDED, owed.is_visible(dialect, reader, c))
    return sa.or_(_sees_joined(reader), decides)


def visibility_parameters(
    db: Db, reader: Reader, kind: type[DueRow], clock: Clock | None = None
) -> dict[str, object]:
    """Return the parameters of the condition from `is_visible`."""
    if kind is not JoinedRow or clock not in (None, undecided.UNDECIDED):
        return {}
    return {"ids": as_parameter(db.dialect, owed.running(db, reader))}


@lru_cache(maxsize=128)
def _sees_joined(reader: Reader) -> sa.ColumnElement[bool]:
    """Return the SQL condition that the reader sees a deadline about a pair of items or about a
    saved search; deadlines for decisions about suspected people are not included. The condition is
    cached, as that of `_sees_deadline`.
    """
    c = JoinedRow.table.c
    apart = c.clock.in_((standing_watches.WATCHED, standing_watches.CAME_TRUE, undecided.UNDECIDED))
    triaged = scope.may_act_on(reader, "triage", c.item, singly=True)
    pair_condition = sa.and_(sa.not_(apart), triaged, said_before.may_know(reader, c.other))
    watches = c.clock == standing_watches.WATCHED
    mine = sa.and_(watches, c.owner == reader.name, said_before.may_know(reader, c.item))
    true_now = sa.and_(
        c.clock == standing_watches.CAME_TRUE, standing_watches.is_visible(reader, c)
    )
    return sa.or_(pair_condition, mine, true_now)


@lru_cache(maxsize=1024)
def _sees_deadline(
    reader: Reader, kind: type[DueRow], clock: Clock | None
) -> sa.ColumnElement[bool]:
    """Return the SQL condition that the reader sees a deadline about one item. The condition is
    cached, because building it takes longer than the query.

    If one type of deadline is given, the condition leaves out the other types: with fewer
    alternatives PostgreSQL reads the soonest deadlines in the order of its index.
    """
    c, clocks = kind.table.c, CLOCKS_OF[kind]
    if not reader.closed:
        return sa.true()
    own: set[Clock] = {_PART, _SEARCH, _ACT, *_CONTACTS, arrests.ALERT, *_OF_OWNERS} | _ACTS.keys()
    plain = scope.sees(reader, c.item, singly=True)
    ways: list[tuple[Sequence[Clock], sa.ColumnElement[bool]]]
    ways = [([other_clock for other_clock in clocks if other_clock not in own], plain)]
    for group, acts in BY:
        if group[0] in clocks:
            by = (
                scope.may_act_on(reader, act, c.item, singly=True) if act else plain for act in acts
            )
            ways.append((group, sa.or_(*by)))
    if kind is DueRow:
        ways.append(((arrests.ALERT,), sa.and_(plain, sa.not_(arrests.hidden(reader, c)))))
    if kind is LookedRow:
        theirs = sa.or_(c.team.in_(sorted(reader.teams)), c.item.in_(sorted(reader.cases)))
        ways.append((_CONTACTS, sa.and_(theirs, plain)))
        of_leaders = c.team.in_(sorted(reader.teams)) if _leads(reader) else sa.false()
        ways.append((_OF_OWNERS, sa.or_(c.owner == reader.name, of_leaders)))
        if _answers_parts(reader):
            sees_all_teams = width(reader, "see-alerts") == "any"
            parts: sa.ColumnElement[bool]
            parts = sa.true() if sees_all_teams else c.team.in_(sorted(reader.teams))
            if (apart := requested.requests_without_visible_part(reader)) is not None:
                parts = sa.and_(parts, c.item.not_in(apart))
            ways.append(((_PART,), parts))
        if decide(reader, "confirm-access").allowed:
            ways.append(((_ACT,), sa.true()))
        if decide(reader, "find-subject").allowed:
            ways.append(((_SEARCH,), sa.true()))
        if decide(reader, "disclose").allowed:
            ways.append((_OF_SUBJECTS, plain))
    if clock:
        return sa.or_(sa.false(), *(way for group_clocks, way in ways if clock in group_clocks))
    return sa.or_(
        *(sa.and_(c.clock.in_(group_clocks), way) for group_clocks, way in ways if group_clocks)
    )


def _leads(reader: Reader) -> bool:
    """Return whether the reader leads a team. A leader may see that a team member has running
    deadlines, but not more about them.
    """
    return any(decide(reader, act).allowed for act in ("allocate", "oversee"))


def _answers_parts(reader: Reader) -> bool:
    return bool(width(reader, "see-alerts")) or decide(reader, "answer-subject").allowed


def checked(db: Db, reader: Reader, rows: list[DueRow]) -> list[DueRow]:
    """Return those of the given deadlines that the reader sees.

    The database query has already selected them by the same rights; this second check, in Python,
    examines each row.
    """
    if not reader.closed:
        return rows
    alerts = {row.id for row in rows if row.clock == arrests.ALERT}
    rung = arrests.cases_of(db, alerts) if alerts else {}
    seen = scope.visible_items(db, reader, {row.item for row in rows}.union(*rung.values()))
    items_by_act = defaultdict[Act, set[UUID]](set)
    for row in rows:
        for act in _ACTS.get(row.clock, ()):
            if act:
                items_by_act[act].add(row.item)
    reached = {act: scope.reached(db, reader, act, items) for act, items in items_by_act.items()}
    unseen = arrests.hidden_alerts(db, reader, rung, seen) if rung else set[UUID]()
    discloses = decide(reader, "disclose").allowed
    came_true = {row.item for row in rows if row.clock == standing_watches.CAME_TRUE}
    wholly = (
        standing_watches.fully_visible(db, reader, came_true & seen) if came_true else set[UUID]()
    )
    joins = {row.item for row in rows if row.clock in OF_JOINS}
    to_look_at = scope.reached(db, reader, "triage", joins)
    searches = decide(reader, "find-subject").allowed
    confirms = decide(reader, "confirm-access").allowed
    apart = requested.requests_without_visible_part(reader)
    hidden = set(db.scalars(apart)) if apart is not None else set[UUID]()

    def stands(row: DueRow) -> bool:
        if row.clock == standing_watches.CAME_TRUE:
            return row.owner == reader.name and row.item in wholly
        if row.clock == undecided.UNDECIDED:
            return row.item in seen
        if row.clock in OF_JOINS:
            may_triage = row.item in to_look_at
            mine = row.clock == standing_watches.WATCHED and row.owner == reader.name
            return may_triage or (mine and row.item in seen)
        if row.clock == _SEARCH:
            return searches
        if row.clock == _ACT:
            return confirms
        if row.clock == _PART:
            sees_all_teams = width(reader, "see-alerts") == "any"
            may_answer = _answers_parts(reader) and row.item not in hidden
            return may_answer and (sees_all_teams or row.team in reader.teams)
        if row.clock in _OF_OWNERS:
            return row.owner == reader.name or (_leads(reader) and row.team in reader.teams)
        ours = row.team in reader.teams or row.item in reader.cases
        if row.clock in _CONTACTS and not ours:
            return False
        if row.id in unseen:
            return False
        acts = _ACTS.get(row.clock, (None,))
        if row.clock in _OF_SUBJECTS and discloses and row.item in seen:
            return True
        return any(row.item in (reached[act] if act else seen) for act in acts)

    return [row for row in rows if stands(row)]

"""Find patterns to review: a child who goes missing repeatedly, two children who were missing on
the same nights, or two who were found in the same place. A pattern is not a link between people.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from msgspec.structs import replace

from domain.families.missing import (
    ALERT_WITHIN,
    OFTEN,
    PatternKind,
    pattern_id,
)
from domain.kernel.envelope import Recorded
from projections.kernel.batch import RowBatch
from projections.missing.rows import OPEN, ChildRow, EpisodeRow, PatternRow

#: If more than this many other children of a team were missing on the same nights, or found in the
#: same place, no pair is stored, because it would mean nothing. For example, all residents of a
#: home left on one night, or all children are taken to one police station.
CROWD = 20


def pairs(fact: Recorded, batch: RowBatch, row: EpisodeRow) -> None:
    """Store the patterns of a child who came back: with other children who were missing on the same
    nights, or who were found in the same place.
    """
    rows = batch.either(PatternRow, [row.case], ("case", "other"), kind="same-nights")
    met = {
        one.case if one.case != row.case else one.other
        for one in rows
        # compute a pattern that is based on this episode again, even if its end was corrected since
        if row.key in one.episodes
    }
    mine = _of(batch, row.case)
    for item in sorted({one for one in met if one} | _same_nights(batch, row)):
        _pair(fact, batch, "same-nights", mine, item)
    for item in sorted(_same_place(batch, row)):
        _pair(fact, batch, "same-place", mine, item)


def _of(batch: RowBatch, case: UUID) -> list[EpisodeRow]:
    """Return each episode of the child of a case."""
    child = batch.get(ChildRow, case)
    numbers = range(1, child.episodes + 1) if child else ()
    return [row for number in numbers if (row := batch.get(EpisodeRow, case, number))]


def _few(others: Collection[EpisodeRow]) -> set[UUID]:
    """Return the cases of these episodes of other children, without the cases of a team that has
    more than `CROWD` of them. Each team is counted separately, so that a pattern that its readers
    see does not depend on the records of other teams.
    """
    by_team: dict[str, set[UUID]] = {}
    for row in others:
        by_team.setdefault(row.team, set()).add(row.case)
    return {case for cases in by_team.values() if len(cases) <= CROWD for case in cases}


def _same_nights(batch: RowBatch, row: EpisodeRow) -> set[UUID]:
    """Return the cases of other children who were missing on at least one of the nights of this
    episode, without the cases of a team that has too many of them (`_few`).
    """
    c = EpisodeRow.table.c
    if not row.nights:
        return set()
    before = c.child != row.child, c.first < row.last
    rows = batch.find(EpisodeRow, c.last > row.first, *before)
    rows += batch.find(EpisodeRow, c.last.is_(None), *before)
    return _few([other for other in rows if _shared(row, other)])


def _same_place(batch: RowBatch, row: EpisodeRow) -> set[UUID]:
    """Return the cases of other children who were found in the same place."""
    if not row.place:
        return set()
    there = batch.having(EpisodeRow, place=row.place)
    return _few([other for other in there if other.child != row.child])


def _shared(first_row: EpisodeRow, second_row: EpisodeRow) -> int:
    """Return the number of nights on which both children were missing. If one child is still
    missing, only the nights before the other child was found count. If both are still missing,
    return 0.
    """
    ends = [row.last for row in (first_row, second_row) if row.last is not None]
    return max(0, min(ends) - max(first_row.first, second_row.first)) if ends else 0


def _pair(
    fact: Recorded, batch: RowBatch, kind: PatternKind, mine: Sequence[EpisodeRow], other: UUID
) -> None:
    """Store the pattern of two children who were missing on the same nights or found in the same
    place, based on all their episodes. If they have no such episodes, delete the pattern.
    """
    pairs = [(a, b) for b in _of(batch, other) for a in mine]
    if kind == "same-nights":
        pairs = [(a, b) for a, b in pairs if _shared(a, b)]
    else:
        pairs = [(a, b) for a, b in pairs if a.place and a.place == b.place]
    item = pattern_id(kind, mine[0].case, other)
    if not pairs:
        batch.drop(PatternRow, item)
        return
    first, second = sorted(pairs[-1], key=lambda each: each.reported)
    row = PatternRow(
        item,
        kind,
        first.case,
        first.child,
        second.case,
        second.child,
        fact.recorded,
        tuple(sorted({episode.key for pair in pairs for episode in pair})),
        sum(_shared(a, b) for a, b in pairs) if kind == "same-nights" else 0,
        pairs[-1][0].found_where if kind == "same-place" else None,
    )
    _put(batch, row)


def repeats(fact: Recorded, batch: RowBatch, row: EpisodeRow) -> None:
    """Store the patterns of a child with many episodes in a short time: in one case, and over
    several cases of the child.
    """
    times = batch.having(EpisodeRow, child=row.child)
    _repeat(fact, batch, [time for time in times if time.case == row.case], alone=True)
    if any(time.case != row.case for time in times):
        _repeat(fact, batch, times, alone=False)


def _repeat(fact: Recorded, batch: RowBatch, rows: Sequence[EpisodeRow], *, alone: bool) -> None:
    """Store the pattern of a child who goes missing repeatedly, up to the latest episode. It
    replaces an older such pattern of the child that no person has reviewed.
    """
    times = sorted(rows, key=lambda one: (one.since, one.case, one.number))
    ends = [
        at
        for at in range(OFTEN - 1, len(times))
        if times[at].since - times[at - OFTEN + 1].since <= ALERT_WITHIN
    ]
    if not ends:
        return
    last = times[ends[-1]]
    within = [time for time in times[: ends[-1] + 1] if last.since - time.since <= ALERT_WITHIN]
    others = sorted({episode.case for episode in within} - {last.case})
    if bool(others) is alone:
        return
    item = pattern_id("repeat", "" if alone else last.child, last.key)
    for older in batch.having(PatternRow, kind="repeat", child=last.child, state=OPEN):
        its = older.case == last.case and older.other is None if alone else older.other is not None
        if its and older.id != item:
            batch.drop(PatternRow, older.id)
    row = PatternRow(
        item,
        "repeat",
        last.case,
        last.child,
        others[0] if others else None,
        None,
        fact.recorded,
        tuple(absence.key for absence in within),
        sum(absence.nights for absence in within),
    )
    _put(batch, row)


def _put(batch: RowBatch, row: PatternRow) -> None:
    """Store a pattern. If it was reviewed, the review stays valid until the pattern gets more
    nights or episodes."""
    known_row = batch.get(PatternRow, row.id)
    if known_row and set(row.episodes) <= set(known_row.episodes):
        row = replace(
            row,
            since=known_row.since,
            state=known_row.state,
            by=known_row.by,
            judged=known_row.judged,
            reason=known_row.reason,
        )
    batch.put(row)

"""Who is missing, who was, and which patterns call for somebody to look?

Episodes are kept as they were told, with the nights between; patterns (a child who goes missing
again and again, two away on the same nights, two found in one place) are found as the facts come
in, and each waits for a person to confirm or dismiss it. A pattern ties nobody to anybody. Long
because each kind of pattern is found here.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa

from access import scope
from domain import referral
from domain.codes import Interview, MissingRisk, Unreported, Weighed
from domain.envelope import Recorded
from domain.missing import (
    ALERT_WITHIN,
    FIGURE_WITHIN,
    OFTEN,
    PatternJudged,
    PatternKind,
    PlanWritten,
    night,
    nights,
    pattern_id,
    place,
)
from domain.referral import (
    CaseOpened,
    CaseRedacted,
    MissingFound,
    MissingGraded,
    MissingReported,
    ReturnInterviewRecorded,
    WithholdingWeighed,
)
from domain.retention import RestrictionLifted, RestrictionPlaced
from domain.values import Reader
from projections.batch import Batch
from projections.schema import Db, View, rows

#: With more others of one team than this on the same nights, or in one place, a pair says nothing:
#: a night on which a whole home ran, the station to which all are taken.
CROWD = 20
LEAST_DIGITS = 6
OPEN = "open"


@rows("missing_children", key=("case",))
@dataclass(frozen=True)
class ChildRow:
    """Whose case it is, and how often the child was reported missing in it."""

    table: ClassVar[sa.Table]
    case: UUID
    child: UUID
    team: str
    episodes: int = 0


@rows(
    "missing_episodes",
    key=("case", "number"),
    index=(("child",), ("until",), ("place",), ("last",), ("withheld",)),
)
@dataclass(frozen=True)
class EpisodeRow:
    """One time that a child was missing, until they were found (None: they still are). The nights
    are those from `first` on, up to but not with `last`; `place` is where they were found, in the
    form in which places are compared. `interview` is what became of the return interview,
    `withheld` that what the child asked not to be passed on waits to be weighed."""

    table: ClassVar[sa.Table]
    case: UUID
    number: int
    child: UUID
    team: str
    ref: str
    reported: datetime
    since: datetime
    first: int
    by: str
    carer_reported: bool | None = None
    unreported: Unreported | None = None
    unreported_words: str | None = None
    seen: datetime | None = None
    seen_where: str | None = None
    seen_with: str | None = None
    note: str | None = None
    risk: MissingRisk | None = None
    until: datetime | None = None
    last: int | None = None
    nights: int = 0
    found_where: str | None = None
    place: str | None = None
    company: str | None = None
    finder: str | None = None
    interview: Interview | None = None
    interview_ref: str | None = None
    interview_by: str | None = None
    withhold: str | None = None
    withheld: bool = False
    weighed: Weighed | None = None
    weighed_why: str | None = None

    @property
    def key(self) -> str:
        """What names it among all episodes."""
        return f"{self.case}:{self.number}"


@rows(
    "missing_patterns",
    key=("id",),
    index=(("state",), ("case",), ("other",), ("child",)),
)
@dataclass(frozen=True)
class PatternRow:
    """A pattern since it stood, and what somebody made of it (`state`). `episodes` are what it
    rests on; `nights` were shared, or `place` is where they were found."""

    table: ClassVar[sa.Table]
    id: UUID
    kind: PatternKind
    case: UUID
    child: UUID
    other: UUID | None
    other_child: UUID | None
    since: datetime
    episodes: tuple[str, ...]
    nights: int = 0
    place: str | None = None
    state: str = OPEN
    by: str | None = None
    judged: datetime | None = None
    reason: str | None = None


@rows("missing_plans", key=("case",))
@dataclass(frozen=True)
class PlanRow:
    """What to do when this child goes missing, and who wrote it."""

    table: ClassVar[sa.Table]
    case: UUID
    call: str
    usual: str | None
    tell: str | None
    review: date
    by: str
    written: datetime


@rows("missing_restricted", key=("item",))
@dataclass(frozen=True)
class RestrictedRow:
    """What is out of use: no episode, pattern or plan of it is shown."""

    table: ClassVar[sa.Table]
    item: UUID


def apply(fact: Recorded, batch: Batch) -> None:
    one = fact.stream
    match fact.event:
        case CaseOpened() as event:
            batch.put(ChildRow(one, event.child, event.team))
        case MissingReported() as event:
            _reported(fact, event, batch)
        case MissingGraded() as event:
            if now := _latest(batch, one):
                batch.put(replace(now, risk=event.risk))
        case MissingFound() as event:
            _found(fact, event, batch)
        case ReturnInterviewRecorded() as event:
            _interviewed(fact, event, batch)
        case WithholdingWeighed() as event:
            c = EpisodeRow.table.c
            why = None if fact.erased else event.reason
            for row in batch.find(EpisodeRow, c.case == one, c.withheld):
                batch.put(replace(row, withheld=False, weighed=event.decision, weighed_why=why))
        case CaseRedacted():
            _redacted(one, batch)
        case PatternJudged() as event:
            if pattern := batch.get(PatternRow, one):
                why = None if fact.erased else event.reason
                batch.put(
                    replace(
                        pattern,
                        state=event.judgement,
                        by=fact.by,
                        judged=fact.recorded,
                        reason=why,
                    )
                )
        case PlanWritten() as event if not fact.erased:
            told_of = (event.call, event.usual, event.tell, event.review)
            batch.put(PlanRow(event.case, *told_of, fact.by, fact.recorded))
        case RestrictionPlaced() as event:
            batch.put(RestrictedRow(event.item))
        case RestrictionLifted() as event:
            batch.drop(RestrictedRow, event.item)


def _redacted(case: UUID, batch: Batch) -> None:
    """Somebody else's words stand in place of all that was written in this case."""
    for row in batch.find(EpisodeRow, EpisodeRow.table.c.case == case):
        batch.put(
            replace(
                row,
                unreported_words=None,
                seen_where=None,
                seen_with=None,
                note=None,
                found_where=None,
                place=None,
                company=None,
                finder=None,
                interview_by=None,
                withhold=None,
                weighed_why=None,
            )
        )
    c = PatternRow.table.c
    of_it = sa.or_(c.case == case, c.other == case)
    for pattern in batch.find(PatternRow, c.kind == "same-place", of_it):
        batch.drop(PatternRow, pattern.id)


def _latest(batch: Batch, case: UUID) -> EpisodeRow | None:
    child = batch.get(ChildRow, case)
    return batch.get(EpisodeRow, case, child.episodes) if child else None


def _interviewed(fact: Recorded, event: ReturnInterviewRecorded, batch: Batch) -> None:
    """What became of the interview after the last time that the child came back."""
    back = _latest(batch, fact.stream)
    if back and back.until is None:  # missing again
        back = batch.get(EpisodeRow, back.case, back.number - 1)
    if back is None:
        return
    asked = referral.waits(event) and not fact.erased
    batch.put(
        replace(
            back,
            interview=event.state,
            interview_ref=fact.ref,
            interview_by=None if fact.erased else event.by,
            withhold=event.withhold if asked else back.withhold,
            withheld=asked or back.withheld,
        )
    )


def _reported(fact: Recorded, event: MissingReported, batch: Batch) -> None:
    child = batch.get(ChildRow, fact.stream)
    if child is None:
        return
    child = replace(child, episodes=child.episodes + 1)
    batch.put(child)
    since = event.since or fact.recorded
    row = EpisodeRow(
        child.case,
        child.episodes,
        child.child,
        child.team,
        fact.ref,
        fact.recorded,
        since,
        night(since),
        fact.by,
        event.carer_reported,
        event.unreported,
        risk=event.risk,
        seen=event.seen,
    )
    if not fact.erased:
        row = replace(
            row,
            unreported_words=event.unreported_words,
            seen_where=event.seen_where,
            seen_with=event.seen_with,
            note=event.note,
        )
    batch.put(row)
    _repeats(fact, batch, row)


def _found(fact: Recorded, event: MissingFound, batch: Batch) -> None:
    row = _latest(batch, fact.stream)
    if row is None:
        return
    until = event.found or fact.recorded
    many = nights(row.since, until)
    row = replace(row, until=until, nights=many, last=row.first + many)
    if not fact.erased:
        row = replace(
            row,
            found_where=event.where,
            place=place(event.where),
            company=event.company,
            finder=event.finder,
        )
    batch.put(row)
    _repeats(fact, batch, row)
    c = PatternRow.table.c
    known = batch.find(
        PatternRow, c.kind == "same-nights", sa.or_(c.case == row.case, c.other == row.case)
    )
    met = {
        one.case if one.case != row.case else one.other
        for one in known
        if row.key in one.episodes  # it ended otherwise than it seemed while it lasted
    }
    mine = _of(batch, row.case)
    for other in sorted({one for one in met if one} | _same_nights(batch, row)):
        _pair(fact, batch, "same-nights", mine, other)
    for other in sorted(_same_place(batch, row)):
        _pair(fact, batch, "same-place", mine, other)


def _of(batch: Batch, case: UUID) -> list[EpisodeRow]:
    """Each time that the child of a case was missing."""
    child = batch.get(ChildRow, case)
    numbers = range(1, child.episodes + 1) if child else ()
    return [row for number in numbers if (row := batch.get(EpisodeRow, case, number))]


def _few(others: Collection[EpisodeRow]) -> set[UUID]:
    """The cases of these others, without those of a team of which there is a crowd: who sees a
    team's children is told the same, whatever other teams record."""
    by_team: dict[str, set[UUID]] = {}
    for one in others:
        by_team.setdefault(one.team, set()).add(one.case)
    return {case for cases in by_team.values() if len(cases) <= CROWD for case in cases}


def _same_nights(batch: Batch, row: EpisodeRow) -> set[UUID]:
    """The cases of other children who were missing on one of these nights."""
    c = EpisodeRow.table.c
    if not row.nights:
        return set()
    before = c.child != row.child, c.first < row.last
    found = batch.find(EpisodeRow, c.last > row.first, *before)
    found += batch.find(EpisodeRow, c.last.is_(None), *before)
    return _few([one for one in found if _shared(row, one)])


def _same_place(batch: Batch, row: EpisodeRow) -> set[UUID]:
    """The cases of other children who were found there."""
    c = EpisodeRow.table.c
    if not row.place:
        return set()
    return _few(batch.find(EpisodeRow, c.place == row.place, c.child != row.child))


def _shared(one: EpisodeRow, other: EpisodeRow) -> int:
    """How many nights both were missing. Of one who is still missing those count that are past:
    until the other was found."""
    ends = [row.last for row in (one, other) if row.last is not None]
    return max(0, min(ends) - max(one.first, other.first)) if ends else 0


def _pair(
    fact: Recorded, batch: Batch, kind: PatternKind, mine: Sequence[EpisodeRow], other: UUID
) -> None:
    """A pattern of two children, made anew of all the times of both."""
    pairs = [(a, b) for b in _of(batch, other) for a in mine]
    if kind == "same-nights":
        pairs = [(a, b) for a, b in pairs if _shared(a, b)]
    else:
        pairs = [(a, b) for a, b in pairs if a.place and a.place == b.place]
    one = pattern_id(kind, mine[0].case, other)
    if not pairs:
        batch.drop(PatternRow, one)
        return
    first, second = sorted(pairs[-1], key=lambda each: each.reported)
    found = PatternRow(
        one,
        kind,
        first.case,
        first.child,
        second.case,
        second.child,
        fact.recorded,
        tuple(sorted({each.key for pair in pairs for each in pair})),
        sum(_shared(a, b) for a, b in pairs) if kind == "same-nights" else 0,
        pairs[-1][0].found_where if kind == "same-place" else None,
    )
    _put(batch, found)


def _repeats(fact: Recorded, batch: Batch, row: EpisodeRow) -> None:
    """A child who was missing so often within so long: in one case, and, where it takes all of
    them, in several."""
    c = EpisodeRow.table.c
    times = batch.find(EpisodeRow, c.child == row.child)
    _repeat(fact, batch, [one for one in times if one.case == row.case], alone=True)
    if any(one.case != row.case for one in times):
        _repeat(fact, batch, times, alone=False)


def _repeat(fact: Recorded, batch: Batch, rows: Sequence[EpisodeRow], *, alone: bool) -> None:
    """It stands with the latest such time; an older one that nobody judged is part of it."""
    times = sorted(rows, key=lambda one: (one.since, one.case, one.number))
    ends = [
        at
        for at in range(OFTEN - 1, len(times))
        if times[at].since - times[at - OFTEN + 1].since <= ALERT_WITHIN
    ]
    if not ends:
        return
    last = times[ends[-1]]
    within = [one for one in times[: ends[-1] + 1] if last.since - one.since <= ALERT_WITHIN]
    others = sorted({one.case for one in within} - {last.case})
    if bool(others) is alone:
        return
    one = pattern_id("repeat", "" if alone else last.child, last.key)
    c = PatternRow.table.c
    whose = (c.case == last.case, c.other.is_(None)) if alone else (c.other.is_not(None),)
    for older in batch.find(
        PatternRow, c.kind == "repeat", c.child == last.child, c.state == OPEN, *whose
    ):
        if older.id != one:
            batch.drop(PatternRow, older.id)
    found = PatternRow(
        one,
        "repeat",
        last.case,
        last.child,
        others[0] if others else None,
        None,
        fact.recorded,
        tuple(each.key for each in within),
        sum(each.nights for each in within),
    )
    _put(batch, found)


def _put(batch: Batch, found: PatternRow) -> None:
    """A pattern as it stands now; one that was judged stays so until it grows."""
    known = batch.get(PatternRow, found.id)
    if known and set(found.episodes) <= set(known.episodes):
        found = replace(
            found,
            since=known.since,
            state=known.state,
            by=known.by,
            judged=known.judged,
            reason=known.reason,
        )
    batch.put(found)


VIEW = View("missing", (ChildRow, EpisodeRow, PatternRow, PlanRow, RestrictedRow), apply)


# --- queries ------------------------------------------------------------------------------------
# Whoever does not see the child, or the case, sees nothing of it, and no figure either.


def _shown(
    reader: Reader, *ids: sa.ColumnElement[Any], maybe: Sequence[sa.ColumnElement[Any]] = ()
) -> list[sa.ColumnElement[bool]]:
    """The condition that all of these are the reader's to see and in use; those that `maybe` are
    none, where they are."""
    out = sa.select(RestrictedRow.table.c.item)
    sure = [(one.not_in(out), scope.sees(reader, one)) for one in ids]
    doubt = [
        (sa.or_(one.is_(None), sa.and_(one.not_in(out), scope.sees(reader, one))),) for one in maybe
    ]
    return [condition for each in (*sure, *doubt) for condition in each]


def _episodes(db: Db, reader: Reader, *where: sa.ColumnElement[bool]) -> list[EpisodeRow]:
    c = EpisodeRow.table.c
    shown = _shown(reader, c.case, c.child)
    select = sa.select(EpisodeRow.table).where(*where, *shown)
    found = [EpisodeRow(*row) for row in db.execute(select.order_by(c.since, c.case, c.number))]
    seen = scope.seen(db, reader, {one for row in found for one in (row.case, row.child)})
    return [row for row in found if reader_sees(seen, reader, row.case, row.child)]


def reader_sees(seen: Collection[UUID], reader: Reader, *ids: UUID | None) -> bool:
    """Whether all of these are among what the reader was found to see."""
    return not reader.closed or all(one is None or one in seen for one in ids)


def now(db: Db, reader: Reader) -> list[EpisodeRow]:
    """Who is missing, the longest first."""
    return _episodes(db, reader, EpisodeRow.table.c.until.is_(None))


def of_case(db: Db, reader: Reader, case: UUID) -> list[EpisodeRow]:
    """Each time that this child was missing, oldest first."""
    return _episodes(db, reader, EpisodeRow.table.c.case == case)


def back(db: Db, reader: Reader) -> list[EpisodeRow]:
    """Who came back, and either was not interviewed or asked for something that nobody weighed."""
    c, later = EpisodeRow.table.c, EpisodeRow.table.alias()
    last = sa.select(sa.func.max(later.c.number)).where(
        later.c.case == c.case, later.c.until.is_not(None)
    )
    unheld = sa.or_(c.interview.is_(None), c.interview == "offered")
    owed = sa.and_(c.number == last.scalar_subquery(), unheld)
    return _episodes(db, reader, sa.or_(owed, c.withheld))


def plans(db: Db, reader: Reader, cases: Collection[UUID]) -> dict[UUID, PlanRow]:
    """The plans for these children."""
    c, wanted = PlanRow.table.c, sorted(cases)
    found: dict[UUID, PlanRow] = {}
    for start in range(0, len(wanted), 500):
        some = c.case.in_(wanted[start : start + 500])
        for row in db.execute(sa.select(PlanRow.table).where(some, *_shown(reader, c.case))):
            found[row.case] = PlanRow(*row)
    seen = scope.seen(db, reader, found)
    return {case: row for case, row in found.items() if reader_sees(seen, reader, case)}


def patterns(db: Db, reader: Reader, *, every: bool = False) -> list[PatternRow]:
    """What waits for somebody to look at (or `every` pattern), newest first. Of two children to
    those alone who see both, in every case that it rests on."""
    c = PatternRow.table.c
    where = [] if every else [c.state == OPEN]
    shown = _shown(reader, c.case, c.child, maybe=(c.other, c.other_child))
    select = sa.select(PatternRow.table).where(*where, *shown)
    found = [PatternRow(*row) for row in db.execute(select.order_by(c.since.desc(), c.id))]
    named = {row.id: _named(row) for row in found}
    seen = scope.seen(db, reader, {one for ids in named.values() for one in ids})
    out = sa.select(RestrictedRow.table.c.item)
    restricted = set(db.execute(out).scalars())
    return [
        row
        for row in found
        if reader_sees(seen, reader, *named[row.id]) and restricted.isdisjoint(named[row.id])
    ]


def _named(row: PatternRow) -> set[UUID]:
    cases = {UUID(key.partition(":")[0]) for key in row.episodes}
    ends = (row.case, row.child, row.other, row.other_child)
    return cases | {one for one in ends if one}


def pattern_named(db: Db, reader: Reader, ending: str) -> list[PatternRow]:
    """Which patterns an id or its ending may mean."""
    wanted = ending.strip().lower().replace("-", "")
    if len(wanted) < LEAST_DIGITS:
        return []
    return [row for row in patterns(db, reader, every=True) if row.id.hex.endswith(wanted)]


@dataclass(frozen=True)
class FoundAt:
    """Where children were found, in the form in which places are compared, and when last."""

    place: str
    words: str
    children: tuple[UUID, ...]
    last: datetime


def found_at(db: Db, reader: Reader) -> list[FoundAt]:
    """The places at which children were found whom the reader sees, by place."""
    c = EpisodeRow.table.c
    there: dict[str, list[EpisodeRow]] = {}
    for row in _episodes(db, reader, c.place.is_not(None), c.until.is_not(None)):
        there.setdefault(str(row.place), []).append(row)
    return [
        FoundAt(
            where,
            str(met[-1].found_where),
            tuple(sorted({row.child for row in met})),
            max(row.until for row in met if row.until),
        )
        for where, met in sorted(there.items())
    ]


@dataclass(frozen=True)
class Figure:
    """Of so many children who went missing within a year, how many did so three times or more."""

    children: int
    often: int
    nights: int


def figure(db: Db, reader: Reader, at: datetime) -> Figure:
    """The figure of the twelve months before a moment, of the children whom the reader sees."""
    c = EpisodeRow.table.c
    times: dict[UUID, list[EpisodeRow]] = {}
    for row in _episodes(db, reader, c.since > at - FIGURE_WITHIN, c.since <= at):
        times.setdefault(row.child, []).append(row)
    often = sum(len(each) >= OFTEN for each in times.values())
    return Figure(len(times), often, sum(row.nights for each in times.values() for row in each))

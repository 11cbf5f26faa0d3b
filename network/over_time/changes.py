"""What changed in the network: between two moments, two windows, or two states of our knowledge.

Each state is gathered by itself, so that no answer leans on what the reader may not see; who is who
is taken as judged in the later one, so that a mere judgement makes no tie come or go.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from domain.kernel.values import STAGES, Grade, LinkKind, Reader, Refused, Stage
from network.query.evidence import DEFAULT
from network.query.graph_builder import GRADED, Gathering
from network.query.link_pairs import LinkPair, paired
from projections.intelligence import links
from projections.intelligence.links import LinkFilter
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.schema import EPOCH

Key = tuple[frozenset[UUID], LinkKind]
#: So little more or less strength is none.
_LEAST = 1e-9


@dataclass(frozen=True)
class TieChange:
    """A pair as it was (`before`) and as it is: links, weight, strength, best grade, furthest
    stage. None: there was no such tie, or there is none any more."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("source_label", "who"),
        Column("kind", "how"),
        Column("target_label", "whom"),
        Column("was", "was"),
        Column("now", "is"),
        Column("known_from", "known from", "moment"),
        Column("source", "id", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("source", "target", "kind")
    source: UUID
    source_label: str
    target: UUID
    target_label: str
    kind: LinkKind
    ids: tuple[UUID, ...]
    evidence: tuple[UUID, ...]
    stage: Stage
    stage_before: Stage | None
    grade: str | None
    grade_before: str | None
    count: int
    count_before: int
    weight: float
    weight_before: float
    strength: float
    strength_before: float
    valid_from: datetime | None
    valid_to: datetime | None
    known_from: datetime

    @property
    def was(self) -> str | None:
        """As it was, in words."""
        return _words(self.count_before, self.weight_before, self.grade_before)

    @property
    def now(self) -> str | None:
        """As it is, in words."""
        return _words(self.count, self.weight, self.grade)


@dataclass(frozen=True)
class NetworkChanges:
    """What `stood` before (of two states of our knowledge alone), and what came of it: what
    appeared, was strengthened, faded or ended, and what was learned in between."""

    stood: tuple[TieChange, ...]
    appeared: tuple[TieChange, ...]
    strengthened: tuple[TieChange, ...]
    faded: tuple[TieChange, ...]
    learned: tuple[TieChange, ...]
    ungraded: int
    weaker: int


@dataclass(frozen=True)
class ComparedMoments:
    """The pairs that were known at two moments (`before` none: there was no first one), under the
    ids by which the later one knows their ends, and who those are."""

    seen: Gathering
    before: Mapping[Key, LinkPair]
    after: Mapping[Key, LinkPair]


def compared(
    db: Db,
    reader: Reader,
    since: datetime | None,
    until: datetime,
    beside: Callable[[Collection[UUID]], Collection[UUID]],
    *,
    asked: LinkFilter = GRADED,
) -> ComparedMoments:
    """What we knew at both, each gathered by itself: between those of whose ties something became
    in between, and whom `beside` names beside them. Without a first moment of all."""
    seen = Gathering(db, reader, replace(asked, as_known=until), "all")
    moved = links.moved(db, reader, since or EPOCH, until)
    seen.know(moved)
    ends = {seen.lead(one) for one in moved}
    if since is None:
        seen.between(ends)
        return ComparedMoments(seen, {}, _pairs(seen, seen))
    who = ends.union(beside(ends))
    seen.between(who)
    # who they were then is told nowhere: they are read once, as they are now
    then = Gathering(db, reader, replace(asked, as_known=since), "all", dict(seen.entities))
    then.between(seen.members(who))
    return ComparedMoments(seen, _pairs(then, seen), _pairs(seen, seen))


def changes(
    db: Db,
    reader: Reader,
    since: datetime,
    until: datetime,
    who: UUID | None = None,
    *,
    asked: LinkFilter = GRADED,
    window: timedelta | None = None,
    known: bool = False,
) -> NetworkChanges:
    """What changed from `since` until `until`, of all or of what is tied to `who`.

    Without more it compares the two moments in the world; with a `window` the time of that length
    before each; with `known` what we knew at each, and then nothing appears, it is learned. Raises
    Refused where the second is not the later one, or the windows overlap.
    """
    if until <= since:
        raise Refused("the second moment has to be later than the first", field="until")
    if window and since > until - window:
        raise Refused("the two windows would overlap: choose a shorter one", field="window")
    earlier, later = (
        replace(asked, as_known=moment) if known else _at(asked, moment, window)
        for moment in (since, until)
    )
    seen = _gathered(db, reader, later, who)
    after, before = _pairs(seen, seen), _pairs(_gathered(db, reader, earlier, who), seen)
    new = [_change(seen, after[key], after[key], None) for key in after.keys() - before.keys()]
    gone = [_change(seen, before[key], None, before[key]) for key in before.keys() - after.keys()]
    both = [(after[key], before[key]) for key in after.keys() & before.keys()]
    more = [_change(seen, now, now, was) for now, was in both if _stronger(now, was)]
    less = [_change(seen, now, now, was) for now, was in both if _stronger(was, now)]
    learned = new if known else _learned(db, reader, asked, since, until, who, set(after))
    return NetworkChanges(
        stood=_ordered(
            [_change(seen, pair, None, pair) for pair in before.values()] if known else []
        ),
        appeared=_ordered([] if known else new),
        strengthened=_ordered(more),
        faded=_ordered(gone + less),
        learned=_ordered(learned),
        ungraded=len(seen.ungraded),
        weaker=len(seen.weaker),
    )


def _at(asked: LinkFilter, moment: datetime, window: timedelta | None) -> LinkFilter:
    if window is None:
        return replace(asked, as_at=moment)
    return replace(asked, since=moment - window + timedelta(microseconds=1), until=moment)


def _gathered(db: Db, reader: Reader, asked: LinkFilter, who: UUID | None) -> Gathering:
    seen = Gathering(db, reader, asked, "all")
    if who is None:
        seen.everything()
    elif seen.is_known(seen.lead(who)):
        seen.around({seen.lead(who)})
    return seen


def _pairs(state: Gathering, last: Gathering) -> dict[Key, LinkPair]:
    """The pairs of a state, under the ids by which the last one knows their ends."""
    rows = [row for *_, row in state.edges()]
    last.know(end for row in rows for end in (row.a, row.b))
    edges = [(last.lead(row.a), last.lead(row.b), row) for row in rows]
    edges = [edge for edge in edges if edge[0] != edge[1]]
    last.meet({end for a, b, _ in edges for end in (a, b)})
    moment = state.asked.as_at or state.asked.until or state.asked.as_known
    found = paired(edges, last.roots(rows), DEFAULT, moment, state.hidden())
    return {_key(pair): pair for pair in found}


def _key(pair: LinkPair) -> Key:
    return frozenset((pair.source, pair.target)), pair.kind


def _learned(
    db: Db,
    reader: Reader,
    asked: LinkFilter,
    since: datetime,
    until: datetime,
    who: UUID | None,
    new: set[Key],
) -> list[TieChange]:
    """What came to be known between the two moments, whenever it is true in the world; what is
    among the pairs `new` in the world stands there."""
    seen = _gathered(db, reader, replace(asked, as_known=until), who)
    after = _pairs(seen, seen)
    before = _pairs(_gathered(db, reader, replace(asked, as_known=since), who), seen)
    return [
        _change(seen, after[key], after[key], None) for key in after.keys() - before.keys() - new
    ]


def _stronger(one: LinkPair, other: LinkPair) -> bool:
    """Whether the tie rests on more: more weight, a better grade, a further stage."""
    if one.weight != other.weight:
        return one.weight > other.weight
    if one.stage != other.stage:
        return STAGES.index(one.stage) > STAGES.index(other.stage)
    if one.grade != other.grade:
        return _rank(one) < _rank(other)
    return one.strength > other.strength + _LEAST


def _rank(pair: LinkPair) -> tuple[bool, Grade | None]:
    return pair.grade is None, Grade.parse(pair.grade) if pair.grade else None


def _change(
    seen: Gathering, pair: LinkPair, now: LinkPair | None, was: LinkPair | None
) -> TieChange:
    """A pair as it was and as it is; `pair` is the one of both that stands."""
    return TieChange(
        source=pair.source,
        source_label=seen.entities[pair.source].label,
        target=pair.target,
        target_label=seen.entities[pair.target].label,
        kind=pair.kind,
        ids=pair.links,
        evidence=pair.evidence,
        stage=pair.stage,
        stage_before=was.stage if was else None,
        grade=now.grade if now else None,
        grade_before=was.grade if was else None,
        count=len(now.links) if now else 0,
        count_before=len(was.links) if was else 0,
        weight=now.weight if now else 0.0,
        weight_before=was.weight if was else 0.0,
        strength=round(now.strength, 6) if now else 0.0,
        strength_before=round(was.strength, 6) if was else 0.0,
        valid_from=pair.valid_from,
        valid_to=pair.valid_to,
        known_from=pair.known_from,
    )


def _ordered(found: list[TieChange]) -> tuple[TieChange, ...]:
    """The greatest change first."""

    def place(one: TieChange) -> tuple[float, float, UUID, UUID, LinkKind]:
        weight, strength = one.weight - one.weight_before, one.strength - one.strength_before
        return -abs(weight), -abs(strength), one.source, one.target, one.kind

    return tuple(sorted(found, key=place))


def _words(count: int, weight: float, grade: str | None) -> str | None:
    if not count:
        return None
    many = "once" if count == 1 else f"{count} times"
    weighs = f", weight {weight:g}" if weight != count else ""
    return f"{many}{weighs}, {grade or 'ungraded'}"

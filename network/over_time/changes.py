"""Changes of the network between two moments, two periods of time, or two states of our knowledge.

Each of the two states is gathered separately, so that no answer depends on links that the reader
may not see. In both states people are merged by the judgements of the later one, so that a
judgement alone does not make a link appear or disappear. The file is long because both states are
gathered and compared by the same steps.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.kernel.values import STAGES, Grade, LinkKind, Reader, Refused, Stage
from network.query.evidence import DEFAULT
from network.query.graph_builder import GRADED, Gathering
from network.query.link_pairs import LinkPair, paired
from projections.intelligence import links
from projections.intelligence.links import LinkFilter
from projections.kernel.column_types import EPOCH
from projections.kernel.columns import Column
from projections.kernel.database import Db

Key = tuple[frozenset[UUID], LinkKind]
#: Changes of strength that are smaller than this are ignored.
_LEAST = 1e-9


class TieChange(Struct, frozen=True):
    """How the links of a pair changed: the ids of its links, its weight, strength, best grade and
    furthest stage before and now. A value before is None if the pair had no such link then, and a
    value now is None if it has no such link any more.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("source_label", "from"),
        Column("kind", "link"),
        Column("target_label", "to"),
        Column("was", "before"),
        Column("now", "now"),
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
        """Return in words the state of the pair's links before the change."""
        return self._states()[0]

    @property
    def now(self) -> str | None:
        """Return in words the state of the pair's links after the change."""
        return self._states()[1]

    def _states(self) -> tuple[str | None, str | None]:
        """Return in words the states before and after the change. If number, weight and grade are
        equal, the words also say in what the states differ: stage or strength."""
        before = _words(self.count_before, self.weight_before, self.grade_before)
        after = _words(self.count, self.weight, self.grade)
        if before is None or before != after:
            return before, after
        if self.stage_before != self.stage:
            return f"{before}, {self.stage_before}", f"{after}, {self.stage}"
        return (
            f"{before}, strength {self.strength_before:g}",
            f"{after}, strength {self.strength:g}",
        )


class NetworkChanges(Struct, frozen=True):
    """The changes between two moments, as pairs of linked items: pairs that appeared, pairs that
    became stronger, pairs that became weaker or ended (both in `faded`), and pairs that were only
    recorded in between (`learned`). `stood` are the pairs of the first moment, given only when two
    states of recorded knowledge are compared.
    """

    stood: tuple[TieChange, ...]
    appeared: tuple[TieChange, ...]
    strengthened: tuple[TieChange, ...]
    faded: tuple[TieChange, ...]
    learned: tuple[TieChange, ...]
    ungraded: int
    weaker: int


class ComparedMoments(Struct, frozen=True):
    """The pairs of linked items known at two moments, under the ids of the later moment; and the
    people and things of both moments. If there is no first moment, `before` is empty.
    """

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
    link_filter: LinkFilter = GRADED,
) -> ComparedMoments:
    """Return the pairs of linked items as known at `since` and as known at `until`.

    Included are all pairs within one set of people and things: the ends of links that changed
    between the two moments, together with the people whom the function `beside` adds to these ends.
    The two moments are read separately. If `since` is None, there is no first moment: every link
    counts as changed, and `beside` adds no people.
    """
    gathering = Gathering(db, reader, replace(link_filter, as_known=until), "all")
    moved = links.moved(db, reader, since or EPOCH, until)
    gathering.know(moved)
    ends = {gathering.lead(item) for item in moved}
    if since is None:
        gathering.between(ends)
        return ComparedMoments(gathering, {}, _pairs(gathering, gathering))
    who = ends.union(beside(ends))
    gathering.between(who)
    # entities are read once, with their present names, so that former names are not shown
    then = Gathering(
        db, reader, replace(link_filter, as_known=since), "all", dict(gathering.entities)
    )
    then.between(gathering.members(who))
    return ComparedMoments(gathering, _pairs(then, gathering), _pairs(gathering, gathering))


def changes(
    db: Db,
    reader: Reader,
    since: datetime,
    until: datetime,
    who: UUID | None = None,
    *,
    link_filter: LinkFilter = GRADED,
    window: timedelta | None = None,
    known: bool = False,
) -> NetworkChanges:
    """Return the changes from `since` until `until`, of the whole network or of the links of `who`.

    By default the states of the world at the two moments are compared. With a `window`, two periods
    of this length are compared: one ends at `since`, the other at `until`. With `known`, what was
    recorded by each moment is compared, so that links become known instead of appearing. Raises
    Refused if the second moment is not the later one, or if the periods overlap.
    """
    if until <= since:
        raise Refused("the second time is not later than the first: exchange them", field="until")
    if window and since > until - window:
        raise Refused("the two periods overlap: choose a shorter one", field="window")
    earlier, later = (
        replace(link_filter, as_known=moment) if known else _at(link_filter, moment, window)
        for moment in (since, until)
    )
    gathering = _gathered(db, reader, later, who)
    after, before = (
        _pairs(gathering, gathering),
        _pairs(_gathered(db, reader, earlier, who), gathering),
    )
    new = [_change(gathering, after[key], after[key], None) for key in after.keys() - before.keys()]
    tie_changes = [
        _change(gathering, before[key], None, before[key]) for key in before.keys() - after.keys()
    ]
    both = [(after[key], before[key]) for key in after.keys() & before.keys()]
    more = [_change(gathering, now, now, was) for now, was in both if _stronger(now, was)]
    less = [_change(gathering, now, now, was) for now, was in both if _stronger(was, now)]
    learned = new if known else _learned(db, reader, link_filter, since, until, who, set(after))
    return NetworkChanges(
        stood=_ordered(
            [_change(gathering, pair, None, pair) for pair in before.values()] if known else []
        ),
        appeared=_ordered([] if known else new),
        strengthened=_ordered(more),
        faded=_ordered(tie_changes + less),
        learned=_ordered(learned),
        ungraded=len(gathering.ungraded),
        weaker=len(gathering.weaker),
    )


def _at(link_filter: LinkFilter, moment: datetime, window: timedelta | None) -> LinkFilter:
    if window is None:
        return replace(link_filter, as_at=moment)
    return replace(link_filter, since=moment - window + timedelta(microseconds=1), until=moment)


def _gathered(db: Db, reader: Reader, link_filter: LinkFilter, who: UUID | None) -> Gathering:
    gathering = Gathering(db, reader, link_filter, "all")
    if who is None:
        gathering.everything()
    elif gathering.was_recorded(gathering.lead(who)):
        gathering.around({gathering.lead(who)})
    return gathering


def _pairs(state: Gathering, last: Gathering) -> dict[Key, LinkPair]:
    """Return the pairs of linked items in the picture `state`, under the ids by which the later
    picture `last` represents their ends after merges.
    """
    rows = [row for *_, row in state.edges()]
    last.know(end for row in rows for end in (row.a, row.b))
    edges = [(last.lead(row.a), last.lead(row.b), row) for row in rows]
    edges = [edge for edge in edges if edge[0] != edge[1]]
    last.meet({end for a, b, _ in edges for end in (a, b)})
    moment = state.link_filter.as_at or state.link_filter.until or state.link_filter.as_known
    pairs = paired(edges, last.roots(rows), DEFAULT, moment, state.hidden())
    return {_key(pair): pair for pair in pairs}


def _key(pair: LinkPair) -> Key:
    return frozenset((pair.source, pair.target)), pair.kind


def _learned(
    db: Db,
    reader: Reader,
    link_filter: LinkFilter,
    since: datetime,
    until: datetime,
    who: UUID | None,
    new: set[Key],
) -> list[TieChange]:
    """Return the pairs of linked items that were recorded between the two moments, whenever they
    were true in the world. The pairs `new`, which began in the world between these moments, are
    left out.
    """
    gathering = _gathered(db, reader, replace(link_filter, as_known=until), who)
    after = _pairs(gathering, gathering)
    before = _pairs(_gathered(db, reader, replace(link_filter, as_known=since), who), gathering)
    return [
        _change(gathering, after[key], after[key], None)
        for key in after.keys() - before.keys() - new
    ]


def _stronger(pair: LinkPair, link_pair: LinkPair) -> bool:
    """Return whether the first of two pairs of linked items has more evidence than the second: by
    weight or, if that is equal, by stage, then by grade, then by strength.
    """
    if pair.weight != link_pair.weight:
        return pair.weight > link_pair.weight
    if pair.stage != link_pair.stage:
        return STAGES.index(pair.stage) > STAGES.index(link_pair.stage)
    if pair.grade != link_pair.grade:
        return _rank(pair) < _rank(link_pair)
    return pair.strength > link_pair.strength + _LEAST


def _rank(pair: LinkPair) -> tuple[bool, Grade | None]:
    return pair.grade is None, Grade.parse(pair.grade) if pair.grade else None


def _change(
    gathering: Gathering, pair: LinkPair, now: LinkPair | None, was: LinkPair | None
) -> TieChange:
    """Return how a pair of linked items changed from its state `was` to its state `now`. A state is
    None if the pair had no links at that moment. `pair` is one of the two states that is not None.
    """
    return TieChange(
        source=pair.source,
        source_label=gathering.entities[pair.source].label,
        target=pair.target,
        target_label=gathering.entities[pair.target].label,
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


def _ordered(found_changes: list[TieChange]) -> tuple[TieChange, ...]:
    """Return the changes of pairs, the greatest change first."""

    def place(change: TieChange) -> tuple[float, float, UUID, UUID, LinkKind]:
        weight, strength = (
            change.weight - change.weight_before,
            change.strength - change.strength_before,
        )
        return -abs(weight), -abs(strength), change.source, change.target, change.kind

    return tuple(sorted(found_changes, key=place))


def _words(count: int, weight: float, grade: str | None) -> str | None:
    if not count:
        return None
    many = "once" if count == 1 else f"{count} times"
    weighs = f", weight {weight:g}" if weight != count else ""
    return f"{many}{weighs}, {grade or 'ungraded'}"

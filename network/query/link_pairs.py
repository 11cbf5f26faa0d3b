"""The links of one kind between the same two ends, combined into one pair as known at a time."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from domain.kernel.values import STAGES, Grade, LinkKind, Stage
from network.query.evidence import StrengthPolicy, strength
from projections.intelligence.links import LinkRow


class LinkPair(Struct, frozen=True):
    """Two people or things and one kind of link between them, with all links of this kind and their
    evidence.

    `grade` is the best grade of the links, or None if all are ungraded. `handling` is C if one link
    has handling code C. `stage` is the furthest stage that a live link has reached. `roots` counts
    the independent first sources; an unknown source is not counted. The time in which the links
    were true goes from the start of the earliest link to the end of the latest; None means that the
    start or the end is open. `weight` is the sum of the links' weights, and `strength` is between 0
    and 1. `undermined` is true if the evidence of at least one link was undermined. `evidence` are
    the items on which the links are based, as far as the reader sees these items. `observations`
    counts the log entries among these items; a report made from an entry is not counted again.
    `circular` is true if there are several log entries and all have the same first source.
    `one_root` is the reason why the pair is graded B with fewer than two sources.
    """

    source: UUID
    target: UUID
    kind: LinkKind
    links: tuple[UUID, ...]
    stage: Stage
    grade: str | None
    handling: str | None
    roots: int
    weight: float
    strength: float
    undermined: bool
    evidence: tuple[UUID, ...]
    valid_from: datetime | None
    valid_to: datetime | None
    known_from: datetime
    observations: int = 0
    circular: bool = False
    one_root: tuple[str, ...] = ()

    @property
    def exhibited(self) -> bool:
        """Return whether a valid item of evidence supports the pair."""
        return self.stage == "evidence" and not self.undermined

    def other(self, item: UUID) -> UUID:
        """Return the item at the other end of the pair, seen from the end `item`."""
        return self.target if self.source == item else self.source


def best_grade(pairs: Iterable[LinkPair]) -> str | None:
    """Return the best grade of these pairs; None if all are ungraded."""
    best = min((Grade.parse(pair.grade) for pair in pairs if pair.grade), default=None)
    return best.label if best else None


def derived_grade(steps: Iterable[Iterable[LinkPair]]) -> str | None:
    """Return the grade of a conclusion from several steps: the weakest of the steps' best grades;
    None if a step is ungraded. A step with an exhibit is ignored if there are steps without one,
    because the exhibit supports the step better than its grade says.
    """
    all_steps = [tuple(step) for step in steps]
    graded_steps = [step for step in all_steps if not any(pair.exhibited for pair in step)]
    grades = [best_grade(step) for step in graded_steps or all_steps]
    known_grades = [Grade.parse(grade) for grade in grades if grade]
    return max(known_grades).label if known_grades and len(known_grades) == len(grades) else None


def furthest_stage(pairs: Iterable[LinkPair]) -> Stage:
    """Return the furthest stage that any of these pairs has reached."""
    return max((pair.stage for pair in pairs), key=STAGES.index)


def independent(rows: Iterable[LinkRow], roots: Mapping[UUID, UUID]) -> set[UUID]:
    """Return the independent sources of these links; sources that were merged are one source, and
    unknown sources are left out.
    """
    return {roots.get(row.root, row.root) for row in rows if row.root}


def last_true(rows: Iterable[LinkRow]) -> datetime | None:
    """Return when one of these links was last true in the world; None if no time was recorded."""
    return max((row.last for row in rows if row.last), default=None)


Edges = Iterable[tuple[UUID, UUID, LinkRow]]


def paired(
    edges: Edges,
    roots: Mapping[UUID, UUID],
    policy: StrengthPolicy,
    moment: datetime | None,
    hidden: Collection[UUID] = (),
) -> tuple[LinkPair, ...]:
    """Return the pairs of linked items in `edges`, which are links given as (source, target, row).
    The pairs are in the order in which they became known. Sources in `hidden` contribute to the
    strength, but are neither named nor counted.

    The source and the target of a pair are those of its oldest link. If links of a kind have no
    direction, a link from A to B and a link from B to A belong to the same pair.
    """
    together: dict[tuple[frozenset[UUID], LinkKind], list[LinkRow]] = {}
    ends: dict[tuple[frozenset[UUID], LinkKind], tuple[UUID, UUID]] = {}
    for source, target, row in edges:
        key = (frozenset((source, target)), row.kind)
        together.setdefault(key, []).append(row)
        ends.setdefault(key, (source, target))
    return tuple(
        _pair(ends[key], rows, roots, policy, moment, hidden) for key, rows in together.items()
    )


def _pair(
    ends: tuple[UUID, UUID],
    rows: list[LinkRow],
    roots: Mapping[UUID, UUID],
    policy: StrengthPolicy,
    moment: datetime | None,
    hidden: Collection[UUID],
) -> LinkPair:
    graded = [row for row in rows if row.rank is not None]
    handlings = {row.handling for row in rows if row.handling}
    starts = [row.valid_from for row in rows]
    finishes = [row.valid_to for row in rows]
    known_items = independent(rows, roots)
    items = {row.observation for row in rows if row.observation and row.observation not in hidden}
    return LinkPair(
        source=ends[0],
        target=ends[1],
        kind=rows[0].kind,
        links=tuple(row.link for row in rows),
        stage=max((row.stage for row in rows), key=STAGES.index),
        grade=min(graded, key=lambda row: row.rank or 0).grade if graded else None,
        handling=max(handlings, key="PC".index) if handlings else None,
        roots=len(known_items),
        weight=sum(row.weight for row in rows),
        strength=strength(rows, roots, policy, moment),
        undermined=any(row.undermined for row in rows),
        evidence=tuple(
            dict.fromkeys(item for row in rows for item in row.evidence if item not in hidden)
        ),
        valid_from=min((at for at in starts if at), default=None) if all(starts) else None,
        valid_to=max((at for at in finishes if at), default=None) if all(finishes) else None,
        known_from=min(row.known_from for row in rows),
        observations=len(items),
        circular=len(items) > 1 and len(known_items) == 1 and all(row.root for row in rows),
        one_root=tuple(dict.fromkeys(row.one_root for row in rows if row.one_root)),
    )

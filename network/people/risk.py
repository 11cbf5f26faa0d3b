"""Children possibly at risk through one suspect: referrals for somebody to consider.

A child tied to the suspect directly, or through a car, phone, handle or place that both have links
with. It is a reason to look, never a finding about the child: nobody is turned into a suspect or
a victim here. A home that both share is a reason too, but its address is not named.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar
from uuid import UUID

from access.who_may import scope
from access.who_may.decide import decide, require
from domain.kernel.values import HOME_LINKS, STAGES, LinkKind, Reader, Refused, Stage
from network.people.alerts import SOMEBODY
from network.query.child_protection import is_protected
from network.query.graph_builder import GRADED, HUB
from network.query.homes import homes
from network.query.layers import is_offender
from network.query.link_pairs import LinkPair, derived_grade, furthest_stage
from network.query.view import NetworkAnswer, ego, egos, whole
from projections.intelligence import people
from projections.intelligence.links import LinkFilter
from projections.intelligence.people import Entity
from projections.kernel.columns import Column
from projections.kernel.database import Db


@dataclass(frozen=True)
class Reason:
    """Why: a direct tie (`via` None), or something that both have links with. `kinds` are the
    suspect's and the child's; `links` can be trailed back to the first words."""

    via: UUID | None
    via_label: str | None
    kinds: tuple[LinkKind, ...]
    links: tuple[UUID, ...]
    stage: Stage
    grade: str | None

    def __str__(self) -> str:
        via = f" via {self.via_label}" if self.via_label else ""
        return f"{' / '.join(self.kinds)}{via} ({self.grade or 'ungraded'})"


@dataclass(frozen=True)
class AtRisk:
    """A child, or a victim, to consider a referral for, with the reasons. `suspect` is None for
    the person who may not see the network: they are told of somebody."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("label", "to consider"),
        Column("id", "id", "id"),
        Column("suspect_label", "through"),
        Column("because", "because of"),
    )
    order: ClassVar[tuple[str, ...]] = ("place",)
    id: UUID
    label: str
    is_child: bool
    suspect: UUID | None
    suspect_label: str
    reasons: tuple[Reason, ...]

    @property
    def place(self) -> tuple[UUID | None, bool, UUID]:
        """Where it stands: of each suspect those directly tied first."""
        return self.suspect, self.reasons[0].via_label is not None, self.id

    @property
    def because(self) -> str:
        """The reasons in one line."""
        return "; ".join(map(str, self.reasons))


@dataclass(frozen=True)
class Hub:
    """Something of the suspect's that was not followed: more than the cap have links with it."""

    id: UUID
    label: str
    links: int


@dataclass(frozen=True)
class AtRiskThrough:
    """The answer: those directly tied first; what was not followed; what was not shown."""

    rows: tuple[AtRisk, ...]
    hubs: tuple[Hub, ...]
    cap: int
    ungraded: int
    weaker: int


def children_at_risk(
    db: Db,
    reader: Reader,
    suspect: UUID | None = None,
    *,
    asked: LinkFilter = GRADED,
    cap: int = HUB,
) -> AtRiskThrough:
    """Children and victims tied to `suspect` (None: to any), who is not cleared.

    A worker who sees no network is warned of their own children, out of all that is known.
    Raises Denied for roles that refer nobody, and for those who see the network Refused where
    `suspect` is no suspect, person of interest or convicted person.
    """
    require(reader, "see-risk")
    if not decide(reader, "see-network").allowed:
        return _told_little(db, reader, tuple(_around_own(db, reader, suspect, asked, cap)), cap)
    if suspect is None:
        seen = whole(db, reader, asked=asked)
        suspects = [one for one in seen.graph if _may_harm(seen, one)]
    else:
        seen = ego(db, reader, suspect, 2, asked=asked)
        suspects = list(seen.focus)
        if not _may_harm(seen, suspects[0]):
            raise Refused(
                f"{seen.entity(suspects[0]).label} is no suspect or person of interest here: "
                "children are looked for around suspects only"
            )
    places = [one for one in seen.graph if seen.entity(one).kind == "place"]
    lived_in = homes(db, reader, asked, None if len(places) > HUB else places)
    rows: list[AtRisk] = []
    hubs: dict[UUID, Hub] = {}
    for one in sorted(suspects):
        rows += _through(seen, one, lived_in, cap, hubs)
    return AtRiskThrough(tuple(rows), tuple(hubs.values()), cap, seen.ungraded, seen.weaker)


def _around_own(
    db: Db, reader: Reader, suspect: UUID | None, asked: LinkFilter, cap: int
) -> Iterator[AtRisk]:
    """What is known around each of the reader's own children, and not of everybody. A child who is
    judged to be one with a record that is not theirs stands under their own."""
    theirs = set(people.reached(db, reader, "see-risk"))
    knowing = scope.unlimited(reader)
    own = people.entities(db, knowing, theirs, as_known=asked.as_known)
    together = people.clusters(db, knowing, as_known=asked.as_known)
    wanted = suspect and together.get(suspect, suspect)
    children: dict[UUID, list[Entity]] = {}
    for child, known in own.items():
        if is_protected(known) or child in together:
            children.setdefault(together.get(child, child), []).append(known)
    if not children:
        return
    seen = egos(db, knowing, children, 2, asked=asked)
    for one in seen.graph:
        if wanted not in (None, one) or not _may_harm(seen, one):
            continue
        for row in _through(seen, one, set(), cap, {}):
            for known in children.get(row.id, ()):
                yield row if row.id in theirs else replace(row, id=known.id, label=known.label)


def _told_little(db: Db, reader: Reader, found: tuple[AtRisk, ...], cap: int) -> AtRiskThrough:
    """The reader's own children, each once, and of which kind their ties are: no suspect, no
    thing, no link."""
    own = scope.reached(db, reader, "see-risk", {row.id for row in found})
    kinds: dict[UUID, dict[LinkKind, None]] = {}
    for row in found:
        for reason in row.reasons:
            kinds.setdefault(row.id, {}).update(dict.fromkeys(reason.kinds))
    rows = {
        row.id: replace(
            row,
            suspect=None,
            suspect_label=SOMEBODY,
            reasons=(Reason(None, None, tuple(sorted(kinds[row.id])), (), "information", None),),
        )
        for row in found
        if row.id in own
    }
    return AtRiskThrough(tuple(rows[one] for one in sorted(rows)), (), cap, 0, 0)


def _may_harm(seen: NetworkAnswer, one: UUID) -> bool:
    who = seen.entity(one)
    return is_offender(who) and not who.cleared


def _through(
    seen: NetworkAnswer, suspect: UUID, lived_in: set[UUID], cap: int, hubs: dict[UUID, Hub]
) -> list[AtRisk]:
    reasons: dict[UUID, list[Reason]] = {}
    not_followed = dict(seen.hubs)
    for pair in seen.at[suspect]:
        other = pair.other(suspect)
        if is_protected(seen.entity(other)):
            reasons.setdefault(other, []).append(_reason(None, None, [pair]))
    for thing, own in _things(seen, suspect):
        home = thing in lived_in or any(pair.kind in HOME_LINKS for pair in own)
        label = "a home or placement" if home else seen.entity(thing).label
        ties = len(seen.at[thing]) + not_followed.get(thing, 0)
        if ties > cap or thing in not_followed:
            hubs[thing] = Hub(thing, label, ties)
            continue
        via: dict[UUID, list[LinkPair]] = {}
        for pair in seen.at[thing]:
            other = pair.other(thing)
            if other != suspect and is_protected(seen.entity(other)):
                via.setdefault(other, []).append(pair)
        for other, theirs in via.items():
            via_id = None if home else thing
            reasons.setdefault(other, []).append(_reason(via_id, label, own, theirs))
    found = [
        AtRisk(
            id=one,
            label=seen.entity(one).label,
            is_child=seen.entity(one).is_child,
            suspect=suspect,
            suspect_label=seen.entity(suspect).label,
            reasons=tuple(why),
        )
        for one, why in reasons.items()
    ]
    return sorted(found, key=lambda row: (row.reasons[0].via_label is not None, row.id))


def _things(seen: NetworkAnswer, suspect: UUID) -> Iterator[tuple[UUID, list[LinkPair]]]:
    """What the suspect has links with that is no person, each with those links."""
    found: dict[UUID, list[LinkPair]] = {}
    for pair in seen.at[suspect]:
        other = pair.other(suspect)
        if seen.entity(other).kind != "person":
            found.setdefault(other, []).append(pair)
    yield from found.items()


def _reason(via: UUID | None, label: str | None, *sides: list[LinkPair]) -> Reason:
    """What two sides share is no surer and no further on than the weaker of them."""
    pairs = [pair for side in sides for pair in side]
    return Reason(
        via=via,
        via_label=label,
        kinds=tuple(dict.fromkeys(pair.kind for pair in pairs)),
        links=tuple(link for pair in pairs for link in pair.links),
        stage=min((furthest_stage(side) for side in sides), key=STAGES.index),
        grade=derived_grade(sides),
    )

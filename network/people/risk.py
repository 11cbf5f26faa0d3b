"""Children possibly at risk through a suspect, for workers to consider a referral.

A child is listed if linked to the suspect directly, or through a car, phone, handle or place with
which the suspect and the child both have links. This is a reason to look at the child's situation,
and says nothing about the child: it makes no person a suspect or a victim. A shared home is a
reason, too, but its address is not shown.
"""

from collections.abc import Iterator
from typing import ClassVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from access.who_may.decide import decide, require
from domain.kernel.values import HOME_LINKS, STAGES, LinkKind, Reader, Refused, Stage
from network.people.alerts import SOMEBODY
from network.query.child_protection import is_protected
from network.query.graph_builder import GRADED, HUB
from network.query.homes import homes
from network.query.layers import is_offender
from network.query.link_pairs import LinkPair, derived_grade, furthest_stage
from network.query.near_offenders import near_offenders
from network.query.view import NetworkAnswer, ego, egos
from projections.intelligence import people
from projections.intelligence.links import LinkFilter
from projections.intelligence.people import Entity
from projections.kernel.columns import Column
from projections.kernel.database import Db


class Reason(Struct, frozen=True):
    """The reason why a child may be at risk: a direct link with a suspect (`via` is None), or an
    item (`via`) with which the suspect and the child both have links. `kinds` are the kinds of the
    suspect's link and of the child's link. From `links`, a reader can trace the reason back to the
    log entries on which it is based.
    """

    via: UUID | None
    via_label: str | None
    kinds: tuple[LinkKind, ...]
    links: tuple[UUID, ...]
    stage: Stage
    grade: str | None

    def __str__(self) -> str:
        via = f" via {self.via_label}" if self.via_label else ""
        return f"{' / '.join(self.kinds)}{via} ({self.grade or 'ungraded'})"


class AtRisk(Struct, frozen=True):
    """A child or victim for whom a referral should be considered, with the reasons. `suspect` is
    None if the reader may not see the network: then the reader learns only that there is a suspect.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("label", "child"),
        Column("id", "id", "id"),
        Column("suspect_label", "linked through"),
        Column("because", "reasons"),
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
        """Return the sort key of a child at risk: the children are sorted by suspect, and for each
        suspect the directly linked children come first.
        """
        return self.suspect, self.reasons[0].via_label is not None, self.id

    @property
    def because(self) -> str:
        """Return the reasons why the child may be at risk, in one line."""
        return "; ".join(map(str, self.reasons))


class Hub(Struct, frozen=True):
    """An item with which the suspect has links, and which was left out because it has links with
    more items than the limit allows.
    """

    id: UUID
    label: str
    links: int


class AtRiskThrough(Struct, frozen=True):
    """The children at risk, directly linked children first; the shared items that were left out
    because too many other items share them (`hubs`); and how many links were left out because they
    have no grade (`ungraded`) or a grade below the minimum (`weaker`).
    """

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
    link_filter: LinkFilter = GRADED,
    cap: int = HUB,
) -> AtRiskThrough:
    """Return the children and victims linked to `suspect`; or, if that is None, to any suspect. A
    suspect who was cleared does not count.

    A worker who may not see the network is warned about the children of their own cases, from all
    recorded links. Raises Denied if the reader's role makes no referrals. If the reader sees the
    network, raises Refused if `suspect` is not a suspect, person of interest or convicted person.
    """
    require(reader, "see-risk")
    if not decide(reader, "see-network").allowed:
        return _without_details(
            db, reader, tuple(_around_own(db, reader, suspect, link_filter, cap)), cap
        )
    if suspect is None:
        seen = near_offenders(db, reader, link_filter, cap)
        suspects = [node for node in seen.graph if _may_harm(seen, node)]
    else:
        seen = ego(db, reader, suspect, 2, link_filter=link_filter)
        suspects = list(seen.focus)
        if not _may_harm(seen, suspects[0]):
            raise Refused(
                f"{seen.entity(suspects[0]).label} is not a suspect or person of "
                "interest: name one, because this search looks for children around "
                "suspects only"
            )
    places = [node for node in seen.graph if seen.entity(node).kind == "place"]
    lived_in = homes(db, reader, link_filter, None if len(places) > HUB else places)
    rows: list[AtRisk] = []
    hubs: dict[UUID, Hub] = {}
    for item in sorted(suspects):
        rows += _through(seen, item, lived_in, cap, hubs)
    return AtRiskThrough(tuple(rows), tuple(hubs.values()), cap, seen.ungraded, seen.weaker)


def _around_own(
    db: Db, reader: Reader, suspect: UUID | None, link_filter: LinkFilter, cap: int
) -> Iterator[AtRisk]:
    """Yield the children at risk in the reader's own cases.

    If a child of the reader was judged the same as another record, the child is listed under the
    reader's own record. Links and judgements that the reader does not see count, too. A reader
    without a child makes as many queries as any other, so the number of queries reveals nothing.
    """
    theirs = set(people.reached(db, reader, "see-risk"))
    knowing = scope.unlimited(reader)
    own = people.entities(db, knowing, theirs, as_known=link_filter.as_known)
    together = people.clusters(db, knowing, as_known=link_filter.as_known)
    wanted = suspect and together.get(suspect, suspect)
    children: dict[UUID, list[Entity]] = {}
    for child, entity in own.items():
        if is_protected(entity) or child in together:
            children.setdefault(together.get(child, child), []).append(entity)
    if not own:
        return
    answer = egos(db, knowing, children or sorted(own)[:1], 2, link_filter=link_filter)
    for item in answer.graph:
        if wanted not in (None, item) or not _may_harm(answer, item):
            continue
        for row in _through(answer, item, set(), cap, {}):
            for entity in children.get(row.id, ()):
                yield row if row.id in theirs else replace(row, id=entity.id, label=entity.label)


def _without_details(db: Db, reader: Reader, risks: tuple[AtRisk, ...], cap: int) -> AtRiskThrough:
    """Return the children of the reader's own cases, each child once, with the kinds of the links
    that put the child at risk. The suspect, the shared item and the links themselves are left out.
    """
    own = scope.reached(db, reader, "see-risk", {row.id for row in risks})
    kinds: dict[UUID, dict[LinkKind, None]] = {}
    for row in risks:
        for reason in row.reasons:
            kinds.setdefault(row.id, {}).update(dict.fromkeys(reason.kinds))
    rows = {
        row.id: replace(
            row,
            suspect=None,
            suspect_label=SOMEBODY,
            reasons=(Reason(None, None, tuple(sorted(kinds[row.id])), (), "information", None),),
        )
        for row in risks
        if row.id in own
    }
    return AtRiskThrough(tuple(rows[item] for item in sorted(rows)), (), cap, 0, 0)


def _may_harm(answer: NetworkAnswer, item: UUID) -> bool:
    who = answer.entity(item)
    return is_offender(who) and not who.cleared


def _through(
    answer: NetworkAnswer, suspect: UUID, lived_in: set[UUID], cap: int, hubs: dict[UUID, Hub]
) -> list[AtRisk]:
    reasons: dict[UUID, list[Reason]] = {}
    not_followed = dict(answer.hubs)
    for pair in answer.at[suspect]:
        item = pair.other(suspect)
        if is_protected(answer.entity(item)):
            reasons.setdefault(item, []).append(_reason(None, None, [pair]))
    for shared_item, own in _things(answer, suspect):
        home = shared_item in lived_in or any(pair.kind in HOME_LINKS for pair in own)
        label = "a home or placement" if home else answer.entity(shared_item).label
        ties = len(answer.at[shared_item]) + not_followed.get(shared_item, 0)
        if ties > cap or shared_item in not_followed:
            hubs[shared_item] = Hub(shared_item, label, ties)
            continue
        via: dict[UUID, list[LinkPair]] = {}
        for pair in answer.at[shared_item]:
            item = pair.other(shared_item)
            if item != suspect and is_protected(answer.entity(item)):
                via.setdefault(item, []).append(pair)
        for item, theirs in via.items():
            via_id = None if home else shared_item
            reasons.setdefault(item, []).append(_reason(via_id, label, own, theirs))
    risks = [
        AtRisk(
            id=person,
            label=answer.entity(person).label,
            is_child=answer.entity(person).is_child,
            suspect=suspect,
            suspect_label=answer.entity(suspect).label,
            reasons=tuple(why),
        )
        for person, why in reasons.items()
    ]
    return sorted(risks, key=lambda row: (row.reasons[0].via_label is not None, row.id))


def _things(answer: NetworkAnswer, suspect: UUID) -> Iterator[tuple[UUID, list[LinkPair]]]:
    """Yield the items with which the suspect has links, each with these links."""
    pairs: dict[UUID, list[LinkPair]] = {}
    for pair in answer.at[suspect]:
        item = pair.other(suspect)
        if answer.entity(item).kind != "person":
            pairs.setdefault(item, []).append(pair)
    yield from pairs.items()


def _reason(via: UUID | None, label: str | None, *sides: list[LinkPair]) -> Reason:
    """Return the reason why a child may be at risk through a shared item, with the grade and the
    stage of the weaker of the two links to that item.
    """
    pairs = [pair for side in sides for pair in side]
    return Reason(
        via=via,
        via_label=label,
        kinds=tuple(dict.fromkeys(pair.kind for pair in pairs)),
        links=tuple(link for pair in pairs for link in pair.links),
        stage=min((furthest_stage(side) for side in sides), key=STAGES.index),
        grade=derived_grade(sides),
    )

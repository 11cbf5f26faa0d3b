"""Figures of prevention, shown beside figures of punishment, as the report asks: "We intervene
early and the perpetrator gets 9 months or we get involved later on and he gets 14 years?" (report,
W50). The figures show what each team contributed; they do not prove causes.
"""

from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

from msgspec import Struct

from commands.kernel.unit_of_work import Desk
from domain.kernel.suppression import may_show
from domain.kernel.values import Reader
from projections.families import cases
from projections.justice import abduction_notices, outcomes
from projections.justice.outcomes import OutcomeRow
from projections.kernel.columns import Column


class Outcome(Struct, frozen=True):
    """One kind of outcome and the number of families with it; the number is None if it could
    identify a family."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("what", "outcome"),
        Column("many", "families"),
        Column("too_few", "too few to tell", "mark"),
    )
    order: ClassVar[tuple[str, ...]] = ("place",)
    place: int
    what: str
    many: int | None

    @property
    def too_few(self) -> bool:
        """Return whether the figure could identify a family."""
        return self.many is None


def counted(desk: Desk, reader: Reader) -> list[Outcome]:
    """Return the figures of prevention and of punishment, over all cases that the reader may count.
    Raises LogUnavailable.
    """
    with desk.asking() as db:
        exits = cases.exits(db, reader)
        followed = outcomes.figures(db, reader)
        breached = abduction_notices.breached(db)
    of = {
        label: [row for row in followed if row.what == label]
        for label in ("charge", "notice", "convicted", "sentenced")
    }
    charged = {row.case for row in of["charge"]}
    rows = [row for row in of["notice"] if row.item not in breached]
    broken = [row for row in of["notice"] if row.item in breached]
    months = sum(row.months or 0 for row in of["sentenced"])
    before, after = exits - charged, exits & charged
    figures: tuple[tuple[str, int, tuple[set[UUID | None], ...]], ...] = (
        ("out of harm's way before anybody was charged", len(before), ({*before},)),
        ("out of harm's way after a charge", len(after), ({*after},)),
        ("warning notices served", len(of["notice"]), (_families(of["notice"]),)),
        ("warning notices without a breach", len(rows), (_families(rows), _families(broken))),
        ("convictions", len(of["convicted"]), (_families(of["convicted"]),)),
        ("sentences", len(of["sentenced"]), (_families(of["sentenced"]),)),
        ("months of sentences, as far as known", months, (_families(of["sentenced"]),)),
    )
    return [
        Outcome(place, label, many if all(may_show(len(family)) for family in families) else None)
        for place, (label, many, families) in enumerate(figures)
    ]


def _families(followed: Iterable[OutcomeRow]) -> set[UUID | None]:
    """Return the cases to which these outcomes belong. If there are few, a figure about the
    outcomes could identify a family.
    """
    return {row.case for row in followed}

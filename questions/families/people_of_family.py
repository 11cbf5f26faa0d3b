"""The people of a family, with the names that the reader may see."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from commands.kernel.unit_of_work import Desk
from domain.kernel.values import Reader
from projections.families import family_members as view
from projections.intelligence import people
from projections.kernel.database import Db

Shown = TypeVar("Shown", view.Member, view.Related, view.Other)


class People(Struct, frozen=True):
    """The people of a family, for its page. The relations between the child and the others are
    included only for readers who may see how the family is supported.
    """

    members: list[view.Member]
    relations: list[view.Related]
    at_risk: list[view.Other]
    risk: list[view.RiskStep]


def of_family(desk: Desk, db: Db, reader: Reader, case: UUID) -> People:
    """Return the people of a family today, with the names that the reader may see."""
    others = _called(db, reader, view.at_risk(db, reader, case))
    return People(
        _called(db, reader, view.members(db, reader, case, desk.today())),
        _called(db, reader, view.relations(db, reader, case)),
        others,
        view.risk_steps(db, others),
    )


def _called(db: Db, reader: Reader, members: Sequence[Shown]) -> list[Shown]:
    names = people.visible_names(db, reader, {member.person for member in members})
    return [
        replace(member, who=names[member.person].label) if member.person in names else member
        for member in members
    ]

"""Risks to a family's parents, with their names if the reader may see them."""

from uuid import UUID

from msgspec.structs import replace

from domain.kernel.values import Reader
from projections.families import parents
from projections.intelligence import people
from projections.kernel.database import Db


def of_case(db: Db, reader: Reader, case: UUID) -> list[parents.Endangered]:
    """Return the risks to a family's parents, with their names if the reader may see them."""
    risks = parents.risks(db, reader, case)
    names = people.visible_names(db, reader, {risk.person for risk in risks})
    return [
        replace(risk, who=names[risk.person].label) if risk.person in names else risk
        for risk in risks
    ]

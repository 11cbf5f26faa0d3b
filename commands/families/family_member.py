"""Commands about family members of a child: carers, relationships, and other children who may be at
risk.
"""

from typing import TypeVar, Unpack
from uuid import UUID

from msgspec import structs

from commands.kernel.case_filing import for_charity
from commands.kernel.declared import InCase, OnItem, with_day
from commands.kernel.item_references import act_on_item, resolve_case
from commands.kernel.unit_of_work import Command, Desk, Receipt
from domain.families import family_member
from domain.families.ethnicity import FamilyEthnicityTold
from domain.families.family_contact import FamilyTold
from domain.families.family_member import (
    AtRisk,
    AtRiskDecided,
    AtRiskNamed,
    CareTold,
    EngagementTold,
    MemberNamed,
    RelationAssessed,
)
from domain.families.parent import ParentRiskNoted
from domain.forms.intervals import LONDON
from domain.kernel.codes import RiskDecision
from domain.kernel.envelope import Event
from domain.kernel.values import Reader, Refused
from projections.families import cases
from projections.families import family_members as view
from projections.intelligence import people

Told = TypeVar(
    "Told", CareTold, EngagementTold, RelationAssessed, ParentRiskNoted, FamilyEthnicityTold
)


def _name(desk: Desk, reader: Reader, event: MemberNamed) -> tuple[Event, ...]:
    return family_member.name(event, _child(desk, reader, event.case))


def _tell_care(desk: Desk, reader: Reader, event: CareTold) -> tuple[Event, ...]:
    return family_member.tell_care(in_family(desk, reader, event), desk.today())


def _tell_engagement(desk: Desk, reader: Reader, event: EngagementTold) -> tuple[Event, ...]:
    return (in_family(desk, reader, event),)


def _assess_relation(desk: Desk, reader: Reader, event: RelationAssessed) -> tuple[Event, ...]:
    return family_member.assess_relation(in_family(desk, reader, event), desk.today())


def _name_at_risk(desk: Desk, reader: Reader, event: AtRiskNamed) -> tuple[Event, ...]:
    return family_member.name_at_risk(event, _child(desk, reader, event.case))


#: Record a member of a child's family.
name = InCase(_name, person=True)
#: Record that a family member cares for the child, or no longer does.
tell_care = InCase(_tell_care, person=True)
#: Record whether a family member accepts the support.
tell_engagement = InCase(_tell_engagement, person=True)
#: Record the relationship between a family member and the child, in the charity's opinion.
assess_relation = InCase(_assess_relation, person=True, recorder=for_charity)
#: Name another child who may be at risk.
name_at_risk = InCase(_name_at_risk, person=True)
#: Assess the risk to a child who was named at risk.
assess_at_risk = OnItem(
    "at-risk",
    AtRisk(),
    family_member.evolve,
    with_day(family_member.assess_at_risk),
)


def decide_at_risk(
    desk: Desk,
    reader: Reader,
    which: UUID | str,
    decision: RiskDecision,
    opened: str | None,
    reason: str | None,
    **command: Unpack[Command],
) -> Receipt:
    """Decide about another child who was named as at risk; `opened` names that child's own case.
    Raises Hidden, and Refused if `domain.families.family_member.decide_at_risk` does."""

    def decide(state: AtRisk) -> tuple[Event, ...]:
        own = resolve_case(desk, reader, opened) if opened else None
        theirs = frozenset[UUID]()
        if own and state.named:
            with desk.deciding() as db:
                child = cases.children(db, reader, own).get(own)
                if child and state.named.person in people.all_merged_ids(db, reader, child):
                    theirs = frozenset({own})
        return family_member.decide_at_risk(state, AtRiskDecided(decision, own, reason), theirs)

    fields = [decision, opened, reason]
    return act_on_item(
        desk,
        reader,
        "family.decide",
        which,
        "at-risk",
        AtRisk(),
        family_member.evolve,
        decide,
        fields,
        **command,
    )


def in_family(desk: Desk, reader: Reader, event: Told) -> Told:
    """Return this event about a family member with its person replaced by the merged record under
    which the person is recorded as a family member. Raises Refused if no merged record of the
    person is a family member.
    """
    with desk.deciding() as db:
        same = people.all_merged_ids(db, reader, event.person)
        named = view.among(db, reader, event.case, same)
    if named is None:
        raise Refused(
            "this person is not recorded as a family member: record that first",
            field="who",
        )
    return structs.replace(event, person=named)


# --- warnings for the worker ------------------------------------------------------------------


def entitlement_warning(desk: Desk, reader: Reader, made: UUID) -> str | None:
    """Return a warning for a worker who informed a person about a child, if the person has no
    recorded parental responsibility and does not care for the child; otherwise None.
    """
    fact = desk.logs["evidence"].history(made)[0]
    event = fact.event
    if not isinstance(event, FamilyTold) or event.carer is None:
        return None
    day = (event.happened or fact.recorded).astimezone(LONDON).date()
    with desk.asking() as db:
        same = people.all_merged_ids(db, reader, event.carer)
        rows = view.members(db, reader, event.case, day)
        member = next((row for row in rows if row.person in same), None)
    why = family_member.entitlement_doubt(
        member.responsibility if member else None, cares=bool(member and member.cares)
    )
    return f"Look again at who was told: {why}." if why else None


def _child(desk: Desk, reader: Reader, case: UUID) -> UUID | None:
    with desk.deciding() as db:
        return cases.children(db, reader, case).get(case)

"""A family as its case shows it: contacts, the charity's notes, open proposals, court proceedings,
and the child's health and placements, for readers who are admitted to these two compartments.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import get_args
from uuid import UUID

from msgspec import Struct

from access.who_may.decide import decide
from commands.families import child as child_facts
from commands.families import same_child
from commands.families.child import ChildFacts
from commands.kernel.display_names import visible_names_with_children
from commands.kernel.unit_of_work import Desk
from commands.people_and_teams import two_person
from domain.kernel.codes import Compartment
from domain.kernel.values import Reader
from projections import missing
from projections.composed import odd
from projections.due import victims
from projections.families import (
    cases,
    charity_support,
    compartments,
    family_contact,
    marac,
    needs,
    profiles,
    publications,
)
from projections.families import waiting_families as waiting
from projections.families.cases import Case
from projections.families.needs import MoveRow, NeedRow, ThreatRow
from projections.families.parents import Endangered
from projections.families.waiting_families import WaitingRow
from projections.intelligence import meetings, people, waiting_for_second
from projections.intelligence.people import Entity
from projections.intelligence.waiting_for_second import ProposalRow
from projections.justice import abduction_notices as notices_view
from projections.justice import charging, court, duty_to_report, outcomes, victim_requests
from projections.kernel.database import Db
from projections.missing.rows import EpisodeRow, PlanRow
from questions.families import endangered, people_of_family
from questions.families.people_of_family import People
from questions.justice import evidence_gaps, in_force
from questions.justice.evidence_gaps import Lack, Stand
from questions.justice.in_force import Notice


class Charged(Struct, frozen=True):
    """The charging decisions, court orders and appeals in a case."""

    decisions: list[charging.DecisionRow]
    orders: list[charging.OrderRow]
    appeals: list[charging.AppealRow]


class FamilyLife(Struct, frozen=True):
    """The family's needs, threats, moves, waiting times, and publications about it."""

    needs: list[NeedRow]
    threats: list[ThreatRow]
    moves: list[MoveRow]
    waiting: list[WaitingRow]
    published: list[publications.PublicationRow]
    texts: list[publications.PressRow]
    maracs: list[marac.MaracRow]


class Family(Struct, frozen=True):
    """A case as its reader sees it. Lists are in the order of events or of recording.

    `told` are recorded statements of the child's age, for readers who rate or work with the child.
    `offered` are the workers to whom the reader can allocate the case, for readers who allocate.
    `stands` is, for readers who handle evidence, the evidence without the child's account, with
    what is missing before the police can act. `waits` are the open proposals, each with whether
    this reader may confirm it. `names` are the people in court proceedings, `grounds` the reasons
    of the decisions.
    """

    row: Case
    child: Entity | None
    notes: list[charity_support.NoteRow]
    contacts: list[charity_support.ContactRow]
    told_log: list[family_contact.ToldRow]
    promised: list[family_contact.PromiseRow]
    invited: list[family_contact.InvitationRow]
    asked_how: list[family_contact.AskedRow]
    carers: Mapping[UUID, Entity]
    health: list[compartments.HealthNote]
    placements: list[compartments.Placement]
    holders: Mapping[Compartment, list[str]]
    followed: list[outcomes.OutcomeRow]
    odd: Mapping[UUID, Sequence[str]]
    heard: court.CourtRecords
    charged: Charged
    names: Mapping[UUID, Entity]
    decided: list[meetings.DecisionRow]
    grounds: Mapping[UUID, str]
    stands: tuple[list[Stand], list[Lack]] | None
    news: list[victims.StepRow]
    warned: tuple[list[Notice], list[notices_view.BreachRow]]
    asked_for: list[victim_requests.VictimRequestRow]
    duties: list[duty_to_report.DutyRow]
    waits: list[tuple[ProposalRow, bool]]
    models: list[profiles.ModelRow]
    endangered: list[Endangered]
    its: People
    away: list[EpisodeRow]
    missing_in: list[Case]
    plan: PlanRow | None
    lives: FamilyLife
    told: ChildFacts | None
    offered: list[str]


def shown(desk: Desk, db: Db, reader: Reader, case: UUID, now: datetime) -> Family | None:
    """Return a family; None for a case that the reader may not see."""
    row = cases.get(db, reader, case)
    if row is None:
        return None
    arguments = (db, reader, case)
    child = people.entities(db, reader, [row.child]).get(row.child)
    told_log = family_contact.list_news(*arguments)
    followed, heard, charged = (
        outcomes.of_case(*arguments),
        court.of_case(*arguments),
        _charged(*arguments),
    )
    decided = meetings.decisions(db, reader, about=case)
    rests = {item for decision in decided for item in (*decision.rests_on, *decision.became)}
    rates = decide(reader, "rate").allowed or decide(reader, "work").allowed
    return Family(
        row=row,
        child=child,
        notes=charity_support.notes(*arguments),
        contacts=charity_support.contacts(*arguments),
        told_log=told_log,
        promised=family_contact.promises(*arguments),
        invited=family_contact.invitations(*arguments),
        asked_how=family_contact.list_feedback(*arguments),
        carers=people.entities(db, reader, [entry.carer for entry in told_log if entry.carer]),
        health=compartments.health(*arguments),
        placements=compartments.placements(*arguments),
        holders={
            argument: compartments.holders(*arguments, argument)
            for argument in get_args(Compartment)
        },
        followed=followed,
        odd=odd.describe_inconsistencies(db, reader, [entry.item for entry in followed]),
        heard=heard,
        charged=charged,
        names=people.entities(db, reader, _tried(followed, heard, charged)),
        decided=decided,
        grounds=visible_names_with_children(db, reader, rests),
        stands=evidence_gaps.list_evidence(*arguments)
        if evidence_gaps.may_see_evidence(*arguments)
        else None,
        news=victims.steps(*arguments),
        warned=in_force.list_notices_of_child(db, reader, now, row.child),
        asked_for=victim_requests.of_case(*arguments),
        duties=duty_to_report.of_case(*arguments),
        waits=_waiting(*arguments),
        models=profiles.models(*arguments),
        endangered=endangered.of_case(*arguments),
        its=people_of_family.of_family(desk, *arguments),
        away=missing.of_case(*arguments),
        missing_in=same_child.missing_in(*arguments),
        plan=missing.plans(db, reader, [case]).get(case) if child else None,
        lives=_lives(*arguments),
        told=child_facts.visible_facts(desk, db, reader, row.child) if rates else None,
        offered=_workers(db, reader) if decide(reader, "allocate").allowed else [],
    )


def _tried(
    followed: Sequence[outcomes.OutcomeRow], heard: court.CourtRecords, charged: Charged
) -> list[UUID]:
    """Return the people in the case against whom there are, or may be, court proceedings."""
    whose = [
        *(row.person for row in followed),
        *(hearing.person for hearing in heard.hearings),
        *(bail.person for bail in heard.bails),
        *(plea.person for plea in heard.pleas),
        *(decision.person for decision in charged.decisions),
        *(order.person for order in charged.orders),
        *(appeal.person for appeal in charged.appeals),
    ]
    return [item for item in whose if item]


def _charged(db: Db, reader: Reader, case: UUID) -> Charged:
    arguments = (db, reader, case)
    return Charged(
        charging.decisions(*arguments), charging.orders(*arguments), charging.appeals(*arguments)
    )


def _lives(db: Db, reader: Reader, case: UUID) -> FamilyLife:
    arguments = (db, reader, case)
    return FamilyLife(
        needs.needs(*arguments),
        needs.threats(*arguments),
        needs.moves(*arguments),
        waiting.of_case(*arguments),
        publications.published(*arguments),
        publications.texts(*arguments),
        marac.of_case(*arguments),
    )


def _waiting(db: Db, reader: Reader, case: UUID) -> list[tuple[ProposalRow, bool]]:
    """Return the open proposals about this case. Each is returned with whether this reader may
    confirm it.
    """
    rows = waiting_for_second.of(db, reader, case)
    return [(row, two_person.may_confirm(db, reader, row)) for row in rows]


def _workers(db: Db, reader: Reader) -> list[str]:
    """Return the names of the workers on the cases that this reader sees."""
    return sorted(worker for worker, _ in cases.load(db, reader).by_worker)

"""How people define their ethnicity, by which model a child is exploited, and what made them
vulnerable."""

from collections.abc import Sequence
from typing import Unpack
from uuid import UUID

from msgspec import structs, to_builtins

from commands.desk import Command, Desk, Receipt
from commands.filing import file_in_case, for_charity, keep
from commands.member import in_family, today
from commands.reference import about
from domain import ethnicity, exploitation
from domain.envelope import Event
from domain.ethnicity import EthnicityTold, FamilyEthnicityTold
from domain.exploitation import ModelAssessed
from domain.values import OFFENDER_CATEGORIES, Reader
from projections import cases, people


def tell_ethnicity(
    desk: Desk,
    reader: Reader,
    told: EthnicityTold,
    who: str,
    *,
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> Receipt:
    """How a child or a suspect defines their ethnicity. Raises Refused for whom nobody recorded,
    and as `domain.ethnicity.tell`."""
    command_id, causes = command_id or desk.new_random_id(), tuple(because_of)
    body = [to_builtins(told) | {"person": who}, causes]
    if again := desk.repeated(command_id, "person.ethnicity", body):
        return again
    person = about(desk, reader, who, "person")
    with desk.deciding() as db:
        known = people.entities(db, reader, [person]).get(person)
        of_a_case = person in cases.children(db, reader).values()
    events = ethnicity.tell(
        structs.replace(told, person=person),
        child=of_a_case or bool(known and known.is_child),
        suspect=bool(known and known.categories & OFFENDER_CATEGORIES),
    )
    return keep(desk, reader, "person.ethnicity", events, command_id, causes, body)


def tell_family_ethnicity(
    desk: Desk,
    reader: Reader,
    told: FamilyEthnicityTold,
    case: str,
    who: str,
    **command: Unpack[Command],
) -> Receipt:
    """How a parent defines theirs: the charity's. Raises Refused for who was not named as one of
    the family."""

    def decide(one: FamilyEthnicityTold) -> tuple[Event, ...]:
        return (in_family(desk, reader, one),)

    return file_in_case(
        desk,
        for_charity(reader),
        "family.ethnicity",
        told,
        case,
        decide,
        named=[("person", who)],
        **command,
    )


def assess_model(
    desk: Desk, reader: Reader, assessed: ModelAssessed, case: str, **command: Unpack[Command]
) -> Receipt:
    """By which model a child is exploited. Raises Refused as `domain.exploitation.assess`."""

    def decide(one: ModelAssessed) -> tuple[Event, ...]:
        return exploitation.assess(one, today(desk))

    return file_in_case(desk, reader, "exploitation.assess", assessed, case, decide, **command)

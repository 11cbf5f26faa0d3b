"""Commands for self-defined ethnicity, nationality for a duty, the model of a child's exploitation
and the child's vulnerabilities.
"""

from collections.abc import Sequence
from uuid import UUID

from msgspec import structs, to_builtins

from commands.families.family_member import in_family
from commands.kernel.case_filing import for_charity, keep
from commands.kernel.declared import FromFields, InCase, with_day
from commands.kernel.item_references import about
from commands.kernel.unit_of_work import Desk, Receipt
from domain.families import ethnicity, exploitation, nationality
from domain.families.ethnicity import EthnicityTold, FamilyEthnicityTold
from domain.families.nationality import NationalityTold
from domain.kernel.envelope import Event
from domain.kernel.values import OFFENDER_CATEGORIES, Reader
from projections.families import cases
from projections.intelligence import people


@FromFields
def record_ethnicity(
    desk: Desk,
    reader: Reader,
    made: EthnicityTold,
    who: str,
    *,
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> Receipt:
    """Record how a child or a suspect defines their ethnicity. Raises Refused if the person is not
    recorded, and what `domain.families.ethnicity.tell` raises.
    """
    command_id, causes = command_id or desk.new_random_id(), tuple(because_of)
    body = [to_builtins(made) | {"person": who}, causes]
    if again := desk.repeated(command_id, "person.ethnicity", body):
        return again
    person = about(desk, reader, who, "person")
    child, suspect = is_child_or_suspect(desk, reader, person)
    events = ethnicity.tell(structs.replace(made, person=person), child=child, suspect=suspect)
    return keep(desk, reader, "person.ethnicity", events, command_id, causes, body)


def is_child_or_suspect(desk: Desk, reader: Reader, person: UUID) -> tuple[bool, bool]:
    """Return whether a person is a child, and whether the person is a suspect, as far as the reader
    sees the records.
    """
    with desk.deciding() as db:
        entity = people.entities(db, reader, [person]).get(person)
        of_a_case = person in cases.children(db, reader).values()
    child = of_a_case or bool(entity and entity.is_child)
    return child, bool(entity and entity.categories & OFFENDER_CATEGORIES)


@FromFields
def record_nationality(
    desk: Desk,
    reader: Reader,
    made: NationalityTold,
    who: str,
    *,
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> Receipt:
    """Record the nationality of a child or a suspect, and the duty for which it is needed. Raises
    Refused if the person is not recorded, and what `domain.families.nationality.tell` raises.
    """
    command_id, causes = command_id or desk.new_random_id(), tuple(because_of)
    body = [to_builtins(made) | {"person": who}, causes]
    if again := desk.repeated(command_id, "person.nationality", body):
        return again
    person = about(desk, reader, who, "person")
    child, suspect = is_child_or_suspect(desk, reader, person)
    events = nationality.tell(structs.replace(made, person=person), child=child, suspect=suspect)
    return keep(desk, reader, "person.nationality", events, command_id, causes, body)


def _tell_family_ethnicity(
    desk: Desk, reader: Reader, event: FamilyEthnicityTold
) -> tuple[Event, ...]:
    return (in_family(desk, reader, event),)


#: Record how a parent defines their ethnicity, for the charity.
tell_family_ethnicity = InCase(_tell_family_ethnicity, person=True, recorder=for_charity)
#: Record the worker's opinion of the pattern (model) in which a child is exploited.
assess_model = InCase(with_day(exploitation.assess))

"""Record missing episodes, returns and interviews in all cases of one child. If two records were
judged to be the same child, the event is recorded in the cases of both records.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Unpack
from uuid import UUID, uuid5

from access.who_may.event_rules import require_command
from commands.kernel.declared import ByName, Made, itself, name_of
from commands.kernel.item_references import resolve_case
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Command, Desk, Receipt, act, earlier_receipt, facts
from domain.families import referral
from domain.families.referral import Case
from domain.kernel.envelope import Event, Submission
from domain.kernel.values import Reader, Refused
from projections.families import cases
from projections.intelligence import people
from projections.kernel.database import Db


def cases_of(db: Db, reader: Reader, case: UUID) -> list[UUID]:
    """Return this case, followed by the other cases of the same child that the reader sees."""
    child = cases.children(db, reader, case).get(case)
    same = people.all_merged_ids(db, reader, child) if child else []
    others = cases.children_among(db, reader, same, ()) if len(same) > 1 else {}
    return [case, *(item for item in others if item != case)]


def missing_in(db: Db, reader: Reader, case: UUID) -> "list[cases.Case]":
    """Return the other cases of this case's child in which the child is recorded as missing."""
    others = cases_of(db, reader, case)[1:]
    return [row for row in cases.of(db, reader, others) if row.missing] if others else []


@dataclass(frozen=True)
class OnEachCase(ByName[Made]):
    """A declared command that records an event in the case that the user names, and in those other
    cases of the same child to which the event applies. `body` returns the input that is hashed to
    recognise a repeated command.
    """

    concerns: Callable[[Case, Made], bool]
    decide: Callable[[Case, Made], tuple[Event, ...]]
    body: Callable[[Made], object] = itself

    def __call__(
        self, desk: Desk, reader: Reader, which: UUID | str, made: Made, **command: Unpack[Command]
    ) -> Receipt:
        return on_each_case(
            desk,
            reader,
            name_of(self.event),
            str(which),
            lambda state: self.concerns(state, made),
            lambda state: self.decide(state, made),
            [self.body(made)],
            **command,
        )


def on_each_case(
    desk: Desk,
    reader: Reader,
    name: str,
    case: str,
    concerns: Callable[[Case], bool],
    decide: Callable[[Case], tuple[Event, ...]],
    body: object,
    **command: Unpack[Command],
) -> Receipt:
    """Record a decision in each case of the child for which `concerns` returns True; if there is
    none, only in the case that the user named. Raises what `decide` raises for the named case;
    another case for which `decide` raises is left unchanged.
    """

    def find() -> UUID:
        return resolve_case(desk, reader, case)

    if again := earlier_receipt(desk, name, case, body, find, **command):
        return again
    require_command(reader, name)
    found_item = find()
    with desk.deciding() as db:
        others = cases_of(db, reader, found_item)[1:]
    chosen = [item for item in others if _concerned(desk, reader, name, item, concerns, decide)]
    state, _ = desk.current_state(reader, found_item, Case(), referral.evolve)
    if concerns(state) or not chosen:
        chosen.insert(0, found_item)
    if len(chosen) == 1:
        return act(
            desk,
            reader,
            name,
            chosen[0],
            Case(),
            referral.evolve,
            decide,
            body,
            target=case,
            **command,
        )
    return _on_several(desk, reader, name, case, chosen, decide, body, **command)


def _concerned(
    desk: Desk,
    reader: Reader,
    name: str,
    case: UUID,
    concerns: Callable[[Case], bool],
    decide: Callable[[Case], tuple[Event, ...]],
) -> bool:
    if not desk.reaches(reader, name, case):
        return False
    state, version = desk.current_state(reader, case, Case(), referral.evolve)
    if not version or not concerns(state):
        return False
    try:
        return bool(decide(state))
    except Refused:
        return False


def _on_several(
    desk: Desk,
    reader: Reader,
    name: str,
    text: str,
    chosen: Sequence[UUID],
    decide: Callable[[Case], tuple[Event, ...]],
    body: object,
    **command: Unpack[Command],
) -> Receipt:
    """Record a decision in each of the cases `chosen`, in one transaction. In the first case the
    fact has the id of the command; in each other case, an id derived from it.
    """
    first_id: UUID = command.get("command_id") or desk.new_random_id()
    causes = tuple(command.get("because_of", ()))
    prepared = []
    for number, item in enumerate(chosen):
        state, version = desk.current_state(reader, item, Case(), referral.evolve)
        made = facts(reader, item, version, decide(state), causes)
        command_id = uuid5(first_id, str(item)) if number else first_id
        digest = desk.digest(name, [str(item) if number else text, body, causes])
        submission = Submission(command_id, digest, made)
        prepared.append(Prepared(item, {"evidence": submission}, reader))
    return desk.save(prepared)[0]

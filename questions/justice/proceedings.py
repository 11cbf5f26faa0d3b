"""Proceedings in a case, from arrest to appeal: every step against each suspect, in order."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.kernel.values import Reader
from projections.intelligence import people
from projections.justice import charging, court, outcomes
from projections.kernel.columns import Column
from projections.kernel.database import Db


class Step(Struct, frozen=True):
    """One step of proceedings against a person, such as an arrest or an appeal. `offence` is the
    charge, None if unknown; `what` is the kind of step, and `how` is the step's result."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("who", "suspect"),
        Column("happened", "date", "moment"),
        Column("what", "step"),
        Column("how", "result"),
        Column("offence", "offence"),
        Column("id", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("who", "person", "happened", "id")
    who: str
    person: UUID
    happened: datetime
    what: str
    how: str | None
    offence: str | None
    id: UUID


def list_steps(db: Db, reader: Reader, case: UUID) -> list[Step]:
    """Return the steps of a case that the reader sees, by suspect. Warning notices are left out,
    because they are not proceedings."""
    steps = [
        *_followed(db, reader, case),
        *_decided(db, reader, case),
        *_court_steps(db, reader, case),
    ]
    names_by_person = people.visible_names(db, reader, {step.person for step in steps})
    named = (
        replace(step, who=names_by_person[step.person].label)
        if step.person in names_by_person
        else step
        for step in steps
    )
    return sorted(named, key=lambda step: (step.who, step.person, step.happened, step.id))


def _step(
    person: UUID, when: datetime, event: str, how: str | None, offence: str | None, item: UUID
) -> Step:
    return Step("somebody", person, when, event, how, offence, item)


def _followed(db: Db, reader: Reader, case: UUID) -> Iterator[Step]:
    rows = outcomes.of_case(db, reader, case)
    offences = {row.item: row.offence for row in rows}
    for row in rows:
        if row.person and row.what != "notice":
            months = None if row.months is None else f"{row.months} months"
            how = f"{months}, suspended" if months and row.suspended else months or row.again
            offence = row.offence or (offences.get(row.charge) if row.charge else None)
            when = row.happened or row.known_from
            yield _step(row.person, when, row.what.replace("-", " "), how, offence, row.item)


def _decided(db: Db, reader: Reader, case: UUID) -> Iterator[Step]:
    for row in charging.decisions(db, reader, case):
        how = "to charge" if row.decision == "charge" else "not to charge"
        if row.review:
            how += f"; a second look: {row.review}"
        yield _step(row.person, row.happened, "charging decision", how, row.offence, row.id)
    for order in charging.orders(db, reader, case):
        how = order.order.replace("-", " ") + (f", until {order.until}" if order.until else "")
        yield _step(order.person, order.happened, "order", how, None, order.id)
    for appeal in charging.appeals(db, reader, case):
        against = appeal.against.replace("-", " ")
        how = f"against {against}, {appeal.end or 'not decided'}"
        yield _step(appeal.person, appeal.happened, "appeal", how, None, appeal.id)


def _court_steps(db: Db, reader: Reader, case: UUID) -> Iterator[Step]:
    for bail in court.bails(db, reader, case):
        how = "breached" if bail.breached else "ended" if bail.ended else None
        yield _step(bail.person, bail.recorded, "bail", how, None, bail.id)
    for plea in court.pleas(db, reader, case):
        how = plea.plea.replace("-", " ")
        yield _step(plea.person, plea.happened, "plea", how, plea.offence, plea.id)
    for hearing in court.hearings(db, reader, case):
        if hearing.person:
            description = f"hearing: {hearing.kind.replace('-', ' ')}"
            yield _step(
                hearing.person, hearing.starts, description, hearing.result, None, hearing.id
            )

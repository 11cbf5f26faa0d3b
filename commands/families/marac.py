"""A young person is referred to a MARAC, and what it decides."""

from typing import Unpack
from uuid import UUID

from commands.families import child
from commands.kernel.case_filing import file_in_case
from commands.kernel.item_references import act_on
from commands.kernel.unit_of_work import Command, Desk, Receipt
from domain.families import marac
from domain.families.marac import Marac, MaracHeard, MaracReferred
from domain.kernel.envelope import Event
from domain.kernel.values import Reader
from projections.families import cases
from projections.families import marac as view


def refer(
    desk: Desk, reader: Reader, referred: MaracReferred, case: str, **command: Unpack[Command]
) -> Receipt:
    """Refer the young person of a case. Raises Refused as `domain.families.marac.refer`."""

    def decide(one: MaracReferred) -> tuple[Event, ...]:
        with desk.deciding() as db:
            young = cases.children(db, reader, one.case).get(one.case)
            known = child.shown(desk, db, reader, young) if young else child.Known()
            heard = view.heard(db, reader, child.cases_of(db, reader, one.case))
        day = desk.today()
        return marac.refer(one, known.years(day), heard, day)

    return file_in_case(desk, reader, "marac.refer", referred, case, decide, **command)


def hear(
    desk: Desk, reader: Reader, which: UUID | str, heard: MaracHeard, **command: Unpack[Command]
) -> Receipt:
    """What it decided. Raises Hidden, and Refused as `domain.families.marac.hear`."""
    return act_on(
        desk,
        reader,
        "marac.hear",
        which,
        "marac",
        Marac(),
        marac.evolve,
        lambda state: marac.hear(state, heard, desk.today()),
        [heard],
        **command,
    )

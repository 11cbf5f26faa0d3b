"""What endangers a parent, which is the charity's; and that somebody is in danger now, which is
everybody's."""

from typing import Unpack
from uuid import UUID

from commands.families.family_member import in_family
from commands.kernel.case_filing import file_in_case, for_charity
from commands.kernel.item_references import act_on
from commands.kernel.unit_of_work import Command, Desk, Receipt
from domain.families import parent, protection
from domain.families.parent import ParentRiskEnded, ParentRiskNoted, Risk
from domain.families.protection import DangerFlagged
from domain.kernel.envelope import Event
from domain.kernel.values import Reader


def note_risk(
    desk: Desk,
    reader: Reader,
    noted: ParentRiskNoted,
    case: str,
    who: str,
    **command: Unpack[Command],
) -> Receipt:
    """Something endangers a parent. Raises Refused for a person who was not named as one of the
    family, and as `domain.families.parent.note`."""

    def decide(one: ParentRiskNoted) -> tuple[Event, ...]:
        return parent.note(in_family(desk, reader, one), desk.today())

    return file_in_case(
        desk,
        for_charity(reader),
        "parent.risk",
        noted,
        case,
        decide,
        named=[("person", who)],
        **command,
    )


def end_risk(
    desk: Desk, reader: Reader, which: UUID | str, reason: str, **command: Unpack[Command]
) -> Receipt:
    """It endangers them no longer. Raises Hidden, and Refused as `domain.families.parent.end`."""
    ended = ParentRiskEnded(reason)
    return act_on(
        desk,
        for_charity(reader),
        "parent.end_risk",
        which,
        "parent-risk",
        Risk(),
        parent.evolve,
        lambda state: parent.end(state, ended),
        [ended],
        **command,
    )


def flag_danger(
    desk: Desk, reader: Reader, flagged: DangerFlagged, case: str, **command: Unpack[Command]
) -> Receipt:
    """Somebody is in danger now. Raises Refused as `domain.families.protection.flag_danger`."""
    return file_in_case(
        desk, reader, "danger.flag", flagged, case, protection.flag_danger, **command
    )

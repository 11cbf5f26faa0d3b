"""Whether somebody is charged, the family's right to a second look, and what follows a verdict."""

from typing import Unpack
from uuid import UUID

from commands.kernel.case_filing import file_in_case
from commands.kernel.item_references import act_on
from commands.kernel.unit_of_work import Command, Desk, Receipt
from domain.justice import charging, verdict
from domain.justice.charging import ChargingDecided, Decision, ReviewTold
from domain.justice.verdict import Appeal, AppealDecided, AppealLodged, OrderMade
from domain.kernel.values import Reader


def decide(
    desk: Desk,
    reader: Reader,
    told: ChargingDecided,
    case: str,
    who: str,
    **command: Unpack[Command],
) -> Receipt:
    """Somebody is charged, or is not. Raises Refused as `domain.justice.charging.decide`."""
    return file_in_case(
        desk,
        reader,
        "charging.decide",
        told,
        case,
        lambda one: charging.decide(one, desk.clock()),
        named=[("person", who)],
        **command,
    )


def tell_review(
    desk: Desk, reader: Reader, which: UUID | str, told: ReviewTold, **command: Unpack[Command]
) -> Receipt:
    """What became of the right to a second look. Raises Hidden, and Refused as
    `domain.justice.charging.review`."""
    return act_on(
        desk,
        reader,
        "charging.review",
        which,
        "charging-decision",
        Decision(),
        charging.evolve,
        lambda state: charging.review(state, told, desk.clock()),
        [told],
        **command,
    )


def make_order(
    desk: Desk, reader: Reader, made: OrderMade, case: str, who: str, **command: Unpack[Command]
) -> Receipt:
    """A court ordered something. Raises Refused as `domain.justice.verdict.order`."""
    return file_in_case(
        desk,
        reader,
        "verdict.order",
        made,
        case,
        lambda one: verdict.order(one, desk.clock()),
        named=[("person", who)],
        **command,
    )


def lodge_appeal(
    desk: Desk,
    reader: Reader,
    lodged: AppealLodged,
    case: str,
    who: str,
    **command: Unpack[Command],
) -> Receipt:
    """Somebody appeals. Raises Refused as `domain.justice.verdict.lodge`."""
    return file_in_case(
        desk,
        reader,
        "verdict.appeal",
        lodged,
        case,
        lambda one: verdict.lodge(one, desk.clock()),
        named=[("person", who)],
        **command,
    )


def decide_appeal(
    desk: Desk, reader: Reader, which: UUID | str, told: AppealDecided, **command: Unpack[Command]
) -> Receipt:
    """An appeal was decided. Raises Hidden, and Refused as `domain.justice.verdict.decide`."""
    return act_on(
        desk,
        reader,
        "verdict.decide_appeal",
        which,
        "appeal",
        Appeal(),
        verdict.evolve,
        lambda state: verdict.decide(state, told, desk.clock()),
        [told],
        **command,
    )

"""The command that withdraws a log entry, a report or an item of evidence. It calls the withdrawal
command for the kind of item.
"""

from typing import Unpack

from commands.information import withdrawal
from commands.intelligence import intelligence_report
from commands.justice import evidence
from commands.kernel import item_references
from commands.kernel.unit_of_work import Command, Desk, Receipt
from domain.kernel.codes import Threatened, WithdrawnFor
from domain.kernel.values import Reader, Refused
from projections.kernel import item_ids

EVIDENCE = ("exhibit", "statement", "recorded-interview")


def withdraw(
    desk: Desk,
    reader: Reader,
    item: str,
    reason: str,
    ground: WithdrawnFor | None = None,
    threatened: Threatened | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Withdraw a log entry, a report or an item of evidence, which remains on record as withdrawn.
    Raises what the withdrawal command for its kind raises, and Refused if a ground is given for a
    report or an item of evidence.
    """
    found_item = item_references.about(desk, reader, item)
    with desk.deciding() as db:
        kind = item_ids.resolve(db, reader, str(found_item))[0].kind
    if kind in ("report", *EVIDENCE) and (ground or threatened):
        field = "ground" if ground else "threatened"
        raise Refused(
            "a ground and a threat to the parent are stated only when a log entry is withdrawn: "
            "leave both out",
            field=field,
        )
    if kind == "report":
        return intelligence_report.withdraw(desk, reader, found_item, reason, **command)
    if kind in EVIDENCE:
        return evidence.change_status(desk, reader, str(found_item), "withdrawn", reason, **command)
    return withdrawal.words(desk, reader, found_item, reason, ground, threatened, **command)

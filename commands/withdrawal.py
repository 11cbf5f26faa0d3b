"""What was told or made is taken back: words, a report, an item of evidence."""

from typing import Unpack

from commands import evidence, intelligence, observation, reference
from commands.desk import Command, Desk, Receipt
from domain.values import Reader
from projections import register

EVIDENCE = ("exhibit", "statement", "recorded-interview")


def withdraw(
    desk: Desk, reader: Reader, item: str, reason: str, **command: Unpack[Command]
) -> Receipt:
    """It no longer stands, and stays on record as withdrawn. Raises as what withdraws its kind."""
    found = reference.about(desk, reader, item)
    with desk.deciding() as db:
        kind = register.resolve(db, reader, str(found))[0].kind
    if kind == "report":
        return intelligence.withdraw(desk, reader, found, reason, **command)
    if kind in EVIDENCE:
        return evidence.change_status(desk, reader, str(found), "withdrawn", reason, **command)
    return observation.withdraw(desk, reader, found, reason, **command)

"""The command for a disclosure officer's decisions about unused material."""

from typing import Unpack
from uuid import UUID, uuid5

from msgspec import to_builtins

from access.who_may.event_rules import require_command
from commands.kernel import item_references
from commands.kernel.unit_of_work import Command, Desk, Receipt, act, earlier_receipt
from domain.justice import unused_material
from domain.justice.unused_material import MaterialReviewed
from domain.kernel.codes import Presumed, Relevance, Sensitivity
from domain.kernel.values import Reader

MATERIAL = UUID("7b0e3c1a-52c4-5d0b-9a64-0d8f3e5a1c07")


def review(
    desk: Desk,
    reader: Reader,
    case: str,
    item: str,
    relevance: Relevance,
    sensitivity: Sensitivity,
    description: str,
    *,
    reason: str | None = None,
    used: bool = False,
    presumed: Presumed | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Record a disclosure officer's decision whether one item of a case is relevant and sensitive.
    A later decision about the item replaces the earlier one.
    """
    name, text = "material.review", f"{case}|{item}"
    body = [relevance, sensitivity, used, description, reason, *([presumed] if presumed else ())]

    def made() -> MaterialReviewed:
        with desk.deciding() as db:
            of = item_references.item(desk, db, reader, case, "case")
            material = item_references.item(desk, db, reader, item)
        rest = (relevance, sensitivity, used, description, reason, presumed)
        return MaterialReviewed(material, of, *rest)

    def former() -> object:
        """Return the command's input in the form that an older release hashed: without the field
        `presumed`.
        """
        return {name: value for name, value in to_builtins(made()).items() if name != "presumed"}

    if again := earlier_receipt(
        desk,
        name,
        text,
        body,
        lambda: _stream(made()),
        log="access",
        former=former,
        **command,
    ):
        return again
    require_command(reader, name)
    decided = made()
    return act(
        desk,
        reader,
        name,
        _stream(decided),
        None,
        lambda s, e: None,
        lambda s: unused_material.review(decided),
        body,
        log="access",
        target=text,
        **command,
    )


def _stream(made: MaterialReviewed) -> UUID:
    return uuid5(MATERIAL, f"{made.case}/{made.item}")

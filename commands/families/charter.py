"""Acknowledgement of the charter, which sets out the role of a Parent Support Worker."""

from typing import Unpack

from commands.kernel.unit_of_work import Command, Desk, Receipt, act
from domain.families import charter, supervision
from domain.families.supervision import Supervision
from domain.kernel.values import Reader


def acknowledge(desk: Desk, reader: Reader, version: str, **command: Unpack[Command]) -> Receipt:
    """Record that the reader has read the role charter. Only the reader can record this. Raises
    Refused if `domain.families.charter.acknowledge` does.
    """
    return act(
        desk,
        reader,
        "charter.acknowledge",
        supervision.stream(reader.name),
        Supervision(),
        supervision.evolve,
        lambda state: charter.acknowledge(reader.name, version),
        [version],
        **command,
    )

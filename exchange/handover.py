"""Files that carry offers between a police force and the hub, for a force without a connection to
the hub, such as a force whose store is on files. The first line names the force; each further line
is a row as JSON.
"""

from collections.abc import Iterable, Iterator
from typing import Literal, TextIO, TypeVar

import msgspec

from commands.exchange.exchange import OfferStatus
from domain.kernel.decoding import decoder
from domain.kernel.envelope import Outgoing
from domain.kernel.values import Refused

Way = Literal["from", "to"]
R = TypeVar("R", Outgoing, OfferStatus)
_NONE = "this file is not a file of the exchange, or was changed"


class FileHeading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line of a file of offers or messages. It names the force that wrote the file
    (`from`) or that the file is for (`to`).
    """

    way: Way
    force: str


def write_rows(file: TextIO, force: str, rows: Iterable[Outgoing]) -> int:
    """Write a force's offers to a file for the hub; return their number."""
    return _write(file, FileHeading("from", force), rows)


def read_rows(file: TextIO, force: str) -> list[Outgoing]:
    """Return the offers in a file that this force wrote. Raises Refused for any other file."""
    return list(_read(file, FileHeading("from", force), Outgoing))


def write_messages(file: TextIO, force: str, rows: Iterable[OfferStatus]) -> None:
    """Write the hub's messages to this force into a file."""
    _write(file, FileHeading("to", force), rows)


def read_messages(file: TextIO, force: str) -> list[OfferStatus]:
    """Return the hub's messages from a file for this force. Raises Refused for any other file."""
    return list(_read(file, FileHeading("to", force), OfferStatus))


def _write(file: TextIO, heading: FileHeading, rows: Iterable[object]) -> int:
    lines = [msgspec.json.encode(row).decode() + "\n" for row in (heading, *rows)]
    file.writelines(lines)
    return len(lines) - 1


def _read(file: TextIO, wanted: FileHeading, kind: type[R]) -> Iterator[R]:
    try:
        heading = decoder(FileHeading)(file.readline())
        if heading != wanted:
            raise Refused(
                f"this file is {heading.way} {heading.force}: give one {wanted.way} {wanted.force}"
            )
        for line in file:
            yield decoder(kind)(line)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Refused(_NONE) from None

"""What passes between a force and the hub in files, where no line between them exists: a store on
files has none. The first line says whose file it is, then a line of JSON for each row."""

from collections.abc import Iterable, Iterator
from typing import Literal, TextIO, TypeVar

import msgspec

from commands.exchange.exchange import Told
from domain.kernel.decoding import decoder
from domain.kernel.envelope import Outgoing
from domain.kernel.values import Refused

Way = Literal["from", "to"]
R = TypeVar("R", Outgoing, Told)
_NONE = "this is no file of the exchange, or it was changed"


class Heading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose file it is: what came `from` this force, or is told `to` it."""

    way: Way
    force: str


def write_rows(file: TextIO, force: str, rows: Iterable[Outgoing]) -> int:
    """Write what leaves this force; how many rows that was."""
    return _write(file, Heading("from", force), rows)


def read_rows(file: TextIO, force: str) -> list[Outgoing]:
    """What this force wrote. Raises Refused for anything else."""
    return list(_read(file, Heading("from", force), Outgoing))


def write_told(file: TextIO, force: str, rows: Iterable[Told]) -> None:
    """Write what this force is told."""
    _write(file, Heading("to", force), rows)


def read_told(file: TextIO, force: str) -> list[Told]:
    """What the hub wrote for this force. Raises Refused for anything else."""
    return list(_read(file, Heading("to", force), Told))


def _write(file: TextIO, heading: Heading, rows: Iterable[object]) -> int:
    lines = [msgspec.json.encode(one).decode() + "\n" for one in (heading, *rows)]
    file.writelines(lines)
    return len(lines) - 1


def _read(file: TextIO, wanted: Heading, kind: type[R]) -> Iterator[R]:
    try:
        found = decoder(Heading)(file.readline())
        if found != wanted:
            raise Refused(
                f"this is a file {found.way} {found.force}, and not {wanted.way} {wanted.force}"
            )
        for line in file:
            yield decoder(kind)(line)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Refused(_NONE) from None

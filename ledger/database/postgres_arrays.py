"""Send thousands of values in one statement to PostgreSQL, as arrays in its binary form.

The driver's own encoding of arrays takes longer than the insert itself.
"""

from collections.abc import Iterable
from struct import Struct

from psycopg.adapt import Dumper
from psycopg.pq import Format

# The head of an array: number of dimensions, whether it has NULLs, type of its elements, length,
# first index.
_HEAD = Struct(">iiiii")
_LENGTH, _INT, _BIGINT = Struct(">i"), Struct(">i"), Struct(">q")


class BinaryArray(bytes):
    """An array in PostgreSQL's binary form; the statement must name its type."""

    __slots__ = ()


class PackedDumper(Dumper):
    """Tells the database driver to send a `BinaryArray` as it is."""

    format = Format.BINARY

    def dump(self, obj: BinaryArray) -> bytes:
        return obj


# The numbers in the following functions are PostgreSQL's object ids of the arrays' element types;
# they are the same in every version (pg_type.dat).


def bigint(value: int) -> bytes:
    """Return a number in PostgreSQL's binary form."""
    return _BIGINT.pack(value)


def as_int(given: bytes) -> int:
    """Return the number that PostgreSQL sent in its binary form."""
    return int.from_bytes(given, signed=True)


def byteas(values: Iterable[bytes]) -> BinaryArray:
    return _packed(17, values)


def bigints(values: Iterable[int]) -> BinaryArray:
    return _packed(20, map(_BIGINT.pack, values))


def integers(values: Iterable[int]) -> BinaryArray:
    return _packed(23, map(_INT.pack, values))


def texts(values: Iterable[str]) -> BinaryArray:
    return _packed(25, map(str.encode, values))


def uuids(values: Iterable[bytes]) -> BinaryArray:
    """Return a PostgreSQL array of ids of 16 bytes each."""
    return _packed(2950, values)


def _packed(element: int, values: Iterable[bytes]) -> BinaryArray:
    parts: list[bytes] = []
    for value in values:
        parts += _LENGTH.pack(len(value)), value
    if not parts:
        return BinaryArray(_HEAD.pack(0, 0, element, 0, 0)[:12])  # an empty array has no dimension
    return BinaryArray(b"".join((_HEAD.pack(1, 0, element, len(parts) // 2, 1), *parts)))

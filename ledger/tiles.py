"""Where do the hashes of a proof come from, if not the whole log is to be read for it?

From tiles, after C2SP tlog-tiles: 256 hashes of one level stand together, and a level has one
file, numbered as tiles are. Level 0 is the log itself: its leaves are computed from the records.
File 1 holds the roots over 256 records each, file 2 over 65,536. The signer writes them as it
reads. Nobody trusts them: a proof from a wrong tile does not lead to the signed root, and is then
made from the records (proof.py).
"""

from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from domain.envelope import LogName
from ledger.merkle import BUNDLE, HEIGHT, SIZE, Peaks, subtree

_KEPT = 64
"""Tiles in memory, 8 KiB each."""

Leaves = Callable[[int, int], list[bytes]]
"""Leaves from an index on, so many or as many as there are."""


class NoTile(Exception):
    """A hash is wanted that stands in no tile."""


def tiles_of(public: Path, log: LogName) -> Path:
    """Where a log's tiles lie, beside its published checkpoint."""
    return public / f"{log}.tiles"


class Tiles:
    """Reads nodes of a tree: from files in `directory` and from the records' own leaves."""

    def __init__(self, directory: Path, leaves: Leaves) -> None:
        self._directory, self._leaves = directory, leaves
        self._tile = lru_cache(_KEPT)(self._read)

    def node(self, level: int, index: int) -> bytes:
        """A complete node. Raises NoTile, OSError."""
        floor, above = divmod(level, HEIGHT)
        tile, place = divmod(index << above, BUNDLE)
        found = self._tile(floor, tile)[place : place + (1 << above)]
        if len(found) < 1 << above:
            raise NoTile(f"tile {floor}/{tile} is not whole")
        return subtree(found)

    def _read(self, floor: int, tile: int) -> list[bytes]:
        if not floor:
            return self._leaves(tile * BUNDLE, BUNDLE)
        try:
            with (self._directory / str(floor)).open("rb") as file:
                file.seek(tile * BUNDLE * SIZE)
                held = file.read(BUNDLE * SIZE)
        except FileNotFoundError:
            raise NoTile(f"there is no file {floor} of tiles") from None
        whole = len(held) // SIZE * SIZE
        return [held[at : at + SIZE] for at in range(0, whole, SIZE)]

    def agree(self, tree: Peaks) -> bool:
        """Whether every tile that a tree of this size has is there, and the tree's own.

        The lowest file is folded anew and held against those above it and against the peaks.
        """
        wrong: list[int] = []
        seen: Counter[int] = Counter()

        def hold_against(floor: int, node: bytes) -> None:
            if self.node(HEIGHT * (floor + 1), seen[floor]) != node:
                wrong.append(floor)
            seen[floor] += 1

        folded = Peaks(told=hold_against)
        try:
            for index in range(tree.size >> HEIGHT):
                folded.add(self.node(HEIGHT, index))
        except (NoTile, OSError):
            return False
        whole = [(level - HEIGHT, node) for level, node in tree.peaks() if level >= HEIGHT]
        return not wrong and list(folded.peaks()) == whole


class Writer:
    """Writes down the complete nodes that a growing tree tells of, behind its first `size`."""

    def __init__(self, directory: Path, size: int) -> None:
        self._directory, self._size = directory, size
        self._files: dict[int, BinaryIO] = {}

    def __enter__(self) -> Self:
        self._directory.mkdir(parents=True, exist_ok=True)
        return self

    def __call__(self, floor: int, node: bytes) -> None:
        file = self._files.get(floor)
        if file is None:
            path = self._directory / str(floor)
            path.touch()
            file = self._files[floor] = path.open("r+b")
            file.seek((self._size >> HEIGHT * floor) * SIZE)
        file.write(node)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        for file in self._files.values():
            file.truncate()
            file.close()

"""Tiles: files with the hashes of a log's Merkle tree, so that a proof does not need the whole log.

Tiles are at the addresses of C2SP tlog-tiles: 256 hashes of one level in one file. The tile
`tile/L/N` has roots over 256**L records each; N is written in groups of three digits
(`x001/x234/067`), and the name of a tile that is not full ends in `.p/` and its width. The signer
writes the tiles, and its checkpoint beside them, so that a web server can publish the folder. Tiles
need not be trusted: leaves are computed from the records. If a tile is wrong, a proof does not lead
to the signed root, and is then made from the records (proof.py).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

from domain.kernel.envelope import LogName
from ledger.database.durable_files import PUBLIC
from ledger.proof.merkle import BUNDLE, HEIGHT, SIZE, Peaks, subtree

_KEPT = 64
"""Number of tiles in memory, 8 KiB each."""

_FULL = BUNDLE * SIZE

Leaves = Callable[[int, int], list[bytes]]
"""A function that returns the leaves from a position on; the second argument is the largest
number."""


class NoTile(Exception):
    """Raised if the requested hash is in no tile file."""


def tiles_of(public: Path, log: LogName) -> Path:
    """Return the path of a log's tile files, beside its published checkpoint."""
    return public / f"{log}.tiles"


def address(floor: int, tile: int, width: int = BUNDLE) -> str:
    """Return the path of a tile file with this width, below the folder of tiles."""
    digits = f"{tile:0{-(-len(str(tile)) // 3) * 3}d}"
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    partial = f".p/{width}" if width < BUNDLE else ""
    return (
        "/".join(["tile", str(floor), *(f"x{group}" for group in groups[:-1]), groups[-1]])
        + partial
    )


class Tiles:
    """Reads nodes of a log's Merkle tree: from files in `directory` and from the records' own
    leaves.
    """

    def __init__(self, directory: Path, leaves: Leaves) -> None:
        self._directory, self._leaves = directory, leaves
        self._tile = lru_cache(_KEPT)(self._read)

    def node(self, level: int, index: int) -> bytes:
        """Return a complete node of the tree. Raises NoTile, OSError."""
        floor, above = divmod(level, HEIGHT)
        tile, place = divmod(index << above, BUNDLE)
        hashes = self._tile(floor, tile)[place : place + (1 << above)]
        if len(hashes) < 1 << above:
            raise NoTile(f"the tile {floor}/{tile} of the log is not complete")
        return subtree(hashes)

    def _read(self, floor: int, tile: int) -> list[bytes]:
        if not floor:
            return self._leaves(tile * BUNDLE, BUNDLE)
        return _hashes(self._held(floor, tile))

    def _held(self, floor: int, tile: int) -> bytes:
        full = self._directory / address(floor, tile)
        if full.is_file():
            return full.read_bytes()
        partial = full.with_name(full.name + ".p")
        widths = sorted(int(path.name) for path in partial.glob("*") if path.name.isdecimal())
        if not widths:
            raise NoTile(f"there is no tile {floor}/{tile} of the log")
        return (partial / str(widths[-1])).read_bytes()

    def agree(self, tree: Peaks) -> bool:
        """Return whether every tile file of a tree of this size exists and matches the tree: hashes
        computed from the leaves are compared with the tiles above, and with the roots of the tree's
        subtrees."""
        nodes: dict[int, bytearray] = defaultdict(bytearray)

        def keep(floor: int, content: bytes) -> None:
            if floor:
                nodes[floor] += content

        folded = Peaks(report=keep)
        try:
            for file in self._files(0, tree.size):
                folded.extend(_hashes(file))
            if list(folded.peaks()) != list(tree.peaks()):
                return False
            return all(
                b"".join(self._files(floor, len(level_nodes) // SIZE)) == level_nodes
                for floor, level_nodes in nodes.items()
            )
        except OSError:
            return False

    def _files(self, floor: int, count: int) -> Iterator[bytes]:
        """Yield the tiles with the first `count` hashes of a level, each with its right width."""
        for tile, start in enumerate(range(0, count, BUNDLE)):
            width = min(BUNDLE, count - start)
            yield (self._directory / address(floor, tile, width)).read_bytes()


class Writer:
    """Write the tile files of a Merkle tree while it is built; the object is called with the tree's
    nodes. Wrong files are overwritten, and right files are not touched.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._counts: dict[int, int] = {}
        self._pending: dict[int, bytes] = {}
        """The hashes of the last tile of each floor, which is not full."""

    def copy(self) -> "Writer":
        """Return a copy of the writer, to which nodes can be added without changing this writer."""
        writer = Writer(self._directory)
        writer._counts, writer._pending = dict(self._counts), dict(self._pending)
        return writer

    def __call__(self, floor: int, nodes: bytes) -> None:
        """Add the next nodes of one level of the tree, as joined hashes. Raises OSError."""
        pending = self._pending.get(floor, b"") + nodes
        tile = self._counts.get(floor, 0)
        while len(pending) >= _FULL:
            self._write(self._directory / address(floor, tile), pending[:_FULL])
            pending, tile = pending[_FULL:], tile + 1
        self._counts[floor], self._pending[floor] = tile, pending

    def flush(self, note: str) -> None:
        """Write the tile files that are not full, and the checkpoint of the present tree. Raises
        OSError."""
        for floor, pending in self._pending.items():
            if pending:
                width = len(pending) // SIZE
                self._write(self._directory / address(floor, self._counts[floor], width), pending)
        self.write_checkpoint(note)

    def write_checkpoint(self, note: str) -> None:
        """Write only the checkpoint beside the tiles, because it has one more signature line.
        Raises OSError."""
        self._write(self._directory / "checkpoint", note.encode())

    def _write(self, path: Path, data: bytes) -> None:
        if path.is_file() and path.read_bytes() == data:
            return
        path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        beside = path.with_name(path.name + ".new")
        beside.write_bytes(data)
        beside.chmod(PUBLIC)
        beside.replace(path)


def _hashes(data: bytes) -> list[bytes]:
    whole = len(data) // SIZE * SIZE
    return [data[at : at + SIZE] for at in range(0, whole, SIZE)]

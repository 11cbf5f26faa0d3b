"""The links of the network in files, one for each portion of the log: written once, and read by
several machines.

A file has a temporary name until it is complete. Files of links contain only numbers, each of which
represents a person; the ids of the people are in another file. All files are in a directory that
only its owner may read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from analytics.begun import Begun
from analytics.engine import Array
from network.index.growing_columns import ID
from network.measures.link_stream import LinkPortion

_BEGUN, _PEOPLE = "begun.json", "people"


class Parts:
    """The files in which one analysis of the network stores its links."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def begun(self) -> Begun | None:
        """Return the inputs of the analysis that was begun in this directory; None if no analysis
        was begun here, or if the file with its inputs is incomplete."""
        try:
            return Begun(**json.loads((self.place / _BEGUN).read_bytes()))
        except (OSError, ValueError, TypeError):
            return None

    def begin(self, begun: Begun, people: Array) -> None:
        """Replace all files with the inputs of a new analysis and the people's ids."""
        self.clear()
        _whole(self.place / _PEOPLE, people.tobytes())
        _whole(self.place / _BEGUN, json.dumps(msgspec.structs.asdict(begun)).encode())

    def clear(self) -> None:
        for old in self.place.glob("*"):
            old.unlink(missing_ok=True)

    def people(self) -> Array:
        """Return the ids of the people in the analysis, in the order of their numbers."""
        return np.frombuffer((self.place / _PEOPLE).read_bytes(), ID)

    def file(self, until: int) -> Path:
        """Return the path of the file for the portion of the log that ends at this position."""
        return self.place / f"{until:015}.parquet"

    def write(self, until: int, portion: LinkPortion) -> None:
        """Write the links of one portion of the log to its file."""
        beside = {"cleared": portion.cleared.tolist(), "left": [portion.ungraded, portion.weaker]}
        table = pa.table({"a": portion.a, "b": portion.b}).replace_schema_metadata(
            {"beside": json.dumps(beside)}
        )
        new = self.file(until).with_suffix(".new")
        pq.write_table(table, new)
        new.replace(self.file(until))

    def written(self) -> Iterator[tuple[int, LinkPortion]]:
        """Yield, for each portion written so far, the number of its links, and how many links were
        left out of it.
        """
        for file in self.files():
            file_metadata = pq.read_schema(file).metadata or {}
            beside = json.loads(file_metadata[b"beside"])
            none = np.empty(0, np.int64)
            cleared = np.array(beside["cleared"], np.int64)
            yield pq.read_metadata(file).num_rows, LinkPortion(none, none, cleared, *beside["left"])

    def files(self) -> list[Path]:
        """Return the files of the portions written so far, in order."""
        return sorted(self.place.glob("*.parquet"))


def ties_in(file: str) -> tuple[Array, Array]:
    """Return the two ends of each link in a file."""
    table = pq.read_table(file)
    return table["a"].to_numpy(), table["b"].to_numpy()


def _whole(path: Path, content: bytes) -> None:
    new = path.with_suffix(".new")
    new.write_bytes(content)
    new.replace(path)

"""Measure how long it takes to import a police data set of the usual shape, and to answer a
question about it.

Run it alone with `python -m bench.police [PART …]`: each PART measures the whole set divided by
that number (1: 61,521 nodes and 105,840 links). One link should take the same time in a part of any
size.
"""

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

from commands.kernel.entity import resolve_entity
from ingest.importing.load import import_files
from installation.opening import open_system
from installation.settings import load_settings
from network.query.near import near
from projections.intelligence.links import LinkFilter
from tests.network.pole import Size, write

NOW = datetime(2012, 1, 1, tzinfo=UTC)
PARTS = (100, 20)


@dataclass(frozen=True)
class Police:
    """The figures of one part of the data set: its links, the CPU seconds to import them, and the
    CPU seconds to find the people who were near two areas.
    """

    ties: int
    imported: float
    asked: float
    rejected: int


def measure(part: int) -> Police:
    """Import the police data set divided by `part` into a store on disk, with all views. Then
    measure the question which people were near two areas.
    """
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory)
        files = write(home, Size() if part == 1 else Size().part(part))
        settings = load_settings(store=str(home / "store"), user="bench")
        system = open_system(settings, create=True, synthetic=True, now=NOW)
        paths = [files.people, files.incidents, files.links]
        start = process_time()
        report = import_files(
            system.desk, system.reader, paths, originals=system.originals, now=NOW
        )
        imported = process_time() - start
        start = process_time()
        with system.desk.asking() as db:
            places = ("place:Area 0", "place:Area 1")
            ends = [resolve_entity(system.desk, db, system.reader, place)[0] for place in places]
            near(db, system.reader, ends, link_filter=LinkFilter(min_rank=None))
        query_seconds = process_time() - start
        system.close()
    return Police(files.ties, imported, query_seconds, sum(file.rejected for file in report.files))


def table(figures: Sequence[Police]) -> str:
    head = f"{'links':>9}{'rejected':>10}{'import s':>10}{'ms a link':>11}{'near two areas s':>18}"
    lines = [
        f"{figure.ties:9,}{figure.rejected:10}{figure.imported:10.1f}"
        f"{figure.imported / figure.ties * 1000:11.2f}{figure.asked:18.2f}"
        for figure in figures
    ]
    return "\n".join([head, *lines])


if __name__ == "__main__":
    print(table([measure(int(part)) for part in sys.argv[1:] or PARTS]))

"""The places that a force knows besides the country's towns."""

from pathlib import Path


def places_in(file: Path | None) -> frozenset[str]:
    """The places of a file that a force set; none without one, and the reading stays unloaded."""
    if file is None:
        return frozenset()
    from ingest.reading.gazetteer import of_file

    return of_file(file)

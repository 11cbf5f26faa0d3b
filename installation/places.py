"""Places of a force, in addition to the country's towns."""

from pathlib import Path


def places_in(file: Path | None) -> frozenset[str]:
    """Return the places in a force's file; without one none, and the reader is not imported."""
    if file is None:
        return frozenset()
    from ingest.reading.gazetteer import of_file

    return of_file(file)

"""Reads the places of a force, which it adds to the country's towns."""

from pathlib import Path


def places_in(file: Path | None) -> frozenset[str]:
    """Return the places in a force's file; without a file none, and the reader is not imported."""
    if file is None:
        return frozenset()
    from ingest.reading.gazetteer import of_file

    return of_file(file)

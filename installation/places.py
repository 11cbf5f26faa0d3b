"""Read the places that a police force adds to the towns of the country."""

from pathlib import Path


def places_in(file: Path | None) -> frozenset[str]:
    """Return the places in a police force's file; none without a file, and then the code that reads
    it is not imported.
    """
    if file is None:
        return frozenset()
    from ingest.reading.gazetteer import of_file

    return of_file(file)

"""Read the places that a police force adds to the towns of the country."""

from pathlib import Path


def places_in(file: Path | None) -> frozenset[str]:
    """Return the places in a police force's file, or no places if `file` is None. The code that
    reads such a file is imported only if there is one."""
    if file is None:
        return frozenset()
    from ingest.reading.gazetteer import of_file  # imported here, as most forces have no such file

    return of_file(file)

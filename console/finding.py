"""One thing that the doctor found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """What it is in a word, what was found, where, and what to do about it."""

    what: str
    found: str
    where: tuple[str, ...]
    do: str

"""A finding of `continuum doctor`, and how it is printed: the greatest danger comes first."""

from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from itertools import groupby
from textwrap import wrap
from typing import Any

from msgspec import Struct

#: The largest number of places that are printed for a finding, and the width of a line in
#: characters.
MOST, WIDTH = 20, 78


class Danger(IntEnum):
    """The kinds of danger by which findings are sorted, the worst first."""

    WORDS = 1
    EXPOSURE = 2
    PROOF = 3
    SERVICE = 4
    HOUSEKEEPING = 5


HEADINGS = {
    Danger.WORDS: "Records may be lost",
    Danger.EXPOSURE: "Children or sources may be exposed or unprotected",
    Danger.PROOF: "Records may not be provable",
    Danger.SERVICE: "The service may fail or stay unused",
    Danger.HOUSEKEEPING: "To finish",
}


class Finding(Struct, frozen=True):
    """A problem that needs action: the danger, its short name, a sentence that describes it, its
    place, and the remedy.
    """

    danger: Danger
    what: str
    found: str
    where: tuple[str, ...]
    do: str


def by_danger(findings: Iterable[Finding]) -> list[Finding]:
    """Return the doctor's findings, the greatest danger first."""
    return sorted(findings, key=lambda finding: finding.danger)


def documents(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return the doctor's findings as JSON documents."""
    return [
        {"what": finding.what, "found": finding.found, "where": finding.where, "do": finding.do}
        for finding in findings
    ]


def lines(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield the printed lines of the doctor's findings, which are sorted by danger."""
    for danger, several in groupby(findings, key=lambda one: one.danger):
        if danger != findings[0].danger:
            yield ""
        yield f"{HEADINGS[danger]}:"
        for finding in several:
            more = f" and {len(finding.where) - MOST} more" if len(finding.where) > MOST else ""
            yield ""
            yield from _wrapped(f"{finding.what.upper()}: {finding.found}", "  ")
            yield from _wrapped(f"where: {', '.join(finding.where[:MOST])}{more}", "    ")
            yield from _wrapped(f"do: {finding.do}", "    ")


def _wrapped(text: str, indent: str) -> list[str]:
    """Return the lines of a text; paths and words of a command are not broken."""
    return wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )

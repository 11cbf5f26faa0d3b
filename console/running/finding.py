"""What the doctor found, and how it is shown: what endangers most comes first."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby
from textwrap import wrap
from typing import Any

#: Names of a finding's places that are shown at most, and columns of a line.
MOST, WIDTH = 20, 78


class Danger(IntEnum):
    """What a finding endangers, the worst first."""

    WORDS = 1
    EXPOSURE = 2
    PROOF = 3
    SERVICE = 4
    HOUSEKEEPING = 5


HEADINGS = {
    Danger.WORDS: "What people record may be lost",
    Danger.EXPOSURE: "Children or sources may be exposed or unprotected",
    Danger.PROOF: "What was recorded may not be provable",
    Danger.SERVICE: "The service may fail or stay unused",
    Danger.HOUSEKEEPING: "To finish",
}


@dataclass(frozen=True)
class Finding:
    """Something that needs an act: what it endangers, what it is in a word, what was found, where,
    and what to do about it."""

    danger: Danger
    what: str
    found: str
    where: tuple[str, ...]
    do: str


def by_danger(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings in the order of what they endanger."""
    return sorted(findings, key=lambda one: one.danger)


def documents(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return the findings as programs read them."""
    return [
        {"what": one.what, "found": one.found, "where": one.where, "do": one.do} for one in findings
    ]


def lines(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield the findings, which stand by danger, as people read them."""
    for danger, several in groupby(findings, key=lambda one: one.danger):
        if danger != findings[0].danger:
            yield ""
        yield f"{HEADINGS[danger]}:"
        for one in several:
            more = f" and {len(one.where) - MOST} more" if len(one.where) > MOST else ""
            yield ""
            yield from _wrapped(f"{one.what.upper()}: {one.found}", "  ")
            yield from _wrapped(f"where: {', '.join(one.where[:MOST])}{more}", "    ")
            yield from _wrapped(f"do: {one.do}", "    ")


def _wrapped(text: str, indent: str) -> list[str]:
    """Return the lines of a text; a path or a command's word is not broken."""
    return wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )

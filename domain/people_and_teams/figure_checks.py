"""Finds contradictions in a list of figures, by rules. A figure with a contradiction is flagged,
and not corrected.

The report has fifteen contradictions. Three are in its stories: an age of "14.8 months", two
sisters with one outcome, a story without an exit. The report card's rules find contradictions of
the same kinds in a team's own records.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from domain import forms
from domain.kernel.figures import ReportFigure

#: Two rates of the same subject that differ by more than this factor contradict each other.
_APART = 1.05
_PENDING = re.compile(r"\((\d+) pending\)")
_ONE_CHILD, _EXIT = re.compile(r"\bchild is\b", re.IGNORECASE), re.compile(r"\bno longer at risk\b")


def flags(register: Sequence[ReportFigure]) -> list[tuple[str, ...]]:
    """Return the contradictions of each figure with itself or with the others."""
    return [
        (
            *_within_figure(one),
            *(flag for other in register for flag in _between_figures(one, other)),
        )
        for one in register
    ]


def _within_figure(one: ReportFigure) -> Iterator[str]:
    """Yield the contradictions within one figure."""
    if "NK" in one.value:
        yield "NK is not known, and not none"
    if pending := _PENDING.search(one.quote):
        yield f"whether the {pending[1]} pending count in the number is not said"
    if one.shares and sum(one.shares) != 100:
        yield f"the shares are {sum(one.shares)} % together"
    for (_, last), (first, _) in pairwise(one.bands):
        if first > last + 1:
            yield f"no group has the age of {', '.join(map(str, range(last + 1, first)))}"
    for offenders, charges in one.pairs:
        if charges < offenders:
            yield f"{charges} charges are fewer than {offenders} offenders"
    for team, after in one.begins:
        yield f"{team}: {one.months - after} of {one.months} months"
    if one.age and forms.age(one.age) is None:
        yield f'"{one.age}" can be read in more than one way'
    if one.children > 1 and _ONE_CHILD.search(one.end):
        yield f"its end is of one child, and it has {one.children}"
    if one.end and not _EXIT.search(one.end):
        yield "it does not say that the child is no longer at risk"
    same = [team for team, year in one.years if year == dict(one.years).get(one.newest)]
    for team in same:
        if team != one.newest:
            yield f"{one.newest} is called the newest, and {team} began in the same year"


def _between_figures(one: ReportFigure, other: ReportFigure) -> Iterator[str]:
    """Yield the contradictions between two figures about the same subject."""
    if one is other or not one.about or one.about != other.about:
        return
    if one.trend and other.trend and one.trend != other.trend:
        yield f"{one.trend} here, {other.trend} in: {other.what}"
    elif one.months and other.months and one.months < other.months:
        times = other.months / one.months
        low, high = one.low * times, one.high * times
        if high * _APART < other.low or other.high * _APART < low:
            rate = f"{low:g}" if low == high else f"{low:g} to {high:g}"
            yield f"{rate} in {other.months} months at this rate, and not {other.value}"
    elif one.low and not one.months and one.low != other.low:
        yield f"{other.low} in: {other.what}"

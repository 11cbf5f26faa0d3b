"""Finds contradictions in a list of figures, by rules. A figure with a contradiction is marked, and
not corrected.

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
            *_within_figure(figure),
            *(
                flag
                for report_figure in register
                for flag in _between_figures(figure, report_figure)
            ),
        )
        for figure in register
    ]


def _within_figure(figure: ReportFigure) -> Iterator[str]:
    """Yield the contradictions within one figure."""
    if "NK" in figure.value:
        yield "NK is not known, and not none"
    if pending := _PENDING.search(figure.quote):
        yield f"whether the {pending[1]} pending count in the number is not said"
    if figure.shares and sum(figure.shares) != 100:
        yield f"the shares are {sum(figure.shares)} % together"
    for (_, last), (first, _) in pairwise(figure.bands):
        if first > last + 1:
            yield f"no group has the age of {', '.join(map(str, range(last + 1, first)))}"
    for offenders, charges in figure.pairs:
        if charges < offenders:
            yield f"{charges} charges are fewer than {offenders} offenders"
    for team, after in figure.begins:
        yield f"{team}: {figure.months - after} of {figure.months} months"
    if figure.age and forms.age(figure.age) is None:
        yield f'"{figure.age}" can be read in more than one way'
    if figure.children > 1 and _ONE_CHILD.search(figure.end):
        yield f"its end is of one child, and it has {figure.children}"
    if figure.end and not _EXIT.search(figure.end):
        yield "it does not say that the child is no longer at risk"
    same = [team for team, year in figure.years if year == dict(figure.years).get(figure.newest)]
    for team in same:
        if team != figure.newest:
            yield f"{figure.newest} is called the newest, and {team} began in the same year"


def _between_figures(first_figure: ReportFigure, second_figure: ReportFigure) -> Iterator[str]:
    """Yield the contradictions between two figures about the same subject."""
    if (
        first_figure is second_figure
        or not first_figure.about
        or first_figure.about != second_figure.about
    ):
        return
    if first_figure.trend and second_figure.trend and first_figure.trend != second_figure.trend:
        yield f"{first_figure.trend} here, {second_figure.trend} in: {second_figure.what}"
    elif (
        first_figure.months and second_figure.months and first_figure.months < second_figure.months
    ):
        times = second_figure.months / first_figure.months
        low, high = first_figure.low * times, first_figure.high * times
        if high * _APART < second_figure.low or second_figure.high * _APART < low:
            rate = f"{low:g}" if low == high else f"{low:g} to {high:g}"
            yield (
                f"{rate} in {second_figure.months} months at this rate, "
                f"and not {second_figure.value}"
            )
    elif first_figure.low and not first_figure.months and first_figure.low != second_figure.low:
        yield f"{second_figure.low} in: {second_figure.what}"

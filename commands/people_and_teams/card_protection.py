"""Choose which figures of a report card to withhold, so that no small number of families can be
computed from the published figures.

The published periods and teams divide the record into cells: a cell is a team, a span of time and a
measure. Each published figure is a sum of cells. A family counts only once in a longer period, so
the figure of a longer period may be smaller than the sum of its parts; we assume that an attacker
knows the difference.

A small cell (one to four families), or a small difference between a whole and its published parts,
is protected if at least five different values fit all published figures. Integer programming
(HiGHS, by scipy) finds the smallest and the largest of these values.

Only new figures can be withheld: the smallest figure first, together with all others of the same
size, because a choice among them would itself reveal something.
"""

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeAlias

from msgspec import Struct

from domain.kernel import suppression
from domain.kernel.codes import CardMeasure
from domain.people_and_teams.report_card import MEASURES

Span: TypeAlias = tuple[datetime, datetime]
#: A cell, the smallest unit in which families are counted: a team, a span of time (by its number in
#: `Attack.spans`), and a measure.
Cell: TypeAlias = tuple[str, int, CardMeasure]
#: A function that returns how many families of these teams were recorded in a period.
Counts: TypeAlias = Callable[[datetime, datetime], Mapping[str, Mapping[CardMeasure, int]]]
#: The smallest number of possible values with which a small figure counts as hidden.
POSSIBLE = suppression.FEW


class CardFigure(Struct, frozen=True):
    """A figure of a report card: a number of families of some teams in a span of time. `number` is
    the true number, and `shown` the published one, rounded to a multiple of `base`. All figures of
    a card have the same teams and span of time.
    """

    teams: frozenset[str]
    span: Span
    measure: CardMeasure
    number: int
    shown: int
    base: int = 1


class Group(Struct, frozen=True):
    """Measures whose figures can be computed from each other: a whole and its parts, or measures of
    the same families.
    """

    measures: frozenset[CardMeasure]
    #: Pairs of measures of which the first is a part of the second.
    parts: tuple[tuple[CardMeasure, CardMeasure], ...]


def groups() -> list[Group]:
    """Return the measures of a report card in groups; within a group, measures can be computed from
    each other.
    """
    parts = [(part, measure.of) for part, measure in MEASURES.items() if measure.of]
    parts += [(part, measure.counts) for part, measure in MEASURES.items() if measure.counts]
    measure_groups: list[set[CardMeasure]] = [{measure} for measure in MEASURES]
    for part, whole in parts:
        first, second = (
            next(measure_group for measure_group in measure_groups if name in measure_group)
            for name in (part, whole)
        )
        if first is not second:
            first |= second
            measure_groups.remove(second)
    return [
        Group(frozenset(measure_group), tuple(pair for pair in parts if pair[0] in measure_group))
        for measure_group in measure_groups
    ]


@dataclass
class Attack:
    """An attacker's knowledge of numbers of families, from the published `figures` of report cards
    about one group of measures. `true` are the true numbers of the cells of these figures; a cell
    is a team, a span of time and a measure.
    """

    group: Group
    spans: Sequence[Span]
    true: Mapping[Cell, int]
    figures: Collection[CardFigure]
    _places: dict[Cell, int] = field(init=False)

    def __post_init__(self) -> None:
        self._places = {cell: place for place, cell in enumerate(self.true)}

    def cells_of(self, figure: CardFigure) -> list[Cell]:
        """Return the cells (a team, a span of time and a measure) whose numbers of families add up
        to this figure.
        """
        return [
            (team, number, figure.measure)
            for team in sorted(figure.teams)
            for number, span in enumerate(self.spans)
            if figure.span[0] <= span[0] and span[1] <= figure.span[1]
        ]

    def sensitive(self) -> Iterator[dict[Cell, int]]:
        """Yield each small number of families that must stay hidden, as the cells from which it is
        computed: a single cell, or a whole minus one of its parts. Each cell (a team, a span of
        time and a measure) has the factor 1 or -1."""
        for cell, number in self.true.items():
            if not suppression.may_show(number):
                yield {cell: 1}
        for part, whole in self.group.parts:
            for team, number, measure in self.true:
                if measure == whole:
                    over = {(team, number, whole): 1, (team, number, part): -1}
                    if not suppression.may_show(self.true_of(over)):
                        yield over

    def true_of(self, numbers: Mapping[Cell, int]) -> int:
        """Return the true sum of `numbers`: the true number of families of each cell, added or
        subtracted as `numbers` says.
        """
        return sum(sign * self.true[cell] for cell, sign in numbers.items())

    def bounds(self, numbers: Mapping[Cell, int]) -> tuple[float, float]:
        """Return the smallest and the largest value that the sum of `numbers` can have if all
        published figures are true. `numbers` has cells (a team, a span of time and a measure), each
        with the factor 1 or -1 for the cell's number of families.
        """
        import numpy as np
        from scipy.optimize import LinearConstraint, milp

        goal = np.zeros(len(self._places))
        for cell, sign in numbers.items():
            goal[self._places[cell]] = sign
        rows = self._rows
        constraints = LinearConstraint(*map(np.array, rows)) if rows[0] else ()
        whole = np.ones(len(goal), dtype=np.int8)

        def least(costs: Any) -> float:
            solved = milp(costs, constraints=constraints, integrality=whole)
            return -math.inf if solved.fun is None else round(solved.fun)

        return least(goal), -least(-goal)

    def protects(self, numbers: Mapping[Cell, int]) -> bool:
        """Return whether a small number of families stays hidden, because enough different values
        for it fit the published figures. The number is the sum of the cells in `numbers`, each with
        the factor 1 or -1; a cell is a team, a span of time and a measure.
        """
        smallest, largest = self.bounds(numbers)
        return largest - smallest + 1 >= POSSIBLE

    @cached_property
    def _rows(self) -> tuple[list[list[int]], list[float], list[float]]:
        """Return an attacker's knowledge as the constraints of an integer program: rows with a
        factor for each cell (a team, a span of time and a measure), and the smallest and the
        largest sum of each row. The rows are the published figures, and the rule that a part is no
        larger than its whole.
        """
        rows: list[list[int]] = []
        least: list[float] = []
        most: list[float] = []
        for figure in self.figures:
            cells = self.cells_of(figure)
            off = figure.base // 2
            together = sum(self.true[cell] for cell in cells) + figure.shown - figure.number
            rows.append(self._row(dict.fromkeys(cells, 1)))
            least.append(together - off)
            most.append(together + off)
        for part, whole in self.group.parts:
            for team, number, measure in self.true:
                if measure == part:
                    rows.append(self._row({(team, number, whole): 1, (team, number, part): -1}))
                    least.append(0)
                    most.append(float("inf"))
        return rows, least, most

    def _row(self, numbers: Mapping[Cell, int]) -> list[int]:
        row = [0] * len(self._places)
        for cell, sign in numbers.items():
            row[self._places[cell]] = sign
        return row


def protected(
    new: Iterable[CardFigure], before: Sequence[CardFigure], counts: Counts
) -> list[CardFigure]:
    """Return the new figures that may be published, in view of all earlier publications. Withheld
    are small figures that are not rounded, and other figures if otherwise a small number could be
    computed from the publications.
    """
    wanted = [figure for figure in new if suppression.may_show(figure.number) or figure.base > 1]
    spans = _spans([*wanted, *before])
    counted = [counts(*span) for span in spans]
    teams = sorted({team for figure in (*wanted, *before) for team in figure.teams})
    figures: list[CardFigure] = []
    for group in groups():
        true = {
            (team, number, measure): counted[number].get(team, {}).get(measure, 0)
            for team in teams
            for number in range(len(spans))
            for measure in sorted(group.measures)
        }
        fixed = [figure for figure in before if figure.measure in group.measures]
        visible = [figure for figure in wanted if figure.measure in group.measures]
        figures += _withhold(group, spans, true, fixed, visible)
    return figures


def _withhold(
    group: Group,
    spans: Sequence[Span],
    true: Mapping[Cell, int],
    fixed: Sequence[CardFigure],
    visible: list[CardFigure],
) -> list[CardFigure]:
    attack = Attack(group, spans, true, [*fixed, *visible])
    waiting = list(attack.sensitive())
    safe: list[dict[Cell, int]] = []
    while waiting and visible:
        numbers = waiting.pop()
        while visible and not attack.protects(numbers):
            touching = {cell[:2] for cell in numbers}
            beside = [
                figure
                for figure in visible
                if any(cell[:2] in touching for cell in attack.cells_of(figure))
            ]
            smallest = min((figure.number == 0, figure.number) for figure in beside or visible)
            figures = [
                figure
                for figure in beside or visible
                if (figure.number == 0, figure.number) == smallest
            ]
            visible = [figure for figure in visible if figure not in figures]
            attack = Attack(group, spans, true, [*fixed, *visible])
        safe.append(numbers)  # still protected, because fewer published figures reveal less
    return visible


def _spans(figures: Iterable[CardFigure]) -> list[Span]:
    """Return the shortest spans of time between the first and last days of all these figures'
    periods. Each period consists of some of these spans.
    """
    spans = {figure.span for figure in figures}
    ends = sorted({end for span in spans for end in span})
    return [
        (start, end)
        for start, end in pairwise(ends)
        if any(first <= start and end <= last for first, last in spans)
    ]

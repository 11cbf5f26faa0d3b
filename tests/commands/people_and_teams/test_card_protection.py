"""An attacker with an equation solver cannot compute small figures from the published cards."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest
from scipy.optimize import LinearConstraint, milp

from commands.people_and_teams.card_protection import CardFigure, Counts, groups, protected
from domain.kernel import suppression
from domain.kernel.codes import CardMeasure
from domain.people_and_teams.published_card import rounded
from domain.people_and_teams.report_card import MEASURES

TEAMS = ("Cherish", "Engage", "Freedom")
QUARTERS = [datetime(2011, month, 1, tzinfo=UTC) for month in (1, 4, 7, 10)]
ENDS = [*QUARTERS[1:], datetime(2012, 1, 1, tzinfo=UTC)]
ATTACKED: tuple[CardMeasure, ...] = ("referred", "parents-worker", "rated", "arrest")
Record = dict[tuple[str, int], dict[CardMeasure, int]]


def record(draw: Random) -> Record:
    """Make an invented record of three teams over a year; each family belongs to one quarter."""
    made: Record = {}
    for team, quarter in product(TEAMS, range(4)):
        referred = draw.choice((0, 1, 3, 6, 9, 30))
        made[team, quarter] = {
            "referred": referred,
            "parents-worker": draw.randint(0, referred),
            "rated": draw.randint(0, referred),
            "arrest": draw.choice((0, 2, 5, 12)),
        }
    return made


def counts_of(made: Record) -> Counts:
    def counts(since: datetime, until: datetime) -> Mapping[str, Mapping[CardMeasure, int]]:
        inside = [n for n in range(4) if since <= QUARTERS[n] and ENDS[n] <= until]
        return {
            team: {
                measure: sum(made[team, quarter][measure] for quarter in inside)
                for measure in ATTACKED
            }
            for team in TEAMS
        }

    return counts


def figures(
    made: Record, teams: tuple[str, ...], quarters: tuple[int, ...], base: int = 1
) -> Iterator[CardFigure]:
    for measure in ATTACKED:
        number = sum(made[one][measure] for one in product(teams, quarters))
        span = QUARTERS[quarters[0]], ENDS[quarters[-1]]
        yield CardFigure(frozenset(teams), span, measure, number, rounded(number, base), base)


def possible(
    shown: list[CardFigure], team: str, quarter: int, signs: Mapping[CardMeasure, int]
) -> float:
    """Return how many values are possible for the sum of these measures of a team in a quarter,
    given the published figures. The attacker solves equations with a variable for each
    unpublished figure."""
    cells = list(product(TEAMS, range(4), ATTACKED))
    place = {cell: number for number, cell in enumerate(cells)}
    rows: list[Any] = []
    least: list[float] = []
    most: list[float] = []
    for one in shown:
        row = np.zeros(len(cells))
        for cell in cells:
            inside = one.span[0] <= QUARTERS[cell[1]] and ENDS[cell[1]] <= one.span[1]
            row[place[cell]] = cell[0] in one.teams and inside and cell[2] == one.measure
        rows.append(row)
        least.append(one.shown - one.base // 2)
        most.append(one.shown + one.base // 2)
    for of_team, number in product(TEAMS, range(4)):
        for part in ("parents-worker", "rated"):
            row = np.zeros(len(cells))
            row[place[of_team, number, "referred"]] = 1
            row[place[of_team, number, part]] = -1
            rows.append(row)
            least.append(0)
            most.append(np.inf)
    goal = np.zeros(len(cells))
    for measure, sign in signs.items():
        goal[place[team, quarter, measure]] = sign
    given = LinearConstraint(np.array(rows), np.array(least), np.array(most))
    whole = np.ones(len(cells), dtype=np.int8)
    low = milp(goal, constraints=given, integrality=whole).fun
    high = milp(-goal, constraints=given, integrality=whole).fun
    return np.inf if low is None or high is None else -high - low + 1


def small(made: Record) -> Iterator[tuple[str, int, Mapping[CardMeasure, int]]]:
    """Yield each figure that is too small to be published: its team, its quarter, and the measures
    that are added or subtracted to compute it."""
    for (team, quarter), numbers in made.items():
        for measure in ATTACKED:
            if not suppression.may_show(numbers[measure]):
                yield team, quarter, {measure: 1}
        parts: tuple[CardMeasure, ...] = ("parents-worker", "rated")
        for part in parts:
            if not suppression.may_show(numbers["referred"] - numbers[part]):
                yield team, quarter, {"referred": 1, part: -1}


#: Cards in the order in which they are published: of a quarter, of the year, and of all teams
#: together.
ORDERS: tuple[tuple[tuple[tuple[str, ...], tuple[int, ...]], ...], ...] = (
    (*(((team,), (n,)) for n in range(4) for team in TEAMS), (TEAMS, (0, 1, 2, 3))),
    ((TEAMS, (0, 1, 2, 3)), *(((team,), (0, 1, 2, 3)) for team in TEAMS), (("Engage",), (0,))),
    ((("Engage",), (0, 1)), (("Engage",), (0, 1, 2)), (("Engage",), (1, 2, 3)), (TEAMS, (0,))),
)


@pytest.mark.in_turn
@pytest.mark.parametrize("base", [1, 5])
@pytest.mark.parametrize("order", range(len(ORDERS)))
def test_no_difference_of_published_cards_gives_a_small_figure(order: int, base: int) -> None:
    made = record(Random(order))
    shown: list[CardFigure] = []
    for teams, quarters in ORDERS[order]:
        new = list(figures(made, teams, quarters, base))
        shown += protected(new, shown, counts_of(made))
    assert shown, "something is published"
    for team, quarter, signs in small(made):
        assert possible(shown, team, quarter, signs) >= suppression.FEW, (team, quarter, signs)


def test_the_attacker_finds_what_primary_suppression_alone_would_leave() -> None:
    """If report cards hide only the small figures, an attacker can compute the small figure of a
    quarter from the year's total. So the attack in these tests can succeed."""
    made: Record = {
        key: dict.fromkeys(ATTACKED, 0) | {"referred": 9} for key in product(TEAMS, range(4))
    }
    made["Engage", 3]["referred"] = 2
    cards: list[tuple[int, ...]] = [(0, 1, 2, 3), (0,), (1,), (2,), (3,)]
    naive = [
        figure
        for quarters in cards
        for figure in figures(made, ("Engage",), quarters)
        if suppression.may_show(figure.number)
    ]
    assert possible(naive, "Engage", 3, {"referred": 1}) == 1
    shown: list[CardFigure] = []
    for quarters in cards:
        new = list(figures(made, ("Engage",), quarters))
        shown += protected(new, shown, counts_of(made))
    assert possible(shown, "Engage", 3, {"referred": 1}) >= suppression.FEW


def test_a_figure_without_a_neighbour_that_tells_is_published() -> None:
    made: Record = {key: dict.fromkeys(ATTACKED, 20) for key in product(TEAMS, range(4))}
    new = list(figures(made, ("Engage",), (0,)))
    assert set(protected(new, [], counts_of(made))) == set(new)


def test_measures_that_say_something_about_each_other_are_one_group() -> None:
    of = {measure: group for group in groups() for measure in group.measures}
    assert of["referred"] is of["rated"] is of["parents-worker"]
    assert of["words"] is of["logs-came"] is of["invited-to-learn"] is of["report"]
    assert of["plea"] is of["guilty-plea"] is not of["referred"]
    assert set(of) == set(MEASURES)

"""Independent sources make a link stronger; several accounts of the same source do not, and grade E
never does.
"""

from datetime import datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from network.query.evidence import StrengthPolicy, strength
from network.query.view import ego
from projections.intelligence.links import LinkRow
from tests.network.world import READER, START, World, day

ONE, OTHER = UUID(int=1), UUID(int=2)


def row(grade: str | None, root: UUID | None, at: datetime = START) -> LinkRow:
    return LinkRow(
        ONE, 1, 1, ONE, OTHER, "associate", "intelligence", grade, None, "P", root, None, None,
        None, None, False, "team-a", 1.0, None, None, None, at, None,
    )  # fmt: skip


def test_accounts_of_one_root_count_once_by_their_best() -> None:
    policy = StrengthPolicy()
    best = policy.source["2"] * policy.information["B"]
    repeated = [row("2B", ONE), row("3D", ONE), row("2B", ONE)]
    assert strength(repeated, {}) == pytest.approx(best)
    assert strength([*repeated, row("2B", OTHER)], {}) == pytest.approx(1 - (1 - best) ** 2)
    assert strength([*repeated, row("2B", OTHER)], {OTHER: ONE}) == pytest.approx(best)


def test_accounts_whose_root_nobody_knows_are_not_independent_of_each_other() -> None:
    assert strength([row("2B", None), row("2B", None)], {}) == strength([row("2B", None)], {})


def test_an_exhibit_that_is_current_counts_with_a_grade_or_without_one() -> None:
    """A current exhibit makes a link stronger than the best grade does. If the exhibit is in doubt,
    only the grade counts."""
    for grade in (None, "3D", "1A"):
        shown = replace(row(grade, ONE), stage="evidence", exhibit=OTHER)
        assert strength([shown], {}) == pytest.approx(StrengthPolicy().exhibit)
        assert strength([shown], {}) > strength([row("1A", ONE)], {})
        doubted = replace(shown, undermined=True)
        assert strength([doubted], {}) == strength([row(grade, ONE)], {})


def test_an_account_fades_by_the_policys_half_life() -> None:
    fading = StrengthPolicy(half_life_days=100)
    then, later = day(0), day(100)
    fresh = strength([row("1A", ONE, then)], {}, fading, then)
    assert strength([row("1A", ONE, then)], {}, fading, later) == pytest.approx(fresh / 2)
    assert strength([row("1A", ONE, then)], {}, fading, None) == pytest.approx(fresh)


grades = st.sampled_from([f"{s}{i}" for s in "123" for i in "ABCDE"] + [None])
roots = st.sampled_from([ONE, OTHER, UUID(int=3), None])


@given(st.lists(st.tuples(grades, roots), max_size=6), roots)
def test_what_is_suspected_false_or_ungraded_never_adds(
    accounts: list[tuple[str | None, UUID | None]], root: UUID | None
) -> None:
    rows = [row(grade, of) for grade, of in accounts]
    before = strength(rows, {})
    assert 0.0 <= before < 1.0
    for nothing in ("1E", "3E", None):
        assert strength([*rows, row(nothing, root)], {}) == pytest.approx(before)


def test_no_policy_can_make_what_is_suspected_false_count() -> None:
    generous = StrengthPolicy(information={"A": 0.9, "B": 0.8, "C": 0.7, "D": 0.6, "E": 0.5})
    assert generous.worth("1E") == 0.0
    assert generous.worth("1D") > 0.0


def test_the_policy_is_shown_with_the_result(world: World) -> None:
    world.suspects("Ash", "Birch")
    world.link("Ash", "Birch", grade="1A")
    cautious = StrengthPolicy(source={"1": 0.5, "2": 0.3, "3": 0.1})
    with world.db() as db:
        found = ego(db, READER, world["Ash"], policy=cautious)
    assert found.policy == cautious
    assert found.pairs[0].strength == pytest.approx(0.5 * cautious.information["A"])

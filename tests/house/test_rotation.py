"""On three days in a row, the tests run all of a group of similar cases: each day runs a third of
them. The run of any day can be repeated."""

from datetime import date, timedelta
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest

from tests import conftest, rotation
from tests.fuzz import TIMES

pytestmark = pytest.mark.skipif(TIMES > 1, reason="each run tries every case")
DAYS = [f"{date(2026, 12, 30) + timedelta(days=number)}" for number in range(6)]


@pytest.fixture(autouse=True)
def _of_this_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(rotation.DAY, "2026-12-02")


def parts(cases: str, one_in: int = rotation.ONE_IN, shift: int = 0) -> list[str]:
    """Return the cases that a run tries on each of six days."""
    found = []
    for day in DAYS:
        rotation.begin(day)
        found.append("".join(rotation.todays(cases, one_in, shift=shift)))
    return found


@pytest.mark.parametrize(("cases", "one_in"), [("abcdefgh", 3), ("abc", 3), ("abcd", 2), ("ab", 3)])
def test_the_parts_of_as_many_days_are_all_cases(cases: str, one_in: int) -> None:
    found = parts(cases, one_in)
    assert all(found)
    for first in range(len(DAYS) - one_in + 1):
        assert {*"".join(found[first : first + one_in])} == {*cases}


def test_a_day_can_be_repeated_and_is_no_other_day() -> None:
    assert parts("abcdefgh") == parts("abcdefgh")
    assert len({*parts("abcdefgh")}) == 3


def test_two_loops_of_one_day_try_different_cases() -> None:
    for one, other in zip(parts("abcdef"), parts("abcdef", shift=1), strict=True):
        assert not {*one} & {*other}


def test_two_loops_one_inside_the_other_try_all_pairs() -> None:
    pairs = set[tuple[str, str]]()
    for number in range(9):
        rotation.begin(f"{date(2026, 12, 30) + timedelta(days=number)}")
        pairs |= {(a, b) for a in rotation.todays("abcd") for b in rotation.todays("xyz", days=3)}
    assert pairs == {*product("abcd", "xyz")}


def test_all_cases_are_tried_where_that_is_said_and_outside_a_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rotation.begin(rotation.ALL)
    assert rotation.todays("abcdefgh") == [*"abcdefgh"]
    monkeypatch.delenv(rotation.DAY)
    assert rotation.todays("abcdefgh") == [*"abcdefgh"]


def test_a_day_is_a_date() -> None:
    assert [rotation.checked(one) for one in ("all", "2026-12-02")] == ["all", "2026-12-02"]
    with pytest.raises(ValueError, match="isoformat"):
        rotation.checked("yesterday")


def test_the_processes_of_a_run_try_the_same_part_after_midnight() -> None:
    rotation.begin("2026-12-02")
    rotation.begin(None)  # as if another process of the run started after midnight
    assert rotation.day() == "2026-12-02"


def marks(nodeid: str) -> list[Any]:
    """Return the marks `in_turn` of a test in this invented run: one without arguments if the
    test's id contains "one", and one with the argument "journeys" if it contains "journey"."""
    if "one" in nodeid:
        return [SimpleNamespace(args=())]
    return [SimpleNamespace(args=("journeys",))] * ("journey" in nodeid)


def run_on(day: str, *ids: str, every: bool = False) -> set[str]:
    """Return the variants of tests marked `in_turn` that a run of this day runs."""
    rotation.begin(rotation.ALL if every else day)
    items: list[Any] = [
        SimpleNamespace(
            nodeid=nodeid,
            iter_markers=lambda mark, one=nodeid: marks(one) if mark == "in_turn" else [],
        )
        for nodeid in ids
    ]
    hook = SimpleNamespace(pytest_deselected=lambda items: None)
    told = {"--shuffle": None, "--every": every}
    config: Any = SimpleNamespace(getoption=told.get, hook=hook)
    conftest.pytest_collection_modifyitems(config, items)
    return {item.nodeid for item in items}


def test_variants_take_turns_and_what_has_no_mark_runs_each_day() -> None:
    variants = [f"tests/faults/test_a.py::one[{one}]" for one in "abcdefg"]
    other = "tests/faults/test_a.py::other[a]"
    three = [run_on(day, *variants, other) for day in DAYS[:3]]
    assert set.intersection(*three) == {other}
    assert set.union(*three) == {*variants, other}
    assert run_on(DAYS[0], *variants, other, every=True) == {*variants, other}
    assert [run_on(day, variants[1]) for day in DAYS[:3]] == [{variants[1]}] * 3  # named alone


def test_tests_with_one_name_in_their_marks_take_turns() -> None:
    tests = ["a.py::journey", "b.py::long_journey"]
    assert [run_on(day, *tests) for day in DAYS[:2]] in (
        [{tests[0]}, {tests[1]}],
        [{tests[1]}, {tests[0]}],
    )


def test_each_database_has_its_turn_each_day() -> None:
    variants = [f"t.py::one[{on}-{n}]" for n in range(4) for on in ("sqlite", "postgres")]
    for day in DAYS[:3]:
        ran = " ".join(run_on(day, *variants))
        assert "sqlite" in ran
        assert "postgres" in ran


def test_a_test_of_a_backup_runs_on_one_database_each_day() -> None:
    path = conftest.ALTERNATING[0]
    tests = [f"tests/{path}::{name}[{on}]" for name in "ab" for on in ("sqlite", "postgres")]
    days = [run_on(day, *tests) for day in DAYS[:2]]
    assert [len(one) for one in days] == [2, 2]
    assert set.union(*days) == {*tests}
    for ran in days:
        assert {one.partition("::")[2][:1] for one in ran} == {*"ab"}
        assert {one.partition("[")[2] for one in ran} == {"sqlite]", "postgres]"}
    assert run_on(DAYS[0], *tests, every=True) == {*tests}
    assert run_on(DAYS[0], tests[1]) == {tests[1]}  # named alone

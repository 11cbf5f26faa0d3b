"""A run in random order can be repeated, and keeps a file's tests together: they share stores."""

from itertools import groupby
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests import conftest

TESTS = Path(conftest.__file__).parent


def order(seed: int | None) -> list[tuple[str, str]]:
    """Of five files with five tests each: file and name."""
    items: list[Any] = [
        SimpleNamespace(path=TESTS / f"{folder}/test_a.py", nodeid=f"{folder}::{number}")
        for folder in ("web", "house", "faults", "domain", "access")
        for number in range(5)
    ]
    config: Any = SimpleNamespace(getoption=lambda _: seed)
    conftest.pytest_collection_modifyitems(config, items)
    return [(str(one.path), one.nodeid) for one in items]


def test_a_seed_gives_the_same_order_and_another_another() -> None:
    assert order(1) == order(1)
    assert len({tuple(order(seed)) for seed in range(20)}) == 20


def test_the_tests_of_a_file_follow_each_other_in_any_order() -> None:
    found = order(7)
    assert len([*groupby(found, key=lambda one: one[0])]) == 5
    assert found != sorted(found)


def test_without_a_seed_the_fast_ones_come_first() -> None:
    assert [path.split("/")[-2] for path, _ in order(None)[::5]][:2] == ["domain", "house"]

"""A run in random order can be repeated, and runs the tests of a file one after another, because
they share stores.
"""

from itertools import groupby
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis.internal.conjecture import providers

from tests import conftest, rotation

TESTS = Path(conftest.__file__).parent


@pytest.fixture(autouse=True)
def _of_one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each run in this file try the cases of 2 December 2026, even if the tests run with
    `--every`.
    """
    monkeypatch.setenv(rotation.DAY, "2026-12-02")


def order(seed: int | None) -> list[tuple[str, str]]:
    """Return the random order for this seed in which five files with five tests each would run, as
    pairs of file and test name."""
    items: list[Any] = [
        SimpleNamespace(path=TESTS / f"{folder}/test_a.py", nodeid=f"{folder}::{number}")
        for folder in ("web", "house", "faults", "domain", "access")
        for number in range(5)
    ]
    told = {"--shuffle": seed, "--every": True}
    config: Any = SimpleNamespace(getoption=told.get)
    conftest.pytest_collection_modifyitems(config, items)
    return [(str(item.path), item.nodeid) for item in items]


def test_a_seed_gives_the_same_order_and_another_another() -> None:
    assert order(1) == order(1)
    assert len({tuple(order(seed)) for seed in range(20)}) == 20


def test_only_a_run_in_random_order_draws_examples_from_constants_in_the_code(
    pytestconfig: pytest.Config,
) -> None:
    """The constants are those of the modules that are imported, which other tests change."""
    drawn = bool(providers._get_local_constants().integers)
    assert drawn == (pytestconfig.getoption("--shuffle") is not None)


def test_the_tests_of_a_file_follow_each_other_in_any_order() -> None:
    found = order(7)
    assert len([*groupby(found, key=lambda one: one[0])]) == 5
    assert found != sorted(found)


def test_without_a_seed_the_fast_ones_come_first() -> None:
    assert [path.split("/")[-2] for path, _ in order(None)[::5]][:2] == ["domain", "house"]


def variants_run(
    *asked: str, every: bool = False, usual: str | tuple[str, ...] = "sqlite"
) -> set[str]:
    """Return the databases on which two tests run today: a test whose mark says that it usually
    runs on the database `usual`, and a test without such a mark."""
    args = (usual,) if isinstance(usual, str) else usual
    marked = {
        ("drill", "usually_on"): [SimpleNamespace(args=args)],
        (f"{ABOVE}drill", "usually_on"): [SimpleNamespace(args=args)],
        ("long", "seldom"): [SimpleNamespace(args=())],
    }
    items: list[Any] = [
        SimpleNamespace(
            path=TESTS / "faults/test_a.py",
            nodeid=nodeid,
            iter_markers=lambda mark, one=nodeid: marked.get((one.partition("[")[0], mark), []),
        )
        for nodeid in asked or BOTH
    ]
    told = {"--shuffle": None, "--every": every}
    hook = SimpleNamespace(pytest_deselected=lambda items: None)
    config: Any = SimpleNamespace(getoption=told.get, hook=hook)
    conftest.pytest_collection_modifyitems(config, items)
    return {item.nodeid for item in items}


#: The beginning of the ids of some invented tests of code above the database. Each of these tests
#: has a variant for each database.
ABOVE = "tests/web/test_a.py::"
IN_IT = [f"{ABOVE}{test}[{on}]" for test in "abcdefg" for on in ("sqlite", "postgres")]
BOTH = [f"{test}[{on}-1]" for test in ("drill", "kill") for on in ("sqlite", "postgres")]


def test_what_is_usually_tried_on_one_database_is_left_out_on_the_other() -> None:
    assert variants_run(every=True) == {*BOTH}
    assert {*BOTH} - variants_run() == {"drill[postgres-1]"}
    assert {*BOTH} - variants_run(usual="postgres") == {"drill[sqlite-1]"}


def test_nothing_is_left_out_that_the_run_does_not_try_on_the_other_database() -> None:
    assert variants_run("drill[postgres-1]") == {"drill[postgres-1]"}
    assert variants_run(usual="sqlit") == {*BOTH}


def test_above_the_database_a_third_of_the_tests_of_a_file_is_tried_on_a_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    days = [on_a_server(monkeypatch, f"2026-12-0{day}", *IN_IT) for day in (1, 2, 3)]
    assert sorted("".join(days)) == [*"abcdefg"]
    assert sorted(map(len, days)) == [2, 2, 3]
    assert variants_run(*IN_IT, every=True) == {*IN_IT}
    assert variants_run(f"{ABOVE}b[postgres]", f"{ABOVE}c[postgres]") == {
        f"{ABOVE}b[postgres]",
        f"{ABOVE}c[postgres]",
    }


def on_a_server(monkeypatch: pytest.MonkeyPatch, day: str, *asked: str) -> str:
    """Return the names of the tests that also run on a database server on this day. All tests run
    on files."""
    monkeypatch.setenv(rotation.DAY, day)
    ran = variants_run(*asked)
    assert {one for one in asked if "sqlite" in one} <= ran
    return "".join(one.removeprefix(ABOVE)[0] for one in ran if "postgres" in one)


def test_one_variant_of_such_a_test_is_tried_there() -> None:
    asked = [f"{ABOVE}a[{on}-{number}]" for on in ("sqlite", "postgres") for number in range(3)]
    assert {*asked} - variants_run(*asked) == {f"{ABOVE}a[postgres-1]", f"{ABOVE}a[postgres-2]"}


def test_what_belongs_to_the_database_is_tried_on_both_each_time() -> None:
    asked = [f"{ABOVE}{test}[{on}]" for test in ("a", "drill") for on in ("sqlite", "postgres")]
    assert variants_run(*asked, usual=("sqlite", "postgres")) == {*asked}


def test_what_is_tried_seldom_is_tried_with_every_alone() -> None:
    assert variants_run("long[sqlite-1]", "kill[sqlite-1]") == {"kill[sqlite-1]"}
    assert variants_run("long[sqlite-1]", every=True) == {"long[sqlite-1]"}


def test_each_test_that_is_tried_seldom_is_named_where_people_look() -> None:
    told = Path("CONTRIBUTING.md").read_text("utf-8")
    mark = "pytest.mark.sel" + "dom"
    files = [path for path in Path("tests").rglob("test_*.py") if mark in path.read_text("utf-8")]
    assert files
    for path in files:
        assert f"`{path.relative_to('tests')}`" in told, path

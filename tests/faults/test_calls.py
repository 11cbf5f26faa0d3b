"""The n-th call to the disk or to PostgreSQL kills the process, fails, or finds the disk full.

A sample, from a seed: one call of each act, on the one database or the other, spoilt in one of the
three ways in turn; and a server on files. `make changed` takes every call of every act in every
way, on both.
"""

import random
from collections.abc import Callable, Iterator

import pytest

from tests.faults.spoil import ACTS, Bed, How, bed, served
from tests.fuzz import SEED, TIMES

EVERY = TIMES > 1
HOWS = (How.KILL, How.IO, How.FULL)
#: Acts that are usually spoilt on a server, where they are statements of its own. The others write
#: files most of all, and are usually spoilt on files.
SERVED = {"record", "assess", "approve", "rebuild"}
pytestmark = pytest.mark.timeout(0 if EVERY else 300)  # every call of an act takes minutes


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def spoilt(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Bed]:
    postgres = request.param == "postgres"
    url: Callable[[], str] | None = request.getfixturevalue("fresh_database") if postgres else None
    with bed(url, tmp_path_factory.mktemp("spoilt")) as made:
        yield made


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(act, marks=pytest.mark.usually_on("postgres" if act in SERVED else "sqlite"))
        for act in ACTS
    ],
)
def test_nothing_acknowledged_is_lost_and_nothing_doubled(spoilt: Bed, act: str) -> None:
    """Next to each other, acts are spoilt in different ways, and an act in another way on the other
    database."""
    told, after = ACTS[act](spoilt)
    calls = spoilt.calls(told)
    assert calls, "nothing was counted: the library is not loaded"
    after(None)
    dice = random.Random(f"{SEED} {act}")
    every = [(at, how) for how in HOWS for at in range(1, calls + 1)]
    turn = list(ACTS).index(act) + (spoilt.fresh is not None)
    sample = [(dice.randint(1, calls), HOWS[turn % len(HOWS)])]
    for at, how in every if EVERY else sample:
        told, after = ACTS[act](spoilt)
        said = spoilt.spoilt(told, at, how)
        try:
            after(said)
            spoilt.check()
        except AssertionError as error:
            error.add_note(f"{act}: {how.name} at call {at} of {calls} (FUZZ_SEED={SEED}): {said}")
            raise


@pytest.mark.usually_on("sqlite")
def test_a_server_under_load(spoilt: Bed) -> None:
    """People send until they are answered; what was answered is there once."""
    dice = random.Random(f"{SEED} serve")
    every = [(at, how) for how in HOWS for at in range(5, 300, 5)]
    for at, how in every if EVERY else [(dice.randint(5, 300), dice.choice(HOWS))]:
        served(spoilt, at, how)
        spoilt.check()

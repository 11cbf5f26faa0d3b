"""If a system call or a call to PostgreSQL kills the process, fails, or finds the disk full, no
acknowledged record is lost or doubled.

This file tests a sample drawn from a seed: one call of each act, on one of the databases, in one of
the three ways, a third of the acts each day; and a server on files. `make changed` tests every call
of every act in every way, on both databases.
"""

import random
import subprocess
from collections.abc import Callable, Iterator

import pytest

from tests.faults.killing import preloaded
from tests.faults.spoil import ACTS, Bed, How, bed, library, served
from tests.fuzz import SEED, TIMES

EVERY = TIMES > 1
HOWS = (How.KILL, How.IO, How.FULL)
#: Acts that are usually tested on PostgreSQL, to which they send statements of their own. The other
#: acts mostly write files, and are usually tested on files.
SERVED = {"record", "assess", "approve", "rebuild"}
#: The approximate number of calls of each act; one of these calls is made to fail. If the act now
#: makes fewer calls and so succeeds, it is repeated with one of its real calls.
CALLS = {
    "record": 400, "import": 500, "assess": 200, "propose": 70, "approve": 2500, "rotate": 130,
    "rebuild": 2000, "sign": 140, "backup": 600, "restore": 2500, "copy": 2500,
}  # fmt: skip
pytestmark = pytest.mark.timeout(0 if EVERY else 300)  # testing every call of an act takes minutes


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[subprocess.Popen[str]]":
    with preloaded(library(tmp_path_factory.mktemp("library"))) as one:
        yield one


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def spoilt_bed(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    server: "subprocess.Popen[str]",
) -> Iterator[Bed]:
    postgres = request.param == "postgres"
    url = request.getfixturevalue("named_database")() if postgres else None
    fresh: Callable[[], str] | None = (
        request.getfixturevalue("fresh_database") if postgres else None
    )
    with bed(url, fresh, tmp_path_factory.mktemp("spoilt"), server) as made:
        yield made


@pytest.mark.in_turn
@pytest.mark.parametrize(
    "act",
    [
        pytest.param(act, marks=pytest.mark.usually_on("postgres" if act in SERVED else "sqlite"))
        for act in ACTS
    ],
)
def test_nothing_acknowledged_is_lost_and_nothing_doubled(spoilt_bed: Bed, act: str) -> None:
    """No acknowledged record is lost or doubled after a system call failed during a command. A
    normal run lets one random call of each command fail; `make changed` lets each call fail in
    each way."""
    if EVERY:
        told, after = ACTS[act](spoilt_bed)
        calls = spoilt_bed.calls(told)
        assert calls, "nothing was counted: the library is not loaded"
        after(None)
        for how in HOWS:
            for at in range(1, calls + 1):
                once(spoilt_bed, act, at, how)
        return
    dice = random.Random(f"{SEED} {act}")
    how = HOWS[(list(ACTS).index(act) + (spoilt_bed.fresh is not None)) % len(HOWS)]
    at = dice.randint(1, CALLS[act])
    if (calls := once(spoilt_bed, act, at, how)) < at:
        assert calls, "nothing was counted: the library is not loaded"
        at = dice.randint(1, calls)
        assert once(spoilt_bed, act, at, how) >= at


def once(spoilt: Bed, act: str, at: int, how: How) -> int:
    """Run the command `act` of ACTS while its system call number `at` fails in the way `how`, and
    check the store. Return the number of system calls that the command made."""
    told, after = ACTS[act](spoilt)
    said, calls = spoilt.spoilt(told, at, how)
    try:
        after(said)
        if calls >= at:
            spoilt.check()
    except AssertionError as error:
        error.add_note(f"{act}: {how.name} at call {at} of {calls} (FUZZ_SEED={SEED}): {said}")
        raise
    return calls


@pytest.mark.usually_on("sqlite")
def test_a_server_under_load(spoilt_bed: Bed) -> None:
    """Users send each entry again until the server answers, while the server fails and starts
    again. Each entry to which it answered is recorded once.
    """
    dice = random.Random(f"{SEED} serve")
    every = [(at, how) for how in HOWS for at in range(5, 300, 5)]
    for at, how in every if EVERY else [(dice.randint(5, 300), dice.choice(HOWS))]:
        served(spoilt_bed, at, how)
        spoilt_bed.check()

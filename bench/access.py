"""Measure how much time the access rules and the access log add to questions.

The questions are the network around a person, two links deep, and the lists on a detective's desk.
They are answered with the rules and without them, in turns, on the same store and with the same
result. Times are processor time of this process (on a server, elapsed time, because the server's
own work counts). The benchmark also measures how long it takes to compute a reader's rights, to
write the access log (for one person and for twenty at once), and to check a token and a password.
Run alone: `python -m bench.access [LINKS]`, with `--postgres` on a server of its own.
"""

import sys
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from uuid import uuid4

import msgspec

from access.signing_in.credentials import Credentials
from access.signing_in.vault import NotRight
from access.who_may.decide import decide
from bench import desk
from bench.desk import Read
from commands.data_protection.access_log import AccessRecord
from commands.people_and_teams import account
from domain.kernel.values import Reader
from tests import postgres
from tests.commands.office import opened

#: The aims: the share of the access rules in the time of an ego network (the links around a person)
#: and in the time of another question, and the milliseconds to record one look in the access log.
AIM, AIM_OTHERS, AIM_LOOK = 0.05, 0.25, 0.5
PEOPLE, TURNS = 20, 60


def measure(many: int = 600, url: str | None = None) -> Mapping[str, float]:
    """Return the median milliseconds of each question, by a name that says whether the access rules
    were applied."""
    with tempfile.TemporaryDirectory() as directory:
        office = opened(Path(directory), url)
        try:
            return _measured(desk.made(office, many), perf_counter if url else process_time)
        finally:
            office.system.close()


def _measured(world: desk.World, clock: Callable[[], float]) -> Mapping[str, float]:
    office, system = world.office, world.office.system
    account.add(office.desk, office.reader, "dc.reed", roles=["detective"], teams=["Engage"])

    def reed() -> Reader:
        settings = office.settings.model_copy(update={"user": "dc.reed"})
        return system.serving(settings, system.clock.given_time).reader

    without, with_rules = office.reader, reed()
    assert with_rules.closed
    assert not without.closed
    times_by_question: dict[str, float] = {}
    for name, read in world.reads.items():

        def ask(reader: Reader, read: Read = read) -> object:
            with system.reading() as db:
                return read(db, reader)

        plain, ruled = _in_turns(partial(ask, without), partial(ask, with_rules), clock)
        times_by_question |= {f"{name}, no rules": plain, f"{name}, with rules": ruled}
    ids = [uuid4() for _ in range(50)]
    shared = system.consultations
    assert shared
    together = [msgspec.structs.replace(with_rules, name=f"user.{n}") for n in range(PEOPLE)]

    def crowd() -> None:
        list(
            pool.map(
                lambda one: shared.consulted(AccessRecord(one, "network ego", ids)), together * 10
            )
        )

    with ThreadPoolExecutor(PEOPLE) as pool:
        crowded = _median(crowd, 5) / (PEOPLE * 10)
    looked = _median(lambda: system.consulted("network ego", ids), 50)

    def after_a_look() -> None:
        system.consulted("network ego", ids)
        reed()

    return {
        **times_by_question,
        "one decision": _median(lambda: decide(with_rules, "see-network"), 2000),
        "what somebody may do now": _median(reed, 200),
        "the same after somebody looked": max(0.0, _median(after_a_look, 50) - looked),
        "writing down a look, alone": looked,
        f"writing down a look, {PEOPLE} at once": crowded,
        **_proofs(system.credentials),
    }


def _proofs(credentials: Credentials) -> Mapping[str, float]:
    token = credentials.sessions.open("dc.reed", "command")

    def guess() -> None:
        try:
            credentials.check("dc.reed", "a wrong password", "000000")
        except NotRight:
            credentials.forgive("dc.reed")

    return {
        "a token": _median(lambda: credentials.sessions.check(token), 200),
        "a password": _median(guess, 10),
    }


def _in_turns(
    first: Callable[[], object], second: Callable[[], object], clock: Callable[[], float]
) -> tuple[float, float]:
    """Return the median milliseconds of each of two functions, which are called alternately, so
    that a noisy machine slows both equally."""
    took: tuple[list[float], list[float]] = ([], [])
    for _ in range(TURNS):
        for times, ask in zip(took, (first, second), strict=True):
            times.append(_elapsed_ms(ask, clock))
    return median(took[0]), median(took[1])


def _median(ask: Callable[[], object], times: int) -> float:
    return median(_elapsed_ms(ask) for _ in range(times))


def _elapsed_ms(ask: Callable[[], object], clock: Callable[[], float] = perf_counter) -> float:
    began = clock()
    ask()
    return (clock() - began) * 1000


def table(figures: Mapping[str, float]) -> str:
    lines = [f"{name:<38} {took:>9.3f} ms" for name, took in figures.items()]
    rules = {
        name.removesuffix(", no rules"): figures[name.replace("no rules", "with rules")] / took - 1
        for name, took in figures.items()
        if name.endswith(", no rules")
    }
    crowded = figures[f"writing down a look, {PEOPLE} at once"]
    return "\n".join(
        [
            *lines,
            *(
                f"rules add {share:.1%} to: {name} (aim: below "
                f"{AIM if name == 'ego network' else AIM_OTHERS:.0%})"
                for name, share in rules.items()
            ),
            f"a look costs {crowded:.2f} ms among {PEOPLE} people (aim: below {AIM_LOOK} ms)",
        ]
    )


if __name__ == "__main__":
    number = next((int(one) for one in sys.argv[1:] if one.isdigit()), 600)
    with postgres.running() if "--postgres" in sys.argv else nullcontext() as server:
        print(table(measure(number, postgres.databases(server)() if server else None)))

"""What do access rules and the log of who looked cost a question?

The question is an ego network, two links deep. It is asked with the rules and without them, in
turns, over the same store and with the same answer. Beside it: finding out what somebody may do
now, writing down what is shown (alone, and twenty people at once), a token and a password. Run
alone: `python -m tests.bench.access [LINKS]`.
"""

import sys
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from uuid import UUID, uuid4

import msgspec

from access.credentials import Credentials
from access.decide import decide
from access.vault import NotRight
from commands import account, links
from commands.consultation import Look
from domain.values import Reader
from network import view
from projections.links import Asked
from tests.commands.office import Office, opened

ALL = Asked(min_rank=None)
#: The aims of the design: the share of a question, and milliseconds to write down one look.
AIM, AIM_LOOK = 0.05, 0.5
PEOPLE = 20


def measure(many: int = 400) -> Mapping[str, float]:
    """Milliseconds, medians, by what was measured."""
    with tempfile.TemporaryDirectory() as directory:
        office = opened(Path(directory))
        try:
            return _measured(office, _world(office, many))
        finally:
            office.system.close()


def _world(office: Office, many: int) -> UUID:
    """Suspects of one team with `many` links among them; the one with the most."""
    chance = Random(7)
    suspects = [office.person(f"Suspect {number}") for number in range(many // 3)]
    pairs = list(combinations(suspects, 2))
    hub = [pair for pair in pairs if pair[0] == suspects[0]][: PEOPLE + 5]
    others = chance.sample([pair for pair in pairs if pair not in hub], many - len(hub))
    basis = office.words("Seen together at Mill Lane.")
    for one, other in (*hub, *others):
        links.assert_link(office.desk, office.reader, basis, str(one), str(other), "associate")
    return suspects[0]


def _measured(office: Office, middle: UUID) -> Mapping[str, float]:
    system = office.system
    account.add(office.desk, office.reader, "dc.reed", roles=["detective"], teams=["Engage"])

    def reed() -> Reader:
        settings = office.settings.model_copy(update={"user": "dc.reed"})
        return system.serving(settings, system.clock.told).reader

    without, with_rules = office.reader, reed()
    assert with_rules.closed
    assert not without.closed

    def ego(reader: Reader) -> Callable[[], int]:
        def ask() -> int:
            with system.reading() as db:
                return len(view.ego(db, reader, middle, 2, asked=ALL).graph)

        return ask

    assert ego(without)() == ego(with_rules)() > PEOPLE
    plain, ruled = _in_turns(ego(without), ego(with_rules), 25)
    ids = [uuid4() for _ in range(50)]
    shared = system.consultations
    assert shared
    together = [msgspec.structs.replace(with_rules, name=f"user.{n}") for n in range(PEOPLE)]

    def crowd() -> None:
        list(pool.map(lambda one: shared.consulted(Look(one, "network ego", ids)), together * 10))

    with ThreadPoolExecutor(PEOPLE) as pool:
        crowded = _median(crowd, 5) / (PEOPLE * 10)
    looked = _median(lambda: system.consulted("network ego", ids), 50)

    def after_a_look() -> None:
        system.consulted("network ego", ids)
        reed()

    return {
        "ego network, no rules": plain,
        "ego network, with rules": ruled,
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
    one: Callable[[], object], other: Callable[[], object], times: int
) -> tuple[float, float]:
    """Both in turns, so that a noisy machine slows both."""
    took: tuple[list[float], list[float]] = ([], [])
    for _ in range(times):
        for kept, ask in zip(took, (one, other), strict=True):
            kept.append(_took(ask))
    return median(took[0]), median(took[1])


def _median(ask: Callable[[], object], times: int) -> float:
    return median(_took(ask) for _ in range(times))


def _took(ask: Callable[[], object]) -> float:
    began = perf_counter()
    ask()
    return (perf_counter() - began) * 1000


def table(found: Mapping[str, float]) -> str:
    """The figures, and how they stand to the aims."""
    lines = [f"{name:<38} {took:>9.3f} ms" for name, took in found.items()]
    plain, ruled = found["ego network, no rules"], found["ego network, with rules"]
    crowded = found[f"writing down a look, {PEOPLE} at once"]
    return "\n".join(
        [
            *lines,
            f"rules add {ruled / plain - 1:.1%} to the question (aim: below {AIM:.0%})",
            f"a look costs {crowded:.2f} ms among {PEOPLE} people (aim: below {AIM_LOOK} ms)",
        ]
    )


if __name__ == "__main__":
    print(table(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 400)))

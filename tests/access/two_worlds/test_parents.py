"""If a worker records a danger to a parent, only the worker and the charity's supervisor see it.
For all other users, every front looks as if it had not been recorded."""

from collections.abc import Iterator
from random import Random

import pytest

from tests.access.worlds import ADMINISTRATOR, World
from tests.rotation import todays
from tests.support.access.noninterference import NOWHERE, Pair, assert_same
from tests.support.access.noninterference_http import Seat
from tests.support.access.noninterference_http import questions as pages

#: Team members who may see parts of the case, and the administrator of the store.
OTHERS = ("dc.reed", "sw.lane", "mgr.lund", "io.park", "do.grey", ADMINISTRATOR)
KINDS = ("self-harm", "drink", "breakdown", "separation")


@pytest.fixture
def worlds(pair: Pair) -> Iterator[tuple[World, World]]:
    """Yield two equal stores with a mother's record. In the second store, the child's worker also
    recorded risks to the mother, and read them.
    """
    first, second = pair.world(), pair.world()
    for world in (first, second):
        add = ("person", "add", "--name", "Carol Marlow")
        world.do(90, "psw.ellis", *add, name="mum")
        world.did(91, "psw.ellis", "family", "member", "{case}", "{mum}", "mother")
    for number, kind in enumerate(KINDS):
        told = (kind, "--words", "she told me", "--review", "2011-03-20")
        second.do(100 + number, "psw.ellis", "parent", "risk", "{case}", "{mum}", *told, name=kind)
    second.did(110, "psw.ellis", "parent", "risk-ended", "{drink}", "--reason", "she stopped")
    yield first, second
    first.line.close()
    second.line.close()


def test_nobody_else_can_tell_the_two_worlds_apart(worlds: tuple[World, World]) -> None:
    """All users except the worker and the charity's supervisor get the same answers from both
    stores on every front, even after the review date of the risk. On the command line a third of
    them ask each day, and half of them on the screens."""
    first, second = worlds
    for seed, who in todays(enumerate(OTHERS)):
        assert_same(first, second, who, seed)
    ids = [second.ids[one] for one in ("case", "mum", *KINDS)] + [NOWHERE]
    every = list(pages(ids))
    draw = Random(0)
    for who in todays(("dc.reed", "mgr.lund", "io.park", "au.dunn"), 2):
        here, there = Seat(first, who), Seat(second, who)
        family = [one for one in every if second.ids["case"] in one[0]]
        for path, asked in [*family[:12], *draw.sample(every, 12)]:
            one, other = here.ask(path, asked), there.ask(path, asked)
            assert one == other, (who, path, asked)


def test_whose_record_somebody_keeps_is_not_typed(worlds: tuple[World, World]) -> None:
    """A user cannot become a supervisor of the charity by typing the charity as the controller on
    the command line. Only the user's account decides."""
    _, world = worlds
    world.did(120, ADMINISTRATOR, "user", "add", "sv.field", "--role", "supervisor",
              "--team", "Engage")  # fmt: skip
    asked = ("parent", "list", world.ids["case"])
    for typed in ((), ("--controller", "charity")):
        assert "she told me" not in world.line("--user", "sv.field", *typed, *asked).out

"""Hidden records do not change how alike two people look to a reader."""

import msgspec

from tests.access.worlds import World
from tests.support.access.noninterference import Pair

ASKED = ("same-person", "{baz}", "{other}", "--json")


def fields(world: World, who: str) -> list[str]:
    said = world.line(*(world.fill(one) for one in ASKED), "--user", who)
    assert said.code == 0, said.err
    return [row["field"] for row in msgspec.json.decode(said.out)]


def test_a_companion_whom_somebody_may_not_see_says_nothing_to_them(pair: Pair) -> None:
    """A comparison of two men with the same nickname does not change if both men have a link to a
    child whom the reader may not see."""
    first, second = pair.world(), pair.world()
    for world in (first, second):
        add = ("person", "add", "--nickname", "Bazza", "--category", "suspect", "--grounds", "seen")
        world.do(90, "dc.reed", *add, name="other")
    second.do(95, "psw.hale", "record", text="She knows them both.", name="heard")
    for minute, man in enumerate(("{baz}", "{other}"), start=100):
        tie = ("link", "{heard}", man, "Ellie Stone", "--kind", "association")
        second.did(minute, "dc.stone", *tie)
    assert fields(first, "dc.reed") == fields(second, "dc.reed") == ["before", "given"]
    assert sorted(fields(second, "dc.stone")) == ["before", "companion", "given"]
    for asked in (ASKED[:-1], ASKED, ("suggestions", "--json")):
        answers = [
            world.line(*(world.fill(one) for one in asked), "--user", "dc.reed")
            for world in (first, second)
        ]
        assert answers[0] == answers[1]
    for world in (first, second):
        world.line.close()

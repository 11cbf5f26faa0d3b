"""The number of days in which an account loses half its weight can be set for a police force and
for a single query."""

from dataclasses import replace

from msgspec import structs

from commands.intelligence import links
from network.query.through import Through
from tests.commands.office import Office
from usecases.intelligence.network_structure import ListThrough


def test_a_force_sets_in_how_many_days_an_account_loses_half_its_weight(office: Office) -> None:
    """A force sets the default number of days in which an account loses half its weight; a query
    may use another number."""
    desk, reader = office.desk, office.reader
    report = office.assessed(office.words("both drive it"), "1A").id
    for name in ("Baz", "Daz"):
        man = office.person(name, categories=(("suspect", "told"),))
        links.assert_link(desk, reader, report, str(man), "vehicle:PK95ABC", "uses")
    office.later(24 * 60)

    def reckoned(asked: ListThrough, days: int | None = None) -> float:
        told = replace(desk, policy=structs.replace(desk.policy, half_life_days=days))
        ((tie,),) = asked.told(told, reader, office.desk.clock()).tables
        assert isinstance(tie, Through)
        return tie.weight

    lasting = reckoned(ListThrough())
    assert reckoned(ListThrough(), 30) < lasting / 2
    assert reckoned(ListThrough(half_life=30)) == reckoned(ListThrough(), 30)
    assert reckoned(ListThrough(half_life=6000), 30) > lasting / 2

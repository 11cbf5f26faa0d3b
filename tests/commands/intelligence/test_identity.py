"""Judgements say which records are the same person. They change no record, so they can be
revoked."""

from uuid import UUID

import pytest

from access.who_may import telling
from commands.intelligence import identity, links
from commands.kernel import entity
from domain import matching
from domain.intelligence.identity import IdentityJudged, IdentityRevoked
from domain.kernel.values import Refused, Role
from projections.intelligence import people
from tests.access.rights import Rights
from tests.commands.office import Office
from usecases.intelligence.identity import Judge


def judge(office: Office, a: object, b: object, what: str, why: str = "one phone") -> None:
    office.later()
    identity.judge(office.desk, office.reader, str(a), str(b), what, why)  # type: ignore[arg-type]


def clusters(office: Office, *ids: object) -> int:
    """Return how many different people these records describe, according to the judgements about
    the records."""
    with office.system.reading() as db:
        found = people.clusters(db, office.reader)
    return len({found.get(item_id, item_id) for item_id in ids})  # type: ignore[call-overload]


def test_a_merge_shows_under_the_oldest_and_splits_again(either: Office) -> None:
    a = either.person("Baz")
    either.later()
    b = either.person("Bazza")
    either.later()
    c = either.person("Barry")
    judge(either, b, c, "same")
    judge(either, a, b, "same")
    assert clusters(either, a, b, c) == 1
    assert entity.find(either.desk, either.reader, "Barry") == (a, "person")
    identity.split(either.desk, either.reader, str(b), "two men after all")
    assert len(either.events(IdentityRevoked)) == 2
    assert clusters(either, a, b, c) == 3
    with pytest.raises(Refused, match="is not merged"):
        identity.split(either.desk, either.reader, str(b), "again")


def test_what_was_shown_at_a_judgement_is_kept_with_it_and_read_by_who_schedules(
    office: Office,
) -> None:
    """The data that a user was shown when judging two records are stored, and users who schedule
    material for disclosure can read them, as the law requires (CPIA).
    """
    desk, reader = office.desk, office.reader
    a, b = office.person("Barry Stone"), office.person("Bary Stone")
    told = Judge(str(a), str(b), "different", "two faces")
    pair = told.do(desk, reader, command_id=UUID(int=7)).id
    assert told.do(desk, reader, command_id=UUID(int=7)).id == pair
    (judged,) = office.events(IdentityJudged)
    assert judged.weights == matching.DEFAULT.version
    before, *fields = judged.shown
    assert before.startswith("before anything is compared: any two people")
    assert any("last name, Stone: " in line for line in fields)
    assert any("Barry and Bary: " in line for line in fields)
    words = office.words("two cars")
    for plate in ("PK95ABX", "PK95ABY"):
        links.assert_link(desk, reader, words, str(a), f"vehicle:{plate}", "uses")
    Judge("vehicle:PK95ABX", "vehicle:PK95ABY", "different", "another colour").do(desk, reader)
    assert office.events(IdentityJudged)[1].shown == (), "cars are weighed by nothing"
    team = (reader.team,)
    reads: list[tuple[Role, tuple[str, ...], str, bool]] = [
        ("disclosure-officer", team, "do.wray", True),
        ("disclosure-officer", ("Deter",), "do.far", False),
        ("detective", team, "dc.reed", False),
        ("detective", team, reader.name, True),
    ]
    history = desk.logs["evidence"].history(pair)
    with office.system.reading() as db:
        for role, teams, name, whole in reads:
            somebody = Rights((role,), teams, (), (a, b)).of(office.somebody(name))
            seen = telling.readable_facts(db, somebody, history)
            (fact,) = seen.facts
            assert seen.readable_fields(fact)["reason"] == "two faces"
            assert ("shown" in seen.readable_fields(fact), seen.is_fully_readable(history[0])) == (
                whole,
                whole,
            ), name


def test_different_inside_a_cluster_is_refused_with_the_chain(office: Office) -> None:
    a, b, c = (office.person(name) for name in ("Baz", "Bazza", "Barry"))
    judge(office, a, b, "same")
    judge(office, b, c, "same")
    with pytest.raises(Refused, match=f"{a} = {b} = {c}"):
        judge(office, a, c, "different")
    judge(office, b, c, "different", "two faces")
    assert clusters(office, a, b, c) == 2


def test_a_pair_judged_same_twice_over_is_not_split_by_one_word(office: Office) -> None:
    """If two chains of judgements connect the records a and b as the same person, revoking a
    judgement of one chain does not separate them. Judging a and b different is refused, and the
    refusal names the remaining chain."""
    a, b, c = (office.person(name) for name in ("Baz", "Bazza", "Barry"))
    for one, other in ((a, b), (a, c), (c, b)):
        judge(office, one, other, "same")
    with pytest.raises(Refused, match=f"{a} = {c} = {b}"):
        judge(office, a, b, "different")


def test_same_across_a_difference_is_refused(office: Office) -> None:
    a, b, c = (office.person(name) for name in ("Baz", "Bazza", "Barry"))
    judge(office, a, b, "different")
    judge(office, a, c, "same")
    with pytest.raises(Refused, match="judged different"):
        judge(office, c, b, "same")
    judge(office, a, b, "unsure")
    judge(office, c, b, "same")
    assert clusters(office, a, b, c) == 1


def test_a_person_is_never_a_car(office: Office) -> None:
    from commands.intelligence import links

    baz, item = office.person(), office.words()
    links.assert_link(office.desk, office.reader, item, str(baz), "vehicle:PK95ABC", "uses")
    with pytest.raises(Refused, match="a person and a vehicle cannot be the same"):
        judge(office, baz, "PK95ABC", "same")


def test_one_name_for_two_people_is_queried(office: Office) -> None:
    """A name that two people have is refused with a list of both people, and the program merges
    neither.
    """
    first = office.person("Baz")
    office.later()
    second = office.person("Baz")
    with pytest.raises(Refused, match=f"fits 2 records: .*{first}.*{second}"):
        entity.find(office.desk, office.reader, "baz")
    judge(office, first, second, "same")
    assert entity.find(office.desk, office.reader, "baz") == (first, "person")


def test_one_plate_is_one_car_however_it_is_written(office: Office) -> None:
    from commands.intelligence import links

    a, b, item = office.person("Baz"), office.person("Tall Lee"), office.words()
    for who, plate in ((a, "vehicle:PK95 ABC"), (b, "vehicle: pk95abc ")):
        links.assert_link(office.desk, office.reader, item, str(who), plate, "uses")
    assert len({row.b for row in office.links()}) == 1

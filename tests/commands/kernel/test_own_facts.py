"""The commands of an import know the facts that the same user recorded a moment ago, even if the
views do not contain them yet."""

from typing import Any
from uuid import uuid4

from commands.information import observation
from tests.commands.office import Office


def _position(office: Office) -> int:
    head = office.system.logs["evidence"].last()
    return office.desk.own.before("evidence", head)


def test_ones_own_last_facts_are_known_without_the_views(office: Office) -> None:
    head = office.system.logs["evidence"].last()
    first, second = office.words("He was there"), office.words("He was there again")
    assert _position(office) == head
    own = office.desk.own
    assert all(own.concern(office.reader.name, one) for one in (first, second))
    assert not own.concern("somebody.else", first)


def test_another_users_fact_among_them_has_to_be_in_the_views(office: Office) -> None:
    office.words("He was there")
    other = office.somebody("psw.other")
    theirs = observation.record(office.desk, other, words="I saw him, too").id
    between = office.system.logs["evidence"].last()
    mine = office.words("He was there again")
    assert _position(office) == between
    own, name = office.desk.own, office.reader.name
    assert (own.concern(name, mine), own.concern(name, theirs)) == (True, False)


def test_another_process_records_behind_them(office: Office) -> None:
    office.words("He was there")
    with office.hasty() as system:
        observation.record(system.desk, office.reader, words="I saw him, too")
    assert _position(office) == office.system.logs["evidence"].last()


def test_a_repeated_command_makes_no_fact_the_last_one(office: Office) -> None:
    told: dict[str, Any] = {"words": "He was there", "command_id": uuid4()}
    mine = observation.record(office.desk, office.reader, **told).id
    other = office.somebody("psw.other")
    theirs = observation.record(office.desk, other, words="I saw him, too").id
    assert observation.record(office.desk, office.reader, **told).id == mine
    own, name = office.desk.own, office.reader.name
    assert (own.concern(name, mine), own.concern(other.name, theirs)) == (False, True)

"""What follows from words, on the screens: evidence with its continuity, arrest, charge, result."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from commands import entity, observation
from domain.evidence import EvidenceGathered, EvidenceTransferred, EvidenceUndermined
from domain.justice import ArrestMade, ChargeBrought, NoticeServed, ResultRecorded
from tests.web.conftest import House, Somebody


def events(house: House, kind: type) -> list[Any]:
    return [fact.event for fact in house.office.facts() if isinstance(fact.event, kind)]


@pytest.fixture
def sergeant(house: House) -> Somebody:
    return house.somebody("ds.hale")


def test_information_becomes_evidence_and_passes_from_hand_to_hand(
    house: House, sergeant: Somebody
) -> None:
    item = house.office.words("She gave me his phone; it lay under the bed.")
    case = house.office.case("Kayleigh Marlow")
    given = {
        "kind": "exhibit",
        "mark": "JR1",
        "description": "a black phone",
        "produced_by": "dc.rowe",
        "case": str(case),
        "command_id": str(uuid4()),
    }
    for _ in range(2):
        page = sergeant.send(f"/items/{item}/evidence", **given)
    assert "evidence" in page.text
    (gathered,) = events(house, EvidenceGathered)
    assert (gathered.mark, gathered.observations, gathered.case) == ("JR1", (item,), case)
    exhibit = UUID(page.url.path.rpartition("/")[2])
    assert "a black phone" in page.text
    assert f"/items/{exhibit}" in sergeant.get(f"/trail/{item}").text

    broken = sergeant.send(f"/items/{exhibit}/transfer", receiver="lab", giver="dc.other")
    assert broken.status_code == 422
    assert "continuity" in broken.text
    sergeant.send(f"/items/{exhibit}/transfer", receiver="lab", giver="dc.rowe", place="Store 2")
    assert events(house, EvidenceTransferred)[0].receiver == "lab"
    page = sergeant.send(f"/items/{exhibit}/status", becomes="undermined", reason="the SIM is new")
    assert events(house, EvidenceUndermined)[0].reason == "the SIM is new"
    assert "undermined" in page.text
    assert sergeant.send(f"/items/{exhibit}/evidence", **given).status_code == 404
    unmarked = sergeant.send(f"/items/{item}/evidence", kind="statement", mark=" ")
    assert unmarked.status_code == 422


def named(house: House, man: UUID) -> UUID:
    """Words in which a person has confirmed this man."""
    office = house.office
    item = office.words("He drives the silver Corsa.")
    observation.confirm(office.desk, office.reader, item, str(man), "He")
    return item


def test_an_arrest_says_what_led_to_it_or_that_nobody_knows(
    house: House, sergeant: Somebody
) -> None:
    man = house.office.person("Baz")
    item = named(house, man)
    page = sergeant.get(f"/people/{man}").text
    assert f'name="because_of" value="{item}"' in page
    silent = sergeant.send(f"/people/{man}/against", kind="arrest")
    assert silent.status_code == 422
    assert "what led to it" in silent.text
    strange = sergeant.send(f"/people/{man}/against", kind="arrest", other="a neighbour told us")
    assert strange.status_code == 422
    page = sergeant.send(
        f"/people/{man}/against",
        kind="arrest",
        because_of=[str(item)],
        offence="s.9 Sexual Offences Act 2003",
        happened="2011-03-20T07:00",
    )
    assert page.url.path.startswith("/trail/")
    assert "He drives the silver Corsa." in page.text
    sergeant.send(f"/people/{man}/against", kind="charge", because_of=["none-known"])
    assert events(house, ArrestMade)[0].offence == "s.9 Sexual Offences Act 2003"
    assert len(events(house, ChargeBrought)) == 1
    causes = [f.because_of for f in house.office.facts() if isinstance(f.event, ChargeBrought)]
    assert causes == [("none-known",)]


def test_a_result_keeps_what_is_not_known_apart_from_nothing(
    house: House, sergeant: Somebody
) -> None:
    man = house.office.person("Baz")
    known = {"because_of": ["none-known"]}
    sergeant.send(f"/people/{man}/result", kind="sentenced", months="", **known)
    sergeant.send(f"/people/{man}/result", kind="sentenced", months="30", suspended="true", **known)
    assert [one.sentence_months for one in events(house, ResultRecorded)] == [None, 30]
    wrong = sergeant.send(f"/people/{man}/result", kind="sentenced", months="two years", **known)
    assert wrong.status_code == 422
    why = sergeant.send(f"/people/{man}/result", kind="not-prosecuted-best-interests", **known)
    assert why.status_code == 422
    assert "the parents&#39; view" in why.text


def test_a_notice_ends_on_the_childs_birthday(house: House, sergeant: Somebody) -> None:
    office = house.office
    man = office.person("Baz")
    entity.record_person(office.desk, office.reader, name="Kay Moss", born="1997-05-06")
    page = sergeant.send(
        f"/people/{man}/notice", child="Kay Moss", basis="s2-caa-1984", because_of=["none-known"]
    )
    assert page.status_code == 200, page.text
    assert str(events(house, NoticeServed)[0].expires) == "2013-05-06"
    nobody = sergeant.send(
        f"/people/{man}/notice", child="Nobody", basis="s2-caa-1984", because_of=["none-known"]
    )
    assert nobody.status_code == 422


def test_what_followed_stands_with_the_person_and_in_the_case(
    house: House, sergeant: Somebody
) -> None:
    man, case = house.office.person("Baz"), house.office.case("Kayleigh Marlow")
    known = {"because_of": ["none-known"], "case": str(case)}
    sergeant.send(f"/people/{man}/against", kind="arrest", **known)
    sergeant.send(f"/people/{man}/result", kind="sentenced", months="30", **known)
    page = sergeant.get(f"/people/{man}").text
    assert page.index("Arrested</strong>") < page.index("Sentenced</strong>: 30 months")
    page = sergeant.get(f"/cases/{case}").text
    assert f'Arrested</strong> <a class="govuk-link" href="/people/{man}">' in page

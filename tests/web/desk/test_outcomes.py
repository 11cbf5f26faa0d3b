"""The screens show police results: evidence with its continuity, arrest, charge, and result."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from commands.information import observation
from commands.intelligence import intelligence_report, links
from commands.kernel import entity
from domain.intelligence.intelligence_report import ReportDisseminated
from domain.justice.arrest_to_result import ArrestMade, ChargeBrought, NoticeServed, ResultRecorded
from domain.justice.evidence import EvidenceGathered, EvidenceTransferred, EvidenceUndermined
from domain.kernel.values import Grade, Handling
from tests.web.conftest import House, Somebody


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
        "of": str(item),
        "because_of": str(item),
        "mark": "JR1",
        "description": "a black phone",
        "produced_by": "dc.rowe",
        "case": str(case),
        "command_id": str(uuid4()),
    }
    for _ in range(2):
        page = sergeant.send("/do/evidence-add", **given)
    assert "evidence" in page.text
    (gathered,) = house.office.events(EvidenceGathered)
    assert (gathered.mark, gathered.observations, gathered.case) == ("JR1", (item,), case)
    exhibit = UUID(page.url.path.rpartition("/")[2])
    assert "a black phone" in page.text
    assert f"/items/{exhibit}" in sergeant.get(f"/trail/{item}").text

    moved = {"item": str(exhibit), "receiver": "lab"}
    broken = sergeant.send("/do/evidence-transfer", **moved, giver="dc.other")
    assert broken.status_code == 422
    assert "continuity" in broken.text
    sergeant.send("/do/evidence-transfer", **moved, giver="dc.rowe", place="Store 2")
    assert house.office.events(EvidenceTransferred)[0].receiver == "lab"
    page = sergeant.send(
        "/do/evidence-undermine",
        item=str(exhibit),
        reason="the SIM is new",
        back=f"/items/{exhibit}",
    )
    assert house.office.events(EvidenceUndermined)[0].reason == "the SIM is new"
    assert "undermined" in page.text
    for wrong in (str(exhibit), "no such words"):
        strange = sergeant.send(
            "/do/evidence-add", **given | {"of": wrong, "command_id": str(uuid4())}
        )
        assert strange.status_code == 404
    unmarked = sergeant.send("/do/evidence-add", kind="statement", mark=" ")
    assert unmarked.status_code == 422


def record_mention(house: House, man: UUID) -> UUID:
    """Record an entry, and confirm as a user that the word "He" in it means this man; return the
    entry's id.
    """
    office = house.office
    item = office.words("He drives the silver Corsa.")
    observation.confirm(office.desk, office.reader, item, str(man), "He")
    return item


def test_an_arrest_says_what_led_to_it_or_that_nobody_knows(
    house: House, sergeant: Somebody
) -> None:
    man = house.office.person("Baz")
    item = record_mention(house, man)
    page = sergeant.get(f"/people/{man}/do/outcome-arrest").text
    assert f'name="because_of" value="{item}"' in page
    silent = sergeant.send("/do/outcome-arrest", who=str(man))
    assert silent.status_code == 422
    assert "what led to this step" in silent.text
    strange = sergeant.send("/do/outcome-arrest", who=str(man), because_of="a neighbour told us")
    assert strange.status_code == 422
    page = sergeant.send(
        "/do/outcome-arrest",
        who=str(man),
        because_of=[str(item), ""],
        offence="s.9 Sexual Offences Act 2003",
        happened="2011-03-20T07:00",
    )
    assert page.url.path.startswith("/trail/")
    assert "He drives the silver Corsa." in page.text
    sergeant.send("/do/outcome-charge", who=str(man), because_of=["none-known"])
    assert house.office.events(ArrestMade)[0].offence == "s.9 Sexual Offences Act 2003"
    assert len(house.office.events(ChargeBrought)) == 1
    causes = [f.because_of for f in house.office.facts() if isinstance(f.event, ChargeBrought)]
    assert causes == [("none-known",)]


def test_a_result_keeps_what_is_not_known_apart_from_nothing(
    house: House, sergeant: Somebody
) -> None:
    man = house.office.person("Baz")
    known = {"because_of": ["none-known"]}
    sergeant.send(f"/people/{man}/result", kind="sentenced", months="", **known)
    sergeant.send(f"/people/{man}/result", kind="sentenced", months="30", suspended="true", **known)
    assert [event.sentence_months for event in house.office.events(ResultRecorded)] == [None, 30]
    wrong = sergeant.send(f"/people/{man}/result", kind="sentenced", months="two years", **known)
    assert wrong.status_code == 422
    why = sergeant.send(f"/people/{man}/result", kind="not-prosecuted-best-interests", **known)
    assert why.status_code == 422
    assert "the parents&#39; view" in why.text


def test_a_notice_ends_on_the_childs_birthday(house: House, sergeant: Somebody) -> None:
    office = house.office
    man = office.person("Baz")
    entity.record_person(office.desk, office.reader, name="Kay Moss", born=date(1997, 5, 6))
    known = {"who": str(man), "basis": "s2-caa-1984", "because_of": ["none-known"]}
    page = sergeant.send("/do/outcome-notice", child="Kay Moss", **known)
    assert page.status_code == 200, page.text
    assert str(house.office.events(NoticeServed)[0].expires) == "2013-05-06"
    entity.record_person(office.desk, office.reader, name="Ann Moss", born=date(1989, 5, 6))
    old = known | {"child": "Ann Moss"}
    assert "cannot be issued" in sergeant.send("/do/outcome-notice", **old, issue="true").text
    assert "the child was too old" in sergeant.send("/do/outcome-notice", **old).text
    assert "the child was too old" in sergeant.get(f"/people/{man}").text
    assert len(house.office.events(NoticeServed)) == 2
    nobody = sergeant.send("/do/outcome-notice", child="Nobody", **known)
    assert nobody.status_code == 422


def test_what_followed_is_with_the_person_and_in_the_case(house: House, sergeant: Somebody) -> None:
    man, case = house.office.person("Baz"), house.office.case("Kayleigh Marlow")
    known = {"because_of": ["none-known"], "case": str(case)}
    sergeant.send("/do/outcome-arrest", who=str(man), **known)
    sergeant.send(f"/people/{man}/result", kind="sentenced", months="30", **known)
    page = sergeant.get(f"/people/{man}").text
    assert page.index("Sentenced</strong>: 30 months") < page.index("Arrested</strong>")
    page = sergeant.get(f"/cases/{case}?tab=court").text
    assert f'Arrested</strong> <a class="govuk-link" href="/people/{man}">' in page


def test_a_sanitised_report_is_released_and_a_consent_asked_and_given(
    house: House, sergeant: Somebody
) -> None:
    office = house.office
    item = office.words("He keeps the girls at the unit.")
    report = intelligence_report.assess(
        office.desk, office.reader, item, Grade.parse("2C"), Handling("C", "A1", "S1", "ask us")
    ).id
    release = {"to": "Neighbourhood team", "purpose": "to keep a watch on the unit"}
    bare = sergeant.send(f"/items/{report}/release", **release, conditions_met="told to")
    assert bare.status_code == 422
    assert "sanitise the item first" in bare.text
    intelligence_report.sanitise(office.desk, office.reader, item, "A unit is used at night.")
    waits = sergeant.send(f"/items/{report}/release", **release, conditions_met="told to")
    assert waits.status_code == 422
    assert "their consent" in waits.text
    sergeant.tell("consent ask", item=str(report), use="a watch on the unit")
    own = sergeant.tell("consent give", item=str(report))
    assert own.status_code == 422
    other = house.somebody("io.reed")
    other.tell("consent give", item=str(report), conditions="by day only")
    page = sergeant.send(f"/items/{report}/release", **release, conditions_met="told to")
    assert "Release to Neighbourhood team recorded." in page.text
    assert house.office.events(ReportDisseminated)[0].recipient == "Neighbourhood team"


def test_a_tie_is_taken_back_with_its_reason(house: House, sergeant: Somebody) -> None:
    office = house.office
    office.person("Baz")
    item = office.words("Baz has a van.")
    tie = links.assert_link(office.desk, office.reader, item, "Baz", "vehicle:YC94KXT", "uses").id
    assert "Retract a link" in sergeant.get(f"/items/{tie}").text
    assert sergeant.tell("retract", item=str(tie), reason=" ").status_code == 422
    page = sergeant.tell("retract", f"/items/{tie}", item=str(tie), reason="it was his brother")
    assert "Link retracted." in page.text
    assert "Retract a link" not in page.text
    assert office.links() == []

"""Possible corroboration is shown after an entry was graded, or before the user decides not to
grade it."""

from commands.information import observation
from domain.information.observation import ObservationTriaged
from domain.information.shared_mentions import JoinDismissed, pair_id
from domain.kernel.values import Mention
from tests.web.conftest import House

READ = (Mention(0, 7, "vrm", "PK95ABC", 0.9),)


def test_a_decision_is_confirmed_once_and_the_rows_are_decided(house: House) -> None:
    office = house.office
    first, later = (
        observation.record(office.desk, office.reader, words=f"PK95ABC {when}", mentions=READ).id
        for when in ("at the gate", "again")
    )
    sergeant = house.somebody("ds.hale")
    told = {"outcome": "no-value", "reason": "a taxi"}
    asked = sergeant.send(f"/queue/{later}/decide", **told)
    assert asked.status_code == 422
    assert "PK95ABC at the gate" in asked.text
    assert "the plate PK95ABC" in asked.text
    assert 'value="a taxi"' in asked.text
    assert not office.events(ObservationTriaged)
    assert sergeant.send(f"/queue/{later}/decide", **told, looked="true").status_code == 200
    assert [event.outcome for event in office.events(ObservationTriaged)] == ["no-value"]
    page = sergeant.get(f"/others/{later}", follow_redirects=True)
    assert page.url.path == f"/assess/{later}"
    assert "PK95ABC at the gate" in page.text
    join, back = str(pair_id(first, later)), f"/assess/{later}"
    page = sergeant.tell("join dismiss", back, join=join, reason="a taxi rank").text
    assert "Not the same subject</strong>" in page
    assert "a taxi rank" in page
    assert len(office.events(JoinDismissed)) == 1
    assert "Possible corroboration (0)" in sergeant.get("/brief/items").text


def test_matches_are_shown_before_the_grade_of_an_urgent_entry_only(house: House) -> None:
    """Possible corroboration is shown before the grade only for an urgent entry, because it would
    influence the grade. (Other entries that mention the same subject are possible
    corroboration.)"""
    office = house.office
    _, calm, urgent = (
        observation.record(
            office.desk, office.reader, words=f"PK95ABC {when}", mentions=READ, urgent_reason=why
        ).id
        for when, why in (("first", None), ("then", None), ("now", "he is there now"))
    )
    sergeant = house.somebody("ds.hale")
    assert "Possible corroboration" not in sergeant.get(f"/assess/{calm}").text
    page = sergeant.get(f"/assess/{urgent}").text
    assert "Possible corroboration (2)" in page
    assert "Not graded" in page
    assert "PK95ABC first" in page
    part = sergeant.get(f"/assess/{calm}/corroboration").text
    assert "PK95ABC first" not in part
    assert "PK95ABC first" in sergeant.get(f"/assess/{calm}/corroboration?deciding=true").text

"""The page of a person or thing shows its status with the reasons, and its timeline. Both can be
shown as known on an earlier day."""

from uuid import UUID

import pytest

from commands.intelligence import intelligence_report, links
from commands.justice import arrest_to_result, court
from commands.kernel.item_references import UNNAMED
from domain.justice.arrest_to_result import ArrestMade
from domain.justice.court import BailSet
from tests.web.conftest import House, Somebody


@pytest.fixture
def sergeant(house: House) -> Somebody:
    return house.somebody("ds.hale")


def arrested(house: House) -> UUID:
    office = house.office
    who = office.person("Baz", categories=(("suspect", "named by two parents"),))
    made = ArrestMade(who)
    arrest_to_result.record(office.desk, office.reader, made, because_of=("none-known",))
    return who


def test_a_status_that_is_not_recorded_is_not_known(house: House, sergeant: Somebody) -> None:
    page = sergeant.get(f"/people/{house.office.person()}").text
    assert "<dt>Status</dt><dd>Not known</dd>" in page
    assert "liberty" not in page


def test_the_band_says_the_status_who_recorded_it_and_when(
    house: House, sergeant: Somebody
) -> None:
    who, office = arrested(house), house.office
    bailed = BailSet(UNNAMED, UNNAMED, "not near her", None)
    court.set_bail(office.desk, office.reader, bailed, str(office.case()), str(who))
    status = sergeant.get(f"/people/{who}").text.partition("<dt>Status</dt>")[2]
    band = status.partition("</div>")[0]
    assert band.index("On bail, no end date recorded") < band.index("Arrested")
    assert f"by <bdi>{office.reader.name}</bdi>" in band


def test_the_page_shows_what_was_known_on_a_day(house: House) -> None:
    who, office = house.office.person(), house.office
    office.later(48)
    made = ArrestMade(who)
    arrest_to_result.record(office.desk, office.reader, made, because_of=("none-known",))
    office.later(48)
    sergeant = house.somebody("ds.hale")
    assert "<strong>Arrested</strong>" in sergeant.get(f"/people/{who}").text
    then = sergeant.get(f"/people/{who}?known=18/3/2011").text
    assert "As known on" in then
    assert "<strong>Arrested</strong>" not in then
    assert "<dt>Status</dt><dd>Not known</dd>" in then


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("1/13/2011", "1/13/2011"),
        ("soon", "soon"),
        ("18/3/2031", "has not ended"),
        ("1/3/2011", "nothing was recorded by then"),
    ],
)
def test_a_day_that_is_not_understood_changes_nothing(house: House, typed: str, fault: str) -> None:
    who = arrested(house)
    house.office.later(48)
    page = house.somebody("ds.hale").get(f"/people/{who}", params={"known": typed})
    assert page.status_code == 422
    error = page.text.partition('id="known-error"')[2].partition("</p>")[0]
    assert fault in error or fault.capitalize() in error
    assert f'name="known" value="{typed}"' in page.text
    assert "As known on" not in page.text
    assert "<strong>Arrested</strong>" in page.text


def test_a_wrong_day_leaves_the_page_at_its_day(house: House) -> None:
    who = house.office.person()
    house.office.later(48)
    sergeant = house.somebody("ds.hale")
    then = sergeant.get(f"/people/{who}?known=18/3/2011").text
    was = then.partition('name="was" value="')[2].partition('"')[0]
    page = sergeant.get(f"/people/{who}", params={"known": "1/13/2011", "was": was}).text
    assert "As known on" in page
    odd = sergeant.get(f"/people/{who}", params={"known": "1/13/2011", "was": "2011"})
    assert odd.status_code == 422


def test_why_shows_the_sanitised_words_with_their_grade_and_trail(
    house: House, sergeant: Somebody
) -> None:
    office, who = house.office, arrested(house)
    report = office.assessed(office.words("Mum says he keeps the girls at the unit."), "2A").id
    link = links.assert_link(
        office.desk, office.reader, report, str(who), "vehicle:PK95 ABC", "driver-of", item=1
    )
    intelligence_report.sanitise(office.desk, office.reader, report, "A man uses a unit.")
    for page in (f"/people/{who}", f"/people/{link_end(house)}"):
        why = sergeant.get(page).text.partition('id="why"')[2].partition("</section>")[0]
        assert "A man uses a unit." in why
        assert "intelligence 2A" in why
        assert f"/trail/{link.id}" in why
        assert "Mum says" not in why


def link_end(house: House) -> UUID:
    """Return the id of the vehicle that is the second end of the store's only link."""
    (row,) = house.office.links()
    return row.b


def test_a_vehicle_says_its_keeper_and_its_gaps(house: House, sergeant: Somebody) -> None:
    office, who = house.office, house.office.person()
    links.assert_link(
        office.desk, office.reader, office.words(), str(who), "vehicle:PK95 ABC", "passenger-of"
    )
    page = f"/people/{link_end(house)}"
    text = sergeant.get(page).text
    assert "<dt>Keeper</dt><dd>Not known</dd>" in text
    assert "No keeper or driver" in text.partition('id="gaps"')[2]
    links.assert_link(
        office.desk, office.reader, office.words(), str(who), "vehicle:PK95 ABC", "owns"
    )
    text = sergeant.get(page).text
    assert "Baz" in text.partition("<dt>Keeper</dt>")[2].partition("</div>")[0]
    assert "No keeper or driver" not in text


def test_no_id_is_on_the_page_but_behind_copy_reference(house: House, sergeant: Somebody) -> None:
    who = arrested(house)
    text = sergeant.get(f"/people/{who}").text.partition("<main")[2].partition("</main>")[0]
    assert f'data-copy="{who}">Copy reference</button>' in text
    assert str(who)[-8:] not in "".join(part.partition(">")[2] for part in text.split("<"))


def test_an_item_shows_what_was_recorded_by_a_day(house: House) -> None:
    office = house.office
    item = office.words("He waits at the school.")
    office.later(48)
    office.assessed(item, "2A")
    office.later(48)
    sergeant = house.somebody("ds.hale")
    assert "intelligence 2A" in sergeant.get(f"/items/{item}").text
    then = sergeant.get(f"/items/{item}?known=18/3/2011").text
    assert "As known on" in then
    assert "information ungraded" in then
    assert "intelligence 2A" not in then
    early = sergeant.get(f"/items/{item}?known=1/3/2011")
    assert early.status_code == 422
    assert "othing was recorded by then" in early.text
    assert "intelligence 2A" in early.text


def test_a_familys_timeline_leaves_the_charitys_record_to_its_readers(house: House) -> None:
    case = house.office.case("Chantelle Moss")
    worker = house.somebody()
    worker.do("support contact", case, kind="advocacy", whom="parents")
    worker.do("missing reported", case, since="2011-03-17T23:10", carer_reported="yes")
    page = worker.get(f"/cases/{case}").text
    line = page.partition('id="timeline"')[2].partition("</ol>")[0]
    assert line.index("<strong>Missing</strong>") > 0
    assert "Advocacy" in line
    assert 'role="img" aria-label="Nights missing by week' in page


def test_a_suspect_s_gaps_come_with_the_next_question(house: House, sergeant: Somebody) -> None:
    office, who = house.office, arrested(house)
    house.office.case("Chantelle Moss")
    item = office.words("Baz picks her up.")
    links.assert_link(office.desk, office.reader, item, str(who), "Chantelle Moss", "association")
    page = sergeant.get(f"/people/{who}").text
    gaps = page.partition('id="gaps"')[2].partition("</section>")[0]
    assert "No graded tie" in gaps or "No graded link" in gaps
    assert "No whole plate" in gaps
    assert "Which vehicle does this person use" in gaps
    later = sergeant.get(f"/people/{who}?known=18/3/2011")
    assert later.status_code == 422, "the day has not ended"

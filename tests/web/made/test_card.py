"""On the page of a team's report card, each figure that is not hidden links to the list of the
families that it counts."""

import html
import io
import re
import zipfile

import pytest

from commands.families import referral
from domain.people_and_teams.store_admin import ExportMade
from tests.web.conftest import House

ASKED = {"since": "2011-01-01", "until": "2011-03-31", "edition": "team", "used_for": "a bid"}


@pytest.mark.usually_on("sqlite")
def test_a_figure_leads_to_its_families_and_parents_views_to_none(house: House) -> None:
    desk, reader = house.office.desk, house.office.reader
    cases = [referral.receive(desk, reader, child=f"Child {n}").id for n in ("A", "B")]
    somebody = house.somebody("ds.hart")
    page = somebody.get("/list/card", params=ASKED).text
    links = [html.unescape(one) for one in re.findall(r'href="(/list/card-families[^"]*)"', page)]
    assert any("measure=referred&team=Engage&since=2011-01-01" in link for link in links)
    assert not any("measure=asked" in link for link in links)
    assert "Figures of the period" in page
    assert "How soon a worker came" not in page, "a table without rows is left out"
    listed = somebody.get(next(link for link in links if "measure=referred&" in link)).text
    assert all(f"/cases/{case}" in listed for case in cases)


@pytest.mark.usually_on("sqlite")
def test_a_page_without_a_purpose_says_what_is_missing(house: House) -> None:
    without = {name: value for name, value in ASKED.items() if name != "used_for"}
    page = house.somebody("ds.hart").get("/list/card", params=without)
    assert page.status_code == 422
    assert (
        "give the purpose for which you read the complete figures, in up to" in page.text.casefold()
    )


@pytest.mark.usually_on("sqlite")
def test_charts_stand_above_the_tables_that_have_their_numbers(house: House) -> None:
    desk, reader = house.office.desk, house.office.reader
    referral.receive(desk, reader, child="Child A")
    page = house.somebody("ds.hart").get("/list/card", params=ASKED | {"by": "quarter"}).text
    chart = page.index('<figure class="c-chart"><svg')
    assert 'role="img" aria-label="From words to outcome' in page
    assert chart < page.index("Figures of the period")
    assert "Costs of the work, without savings" in page
    assert "Evidence for the objectives" in page
    assert "What each team offers" in page


@pytest.mark.usually_on("sqlite")
def test_the_card_is_exported_as_csv_and_recorded(house: House) -> None:
    office = house.office
    referral.receive(office.desk, office.reader, child="Child A")
    answer = house.somebody("ds.hart").send("/list/card.csv", **ASKED)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert {"period.csv", "objectives.csv", "costs.csv", "notes.txt"} <= {*archive.namelist()}
    (export,) = office.events(ExportMade, "access")
    assert (export.form, export.filters["question"]) == ("csv", "card")
    assert house.somebody("ds.hart").send("/list/due.csv").status_code == 404

"""The screens show the access log, silent search alerts, unusual access, and reports to the
auditor.
"""

from uuid import uuid4

from domain.data_protection.access_log import ContactDecided, SearchTouched, UnusualAccessReviewed
from domain.kernel.envelope import Fact, Header, Submission
from domain.people_and_teams.confidential_report import EscalatedOutsideLine
from tests.web.conftest import House


def test_who_looked_at_an_item_and_what_somebody_was_shown(house: House) -> None:
    item = house.office.words("a grey van")
    sergeant, auditor = house.somebody("ds.hale"), house.somebody("auditor.wray")
    sergeant.send("/why", reason="the queue of tonight")
    sergeant.get(f"/items/{item}")
    page = auditor.get("/looked", params={"of": str(item)[-10:]}).text
    row = page.partition('aria-label="Access log"')[2].partition("</tr>")[2].partition("</tr>")[0]
    assert "ds.hale" in row
    assert ">show</td>" in row
    assert "the queue of tonight" in row
    assert "ds.hale" in auditor.get("/looked", params={"by": "ds.hale"}).text
    assert "No access is recorded" in auditor.get("/looked", params={"by": "nobody.atall"}).text
    assert auditor.get("/looked", params={"of": "nothing"}).status_code == 422


def test_who_looked_last_is_named_to_those_who_review_it(house: House) -> None:
    house.office.words("a grey van")
    sergeant, auditor = house.somebody("ds.hale"), house.somebody("auditor.wray")
    sergeant.get("/queue")
    assert 'href="/looked?by=ds.hale"' in auditor.get("/looked").text


def test_looks_are_paged(house: House) -> None:
    item = house.office.words("a grey van")
    sergeant = house.somebody("ds.hale")
    for _ in range(60):
        sergeant.get(f"/items/{item}")
    page = sergeant.get("/looked", params={"of": str(item)}).text
    assert page.count(">show</td>") == 50
    older = page.partition("before=")[2].partition('"')[0]
    rest = sergeant.get("/looked", params={"of": str(item), "before": older}).text
    assert rest.count(">show</td>") == 10
    assert "Older" not in rest


def test_a_search_that_met_what_we_hold_is_decided(house: House) -> None:
    case = house.office.case("Kayleigh Marlow")
    settings = house.office.settings.model_copy(update={"user": "dc.far", "team": "Deter"})
    far = house.office.system.serving(settings, house.office.system.clock.given_time)
    far.consulted("search", (), None, [SearchTouched(case, case, "Engage", ())])

    worker = house.somebody("ds.hart")
    page = worker.get("/inbox/search-alerts").text
    assert "dc.far" in page
    hit = page.partition('name="hit" value="')[2].partition('"')[0]
    assert (
        worker.tell(
            "hits decide", "/inbox/search-alerts", hit=hit, contact="contact", reason=" "
        ).status_code
        == 422
    )
    worker.tell(
        "hits decide", "/inbox/search-alerts", hit=hit, contact="contact", reason="the same girl"
    )
    assert [event.contact for event in house.office.events(ContactDecided, "access")] == ["contact"]
    assert "No silent search alerts" in worker.get("/inbox/search-alerts").text
    assert (
        worker.tell(
            "hits decide", "/inbox/search-alerts", hit=uuid4(), contact="contact", reason="x"
        ).status_code
        == 404
    )
    assert "No overdue alerts" in worker.get("/inbox/search-alerts?overdue=true").text


def test_of_very_many_that_are_owed_a_page_is_shown_and_each_is_reached(house: House) -> None:
    case = house.office.case("Kayleigh Marlow")
    met = SearchTouched(case, case, "Engage", ())
    headers = (Header(f"dc.{number}", "Deter", "police", "part-3") for number in range(1_060))
    searches = [
        Submission(uuid4(), bytes(32), (Fact(uuid4(), 1, header, met),)) for header in headers
    ]
    house.office.system.logs["access"].append(searches)
    worker = house.somebody("ds.hart")
    assert "and more than 1,000 more" in worker.get("/inbox/search-alerts").text
    assert "<strong>more than 1,000</strong> silent search alerts" in worker.get("/manage").text
    assert "dc.1059 of team" in worker.get("/list/hits?page=11").text


def test_what_is_out_of_the_ordinary_is_looked_into(house: House) -> None:
    house.office.person("Ellis Brown")
    house.somebody("psw.ellis").ask("/search", q="Ellis")
    auditor = house.somebody("auditor.wray")
    page = auditor.get("/unusual").text
    assert "own name" in page
    auditor.send("/do/unusual-access-review", user="psw.ellis", finding="her cousin; spoken to")
    assert [event.user for event in house.office.events(UnusualAccessReviewed, "access")] == [
        "psw.ellis"
    ]
    assert "her cousin; spoken to" in auditor.get("/unusual").text
    assert auditor.get("/unusual?since=never").status_code == 422


def test_what_goes_past_the_line_is_its_authors(house: House) -> None:
    worker, other = house.somebody(), house.somebody("ds.hale")
    assert worker.send("/escalations", words="", reason="x").status_code == 422
    page = worker.send("/escalations", words="My referral was deleted", reason="it is my sergeant")
    assert "My referral was deleted" in page.text
    assert "My referral" not in other.get("/escalations").text
    assert [event.words for event in house.office.events(EscalatedOutsideLine, "access")] == [
        "My referral was deleted"
    ]
    assert other.send(f"/escalations/{uuid4()}/answer", words="x").status_code == 404

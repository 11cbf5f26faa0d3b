"""Every page names the person on call, and the entries that no assessor has taken over."""

from datetime import timedelta

from commands.people_and_teams import rota
from domain.people_and_teams.rota import DutyGiven
from tests.web.conftest import House

LINE = "Child in danger now: 999."


def on_call(house: House, user: str, place: int, phone: str) -> None:
    office = house.office
    now = office.system.clock()
    duty = DutyGiven(user, phone, now, now + timedelta(hours=9), place)
    rota.give(office.desk, office.reader, duty)


def test_each_page_and_receipt_says_whom_to_ring(house: House) -> None:
    assert LINE in house.anybody.get("/sign-in").text
    assert LINE in house.anybody.get("/offline").text
    worker = house.somebody()
    page = worker.get("/record").text
    assert f"{LINE} Nobody is on call now." in page
    on_call(house, "insp.moss", 1, "07700 900123")
    on_call(house, "dci.reed", 2, "07700 900124")
    called = worker.get("/record").text
    link = '<a class="govuk-link" href="tel:07700900123">07700 900123</a>'
    assert f"On call: insp.moss, {link} (until" in called
    assert "dci.reed" not in called, "the next one is on the rota's page"
    receipt = worker.send("/record", words="He is here.", urgent="true").text
    alert = receipt.partition('role="alert"')[2]
    assert "1 urgent log entry not taken" in alert
    assert f"On call: insp.moss, {link}" in receipt
    house.office.later(0.2)
    page = worker.get("/mine").text
    assert 'On call: dci.reed, <a class="govuk-link" href="tel:07700900124">' in page
    assert 'data-at="' in page.partition('id="oncall"')[2].partition(">")[0]
    assert page.partition('id="oncall"')[2].partition(">")[2].startswith(LINE)


def test_what_nobody_has_taken_is_on_every_page_until_somebody_does(house: House) -> None:
    worker = house.somebody()
    office = house.office
    item = office.words("He is here.", urgent_reason="he is here")
    assert "1 urgent log entry not taken" in worker.get("/record").text
    worker.tell("take", item=str(item))
    assert "not taken" not in worker.get("/record").text


def test_a_duty_is_given_and_ended_on_the_screen(house: House) -> None:
    worker = house.somebody("mgr.cole")
    now = house.office.system.clock()
    times = {
        "since": f"{now:%Y-%m-%dT%H:%M}",
        "until": f"{now + timedelta(hours=8):%Y-%m-%dT%H:%M}",
    }
    told = {"user": "insp.moss", "phone": "07700 900123", "back": "/today/on-call"}
    assert worker.send("/do/rota-add", **told).status_code == 422
    page = worker.send("/do/rota-add", **told, **times).text
    assert "called first" in page.partition("<h2")[2]
    assert "insp.moss" in page.partition("<h2")[2]
    duty = page.partition('name="duty" value="')[2].partition('"')[0]
    ended = worker.send("/do/rota-end", duty=duty, back="/today/on-call")
    assert "The rota is empty" in ended.text
    (given,) = house.office.events(DutyGiven)
    assert given.user == "insp.moss"

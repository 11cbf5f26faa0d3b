"""The disclosure officer's screens show material and schedules, disclosures and recalls, and
requests.
"""

import re
from uuid import UUID, uuid4

import pytest

from domain.data_protection.disclosure import DisclosureMade, DisclosureRecalled, RecipientTold
from domain.data_protection.request_intake import RequestNoted
from domain.data_protection.subject_request import RequestAnswered
from domain.justice.unused_material import MaterialReviewed, ScheduleMade
from tests.web.conftest import House, Somebody

WORDS = "A grey van outside the school, twice this week."


@pytest.fixture
def officer(house: House) -> Somebody:
    return house.somebody("do.marsh")


def test_nothing_is_on_a_schedule_that_nobody_put_there(house: House, officer: Somebody) -> None:
    case = house.office.case()
    item = house.office.words(WORDS, case=str(case))
    page = officer.get(f"/material/{case}").text
    assert "not decided" in page
    assert "A grey van" in page
    assert f'href="/records/material/{case}/do/schedule"' in page
    made = officer.send(f"/records/material/{case}/schedule", form="MG6C", trial="S1").text
    assert "NIL" in made
    assert "not decided yet" in made

    at, about = "/do/material-review", {"case": str(case), "item": str(item)}
    review = about | {"relevance": "relevant", "description": "a report of a van"}
    assert officer.send(at, **review, sensitivity="sensitive").status_code == 422
    officer.send(at, **review, sensitivity="not-sensitive")
    assert [event.description for event in house.office.events(MaterialReviewed, "access")] == [
        "a report of a van"
    ]
    made = officer.send(f"/records/material/{case}/schedule", form="MG6C", trial="S1").text
    assert "S1/1" in made
    assert "a report of a van" in made
    assert "A grey van" not in made
    again = officer.send(f"/records/material/{case}/schedule", form="MG6C", trial="S1").text
    assert "S1/1" in again
    assert len(house.office.events(ScheduleMade, "access")) == 2
    assert str(item) not in officer.get(f"/material/{case}?stands=undecided").text
    assert str(item) in officer.get(f"/material/{case}?stands=decided").text
    assert "1 item decided" in officer.get("/material").text


def test_the_page_of_a_case_makes_schedules_and_reveals_the_bundle(
    house: House, officer: Somebody
) -> None:
    case = house.office.case()
    item = house.office.words(WORDS, case=str(case))
    review = {"case": str(case), "item": str(item), "relevance": "relevant"}
    officer.send("/do/material-review", **review, sensitivity="not-sensitive", description="a van")
    at = f"/records/material/{case}"
    page = officer.get(f"/material/{case}").text
    for act, form in (("schedule", f"{at}/schedule"), ("material-reveal", "/do/material-reveal")):
        assert f'href="{at}/do/{act}"' in page
        assert f'action="{form}"' in officer.get(f"{at}/do/{act}").text
    (number,) = re.findall(r'href="/list/material-bundle\?case=(\d+)"', page)
    asks = officer.get(f"/list/material-bundle?case={number}")
    assert (asks.status_code, f'value="{number}"' in asks.text) == (200, True), "the trial is asked"
    assert "govuk-error" not in asks.text
    told = {"case": str(case), "trial": "S1", "to": "Reviewing prosecutor", "checked": "all"}
    assert "Revealed for trial S1" in officer.send("/do/material-reveal", **told).text
    (made,) = house.office.events(DisclosureMade, "access")
    assert (made.recipients, set(made.items)) == (("Reviewing prosecutor",), {case, item})
    query = {"to": "/list/material-bundle", "case": str(case), "trial": "S1"}
    shown = officer.send("/asked", **query).text
    assert WORDS in shown
    assert "Reviewing prosecutor" in shown
    printed = officer.send("/list/material-bundle.pdf", case=str(case), trial="S1")
    assert printed.content.startswith(b"%PDF")


def test_what_leaves_is_seen_first_and_written_down(house: House, officer: Somebody) -> None:
    item = house.office.words(WORDS)
    form = {
        "items": str(item)[-12:],
        "basis": "safeguarding",
        "purpose": "to keep her safe",
        "recipients": "Head of Mill Lane School\nSocial worker on call",
        "checked": "read against the note",
    }
    first = officer.send("/disclose", **form)
    assert "Preview of the disclosure" in first.text
    assert WORDS in first.text
    assert not house.office.events(DisclosureMade, "access")
    command = str(uuid4())
    for _ in range(2):
        done = officer.send("/disclose", **form, sure="true", command_id=command)
        assert "OFFICIAL-SENSITIVE" in done.text
        assert WORDS in done.text
    (made,) = house.office.events(DisclosureMade, "access")
    assert made.recipients == ("Head of Mill Lane School", "Social worker on call")

    listed = officer.get("/disclosures", params={"of": str(item)}).text
    which = listed.partition('name="rows" value="')[2].partition('"')[0]
    officer.send("/do/disclosure-recall", disclosure=which, reason="another street")
    assert house.office.events(DisclosureRecalled, "access")
    told = {"disclosure": which, "recipient": "Social worker on call"}
    officer.send("/do/disclosure-told", **told, back="/disclosures")
    rows = {"act": "disclosure-told", "list": "disclosure-list", "table": "disclosures"}
    page = officer.send("/each", **rows, rows=which).text
    assert '<option value="Head of Mill Lane School">' in page
    assert 'value="Social worker on call"' not in page
    assert len(house.office.events(RecipientTold, "access")) == 1
    nowhere = officer.send("/do/disclosure-recall", disclosure=str(uuid4()), reason="x")
    assert nowhere.status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"items": ""},
        {"items": "nothing-so-named"},
        {"basis": "because"},
        {"basis": "subject-access"},
        {"basis": "public-task"},
        {"purpose": " "},
        {"recipients": " \n"},
        {"checked": ""},
    ],
)
def test_sharing_asks_for_all_that_the_law_asks(
    house: House, officer: Somebody, wrong: dict[str, str]
) -> None:
    item = house.office.words(WORDS)
    form = {
        "items": str(item),
        "basis": "safeguarding",
        "purpose": "to keep her safe",
        "recipients": "School",
        "checked": "read",
    }
    answer = officer.send("/disclose", **form | wrong, sure="true")
    assert answer.status_code == 422
    assert not house.office.events(DisclosureMade, "access")


def test_a_request_is_decided_item_by_item_and_answered(house: House, officer: Somebody) -> None:
    office = house.office
    child = office.person("Kayleigh Marlow")
    office.person("Jade Haxby")
    item: UUID = office.words("Kayleigh Marlow was by the shop with Jade Haxby")
    page = officer.send("/requests", subject="Kayleigh Marlow", requester="herself, in person")
    assert "<dt>Due</dt>" in page.text
    at = page.url.path
    assert "proposed: withhold" in page.text
    assert officer.send(f"{at}/answer").status_code == 422
    for one, form in (
        (child, {"decision": "give", "text": "your name"}),
        (item, {"decision": "withhold", "exemption": "source", "reason": "it would tell"}),
    ):
        officer.send(f"{at}/decide", item=str(one), **form)
    which = at.rpartition("/")[2]
    officer.send("/do/request-extend", request=which, reason="a second file is searched")
    assert "extended" in officer.get("/requests").text
    answered = officer.send(f"{at}/answer")
    assert "your name" in answered.text
    assert "Jade Haxby" not in answered.text
    (told,) = house.office.events(RequestAnswered, "access")
    assert (told.given, told.withheld) == (1, 1)
    assert "<dt>Answered</dt><dd><time" in officer.get(at).text
    assert officer.get(f"/requests/{uuid4()}").status_code == 404
    assert officer.send("/requests", subject="Nobody Atall", requester="x").status_code == 422


def test_a_late_request_says_so(house: House, officer: Somebody) -> None:
    house.office.person("Kayleigh Marlow")
    officer.send("/requests", subject="Kayleigh Marlow", requester="herself", received="2011-01-02")
    assert "Overdue" in officer.get("/requests").text


def test_a_request_about_nobody_known_is_handed_on_and_gets_a_letter(
    house: House, officer: Somebody
) -> None:
    told = {"requester": "Ms Croft, by letter", "words": "What do you hold about my uncle Bazza?"}
    officer.send("/do/request-note", **told)
    page = officer.get("/list/request-unidentified").text
    assert "uncle Bazza" in page
    (noted,) = house.office.events(RequestNoted, "access")
    log = house.office.system.logs["access"]
    (which,) = (str(fact.stream) for fact in log.read(0, log.last()) if fact.event == noted)
    officer.send("/do/request-nil", request=which, searched="Bazza, and three spellings")
    assert "uncle Bazza" not in officer.get("/list/request-unidentified").text
    letter = officer.get(f"/list/request-letter?request={which}").text
    assert "We hold no information about you that we can give you." in letter
    assert "Ms Croft, by letter" in letter

"""A form that was refused is shown again on its page, with the typed values, and with each error at
its field.
"""

import re

import pytest
import structlog

from domain.kernel.values import Denied
from tests.web.conftest import House
from web.site.form_again import PAGE

DAY = "1/13/2011"


def field(page: str, name: str) -> str:
    """Return the HTML of the form field `name` on this page, with the field's error message."""
    groups = [one.partition("</form>")[0] for one in page.split('<div class="govuk-form-group')]
    groups = [group for group in groups if group.startswith(" govuk-form-group--error")]
    (found,) = [group for group in groups if f'name="{name}"' in group]
    return str(found)


@pytest.mark.parametrize(
    ("at", "to", "form", "name", "stays"),
    [
        (
            "/list/hold-list",
            "/holds",
            {"kind": "store", "order": "9/11", "reason": " "},
            "reason",
            "9/11",
        ),
        (
            "/list/hold-list",
            "/holds",
            {"kind": "store", "order": "", "reason": "its terms"},
            "order",
            "its terms",
        ),
        (
            "/list/hold-list",
            "/holds",
            {"kind": "period", "starts": DAY, "order": "9/11", "reason": "x"},
            "starts",
            DAY,
        ),
        (
            "/list/request-list",
            "/requests",
            {"subject": "Nobody Atall", "requester": "her"},
            "subject",
            "her",
        ),
        (
            "/records/retention/{item}/do/hold",
            "/records/retention/{item}/hold",
            {"reason": " ", "order": "9/11"},
            "reason",
            "9/11",
        ),
        (
            "/records/retention/{item}/do/restrict",
            "/records/retention/{item}/restrict",
            {"ground": "", "reason": "contested"},
            "ground",
            "contested",
        ),
        (
            "/disclose?of={item}",
            "/disclose",
            {"basis": "because", "purpose": "her safety"},
            "basis",
            "her safety",
        ),
    ],
)
def test_the_error_is_beside_its_field_and_the_rest_stays(
    house: House, at: str, to: str, form: dict[str, str], name: str, stays: str
) -> None:
    item = str(house.office.words("Kayleigh was by the shop."))
    officer = house.somebody("di.moss")
    form = {"ground": "inquiry", "items": item} | form
    page = officer.send(to.format(item=item), **form, **{PAGE: at.format(item=item)})
    assert page.status_code == 422
    assert "govuk-error-message" in field(page.text, name)
    assert f'value="{stays}"' in page.text
    assert page.text.count("govuk-form-group--error") == 1
    heading = re.search("<h1[^>]*>(.*?)</h1>", officer.get(at.format(item=item)).text)
    assert heading
    assert heading[0] in page.text, "its own page"


def test_an_error_about_no_field_is_in_the_form(house: House) -> None:
    officer = house.somebody("di.moss")
    form = {"kind": "store", "team": "Engage", "ground": "inquiry", "reason": "no ground"}
    page = officer.send("/holds", **form, **{PAGE: "/list/hold-list"}).text
    form_again = page.partition('action="/holds"')[2].partition("</form>")[0]
    assert "govuk-error-message" in form_again
    assert 'value="no ground"' in form_again
    assert page.count("govuk-error-message") == 1
    assert "<li>" in page.partition("govuk-error-summary")[2], "and above the page"
    assert page.count("no ground") == 1, "it stays in its form"


@pytest.mark.parametrize("at", ["/nowhere", "https://elsewhere.example/", "/store", "/palette", ""])
def test_a_page_that_has_no_such_form_changes_nothing(house: House, at: str) -> None:
    officer = house.somebody("di.moss")
    page = officer.send("/holds", kind="store", ground="inquiry", reason=" ", **{PAGE: at})
    assert page.status_code == 422
    assert "What you typed" in page.text


@pytest.mark.parametrize("error", [RuntimeError("words of hers"), Denied("not any more")])
def test_a_fault_of_the_page_is_logged_and_a_refusal_of_it_is_not(
    house: House, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise error

    officer = house.somebody("di.moss")
    monkeypatch.setattr("usecases.information.registers.ListHolds.told", broken)
    form = {"kind": "store", "ground": "inquiry", "reason": " ", PAGE: "/list/hold-list"}
    with structlog.testing.capture_logs() as logged:
        page = officer.send("/holds", **form)
    assert page.status_code == 422
    assert "What you typed" in page.text, "the error of the form alone"
    faults = [one for one in logged if one["event"] == "fault of the program"]
    assert [fault["kind"] for fault in faults] == ["RuntimeError"] * isinstance(error, RuntimeError)
    assert all("test_form_again.py" in fault["where"] for fault in faults)
    assert "words of hers" not in str(logged)


def test_each_form_names_its_page_with_what_was_asked(house: House) -> None:
    officer = house.somebody("di.moss")
    page = officer.get("/list/hold-list?page=1").text
    assert f'name="{PAGE}" value="/list/hold-list?page=1"' in page


def test_an_error_after_a_preview_loses_no_item(house: House) -> None:
    item = str(house.office.words("Kayleigh was by the shop."))
    officer = house.somebody("di.moss")
    form = {"items": item, "basis": "safeguarding", "purpose": "her safety", "checked": "read"}
    preview = officer.send("/disclose", **form).text
    at = re.search(rf'name="{PAGE}" value="([^"]+)"', preview)
    assert at
    page = officer.send("/disclose", **form, sure="true", recipients=" ", **{PAGE: at[1]}).text
    assert "govuk-error-message" in field(page, "recipients")
    assert f'value="{item}" checked' in page
    assert 'value="her safety"' in page


LABELLED = r'<label[^>]*for="{name}".*?(?:</textarea>|</select>|<input[^>]*>)'


def labelled(page: str, name: str) -> str:
    """Return the HTML of the form field `name` on this page, with its label, its hint and its error
    message.
    """
    found = re.search(LABELLED.replace("{name}", name), page, re.DOTALL)
    assert found, name
    return found[0]


def test_a_result_is_shown_again_with_the_fault_at_its_field(house: House) -> None:
    who = house.office.person("Baz")
    officer = house.somebody("ds.hale")
    told = {"kind": "convicted", "happened": "2/13/2011", "suspended": "true"}
    told |= {"because_of": "none-known", "decided_by": "the bench"}
    told[PAGE] = f"/people/{who}/do/result"
    page = officer.send(f"/people/{who}/result", **told)
    assert page.status_code == 422
    assert "Write 13/2/2011" in labelled(page.text, "happened")
    assert 'value="2/13/2011"' in labelled(page.text, "happened")
    assert "the bench" in labelled(page.text, "decided_by")
    assert 'value="convicted" selected' in page.text
    assert re.search('name="suspended"[^>]* checked', page.text)
    assert 'name="because_of" value="none-known" checked' in page.text
    told["happened"] = "2/3/2011"
    page = officer.send(f"/people/{who}/result", **told | {"months": "two"})
    assert "is not a number of months" in labelled(page.text, "months")
    page = officer.send(f"/people/{who}/result", **told | {"case": "999"})
    assert "govuk-error-message" in labelled(page.text, "case")


def test_a_decision_about_an_entry_is_shown_again(house: House) -> None:
    item = house.office.words("a silver car")
    sent = {"outcome": "safeguard", "reason": " ", PAGE: f"/items/{item}/do/decide"}
    page = house.somebody("ds.hale").send(f"/queue/{item}/decide", **sent)
    assert page.status_code == 422
    assert 'value="safeguard" selected' in page.text
    assert "govuk-error-message" in labelled(page.text, "reason")


def test_a_form_of_a_list_is_shown_again_at_its_row(house: House) -> None:
    case = house.office.case()
    worker = house.somebody()
    worker.do("close", case, reason="moved away")
    listed = worker.get("/today/to-decide").text
    (address,) = set(re.findall(r"/today/to-decide/[^\"]+/refuse", listed))
    page = worker.send(address, reason="", **{PAGE: "/today/to-decide"})
    assert page.status_code == 422
    (name,) = re.findall('id="(reason-no-[^"]+)-error"', page.text)
    assert "govuk-error-message" in labelled(page.text, name)
    assert re.search(
        r"<details[^>]* open>\s*<summary[^>]*><span[^>]*>Withdraw the proposal", page.text
    )

"""A form that is refused is shown again on its page: the error at its field, the rest as typed."""

import re

from tests.web.conftest import House
from web.site.form_again import PAGE

GROUP = r'<label[^>]*for="{name}".*?(?:</textarea>|</select>|<input[^>]*>)'


def field(page: str, name: str) -> str:
    """Return the HTML of a field with its label, hint and error."""
    found = re.search(GROUP.replace("{name}", name), page, re.DOTALL)
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
    assert "Write 13/2/2011" in field(page.text, "happened")
    assert 'value="2/13/2011"' in field(page.text, "happened")
    assert "the bench" in field(page.text, "decided_by")
    assert 'value="convicted" selected' in page.text
    assert re.search('name="suspended"[^>]* checked', page.text)
    assert 'name="because_of" value="none-known" checked' in page.text
    told["happened"] = "2/3/2011"
    page = officer.send(f"/people/{who}/result", **told | {"months": "two"})
    assert "is not a number of months" in field(page.text, "months")
    page = officer.send(f"/people/{who}/result", **told | {"case": "999"})
    assert "govuk-error-message" in field(page.text, "case")


def test_a_decision_about_an_entry_is_shown_again(house: House) -> None:
    item = house.office.words("a silver car")
    sent = {"outcome": "safeguard", "reason": " ", PAGE: f"/items/{item}/do/decide"}
    page = house.somebody("ds.hale").send(f"/queue/{item}/decide", **sent)
    assert page.status_code == 422
    assert 'value="safeguard" selected' in page.text
    assert "govuk-error-message" in field(page.text, "reason")


def test_a_form_of_a_list_is_shown_again_at_its_row(house: House) -> None:
    case = house.office.case()
    worker = house.somebody()
    worker.do("close", case, reason="moved away")
    listed = worker.get("/inbox/countersign").text
    (address,) = set(re.findall(r"/inbox/countersign/[^\"]+/refuse", listed))
    page = worker.send(address, reason="", **{PAGE: "/inbox/countersign"})
    assert page.status_code == 422
    (name,) = re.findall('id="(reason-no-[^"]+)-error"', page.text)
    assert "govuk-error-message" in field(page.text, name)
    assert re.search(
        r"<details[^>]* open>\s*<summary[^>]*><span[^>]*>Withdraw the proposal", page.text
    )

"""On the screens, two people decide about an erasure, and a legal hold prevents it."""

import re
from uuid import UUID

import pytest

from commands.families import referral
from commands.information import observation
from domain.data_protection.erasure import ErasureCertified, ErasureProposed
from tests.web.conftest import House, Somebody
from tests.web.live import Live, live
from web.server.erasure_completion import complete

__all__ = ["live"]
WORDS = "Baz waits by the bus station, in a silver car."
BOTH = "Baz and Kayleigh Marlow share a phone."


@pytest.fixture
def baz(house: House) -> UUID:
    """Record the person Baz, and an entry that names him; return Baz's id."""
    who = house.office.person("Baz")
    house.office.words(WORDS)
    return who


@pytest.fixture
def officer(house: House) -> Somebody:
    return house.somebody("do.marsh")


def texts_in(page: str) -> list[str]:
    """Return the ids of the texts about which an erasure needs a decision of the user, from the
    fields of the erasure's page."""
    return re.findall(r'name="do-([0-9a-f-]{36}\.\d*)"', page)


def test_looking_writes_nothing_and_says_what_would_go(
    house: House, officer: Somebody, baz: UUID
) -> None:
    before = house.office.count()["evidence"]
    page = officer.get("/erasures/new?of=Baz")
    assert page.status_code == 200
    assert "Destroyed" in page.text
    assert "Texts that name the subject and also have other facts: 1" in page.text
    assert WORDS in page.text
    assert "Propose the erasure" not in page.text
    assert house.office.count()["evidence"] == before


def test_one_proposes_another_approves_a_certificate_remains(
    house: House, officer: Somebody, baz: UUID
) -> None:
    page = officer.get(f"/erasures/new?of={baz}").text
    (text,) = texts_in(page)
    form = {"of": str(baz), f"do-{text}": "write", f"words-{text}": WORDS}
    again = officer.send("/erasures/new", **form).text
    assert "still names the subject" in again
    form[f"words-{text}"] = "Somebody waits by the bus station, in a silver car."
    again = officer.send("/erasures/new", **form).text
    assert "Propose the erasure" in again
    assert "1</strong> redacted" in again
    refused = officer.send("/erasures", **form, basis="")
    assert refused.status_code == 422
    assert 'href="#basis">Choose the lawful basis' in refused.text
    assert "Somebody waits by the bus station" in refused.text
    made = officer.send("/erasures", **form, basis="uk-gdpr-art17")
    which = UUID(made.url.path.rpartition("/")[2])
    assert "another person approves" in made.text
    assert officer.send(f"/records/erasures/{which}/approve").status_code == 422
    manager = house.somebody("mgr.quill")
    assert "Approve the erasure" in manager.get(f"/erasures/{which}").text
    assert officer.get(f"/records/erasures/{which}/certificate").status_code == 404

    done = manager.send(f"/records/erasures/{which}/approve").text
    assert "Erased and certified" in done
    told = officer.get(f"/records/erasures/{which}/certificate")
    assert "attachment" in told.headers["content-disposition"]
    said = [
        line for line in told.text.splitlines() if line.startswith(("Proposed: ", "Approved: "))
    ]
    assert [one.rpartition(", by ")[2] for one in said] == ["do.marsh", "mgr.quill"]
    assert house.office.events(ErasureCertified)
    assert officer.get(f"/people/{baz}").status_code == 404
    assert "Somebody waits" in officer.get(f"/items/{text.partition('.')[0]}").text


def test_an_approval_is_answered_when_the_keys_are_destroyed(
    house: House, officer: Somebody, baz: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an approval, the page of the erasure says what is done and what follows, offers nothing
    to finish, and does not name the erased person. When the views have been rebuilt, the page says
    that the erasure is certified.
    """
    monkeypatch.setattr(house.office.system, "complete_later", lambda: None)
    form = {"of": str(baz), "basis": "uk-gdpr-art17"}
    for text in texts_in(officer.send("/erasures", **form).text):
        form[f"do-{text}"] = "another"
    made = officer.send("/erasures", **form)
    assert "Waits for a second person" in made.text
    manager = house.somebody("mgr.quill")
    done = manager.send(f"{made.url.path}/approve").text
    assert "The lists are being rebuilt." in done
    assert re.search(r"Keys destroyed: .* \d\d:\d\d", done)
    assert "Finish the erasure" not in done
    assert "Check again" in done
    assert "Baz" not in done
    assert officer.get(f"/people/{baz}").status_code == 404
    assert not house.office.events(ErasureCertified)
    assert complete(house.office.system)
    assert "Erased and certified" in manager.get(made.url.path).text


def test_a_text_that_nobody_decided_about_holds_a_proposal_up(
    house: House, officer: Somebody, baz: UUID
) -> None:
    page = officer.send("/erasures", of=str(baz), basis="court-order")
    assert page.status_code == 422
    assert texts_in(page.text)
    assert not house.office.events(ErasureProposed)
    (text,) = texts_in(page.text)
    other = {f"do-{text}": "another"}
    made = officer.send("/erasures", of=str(baz), basis="court-order", **other)
    assert "Waits for a second person" in made.text
    house.somebody("mgr.quill").send(f"{made.url.path}/refuse")
    assert "Nothing was changed" in officer.get(made.url.path).text


def test_a_hold_beats_an_erasure_until_it_is_lifted(
    house: House, officer: Somebody, baz: UUID
) -> None:
    held = officer.send(
        f"/records/retention/{baz}/hold", ground="appeal", reason="R v Pike, appeal"
    )
    assert "An appeal" in held.text.partition("<h1")[2]
    page = officer.get(f"/erasures/new?of={baz}").text
    assert "1</strong> restricted" in page
    assert "destroyed</span>" not in page
    page = officer.tell("hold lift", hold=str(baz), ground="appeal", reason="dismissed").text
    assert "The proposal waits for a second person" in page
    assert "No legal holds" not in officer.get("/holds").text
    house.somebody("mgr.quill").send(f"/today/to-decide/{baz}/lift-hold/confirm")
    assert "No legal holds" in officer.get("/holds").text
    assert "destroyed</span>" in officer.get(f"/erasures/new?of={baz}").text


def test_what_is_restricted_is_out_of_use_until_it_is_put_back(
    house: House, officer: Somebody
) -> None:
    item = house.office.words(WORDS)
    officer.send(f"/records/retention/{item}/restrict", ground="part-3-s47-2", reason="contested")
    page = officer.get("/retention").text.partition(
        '<h2 class="govuk-heading-m" id="restricted">Restricted'
    )[2]
    assert str(item) in page
    assert WORDS not in officer.get("/queue").text
    officer.send(f"/records/retention/{item}/use", reason="settled")
    assert WORDS in officer.get("/queue").text


def test_a_request_for_restriction_waits_on_the_page_and_who_obtained_it_is_informed(
    house: House, officer: Somebody
) -> None:
    item = house.office.words(WORDS)
    told = {"requester": "his solicitor", "reason": "contested"}
    assert (
        'name="requester"' in officer.get(f"/records/retention/{item}/do/restriction-request").text
    )
    officer.tell("restriction request", item=str(item), **told)

    def part(begins: str, ends: str) -> str:
        page = officer.get("/retention").text.partition(f'id="{begins}"')[2]
        return str(page.partition(f'id="{ends}"')[0])

    assert str(item) in part("requests", "restricted")
    officer.send(f"/records/retention/{item}/restrict", ground="part-3-s47-3", reason="contested")
    assert "No requests" in part("requests", "restricted")
    page = officer.send(f"/records/retention/{item}/use", reason="settled")
    assert "tell them before it is lifted" in page.text
    assert WORDS not in officer.get("/queue").text
    told = {"told_on": "18 March 2011", "told": "by letter"}
    officer.send(f"/records/retention/{item}/use", reason="settled", **told)
    assert WORDS in officer.get("/queue").text


def test_of_several_of_one_name_a_person_chooses(house: House, officer: Somebody) -> None:
    two = {house.office.person("Macca"), house.office.person("Macca")}
    page = officer.get("/erasures/new?of=Macca")
    assert page.status_code == 422
    assert "2 records match" in page.text
    assert all(f"/records/retention/{one}" in page.text for one in two)
    assert "No match" in officer.get("/erasures/new?of=Nobody Atall").text


# --- stores with accounts ------------------------------------------------------------------------


@pytest.fixture
def staff(live: Live) -> Live:
    live.hire("io.one", "intelligence-officer")
    live.hire("ds.hale", "detective")
    live.hire("mgr.two", "manager")
    return live


def test_both_people_prove_who_they_are_and_nobody_else_comes_in(staff: Live) -> None:
    case = referral.receive(staff.desk, staff.reader("ds.hale"), child="Kayleigh Marlow").id
    sergeant, manager = staff.somebody("ds.hale"), staff.somebody("mgr.two")
    assert "Kayleigh Marlow" in sergeant.get(f"/erasures/new?of={case}").text
    form = {"of": str(case), "basis": "recorded-in-error"}
    staff.later(minutes=6)
    assert "Sign in again" in sergeant.send("/erasures", **form).text
    sergeant = staff.somebody("ds.hale")
    made = sergeant.send("/erasures", **form)
    assert "Waits for a second person" in made.text
    assert "Sign in again" in manager.send(f"{made.url.path}/approve").text
    manager = staff.somebody("mgr.two")
    assert "Kayleigh Marlow" in manager.get(made.url.path).text, "what they approve is named"
    assert sergeant.send(f"{made.url.path}/approve").status_code in (403, 422)
    assert "Erased and certified" in manager.send(f"{made.url.path}/approve").text
    assert "Kayleigh" not in manager.get(made.url.path).text
    assert manager.get("/erasures/new?of=Kayleigh").status_code == 404
    staff.hire("psw.ellis", "psw")
    assert staff.somebody("psw.ellis").get("/erasures").status_code == 404


def test_what_is_somebody_elses_cannot_be_looked_at_held_or_restricted(staff: Live) -> None:
    staff.hire("ds.far", "detective", team="Deter")
    item = observation.record(staff.desk, staff.reader("ds.hale"), words=WORDS).id
    far = staff.somebody("ds.far")
    nowhere = "00000000-0000-4000-8000-000000000000"
    for path in ("hold", "restrict", "request", "use", "lift"):
        ground = "part-3-s47-2" if path == "restrict" else "appeal"
        form = {"ground": ground, "requester": "his solicitor", "reason": "because"}
        hidden, absent = (
            far.send(f"/records/retention/{one}/{path}", **form).status_code
            for one in (item, nowhere)
        )
        assert hidden == absent == 404
    hidden, absent = (far.get(f"/erasures/new?of={one}") for one in (item, nowhere))
    assert hidden.status_code == absent.status_code == 422
    assert WORDS not in hidden.text

"""A user can do one action for several rows of a list. The action is carried out or refused for
each row separately, with a message for each."""

import html
import re
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.justice.unused_material import MaterialReviewed
from domain.people_and_teams.account import UserLocked
from tests.commands.office import Office
from tests.web.conftest import House, Somebody

DECISION = {"relevance": "relevant", "sensitivity": "not-sensitive", "description": "a report"}
CALLED = re.compile(r'name="called" value="([^"]*)"')
SENT = re.compile(r'name="command_id" value="([0-9a-f]{32})"')


@pytest.fixture
def officer(house: House) -> Somebody:
    return house.somebody("do.marsh")


@pytest.fixture
def case(house: House) -> UUID:
    return house.office.case()


@pytest.fixture
def items(house: House, case: UUID) -> list[str]:
    told = ("A grey van", "A silver Corsa", "A man at the gate")
    return [str(house.office.words(one, case=str(case))) for one in told]


def material(case: object, *of: object, **more: Any) -> dict[str, Any]:
    """Return the fields that a browser sends when a user reviews several items of a case's material
    (records for disclosure) in one form.
    """
    own = {"act": "material-review", "list": "material-list", "case": str(case)}
    return own | {"rows": [*map(str, of)], "back": f"/material/{case}"} | more


def chosen_rows(*of: object) -> dict[str, Any]:
    return {"called": [*map(str, of)]}


def decided(office: Office) -> list[MaterialReviewed]:
    return office.events(MaterialReviewed, "access")


def test_one_decision_is_recorded_for_each_row_that_was_chosen(
    house: House, officer: Somebody, case: UUID, items: list[str]
) -> None:
    asked = officer.send("/each", **material(case, *items[:2]))
    assert "Decide about material: 2 rows" in asked.text
    assert CALLED.findall(asked.text) == ["A grey van", "A silver Corsa"]
    assert not decided(house.office)
    sent = material(case, *items[:2], **chosen_rows("A grey van", "A silver Corsa"), **DECISION)
    sent["command_id"] = SENT.findall(asked.text)[-1]
    done = officer.send("/each/do", **sent)
    assert "2 of 2" in done.text
    assert {str(one.item) for one in decided(house.office)} == set(items[:2])
    # the form is sent twice and recorded only once
    assert "2 of 2" in officer.send("/each/do", **sent).text
    assert len(decided(house.office)) == 2


def test_what_cannot_be_is_reported_row_by_row_and_the_others_are_done(
    house: House, officer: Somebody, case: UUID, items: list[str]
) -> None:
    nowhere = uuid4()
    sent = material(case, items[0], nowhere, items[1], **chosen_rows("a van", "gone", "a car"))
    done = officer.send("/each/do", **sent, **DECISION)
    assert "2 of 3" in done.text
    (refused,) = re.findall(r"<tr>.*?Not recorded.*?</tr>", done.text)
    assert "gone" in refused
    assert {str(one.item) for one in decided(house.office)} == {items[0], items[1]}


def test_nothing_is_recorded_while_a_field_cannot_be(
    house: House, officer: Somebody, case: UUID, items: list[str]
) -> None:
    sent = material(case, *items, **chosen_rows(*items)) | DECISION | {"relevance": "perhaps"}
    again = officer.send("/each/do", **sent)
    assert again.status_code == 422
    assert "The form is not recorded yet" in again.text
    assert len(CALLED.findall(again.text)) == 3
    assert not decided(house.office)


def test_the_form_begins_with_what_is_about_all_of_them(
    house: House, officer: Somebody, case: UUID, items: list[str]
) -> None:
    """A form for several items first shows the values that these items have in common. Otherwise
    sending the form could silently remove an earlier mark, such as "sensitive"."""
    first = DECISION | {"sensitivity": "sensitive", "reason": "it names who told us"}
    officer.send("/each/do", **material(case, *items[:2], **chosen_rows("a", "b")), **first)
    page = officer.send("/each", **material(case, *items[:2])).text
    assert '<option value="sensitive" selected>' in page
    assert "it names who told us" in page
    mixed = officer.send("/each", **material(case, *items)).text
    assert '<option value="sensitive" selected>' not in mixed


def test_only_rows_of_the_list_and_acts_of_its_rows_count(
    officer: Somebody, case: UUID, items: list[str]
) -> None:
    asked = officer.send("/each", **material(case, items[0], uuid4())).text
    assert "1 of the rows that you selected is no longer in the list" in html.unescape(asked)
    assert "Choose at least one row" in officer.send("/each", **material(case)).text
    for more in ({"act": "user-lock"}, {"act": "nothing"}, {"list": "nothing"}, {"table": "x"}):
        sent = material(case, items[0], **chosen_rows("a")) | more
        assert officer.send("/each", **sent).status_code == 404, more
        assert officer.send("/each/do", **sent).status_code == 404, more


def test_accounts_are_locked_together_each_with_its_receipt(house: House) -> None:
    keeper = house.somebody("it.khan")
    staff = {"it.khan": "administrator", "do.marsh": "disclosure-officer"}
    for name, role in (staff | {"ds.hale": "detective", "x.y": "psw"}).items():
        keeper.send("/accounts", user=name, role=role, team="Engage")
    of = {"act": "user-lock", "list": "user-list", "back": "/list/user-list"}
    sent = of | {"rows": ["ds.hale", "x.y", "no.body"], **chosen_rows("ds.hale", "x.y", "no.body")}
    done = keeper.send("/each/do", **sent, reason="they left their phones")
    assert "2 of 3" in done.text
    locked = house.office.events(UserLocked, "access")
    assert sorted(one.user for one in locked) == ["ds.hale", "x.y"]
    assert house.somebody("do.marsh").send("/each/do", **sent).status_code == 404
    assert len(house.office.events(UserLocked, "access")) == 2

"""Two teams see an access request on their screens: the team that answers it, and a team that holds
a part of the records."""

import re

import pytest

from commands.information import observation
from commands.kernel import entity
from tests.web.live import Live, live

__all__ = ["live"]

WORDS = "Baz Croft uses the flat over the bakery."


@pytest.fixture
def staff(live: Live) -> Live:
    live.hire("dc.engage", "detective")
    live.hire("dc.deter", "detective", team="Deter")
    live.hire("do.marsh", "disclosure-officer")
    live.hire("mgr.quill", "manager", team="Deter")
    return live


def test_a_team_decides_its_part_on_the_screen(staff: Live) -> None:
    baz = entity.record_person(
        staff.desk,
        staff.reader("dc.engage"),
        name="Baz Croft",
        known=True,
        categories=[("suspect", "named")],
    ).id
    observation.record(staff.desk, staff.reader("dc.deter"), words=WORDS)
    officer, deter = staff.somebody("do.marsh"), staff.somebody("dc.deter")
    page = officer.send("/requests", subject=str(baz), requester="himself, passport seen")
    assert "1 other team has still to answer" in page.text
    assert "Answer the request" not in page.text
    assert "bakery" not in page.text
    at = page.url.path
    part = {"request": at.rpartition("/")[2]}
    assert officer.send("/do/request-complete", **part).status_code == 422
    person = {"item": str(baz), "decision": "give", "text": "You are recorded."}
    officer.send(f"{at}/decide", **person)

    owed = 'href="/list/request-parts"><strong>1</strong> parts of a subject'
    assert owed in deter.get("/manage").text
    assert f'href="{at}"' in deter.get("/requests").text
    manager = staff.somebody("mgr.quill")
    assert owed in manager.get("/manage").text
    assert f'href="{at}"' not in manager.get("/requests").text, "they decide nothing of it"
    page = deter.get(at)
    assert "This page lists the items" in page.text
    assert "bakery" in page.text
    assert "passport" not in page.text
    item = re.search(r'name="item" value="([^"]+)"', page.text)
    assert item
    assert deter.send("/do/request-complete", **part).status_code == 422
    given = {"item": item[1], "decision": "redact", "text": "You use a flat."}
    because = {"exemption": "source", "reason": "it would tell who told us"}
    page = deter.send(f"{at}/decide", **given, **because)
    assert f'href="{at}/do/request-complete"' in page.text
    assert "part is complete" in deter.send("/do/request-complete", **part).text
    assert deter.get(at).status_code == 404
    assert staff.somebody("dc.engage").get(at).status_code == 404

    done = officer.send(f"{at}/answer")
    assert "You use a flat." in done.text

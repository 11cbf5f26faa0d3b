"""A user can request, on the page of a log entry, a review whether its source has become a covert
human intelligence source (CHIS). The handler of the source register decides for a limited time."""

import re
from uuid import UUID

from domain.information.covert_source_review import StatusDecided, StatusReviewDue
from tests.web.conftest import House
from tests.web.live import Live, live

__all__ = ["live"]
TOLD = {"heard_from": "Marion Oakes", "how_known": "saw-or-heard"}
ASK = {"suspect": "Darren Pike", "grounds": "relationship", "reason": "she was asked to ring him"}


def review_in(page: str) -> str:
    found = re.search(r'href="(/records/reviews/[0-9a-f-]{36})"', page)
    assert found
    return found[1]


def record_link_entry(house: House, suspect: UUID, text: str) -> UUID:
    """Record an entry of a mother that links the suspect to a car; return the entry's id."""
    item = house.office.words(text, **TOLD)
    form = {"a": str(suspect), "b": "vehicle:PK95 ABC", "kind": "driver-of"}
    assert house.somebody("ds.hale").tell("link", basis=str(item), **form).status_code == 200
    return item


def test_it_is_requested_seen_with_its_pattern_and_decided(house: House) -> None:
    pike = house.office.person("Darren Pike")
    item = record_link_entry(house, pike, "Darren Pike drives a silver car.")
    house.office.later(hours=24 * 62)
    record_link_entry(house, pike, "He was there again, in the silver car.")
    sergeant, inspector = house.somebody("ds.hale"), house.somebody("di.moss")
    assert "No reviews of sources are due" in inspector.get("/standing").text
    asked = ASK | {"source": str(item), "back": f"/items/{item}"}
    blank = sergeant.send("/do/source-drift-due", **asked | {"reason": " "})
    assert blank.status_code == 422
    sent = sergeant.send("/do/source-drift-due", **asked)
    assert "Work on log entries goes on" in sent.text
    assert len(house.office.events(StatusReviewDue, "sources")) == 1
    assert 'href="/list/source-drift-list"' in inspector.get("/looked").text, (
        "among the screens of its place"
    )

    at = review_in(inspector.get("/standing").text)
    page = inspector.get(at).text
    assert "she was asked to ring him" in page
    assert "Marion" not in page
    months = re.findall(r'data-is="Items"[^>]*>(\d+)<', page)
    assert months == ["1", "0", "1"]

    source = str(house.office.recorded_root(item))
    assert f'name="source" value="{source}"' in inspector.get(f"{at}/do/source-drift-decide").text
    form = {
        "source": source,
        "suspect": str(pike),
        "decision": "not-covert",
        "expires": "2011-09-12",
        "reason": "she rings as a mother",
    }
    for wrong in ({"decision": ""}, {"expires": ""}, {"reason": " "}, {"expires": "2019-01-01"}):
        assert inspector.send("/do/source-drift-decide", **form | wrong).status_code == 422
    assert not house.office.events(StatusDecided, "sources")
    page = inspector.send("/do/source-drift-decide", **form, back=at).text
    assert "she rings as a mother" in page
    assert "Not covert: the source may give information as before, until 12 Sep 2011" in page
    assert "not covert" in inspector.get("/standing").text
    assert inspector.get("/standing/00000000-0000-4000-8000-000000000000").status_code == 404


def test_only_who_keeps_the_register_comes_in(live: Live) -> None:
    live.hire("ds.hale", "detective")
    live.hire("di.moss", "source-handler")
    assert live.somebody("ds.hale").get("/standing").status_code == 404
    assert live.somebody("di.moss").get("/standing").status_code == 200

"""On a case's page, users rate and allocate the case, report the child missing and found, and close
the case as two people.
"""

import re
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from domain.families.referral import (
    CaseClosed,
    CaseFlagged,
    CaseOpened,
    EngagementRecorded,
    ExitAssessed,
    MissingFound,
    MissingReported,
    ReferralReceived,
    ThresholdAssessed,
    WorkerAllocated,
)
from tests.web.conftest import House


@pytest.fixture
def case(house: House) -> UUID:
    return house.office.case("Chantelle Moss")


def test_a_case_is_rated_and_given_its_workers(house: House, case: UUID) -> None:
    sergeant, manager = house.somebody("ds.hale"), house.somebody("mgr.quill")
    page = sergeant.do("threshold", case, level="high", reason="an older man drives her")
    assert "Risk: high" in page.text
    (rated,) = house.office.events(ThresholdAssessed)
    assert (rated.level, rated.reason) == ("high", "an older man drives her")
    command = str(uuid4())
    for _ in range(2):
        page = manager.do("allocate", case, whom="parents", worker="psw.ellis", command_id=command)
    assert "psw.ellis is allocated to the parents." in page.text
    (given,) = house.office.events(WorkerAllocated)
    assert (given.worker, given.allocated_for) == ("psw.ellis", "parents")
    assert '<option value="psw.ellis">' in manager.get(f"/cases/{case}/do/allocate").text
    assert f'href="/cases/{case}"' in house.somebody("psw.ellis").get("/cases/mine").text
    assert manager.do("allocate", case, whom="child", worker=" ").status_code == 422


def test_a_child_with_a_learning_disability_is_not_low_without_a_supervisor(
    house: House, case: UUID
) -> None:
    sergeant = house.somebody("ds.hale")
    low = {"level": "low"}
    child = house.office.events(CaseOpened)[0].child
    sergeant.describe("age", child, words="14", source="her school")
    sergeant.describe("learning-disability", child, source="her school")
    page = sergeant.get(f"/cases/{case}")
    assert "Learning disability" in page.text
    assert "14</bdi>, recorded <time" in page.text
    for _ in range(2):
        refused = sergeant.do("threshold", case, **low)
        assert refused.status_code == 422
        assert "needs a supervisor" in refused.text
    assert not house.office.events(ThresholdAssessed)
    why = "seen by the team; a brother's story"
    house.somebody("sgt.vale").do("threshold", case, **low, override=why)
    assert house.office.events(ThresholdAssessed)[0].override == why


def test_missing_and_found_by_the_clock_on_the_wall(house: House, case: UUID) -> None:
    sergeant = house.somebody("ds.hale")
    page = sergeant.do(
        "missing reported",
        case,
        since="2011-06-01T23:10",
        carer_reported="no",
        note="bed not slept in",
    )
    assert "Missing since" in page.text
    assert "Record that the child is found" in page.text
    (told,) = house.office.events(MissingReported)
    # in summer, London's time is an hour ahead of UTC
    assert told.since == datetime(2011, 6, 1, 22, 10, tzinfo=UTC)
    assert [event.code for event in house.office.events(CaseFlagged)] == ["unreported-missing"]
    assert (
        "<strong>1</strong> children missing now" in house.somebody("mgr.quill").get("/manage").text
    )
    again = sergeant.do("missing reported", case)
    assert again.status_code == 422
    assert "is reported missing already" in again.text
    sergeant.do("close", case, reason="she is back, they say")
    page = house.somebody("mgr.quill").send(f"/today/to-decide/{case}/close/confirm")
    assert "1 missing child. Say why it is closed nevertheless" in page.text
    assert not house.office.events(CaseClosed)
    sergeant.send(f"/today/to-decide/{case}/close/refuse", reason="not yet")
    where = "Station Hotel, with a man called Baz"
    page = sergeant.do("missing found", case, found="2011-06-03T09:00", where=where)
    assert "Missing since" not in page.text
    assert "Nights missing" in page.text
    (back,) = house.office.events(MissingFound)
    assert back.where == where


def test_support_taken_a_way_out_and_a_closing_by_two(house: House, case: UUID) -> None:
    sergeant = house.somebody("ds.hale")
    sergeant.do("engagement", case, who="parents", state="engaged", note="weekly")
    assert house.office.events(EngagementRecorded)[0].engagement == "engaged"
    assert sergeant.do("exit", case, outcome="protected", reason=" ").status_code == 422
    page = sergeant.do("exit", case, outcome="protected", reason="he is in prison")
    assert "The proposal waits for a second person." in page.text
    assert not house.office.events(ExitAssessed)
    supervisor, manager = house.somebody("sgt.vale"), house.somebody("mgr.quill")
    supervisor.send(f"/today/to-decide/{case}/exit/confirm")
    assert house.office.events(ExitAssessed)[0].outcome == "protected"
    sergeant.do("close", case, reason="done")
    alone = sergeant.send(f"/today/to-decide/{case}/close/confirm")
    assert alone.status_code == 422
    assert "takes two people" in alone.text
    today = re.sub("<[^>]+>", " ", manager.get("/").text)
    assert " ".join(today.split()).count("Countersign 1 Case 1") == 1
    waits = manager.get("/today/to-decide").text
    assert f'action="/today/to-decide/{case}/close/confirm"' in waits
    assert (
        f'action="/today/to-decide/{case}/close/confirm"'
        not in sergeant.get("/today/to-decide").text
    )
    assert not house.office.events(CaseClosed)
    manager.send(f"/today/to-decide/{case}/close/confirm")
    assert house.office.events(CaseClosed)[0].second == "ds.hale"
    page = sergeant.get(f"/cases/{case}")
    assert "A new referral opens the case again." in page.text
    assert f'action="/cases/{case}/close"' not in page.text


def test_a_childs_page_and_the_queue_lead_to_the_case(house: House, case: UUID) -> None:
    house.office.words("He waits for her", case=str(case))
    sergeant = house.somebody("ds.hale")
    assert f'href="/cases/{case}"' in sergeant.get("/queue").text
    page = sergeant.ask("/search", q="Chantelle Moss").text
    person = page.partition('href="/people/')[2].partition('"')[0]
    assert f'href="/cases/{case}"' in sergeant.get(f"/people/{person}").text


def test_a_case_is_opened_before_there_are_any_words(house: House) -> None:
    manager = house.somebody("mgr.quill")
    assert 'action="/do/refer"' in manager.get("/list/cases").text
    told = {"child": "Amber Stone", "concern": "out at night", "referrer": "the school nurse"}
    opened = manager.tell("refer", "/list/cases", because_of="", **told)
    assert "Child referred" in opened.text
    (came,) = house.office.events(ReferralReceived)
    came_of = opened.url.path.rpartition("/")[2]
    assert (came.concern, came.referrer, came.source) == (
        "out at night", "the school nurse", "not-known",
    )  # fmt: skip
    assert f"/cases/{came_of}" in manager.get("/list/cases").text
    silent = manager.tell("refer", "/list/cases", because_of="", child=" ", concern="kept")
    assert (silent.status_code, "kept" in silent.text) == (422, True)

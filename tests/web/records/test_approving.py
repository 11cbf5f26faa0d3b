"""The page on which a second person approves an erasure shows the same names and days as the first
person's page. It shows no text of the record."""

import re
from uuid import UUID

import pytest

from commands.erasure import erasure
from commands.families import referral
from commands.information import observation
from domain.data_protection.access_log import RecordConsulted
from tests.web.live import Live, live

__all__ = ["live"]
WORDS = "A silver car waited by the school gate."


@pytest.fixture
def proposed(live: Live) -> UUID:
    """Propose, as a detective, to erase a child's case with one log entry; return the id of the
    proposal.
    """
    live.hire("ds.hale", "detective")
    live.hire("mgr.two", "manager")
    desk, sergeant = live.desk, live.reader("ds.hale")
    case = referral.receive(desk, sergeant, child="Kayleigh Marlow").id
    observation.record(desk, sergeant, words=WORDS, case=str(case))
    return erasure.propose(desk, live.reader("ds.hale"), [case], "court-order")[0].id


def test_the_first_page_leads_to_the_approval_in_two_acts(live: Live, proposed: UUID) -> None:
    manager = live.somebody("mgr.two")
    today = manager.get("/").text
    (link,) = re.findall(r'href="(/records/erasures/[0-9a-f-]{36})"', today)
    assert "Kayleigh Marlow" in today
    page = manager.get(link).text
    assert f'action="{link}/approve"' in page
    assert "Erased and certified" in manager.send(f"{link}/approve").text
    assert "/records/erasures/" not in manager.get("/").text


def test_names_and_days_are_read_and_no_words(live: Live, proposed: UUID) -> None:
    page = live.somebody("mgr.two").get(f"/erasures/{proposed}").text
    assert WORDS not in page
    read = re.sub(r"<[^>]*>", "", page)
    assert re.search(r"Log entry, \d+ \w+ \d{4} \(not shown\) recorded \d+ \w+ \d{4}", read)
    assert re.search(r"Case \d+, Kayleigh Marlow +recorded", read)
    assert not re.search(r"\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*[0-9])[0-9a-f]{8}\b", read)


def test_what_was_read_is_in_the_access_log(live: Live, proposed: UUID) -> None:
    live.somebody("mgr.two").get(f"/erasures/{proposed}")
    access = live.desk.logs["access"]
    shown = access.read(access.last() - 1, 1)[0].event
    assert isinstance(shown, RecordConsulted)
    items = erasure.progress(live.desk, proposed).items
    assert all(item.id.bytes in shown.ids for item in items)


def test_nobody_else_reads_the_names(live: Live, proposed: UUID) -> None:
    live.hire("ds.far", "detective", team="Deter")
    assert live.somebody("ds.far").get(f"/erasures/{proposed}").status_code == 404
    own = live.somebody("ds.hale").get("/").text
    assert "Approve" not in own

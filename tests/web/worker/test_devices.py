"""Before a lost phone is wiped, its unsent entries are counted and, if possible, collected."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import expect

from domain.information.phone_outbox import OutboxWiped, WipeOrdered
from tests.support.web.browser_worker import ready
from tests.web.chromium import seat
from tests.web.conftest import House, Served, Somebody, served_to_phones
from web.worker.devices import PAGE

served = served_to_phones
PHONE = "0f6c8a52-40c7-4b0f-8d25-5f0a6d3c1e90"
SINCE = "2011-03-18T08:00:00Z"


def report_device(client: Any, waiting: int = 0, phone: str = PHONE) -> Any:
    oldest = SINCE if waiting else None
    body = {"id": phone, "waiting": waiting, "oldest": oldest}
    return client.post("/outbox/contact", json=body).json()["wish"]


@pytest.fixture
def keeper(house: House) -> Somebody:
    return house.somebody("it.khan")


def test_a_phone_is_known_once_somebody_signed_in_on_it(house: House, keeper: Somebody) -> None:
    worker = house.somebody()
    assert report_device(house.anybody, 3) is None
    assert "No device has sent entries yet" in keeper.get("/devices").text
    assert report_device(worker.client, 2) is None
    page = keeper.get("/devices").text
    assert "psw.ellis" in page
    assert "2 entries not sent" in page
    assert "18 Mar 2011" in page
    assert report_device(house.anybody, 1) is None
    assert "1 entry not sent" in keeper.get("/devices").text
    assert PHONE not in keeper.get("/devices").text


def test_a_wipe_is_not_offered_for_the_device_in_use(house: House, keeper: Somebody) -> None:
    own, others = str(UUID(int=1)), str(UUID(int=2))
    report_device(keeper.client, phone=own)
    report_device(house.somebody().client, phone=others)
    page = keeper.get("/system/devices").text
    offered = [f"/system/devices/do/wipe?row={UUID(one).hex}" in page for one in (own, others)]
    assert offered == [False, True]


def test_a_page_shows_a_dozen_and_first_what_needs_attention(
    house: House, keeper: Somebody
) -> None:
    worker = house.somebody()
    phones = [str(UUID(int=number)) for number in range(1, PAGE + 3)]
    for phone in phones:
        report_device(worker.client, phone=phone)
    # phones with the same last contact are sorted by their numbers
    unsent, lost = (UUID(phone).hex for phone in phones[-2:])
    keeper.send(f"/devices/{lost}/wipe", lost="0", reason="left on a train")
    report_device(worker.client, 2, phones[-2])
    page, rest = (keeper.get(f"/system/devices?page={number}").text for number in (1, 2))
    assert [text.count("last contact ") for text in (page, rest)] == [PAGE, 2]
    assert f"/devices/{lost}/keep" in page
    assert f"/devices/{unsent}/collect" in page
    assert 'href="/system/devices?page=2"' in page


def test_words_are_collected_before_anything_is_wiped(house: House, keeper: Somebody) -> None:
    report_device(house.somebody().client, 2)
    at = f"/devices/{PHONE.replace('-', '')}"
    assert "Ask the device's owner to send the entries" in keeper.get("/devices").text
    keeper.send(f"{at}/collect")
    assert report_device(house.anybody, 2) == "collect"
    keeper.send(f"{at}/keep")
    assert report_device(house.anybody, 2) is None


def test_a_wipe_says_what_is_lost_and_is_written_down(house: House, keeper: Somebody) -> None:
    report_device(house.somebody().client, 2)
    at = f"/devices/{PHONE.replace('-', '')}"
    for wrong in ({"lost": "1", "reason": "lost"}, {"lost": "2", "reason": " "}, {"lost": ""}):
        assert keeper.send(f"{at}/wipe", **wrong).status_code == 422
    assert not house.office.events(WipeOrdered, "access")
    keeper.send(f"{at}/wipe", lost="2", reason="left on a train")
    assert [event.waiting for event in house.office.events(WipeOrdered, "access")] == [2]
    assert keeper.send(f"{at}/collect").status_code == 422
    assert report_device(house.anybody, 3) == "wipe"
    done = {"id": PHONE, "lost": 3}
    assert house.anybody.post("/outbox/wiped", json=done).status_code == 200
    assert [(event.user, event.lost) for event in house.office.events(OutboxWiped, "access")] == [
        ("psw.ellis", 3)
    ]
    assert "wiped: 3 entries lost" in keeper.get("/devices").text
    assert report_device(house.anybody) is None
    assert house.anybody.post("/outbox/wiped", json=done).status_code == 404
    assert len(house.office.events(OutboxWiped, "access")) == 1


def test_a_phone_that_was_found_is_not_wiped(house: House, keeper: Somebody) -> None:
    report_device(house.somebody().client, 1)
    at = f"/devices/{PHONE.replace('-', '')}"
    keeper.send(f"{at}/wipe", lost="1", reason="left on a train")
    keeper.send(f"{at}/keep")
    assert report_device(house.anybody, 1) is None
    assert house.anybody.post("/outbox/wiped", json={"id": PHONE, "lost": 1}).status_code == 404


def test_nobody_else_wipes_a_phone(house: House, keeper: Somebody) -> None:
    report_device(house.somebody().client, 1)
    assert keeper.send(f"/devices/{uuid4().hex}/wipe", lost="0", reason="x").status_code == 404
    assert keeper.send("/devices/nonsense/wipe", lost="0", reason="x").status_code == 404
    assert house.anybody.post("/outbox/wiped", json={"id": PHONE, "lost": 1}).status_code == 404
    foreign = {"sec-fetch-site": "cross-site"}
    body = {"id": PHONE, "waiting": 0}
    assert house.anybody.post("/outbox/contact", json=body, headers=foreign).status_code == 403


def test_a_lost_phone_deletes_what_waits_on_it(served: Served, chromium: Any) -> None:
    house = served.house
    with seat(chromium, served.url, offline=True) as worker:
        page = worker.sign_in("psw.ellis").go("/record")
        ready(page)
        house.office.later(1)  # by then, the user's session on the phone has ended
        page.fill("#words", "on a phone that was left on a train")
        page.get_by_role("button", name="Send").click()
        expect(page.locator("#outbox")).to_contain_text("1 not sent yet")

        keeper = house.somebody("it.khan")
        listed = keeper.get("/devices").text
        assert "1 entry not sent" in listed
        at = listed.partition('action="/devices/')[2].partition("/")[0]
        keeper.send(f"/devices/{at}/wipe", lost="1", reason="left on a train")
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.locator("#outbox")).to_be_hidden()
        left = (
            "import('/static/js/outbox.js').then((box) => box.waiting()).then((all) => all.length)"
        )
        assert page.evaluate(left) == 0
        assert worker.complaints == []
    assert [event.lost for event in house.office.events(OutboxWiped, "access")] == [1]

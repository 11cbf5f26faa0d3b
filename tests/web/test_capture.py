"""The worker at the door, in a browser without JavaScript and as the outbox sends."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from commands import casework, observation
from domain.observation import MentionConfirmed, ObservationRecorded
from domain.values import When
from tests.web.conftest import House, Somebody
from web.rendering import span, stamp

WORDS = "Lads call him Baz, he drives PK95 ABC."


def recorded(house: House) -> list[Any]:
    return [f for f in house.office.facts() if isinstance(f.event, ObservationRecorded)]


def test_who_is_not_signed_in_is_asked_who_they_are_and_brought_back(house: House) -> None:
    answer = house.anybody.get("/record?case=3")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/record%3Fcase%3D3"
    for elsewhere in ("//evil.example", "https://evil.example", "/\\evil.example"):
        to = house.anybody.post("/sign-in", data={"name": "x", "next": elsewhere})
        assert to.headers["location"] == "/"


def test_only_the_words_are_needed(house: House) -> None:
    worker = house.somebody()
    page = worker.send("/record", words=WORDS)
    assert page.status_code == 200
    assert "Nobody has read this yet. If somebody is in danger, ring 999." in page.text
    (fact,) = recorded(house)
    assert (fact.event.words, fact.by) == (WORDS, "psw.ellis")

    nothing = worker.send("/record", words="  ", when="last Friday")
    assert nothing.status_code == 422
    assert "there are no words to record" in nothing.text
    assert 'value="last Friday"' in nothing.text
    assert len(recorded(house)) == 1


def test_all_five_questions_are_kept(house: House) -> None:
    case = house.office.case()
    worker = house.somebody()
    worker.send(
        "/record",
        words=WORDS,
        how_known="child-told",
        heard_from="the mother",
        when="last Friday",
        case="1",
        urgent="true",
        urgent_reason="he waits outside",
    )
    (fact,) = recorded(house)
    told = fact.event
    assert (told.how_known, told.case, told.urgent_reason) == (
        "child-told",
        case,
        "he waits outside",
    )
    assert told.happened.words == "last Friday"
    assert told.entry is not None
    assert "the mother" not in repr(told)


def test_urgent_is_one_tap_and_says_that_nobody_has_read_it(house: House) -> None:
    worker = house.somebody()
    page = worker.send("/record", words=WORDS, urgent="true")
    assert "Nobody has read this yet; in danger, ring 999." in page.text
    (fact,) = recorded(house)
    observation.take(house.office.desk, house.office.somebody("ds.hale"), fact.stream)
    page = worker.get(f"/receipt/{fact.stream}")
    assert "ds.hale</bdi> has it" in page.text


def outbox(worker: Somebody, **entry: Any) -> Any:
    return worker.client.post("/record", json=entry, headers={"x-csrf-token": worker.csrf})


def test_the_outbox_may_send_again_and_other_words_are_refused(house: House) -> None:
    worker, same = house.somebody(), str(uuid4())
    first = outbox(worker, words=WORDS, command_id=same)
    assert first.status_code == 201
    assert outbox(worker, words=WORDS, command_id=same).json() == first.json()
    other = outbox(worker, words="other words", command_id=same)
    assert other.status_code == 409
    assert other.headers["content-type"] == "application/problem+json"
    assert len(recorded(house)) == 1


def test_a_session_that_has_ended_takes_nothing_and_says_so(house: House) -> None:
    worker = house.somebody()
    assert worker.get("/record").status_code == 200
    house.office.later(1)
    answer = outbox(worker, words=WORDS, command_id=str(uuid4()))
    assert answer.status_code == 401
    assert not recorded(house)


@pytest.mark.parametrize(
    "headers",
    [
        {"x-csrf-token": "stolen"},
        {},
        {"x-csrf-token": "", "origin": "https://elsewhere.example"},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_what_another_page_sends_is_not_taken(house: House, headers: dict[str, str]) -> None:
    worker = house.somebody()
    if "origin" in headers or "sec-fetch-site" in headers:
        headers = headers | {"x-csrf-token": worker.csrf}
    body = {"words": WORDS, "command_id": str(uuid4())}
    assert worker.client.post("/record", json=body, headers=headers).status_code == 403
    assert not recorded(house)


def test_a_mention_is_confirmed_by_a_tap_and_only_where_something_was_read(house: House) -> None:
    worker = house.somebody()
    worker.send("/record", words=WORDS)
    (fact,) = recorded(house)
    path = f"/receipt/{fact.stream}/confirm"
    for told in ("Baz", "PK95 ABC"):
        start = WORDS.index(told)
        page = worker.send(path, start=start, end=start + len(told))
        assert page.status_code == 200, page.text
    assert page.text.count("· confirmed") == 2
    events = [fact.event for fact in house.office.facts()]
    assert len({e.entity for e in events if isinstance(e, MentionConfirmed)}) == 2
    assert worker.send(path, start=0, end=4).status_code == 422


def test_it_is_corrected_by_adding(house: House) -> None:
    worker = house.somebody()
    worker.send("/record", words=WORDS)
    (fact,) = recorded(house)
    page = worker.told_of("correct", fact.stream, words="It was Gaz.")
    assert "It was Gaz." in page.text
    assert "Lads call him Baz" in page.text


def test_what_became_of_it_gives_nothing_away(house: House) -> None:
    worker = house.somebody()
    worker.send("/record", words=WORDS)
    (fact,) = recorded(house)
    house.office.later(0.1)
    house.office.assessed(fact.stream, "2C")
    page = worker.get("/mine").text
    assert "<strong>Assessed</strong>" in page
    words = re.sub(r"<[^>]*>", " ", page)  # a token may hold any two letters
    assert "2C" not in words
    assert "ds.hart" not in page
    assert WORDS not in house.somebody("psw.frost").get("/mine").text


def test_my_families_are_those_that_i_work_with(house: House) -> None:
    office = house.office
    office.case("Kayleigh Marlow")
    office.case("Amber Stone")
    casework.allocate(office.desk, office.reader, "1", "psw.ellis", "parents")
    page = house.somebody().get("/families").text
    assert "Kayleigh Marlow" in page
    assert "Amber Stone" not in page
    assert "Kayleigh Marlow" in house.somebody().get("/record").text


def test_an_id_that_is_nothing_looks_like_one_that_is_something_else(house: House) -> None:
    worker = house.somebody()
    person = house.office.person()
    answers = [worker.get(f"/receipt/{one}") for one in (uuid4(), person)]
    assert [answer.status_code for answer in answers] == [404, 404]


def test_what_was_put_with_the_wrong_family_is_moved_and_what_is_wrong_taken_back(
    house: House,
) -> None:
    office, worker = house.office, house.somebody()
    first, second = office.case("Kayleigh Marlow"), office.case("Amber Stone")
    worker.send("/record", words=WORDS, case=str(first))
    (fact,) = recorded(house)
    at = f"/receipt/{fact.stream}"
    assert f'href="/cases/{first}"' in worker.get(at).text
    page = worker.told_of("refile", fact.stream, case="2", reason="the wrong sister")
    assert f'href="/cases/{second}"' in page.text
    assert worker.told_of("refile", fact.stream, case="2").status_code == 422
    assert worker.told_of("refile", fact.stream, case="").status_code == 422
    assert worker.told_of("withdraw", fact.stream, reason=" ").status_code == 422
    page = worker.told_of("withdraw", fact.stream, reason="she made it up, she says")
    assert "<h1" in page.text
    assert "Taken back" in page.text
    assert "she made it up, she says" in page.text
    assert 'action="/do/withdraw"' not in page.text
    assert WORDS not in house.somebody("ds.hale").get("/queue").text


def test_times_bear_their_zone_where_an_hour_comes_twice() -> None:
    start = datetime(2010, 10, 31, 0, 30, tzinfo=UTC)
    texts = [str(stamp(start + timedelta(hours=hours))) for hours in (-2, 0, 1, 3)]
    assert [re.sub("<[^>]+>", "", text) for text in texts] == [
        "30 Oct 2010, 23:30",
        "31 Oct 2010, 01:30 BST",
        "31 Oct 2010, 01:30 GMT",
        "31 Oct 2010, 03:30",
    ]
    told = When("half one", start, start + timedelta(minutes=61), "around")
    assert "between 01:30 BST and 01:31 GMT" in span(told)

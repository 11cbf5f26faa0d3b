"""A worker's entry form can be sent by a browser without JavaScript and by the outbox."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from commands.erasure import erasure
from commands.families import casework
from commands.information import observation
from domain.data_protection.access_log import RecordConsulted
from domain.data_protection.erasure import Redaction
from domain.information.observation import (
    PAPER_ONLY,
    MentionConfirmed,
    MentionMisread,
    ObservationRecorded,
)
from domain.intelligence.entity import PersonRecorded
from domain.kernel.values import When
from tests.support.ingest.photograph import photo
from tests.web.conftest import House, Somebody
from web.site.rendering import span, stamp

WORDS = "Lads call him Baz, he drives PK95 ABC."


def recorded(house: House) -> list[Any]:
    return [f for f in house.office.facts() if isinstance(f.event, ObservationRecorded)]


def test_who_is_not_signed_in_signs_in_and_is_brought_back(house: House) -> None:
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
    assert "No assessor has read this entry yet. If a person is in danger, ring 999." in page.text
    (fact,) = recorded(house)
    assert (fact.event.words, fact.by) == (WORDS, "psw.ellis")

    nothing = worker.send("/record", words="  ", when="last Friday")
    assert nothing.status_code == 422
    assert "there is no text to record: write what was said or seen" in nothing.text
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
    assert "No assessor has read this entry yet. If a person is in danger, ring 999." in page.text
    (fact,) = recorded(house)
    observation.take(house.office.desk, house.office.somebody("ds.hale"), fact.stream)
    page = worker.get(f"/receipt/{fact.stream}")
    assert "ds.hale</bdi> has taken the log entry" in page.text


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
        page = worker.send(path, span=f"{start}-{start + len(told)}")
        assert page.status_code == 200, page.text
    assert page.text.count("· confirmed") == 2
    events = [fact.event for fact in house.office.facts()]
    assert len({e.entity for e in events if isinstance(e, MentionConfirmed)}) == 2
    assert worker.send(path, span="0-4").status_code == 422


def test_all_that_was_read_is_confirmed_by_one_tap(house: House) -> None:
    worker = house.somebody()
    worker.send("/record", words=WORDS)
    (fact,) = recorded(house)
    page = worker.get(f"/receipt/{fact.stream}").text
    spans = set(re.findall(r'name="span" value="(\d+-\d+)"', page))
    assert f"Confirm all {len(spans)}" in page
    told = {"span": sorted(spans), "command_id": uuid4().hex}
    for _ in range(2):  # a form that is sent twice is recorded once, together with its new person
        part = worker.send(f"/receipt/{fact.stream}/confirm", **told).text
    assert part.count("· confirmed") == len(spans)
    assert "Confirm all" not in part
    events = [fact.event for fact in house.office.facts()]
    assert sum(isinstance(event, MentionConfirmed) for event in events) == len(spans)


def test_an_open_receipt_gets_only_what_was_read(house: House) -> None:
    worker = house.somebody()
    worker.send("/record", words=WORDS)
    (fact,) = recorded(house)
    start = WORDS.index("Baz")
    told = {"span": f"{start}-{start + 3}", "command_id": uuid4().hex, "csrf": worker.csrf}
    path = f"/receipt/{fact.stream}/confirm"
    answer = worker.client.post(path, data=told, headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert answer.text.count("· confirmed") == 1


def test_what_is_not_right_is_said_by_a_tap(house: House) -> None:
    """With a tap on "Not right" a user rejects a mention that the program read. It is not shown for
    confirmation again, and the assessor gets no suggestion for it."""
    worker = house.somebody()
    worker.send("/record", words=WORDS)
    (fact,) = recorded(house)
    start = WORDS.index("Baz")
    span = f"{start}-{start + 3}"
    spans = len(
        set(re.findall(r'"span" value="([^"]+)"', worker.get(f"/receipt/{fact.stream}").text))
    )
    told = {"span": span, "command_id": uuid4().hex}
    for _ in range(2):
        page = worker.send(f"/receipt/{fact.stream}/misread", **told).text
    assert "wrong" in page
    left = re.findall(r'"span" value="([^"]+)"', page)
    assert span not in left
    assert len(set(left)) == spans - 1
    chips = house.somebody("ds.hale").get(f"/assess/{fact.stream}/chips").text
    assert "PK95 ABC" in chips
    assert "Baz" not in chips
    events = [fact.event for fact in house.office.facts()]
    assert sum(isinstance(event, MentionMisread) for event in events) == 1
    assert worker.send(f"/receipt/{fact.stream}/misread", span="0-4").status_code == 422


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
    # the markup is removed, because a token in it may contain any two letters
    words = re.sub(r"<[^>]*>", " ", page)
    assert "2C" not in words
    assert "ds.hart" not in page
    assert WORDS not in house.somebody("psw.frost").get("/mine").text


def test_my_families_are_those_that_i_work_with(house: House) -> None:
    office = house.office
    office.case("Kayleigh Marlow")
    office.case("Amber Stone")
    casework.allocate(office.desk, office.reader, "1", "psw.ellis", "parents")
    page = house.somebody().get("/cases/mine").text
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
    observation.take(office.desk, office.somebody("ds.hale"), fact.stream)
    wishes = {"ground": "parent-wishes", "threatened": "no"}
    page = worker.told_of("withdraw", fact.stream, reason="she made it up, she says", **wishes)
    assert "<h1" in page.text
    assert "Item withdrawn. It stays on record" in page.text
    assert "she made it up, she says" in page.text
    assert 'action="/do/withdraw"' not in page.text
    assert WORDS not in house.somebody("ds.hale").get("/queue").text


def test_who_withdraws_urgent_words_reads_what_police_keep_and_that_an_assessor_decides(
    house: House,
) -> None:
    office, worker = house.office, house.somebody()
    worker.send("/record", words=WORDS, case=str(office.case()), urgent="true")
    (fact,) = recorded(house)
    page = worker.get(f"/receipt/{fact.stream}").text
    assert "Do not promise the parent that the log entry is deleted" in page
    assert "Is the parent threatened?" in page
    told = {"reason": "mum asked me to", "ground": "parent-wishes"}
    assert "is threatened" in worker.told_of("withdraw", fact.stream, **told).text
    page = worker.told_of("withdraw", fact.stream, threatened="no", **told).text
    assert "The proposal waits for a second person" in page
    assert "Do not promise the parent that the log entry is deleted" in page
    assert "An assessor decides" in page
    assert 'action="/do/withdraw"' not in page
    sergeant = house.somebody("ds.hale")
    assert WORDS in sergeant.get("/queue").text
    assert "the parent wishes the withdrawal" in sergeant.get("/today/to-decide").text
    sergeant.send(f"/today/to-decide/{fact.stream}/withdraw-words/confirm")
    assert WORDS not in sergeant.get("/queue").text
    assert "Withdrawn" in worker.get(f"/receipt/{fact.stream}").text


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


def test_a_photograph_of_the_paper_log_goes_up_sealed_and_is_shown_beside_the_words(
    house: House,
) -> None:
    worker = house.somebody()
    worker.send("/record", words=WORDS)
    (fact,) = recorded(house)
    page = worker.get(f"/receipt/{fact.stream}").text
    assert PAPER_ONLY in page
    told = {"item": str(fact.stream), "command_id": uuid4().hex, "csrf": worker.csrf}
    file = {"file": ("log.jpg", photo(), "image/jpeg")}
    refused = worker.client.post("/photographs", data=told, files=file)
    assert refused.status_code == 422
    assert PAPER_ONLY in refused.text
    sent = worker.client.post("/photographs", data=told | {"paper": "true"}, files=file)
    assert sent.url.path == f"/receipt/{fact.stream}"
    assert "The photograph is saved, encrypted, with this log entry." in sent.text
    for way in ("receipt", "items", "assess"):
        assert f"/photographs/{fact.stream}/1" in worker.get(f"/{way}/{fact.stream}").text, way
    shown = worker.client.get(f"/photographs/{fact.stream}/1")
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["cache-control"] == "no-store"
    assert b"CANARY" not in shown.content
    assert worker.client.get(f"/photographs/{fact.stream}/2").status_code == 404
    looks = [e for e in house.office.events(RecordConsulted, "access") if e.query == "log-photo"]
    assert [e.ids for e in looks] == [fact.stream.bytes]


def test_a_word_that_no_machine_read_is_marked_by_a_tap(house: House) -> None:
    worker = house.somebody()
    words = "they said bolt was there, up by pit nine"
    worker.send("/record", words=words)
    (fact,) = recorded(house)
    address = f"/receipt/{fact.stream}"
    assert "Mark a word that the program did not recognise" in worker.get(address).text
    page = worker.send(f"{address}/mark", at="10-14", kind="person")
    assert "bolt</bdi></span> a person · confirmed" in page.text
    worker.send(f"{address}/mark", at=["32-35", "36-40"], kind="place")
    confirmed = house.office.events(MentionConfirmed)
    said = [(words[m.start : m.end], m.kind) for one in confirmed if (m := one.mention)]
    assert said == [("bolt", "person"), ("pit nine", "place")]
    assert (
        "tap the word in the entry first, then choose what it means"
        in worker.send(f"{address}/mark", kind="person").text
    )
    assert "pit nine" in worker.get(f"/assess/{fact.stream}/chips").text


def test_a_mark_is_at_its_word_and_not_inside_another(house: House) -> None:
    worker = house.somebody()
    worker.send("/record", words="also al was there")
    (fact,) = recorded(house)
    page = worker.send(f"/receipt/{fact.stream}/mark", at="5-7", kind="person").text
    (mark,) = house.office.events(MentionConfirmed)
    assert (mark.mention.start, mark.mention.end) == (5, 7)
    assert 'value="5-7"' not in page


def test_where_nothing_can_be_marked_any_more_nobody_new_is_recorded(house: House) -> None:
    worker = house.somebody()
    worker.send("/record", words="they said bolt was there")
    (fact,) = recorded(house)
    house.office.withdrawn(fact.stream)
    answer = worker.send(f"/receipt/{fact.stream}/mark", at="10-14", kind="person")
    assert (answer.status_code, house.office.events(PersonRecorded)) == (422, [])


def test_words_that_stand_in_the_place_of_others_are_shown_and_marked(house: House) -> None:
    office, worker = house.office, house.somebody()
    worker.send("/record", words="Zyxwora Quibblethorne waits with bolt")
    (fact,) = recorded(house)
    item, who = fact.stream, office.person("Zyxwora Quibblethorne")
    observation.confirm(office.desk, office.reader, item, str(who), "Zyxwora Quibblethorne")
    written = [Redaction(item, words="A man waits with bolt")]
    one, _ = erasure.propose(office.desk, office.reader, [who], "part-3-s47", written)
    erasure.approve(office.desk, office.somebody("di.moss"), one.id, office.system)
    page = worker.send(f"/receipt/{item}/mark", at="17-21", kind="person").text
    assert "A man waits with bolt" in page
    assert "bolt</bdi></span> a person · confirmed" in page
    one, _ = erasure.propose(office.desk, office.reader, [item], "recorded-in-error")
    erasure.approve(office.desk, office.somebody("di.moss"), one.id, office.system)
    page = worker.get(f"/receipt/{item}").text
    assert "Mark a word that the program did not recognise" not in page
    assert "Photograph the paper log" not in page


def test_what_i_sent_is_found_again_by_its_words_and_what_became_of_it(house: House) -> None:
    worker = house.somebody()
    worker.send("/record", words=WORDS)
    worker.send("/record", words="The arcade again")
    page = worker.ask("/mine", words="arcade", became="received")
    assert "The arcade again" in page.text
    assert WORDS not in page.text
    assert "arcade" not in str(page.url)
    assert "No log entries match." in worker.ask("/mine", became="referred").text
    assert WORDS in worker.get("/mine").text

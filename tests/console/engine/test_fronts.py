"""The same input gets the same answer on the command line, on the screens and in the API."""

import html
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from commands.kernel.blaming_language import suggestions
from console.engine import parsing
from domain.families.referral import MissingReported
from domain.information.observation import (
    ObservationFlagged,
    ObservationRecorded,
    ObservationTriaged,
)
from domain.information.source import SourceDescribed, SourceRegistered
from domain.kernel.envelope import Event
from domain.language import find_blame
from ingest.reading.open_points import BEFORE_ASKING, QUESTIONS
from tests.commands.office import Office
from tests.console.conftest import Line
from tests.support.console.fronts import FRONTS, Fronts


@FRONTS
def test_violence_now_is_proposed_as_urgent(fronts: Fronts, front: str) -> None:
    answer = fronts.record(front, "He hit her and she is bleeding")
    if front == "program":
        assert '"urgent":true' in answer
        assert '"urgency_signs":["violence","injury"]' in answer
    else:
        assert "Proposed as urgent: violence, an injury." in answer
    (waits,) = fronts.waiting()
    assert (waits["urgent"], waits["raised"]) == (True, False)
    assert waits["due"].startswith("2011-03-18T10:00:00")


@FRONTS
def test_signs_that_parents_noticed_are_ticked_beside_the_words(fronts: Fronts, front: str) -> None:
    """Requirement W47: on every front, a user can tick signs of exploitation beside the entry's
    text. The signs are stored once each, in the order of the list, and suggest no urgency.
    """
    ticked = ["out-at-night", "often-bathing", "out-at-night"]
    if front == "line":
        fronts.record(front, "She is not right", noticed="out-at-night, often-bathing,out-at-night")
    else:
        fronts.record(front, "She is not right", noticed=ticked)
    (stored,) = fronts.office.events(ObservationRecorded)
    assert stored.noticed == ("often-bathing", "out-at-night")
    (waits,) = fronts.waiting()
    assert not waits["urgent"]
    if front == "screen":
        page = fronts.screen.get(f"/receipt/{waits['id']}").text
        assert "baths or showers many times a day, out at night" in page


@FRONTS
def test_what_is_still_open_is_required_next_and_no_parent_is_given_a_task(
    fronts: Fronts, front: str
) -> None:
    """Requirement W2: after an entry is recorded, each front asks for details that the entry does
    not give, such as which car or when. It gives no parent a task."""
    answer = html.unescape(fronts.record(front, "Baz fetched her in a car"))
    assert QUESTIONS["car"] in answer
    assert QUESTIONS["time"] in answer
    assert QUESTIONS["name"] not in answer
    if front != "program":
        assert BEFORE_ASKING in answer


@FRONTS
def test_a_sign_that_is_not_in_the_list_is_refused(fronts: Fronts, front: str) -> None:
    if front == "line":
        answer = fronts.typed("record", "--noticed", "horns", text="She is not right")
        assert (answer.code, answer.out) == (2, "")
        assert "'horns' is not a sign in the list" in answer.err
    elif front == "screen":
        sent = fronts.screen.send("/record", words="She is not right", noticed="horns")
        assert sent.status_code == 422
        assert ">She is not right</textarea>" in sent.text
    else:
        told = fronts.program.post("/observations", words="She is not right", noticed=["horns"])
        assert told.status_code == 422
    assert fronts.office.events(ObservationRecorded) == []


@FRONTS
def test_a_correction_that_tells_of_danger_is_proposed_as_urgent(
    fronts: Fronts, front: str
) -> None:
    item = str(fronts.office.words("He came round about nine"))
    words = "he came round and he has hit her"
    if front == "line":
        fronts.typed("correct", item, text=words)
    elif front == "screen":
        fronts.screen.told_of("correct", item, words=words)
    else:
        fronts.program.post(f"/observations/{item}/corrections", words=words)
    (waits,) = fronts.waiting()
    assert waits["urgent"]
    assert "violence" in waits["proposed"]


def _times_heard(office: Office) -> list[datetime]:
    return [event.told for event in office.events(ObservationRecorded) if event.told]


def test_a_time_without_a_zone_is_the_walls_on_a_live_store_and_utc_in_a_story(
    tmp_path: Path, fronts: Fronts
) -> None:
    live = Line(str(tmp_path / "live"), tmp_path / "live")
    live("init")
    summer = "2026-06-18T23:10"
    item = live("--json", "record", "--told", summer, text="Baz rang").json["id"]
    shown = live("show", item).out
    assert "2026-06-18 23:10 BST" in live("queue").out
    assert "BST" in shown or "GMT" in shown
    live.close()
    said = fronts.typed("record", "--told", "2010-06-18T23:10", text="Baz rang").out
    assert said.splitlines()[0].endswith(" UTC")
    assert _times_heard(fronts.office)[-1] == datetime(2010, 6, 18, 23, 10, tzinfo=UTC)


def test_a_program_says_the_zone(fronts: Fronts) -> None:
    answer = fronts.program.post("/observations", words="Baz rang", told="2010-06-18T23:10")
    assert answer.status_code == 422
    assert "zone" in answer.text
    answer = fronts.program.post("/observations", words="Baz rang", told="18/6/2010 11.10pm")
    assert answer.status_code == 422, "a program writes ISO 8601"
    answer = fronts.program.post(
        "/observations", words="Baz rang", told="2010-06-18T23:10:00+01:00"
    )
    assert answer.status_code == 201
    assert answer.json()["recorded"].endswith("Z")


@FRONTS
def test_an_hour_that_came_twice_never_stops_words(fronts: Fronts, front: str) -> None:
    answer = fronts.record(front, "Baz rang", when="2010-10-31T01:30")
    (event,) = fronts.office.events(ObservationRecorded)
    assert event.happened.start == datetime(2010, 10, 31, 0, 30, tzinfo=UTC)
    assert event.happened.end == datetime(2010, 10, 31, 1, 31, tzinfo=UTC)
    (flag,) = fronts.office.events(ObservationFlagged)
    assert (flag.code, flag.field) == ("clocks-changed", "when")
    if front == "screen":
        assert "The time was 31 Oct 2010, 01:30 BST" in answer
        assert "The time was 31 Oct 2010, 01:30 GMT" in answer


def test_when_it_was_heard_never_stops_words(tmp_path: Path) -> None:
    live = Line(str(tmp_path / "live"), tmp_path / "live")
    live("init")
    said = live("--json", "record", "--told", "2026-10-25T01:30", text="Baz rang").json
    assert said["flags"] == [{"code": "clocks-changed", "field": "told", "raw": "2026-10-25T01:30"}]
    live.close()


@pytest.mark.parametrize("at", ["2026-10-25T01:30", "2027-03-28T01:30"], ids=["twice", "never"])
def test_an_hour_of_what_is_no_words_is_not_guessed(tmp_path: Path, at: str) -> None:
    live = Line(str(tmp_path / "live"), tmp_path / "live")
    live("init")
    live("refer", "--child", "Jade")
    said = live.refused("court", "hearing", "1", "trial", "--at", at)
    assert said.startswith("--at:")
    assert "Add the time zone" in said
    zoned = at + ("+01:00" if at.startswith("2026") else "+00:00")
    heard = live("court", "hearing", "1", "trial", "--at", zoned)
    assert heard.code == 0, heard.err
    read = "Read as 25 Oct 2026, 01:30 BST" if at.startswith("2026") else ""
    assert read in heard.err
    assert bool(read) == ("Read as" in heard.err)
    live.close()


def test_at_a_terminal_it_is_asked_and_the_answer_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = Line(str(tmp_path / "live"), tmp_path / "live")
    live("init")
    live("refer", "--child", "Jade")
    monkeypatch.setattr(parsing, "typed_by_a_person", lambda: True)
    hearing = ("court", "hearing", "1", "trial", "--at", "2026-10-25T01:30")
    second = live(*hearing, text="2\n")
    assert second.code == 0, second.err
    assert "Read as 25 Oct 2026, 01:30 GMT" in second.err
    unanswered = live(*hearing, text="\n")
    assert unanswered.code == 2
    assert "Add the time zone" in unanswered.err
    live.close()


def test_a_form_asks_which_of_two_moments_it_was(fronts: Fronts) -> None:
    case = fronts.office.case()
    page = fronts.screen.do("missing reported", case, since="2010-10-31T01:30", note="gone")
    assert page.status_code == 422
    assert "The time was 31 Oct 2010, 01:30 BST" in page.text
    assert 'name="note" value="gone"' in page.text
    chosen = re.search(r'name="since" value="(2010-10-31T01:30\+00:00)"', page.text)
    assert chosen
    fronts.screen.do("missing reported", case, since=chosen[1], note="gone")
    (event,) = fronts.office.events(MissingReported)
    assert event.since == datetime(2010, 10, 31, 1, 30, tzinfo=UTC)


def test_every_page_says_whose_clock_it_is(fronts: Fronts) -> None:
    item = fronts.office.words("Baz rang")
    for path in ("/", "/queue", f"/items/{item}", "/record"):
        assert "All times are UK times" in fronts.screen.get(path).text
    assert "18 Mar 2011, 09:00 GMT" in fronts.screen.get(f"/receipt/{item}").text


def _registered(office: Office) -> list[tuple[str, str, str | None]]:
    made = office.events(SourceRegistered, "sources")
    return [(event.name, event.kind, event.relation) for event in made]


@FRONTS
def test_what_no_matter_who_told_us_is_to_the_child_is_kept(fronts: Fronts, front: str) -> None:
    name = "heard-from" if front == "line" else "heard_from"
    fronts.record(front, "Baz was outside last Tuesday", **{name: "Dot", "relation": "grandparent"})
    assert _registered(fronts.office) == [("Dot", "relative", "grandparent")]
    answer = fronts.record(front, "It was a red car last Tuesday", relation="neighbour")
    assert _registered(fronts.office)[1:] == [("", "public", "neighbour")]
    roots = [event.root for event in fronts.office.events(ObservationRecorded)]
    assert roots[0]
    assert roots[1] is None
    assert "neighbour" not in answer  # a receipt does not reveal the source


def test_what_a_known_source_is_to_the_child_may_be_said_later(fronts: Fronts) -> None:
    fronts.record("program", "Baz was outside", heard_from="Dot")
    fronts.record("program", "He came back", heard_from="dot", relation="Her nan")
    fronts.record("program", "He left again", heard_from="Dot", relation="her nan")
    assert _registered(fronts.office) == [("Dot", "not-known", None)]
    (said,) = fronts.office.events(SourceDescribed, "sources")
    assert (said.kind, said.relation) == ("relative", "Her nan")
    item = fronts.program.get("/queue").json()["rows"][0]["id"]
    shown = fronts.typed("--json", "source", "show", item).json
    assert (shown["source"]["kind"], shown["source"]["relation"]) == ("relative", "Her nan")


def test_the_bare_words_need_nothing_of_the_source(fronts: Fronts) -> None:
    for front in ("line", "screen", "program"):
        fronts.record(front, f"Baz was outside, says {front}")
    assert _registered(fronts.office) == []


@FRONTS
def test_other_words_are_offered_for_those_that_blame(fronts: Fronts, front: str) -> None:
    item = fronts.office.words("Baz was outside again")
    told = {"outcome": "more-needed", "reason": "she made a lifestyle choice"}
    if front == "line":
        options = [part for name, value in told.items() for part in (f"--{name}", value)]
        answer = fronts.typed("triage", str(item), *options).err
    elif front == "screen":
        answer = fronts.screen.send(f"/queue/{item}/decide", **told).text
    else:
        (offer,) = fronts.program.post(f"/observations/{item}/triage", **told).json()["language"]
        answer = f"Language: {offer['words']!r}: {offer['why']}. Instead: {offer['instead'][0]}"
    (finding,) = find_blame(told["reason"])
    assert f"{finding.words}" in answer
    assert finding.why in html.unescape(answer)
    assert finding.instead[0] in html.unescape(answer)
    (event,) = fronts.office.events(ObservationTriaged)
    assert event.reason == told["reason"]


TASK = "mum will follow him and text plates"
#: For each command with a worker's text: the other options on the command line, the other fields of
#: the form, and the last part of the form's address.
WORKERS: dict[str, tuple[tuple[str, ...], dict[str, str], str]] = {
    "family promise": (("--what", TASK, "--by", "2011-04-01"), {"by": "2011-04-01"}, "promises"),
    "support contact": (("--kind", "advocacy", "--note", TASK), {"kind": "advocacy"}, "contacts"),
}


@FRONTS
@pytest.mark.parametrize("command", WORKERS)
def test_words_that_task_a_parent_are_offered_others(
    fronts: Fronts, front: str, command: str
) -> None:
    options, fields, address = WORKERS[command]
    case = str(fronts.office.case())
    if front == "line":
        answer = fronts.typed(*command.split(), case, *options).err
    elif front == "screen":
        answer = fronts.screen.do(command, case, words=TASK, **fields).text
    else:
        sent = fronts.program.post(f"/cases/{case}/{address}", words=TASK, **fields)
        answer = " ".join(one["why"] for one in sent.json()["language"])
    assert "gives a parent a task of the police" in html.unescape(answer)


@pytest.mark.parametrize(
    ("event", "count"),
    [
        (ObservationRecorded("snippet", "verbatim", "she made a lifestyle choice"), 0),
        (ObservationRecorded("snippet", "own-observation", "she made a lifestyle choice"), 1),
        (ObservationRecorded("snippet", "verbatim", "a lifestyle choice", opinion="opinion"), 1),
        (ObservationTriaged("assess", "she is hard to reach"), 1),
        (ObservationTriaged("assess", 'she says "a lifestyle choice"'), 0),
    ],
)
def test_what_somebody_said_stays_as_it_was_said(event: Event, count: int) -> None:
    assert len(suggestions([event])) == count

"""Whatever an officer removes from a text, the released text contains none of it."""

import json
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from access.who_may import telling
from commands.data_protection import subject_request
from commands.data_protection.subject_search import Held
from commands.erasure import erasure
from commands.intelligence import intelligence_report
from commands.kernel import entity
from domain.data_protection.erasure import Redaction
from domain.data_protection.subject_request import RequestItemDecided
from domain.forms import fold, tokens
from domain.information.observation import ObservationRedacted
from domain.intelligence.intelligence_report import ReportRedacted
from domain.intelligence.redaction import _PLAIN, LEFT_OUT
from domain.kernel.values import Grade, Handling, HowKnown
from ingest.words.record_words import record_entry
from tests.commands.office import START, Office

SUBJECT = "Gary Stone"
NAMES = ("Kayleigh Marlow", "Jo Lee", "Zoë O'Brien", "Al", "the tall one with the scar")
WHENS = ("Friday at 23:10", "14 February about half eight", "last night", "2011-03-11 at 02:45")
PIECES = st.sampled_from(
    (
        *NAMES, SUBJECT, "PK95 ABX", "pk95abx", "PK95", "QZ99 QQQ", "07700 900123", "+447700900124",
        "01632 960017", "snapchat: kimmy_x", "@lil.miss_h", "ZZ99 1AB", "Mill Lane, Town B",
        "the flat over the bakery", "at 23:10", "on 14 February", "my child told me", "waits",
        "with him", "drives a silver Corsa", ".", ",",
    )
)  # fmt: skip
HOW: tuple[HowKnown, ...] = ("saw-or-heard", "child-told", "talked-about", "doubts")


def plain(text: str) -> str:
    return "".join(sign for sign in fold(text) if sign.isalnum())


@pytest.fixture
def place(office: Office) -> Office:
    office.case("Kayleigh Marlow")
    for name in NAMES[1:]:
        entity.record_person(office.desk, office.reader, name=name, known=False)
    entity.record_person(office.desk, office.reader, name=SUBJECT, known=True)
    return office


def records_of_request(office: Office, request: UUID) -> list[Held]:
    with office.system.reading() as db:
        return subject_request.list_records(office.desk, db, office.reader, request)


@settings(
    max_examples=5,
    deadline=None,
    # a failing example is not shortened, because each attempt would make a whole access request
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(PIECES, min_size=1, max_size=8), st.sampled_from(WHENS), st.sampled_from(HOW),
    st.booleans(),
)  # fmt: skip
def test_an_answer_holds_no_token_of_what_was_left_out(
    place: Office, pieces: list[str], when: str, how: HowKnown, graded: bool
) -> None:
    desk, reader = place.desk, place.reader
    words = f"{SUBJECT} {' '.join(pieces)}"
    place.later()
    item = record_entry(
        desk, reader, words, place.later(), case="1", when=when, how_known=how,
        how_known_words=f"seen from the landing, {when}", heard_from="Sandra Marlow",
    ).receipt.id  # fmt: skip
    if graded:
        intelligence_report.assess(desk, reader, item, Grade.parse("2C"), Handling("P"))
        intelligence_report.sanitise(desk, reader, item, f"Told: {words}")
    subject = next(fact for fact in place.facts() if getattr(fact.event, "name", "") == SUBJECT)
    request = subject_request.receive(desk, reader, subject.stream, "the subject", START).id
    found = records_of_request(place, request)
    told = next(one.text for one in found if one.item == item)
    for one in found:
        done = RequestItemDecided(one.item, "redact", "others-rights", "as proposed", one.text)
        subject_request.decide(desk, reader, request, done)
    with place.system.reading() as db:
        _, document = subject_request.answer(desk, db, reader, request, "the subject")
    reports = [one.text for one in found if one.what == "report"]
    released = json.dumps(document.content, ensure_ascii=False)
    texts = [one["text"] for one in document.content["items"]]
    assert told in texts
    (given_words,) = [line for line in told.splitlines() if line.startswith("Words:")]
    gone = set(tokens(words)) - set(tokens(given_words)) - _PLAIN - {"10", "23"}
    said = {token for text in texts for token in tokens(text)}
    assert not gone & said, (words, texts)
    for mark in (piece for piece in pieces if any(sign.isdigit() for sign in piece)):
        if plain(mark) not in plain(given_words):
            assert plain(mark) not in plain(released)
    for never in (
        "landing",
        "23:10",
        "02:45",
        "T22",
        "T23",
        "T02",
        "How do you know",
        "Event date",
        *HOW,
    ):
        if never not in given_words:
            assert never not in told, never
    assert not [text for text in reports if "dated" in text], "the hour stands there, too"


def test_what_an_erasure_redacts_goes_with_its_hour_its_flags_and_how_it_was_known(
    office: Office,
) -> None:
    """When an erasure replaces the text of an entry, it also removes the time that was read from
    the text, the entry's flags, and how the information was known.
    """
    desk, reader = office.desk, office.reader
    words = "Baz waits for Kayleigh in PK95 ABX"
    item = record_entry(
        desk, reader, words, office.later(), when="Friday at 23:10", how_known="saw-or-heard"
    ).receipt.id
    held_back = Handling("C", "A1", "S1", "Not to the father of Kayleigh.")
    report = intelligence_report.assess(desk, reader, item, Grade.parse("2C"), held_back).id
    intelligence_report.sanitise(desk, reader, item, "Baz waits for Kayleigh.")
    baz = office.person()
    written = (
        Redaction(item, words="somebody waits"),
        Redaction(report, item=1, words="A man waits."),
    )
    one, _ = erasure.propose(desk, reader, [baz], "part-3-s47", written)
    erasure.approve(desk, office.somebody("di.okoro"), one.id, office.system)
    (left,) = office.events(ObservationRedacted)
    assert (left.words, left.happened) == ("somebody waits", None)
    (text,) = office.events(ReportRedacted)[0].items
    assert text.handling.conditions == f"Not to the father of {LEFT_OUT}."
    with office.system.reading() as db:
        told = telling.readable_facts(db, reader, desk.logs["evidence"].history(item))
    said = json.dumps([told.readable_fields(fact) for fact in told.facts], default=str)
    for gone in ("PK95", "plate", "how_known", "saw-or-heard", "23:10", "Kayleigh", "urgency"):
        assert gone not in said, gone


def test_a_time_that_the_redaction_still_says_stays(office: Office) -> None:
    desk, reader = office.desk, office.reader
    item = record_entry(
        desk, reader, "Baz waited on Friday", office.later(), when="on Friday"
    ).receipt.id
    written = (Redaction(item, words="somebody waited on Friday"),)
    one, _ = erasure.propose(desk, reader, [office.person()], "part-3-s47", written)
    erasure.approve(desk, office.somebody("di.okoro"), one.id, office.system)
    (left,) = office.events(ObservationRedacted)
    assert left.happened
    assert left.happened.start

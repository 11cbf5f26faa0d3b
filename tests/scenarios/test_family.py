"""The story of one family in twelve sentences. For each sentence, the commands and pages that it is
about show its content."""

import html
import shlex

from demo.family import family
from tests.scenarios.conftest import Told
from tests.web.client import Client
from tests.web.conftest import Somebody
from web.app import make_app

#: For each sentence, a word that the answer of its command must contain.
SHOWN = (
    "referral",
    "emotional",
    "keeping a log",
    "engine running",
    "window",
    "Graded",
    "Barry Sleight",
    "arrest",
    "convicted",
    "pre trial visit",
    "sentence",
    "out of harm",
)


def test_each_sentence_s_command_shows_what_it_says(told: Told) -> None:
    story = family(told.id)
    assert len(story) == len(SHOWN) == 12
    for one, word in zip(story, SHOWN, strict=True):
        answer = told.store.command(["--clock", told.end, *one.command])
        assert answer.code == 0, (one.words, answer.err)
        assert word.casefold() in answer.out.casefold(), (one.words, answer.out)


def test_the_tour_tells_it_with_what_to_type(told_on_sqlite: Told) -> None:
    data, lines = told_on_sqlite.tour
    for one in family(told_on_sqlite.id):
        assert {"words": one.words, "command": shlex.join(one.command)} in data["family"]
        assert f"  $ continuum {shlex.join(one.command)}" in lines


def test_the_page_tells_it_and_each_link_opens(told_on_sqlite: Told) -> None:
    somebody = Somebody(Client(make_app(told_on_sqlite.store.system)), "ds.hale").sign_in()
    page = somebody.get("/story")
    assert page.status_code == 200
    for one in family(told_on_sqlite.id):
        assert one.words in html.unescape(page.text)
        assert somebody.get(one.page).status_code == 200, one.page
    assert "/story" in somebody.get("/help").text


def test_a_server_started_for_it_opens_with_the_story_once(told_on_sqlite: Told) -> None:
    app = make_app(told_on_sqlite.store.system)
    somebody = Somebody(Client(app), "ds.hale").sign_in()
    assert somebody.get("/", follow_redirects=False).status_code == 200, "not on every server"
    app.state.house.led_to_story = set()
    first = somebody.get("/", follow_redirects=False)
    assert (first.status_code, first.headers["location"]) == (303, "/story")
    assert somebody.get("/", follow_redirects=False).status_code == 200, "once"
    colleague = Somebody(Client(app), "psw.ellis").sign_in()
    assert colleague.get("/", follow_redirects=False).headers["location"] == "/story"

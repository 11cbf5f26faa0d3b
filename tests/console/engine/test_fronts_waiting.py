"""While facts are missing from the views, a query waits a moment and then says what is missing, and
a decision is refused: on the command line, on the screens and in the API.
"""

from collections.abc import Callable

from tests.support.console.fronts import FRONTS, Fronts
from tests.support.console.fronts_two import line, program, screen
from tests.web.api.conftest import client_of

WHO = "ds.hart"


@FRONTS
def test_nothing_is_decided_by_views_that_lack_a_fact(
    fronts: Fronts, front: str, stuck: Callable[[], None]
) -> None:
    case = fronts.office.case()
    fronts.office.system.keep_up()
    fronts.office.words("told just now")
    stuck()
    if front == "line":
        said = line(fronts, WHO, "threshold", str(case), "low", "--reason", "quiet")
        assert (said.code, "no decision can be" in said.err) == (5, True)
    elif front == "screen":
        answer = screen(fronts, WHO).do("threshold", case, level="low", reason="quiet")
        assert (answer.status_code, "no decision can be" in answer.text) == (503, True)
    else:
        told = program(fronts, WHO).post(f"/cases/{case}/threshold", level="low", reason="quiet")
        assert (told.status_code, "no decision can be" in told.text) == (503, True)
    assert not [fact for fact in fronts.office.facts() if "threshold" in fact.event.stored.name]


def test_a_brief_is_complete_or_unavailable(fronts: Fronts, stuck: Callable[[], None]) -> None:
    """A brief (the summary of a period) is complete or is refused. If it were incomplete, the
    missing facts would be in no brief, because the next brief covers the time after it."""
    fronts.office.system.keep_up()
    fronts.office.words("told just now")
    stuck()
    assert line(fronts, WHO, "brief", "--hold").code == 5
    assert screen(fronts, WHO).get("/brief").status_code == 503
    assert not [fact for fact in fronts.office.facts() if "brief" in fact.event.stored.name]


@FRONTS
def test_a_question_says_what_it_does_not_show(
    fronts: Fronts, front: str, stuck: Callable[[], None]
) -> None:
    fronts.office.words("known before")
    fronts.office.system.keep_up()
    fronts.office.words("told just now")
    stuck()
    if front == "line":
        said = line(fronts, WHO, "queue")
        assert "not in this answer yet" in said.err
        assert "not in this answer" not in said.out
    elif front == "screen":
        answer = screen(fronts, WHO).get("/queue")
        assert int(answer.headers["Continuum-Behind"]) > 0
        assert "being added to what you see" in answer.text
    else:
        told = client_of(fronts.office, WHO).get("/api/v1/queue")
        assert int(told.headers["Continuum-Behind"]) > 0
        assert "known before" in told.text

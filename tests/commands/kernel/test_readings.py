"""A command decides on complete data or refuses. A page waits a moment for its data and then says
which are missing, but the data of the access rules are always complete."""

import ast
import inspect
import re
import sqlite3
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from commands.erasure import retention
from commands.families import casework
from commands.intelligence import links
from commands.kernel import entity
from commands.people_and_teams import two_person
from domain import catalogue
from domain.information.observation import Observation, evolve
from domain.kernel.envelope import Event, LogUnavailable
from projections import all_views
from projections.families import cases
from projections.information import queue
from projections.intelligence import links as links_view
from projections.kernel.schema import View
from projections.upkeep import GUARDS
from tests.commands.office import Office

#: Tested on both databases, because a question waits for other data on SQLite than on PostgreSQL.
pytestmark = pytest.mark.usually_on("sqlite", "postgres")

ROOT = Path(__file__).parents[3]


def child_of(office: Office, case: UUID) -> str:
    with office.system.reading() as db:
        row = cases.get(db, office.reader, case)
    assert row
    return str(row.child)


def test_nothing_is_decided_by_views_that_lack_a_fact(
    either: Office, stuck: Callable[[], None]
) -> None:
    """A child whose birth date was just recorded cannot be rated low before the views contain the
    birth date."""
    case = either.case()
    child = child_of(either, case)
    entity.record_age(either.desk, either.reader, child, None, date(2000, 1, 2), None)
    before = either.count()
    stuck()
    with pytest.raises(LogUnavailable, match="no decision can be based on them"):
        casework.assess_threshold(either.desk, either.reader, str(case), "low")
    with pytest.raises(LogUnavailable, match="no decision can be based on them"):
        two_person.close(either.desk, either.reader, str(case), "safe")
    with pytest.raises(LogUnavailable, match="no decision can be based on them"):
        links.assert_link(either.desk, either.reader, either.words(), "Baz", "Gaz", "associate")
    assert either.count()["evidence"] == before["evidence"] + 1, "the words alone"


def test_words_are_taken_while_no_view_follows(either: Office, stuck: Callable[[], None]) -> None:
    case = either.case()
    either.system.keep_up()
    stuck()
    either.words("he is there now")
    item = either.words("in the night", case=str(case))
    assert either.desk.fold(item, Observation(), evolve)[0].case == case


def test_a_question_waits_a_moment_and_says_what_it_lacks(either: Office) -> None:
    """A question waits a moment and then names the missing data; the next question shows these
    data.
    """
    either.system.keep_up()
    known, new = either.words(), [either.words(f"number {n}") for n in range(3)]
    with either.hasty() as system:
        with system.reading() as db:
            assert queue.get(db, either.reader, known) is None
        assert system.lacking > 3
        with either.system.reading() as db:
            assert all(queue.get(db, either.reader, one) for one in (known, *new))
        assert either.system.lacking == 0
        with system.reading() as db:
            assert queue.get(db, either.reader, known)


def test_what_a_page_lacked_is_said_although_its_last_question_lacked_nothing(
    either: Office,
) -> None:
    """A page says which data were missing for any of its queries, even if nothing was missing for
    its last query.
    """
    either.system.keep_up()
    item = either.words()
    page = either.system.briefly("ds.hart")
    with page.reading(0) as db:
        assert queue.get(db, either.reader, item) is None
    with page.reading() as db:
        assert queue.get(db, either.reader, item)
    assert page.lacking
    assert not either.system.briefly("ds.hart").lacking


def test_what_somebody_may_see_is_complete_in_a_question_too(either: Office) -> None:
    """A link that a reader may no longer see disappears from a page at once, even if the other data
    of the page are not up to date."""
    desk, reader = either.desk, either.reader
    baz, gaz = (str(either.person(name)) for name in ("Baz", "Gaz"))
    link = links.assert_link(desk, reader, either.words(), baz, gaz, "associate").id
    either.system.keep_up()
    with either.hasty() as system:
        retention.restrict(desk, reader, [link], "asked by her mother", ground="part-3-s47-2")
        with system.reading() as db:
            assert links_view.links(db, reader, links_view.LinkFilter(min_rank=None)) == []


def test_what_cannot_be_guarded_is_not_answered(either: Office, stuck: Callable[[], None]) -> None:
    """A question is refused if the views (tables computed from the log) lack an event that may
    change access. A missing log entry is no reason for a refusal."""
    either.system.keep_up()
    stuck()
    either.words()
    with either.hasty() as system:
        with system.reading():
            assert system.lacking
        either.person()
        with pytest.raises(LogUnavailable, match="continuum views status"), system.reading():
            pass


def test_who_looked_is_complete_or_unavailable(either: Office, stuck: Callable[[], None]) -> None:
    item = either.words()
    either.system.keep_up()
    stuck()
    either.system.consulted("item", [item])
    with (
        pytest.raises(LogUnavailable, match="cannot be updated"),
        either.system.reading_with_access_log(),
    ):
        pass


#: Events that give the access view a new item, and hide nothing from any user. Events whose
#: declaration says so are added to them.
ENTERING = {
    "BoardKept",
    "CapacitySet",
    "CharterAcknowledged",
    "Decided",
    "IdentityJudged",
    "ItemAdded",
    "LettersRuled",
    "MeetingCalled",
    "ObservationRecorded",
    "SourceTransferred",
    "SupervisionTold",
    "TargetSet",
    "ThresholdsDefined",
    "WorkerAllocated",
}


@pytest.mark.parametrize("view", GUARDS, ids=lambda view: view.name)
def test_all_that_moves_a_guard_is_known_to_do_so(view: View) -> None:
    events, module = catalogue.events(), sys.modules[view.apply.__module__]
    named = (
        vars(module).get(part.cls.id)
        for part in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(part, ast.MatchClass) and isinstance(part.cls, ast.Name)
    )
    # a view that names a base class handles all events that belong to it
    kinds = {kind for kind in named if isinstance(kind, type) and issubclass(kind, Event)}
    bases = tuple(kinds - {*events})
    matched = {event.__name__ for event in events if event in kinds or issubclass(event, bases)}
    entering = {event.__name__ for event in catalogue.events() if event.meaning.reach}
    bases = tuple(view.moved_by or ())
    moving = {event.__name__ for event in events if issubclass(event, bases)}
    lacking = matched - moving - entering if view.name == "reach" else matched - moving
    assert lacking == (ENTERING if view.name == "reach" else set()), (
        f"write them in `moved_by` of the view {view.name}, or in ENTERING if they only add an item"
    )
    assert moving <= matched


def test_every_command_opens_the_views_as_a_decision_or_says_that_it_only_looks() -> None:
    """A count of the places in the code that open the views for a decision or for display fails for
    each new place, so that its author must choose which of the two it is."""
    code = {
        path: path.read_text("utf-8")
        for folder in ("commands", "questions")
        for path in (ROOT / folder).rglob("*.py")
    }
    decisions = (re.findall(r"\b(?:desk|self)\.deciding\(\)", text) for text in code.values())
    assert sum(map(len, decisions)) == 129
    looking = {path.stem for path, text in code.items() if ".asking(" in text}
    assert looking == {
        *("escalating", "family_member", "observation", "two_person", "release", "rota", "source"),
        *(
            "due",
            "period_card",
            "report_card",
            "confirming",
            "prevention",
            "charity_support",
            "workload",
        ),
    }


def test_a_log_whose_end_was_taken_out_holds_nobody_up(office: Office) -> None:
    """If the log's last records are deleted, users can still record, the views are still updated,
    and `verify` reports the loss.
    """
    item, gone = office.words(), office.words("taken out")
    with sqlite3.connect(Path(office.settings.store) / "log.db") as db:
        last = office.system.logs["evidence"].last()
        db.execute("DELETE FROM evidence_events WHERE seq = ?", (last,))
    db.close()
    assert office.system.logs["evidence"].last() == last
    with office.system.reading() as views:
        assert queue.get(views, office.reader, item)
    assert office.system.lacking == 0
    more = office.system.views.follow_on(100, range(len(all_views.PARTS)))
    assert not more, "there is nothing more to wait for"
    office.assessed(item)
    assert gone != item

"""While no process updates the views, a change of access still applies at once on every front
(command line, screen and API), or the front answers that it is unavailable."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from commands.erasure import erasure, retention
from commands.families import referral
from commands.information import observation
from commands.kernel import entity
from commands.people_and_teams import account
from domain.families.referral import ThresholdAssessed
from domain.people_and_teams.two_person import ProposalMade
from projections.upkeep import Upkeep
from tests.access.staff import Staff
from tests.commands.office import Office, prepared
from tests.console.conftest import Line
from tests.web.api.conftest import client_of
from tests.web.conftest import House, Somebody
from web.app import make_app

#: Exit codes and HTTP statuses: of an item that is refused as if it did not exist, and of an answer
#: that is unavailable.
GONE, UNAVAILABLE = (2, 403, 404), (5, 503)
KNIFE = "he has a knife"


@dataclass
class Fronts:
    """The fronts of one store (command line, screen and API), each opened by a detective of the
    team Deter.
    """

    office: Office
    staff: Staff
    line: Line
    screen: Somebody
    program: TestClient

    def shown(self, item: UUID) -> list[int]:
        """Return the status with which each front (command line, screen and API) answers this
        detective's request for an item. Check that the answer contains the item's text exactly
        if the request succeeds."""
        told = self.office.system.clock.given_time
        assert told
        said = self.line("--user", "dc.deter", "--clock", told.isoformat(), "show", str(item))
        pages = self.screen.get(f"/items/{item}"), self.program.get(f"/api/v1/items/{item}")
        codes = [said.code, *(page.status_code for page in pages)]
        for code, text in zip(codes, (said.out, *(page.text for page in pages)), strict=True):
            assert (KNIFE in text) is (code in (0, 200)), (code, text)
        return codes

    def rated_low(self, case: UUID) -> list[int]:
        """Let the detective rate this case low on the command line, on a screen and through the
        API; return the exit code or status of each answer.
        """
        told = self.office.system.clock.given_time
        assert told
        by = ("--user", "dc.deter", "--clock", told.isoformat())
        said = self.line(*by, "threshold", str(case), "low", "--reason", "quiet")
        page = self.screen.do("threshold", case, level="low", reason="quiet")
        sent = self.program.post(
            f"/api/v1/cases/{case}/threshold",
            json={"level": "low", "reason": "quiet"},
            headers={"Idempotency-Key": str(uuid4())},
        )
        return [said.code, page.status_code, sent.status_code]


def _hire(office: Office) -> None:
    staff = Staff(office)
    for name, team in (("dc.deter", "Deter"), ("dc.free", "Freedom")):
        staff.hire(name, "detective", "supervisor", teams=[team])
    staff.hire("dci.moss", "dci", teams=["Deter"])
    staff.hire("dc.both", "detective", "supervisor", teams=["Deter", "Freedom"])


#: A store with users of two teams.
HIRED = prepared("detectives_of_two_teams", _hire)


@pytest.fixture
def fronts(tmp_path: Path) -> Iterator[Fronts]:
    home = tmp_path / "store"
    with HIRED(home, None) as (office, _):
        office.settings = office.settings.model_copy(update={"question_wait": 0})
        office.again()
        screen = House(office, make_app(office.system)).somebody("dc.deter")
        line, program = Line(str(home), home), client_of(office, "dc.deter")
        yield Fronts(office, Staff(office), line, screen, program)
        line.close()
        office.system.close()


@dataclass
class Case:
    """A case of the detective's team, with a log entry."""

    case: UUID
    child: UUID
    words: UUID


@pytest.fixture
def case(fronts: Fronts) -> Case:
    desk, deter = fronts.office.desk, fronts.staff.now("dc.deter")
    received = referral.receive(desk, deter, child="Ann Ash").id
    words = observation.record(desk, deter, words=KNIFE, case=str(received)).id
    (child,) = [
        fact.event.child  # type: ignore[attr-defined]
        for fact in desk.logs["evidence"].history(received)[:1]
    ]
    fronts.office.system.keep_up()
    assert fronts.shown(words) == [0, 200, 200]
    assert fronts.office.system.views.take_parts("stopped", 3600), "nobody else follows"
    return Case(received, child, words)


def refiled(fronts: Fronts, case: Case) -> None:
    desk = fronts.office.desk
    there = referral.receive(desk, fronts.staff.now("dc.free"), child="Bea Birch").id
    observation.refile(desk, fronts.staff.now("dc.both"), case.words, str(there), "her cousin")


def roles_removed(fronts: Fronts, case: Case) -> None:
    served = fronts.office.system.serving(
        fronts.office.settings, fronts.office.system.clock.given_time
    )
    for role in ("detective", "supervisor"):
        account.take_role(fronts.office.desk, served.reader, "dc.deter", role)


def erased(fronts: Fronts, case: Case) -> None:
    """Let two people approve an erasure of this case and of its entry, but end the process before
    the erasure is carried out.
    """

    class Ended(Exception):
        pass

    class Ending:
        def taking_out(self, items: object) -> AbstractContextManager[None]:
            return nullcontext()

        def shred(self, *given: object) -> None:
            raise Ended

        purge = shred

    desk, second = fronts.office.desk, fronts.staff.now("dci.moss")
    made, _ = erasure.propose(desk, fronts.staff.now("dc.deter"), [case.words], "part-3-s47")
    with pytest.raises(Ended):
        erasure.approve(desk, second, made.id, Ending())  # type: ignore[arg-type]


@pytest.mark.parametrize("change", [refiled, roles_removed, erased])
def test_what_was_taken_from_sight_is_shown_by_no_front(
    fronts: Fronts,
    case: Case,
    stuck: Callable[[], None],
    change: Callable[[Fronts, Case], None],
) -> None:
    change(fronts, case)
    assert all(code in (*GONE, *UNAVAILABLE) for code in fronts.shown(case.words))
    stuck()
    assert all(code in (*GONE, *UNAVAILABLE) for code in fronts.shown(case.words))


def test_a_person_who_was_restricted_is_shown_by_no_front(
    fronts: Fronts, stuck: Callable[[], None]
) -> None:
    desk, deter = fronts.office.desk, fronts.staff.now("dc.deter")
    who = entity.record_person(desk, deter, name="Zed Quib", known=True).id
    fronts.office.system.keep_up()
    told = desk.clock().isoformat()

    def answers() -> str:
        said = fronts.line("--user", "dc.deter", "--clock", told, "person", "show", str(who))
        pages = fronts.screen.get(f"/people/{who}"), fronts.program.get(f"/api/v1/people/{who}")
        return said.out + "".join(page.text for page in pages)

    assert answers().count("Zed Quib") > 2
    assert fronts.office.system.views.take_parts("stopped", 3600)
    retention.restrict(desk, deter, [who], "asked by her mother", ground="part-3-s47-2")
    stuck()
    assert "Zed Quib" not in answers()


def test_words_that_were_restricted_stand_in_no_list(
    fronts: Fronts, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A restricted entry appears in no queue, search or brief, although no process has updated the
    views since the restriction.
    """
    desk, deter = fronts.office.desk, fronts.staff.now("dc.deter")
    told = desk.clock().isoformat()

    def answers() -> str:
        said = [
            fronts.line("--user", "dc.deter", "--clock", told, *command).out
            for command in (("queue",), ("search", "knife"), ("brief",))
        ]
        pages = [fronts.screen.get(path) for path in ("/queue", "/brief", "/brief/items")]
        sent = fronts.program.get("/api/v1/queue"), fronts.program.get("/api/v1/search?q=knife")
        return "".join([*said, *(page.text for page in (*pages, *sent))])

    assert answers().count(KNIFE) > 4
    retention.restrict(desk, deter, [case.words], "contested", ground="part-3-s47-2")
    monkeypatch.setattr(Upkeep, "_follow", lambda *given: 1)
    assert KNIFE not in answers()


def test_a_birth_date_counts_at_once_or_nothing_is_decided(
    fronts: Fronts, case: Case, stuck: Callable[[], None]
) -> None:
    """Once a birth date is recorded that forbids a low rating, every front refuses the low rating,
    even if the views do not contain the birth date yet."""
    office = fronts.office
    born = office.desk.clock().date().replace(year=office.desk.clock().year - 11)
    entity.record_age(office.desk, fronts.staff.now("dc.deter"), str(case.child), None, born, None)
    assert all(code in (2, 422, *UNAVAILABLE) for code in fronts.rated_low(case.case))
    stuck()
    entity.record_age(office.desk, fronts.staff.now("dc.deter"), str(case.child), None, born, None)
    assert all(code in (2, 422, *UNAVAILABLE) for code in fronts.rated_low(case.case))
    assert not office.events(ProposalMade)
    assert not office.events(ThresholdAssessed)


@pytest.mark.parametrize("front", ["line", "screen", "program"])
def test_what_was_recorded_a_moment_ago_is_never_said_to_be_nowhere(
    fronts: Fronts, front: str
) -> None:
    """If a user assesses an entry that was recorded a moment ago, no front says that the entry does
    not exist. It either assesses the entry or says to try again."""
    office, deter = fronts.office, fronts.staff.now("dc.deter")
    assert office.system.views.take_parts("stopped", 3600)
    item = observation.record(office.desk, deter, words=KNIFE).id
    if front == "line":
        graded = ("--source", "2", "--information", "A", "--handling", "P")
        by = ("--user", "dc.deter", "--clock", office.desk.clock().isoformat())
        assert fronts.line(*by, "assess", str(item), *graded).code in (0, 5)
    elif front == "screen":
        form = {"source_grade": "2", "information": "A", "handling": "P"}
        assert fronts.screen.send(f"/assess/{item}", **form).status_code in (200, 503)
    else:
        sent = fronts.program.post(
            f"/api/v1/observations/{item}/assessments",
            json={
                "grade": {"information": "A", "source": "2"},
                "handling": {"code": "P"},
                "opinion": "fact",
            },
            headers={"Idempotency-Key": str(uuid4())},
        )
        assert sent.status_code in (201, 503), sent.text

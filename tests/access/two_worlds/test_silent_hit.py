"""A search that matches another team's child shows the searcher nothing, and alerts the worker of
the child.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from commands.data_protection import access_log
from commands.families import casework, referral
from commands.information import observation
from commands.intelligence import alerting, intelligence_report
from commands.people_and_teams import account, due
from domain.data_protection.access_log import RecordConsulted, SearchTouched
from domain.families.referral import MissingReported
from domain.kernel.values import Grade, Handling, Reader
from projections.due import DueFilter
from projections.intelligence import silent_hits as hits
from projections.intelligence.silent_hits import HitOpen
from tests.access.rights import Rights, close
from tests.access.staff import Staff
from tests.commands.office import Office, opened, prepared
from tests.console.conftest import Line
from tests.web.api.conftest import client_of
from tests.web.conftest import House
from web.app import make_app

CHERISH = ("--user", "dc.moss")
ENGAGE = ("--user", "ds.hart")
#: The command line's options that name the child's own worker, who is in another team than the
#: searcher.
WORKER = ("--user", "psw.ellis")
QUESTIONS = ("Kayleigh", "Kayleigh Marlow", "Kaylee", "Marlow", "out at night Kayleigh", "PK95ABC")


def at(hour: str) -> tuple[str, str]:
    return "--clock", f"2011-03-18T{hour}"


@pytest.fixture
def rights(monkeypatch: pytest.MonkeyPatch) -> dict[str, Rights]:
    """Give rights to the sergeants of two teams, who also assign work, and to a worker of a third
    team; return the rights by the user's name.
    """
    found = {
        "dc.moss": Rights(("detective", "manager"), ("Cherish",)),
        "ds.hart": Rights(("detective", "manager"), ("Engage",)),
        "psw.ellis": Rights(("psw",), ("Deter",)),
    }
    close(monkeypatch, found)
    return found


@pytest.fixture
def two_teams(either: Line, rights: dict[str, Rights]) -> Line:
    """Record an entry of the team Cherish about a car; return the store, in which users have these
    rights."""
    car = "He drives a silver Corsa PK95 ABC."
    assert either("record", *CHERISH, *at("09:00"), text=car).code == 0
    return either


def refer(line: Line) -> str:
    line("refer", "--child", "Kayleigh Marlow", *ENGAGE, *at("10:00"))
    case = str(line("cases", *ENGAGE, *at("10:01"), "--json").json[0]["case"])
    words = "Kayleigh Marlow is out at night with Baz"
    line("record", "--case", case, *ENGAGE, *at("10:05"), text=words)
    return case


def cherish_answers(line: Line, hour: str) -> list[tuple[str, str, str]]:
    """Return the team Cherish's answers to a few searches made at this hour, each as text and as
    JSON.
    """
    found = []
    for words in QUESTIONS:
        for form in ((), ("--json",)):
            said = line("search", words, *CHERISH, *at(hour), *form)
            found.append((str(said.code), said.out, said.err))
    return found


def due_hits(line: Line, *options: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = line("hits", "--json", *options).json
    return found


@pytest.mark.usually_on("sqlite")
def test_a_search_shows_the_same_whether_another_team_has_the_child_or_not(
    two_teams: Line,
) -> None:
    before = cherish_answers(two_teams, "09:30")
    refer(two_teams)
    assert cherish_answers(two_teams, "11:00") == before
    assert "Kayleigh" in two_teams("search", "Kayleigh", *ENGAGE, *at("12:00")).out


@pytest.mark.usually_on("sqlite")
def test_those_who_hold_the_child_learn_who_searched_and_owe_a_decision(
    two_teams: Line, rights: dict[str, Rights]
) -> None:
    case = refer(two_teams)
    two_teams("allocate", case, "psw.ellis", "--for", "parents", *ENGAGE, *at("10:30"))
    rights["psw.ellis"] = replace(rights["psw.ellis"], cases=(UUID(case),))
    cherish_answers(two_teams, "11:00")
    assert due_hits(two_teams, *CHERISH, *at("12:00")) == [], "the searcher's team learns nothing"
    (hit,) = due_hits(two_teams, *ENGAGE, *at("12:00"))
    assert (hit["case"], hit["searcher"], hit["searcher_team"]) == (case, "dc.moss", "Cherish")
    assert hit["due"].startswith("2011-03-19T11:00")
    assert not hit["overdue"]
    assert hit["times"] > 1, "asked again before anybody decided: one decision answers all"
    assert due_hits(two_teams, *WORKER, *at("12:00")), "the child's worker learns it too"


@pytest.mark.usually_on("sqlite")
def test_a_late_decision_shows_in_the_queue_and_with_the_hits(two_teams: Line) -> None:
    refer(two_teams)
    cherish_answers(two_teams, "11:00")
    late = ("--clock", "2011-03-20T09:00")
    assert due_hits(two_teams, "--overdue", *ENGAGE, *at("12:00")) == []
    (hit,) = due_hits(two_teams, "--overdue", *ENGAGE, *late)
    assert hit["overdue"]
    assert "matched your records" in two_teams("queue", "--overdue", *ENGAGE, *late).err
    assert "matched your records" not in two_teams("queue", "--overdue", *CHERISH, *late).err


@pytest.mark.usually_on("sqlite")
def test_only_those_who_hold_it_decide_once_and_with_a_reason(two_teams: Line) -> None:
    refer(two_teams)
    two_teams("search", "Kayleigh", *CHERISH, *at("11:00"))
    (hit,) = due_hits(two_teams, *ENGAGE, *at("12:00"))
    decide = ("hits", "decide", hit["id"], "contact", "--reason", "the same girl")
    assert "no hit" in two_teams.refused(*decide, *CHERISH, *at("12:10"))
    assert two_teams(*decide, *ENGAGE, *at("12:20")).code == 0
    assert due_hits(two_teams, *ENGAGE, "--clock", "2011-03-21") == []
    assert "decided already" in two_teams.refused(*decide, *ENGAGE, *at("12:30"))
    two_teams("search", "Kayleigh", *CHERISH, *at("13:00"))
    assert due_hits(two_teams, *ENGAGE, *at("14:00")), (
        "searched again after the decision: asked again"
    )


def test_what_is_searched_for_again_is_due_once_and_ends_with_its_decision(two_teams: Line) -> None:
    """Several searches that match the same child of another team make one due decision and one
    alert for the child's worker. The decision answers all searches made before it."""
    case = refer(two_teams)

    def due(hour: str) -> list[str]:
        rows = two_teams("due", "--kind", "contact-decision", "--json", *ENGAGE, *at(hour))
        return [row["since"] for row in rows.json if row["item"] == case]

    for hour in ("11:00", "11:10", "11:20"):
        two_teams("search", "Kayleigh", *CHERISH, *at(hour))
    (since,) = due("12:00")
    assert since.startswith("2011-03-18T11:00"), "by the first of them"
    (hit,) = due_hits(two_teams, *ENGAGE, *at("12:00"))
    decide = ("hits", "decide", hit["id"], "contact", "--reason", "the same girl")
    assert two_teams(*decide, *ENGAGE, *at("12:20")).code == 0
    assert due("12:30") == []
    two_teams("search", "Kayleigh", *CHERISH, *at("13:00"))
    (since,) = due("14:00")
    assert since.startswith("2011-03-18T13:00")


@pytest.mark.usually_on("sqlite", "postgres")
def test_a_hit_is_written_with_the_search_or_not_at_all(two_teams: Line) -> None:
    """If a search matches another team's child, the search and the silent alert are recorded in one
    transaction. Otherwise the time of the alert would reveal the search.
    """
    refer(two_teams)
    assert two_teams.kept.system
    log, commits = two_teams.kept.system.logs["access"], []
    append = log.append

    def counted(submissions: Any) -> Any:
        commits.append(sum(len(submission.facts) for submission in submissions))
        return append(submissions)

    log.append = counted  # type: ignore[method-assign]
    two_teams("search", "Kayleigh", *CHERISH, *at("11:00"))
    two_teams("search", "nobody", *CHERISH, *at("11:01"))
    assert commits == [2, 1]


@pytest.mark.usually_on("sqlite")
def test_to_name_the_child_in_a_command_is_to_ask_about_her(two_teams: Line) -> None:
    told = ("person", "alias", "Kayleigh Marlow", "Kay", *CHERISH)
    before = two_teams(*told, *at("09:50"))
    refer(two_teams)
    after = two_teams(*told, *at("10:30"))
    assert (after.code, after.out, after.err) == (before.code, before.out, before.err)
    assert after.code == 2
    (hit,) = two_teams("hits", *ENGAGE, *at("10:40"), "--json").json
    assert hit["searcher"] == "dc.moss"


def test_the_record_of_looks_tells_of_no_hit(tmp_path: Path) -> None:
    """In the access log as the searcher reads it, a search that matched another team's child looks
    the same as a search that matched nothing.
    """
    office = opened(tmp_path / "store")
    staff = Staff(office)
    for name, team in (("dc.deter", "Deter"), ("dc.free", "Freedom")):
        staff.hire(name, "detective", teams=[team])
    referral.receive(office.desk, staff.now("dc.free"), child="Bea Birch")
    screen = House(office, make_app(office.system)).somebody("dc.deter")
    program = client_of(office, "dc.deter")

    def looks(name: str) -> int:
        before = len(office.events(RecordConsulted, "access"))
        assert screen.get("/search", params={"q": name}).status_code == 200
        for address, field in (("/api/v1/search", "q"), ("/api/v1/search-list", "terms")):
            assert program.get(address, params={field: name}).status_code == 200
        assert screen.get("/list/search-list", params={"terms": name}).status_code == 200
        return len(office.events(RecordConsulted, "access")) - before

    assert looks("Bea Birch") == looks("Zed Quib") > 3
    assert office.events(SearchTouched, "access")
    office.system.close()


@pytest.mark.usually_on("sqlite")
def test_what_ones_own_team_holds_is_no_hit(tmp_path: Path) -> None:
    """If a search matches only cases of the searcher's own team, no worker gets a silent alert,
    whichever front the searcher uses.
    """
    office = opened(tmp_path / "store")
    staff = Staff(office)
    for name in ("dc.one", "dc.two"):
        staff.hire(name, "detective", teams=["Freedom"])
    staff.hire("dc.far", "detective", teams=["Deter"])
    staff.hire("dm.free", "manager", teams=["Freedom"])
    staff.hire("psw.ellis", "psw", teams=["Freedom"])
    staff.hire("psw.other", "psw", teams=["Freedom"])
    case = referral.receive(office.desk, staff.now("dc.one"), child="Bea Birch").id
    casework.allocate(office.desk, staff.now("dm.free"), str(case), "psw.ellis", "parents")
    keeps = office.system.serving(office.settings, office.system.clock.given_time).reader
    account.join(office.desk, keeps, "psw.ellis", "Deter")
    account.part(office.desk, keeps, "psw.ellis", "Freedom")
    one, two = staff.now("dc.one"), staff.now("dc.two")
    told = "Bea Birch is out with Baz in PK95 ABC"
    words = observation.record(office.desk, one, words=told, case=str(case)).id
    intelligence_report.assess(office.desk, two, words, Grade.parse("3C"), Handling("P"))

    def hits(name: str) -> list[tuple[str, str]]:
        screen = House(office, make_app(office.system)).somebody(name)
        program = client_of(office, name)
        before = len(office.events(SearchTouched, "access"))
        for asked in ("Bea Birch", "PK95ABC"):
            assert screen.get("/search", params={"q": asked}).status_code == 200
            assert screen.get("/list/search-list", params={"terms": asked}).status_code == 200
            assert program.get("/api/v1/search", params={"q": asked}).status_code == 200
        facts = [(fact.by, fact.event) for fact in office.facts("access")]
        return [(by, one.team) for by, one in facts if isinstance(one, SearchTouched)][before:]

    for own in ("dc.one", "dc.two", "psw.ellis", "psw.other"):
        assert hits(own) == [], own
    assert set(hits("dc.far")) == {("dc.far", "Freedom")}
    office.system.close()


# --- another team records a referral of the child ----------------------------------------------


@dataclass
class Teams:
    """A store in which the team Freedom has Bea Birch's case, which the team Deter does not
    know.
    """

    office: Office
    staff: Staff
    case: UUID

    def now(self, name: str) -> Reader:
        return self.staff.now(name)

    def hits(self, name: str = "dc.free") -> list[HitOpen]:
        with self.office.desk.looked(hits.VIEW) as db:
            return hits.list_due_decisions(db, self.now(name), self.office.desk.clock())

    def due(self, name: str = "dc.free") -> list[str]:
        asked = (self.office.desk, self.now(name), self.office.desk.clock(), DueFilter())
        return [one.clock for one in due.list_due(*asked) if one.clock.startswith("contact-")]


def _hold(office: Office) -> UUID:
    staff = Staff(office)
    for name, team in (("dc.deter", "Deter"), ("dc.free", "Freedom"), ("dc.two", "Deter")):
        staff.hire(name, "detective", teams=[team])
    staff.hire("io.all", "intelligence-officer", teams=["Deter"])
    return referral.receive(office.desk, staff.now("dc.free"), child="Bea Birch").id


#: The store of `Teams`; its value is the id of the case.
HELD = prepared("case_of_the_team_freedom", _hold)


@pytest.fixture
def teams(tmp_path: Path) -> Iterator[Teams]:
    with HELD(tmp_path / "store", None) as (office, case):
        yield Teams(office, Staff(office), case)


@pytest.mark.in_turn
@pytest.mark.parametrize("name", ["Bea Birch", "BEA  BIRCH", "Bee Birch", "Beatrice Birch"])
def test_another_team_that_refers_the_child_is_a_hit_for_those_who_hold_her(
    teams: Teams, name: str
) -> None:
    before = referral.receive(teams.office.desk, teams.now("dc.deter"), child="Zed Quib")
    after = referral.receive(teams.office.desk, teams.now("dc.deter"), child=name)
    assert after.id != teams.case
    assert (after.proposed, after.language) == (before.proposed, before.language)
    (hit,) = teams.hits()
    assert (hit.case, hit.searcher, hit.referred) == (teams.case, "dc.deter", True)
    assert hit.due == hit.searched + timedelta(hours=24)
    assert teams.due() == ["contact-decision"]
    for other in ("dc.deter", "dc.two"):
        assert (teams.hits(other), teams.due(other)) == ([], []), "they learn nothing"


@pytest.mark.parametrize("why", ["missing", "high", "referred as high"])
def test_a_child_who_is_missing_or_rated_high_is_a_hit_at_once(teams: Teams, why: str) -> None:
    desk, free, case = teams.office.desk, teams.now("dc.free"), str(teams.case)
    if why == "missing":
        casework.report_missing(desk, free, case, MissingReported())
    elif why == "high":
        casework.assess_threshold(desk, free, case, "high")
    level = "high" if why == "referred as high" else None
    referral.receive(desk, teams.now("dc.deter"), child="Bea Birch", threshold=level)
    teams.office.later(1)
    (hit,) = teams.hits()
    assert hit.overdue, "a decision is due at once"
    assert teams.due() == ["contact-decision-now"]
    access_log.decide_contact(desk, free, str(hit.id), "contact", "the same girl")
    assert (teams.hits(), teams.due()) == ([], [])


@pytest.mark.parametrize("why", ["missing", "high"])
def test_a_child_who_is_in_danger_after_the_hit_makes_it_due_at_once(
    teams: Teams, why: str
) -> None:
    desk, free, case = teams.office.desk, teams.now("dc.free"), str(teams.case)
    referral.receive(desk, teams.now("dc.deter"), child="Bea Birch")
    assert alerting.make_hits_due(desk) == 0
    teams.office.later(1)
    desk.recorded.clear()
    if why == "missing":
        casework.report_missing(desk, free, case, MissingReported())
    else:
        casework.assess_threshold(desk, free, case, "high")
    assert alerting.make_hits_due(desk, set(desk.recorded)) == 1
    assert alerting.make_hits_due(desk) == 0
    (hit,) = teams.hits()
    assert teams.due() == ["contact-decision-now"]
    assert hit.due < hit.searched + timedelta(hours=24)
    for other in ("dc.deter", "dc.two"):
        assert (teams.hits(other), teams.due(other)) == ([], []), "they learn nothing"
    access_log.decide_contact(desk, free, str(hit.id), "contact", "the same girl")
    assert (teams.hits(), teams.due()) == ([], [])
    assert alerting.make_hits_due(desk) == 0


def test_who_searched_first_and_then_refers_is_one_hit_that_is_due_at_once(teams: Teams) -> None:
    desk = teams.office.desk
    screen = House(teams.office, make_app(teams.office.system)).somebody("dc.deter")
    screen.get("/search", params={"q": "Bea Birch"})
    assert teams.due() == ["contact-decision"]
    casework.report_missing(desk, teams.now("dc.free"), str(teams.case), MissingReported())
    for _ in range(2):
        referral.receive(desk, teams.now("dc.deter"), child="Bea Birch")
    (hit,) = teams.hits()
    assert (hit.referred, hit.times, teams.due()) == (True, 3, ["contact-decision-now"])


def test_a_referral_by_any_way_is_a_hit_and_given_again_it_is_one(teams: Teams) -> None:
    """If a team refers another team's child in any way (by an entry, by a file, or by a user who
    sees the case), the child's worker gets a silent alert. Repeating the referral causes no second
    alert.
    """
    desk, deter = teams.office.desk, teams.now("dc.deter")
    words = observation.record(desk, deter, words="Bea Birch is out at night").id
    referral.refer(desk, deter, [words], "Bea Birch")
    assert [hit.times for hit in teams.hits()] == [1]
    theirs = referral.receive(desk, teams.now("io.all"), who=str(teams.case))
    assert theirs.id == teams.case
    assert {hit.searcher for hit in teams.hits()} == {"dc.deter", "io.all"}
    command = uuid4()
    prepared = referral.prepare(desk, teams.now("dc.two"), child="Bea Birch", command_id=command)
    desk.save(
        [
            msgspec.structs.replace(
                prepared, submissions={"evidence": prepared.submissions["evidence"]}
            )
        ]
    )
    assert "dc.two" not in {hit.searcher for hit in teams.hits()}
    for _ in range(2):
        referral.receive(desk, teams.now("dc.two"), child="Bea Birch", command_id=command)
    assert [hit.times for hit in teams.hits() if hit.searcher == "dc.two"] == [1]


def test_ones_own_team_refers_and_it_is_no_hit(teams: Teams) -> None:
    referral.receive(teams.office.desk, teams.now("dc.free"), child="Bea Birch")
    assert teams.hits() == []

"""Possible corroboration between two entries is shown only to readers who may know of both
entries.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa

from access.who_may import scope
from commands.families import referral
from commands.information import observation, shared_mentions
from commands.kernel.unit_of_work import Desk
from commands.people_and_teams import due
from domain.data_protection.access_log import SearchTouched
from domain.information.observation import ObservationTriaged, OthersSaidIt
from domain.information.shared_mentions import JoinConfirmed, JoinDismissed, pair_id
from domain.kernel.values import Denied, Hidden, Mention, Reader, Refused, Role
from ingest.words import record_words
from projections.due import DueFilter
from questions.information import said_before
from tests.access.staff import Staff
from tests.commands.office import Office, Place, opened, prepared
from tests.web.api.conftest import client_of
from usecases.information.shared_mentions import AskSaidBefore

PLATE = Mention(0, 7, "vrm", "PK95ABC", 0.9)
OTHER = Mention(0, 7, "vrm", "YC94KXT", 0.9)


def record_entry(desk: Desk, reader: Reader, case: object = None, read: Mention = PLATE) -> UUID:
    words = "PK95ABC at the gate"
    filed = str(case) if case else None
    return observation.record(desk, reader, words=words, mentions=(read,), case=filed).id


def _two_teams(office: Office) -> dict[str, UUID]:
    """Record the same plate in the entries of three families: two of the team Engage and one of the
    team Deter. Record another plate in a second entry of one family of each team. Add users; return
    the ids of the entries and cases by name."""
    found: dict[str, UUID] = {}
    for name, team, child in (
        ("own", "Engage", "Ann Field"),
        ("second", "Engage", "Bea Holt"),
        ("far", "Deter", "Tilly Marsh"),
    ):
        ours = msgspec.structs.replace(office.reader, team=team)
        case = referral.receive(office.desk, ours, child=child).id
        found[name] = record_entry(office.desk, ours, case)
        found[f"{name} case"] = case
        if name != "second":
            found[f"{name} other"] = record_entry(office.desk, ours, case, OTHER)
    staff = Staff(office)
    roles: dict[str, Role] = {
        "dc.own": "detective",
        "psw.own": "psw",
        "m.own": "manager",
        "io.all": "intelligence-officer",
    }
    for name, role in roles.items():
        staff.hire(name, role)
    staff.hire("dc.far", "detective", teams=["Deter"])
    return found


TEAMS = prepared("joined_in_two_teams", _two_teams)


@dataclass
class Teams:
    """The log entries of two teams, and their users."""

    office: Office
    staff: Staff
    ids: dict[str, UUID]

    def others(self, name: str, item: str, *, deciding: bool = True) -> set[UUID]:
        """Return the ids of entries that the user `name` may see as possible corroboration of the
        entry `item`."""
        asked = AskSaidBefore(str(self.ids[item]), deciding=deciding)
        reader, desk = self.staff.now(name), self.office.desk
        answer = asked.told(desk, reader, desk.clock())
        return {one for row in answer.tables[0] for one in row.items}  # type: ignore[attr-defined]

    def met(self, name: str, item: str) -> tuple[SearchTouched, ...]:
        asked = AskSaidBefore(str(self.ids[item]), deciding=True)
        desk = self.office.desk
        return asked.told(desk, self.staff.now(name), desk.clock()).touched or ()

    def triage(self, name: str, item: str, outcome: str, **how: bool) -> None:
        reader = self.staff.now(name)
        one = self.ids[item]
        observation.triage(self.office.desk, reader, one, outcome, "nothing in it", **how)  # type: ignore[arg-type]


@pytest.fixture
def teams(place: Place) -> Iterator[Teams]:
    with TEAMS(*place) as (office, ids):
        yield Teams(office, Staff(office), dict(ids))


@pytest.mark.usually_on("sqlite")
def test_who_may_know_of_both_sides_is_informed_and_the_other_team_learns_who_asked(
    teams: Teams,
) -> None:
    ids = teams.ids
    assert teams.others("dc.own", "own") == {ids["second"]}
    assert teams.others("io.all", "own") == {ids["second"], ids["far"]}
    assert teams.others("dc.own", "own other") == set()
    (hit,) = teams.met("dc.own", "own")
    assert (hit.case, hit.team) == (ids["far case"], "Deter")
    assert teams.met("io.all", "own") == ()
    for name, item in (("dc.own", "far"), ("dc.far", "own"), ("psw.own", "own")):
        with pytest.raises((Hidden, Denied)):
            teams.others(name, item)


@pytest.mark.usually_on("sqlite")
def test_nothing_is_reported_before_the_grade_unless_somebody_decides_without_one(
    teams: Teams,
) -> None:
    with pytest.raises(Refused, match="grade this entry first"):
        teams.others("dc.own", "own", deciding=False)
    teams.office.assessed(teams.ids["own"])
    assert teams.others("dc.own", "own", deciding=False) == {teams.ids["second"]}


@pytest.mark.usually_on("sqlite")
def test_no_value_is_kept_once_somebody_has_looked(teams: Teams) -> None:
    for outcome in ("no-value", "more-needed"):
        with pytest.raises(OthersSaidIt, match="another has said"):
            teams.triage("dc.own", "own", outcome)
    teams.triage("dc.own", "own", "refer")
    teams.triage("dc.own", "own", "no-value", looked=True)
    teams.triage("dc.own", "own other", "no-value")
    decided = teams.office.events(ObservationTriaged)
    assert [one.outcome for one in decided] == ["refer", "no-value", "no-value"]


@pytest.mark.usually_on("sqlite")
def test_what_only_another_team_holds_asks_nothing_and_counts_nowhere(teams: Teams) -> None:
    """If the only possible corroboration of an entry is another team's entry, no question and no
    count shows it."""
    now = teams.office.desk.clock()
    teams.triage("dc.own", "own other", "no-value")
    teams.triage("dc.far", "far other", "no-value")
    for name in ("dc.own", "dc.far", "m.own", "psw.own"):
        reader = teams.staff.now(name)
        rows = due.list_due(teams.office.desk, reader, now, DueFilter())
        assert not [row for row in rows if row.clock == "said-before"], name
    theirs = due.list_due(teams.office.desk, teams.staff.now("io.all"), now, DueFilter())
    assert [row.item for row in theirs if row.clock == "said-before"] == [teams.ids["far other"]]
    with teams.office.system.reading() as db:
        assert said_before.waiting(db, teams.staff.now("dc.own"), None, 10) == []


def test_one_confirms_one_dismisses_and_no_link_is_made(teams: Teams) -> None:
    desk, ids = teams.office.desk, teams.ids
    one = pair_id(ids["own"], ids["second"])
    far = pair_id(ids["own"], ids["far"])
    reader = teams.staff.now("dc.own")
    teams.office.assessed(ids["second"])
    rows = due.list_due(desk, reader, desk.clock(), DueFilter())
    assert [row.item for row in rows if row.clock == "said-before"] == [ids["second"]]
    with pytest.raises(Hidden):
        shared_mentions.dismiss(desk, reader, str(far), "not ours")
    with pytest.raises(Denied):
        shared_mentions.confirm(desk, teams.staff.now("psw.own"), str(one), None)
    shared_mentions.confirm(desk, reader, str(one)[-8:], "the same dent")
    assert len(teams.office.events(JoinConfirmed)) == 1
    rows = due.list_due(desk, reader, desk.clock(), DueFilter())
    assert not [row for row in rows if row.clock == "said-before"]
    shared_mentions.dismiss(desk, reader, str(one), "a taxi after all")
    assert len(teams.office.events(JoinDismissed)) == 1
    assert teams.office.links() == []
    with desk.deciding() as db:
        assert scope.is_item_visible(db, reader, ids["own"])


MASKED = re.compile(r"[\w+/=.-]{16,}|\d{4}-\d\d-\d\dT[\d:.]+Z|\b[0-9a-f]{6,}\b")
KEPT_UP = re.compile(r"\b(?:joined_\w+|due_joined)\b")
#: Pages that a worker opens after recording an entry.
AFTER = ("/receipt/{id}", "/receipt/{id}/state", "/mine", "/api/v1/mine", "/api/v1/due")


def test_a_worker_s_receipt_is_the_same_whether_anything_joins_or_not(tmp_path: Path) -> None:
    """A worker who records a number plate gets the same receipt and pages whether or not a hidden
    earlier entry mentions the plate. They also need the same number of SQL statements."""
    there, elsewhere = (
        _answers_over_http(tmp_path / one[:2], one) for one in ("PK95 ABC", "YC94 KXT")
    )
    assert there == elsewhere


def _answers_over_http(home: Path, plate: str) -> list[object]:
    """Return the answers that a worker gets who records an entry about a plate and then opens the
    pages about it.
    """
    office = opened(home)
    statements = 0

    def count(_: Any, __: Any, statement: str, *___: Any) -> None:
        """Count the SQL statements of an answer, except those that update the view of
        corroboration.
        """
        nonlocal statements
        statements += not KEPT_UP.search(statement)

    try:
        record_words.record_entry(
            office.desk, office.reader, f"{plate} was here", office.desk.clock()
        )
        Staff(office).hire("psw.own", "psw")
        who = client_of(office, "psw.own")
        who.post("/sign-in", data={"name": "psw.own"})
        assert who.get("/mine").status_code == 200
        sa.event.listen(office.system.views.engine, "before_cursor_execute", count)
        key = {"Idempotency-Key": str(UUID(int=1))}
        words = {"words": "PK95 ABC again, silver Corsa"}
        told = who.post("/api/v1/observations", json=words, headers=key)
        assert told.status_code == 201, told.text
        answers: list[object] = [statements, _masked(told)]
        for path in (one.format(id=told.json()["id"]) for one in AFTER):
            # this request updates the views, which is not counted as part of the answer
            who.get(path)
            statements = 0
            shown = who.get(path)
            assert shown.status_code == 200, path
            answers += [statements, _masked(shown)]
        return answers
    finally:
        office.system.close()


def _masked(answer: Any) -> tuple[str, list[str]]:
    """Return an answer as text without ids and times, which always differ, and the ids that were
    removed from it."""
    return MASKED.sub("", answer.text), sorted(answer.headers)

"""A program of another system has a key and rights of its own. An administrator can replace the key
or end it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from commands.people_and_teams import account, enrolment
from domain.data_protection.access_log import ConsultedFor, RecordConsulted
from domain.kernel.envelope import LogUnavailable
from domain.kernel.values import Reader, Refused
from domain.people_and_teams.account import KEY_LASTS, KeyEnded, KeyMade
from projections.data_protection import access_log
from tests.access.staff import Staff
from tests.web.api.conftest import Program, client_of

NAME = "svc.portal"


@dataclass
class Portal:
    """The program of a school's portal, which has an account of its own, and the administrator who
    manages its key."""

    program: Program
    staff: Staff

    @property
    def keeper(self) -> Reader:
        return self.staff.now("ds.hart")

    def key(self, days: float = 90) -> tuple[UUID, str]:
        office = self.program.office
        until = office.system.clock() + timedelta(days=days)
        one = enrolment.make_key(office.desk, self.keeper, NAME, until)
        assert one
        return one, office.system.credentials.services.make(NAME, one, until)

    def end(self, one: UUID) -> None:
        office = self.program.office
        enrolment.end_key(office.desk, self.keeper, NAME, one)

    def calling(self, key: str, **headers: str) -> TestClient:
        client = client_of(self.program.office, "")
        client.headers.update({"Authorization": f"Bearer {key}", **headers})
        return client


@pytest.fixture
def portal(program: Program) -> Portal:
    staff = Staff(program.office)
    account.add(
        program.office.desk,
        program.office.reader,
        NAME,
        roles=["detective"],
        teams=["Engage"],
        service=True,
    )
    return Portal(program, staff)


def post_entry(client: TestClient, words: str = "Baz was here") -> Any:
    key = {"Idempotency-Key": str(uuid4())}
    return client.post("/api/v1/observations", json={"words": words}, headers=key)


def test_a_key_outlasts_a_quarter_of_an_hour_and_ends_on_its_day(portal: Portal) -> None:
    _, key = portal.key(days=90)
    client = portal.calling(key)
    item = post_entry(client).json()["id"]
    portal.program.office.later(hours=24 * 89)
    assert client.get(f"/api/v1/items/{item}").json()["events"][0]["by"] == NAME
    (held,) = portal.program.office.system.credentials.services.list_keys()
    assert held.used == portal.program.office.system.clock()
    portal.program.office.later(hours=24)
    assert client.get(f"/api/v1/items/{item}").status_code == 401


def test_it_changes_over_without_a_gap_and_the_old_key_is_worth_nothing(portal: Portal) -> None:
    (first, old), (_, new) = portal.key(), portal.key()
    with pytest.raises(Refused, match="end the older one"):
        portal.key()
    assert portal.calling(old).get("/api/v1/queue").status_code == 200
    assert portal.calling(new).get("/api/v1/queue").status_code == 200
    # the end is recorded in the log but not in the credentials, as if these could not be reached
    portal.end(first)
    assert portal.calling(old).get("/api/v1/queue").status_code == 401
    assert portal.calling(new).get("/api/v1/queue").status_code == 200
    portal.key()


def test_rights_are_those_of_the_moment(portal: Portal) -> None:
    _, key = portal.key()
    client, office = portal.calling(key), portal.program.office
    assert client.get("/api/v1/queue").status_code == 200
    item = post_entry(client).json()["id"]
    account.take_role(office.desk, portal.keeper, NAME, "detective")
    assert client.get(f"/api/v1/items/{item}").status_code == 404
    account.lock(office.desk, portal.keeper, NAME, "its server was broken into")
    assert client.get("/api/v1/queue").status_code == 401
    account.unlock(office.desk, portal.keeper, NAME)
    assert client.get("/api/v1/queue").status_code == 401, "no key outlives a locking"
    account.leave(office.desk, portal.keeper, NAME)
    assert client.get("/api/v1/queue").status_code == 401


def test_it_opens_no_screen_and_no_session(portal: Portal) -> None:
    _, key = portal.key()
    system = portal.program.office.system
    client = portal.calling(key)
    for cookie in ("continuum", "__Host-continuum"):
        client.cookies.set(cookie, key)
    for path in ("/queue", "/accounts", "/me", "/session"):
        answer = client.get(path, follow_redirects=False)
        assert answer.status_code in (303, 401), (path, answer.status_code)
    assert system.credentials.sessions.check(key) is None
    assert (
        system.credentials.sessions.check(system.credentials.sessions.open(NAME, "screen")) is None
    )
    for session in ("screen", "command"):
        token = system.credentials.sessions.open(NAME, session)
        assert portal.calling(token).get("/api/v1/queue").status_code == 401
    with pytest.raises(Refused, match="is a program"):
        enrolment.invite(portal.program.office.desk, portal.keeper, NAME)
    with pytest.raises(Refused, match="a program cannot have the role of administrator"):
        account.give_role(portal.program.office.desk, portal.keeper, NAME, "administrator")
    sent = client.post("/sign-in", data={"name": NAME})
    assert "continuum" not in sent.cookies


def test_what_asks_for_a_second_factor_is_never_done_by_a_key(portal: Portal) -> None:
    _, key = portal.key()
    before = portal.program.office.count()
    refused = portal.calling(key).post("/api/v1/exports", json={"format": "csv"})
    assert refused.status_code == 403
    assert "second factor" in refused.json()["detail"]
    assert portal.program.office.count() == before


def test_who_signed_in_long_ago_gives_a_second_factor_before_an_export(portal: Portal) -> None:
    portal.staff.hire("dc.east", "detective")
    sessions = portal.program.office.system.credentials.sessions
    client = portal.calling(sessions.open("dc.east", "command"))
    wanted = {"format": "csv"}
    assert client.post("/api/v1/exports", json=wanted).status_code == 200
    portal.program.office.later(hours=0.1)
    refused = client.post("/api/v1/exports", json=wanted)
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:continuum:needs-proof")


def test_every_use_is_written_down_with_the_program_and_its_user(portal: Portal) -> None:
    _, key = portal.key()
    client = portal.calling(key, **{"X-Continuum-For": "head.teacher"})
    item = post_entry(client).json()["id"]
    client.get(f"/api/v1/items/{item}", headers={"X-Continuum-Why": "a pupil asked"})
    client.get("/api/v1/search", params={"q": "nothing like it"})
    client.get(f"/api/v1/items/{uuid4()}")
    log = portal.program.office.facts("access")
    assert {f.by for f in log if isinstance(f.event, RecordConsulted)} == {NAME}
    told = [f.event for f in log if isinstance(f.event, ConsultedFor)]
    assert [(one.person, one.reason) for one in told] == [
        ("head.teacher", None),
        ("head.teacher", "a pupil asked"),
        ("head.teacher", None),
    ]
    with portal.program.office.system.reading_with_access_log() as db:
        auditor = portal.staff.hire("aud.reed", "auditor")
        rows = access_log.by(db, auditor, NAME, before=None, limit=10)
    assert [(row.query, row.person) for row in rows] == [
        ("show", "head.teacher"),
        ("search", "head.teacher"),
        ("show", "head.teacher"),
        ("record", "head.teacher"),
    ]


@pytest.mark.parametrize("days", [-1, 0, KEY_LASTS.days + 1])
def test_a_key_ends_within_a_year(portal: Portal, days: float) -> None:
    with pytest.raises(Refused, match="within a year"):
        portal.key(days)


def test_keys_are_for_programs_and_a_key_is_shown_once(portal: Portal) -> None:
    portal.staff.hire("dc.east", "detective")
    office = portal.program.office
    until = office.system.clock() + timedelta(days=1)
    with pytest.raises(Refused, match="is not a program's account, and only programs have keys"):
        enrolment.make_key(office.desk, portal.keeper, "dc.east", until)
    same = uuid4()
    keys = {
        enrolment.make_key(office.desk, portal.keeper, NAME, until, command_id=same)
        for _ in range(2)
    }
    (one,) = keys
    assert one
    office.system.credentials.services.make(NAME, one, until)
    with pytest.raises(
        Refused, match="this API key was shown once already, and cannot be shown again"
    ):
        office.system.credentials.services.make(NAME, one, until)
    made = [f.event for f in office.facts("access") if isinstance(f.event, KeyMade | KeyEnded)]
    assert [event.key for event in made] == [one]


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer ", "Basic {key}", "bearer {key}x", "{key}"]
)
def test_what_is_nearly_a_key_is_none(portal: Portal, given: str) -> None:
    _, key = portal.key()
    client = client_of(portal.program.office, "")
    answer = client.get("/api/v1/queue", headers={"Authorization": given.format(key=key)})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.usually_on("sqlite", "postgres")
def test_how_much_a_program_may_ask_is_counted_by_all_processes_together(portal: Portal) -> None:
    _, key = portal.key()
    client = portal.calling(key)
    first = client.get("/api/v1/queue")
    assert first.headers["RateLimit-Policy"] == '"calls";q=200;w=4'
    left = int(first.headers["RateLimit"].partition("r=")[2])
    assert 199 <= left <= 200
    # this stands for another process that has the same store open
    with portal.program.office.hasty() as other:
        taken, others = other.credentials.allowance.take(NAME, 200)
        assert 190 <= taken <= 200
        assert (others, other.credentials.allowance.take("svc.other", 1)[0]) == (0, 1)
        again = other.credentials.allowance.take(NAME, 200)[0]
        assert again < 150, "it comes back by fifty a second"


def test_a_program_that_asks_too_much_is_informed_when_to_go_on(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, key = portal.key()
    client, allowance = portal.calling(key), portal.program.office.system.credentials.allowance
    monkeypatch.setattr(allowance, "take", lambda caller: (0, 0))
    refused = client.get("/api/v1/queue")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    assert refused.headers["RateLimit"] == '"calls";r=0;t=1'

    def down(caller: str) -> tuple[int, int]:
        raise LogUnavailable("gone")

    monkeypatch.setattr(allowance, "take", down)
    assert client.get("/api/v1/queue").status_code == 200, "each process counts by itself then"

"""For another program, a hidden item looks like an item that does not exist. The program has the
rights of its token's user."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from commands.information import observation
from commands.intelligence import intelligence_report, links
from commands.kernel import entity
from commands.people_and_teams import account
from domain.kernel.values import Grade, Handling, PoleCategory
from installation.opening import open_system
from installation.settings import Settings
from tests.access.staff import Staff
from tests.commands.office import Office
from tests.hired import hired
from tests.web.api.conftest import Program, client_of


@pytest.fixture
def closed(program: Program) -> Staff:
    """Make a store with accounts and with two teams, each with a detective; return its users."""
    staff = Staff(program.office)
    staff.hire("dc.east", "detective", teams=["Engage"])
    staff.hire("dc.west", "detective", teams=["Deter"])
    staff.hire("aud.reed", "auditor", teams=["Engage"])
    return staff


closed_to_others = pytest.mark.usefixtures("closed")


def by_token(program: Program, name: str) -> TestClient:
    token = program.office.system.credentials.sessions.open(name, "command", "a program")
    client = client_of(program.office, "")
    client.headers["Authorization"] = f"Bearer {token}"
    return client


@closed_to_others
def test_a_token_is_whose_it_is_and_ends(program: Program) -> None:
    east = by_token(program, "dc.east")
    key = {"Idempotency-Key": str(uuid4())}
    told = east.post("/api/v1/observations", json={"words": "Baz was here"}, headers=key)
    assert told.status_code == 201
    item = told.json()["id"]
    assert east.get(f"/api/v1/items/{item}").json()["events"][0]["by"] == "dc.east"
    program.office.later(hours=11)
    assert east.get(f"/api/v1/items/{item}").status_code == 401
    assert east.get("/api/v1/queue", headers={"X-Continuum-User": "dc.east"}).status_code == 401


@closed_to_others
def test_another_teams_words_look_like_none(program: Program) -> None:
    east, west = (client_of(program.office, name) for name in ("dc.east", "dc.west"))
    mine = Program(program.office, east)
    item, nothing = mine.words("Zed sells from a van"), uuid4()
    assert east.get(f"/api/v1/items/{item}").status_code == 200
    for path in ("items/{}", "trail/{}", "proofs/{}", "people/{}", "network/ego/{}"):
        hidden, absent = (west.get(f"/api/v1/{path.format(one)}") for one in (item, nothing))
        assert (hidden.status_code, hidden.content) == (absent.status_code, absent.content), path
        assert hidden.status_code == 404
    other = Program(program.office, west)
    commands: dict[str, dict[str, Any]] = {
        "/observations/{}/take": {},
        "/observations/{}/triage": {"outcome": "no-value", "reason": "nothing"},
        "/observations/{}/assessments": {
            "grade": {"information": "A", "source": "1"},
            "handling": {"code": "P"},
        },
        "/observations/{}/corrections": {"words": "no"},
        "/items/{}/links": {"a": "vehicle:PK95 ABC", "b": "place:Mill Lane", "kind": "seen-at"},
    }
    before = program.office.count()["evidence"]
    for path, given in commands.items():
        hidden, absent = (other.post(path.format(one), **given) for one in (item, nothing))
        assert (hidden.status_code, hidden.content) == (absent.status_code, absent.content), path
        assert hidden.status_code == 404
    assert program.office.count()["evidence"] == before
    assert west.get("/api/v1/queue").json() == {"rows": [], "next": None}
    found = west.get("/api/v1/search", params={"q": "Zed van"}).json()
    assert found == {"rows": [], "counts": [], "every": 0}


@closed_to_others
def test_pages_of_a_queue_hold_what_its_reader_sees(program: Program) -> None:
    east = Program(program.office, client_of(program.office, "dc.east"))
    west = Program(program.office, client_of(program.office, "dc.west"))
    for number in range(3):
        east.words(f"east {number}")
        west.words(f"west {number}")
        program.office.later(1)
    page, seen = east.get("/queue", limit=2).json(), []
    while True:
        seen += [row["words"] for row in page["rows"]]
        if not page["next"]:
            break
        page = east.client.get(page["next"]).json()
    assert seen == ["east 0", "east 1", "east 2"]


@closed_to_others
def test_verifying_is_the_auditors(program: Program) -> None:
    auditor = client_of(program.office, "aud.reed")
    assert auditor.get("/api/v1/verify").status_code == 200
    for path in ("verify", "replay"):
        refused = client_of(program.office, "dc.east").get(f"/api/v1/{path}")
        assert refused.status_code == 403, path
        assert refused.headers["content-type"] == "application/problem+json"


def test_a_shared_link_names_what_it_rests_on_to_its_own_team(
    program: Program, closed: Staff
) -> None:
    desk, east = program.office.desk, closed.now("dc.east")
    suspect: list[tuple[PoleCategory, str]] = [("suspect", "named")]
    baz = entity.record_person(desk, east, name="Baz", categories=suspect).id
    words = observation.record(desk, east, words="Baz drives PK95 ABC").id
    report = intelligence_report.assess(desk, east, words, Grade("A", "2"), Handling("P")).id
    links.assert_link(desk, east, report, str(baz), "vehicle:PK95 ABC", "uses")
    told = {
        name: client_of(program.office, name).get(f"/api/v1/network/ego/{baz}").json()["links"]
        for name in ("dc.east", "dc.west")
    }
    assert [one["evidence"] for one in told["dc.east"]] == [[str(words), str(report)]]
    assert [one["evidence"] for one in told["dc.west"]] == [[]]


@pytest.mark.usually_on("sqlite", "postgres")
def test_a_proof_is_for_those_who_follow_the_trail(program: Program, closed: Staff) -> None:
    closed.hire("psw.ellis", "psw")
    worker = client_of(program.office, "psw.ellis")
    item = Program(program.office, worker).words("She is home.")
    assert worker.get(f"/api/v1/items/{item}").status_code == 200
    assert worker.get(f"/api/v1/proofs/{item}").status_code == 403
    detective = client_of(program.office, "dc.east")
    assert detective.get(f"/api/v1/proofs/{item}").status_code == 422, "nothing is signed yet"


@closed_to_others
def test_a_person_who_has_no_account_may_record_and_sees_nothing(program: Program) -> None:
    item = Program(program.office, client_of(program.office, "dc.east")).words("Zed again")
    nobody = Program(program.office, client_of(program.office, "school.office"))
    assert nobody.post("/observations", words="a child told us").status_code == 201
    assert nobody.get(f"/items/{item}").status_code == 404
    assert nobody.get("/queue").json()["rows"] == []


@closed_to_others
def test_an_account_that_is_left_opens_nothing(program: Program) -> None:
    west = by_token(program, "dc.west")
    assert west.get("/api/v1/queue").status_code == 200
    program.office.later(timedelta(minutes=10) / timedelta(hours=1))
    program.office.system.credentials.revoke("dc.west")
    assert west.get("/api/v1/queue").status_code == 401


def test_a_live_store_takes_no_mere_name(tmp_path: Path) -> None:
    settings = Settings(store=str(tmp_path / "live"), home=tmp_path / "live", user="adm.first")
    office = Office(open_system(settings, create=True), settings)
    account.first_confirmer(office.desk, office.reader, "mgr.quill", "manager", "Engage")
    hired(office.desk, office.reader, "dc.east", roles=["detective"], teams=["Engage"])
    named = client_of(office, "dc.east").get("/api/v1/queue")
    assert named.status_code == 401
    program = Program(office, client_of(office, ""))
    assert by_token(program, "dc.east").get("/api/v1/queue").status_code == 200
    assert by_token(program, "dc.gone").get("/api/v1/queue").status_code == 401
    office.system.close()

"""Another system can record everything from a log entry to a network through the API, with the
commands that the other fronts have."""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from domain.data_protection.access_log import RecordConsulted
from domain.information.observation import LogPhotographed
from domain.kernel.envelope import LogUnavailable
from tests.support.ingest.photograph import photo
from tests.web.api.conftest import Program, client_of
from web.api.app import OPERATIONS
from web.server.rate_limit import RateLimiter

PROBLEM = "application/problem+json"
CHATS = Path(__file__).parents[2] / "data" / "chats"
CAVIAR = Path(__file__).parents[2] / "data" / "caviar" / "phase-11.csv"


def ok(answer: Any) -> Any:
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def problem_message(answer: Any, status: int) -> str:
    """Assert that an answer has this status; return the message of the problem in it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM
    assert answer.headers["cache-control"] == "no-store"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["type"].startswith("urn:continuum:")
    assert set(problem) == {"type", "title", "status", "detail"}
    detail: str = problem["detail"]
    return detail


def test_sharing_is_chosen_and_b_has_two_roots_or_a_reason(program: Program) -> None:
    item = program.words()
    b = {"information": "B", "source": "2"}
    empty: dict[str, str] = {}
    for not_chosen in (None, empty):
        answer = program.post(f"/observations/{item}/assessments", grade=b, handling=not_chosen)
        assert answer.status_code in (400, 422), answer.text
    assert program.post(f"/observations/{item}/assessments", grade=b).status_code in (400, 422)
    p = {"code": "P"}
    answer = program.post(f"/observations/{item}/assessments", grade=b, handling=p)
    assert "two independent sources" in answer.text
    why = "the plate was checked"
    ok(program.post(f"/observations/{item}/assessments", grade=b, handling=p, one_root=why))
    baz = ok(program.post("/people", nickname="Baz", categories=["suspect"], grounds="told"))["id"]
    ok(program.post(f"/items/{item}/links", a=baz, b="vehicle:PK95 ABC", kind="uses"))
    (link,) = ok(program.get(f"/network/ego/{baz}"))["links"]
    assert (link["grade"], link["one_root"]) == ("2B", [why])


def test_words_become_a_link_with_its_trail(program: Program) -> None:
    item = program.words(urgent="he is outside now")
    ok(program.post(f"/observations/{item}/take"))
    ok(program.post(f"/observations/{item}/triage", outcome="assess", reason="worth it"))
    grade = {"information": "A", "source": "2"}
    report = ok(
        program.post(f"/observations/{item}/assessments", grade=grade, handling={"code": "P"})
    )["id"]
    ok(program.post(f"/observations/{item}/sanitised", text="A male called Baz uses a car"))
    baz = ok(program.post("/people", nickname="Baz", categories=["suspect"], grounds="told"))["id"]
    tie = ok(program.post(f"/items/{report}/links", a=baz, b="vehicle:PK95 ABC", kind="uses"))
    whole = ok(program.get(f"/items/{item}"))
    assert (whole["kind"], whole["stage"], whole["state"]) == (
        "observation",
        "intelligence",
        "assessed",
    )
    assert whole["events"][0]["event"] == "observation.recorded"
    assert whole["events"][0]["by"] == "rms.north"
    shown = ok(program.get(f"/network/ego/{baz}"))
    assert [one["ids"] for one in shown["links"]] == [[tie["id"]]]
    assert shown["links"][0]["grade"] == "2A"
    back = ok(program.get(f"/trail/{tie['id']}"))
    assert {item, report} <= {one["id"] for one in back["steps"]}
    onward = ok(program.get(f"/trail/{item}", direction="forward"))
    assert tie["id"] in {one["id"] for one in onward["steps"]}
    person = ok(program.get(f"/people/{baz}"))
    assert [one["link"] for one in person["links"]] == [tie["id"]]
    hits = ok(program.get("/search", q="corsa pk95"))["rows"]
    assert item in {hit["id"] for hit in hits}
    other = ok(program.post("/people", name="Kaz Marlow"))["id"]
    assert ok(program.get("/network/path", a=baz, b=other)) is None
    ok(program.post(f"/items/{item}/links", a=other, b="vehicle:PK95 ABC", kind="uses"))
    way = ok(program.get("/network/path", a=baz, b=other, min_grade="any"))
    assert way["hops"] == 2
    exported = program.client.post("/api/v1/exports", json={"format": "graphml", "around": baz})
    assert exported.content.startswith(b"<?xml")
    surer = {"format": "graphml", "around": baz, "min_grade": "1A"}
    assert b"<edge " not in program.client.post("/api/v1/exports", json=surer).content
    given = {"name": "baz.graphml", "dry_run": "true"}
    taken = program.client.post("/api/v1/imports", params=given, content=exported.content)
    ties = exported.content.count(b"<edge ")
    assert (ok(taken)["recorded"], ok(taken)["rejected"]) == (ties, 0)
    told = [fact.event.stored.name for fact in program.office.facts("access")[-2:]]
    assert told == ["export.made", "copy.fingerprinted"]
    ok(program.post(f"/links/{tie['id']}/retraction", reason="another car"))
    shown = ok(program.get(f"/network/ego/{baz}"))["links"]
    assert [one["ids"] for one in shown] == [[tie["id"]]], "of a suspect it takes two"
    case = ok(program.post("/referrals", child="Kayleigh Marlow", because_of=[item]))["id"]
    assert ok(program.get(f"/items/{case}"))["kind"] == "case"


def test_knowledge_is_replayed_and_the_logs_are_verified(program: Program) -> None:
    program.words()
    then = program.office.later(0.5)
    before = ok(program.get("/replay"))
    program.office.later()
    program.words("more words")
    assert ok(program.get("/replay", until=then.isoformat()))["hash"] == before["hash"]
    assert ok(program.get("/replay"))["hash"] != before["hash"]
    verified = ok(program.get("/verify"))
    # no signer works in this test
    assert (verified["ok"], verified["verdict"]) == (False, "unproven")
    assert not verified["findings"]
    assert {one["log"] for one in verified["logs"]} == {"evidence", "sources", "product", "access"}
    assert "checkpoint" in problem_message(program.get(f"/proofs/{program.words()}"), 422)


def test_a_file_is_taken_in_once(program: Program) -> None:
    def send(**asked: Any) -> Any:
        given = {"name": "caviar.csv", "form": "links"} | asked
        return program.client.post("/api/v1/imports", params=given, content=CAVIAR.read_bytes())

    assert ok(send(dry_run="true"))["recorded"] == ok(send())["recorded"] > 0
    again = ok(send())
    assert (again["recorded"], again["already_known"]) == (0, again["read"])
    (waiting,) = ok(program.get("/queue"))["rows"]
    assert "(associate " in waiting["words"], "one entry, not one for each link"
    given: Any = {"grade": {"information": "C", "source": "2"}, "handling": {"code": "P"}}
    path = f"/observations/{waiting['id']}/assessments"
    problem_message(program.post(path, **given, links=["friend"]), 422)
    ok(program.post(path, **given, links=["associate"]))
    assert ok(program.get("/queue"))["rows"] == []
    problem_message(send(name="../caviar.csv"), 422)
    problem_message(send(name="caviar.csv", form="nothing"), 422)


def test_a_chat_and_calls_are_taken_in_by_whom_and_from_which_phone(program: Program) -> None:
    def send(path: Path, **asked: Any) -> Any:
        given = {"name": path.name} | asked
        return program.client.post("/api/v1/imports", params=given, content=path.read_bytes())

    chat, calls = CHATS / "whatsapp-android.txt", CHATS / "calls.xml"
    assert "several people" in problem_message(send(chat), 422)
    taken = ok(
        send(chat, conversations=["Marion Oakes", "07700 900113"], heard_from="Marion Oakes")
    )
    assert (taken["recorded"], taken["files"][0]["form"]) == (8, "messages")
    assert "whose phone" in problem_message(send(calls, conversations="Baz"), 422)
    assert ok(send(calls, conversations="Baz", phone="07700 900111"))["recorded"] == 3
    assert "dates" in problem_message(send(chat, dates="year-first"), 422)


@pytest.mark.usually_on("sqlite", "postgres")
def test_the_same_key_and_body_give_the_first_answer(program: Program) -> None:
    key = uuid4()
    first = program.post("/observations", key, words="once")
    program.words("in between")
    again = program.post("/observations", key, words="once")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert [f.command_id for f in program.office.facts()].count(key) == 1
    assert "already used" in problem_message(program.post("/observations", key, words="other"), 409)


def test_a_command_without_a_key_is_not_done(program: Program) -> None:
    before = program.office.count()
    unnamed: tuple[dict[str, str], ...] = ({}, {"Idempotency-Key": "1"})
    for headers in unnamed:
        answer = program.client.post("/api/v1/observations", json={"words": "x"}, headers=headers)
        assert "UUID" in problem_message(answer, 400)
    assert program.office.count() == before


@pytest.mark.usually_on("sqlite", "postgres")
def test_the_queue_is_read_page_by_page_while_others_write(program: Program) -> None:
    items = [program.words(f"number {one}") for one in range(5)]
    urgent = program.words("look now", urgent="tonight")
    page = ok(program.get("/queue", limit=2))
    seen = [one["id"] for one in page["rows"]]
    assert seen == [urgent, items[0]]
    program.words("somebody else recorded this meanwhile", urgent="now")
    program.post(f"/observations/{items[0]}/triage", outcome="no-value", reason="nothing in it")
    while page["next"]:
        page = ok(program.client.get(page["next"]))
        seen += [one["id"] for one in page["rows"]]
    assert seen == [urgent, *items]
    program.office.later(hours=5)
    late = ok(program.get("/queue", overdue="true"))["rows"]
    assert [one["urgent"] for one in late] == [True, True]
    problem_message(program.get("/queue", cursor="nothing"), 400)
    problem_message(program.get("/queue", cursor="WzFd"), 400)


def test_people_are_listed_page_by_page(program: Program) -> None:
    made = [ok(program.post("/people", name=f"Person {one}"))["id"] for one in range(3)]
    page = ok(program.get("/people", limit=2))
    assert [one["id"] for one in page["rows"]] == made[:2]
    rest = ok(program.client.get(page["next"]))
    assert ([one["id"] for one in rest["rows"]], rest["next"]) == (made[2:], None)


def test_a_case_is_rated_given_a_worker_and_its_child_missing_and_found(program: Program) -> None:
    case = ok(program.post("/referrals", child="Kayleigh Marlow"))["id"]
    others = [ok(program.post("/referrals", child=f"Child {n}"))["id"] for n in range(2)]
    ok(program.post(f"/cases/{case}/threshold", level="high", reason="an older man drives her"))
    ok(program.post(f"/cases/{case}/workers", worker="psw.ellis", whom="parents"))
    ok(program.post(f"/cases/{case}/engagement", who="parents", state="engaged"))
    since = "2011-03-18T22:00:00+00:00"
    ok(program.post(f"/cases/{case}/missing", since=since, carer_reported=True))
    (gone,) = ok(program.get("/cases", missing="true"))["rows"]
    assert (gone["id"], gone["threshold"], gone["worker_parents"]) == (case, "high", "psw.ellis")
    assert gone["engagement_parents"] == "engaged"
    assert gone["missing_since"].startswith("2011-03-18T22:00")
    again = problem_message(program.post(f"/cases/{case}/missing"), 422)
    assert "is reported missing already" in again
    ok(program.post(f"/cases/{case}/found", where="Station Hotel"))
    assert ok(program.get("/cases", missing="true"))["rows"] == []
    first = ok(program.get("/cases", limit=2))
    rest = ok(program.client.get(first["next"]))
    listed = [one["id"] for one in (*first["rows"], *rest["rows"])]
    assert (sorted(listed), rest["next"]) == (sorted([case, *others]), None)
    assert "case" in problem_message(program.post(f"/cases/{uuid4()}/found"), 404)


def test_what_cannot_be_is_reported_in_words(program: Program) -> None:
    item = program.words()
    assert "no such item" in problem_message(program.get(f"/items/{uuid4()}"), 404)
    assert "observation" in problem_message(program.post(f"/observations/{uuid4()}/take"), 404)
    case = ok(program.post("/referrals", child="Kayleigh Marlow"))["id"]
    problem_message(program.post(f"/observations/{case}/take"), 404)
    problem_message(program.post("/observations", words=""), 422)
    assert "wrds" in problem_message(program.post("/observations", wrds="x"), 422)
    problem_message(program.post(f"/observations/{item}/sanitised", text="no grade yet"), 422)
    problem_message(program.get("/nowhere"), 404)
    problem_message(program.get("/queue", limit="many"), 422)
    # a number is not read as seconds since 1970, because a caller who sends a number usually means
    # a year
    for number in ("2011", "0.5", "1e9", "-1"):
        assert "time" in problem_message(program.get("/replay", until=number), 422)
    problem_message(program.get("/queue", surprise="1"), 422)
    assert program.raw(b"{").status_code == 400
    problem_message(program.raw(b'{"words":"\xff"}'), 400)
    problem_message(program.raw(b'{"words":"x"}', "text/plain"), 415)
    refused = program.client.put("/api/v1/queue")
    problem_message(refused, 405)
    assert "GET" in refused.headers["allow"]


def test_too_long_a_body_is_refused_however_it_comes(program: Program) -> None:
    def pieces() -> Any:
        for _ in range(3):
            yield b" " * 1_000_000

    for body in (b" " * 2_000_001, pieces()):
        assert "2000000" in problem_message(program.raw(body), 413)


@pytest.mark.usually_on("sqlite", "postgres")
def test_nobody_without_a_name_and_no_cookie_counts(program: Program) -> None:
    nobody = client_of(program.office, "")
    nobody.post("/sign-in", data={"name": "ds.hale"})
    assert nobody.get("/session").status_code == 200
    answer = nobody.get("/api/v1/queue")
    problem_message(answer, 401)
    assert answer.headers["www-authenticate"] == "Bearer"
    for token in ("Bearer", "Bearer nothing", "Basic cm1z"):
        problem_message(program.client.get("/api/v1/queue", headers={"Authorization": token}), 401)


def test_what_is_shown_is_written_down_first(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = program.words()

    def looks() -> list[RecordConsulted]:
        events = [fact.event for fact in program.office.facts("access")]
        return [event for event in events if isinstance(event, RecordConsulted)]

    asked = program.client.get(f"/api/v1/items/{item}", headers={"X-Continuum-Why": "a child"})
    ok(asked)
    assert (looks()[-1].query, looks()[-1].ids) == ("show", UUID(item).bytes)
    assert looks()[-1].why is not None

    def down(*_: Any, **__: Any) -> None:
        raise LogUnavailable("the access log does not answer")

    monkeypatch.setattr("installation.system.System.consulted", down)
    problem_message(program.get(f"/items/{item}"), 503)
    before = program.office.count()["evidence"]
    assert program.post("/observations", words="words that count").status_code == 201
    assert program.office.count()["evidence"] > before


def test_who_asks_too_much_waits(program: Program) -> None:
    at = [0.0]
    program.client.app.state.house.meter = RateLimiter(lambda: at[0])  # type: ignore[attr-defined]
    answers = [program.get("/queue", limit=1).status_code for _ in range(201)]
    assert answers[-2:] == [200, 429]
    refused = program.get("/queue")
    problem_message(refused, 429)
    assert refused.headers["retry-after"] == "1"
    other = program.client.get("/api/v1/queue", headers={"X-Continuum-User": "rms.south"})
    assert other.status_code == 200
    at[0] += 1
    assert program.get("/queue").status_code == 200


def test_a_fault_of_the_program_tells_nothing(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("words of somebody")

    monkeypatch.setattr("projections.information.queue.page", broken)
    assert "RuntimeError" in problem_message(program.get("/queue"), 500)


def test_it_describes_itself_for_programs_and_people(program: Program) -> None:
    described = ok(program.client.get("/api/v1/openapi.json"))
    assert described["openapi"] == "3.1.0"
    assert msgspec.json.encode(described).count(b'"operationId"') == len(OPERATIONS)
    page = program.client.get("/api/v1")
    assert page.status_code == 200
    for path in described["paths"]:
        assert path in page.text


def test_who_is_not_known_learns_not_even_which_addresses_there_are(program: Program) -> None:
    stranger = client_of(program.office, "")
    for path in ("", "/openapi.json", "/queue", "/items/1", "/no/such/thing", "/imports"):
        for method in ("GET", "POST", "DELETE"):
            refused = stranger.request(method, f"/api/v1{path}", content=b"x")
            assert refused.status_code == 401, (method, path)
            assert refused.headers["www-authenticate"] == "Bearer"
    problem_message(program.get("/no/such/thing"), 404)


def test_a_cursor_is_its_readers_own(program: Program) -> None:
    for number in range(3):
        program.words(f"words {number}")
    onward = ok(program.get("/queue", limit=1))["next"]
    assert len(ok(program.client.get(onward))["rows"]) == 1
    other = client_of(program.office, "rms.south")
    problem_message(other.get(onward), 400)
    problem_message(program.client.get(onward.replace("/queue", "/people")), 400)


def test_a_photograph_of_a_paper_log_lies_beside_the_words_and_is_shown_without_its_place(
    program: Program,
) -> None:
    words, key = program.words(), str(uuid4())

    def lay(content: bytes, **told: Any) -> Any:
        headers = {"Idempotency-Key": key, "Content-Type": "application/octet-stream"}
        given: dict[str, Any] = {"item": words, "paper": True, **told}
        address = "/api/v1/photographs"
        return program.client.post(address, params=given, content=content, headers=headers)

    assert "do not photograph" in lay(photo(), paper=False).json()["detail"]
    assert lay(b"GIF89a").status_code == 422
    assert [lay(photo()).status_code, lay(photo()).status_code] == [201, 201]
    assert len(program.office.events(LogPhotographed)) == 1
    shown = program.get(f"/observations/{words}/photograph")
    kind, start = shown.headers["content-type"], shown.content[:2]
    assert (kind, start) == ("application/octet-stream", b"\xff\xd8")
    assert b"CANARY" not in shown.content
    assert program.get(f"/observations/{words}/photograph", number=2).status_code == 404

"""Promises that docs/security.md makes about every answer of the server, and that no other test
checks, are true."""

import re
from uuid import uuid4

import pytest
import structlog
from fastapi import FastAPI, Request
from starlette.testclient import TestClient

from tests.rotation import todays
from tests.support.web.attacks import ROUTES
from tests.support.web.upload import GOOD, WORDLESS, log_of
from tests.web.client import Client
from tests.web.conftest import House
from tests.web.live import Live, live
from web.app import make_app
from web.serving import configured

__all__ = ["live"]

HTTPS = "https://127.0.0.1"
PATHS = (
    "/",
    "/sign-in",
    "/record",
    "/nowhere",
    "/static/continuum.css",
    "/healthz",
    "/api/v1/queue",
)


@pytest.fixture
def secure(house: House) -> Client:
    return Client(make_app(house.office.system, secure=True), HTTPS, follow_redirects=False)


def test_https_is_required_for_a_year_of_this_host_and_all_below_it(secure: Client) -> None:
    for path in PATHS:
        told = secure.get(path).headers["strict-transport-security"]
        assert told == "max-age=31536000; includeSubDomains", path


def test_every_answer_says_what_may_be_loaded_and_who_may_frame_it(secure: Client) -> None:
    for path in PATHS:
        headers = secure.get(path).headers
        rules = {rule.strip() for rule in headers["content-security-policy"].split(";")}
        assert {
            "default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'",
        } <= rules, path  # fmt: skip
        assert headers["referrer-policy"] == "no-referrer"
        assert "access-control-allow-origin" not in headers


def test_every_cookie_is_this_hosts_and_no_scripts(secure: Client) -> None:
    answers = [secure.post("/sign-in", data={"name": "psw.ellis"})]
    csrf = secure.get("/session").json()["csrf"]
    answers += [
        secure.post("/why", data={"csrf": csrf, "reason": "a call", "back": "/"}),
        secure.post("/sign-out", data={"csrf": csrf}),
    ]
    cookies = [one for answer in answers for one in answer.headers.get_list("set-cookie")]
    assert len(cookies) > 3
    for cookie in cookies:
        name, _, rest = cookie.partition("=")
        said = {part.strip().lower() for part in rest.split(";")[1:]}
        assert name.startswith("__Host-"), cookie
        assert {"httponly", "secure", "samesite=strict", "path=/"} <= said, cookie
        assert not [one for one in said if one.startswith("domain")], cookie


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT"])
def test_no_request_is_reported_back(secure: Client, method: str) -> None:
    for path in PATHS:
        answer = secure.request(method, path, headers={"x-secret": "between-us"})
        assert answer.status_code >= 400, path
        assert "between-us" not in answer.text + str(answer.headers)


def test_no_directory_and_no_file_beside_the_products_is_listed(secure: Client) -> None:
    for path in (
        *("/static", "/static/", "/static/../app.py", "/static/%2e%2e/app.py", "/.git/config"),
        *("/static//etc/passwd", "/static/..%2fapp.py", "/docs", "/redoc", "/openapi.json"),
    ):
        answer = secure.get(path)
        assert answer.status_code in (303, 307, 401, 404), (path, answer.status_code)
        assert "import" not in answer.text
        assert "root:" not in answer.text


def test_a_field_that_is_not_requested_is_refused_and_sets_nothing(house: House) -> None:
    before = house.office.count()
    program = Client(house.app, headers={"X-Continuum-User": "psw.ellis"})
    for more in ({"by": "it.khan"}, {"team": "Awaken"}, {"recorded": "2011-03-18T09:00:00Z"}):
        answer = program.post(
            "/api/v1/observations",
            json={"words": "A grey van"} | more,
            headers={"Idempotency-Key": str(uuid4())},
        )
        assert answer.status_code in (400, 422), (more, answer.text)
    assert house.office.count() == before


def test_to_look_records_nothing_and_each_page_lets_one_out(house: House) -> None:
    """Opening a page records nothing except the access, and each page has a button to sign out."""
    case = house.office.case("Kayleigh Marlow")
    item = house.office.words("a grey van", case=str(case))
    before = house.office.count()
    somebody, pages = house.somebody("ds.hart"), 0
    routes = todays(ROUTES)
    for route in routes:
        if "GET" not in (route.methods or ()) or route.path in ("/live", "/offline"):
            continue
        # users who are not signed in use these addresses
        if route.path.startswith(("/sign-in", "/enrol")):
            continue
        names = re.findall(r"{(\w+)}", route.path)
        one = case if "case" in names else item
        answer = somebody.get(route.path.format(**dict.fromkeys(names, str(one))))
        assert answer.status_code < 500, route.path
        if answer.status_code == 200 and '<header class="c-header"' in answer.text:
            assert 'action="/sign-out"' in answer.text, route.path
            pages += 1
    assert pages > len(routes) / 10
    after = house.office.count()
    assert {name: after[name] for name in after if name != "access"} == {
        name: before[name] for name in before if name != "access"
    }


@pytest.mark.parametrize(
    "named",
    [
        r'filename="log\"; filename=\"evil.html"',
        r'filename="..\\..\\log;x=y.csv"',
        'filename="../../etc/log.csv"',
        'filename="дневник \u202e.csv"',
    ],
)
def test_a_file_comes_back_under_a_name_that_breaks_no_header(house: House, named: str) -> None:
    """The rejected rows of a file can be downloaded, whatever name its uploader gave the file. No
    name breaks a header of the answer."""
    worker = house.somebody()
    parts = (
        f'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{worker.csrf}\r\n'
        f'--x\r\nContent-Disposition: form-data; name="file"; {named}\r\n'
        "Content-Type: text/csv\r\n\r\n"
    )
    body = parts.encode() + log_of(GOOD, WORDLESS) + b"\r\n--x--\r\n"
    kind = {"content-type": "multipart/form-data; boundary=x"}
    page = worker.client.post("/import", content=body, headers=kind)
    assert page.status_code == 200, page.text
    worker.send(f"{page.url.path}/take")
    answer = worker.get(f"{page.url.path}/rejects")
    assert answer.status_code == 200
    told = answer.headers["content-disposition"]
    assert re.fullmatch(r'attachment; filename="[^"\\/\x00-\x1f]+-to-correct\.csv"', told), told
    assert "set-cookie" not in answer.headers


def test_a_fault_is_logged_by_its_kind_and_place_alone(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = f"words {uuid4()}"

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(secret)

    worker = house.somebody()
    monkeypatch.setattr("projections.information.feedback.list_sent", broken)
    quiet = Client(house.app, raise_server_exceptions=False)
    quiet.cookies = worker.client.cookies
    with structlog.testing.capture_logs() as logged:
        assert quiet.get("/mine").status_code == 500
    (fault,) = [one for one in logged if one["event"] == "fault of the program"]
    assert (fault["kind"], fault["log_level"]) == ("RuntimeError", "error")
    assert "test_promises.py" in fault["where"]
    assert secret not in str(logged)


def test_a_password_is_typed_unseen_and_may_be_pasted_or_filled_in(live: Live) -> None:
    live.hire("dc.reed", "detective")
    pages = [live.client().get("/sign-in").text, live.somebody("dc.reed").get("/me").text]
    fields = [
        one for page in pages for one in re.findall(r'<input[^>]+type="password"[^>]*>', page)
    ]
    named = {name for field in fields for name in re.findall(r' name="(\w+)"', field)}
    assert named == {"password", "old", "again"}
    for field in fields:
        assert re.search(r'autocomplete="(current|new)-password"', field), field
        assert "maxlength" not in field
    for page in pages:
        assert "onpaste" not in page
        for one in re.findall(r"<input[^>]+>", page):
            assert 'type="password"' in one or not re.search(r'name="(password|old|again)"', one)


@pytest.mark.parametrize(
    ("asks", "believed"),
    [("127.0.0.1", True), ("203.0.113.9", False), ("10.0.0.7", False)],
)
def test_a_proxy_on_this_machine_alone_says_who_asks(
    asks: str, believed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server believes a proxy about the caller's address only if the proxy runs on the same
    machine. Otherwise an attacker could change the address for each password guess."""
    monkeypatch.delenv("FORWARDED_ALLOW_IPS", raising=False)
    app = FastAPI()

    @app.get("/")
    def who(request: Request) -> list[str]:
        assert request.client
        return [request.client.host, request.url.scheme]

    config = configured(app)
    config.load()
    client = TestClient(config.loaded_app, client=(asks, 50_000))
    forged = {"x-forwarded-for": "198.51.100.1", "x-forwarded-proto": "https"}
    told = client.get("/", headers=forged).json()
    assert told == (["198.51.100.1", "https"] if believed else [asks, "http"])

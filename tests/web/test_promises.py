"""What docs/security.md promises of every answer and no other test looks at."""

from uuid import uuid4

import pytest

from tests.web.client import Client
from tests.web.conftest import House
from web.app import make_app

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


def test_https_is_asked_for_a_year_of_this_host_and_all_below_it(secure: Client) -> None:
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
def test_no_request_is_told_back(secure: Client, method: str) -> None:
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


def test_a_field_that_is_not_asked_for_is_refused_and_sets_nothing(house: House) -> None:
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

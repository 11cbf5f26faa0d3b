"""Each operation refuses a time in an impossible year, but a log entry with such a time is
recorded.
"""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from tests.web.api.conftest import Program
from usecases.kernel import fields
from usecases.kernel.registry import USE_CASES
from usecases.kernel.usecase import FieldErrors
from web.api.app import OPERATIONS
from web.api.operation import Operation
from web.server.rate_limit import CallAllowance

pytestmark = pytest.mark.usually_on("sqlite")

BAD_YEARS = ("9999-12-31", "0001-01-01", "2200-01-01", "1799-12-31")
AT_MIDNIGHT = "T00:00:00+00:00"


def _is_free(operation: Operation) -> bool:
    """Return whether a program can ask a question without naming an item, because all its
    parameters are optional.
    """
    every = msgspec.structs.fields(operation.asked) if operation.asked else ()
    return not any(field.required for field in every)


def path_of(operation: Operation) -> str:
    return operation.path.format(**{part: str(uuid4()) for part in operation.parts})


def test_a_year_that_cannot_be_is_refused_at_every_door(program: Program) -> None:
    asked = [(one, name) for one in OPERATIONS if _is_free(one) for name in one.times]
    assert len(asked) > 5
    app: Any = program.client.app  # this removes the rate limit, because the test calls very often
    app.state.house.meter.spend = lambda name, take: CallAllowance(allowed=True, left=1)
    for operation, name in asked:
        for day in BAD_YEARS:
            answer = program.get(path_of(operation), **{name: day + AT_MIDNIGHT})
            assert answer.status_code == 422, (operation.path, name, day, answer.text)
            assert "1800 to 2199" in answer.text


def test_a_year_that_cannot_be_is_refused_in_what_is_recorded() -> None:
    dated = [
        (use, field)
        for use in USE_CASES.values()
        for field in use.fields
        if field.form in ("moment", "day")
    ]
    assert len(dated) > 20
    for use, field in dated:
        for day in BAD_YEARS:
            told = day + AT_MIDNIGHT if field.form == "moment" else day
            with pytest.raises(FieldErrors) as refused:
                fields.make_use_case(use, {field.name: told})
            assert "1800 to 2199" in refused.value.faults[field.name], (use.named.command, field)


@pytest.mark.parametrize("day", BAD_YEARS)
def test_words_with_a_time_that_cannot_be_are_kept(program: Program, day: str) -> None:
    program.words(told=day + AT_MIDNIGHT)
    assert program.office.system.views.compare() == []


def test_a_program_is_informed_that_the_time_is_uncertain(program: Program) -> None:
    system = program.office.system
    logs = list(system.logs.values())
    for log in logs:
        log.watch_clock(timedelta(days=14), [other for other in logs if other is not log])
    program.words()
    system.clock.given_time = system.clock() + timedelta(days=3650)
    answer = program.post("/observations", words="He waits outside.")
    assert answer.status_code == 201
    assert "The time is uncertain" in answer.json()["time_uncertain"]
    for one in (answer, program.post("/referrals", child="Kayleigh Marlow")):
        assert one.status_code == 201
        assert "The time is uncertain" in one.headers["Continuum-Clock"]

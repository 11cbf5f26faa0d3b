from typing import Any

from tests.support.console.fronts import Fronts
from tests.web.api.conftest import Program, client_of
from tests.web.conftest import House, Somebody


def line(fronts: Fronts, by: str, *command: str) -> Any:
    return fronts.typed("--user", by, *command)


def screen(fronts: Fronts, by: str) -> Somebody:
    return House(fronts.office, fronts.screen.client.app).somebody(by)


def program(fronts: Fronts, by: str) -> Program:
    return Program(fronts.office, client_of(fronts.office, by))

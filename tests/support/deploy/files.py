"""The paths of the files for deployment, and a mark that skips tests if a program is not
installed.
"""

import shutil
from typing import Any

import pytest
import yaml

from tests.house.tree import ROOT

DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


def missing(program: str) -> str | None:
    return None if shutil.which(program) else f"{program} is not installed here"


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(missing(program) is not None, reason=str(missing(program)))

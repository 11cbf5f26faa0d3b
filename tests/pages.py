"""Run the commands on a page of the documentation exactly as they are written."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.forked import programs

HOUSE = Path(__file__).parent.parent


def script(page: Path) -> str:
    """Return the commands of a page's console blocks as one shell script that stops at the first
    failure.
    """
    blocks = re.findall(r"```console\n(.*?)```", page.read_text("utf-8"), flags=re.DOTALL)
    lines = [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]
    return "\n".join(["set -eu -o pipefail", *lines])


def run(page: Path, place: Path) -> subprocess.CompletedProcess[str]:
    """Run the page's commands in an empty directory, without the settings of the person who runs
    the tests.
    """
    path = os.pathsep.join([str(programs()), str(Path(sys.executable).parent), os.environ["PATH"]])
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CONTINUUM_")}
    done = subprocess.run(
        ["bash", "-c", script(page)],
        cwd=place,
        env=clean | {"PATH": path},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done

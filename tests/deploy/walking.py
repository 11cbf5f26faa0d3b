"""Functions that read the commands in docs/deploying.md, and answer the questions that the commands
ask.
"""

import re
import subprocess
from pathlib import Path
from typing import Any

import pyotp

from tests.house.tree import ROOT

PAGE = ROOT / "docs" / "deploying.md"
PASSWORD = "copper kettle seventeen"


def blocks(heading: str) -> list[str]:
    """Return the code blocks of a section of the document, which a user types or puts into a
    file.
    """
    _, _, rest = PAGE.read_text("utf-8").partition(f"\n## {heading}\n")
    assert rest, heading
    section, _, _ = rest.partition("\n## ")
    return [str(one) for one in re.findall(r"^```\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)]


def code_in(said: str) -> str:
    """Return the last enrolment code that the output `said` contains."""
    *_, last = re.findall(r"this code: (\S+)", said)
    return str(last)


def enrolling(command: list[str | Path], code: str = "", **more: Any) -> str:
    """Run a command that asks a user to enrol with a code. Type `code` or, if it is empty, the
    first code that the command prints; return the whole output."""
    said = []
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        bufsize=1,
        **more,
    ) as process:
        assert process.stdin
        assert process.stdout
        if code:
            process.stdin.write(f"{code}\n")
        for line in process.stdout:
            said.append(line)
            if not code and (printed := re.search(r"this code: (\S+)", line)):
                code = printed[1]
                process.stdin.write(f"{code}\n")
            if secret := re.search(r"authenticator app: (\S+)", line):
                digits = pyotp.TOTP(secret[1]).now()
                process.stdin.write(f"{PASSWORD}\n{PASSWORD}\n{digits}\n")
    assert process.returncode == 0, "".join(said)
    return "".join(said)

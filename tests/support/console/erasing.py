"""An erasure that one person proposes at the command line and another person approves."""

from typing import Any

from tests.console.conftest import Line

BY = ("--basis", "part-3-s47")


def wrote(line: Line, *arguments: str, text: str = "") -> str:
    said = line("--id", *arguments, text=text)
    assert said.code == 0, said
    return said.out.strip()


def approved(line: Line, erasure: str) -> Any:
    return line("--json", "--user", "di.okoro", "erase", "--approve", erasure).json

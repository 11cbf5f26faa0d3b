"""A test stops the clock of one module, never that of the whole process: a server in a thread of it
would sleep until the real clock has come as far, long after the test."""

import re
from pathlib import Path

from tests import conftest

TESTS = Path(conftest.__file__).parent
#: Names an attribute of `time` itself, also where it is reached through a module that imports it.
PATCHED = re.compile(r'setattr\(\s*(?:time,|"(?:[\w.]+\.)?time\.\w+")')


def test_no_test_stops_the_clock_of_the_process() -> None:
    assert [one for one in TESTS.rglob("*.py") if PATCHED.search(one.read_text("utf-8"))] == []

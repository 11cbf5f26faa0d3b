"""A test may replace the clock of one module, but not of the whole process. Otherwise a server in
another thread could sleep until the real clock reaches the test's time."""

import re
from pathlib import Path

from tests import conftest

TESTS = Path(conftest.__file__).parent
#: A pattern of a test that replaces an attribute of `time` itself, or of `time` in a module that
#: imports it.
PATCHED = re.compile(r'setattr\(\s*(?:time,|"(?:[\w.]+\.)?time\.\w+")')


def test_no_test_stops_the_clock_of_the_process() -> None:
    assert [one for one in TESTS.rglob("*.py") if PATCHED.search(one.read_text("utf-8"))] == []

"""A test replaces the clock of one module, never that of the whole process: a server in a thread of
the process would sleep until the real clock has reached the test's time, long after the test.
"""

import re
from pathlib import Path

from tests import conftest

TESTS = Path(conftest.__file__).parent
#: A pattern of a test that replaces an attribute of `time` itself, also through a module that
#: imports `time`.
PATCHED = re.compile(r'setattr\(\s*(?:time,|"(?:[\w.]+\.)?time\.\w+")')


def test_no_test_stops_the_clock_of_the_process() -> None:
    assert [one for one in TESTS.rglob("*.py") if PATCHED.search(one.read_text("utf-8"))] == []

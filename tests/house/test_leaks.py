"""If a test leaves a process running, the test fails and the process is ended."""

import subprocess
import sys

import psutil
import pytest

from tests.processes import child, end, gone, mine, until

SLEEPS = [sys.executable, "-c", "input()"]


def test_what_is_left_running_is_found() -> None:
    before = mine()
    process = subprocess.Popen(SLEEPS, stdin=subprocess.PIPE)
    try:
        assert mine() - before == {process.pid}
    finally:
        end(process)
    assert mine() == before


def test_what_has_ended_and_nobody_has_reaped_is_found() -> None:
    before = mine()
    process = subprocess.Popen([sys.executable, "-c", ""])
    until(lambda: gone(psutil.Process(process.pid)), "it does not end")
    assert mine() - before == {process.pid}
    process.wait()
    assert mine() == before


def test_a_process_ends_with_its_block_when_an_assertion_fails() -> None:
    with pytest.raises(AssertionError), child(SLEEPS, stdin=subprocess.PIPE) as process:
        assert process.poll() is not None
    assert process.returncode is not None
    assert process.stdin
    assert process.stdin.closed

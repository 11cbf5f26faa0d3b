"""A run of the benchmarks measures all of them, names those that failed and the aims that were
missed, and writes a report: `make bench`."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bench import __main__ as bench
from bench.aims import Figure
from bench.folds import Cost, grows, tenth_and_all

QUICK = Figure("quick, s", 1.0, 2.0)
SLOW = Figure("slow, s", 3.0, 2.0)
MANY = Figure("many, rows/s", 1_234.0, 1_000.0, least=True)
DEARER = Figure("growth, times", 2.0, 1.5, growth=True)


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    page = tmp_path / "bench.md"
    monkeypatch.setattr(bench, "REPORT", page)
    return page


def measuring(*figures: Figure, breaks: bool = False) -> Callable[[bench.Run, int], None]:
    """Return a stand-in for two benchmarks: the first fails if `breaks`, and the second reports
    these figures."""

    def measure(run: bench.Run, events: int) -> None:
        with run.part("first"):
            if breaks:
                raise ValueError("no server")
        with run.part("second"):
            run.figures += figures

    return measure


def test_a_part_that_fails_does_not_end_the_run(
    report: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "_measure_aims", measuring(QUICK, breaks=True))
    with pytest.raises(SystemExit, match=r"these parts failed: first$"):
        bench.main(["100000"])
    assert "ValueError: no server" in capsys.readouterr().out
    page = report.read_text("utf-8")
    assert "| quick, s | 1.00 | 2.00 | met |" in page
    assert "**first** failed." in page


def test_the_page_says_which_aims_are_met(report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "_measure_aims", measuring(QUICK, SLOW, MANY))
    bench.main(["100000"])
    page = report.read_text("utf-8")
    assert "a store of 100,000 events" in page
    assert "| quick, s | 1.00 | 2.00 | met |" in page
    assert "| slow, s | 3.00 | 2.00 | **missed** |" in page
    assert "| many, rows/s | 1,234 | ≥ 1,000 | met |" in page
    assert "| a whole run, minutes | 0.00 | 6.00 | met |" in page
    assert "| second | 0 |" in page
    assert "failed" not in page


def test_a_run_fails_if_a_fact_becomes_dearer(
    report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "_measure_aims", measuring(QUICK, DEARER))
    with pytest.raises(SystemExit, match="becomes dearer"):
        bench.main([])
    assert "| growth, times | 2.00 | 1.50 | **missed** |" in report.read_text("utf-8")


def test_the_rest_writes_no_page(report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "_measure_rest", measuring(SLOW))
    bench.main(["rest", "2000"])
    assert not report.exists()


def test_growth_is_from_a_tenth_to_all() -> None:
    costs = {size: {"links": Cost(micros=float(size))} for size in (5, 20, 10, 60, 100)}
    first, last = tenth_and_all(costs)
    assert (first["links"].micros, last["links"].micros) == (10.0, 100.0)
    assert grows(first["links"], last["links"], (100.0, 0.0, 0.0))

"""The time of reading texts grows in proportion to their length, and the time of placing the nodes
of a map in proportion to their number, and not with the square: `make bench`."""

import time
from collections.abc import Callable

import pytest

from ingest.reading import read
from ingest.reading.urgency import urgency_signs
from ingest.words.informant_chain import tellers
from tests.support.ingest.reading import PIECES, TOLD
from tests.support.ingest.tellers import LONG
from tests.support.network.draft import grown, placed


def seconds(work: Callable[[], object]) -> float:
    """Call the function `work`; return the seconds of processor time that the call took."""
    start = time.process_time()
    work()
    return time.process_time() - start


@pytest.mark.parametrize("piece", PIECES)
def test_of_a_text(piece: str) -> None:
    def reading(letters: int) -> float:
        text = (piece * letters)[:letters]
        return seconds(lambda: (read(text, written_at=TOLD), urgency_signs(text)))

    reading(1_000)
    assert reading(32_000) < 30 * reading(4_000) + 0.2


def test_of_a_run_of_figures() -> None:
    def reading(figures: int) -> float:
        return seconds(lambda: read("0" * figures + "_", written_at=TOLD))

    assert reading(24) < 30 * reading(12) + 0.2


@pytest.mark.parametrize("text", LONG)
def test_its_source(text: str) -> None:
    half = text[: len(text) // 2]
    assert seconds(lambda: [*tellers(text)]) < 4 * seconds(lambda: [*tellers(half)]) + 0.2


@pytest.mark.parametrize("count", [300, 2_000])
def test_of_people_on_a_map(count: int) -> None:
    graph = grown(count)
    assert seconds(lambda: placed(graph, 3.0)) < count / 100

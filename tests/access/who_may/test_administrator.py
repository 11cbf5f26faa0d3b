"""An administrator sees no family's records: to an administrator, every command shows a store full
of families as if it were empty.
"""

from pathlib import Path

from tests.console.conftest import Line
from tests.support.console.contract import written
from tests.support.console.looking import READS

ADMINISTRATOR = ("--user", "administrator")


def closed(store: Line) -> Line:
    assert store("user", "add", "ds.hart", "--role", "detective", "--team", "Engage").code == 0
    return store


def test_a_full_store_looks_to_an_administrator_as_an_empty_one(
    line: Line,
    tmp_path: Path,
) -> None:
    made = written(line)
    named = ("REQUEST", "UNKNOWN", "ANSWERABLE", "HOLD", "MEETING", "ERASURE")
    made |= dict.fromkeys(named, made["WORDS"])
    empty = Line(str(tmp_path / "empty"), tmp_path / "empty")
    assert empty("init", "--synthetic").code == 0
    closed(line)
    closed(empty)
    try:
        assert line("cases", "--user", "ds.hart") != empty("cases", "--user", "ds.hart")
        for query, arguments in READS.items():
            asked = [*(part.format(**made) for part in arguments.split("|")), *ADMINISTRATOR]
            full, nothing = line(*asked), empty(*asked)
            assert full == nothing, query
    finally:
        empty.close()

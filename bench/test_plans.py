"""`bench.plans` counts correctly which indexes of the views the SQL statements use."""

import sqlite3
from contextlib import closing
from pathlib import Path

from bench.plans import counted, table


def test_an_index_that_no_statement_uses_is_listed_first(tmp_path: Path) -> None:
    views = tmp_path / "views-1.db"
    with closing(sqlite3.connect(views)) as db:
        db.executescript(
            "CREATE TABLE people (id INTEGER PRIMARY KEY, team TEXT, town TEXT);"
            "CREATE INDEX people_by_team ON people (team);"
            "CREATE INDEX people_by_town ON people (town);"
        )
    of_team = "SELECT id FROM people WHERE team = 'Engage'"
    of_the_log = "SELECT hash FROM evidence_events"
    uses = counted(views, [of_team, f"{of_team} ORDER BY id", of_the_log])
    assert uses == {"people_by_team": 2, "people_by_town": 0}
    first, *lines = table(uses).splitlines()
    assert first == "2 indexes of the views; no statement uses 1 of them"
    assert [line.split() for line in lines] == [["0", "people_by_town"], ["2", "people_by_team"]]

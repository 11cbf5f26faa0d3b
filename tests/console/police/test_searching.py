"""A user searches for a list of plates and names from a file, and the access log records the
search.
"""

import csv
import io
from pathlib import Path

from domain.data_protection.access_log import RecordConsulted
from tests.commands.office import opened
from tests.console.conftest import Line


def test_a_csv_goes_in_and_csv_comes_out(tmp_path: Path) -> None:
    office = opened(tmp_path / "store")
    line = Line(str(tmp_path / "store"), tmp_path / "store")
    try:
        at = ("--user", "ds.hart", "--clock", office.desk.clock().isoformat())
        line(*at, "record", text="Baz drives PK95 ABC")
        line(*at, "person", "add", "--name", "=Barry Vole")
        table = tmp_path / "list.csv"
        table.write_text("plate,note\npk95 abc,seen\nYC94KXT,\n\nBarry Vole,=1\n", "utf-8")
        said = line(*at, "search", "--csv", str(table))
        assert said.code == 0, said
        rows = list(csv.DictReader(io.StringIO(said.out)))
        best = {row["searched for"]: row for row in reversed(rows)}
        assert set(best) == {"pk95 abc", "YC94KXT", "Barry Vole"}
        assert best["pk95 abc"]["reason"] == "plate"
        assert best["YC94KXT"]["item"] == ""
        assert best["Barry Vole"]["match"].startswith("'="), "no program takes it for a formula"
        assert "3 searched for, 1 without a hit" in said.err
        consulted = office.events(RecordConsulted, "access")[-1]
        assert consulted.query == "search"
        assert len(consulted.ids) == 2 * 16, "the words and the person"
        assert line(*at, "search", "--csv", str(tmp_path / "none.csv")).code == 2
        both = line(*at, "search-list", "PK95 ABC", "YC94 KXT")
        assert both.code == 0
        assert "Baz drives" in both.out
    finally:
        line.close()
        office.system.close()

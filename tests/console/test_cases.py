"""Cases on the command line: none is open without anybody knowing that nobody works on it."""

from tests.console.conftest import Line


def test_a_case_is_unallocated_until_somebody_has_it(line: Line) -> None:
    """Given a new case, it is listed as nobody's; once a worker is allocated, it is not."""
    case = line("--id", "refer", "--child", "Paige Holt").out.strip()
    assert [row["case"] for row in line("--json", "cases", "--unallocated").json] == [case]
    line("allocate", case, "csw.hale", "--for", "child")
    assert line("--json", "cases", "--unallocated").json == []
    assert [row["case"] for row in line("--json", "cases").json] == [case]

"""On the command line, an open case without a worker is listed as unallocated."""

from tests.console.conftest import Line


def test_a_case_is_unallocated_until_somebody_has_it(line: Line) -> None:
    """A new case is in the list of unallocated cases until both the child and the parents have a
    worker."""
    case = line("--id", "refer", "--child", "Paige Holt").out.strip()
    assert [row["case"] for row in line("--json", "cases", "--unallocated").json] == [case]
    line("allocate", case, "csw.hale", "--for", "child")
    assert len(line("--json", "cases", "--unallocated").json) == 1, "its parents have nobody"
    line("allocate", case, "psw.ellis", "--for", "parents")
    assert line("--json", "cases", "--unallocated").json == []
    assert [row["case"] for row in line("--json", "cases").json] == [case]


def test_the_list_names_the_child_and_says_what_is_closed(line: Line) -> None:
    case = line("--id", "refer", "--child", "Paige Holt").out.strip()
    said = line("cases").out
    assert "Paige Holt" in said
    assert [row["child_name"] for row in line("--json", "cases").json] == ["Paige Holt"]
    head = line("cases", "--all").out.splitlines()[0]
    assert "child" in head
    assert "closed" in head
    assert line("--json", "cases", "--all").json[0]["closed"] is None
    assert line("threshold", case, "high", "--definition", "made-up-v9").code == 2


def test_somebody_who_is_not_recorded_is_recorded_first(line: Line) -> None:
    """A link to an unknown person is refused with a message that names the command to record a
    person; after that command, the link is recorded.
    """
    case = line("--id", "refer", "--child", "Paige Holt").out.strip()
    refused = line("family", "member", case, "Mrs Row", "mother")
    assert refused.code == 2
    assert "there is no person 'Mrs Row'" in refused.err
    assert "person add --name 'Mrs Row'" in refused.err
    assert line("person", "add", "--name", "Mrs Row").code == 0
    assert line("family", "member", case, "Mrs Row", "mother").code == 0
    assert "person add" not in line("family", "member", case, "0198aaaa", "mother").err

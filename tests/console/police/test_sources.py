"""Sources are named by tokens. Their reliability is graded separately from any item, and a source
with a conflict of interest never gets grade 1.
"""

from tests.console.conftest import Line


def test_a_source_in_conflict_is_never_graded_reliable(line: Line) -> None:
    """For a source with a conflict of interest, grade 1 is refused and grade 3 is accepted."""
    words = "She says the girl made it up"
    told = line("--id", "record", "--heard-from", "the mother's partner", text=words).out.strip()
    token = line("--json", "show", told).json["events"][0]["root"]
    assert line("source", "conflict", token, "--reason", "lives with the suspect").code == 0
    said = line.refused("source", "grade", token, "1", "--reason", "seems honest")
    assert "conflict of interest" in said
    assert line("source", "grade", token, "3", "--reason", "was wrong before").code == 0


def test_a_token_is_requested_where_a_name_is_given(line: Line) -> None:
    """If a user types a name where a source's token is expected, the command is refused, and the
    message says where tokens are shown."""
    said = line.refused("source", "grade", "the mother", "2", "--reason", "new to us")
    assert "show ID" in said

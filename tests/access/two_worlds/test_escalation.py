"""A worker can report a concern to the auditor, past the worker's own managers. Only the worker and
the auditor see the report, and no user can change it."""

import pytest
from msgspec.structs import replace

from commands.people_and_teams import confidential_report
from domain.kernel.values import Reader
from projections.people_and_teams import confidential_reports
from projections.people_and_teams.confidential_reports import EscalationRow
from tests.commands.office import Office
from tests.console.conftest import Line

WORDS = "My report was taken out of the file."


def seen_by(office: Office, reader: Reader) -> list[EscalationRow]:
    with office.system.reading_with_access_log() as db:
        return confidential_reports.list_reports(db, reader)


@pytest.mark.usually_on("sqlite")
def test_only_its_author_and_the_auditor_see_it(office: Office) -> None:
    author = replace(office.somebody("psw.ellis"), closed=True, roles=frozenset({"psw"}))
    line = replace(office.somebody("di.frost"), closed=True, roles=frozenset({"manager"}))
    auditor = replace(office.somebody("au.gale"), closed=True, roles=frozenset({"auditor"}))
    made = confidential_report.escalate(office.desk, author, WORDS, "my own line did it")
    assert [row.words for row in seen_by(office, author)] == [WORDS]
    assert [row.words for row in seen_by(office, auditor)] == [WORDS]
    assert seen_by(office, line) == []
    assert seen_by(office, replace(line, closed=False)) == []
    confidential_report.see(office.desk, auditor, made.id, "the file is being looked into")
    (row,) = seen_by(office, author)
    assert (row.seen_by, row.answer) == ("au.gale", "the file is being looked into")
    assert office.system.views.compare() == []


def test_it_is_shown_at_the_command_line_and_found_nowhere_else(either: Line) -> None:
    tell = ("escalate", "--outside-line", "--reason", "my line did it", "--user", "psw.ellis")
    made = either(*tell, "--json", text=WORDS).json["id"]
    assert WORDS in either("escalations", "--user", "psw.ellis").out
    others = ("--user", "di.frost")
    assert WORDS not in either("escalations", *others).out
    answer = ("escalations", "--answer", made, *others)
    assert "no escalation" in either.refused(*answer, text="nothing to see")
    assert "there is no item" in either.refused("show", made, *others)
    assert WORDS not in either("search", "report taken out of the file", *others).out

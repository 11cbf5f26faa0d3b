"""Each worker confirms the role charter once a year for themself; the report shows how much abuse
was prevented and how much was punished.
"""

from datetime import timedelta

import pytest

from commands.families import casework, charter
from commands.justice import arrest_to_result
from domain.families.charter import NEVER
from domain.intelligence.meeting import COVERT, SUPPORT
from domain.justice.arrest_to_result import ArrestMade, NoticeServed, ResultRecorded
from domain.kernel.codes import CHARTER
from domain.kernel.values import Reader
from projections import due
from projections.families import holders, supervision
from questions.people_and_teams import prevention
from tests.access.rights import Rights
from tests.commands.office import Office

NONE = ("none-known",)


def due_charters(office: Office) -> list[due.DueItem]:
    with office.system.reading() as db:
        asked = due.DueFilter(clock="charter")
        return due.listed(db, office.reader, office.desk.clock(), asked)


def test_a_worker_reads_it_when_they_are_given_a_family_and_again_after_a_year(
    either: Office,
) -> None:
    case = either.case("Kayleigh Marlow")
    casework.allocate(either.desk, either.reader, str(case), "psw.ellis", "parents")
    (first,) = due_charters(either)
    assert (first.owner, first.due - first.since) == ("psw.ellis", timedelta(days=7))
    worker = either.somebody("psw.ellis")
    charter.acknowledge(either.desk, worker, CHARTER)
    (again,) = due_charters(either)
    assert (again.owner, again.due - again.since) == ("psw.ellis", timedelta(days=365))
    casework.allocate(either.desk, either.reader, str(case), "psw.ellis", "child")
    assert due_charters(either) == [again], "another family asks nothing again"


@pytest.mark.usually_on("sqlite")
def test_nobody_reads_it_for_somebody_else(either: Office) -> None:
    one, other = either.somebody("psw.ellis"), either.somebody("psw.rowe")
    for who in (one, other):
        charter.acknowledge(either.desk, who, CHARTER)

    def read(reader: Reader) -> list[str]:
        with either.system.reading() as db:
            return [row.worker for row in supervision.acknowledged(db, reader)]

    team = (either.reader.team,)
    assert read(Rights(("psw",), team).of(one)) == ["psw.ellis"]
    assert read(Rights(("manager",), team).of(either.somebody("mgr.lund"))) == [
        "psw.ellis",
        "psw.rowe",
    ]
    assert not COVERT & SUPPORT
    assert any("follows" in one for one in NEVER)


def test_what_was_prevented_counts_and_nothing_of_fewer_than_five(office: Office) -> None:
    """Requirement W50: the report shows the number of children protected from harm, but no number
    below five.
    """

    def figures() -> dict[str, int | None]:
        return {row.what: row.many for row in prevention.counted(office.desk, office.reader)}

    man = office.person("Dale Crane")
    served = office.desk.clock()
    for number in range(5):
        case = office.case(f"Child {number}")
        with office.system.reading() as db:
            child = holders.child(db, office.reader, case)
        assert child
        notice = NoticeServed(man, child, "s2-caa-1984", case, served)
        arrest_to_result.serve_notice(office.desk, office.reader, notice, because_of=NONE)
        assert figures()["warning notices served"] == (5 if number == 4 else None)
        arrest_to_result.record(office.desk, office.reader, ArrestMade(man, case), because_of=NONE)
        result = ResultRecorded("sentenced", man, case, sentence_months=9)
        arrest_to_result.record(office.desk, office.reader, result, because_of=NONE)
        assert figures()["sentences"] == (5 if number == 4 else None)
    assert figures()["months of sentences, as far as known"] == 45
    assert figures()["warning notices without a breach"] == 5, "prevention is beside sentences"
    assert figures()["out of harm's way before anybody was charged"] == 0
    worker = Rights(("psw",), (office.reader.team,)).of(office.somebody("psw.ellis"))
    assert not any(row.many for row in prevention.counted(office.desk, worker))

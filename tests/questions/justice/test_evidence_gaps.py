"""A case without the child's account shows what its evidence lacks. No family is asked to fill such
a gap."""

from uuid import UUID

import pytest

from commands.intelligence import links
from commands.justice import evidence
from domain.justice.evidence import EvidenceGathered
from domain.kernel.values import Denied, Hidden, Reader
from projections import due
from questions.justice import evidence_gaps
from tests.access.rights import Rights
from tests.commands.office import Office


def gaps_and_evidence(
    office: Office, case: UUID, reader: Reader | None = None
) -> tuple[list[tuple[str, str, str | None]], list[str]]:
    with office.system.reading() as db:
        found, lacks = evidence_gaps.list_evidence(db, reader or office.reader, case)
    return [(one.kind, one.says, one.grade) for one in found], [one.what for one in lacks]


def gathered(office: Office, case: UUID, kind: str, mark: str, by: str) -> UUID:
    made = EvidenceGathered(kind, mark, case=case, produced_by=by)  # type: ignore[arg-type]
    return evidence.gather(office.desk, office.reader, made).id


@pytest.mark.usually_on("sqlite")
def test_a_bare_case_lacks_everything(either: Office) -> None:
    case = either.case("Kayleigh Marlow")
    assert gaps_and_evidence(either, case) == ([], list(evidence_gaps.LACKS))


def test_what_stands_is_no_account_of_the_child(either: Office) -> None:
    case = either.case("Kayleigh Marlow")
    gathered(either, case, "recorded-interview", "KM1", "dc.rowe")
    gathered(either, case, "statement", "KM2", "kayleigh  MARLOW")
    assert gaps_and_evidence(either, case)[0] == []
    gathered(either, case, "statement", "CM1", "Carol Marlow")
    phone = gathered(either, case, "exhibit", "AB1", "dc.rowe")
    words = either.words("He waits at the gate", case=str(case))
    report = either.assessed(words).id
    told = either.desk, either.reader
    either.person("Dale Crane")
    links.assert_link(*told, report, "Dale Crane", "Kayleigh Marlow", "association", item=1)
    found, lacks = gaps_and_evidence(either, case)
    assert found == [
        ("exhibit", "AB1", None),
        ("information", "graded information", "2A"),
        ("statement", "CM1", None),
        ("tie", "Dale Crane: association", "2A"),
    ]
    assert lacks == ["tie-on-evidence"]
    evidence.change_status(*told, str(phone), "excluded", "seized unlawfully")
    assert "exhibit" in gaps_and_evidence(either, case)[1]


@pytest.mark.usually_on("sqlite")
def test_it_is_for_who_handles_evidence_and_comes_due_for_nobody(either: Office) -> None:
    case = either.case("Kayleigh Marlow")
    worker = Rights(("psw",), ("Pace",), (case,)).of(either.somebody("psw.ellis"))
    with pytest.raises(Denied, match="handle evidence"):
        gaps_and_evidence(either, case, worker)
    stranger = Rights(("detective",), ("Freedom",)).of(either.somebody("dc.far"))
    with pytest.raises(Hidden):
        gaps_and_evidence(either, case, stranger)
    with either.system.reading() as db:
        before = due.listed(db, either.reader, either.desk.clock(), due.DueFilter())
    gaps_and_evidence(either, case)
    with either.system.reading() as db:
        assert due.listed(db, either.reader, either.desk.clock(), due.DueFilter()) == before

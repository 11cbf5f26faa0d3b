"""The changes since a moment are told in at most three sentences, each with only what its reader
may see.
"""

from datetime import timedelta
from pathlib import Path

from commands.families import casework
from commands.intelligence import links
from commands.justice import arrest_to_result
from commands.justice.arrest_to_result import OutcomeSubject
from commands.kernel.item_references import UNNAMED
from domain.families.referral import MissingReported
from domain.justice.arrest_to_result import ArrestMade
from domain.kernel.values import Reader
from questions.intelligence import news_sentences
from tests.access.staff import Staff
from tests.commands.office import Office, opened


def _news_texts(office: Office, reader: Reader, hours: float) -> list[str]:
    now = office.desk.clock()
    with office.system.reading() as db:
        found = news_sentences.news(db, reader, now - timedelta(hours=hours), now)
    return [one.text for one in found]


def test_what_changed_is_said_with_names_by_right(tmp_path: Path) -> None:
    office = opened(tmp_path / "store")
    try:
        desk, reader = office.desk, office.reader
        case = office.case("Chantelle Moss")
        report = office.assessed(office.words("He drives a van", case=str(case)), "2B").id
        man = office.person("Vince Tarrow", categories=(("suspect", "named twice"),))
        links.assert_link(desk, reader, report, str(man), "vehicle:PK95ABX", "driver-of")
        office.later(1)
        casework.report_missing(desk, reader, str(case), MissingReported(risk="high"))
        whom = OutcomeSubject(person="Vince Tarrow")
        arrest_to_result.record(
            desk, reader, ArrestMade(UNNAMED), because_of=(str(report),), named=whom
        )
        office.later(0.1)
        child, arrested = _news_texts(office, reader, 0.5)
        assert child.startswith("Case ")
        assert child.endswith(", Chantelle Moss was reported missing.")
        assert arrested == "Vince Tarrow was arrested."
        assert _news_texts(office, reader, 24)[2] == "Vince Tarrow drives PK95ABX (2B)."
        staff = Staff(office)
        far = staff.hire("dc.far", "detective", teams=("Deter",))
        assert _news_texts(office, far, 24) == ["Vince Tarrow drives PK95ABX (2B)."], (
            "shared by teams"
        )
        near = _news_texts(office, staff.hire("ds.near", "supervisor"), 24)
        assert near[0].endswith(", Chantelle Moss was reported missing.")
    finally:
        office.system.close()

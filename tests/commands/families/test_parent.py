"""Dangers to a parent are the charity's records: only the worker, and a supervisor of the charity,
read them. Immediate danger is reported to others at once, without its reason."""

from datetime import date
from uuid import UUID

import pytest
from msgspec import structs

from access.who_may.decide import answers_for, decide
from commands.families import family_member, parent
from commands.kernel.case_filing import for_charity
from commands.kernel.item_references import UNNAMED
from commands.people_and_teams import account, team
from domain.families.charity_support import CONTROLLER
from domain.families.family_member import MemberNamed
from domain.families.parent import ParentRiskNoted
from domain.families.protection import DangerFlagged
from domain.kernel.codes import ParentRisk
from domain.kernel.values import Reader, Refused, Role
from network.people import alerts
from projections import due
from projections.people_and_teams import accounts
from questions.families import endangered
from tests.access.rights import Rights
from tests.commands.office import Office

KINDS: tuple[ParentRisk, ...] = ("self-harm", "drink", "breakdown", "separation")


def noted(office: Office) -> UUID:
    """Record a case, and that the child's mother may harm herself; return the id of the recorded
    risk.
    """
    case = office.case("Kayleigh Marlow")
    mum = str(office.person("Dawn Marlow"))
    named = MemberNamed(UNNAMED, UNNAMED, "mother")
    family_member.name(office.desk, office.reader, named, str(case), mum)
    risk = ParentRiskNoted(UNNAMED, UNNAMED, "self-harm", "she told me", date(2011, 4, 18))
    parent.note_risk(office.desk, office.reader, risk, str(case), mum)
    return case


#: Readers of a record of danger to a parent: the role, whether the case is theirs, whose records
#: they read, and whether they may read this one.
READERS: tuple[tuple[Role, bool, str, bool], ...] = (
    ("psw", True, "police", True),
    ("charity-worker", True, "charity", True),
    ("psw", False, "charity", False),
    ("supervisor", False, CONTROLLER, True),
    ("supervisor", False, "police", False),
    ("supervisor", True, "police", False),
    ("manager", True, CONTROLLER, False),
    ("dci", False, CONTROLLER, False),
    ("intelligence-officer", False, CONTROLLER, False),
    ("detective", True, CONTROLLER, False),
    ("social-worker", True, CONTROLLER, False),
    ("disclosure-officer", True, CONTROLLER, False),
    ("evaluator", True, CONTROLLER, False),
)


def test_their_worker_reads_it_and_the_charitys_supervisor(either: Office) -> None:
    case = noted(either)
    for row in READERS:
        role, own, controller, reads = row
        rights = Rights((role,), (either.reader.team,), (case,) if own else ())
        reader = structs.replace(rights.of(either.somebody("some.one")), keeps_for=controller)
        filtered = due.DueFilter(clock="opinion-review")
        with either.system.reading() as db:
            found = endangered.of_case(db, reader, case)
            clocks = due.listed(db, reader, either.desk.clock(), filtered)
        assert [one.kind for one in found] == (["self-harm"] if reads else []), row
        assert len(clocks) == (1 if reads else 0), row


@pytest.mark.usually_on("sqlite")
def test_glass_opens_none_of_it(either: Office) -> None:
    case = noted(either)
    label = structs.replace(either.somebody("dc.stone"), glass=frozenset({case}))
    other = Rights(("psw", "detective"), ("Deter",)).of(label)
    with either.system.reading() as db:
        assert endangered.of_case(db, other, case) == []


@pytest.mark.usually_on("sqlite")
def test_danger_is_reported_at_once_and_without_why(either: Office) -> None:
    case = noted(either)
    flagged = DangerFlagged(UNNAMED, ("ambulance", "their-worker"))
    parent.flag_danger(either.desk, either.reader, flagged, str(case))
    police = Rights(("detective",), (either.reader.team,)).of(either.somebody("dc.reed"))
    with either.system.reading() as db:
        (alert,) = alerts.alerts(db, police)
        (rings,) = due.listed(db, police, either.desk.clock(), due.DueFilter(clock="danger-now"))
    assert (alert.kind, alert.subject, alert.subject_label) == (
        "danger-now",
        None,
        "needed: ambulance, their worker",
    )
    assert (rings.tier, rings.due) == ("danger", rings.since)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usually_on("sqlite")
def test_no_risk_is_urgent_of_itself(either: Office, kind: ParentRisk) -> None:
    case = noted(either)
    risk = ParentRiskNoted(UNNAMED, UNNAMED, kind, "seen", date(2011, 4, 18))
    parent.note_risk(either.desk, either.reader, risk, str(case), "Dawn Marlow")
    with either.system.reading() as db:
        rows = due.listed(db, either.reader, either.desk.clock(), due.DueFilter())
        assert {row.tier for row in rows if row.item != case} == {"practice"}
        assert alerts.alerts(db, either.reader) == []


@pytest.mark.parametrize(("keeps_for", "reads"), [("pace", True), ("charity", False)])
def test_which_controller_is_the_charity_is_recorded_and_no_word_of_the_program(
    office: Office, keeps_for: str, reads: bool
) -> None:
    """A setting of the store names the charity's controller, not a fixed list in the program. A
    supervisor of this controller reads the entries of its workers."""
    desk, reader = office.desk, office.reader
    account.add(
        desk, reader, "sv.field", roles=["supervisor"], teams=["Engage"], controller=keeps_for
    )
    account.add(desk, reader, "psw.ellis", roles=["psw"], teams=["Engage"], controller="pace")
    with pytest.raises(Refused, match="no account belongs to the controller"):
        team.name_charity(desk, reader, "paec")
    team.name_charity(desk, reader, "pace")
    with office.system.reading() as db:
        sees = accounts.reader(db, Reader("sv.field", "Engage", ""), desk.clock())
        worker = accounts.reader(db, Reader("psw.ellis", "Engage", ""), desk.clock())
    assert decide(sees, "see-parent-risk").allowed == reads
    assert for_charity(worker).controller == answers_for(worker) == "pace"

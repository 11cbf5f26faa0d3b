"""On a store with accounts, only some users may make the bundle of papers for the prosecutor. The
bundle leaves out items that the prosecutor may not get."""

from collections.abc import Iterator
from typing import Any

import pytest

from commands.families import referral
from commands.justice import unused_material as material
from commands.people_and_teams import account
from domain.data_protection.disclosure import DisclosureMade
from domain.justice.unused_material import ScheduleMade
from domain.kernel.values import Denied, Hidden, Refused
from questions.justice import bundle
from tests.access.staff import Staff
from tests.commands.office import Office, opened

WORDS = "A grey van stood in Mill Lane"
TOLD: Any = {"recipients": ("Reviewing prosecutor",), "checked": "read against the items"}


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    office = opened(tmp_path_factory.mktemp("bundle") / "store")
    try:
        yield office
    finally:
        office.system.close()


def test_an_officer_reveals_what_their_case_holds_and_nobody_else_does(office: Office) -> None:
    desk, staff = office.desk, Staff(office)
    case = referral.receive(desk, office.reader, child="Kayleigh Marlow").id
    words = office.words(WORDS, case=str(case))
    staff.hire("it.second", "administrator")
    for name in ("do.marsh", "do.far"):
        staff.hire(name, "disclosure-officer")
    staff.hire("dc.near", "detective")
    account.assign(desk, office.reader, "do.marsh", str(case))
    officer = staff.now("do.marsh")
    material.review(
        desk, officer, str(case), str(words), "relevant", "not-sensitive", "an account of a van"
    )

    with pytest.raises(Hidden):
        bundle.reveal(desk, staff.now("do.far"), str(case), "S3", **TOLD)
    with pytest.raises(Denied):
        bundle.reveal(desk, staff.now("dc.near"), str(case), "S3", **TOLD)
    with pytest.raises(Refused, match="name the trial"):
        bundle.reveal(desk, officer, str(case), " ", **TOLD)
    assert not office.events(ScheduleMade, "access"), "a refusal makes no schedule"

    bundle.reveal(desk, officer, str(case), " S3 ", **TOLD)
    (made,) = office.events(DisclosureMade, "access")
    assert (made.items, made.basis) == ((case, words), "criminal-proceedings")
    assert [event.form for event in office.events(ScheduleMade, "access")] == ["MG6C", "MG6D"]
    with desk.looked() as db:
        found = bundle.compose(desk, db, officer, case, "S3")
        (known,) = bundle.list_revealed(desk, db, officer, found)
    assert [one.text for one in found.mg6c] == [WORDS]
    assert known.same
    with desk.looked() as db, pytest.raises(Denied):
        bundle.compose(desk, db, staff.now("dc.near"), case, "S3")

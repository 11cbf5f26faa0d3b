"""The certificate of an erasure can be shown as an answer on every front, and printed as a numbered
paper."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from pypdf import PdfReader

from commands.data_protection import copies
from commands.erasure import erasure
from commands.people_and_teams import due
from domain.kernel.values import Denied, Hidden, Reader, Refused
from projections.due import DueFilter
from tests.access.staff import Staff
from tests.commands.office import Office, opened
from tests.support.usecases.paper import text
from usecases.kernel.certificate import ShowCertificate
from usecases.kernel.numbered_copy import printed


@dataclass
class Erased:
    """A store with an erasure that was carried out, and with another erasure that waits for
    approval.
    """

    office: Office
    staff: Staff
    done: UUID
    waits: UUID

    def paper(self, name: str, which: UUID, **told: str) -> str:
        desk, reader = self.office.desk, self.staff.now(name)
        asked = ShowCertificate(str(which)[-8:])
        made = printed(asked, desk, reader, desk.clock(), lambda ids: None, **told)  # type: ignore[arg-type]
        return text(PdfReader(io.BytesIO(made)))


@pytest.fixture(scope="module")
def erased(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Erased]:
    office = opened(tmp_path_factory.mktemp("certificate") / "store")
    staff, found = Staff(office), []
    mistaken = [office.person(name) for name in ("Vince Tarrow", "Neil Garvey")]
    staff.hire("do.marsh", "disclosure-officer")
    staff.hire("dci.bell", "dci")
    staff.hire("ds.near", "supervisor")
    staff.hire("psw.near", "psw")
    staff.hire("dc.far", "detective", teams=("Deter",))
    for one in mistaken:
        reader = staff.now("dci.bell")
        found.append(erasure.propose(office.desk, reader, [one], "recorded-in-error")[0].id)
    staff.hire("mgr.quill", "manager")
    erasure.approve(office.desk, staff.now("mgr.quill"), found[0], office.system)
    try:
        yield Erased(office, staff, *found)
    finally:
        office.system.close()


def test_it_is_printed_as_a_numbered_copy_without_a_word_of_what_is_gone(erased: Erased) -> None:
    number = copies.next_number(erased.office.desk, "Engage")
    told = erased.paper("dci.bell", erased.done)
    for words in (
        f"Certificate of erasure {str(erased.done)[-8:]}",
        "Outcome: Erased and certified",
        "Basis: The item should never have been recorded here",
        "by dci.bell",
        "by mgr.quill",
        "Items: 1 destroyed",
        "records are unreadable for ever",
        "Archives expire: none are kept",
        f"Copy {number} of Engage, for dci.bell.",
    ):
        assert words in told, (words, told)
    assert "Tarrow" not in told
    papers = [copy for copy in copies.list_copies(erased.office.desk) if copy.kind == "paper"]
    assert [paper.holders for paper in papers if paper.number == number] == [("dci.bell",)]


def test_a_manager_who_approved_it_reads_it_and_prints_none(erased: Erased) -> None:
    desk, reader = erased.office.desk, erased.staff.now("mgr.quill")
    told = ShowCertificate(str(erased.done)).rows(desk, reader, desk.clock())
    assert {"Approved", "Certified", "Destroyed"} <= {one.what for one in told}
    with pytest.raises(Denied, match="export"):
        erased.paper("mgr.quill", erased.done)


def test_a_colleague_who_is_informed_of_no_erasure_is_handed_none(erased: Erased) -> None:
    with pytest.raises(Refused, match="does not have access to everything in this copy"):
        erased.paper("dci.bell", erased.done, recipient="psw.near")


def test_a_manager_who_takes_nothing_along_says_that_his_copy_is_destroyed(erased: Erased) -> None:
    desk, reader = erased.office.desk, erased.staff.now("mgr.quill")
    erased.paper("dci.bell", erased.done, recipient="mgr.quill")
    (waits,) = due.list_due(
        desk, reader, desk.clock(), DueFilter(clock="copy-destroyed", mine=True)
    )
    copies.record_destroyed(desk, reader, str(waits.item), "shredded at the office")
    assert not due.list_due(desk, reader, desk.clock(), DueFilter(owner="mgr.quill"))


def test_what_was_not_carried_out_has_no_certificate(erased: Erased) -> None:
    desk, reader = erased.office.desk, erased.staff.now("dci.bell")
    assert not ShowCertificate(str(erased.waits)).rows(desk, reader, desk.clock())
    with pytest.raises(Refused, match="no certificate yet"):
        erased.paper("dci.bell", erased.waits)


def test_another_team_is_informed_of_no_erasure(erased: Erased) -> None:
    desk = erased.office.desk
    far: Reader = erased.staff.now("dc.far")
    with pytest.raises(Hidden, match="there is no erasure"):
        ShowCertificate(str(erased.done)).rows(desk, far, desk.clock())

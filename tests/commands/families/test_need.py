"""Families have needs, are threatened, move, wait for a worker, and appear in the press. These
tests show what is due, who reads it, and that no published text identifies the child.
"""

from datetime import date
from uuid import UUID

import pytest

from commands.families import casework, family_member, need, publication
from commands.intelligence import links
from commands.kernel.item_references import UNNAMED
from domain.families.family_member import MemberNamed
from domain.families.need import FamilyMoved, NeedAnswered, NeedTold, ThreatAnswered, ThreatTold
from domain.families.publication import PressChecked, PublicationAnswered, PublicationNoted
from domain.families.waiting_family import WaitingAsked, WaitingTold
from domain.kernel.codes import Clock
from domain.kernel.values import Reader, Refused, Role
from projections import due
from projections.families import needs, publications, waiting_families
from tests.access.rights import Rights
from tests.commands.office import Office

LIVES: tuple[Clock, ...] = ("family-need", "threat", "family-waits", "publication")


def due_dates(office: Office) -> dict[Clock, date]:
    """Return the due date of each open deadline of the kinds in `LIVES` that the user sees."""
    with office.system.reading() as db:
        rows = due.listed(db, office.reader, office.desk.clock(), due.DueFilter())
    return {row.clock: row.due.date() for row in rows if row.clock in LIVES}


def lived(office: Office) -> tuple[str, dict[str, str]]:
    """Record a case of a family that needs something, was threatened, moved, waits for a worker,
    and appears in a publication.
    """
    desk, reader = office.desk, office.reader
    case = str(office.case("Kayleigh Marlow"))
    home = NeedTold(UNNAMED, "family", "housing", "two rooms for five", date(2011, 6, 1))
    made = {
        "need": need.tell(desk, reader, home, case),
        "threat": need.threaten(desk, reader, ThreatTold(UNNAMED, "parent", "followed", "x"), case),
        "move": need.move(desk, reader, FamilyMoved(UNNAMED, date(2011, 3, 1), "threats"), case),
        "waiting": need.wait(
            desk, reader, WaitingTold(UNNAMED, "waiting", "no time", date(2011, 7, 1)), case
        ),
        "publication": publication.note(
            desk, reader, PublicationNoted(UNNAMED, "online", True, "a page"), case
        ),
    }
    return case, {name: str(receipt.id) for name, receipt in made.items()}


def test_each_comes_back_until_somebody_says_what_was_done(either: Office) -> None:
    _, made = lived(either)
    desk, reader = either.desk, either.reader
    assert set(due_dates(either)) == set(LIVES)
    assert due_dates(either)["family-need"] == date(2011, 6, 1)
    later = date(2011, 9, 1)
    need.answer(desk, reader, made["need"], NeedAnswered("under-way", "asked", later))
    need.record_waiting_contact(desk, reader, made["waiting"], WaitingAsked("well", later))
    assert due_dates(either)["family-need"] == due_dates(either)["family-waits"] == later
    need.answer(desk, reader, made["need"], NeedAnswered("not-met", "no house is to be had"))
    need.answer_threat(
        desk, reader, made["threat"], ThreatAnswered("reported-to-police", "they came")
    )
    need.end_waiting(desk, reader, made["waiting"], "worker-given", None)
    publication.answer(desk, reader, made["publication"], PublicationAnswered("taken-down", "rung"))
    assert due_dates(either) == {}


def test_a_family_that_has_a_worker_or_was_sent_on_waits_no_longer(office: Office) -> None:
    case, made = lived(office)
    desk, reader = office.desk, office.reader

    def listed() -> list[tuple[str, str | None]]:
        with office.system.reading() as db:
            return [
                (r.state, r.became)
                for r in waiting_families.list_waiting_families(db, reader, include_all=True)
            ]

    there = WaitingTold(UNNAMED, "signposted", "no time", date(2011, 8, 1), "a helpline")
    need.wait(desk, reader, there, case)
    assert listed() == [("waiting", "referred-on"), ("signposted", None)]
    assert due_dates(office)["family-waits"] == date(2011, 8, 1)
    with pytest.raises(Refused, match="outcome for this family was recorded already"):
        need.record_waiting_contact(
            desk, reader, made["waiting"], WaitingAsked("well", date(2011, 9, 1))
        )
    casework.allocate(desk, reader, case, "sw.bell", "child")
    assert listed()[1] == ("signposted", None), "the child's worker is not the parents'"
    casework.allocate(desk, reader, case, "psw.ellis", "parents")
    assert listed() == [("waiting", "referred-on"), ("signposted", "worker-given")]
    assert "family-waits" not in due_dates(office)


@pytest.mark.parametrize(
    ("role", "own", "reads"),
    [
        ("psw", True, {"needs", "threats", "waiting", "published"}),
        ("psw", False, set()),
        ("social-worker", True, {"threats", "waiting", "published"}),
        ("detective", False, {"threats", "waiting", "published"}),
        ("manager", False, {"waiting"}),
        ("evaluator", False, set()),
    ],
)
@pytest.mark.usually_on("sqlite")
def test_a_need_is_the_charitys_a_threat_is_known_to_all_who_work_with_the_child(
    either: Office, role: Role, own: bool, reads: set[str]
) -> None:
    case, made = lived(either)
    (fact,) = either.system.logs["evidence"].history(UUID(made["need"]))
    assert fact.controller == "charity"
    cases = (UUID(case),) if own else ()
    reader = Rights((role,), (either.reader.team,), cases).of(either.somebody("some.one"))
    assert columns_seen(either, reader, case) == reads


def columns_seen(office: Office, reader: Reader, told: str) -> set[str]:
    """Return the kinds of facts (such as "needs" and "threats") of which this reader sees a row in
    the case `told`."""
    case = UUID(told)
    with office.system.reading() as db:
        found = {
            "needs": needs.needs(db, reader, case),
            "threats": needs.threats(db, reader, case),
            "waiting": waiting_families.list_waiting_families(db, reader),
            "published": publications.published(db, reader, case),
        }
    return {name for name, rows in found.items() if rows}


@pytest.mark.usually_on("sqlite")
def test_a_move_says_never_where_to(either: Office) -> None:
    case = str(either.case("Kayleigh Marlow"))
    for words in ("to 12 Mill Lane, Town B", "now ZZ99 3AB", "they live at the Station Hotel"):
        moved = FamilyMoved(UNNAMED, date(2011, 3, 1), "threats", words)
        with pytest.raises(Refused, match="placement"):
            need.move(either.desk, either.reader, moved, case)


@pytest.mark.usually_on("sqlite")
def test_no_text_leaves_that_names_the_child_her_kin_or_who_is_tied_to_her(either: Office) -> None:
    """Requirement W31: a text for the press that names the child, a relative or a person with a
    link to the child is refused, as the law demands (Sexual Offences (Amendment) Act 1992, section
    1).
    """
    desk, reader = either.desk, either.reader
    case = str(either.case("Kayleigh Marlow"))
    words = either.words("Zedzed picks her up", case=case)
    baz = either.person("Zedzed", categories=(("suspect", "seen"),))
    links.assert_link(desk, reader, words, str(baz), "Kayleigh Marlow", "association")
    links.assert_link(desk, reader, words, str(baz), "vehicle:PK95ABC", "uses")
    mum = str(either.person("Dawn Marlow"))
    family_member.name(desk, reader, MemberNamed(UNNAMED, UNNAMED, "mother"), case, mum)

    def text(words: str) -> PressChecked:
        return PressChecked(UNNAMED, "a paper", words)

    for told in (
        "a girl called kayleigh",
        "the MARLOW family",
        "Dawn said that she is glad",
        "zedzed was sentenced",
        "he drove PK95 ABC",
        "two other girls were there",
    ):
        with pytest.raises(Refused, match="cannot be given to the press"):
            publication.check(desk, reader, text(told), case)
    may = publication.check(desk, reader, text("A man was sentenced to ten years today."), case)
    with either.system.reading() as db:
        (row,) = publications.texts(db, reader, UUID(case))
    assert row.id == may.id

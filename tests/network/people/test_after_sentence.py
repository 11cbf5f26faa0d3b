"""If a man has contact with a child after he was convicted or sentenced, users are alerted, in
whatever form the contact was recorded."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from commands.families import casework, referral
from commands.information import links_form, observation, withdrawal
from commands.intelligence import identity, intelligence_report, links
from commands.intelligence.links import LinkPeriod
from commands.justice import arrest_to_result
from commands.kernel import entity
from commands.people_and_teams import due, two_person
from domain.intelligence.link import LinkAsserted
from domain.justice.arrest_to_result import ResultRecorded
from domain.kernel.values import Grade, Handling, Origin, PoleCategory, Reader
from ingest.words import record_words
from network.people import alerts
from projections.due import DueFilter
from projections.families import cases
from tests.access.staff import Staff
from tests.commands.office import Office, prepared

KIND = "contact-after-sentence"
SENTENCED, AFTER = datetime(2010, 5, 1, tzinfo=UTC), datetime(2011, 3, 1, tzinfo=UTC)
SUSPECT: list[tuple[PoleCategory, str]] = [("suspect", "named")]


@dataclass
class Team:
    """A store with a detective, a child who has a case, and a man whose sentence a test records."""

    office: Office
    staff: Staff
    case: UUID
    man: UUID

    @property
    def dc(self) -> Reader:
        return self.staff.now("dc.reed")

    def sentence(
        self, who: UUID | None = None, kind: str = "sentenced", case: UUID | None = None
    ) -> UUID:
        result = ResultRecorded(kind, who or self.man, case, SENTENCED)  # type: ignore[arg-type]
        told = arrest_to_result.record(
            self.office.desk, self.dc, result, because_of=("none-known",)
        )
        return told.id

    def words(self) -> UUID:
        return observation.record(self.office.desk, self.dc, words="He was on her phone").id

    def say(self, words: str, case: str | None = "") -> UUID:
        """Record an entry as a front does, with the mentions that the program reads in the text;
        return its id.
        """
        filed, desk = str(self.case) if case == "" else case, self.office.desk
        return record_words.record_entry(desk, self.dc, words, desk.clock(), case=filed).receipt.id

    def link(self, a: str | None = None, b: str = "Bea Birch", at: datetime | None = AFTER) -> None:
        span = LinkPeriod(at) if at else links.ALWAYS
        end = a or str(self.man)
        links.assert_link(self.office.desk, self.dc, self.words(), end, b, "contact", span=span)

    def alerts(self, name: str = "dc.reed") -> list[alerts.Alert]:
        with self.office.system.reading() as db:
            return [
                alert for alert in alerts.alerts(db, self.staff.now(name)) if alert.kind == KIND
            ]

    def rings(self, name: str = "dc.reed") -> int:
        desk, asked = self.office.desk, DueFilter(clock="alert")
        return len(due.list_due(desk, self.staff.now(name), desk.clock(), asked))


def _begin(office: Office) -> tuple[UUID, UUID]:
    staff = Staff(office)
    staff.hire("dc.reed", "detective")
    staff.hire("dc.lowe", "detective")
    staff.hire("dc.far", "detective", teams=["Freedom"])
    dc = staff.now("dc.reed")
    man = entity.record_person(office.desk, dc, name="Baz Orr", known=True, categories=SUSPECT).id
    case = referral.receive(office.desk, dc, child="Bea Birch").id
    return case, man


#: A store with the team; its value has the ids of the child's case and of the man.
TEAM = prepared("team_before_sentence", _begin)


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    with TEAM(tmp_path / "store", None) as (office, (case, man)):
        yield Team(office, Staff(office), case, man)


def _sentence_first(team: Team) -> None:
    team.sentence()
    team.link()


def _sentence_told_later(team: Team) -> None:
    team.link()
    team.sentence()


def _contact_without_time(team: Team) -> None:
    team.sentence()
    team.link(at=None)


def _registered(team: Team) -> None:
    team.sentence(kind="registered-sex-offender")
    team.link()


def _by_phones(team: Team) -> None:
    """Record that the man's phone called the child's phone; the owners of the phones are recorded
    later.
    """
    his, hers = "phone:07700 900111", "phone:07700 900222"
    desk = team.office.desk
    team.sentence()
    team.link(his, hers)
    links.assert_link(desk, team.dc, team.words(), str(team.man), his, "uses")
    assert team.alerts() == []
    links.assert_link(desk, team.dc, team.words(), "Bea Birch", hers, "uses")


def _another_record(team: Team) -> None:
    """Record a sentence for a second record, "B Orr", and then a judgement that this record and the
    man's record are the same person.
    """
    desk = team.office.desk
    other = entity.record_person(desk, team.dc, name="B Orr", known=True, categories=SUSPECT).id
    team.sentence(other)
    team.link()
    assert team.alerts() == []
    identity.judge(desk, team.dc, str(team.man), str(other), "same", "one birth date")


def _in_a_report(team: Team) -> None:
    desk = team.office.desk
    team.sentence()
    grade, handling = Grade.parse("3C"), Handling("P")
    report = intelligence_report.assess(desk, team.dc, team.words(), grade, handling).id
    man, span = str(team.man), LinkPeriod(AFTER)
    links.assert_link(desk, team.dc, report, man, "Bea Birch", "association", span=span)


def _by_import(team: Team) -> None:
    """Import a file that uses its own numbers for the man and the child. Later a user judges who
    these people are."""
    desk, dc = team.office.desk, team.dc
    row = links_form.prepare_row(
        desk,
        dc,
        command_id=uuid4(),
        dataset="calls",
        source="Barry O",
        target="Bea B",
        target_kind="person",
        link_kind="contact",
        valid_from=AFTER,
        origin=Origin("0" * 64, "links", 2),
    )
    desk.save([row])
    with team.office.system.reading() as db:
        (asserted,) = team.office.events(LinkAsserted)
        child = cases.children(db, dc, team.case)[team.case]
    team.sentence()
    for one, other in ((asserted.a, team.man), (asserted.b, child)):
        assert team.alerts() == []
        identity.judge(desk, dc, str(one), str(other), "same", "one number")


def _by_words(team: Team) -> None:
    """Record a parent's text that the man wrote to the child. No user marks the text as urgent or
    links the two people."""
    team.sentence(case=team.case)
    team.say("She had a text from Baz Orr last night")


def _by_a_letter(team: Team) -> None:
    team.sentence(case=team.case)
    team.say("A letter came for her today. It says Baz on the back.")


def _words_first(team: Team) -> None:
    """Record the man's contact with the child before his sentence is recorded. The court had passed
    the sentence before the contact."""
    team.say("Baz Orr was waiting outside school")
    assert team.alerts() == []
    team.sentence(case=team.case)


def _words_of_his_phone(team: Team) -> None:
    """Record an entry that mentions a phone number, and a sentence of the man in no case. Later
    record a link that says that the man uses this phone."""
    phone = "phone:07700 900111"
    team.say("She gets calls from 07700 900111 all night")
    team.sentence()
    assert team.alerts() == []
    links.assert_link(team.office.desk, team.dc, team.words(), str(team.man), phone, "uses")


def _a_name_found_later(team: Team) -> None:
    team.sentence(case=team.case)
    team.say("She got a message from Dean Pike")
    assert team.alerts() == []
    entity.add_alias(team.office.desk, team.dc, str(team.man), "name", "Dean Pike")


def _filed_later(team: Team) -> None:
    team.sentence(case=team.case)
    entry = team.say("Baz Orr has been texting her", case=None)
    assert team.alerts() == []
    observation.refile(team.office.desk, team.dc, str(entry), str(team.case), "hers")


WAYS = (
    *(_by_words, _by_a_letter, _words_first, _a_name_found_later, _filed_later),
    *(_sentence_first, _sentence_told_later, _contact_without_time, _registered),
    *(_by_phones, _another_record, _in_a_report, _by_import),
)


@pytest.mark.parametrize("way", WAYS)
def test_contact_after_a_sentence_is_an_alert_that_rings_until_it_is_answered(
    team: Team, way: Callable[[Team], None]
) -> None:
    way(team)
    (alert,) = team.alerts()
    assert (alert.case, alert.answer) == (team.case, None)
    assert alert.subject_label in ("Baz Orr", "B Orr", "Barry O"), "as the oldest record has it"
    assert team.rings() == 1
    assert team.alerts("dc.far") == []
    assert team.rings("dc.far") == 0
    alerts.answer(team.office.desk, team.dc, str(alert.id), "acted", "recalled to prison")
    assert team.rings() == 0
    assert [one.answer for one in team.alerts()] == ["acted"]


def test_contact_before_it_or_of_somebody_else_is_none(team: Team) -> None:
    team.link(at=datetime(2009, 1, 1, tzinfo=UTC))
    team.sentence()
    other = entity.record_person(team.office.desk, team.dc, name="Zed Quib", known=True).id
    team.link(str(other))
    team.sentence(other, kind="acquitted")
    assert (team.alerts(), team.rings()) == ([], 0)


def test_words_and_the_link_that_is_read_from_them_are_one_contact(team: Team) -> None:
    team.sentence(case=team.case)
    entry = team.say("A message came from Baz Orr")
    desk, man = team.office.desk, str(team.man)
    links.assert_link(desk, team.dc, entry, man, "Bea Birch", "contact")
    assert [alert.links for alert in team.alerts()] == [(entry,)]
    assert team.rings() == 1


def test_the_familys_worker_is_alerted_by_the_words_they_record(team: Team) -> None:
    staff, desk = team.staff, team.office.desk
    staff.hire("psw.ellis", "psw")
    manager = staff.hire("mgr.hill", "manager")
    casework.allocate(desk, manager, str(team.case), "psw.ellis", "parents")
    team.sentence(case=team.case)
    words = "Mum says Baz Orr sent her a birthday card"
    case = str(team.case)
    record_words.record_entry(desk, staff.now("psw.ellis"), words, desk.clock(), case=case)
    (alert,) = team.alerts("psw.ellis")
    assert alert.subject_label == alerts.SOMEBODY, "a worker who may not see the network"
    assert team.rings("psw.ellis") == 1
    assert len(team.alerts()) == 1


@pytest.mark.parametrize(
    "words",
    [
        "She slept well and likes her new school",
        "Baz Orr is all over her diary",
        "She had a text from Barry Orrell",
    ],
)
def test_words_without_a_contact_or_of_somebody_else_raise_none(team: Team, words: str) -> None:
    team.sentence(case=team.case)
    team.say(words)
    assert (team.alerts(), team.rings()) == ([], 0)


def test_what_was_said_before_the_sentence_raises_none(team: Team) -> None:
    team.say("She had a text from Baz Orr")
    result = ResultRecorded("sentenced", team.man, team.case)
    arrest_to_result.record(team.office.desk, team.dc, result, because_of=("none-known",))
    assert (team.alerts(), team.rings()) == ([], 0)


def test_a_first_name_alone_is_nobody_who_is_not_tied_to_the_child(team: Team) -> None:
    """An entry that names only "Baz" causes no alert about a sentenced man of this name, if the man
    has no link to the child."""
    team.sentence()
    team.say("She had a text from Baz")
    assert (team.alerts(), team.rings()) == ([], 0)


def test_words_that_are_withdrawn_before_a_sentence_raise_none(team: Team) -> None:
    entry = team.say("Baz Orr was waiting outside school")
    withdrawal.words(
        team.office.desk, team.dc, str(entry), "of another family", "recorded-in-error"
    )
    second = team.staff.hire("di.moss", "supervisor")
    two_person.confirm(team.office.desk, second, str(entry), "withdraw-words", reason="read it")
    team.sentence(case=team.case)
    assert (team.alerts(), team.rings()) == ([], 0)

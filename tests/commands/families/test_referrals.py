"""A log entry can become a referral, a wrongly filed entry can be moved, and referrals that were
uploaded together as drafts can be accepted."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from commands.families import casework, referral
from commands.information import observation
from commands.intelligence import intelligence_report, release
from domain.families.referral import CaseClosed, CaseOpened, CaseReopened, ReferralReceived
from domain.intelligence.intelligence_report import ProductReleased, ReportDisseminated
from domain.kernel.envelope import LogUnavailable
from domain.kernel.values import Reader, Refused
from projections.families import cases
from projections.information import queue
from projections.intelligence import people
from tests.commands.office import START, Office


def test_snippets_of_one_family_refer_another_child(either: Office) -> None:
    words = either.words(case=str(either.case()))
    case = referral.refer(either.desk, either.reader, [words], "Ellie Stone").id
    told = [f for f in either.facts() if isinstance(f.event, ReferralReceived)][-1]
    assert (told.stream, told.because_of) == (case, (str(words),))
    with either.system.reading() as db:
        row = cases.get(db, either.reader, case)
        assert row
        child = people.entities(db, either.reader, [row.child])[row.child]
    assert (child.label, child.is_child, child.categories) == (
        "Ellie Stone",
        True,
        frozenset({"vulnerable-child"}),
    )


def test_a_child_is_referred_to_their_own_case(office: Office) -> None:
    case = office.case("Kayleigh Marlow")
    for named in ("kayleigh  marlow", str(case), "1", str(case)[-8:]):
        assert referral.refer(office.desk, office.reader, [], named).id == case
    child = office.facts()[-1].stream
    assert child == case


def test_two_children_of_one_name_are_queried(office: Office) -> None:
    first = office.case("Kayleigh Marlow")
    second = office.case("Kayleigh Marlow")
    assert first != second
    with pytest.raises(Refused, match="children of 2 cases"):
        referral.refer(office.desk, office.reader, [], "Kayleigh Marlow")


def test_a_person_known_already_becomes_the_child_of_a_case(office: Office) -> None:
    """A referral that names a recorded person by id opens a case for this person, and records no
    second person.
    """
    ellie = office.person("Ellie", categories=(("victim", "seen in the car"),))
    case = referral.refer(office.desk, office.reader, [], str(ellie)).id
    opened = office.system.logs["evidence"].history(case)[0].event
    assert isinstance(opened, CaseOpened)
    assert opened.child == ellie


def test_a_suspects_nickname_is_no_childs_case(office: Office) -> None:
    """A referral whose name is the nickname of a person without a case records a new child."""
    baz = office.person("Baz", categories=(("suspect", "seen by two"),))
    opened = office.system.logs["evidence"].history(
        referral.refer(office.desk, office.reader, [], "Baz").id
    )[0]
    assert isinstance(opened.event, CaseOpened)
    assert opened.event.child != baz


def test_what_was_filed_under_the_wrong_family_moves_at_once(office: Office) -> None:
    wrong, right = office.case("Kayleigh Marlow"), office.case("Ellie Stone")
    item = office.words(case=str(wrong))
    observation.refile(office.desk, office.reader, item, str(right), "mixed up")
    with office.system.reading() as db:
        row = queue.get(db, office.reader, item)
    assert row
    assert row.case == right
    with pytest.raises(Refused, match="no case 'E-99'"):
        observation.refile(office.desk, office.reader, item, "E-99", None)


def test_two_referrals_of_one_batch_share_the_new_case(office: Office) -> None:
    drafts = [
        referral.prepare(
            office.desk, office.reader, reference=ref, child="Ellie Stone", concern=why
        )
        for ref, why in (("E-12", "out at night"), ("e-12 ", "a new phone"))
    ]
    receipts = office.desk.save(drafts)
    assert len({receipt.id for receipt in receipts}) == 1
    names = [
        fact.event.stored.name for fact in office.system.logs["evidence"].history(receipts[0].id)
    ]
    assert names == ["case.opened", "case.referral_received", "case.referral_received"]


def test_a_refused_draft_leaves_no_trace_in_its_batch(office: Office) -> None:
    with pytest.raises(Refused, match="needs the child's name"):
        referral.prepare(office.desk, office.reader, reference="E-13", received=START)
    good = referral.prepare(office.desk, office.reader, reference="E-13", child="Amy Field")
    office.desk.save([good])
    assert office.system.logs["evidence"].history(good.item)


def test_a_referral_to_a_closed_case_opens_it(office: Office) -> None:
    case = office.case()
    office.closed(case)
    referral.refer(office.desk, office.reader, [], str(case))
    assert [f.event for f in office.facts() if isinstance(f.event, CaseReopened)]


def test_closing_counts_what_is_undecided(office: Office) -> None:
    case = office.case()
    office.words(case=str(case))
    office.words("He waited again.", case=str(case))
    office.closed(case, "moved away")
    (closed,) = office.events(CaseClosed)
    assert (closed.open_items, closed.second, closed.senior) == (2, "ds.hart", "di.moss")


def test_whether_a_child_is_under_13_is_looked_up(office: Office) -> None:
    case = str(
        referral.receive(
            office.desk, office.reader, child="Amy Field", born=date(1999, 5, 4), received=START
        ).id
    )
    with pytest.raises(Refused, match="under 13"):
        casework.assess_threshold(office.desk, office.reader, case, "low")
    office.system.clock.given_time = datetime(2012, 5, 4, 12, tzinfo=UTC)
    casework.assess_threshold(office.desk, office.reader, case, "low")


def test_an_urgent_copy_that_was_not_written_follows_with_the_repeated_command(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An urgent release of a report is copied to the product log. If the product log failed to
    write the copy, repeating the command writes the copy, once.
    """
    item = office.words()
    report = office.assessed(item).id
    intelligence_report.sanitise(office.desk, office.reader, item, "A man is said to wait.")
    command_id = uuid4()

    def send() -> object:
        return release.disseminate(
            office.desk,
            office.reader,
            report,
            "Team B",
            "safety",
            urgent="now",
            command_id=command_id,
        ).id

    def down(*_: object) -> object:
        raise LogUnavailable("out of reach")

    monkeypatch.setattr(office.system.logs["product"], "append", down)
    with pytest.raises(LogUnavailable):
        send()
    monkeypatch.undo()
    assert send() == send() == report
    sent = [f.event for f in office.facts() if isinstance(f.event, ReportDisseminated)]
    released = [f for f in office.facts("product") if isinstance(f.event, ProductReleased)]
    assert [event.product for event in sent] == [fact.stream for fact in released]
    assert len(sent) == 1


def test_a_new_reference_never_means_another_familys_number(office: Office) -> None:
    """A referral form with the team's own reference "1" opens a new case, and does not mean case
    number 1 of the store.
    """
    first = referral.receive(office.desk, office.reader, child="Paige Holt")
    other = referral.receive(office.desk, office.reader, child="Tia Rudd", reference="1")
    again = referral.receive(office.desk, office.reader, child="Tia Rudd", reference="1")
    assert other.id != first.id
    assert again.id == other.id


def test_two_teams_with_one_reference_keep_two_families_apart(office: Office) -> None:
    """Two teams may each have a case with the reference "7": each form and entry is filed in its
    own team's case.
    """
    desk, reader = office.desk, office.reader
    ours = referral.receive(desk, reader, child="Paige Holt", reference="7")
    theirs = referral.receive(desk, reader, child="Tia Rudd", reference="7", team="Freedom")
    assert ours.id != theirs.id
    assert referral.receive(desk, reader, reference="7").id == ours.id
    assert referral.receive(desk, reader, reference="7", team="Freedom").id == theirs.id
    with desk.deciding() as db:
        assert cases.find(db, reader, "7") == ours.id
        assert cases.find(db, Reader("x", "Freedom", "police"), "7") == theirs.id
        assert cases.find(db, Reader("x", "Deter", "police"), "7") is None

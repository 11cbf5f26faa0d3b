"""A police force offers a suspect's plate, number or account to other forces without revealing it.
Each later fact that speaks against making the offer withdraws it.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from msgspec.structs import replace

from commands.erasure import erasure, retention
from commands.exchange import offer
from commands.exchange.exchange import OfferStatus, offer_again, reconsider, take
from commands.families import family_member
from commands.intelligence import identity, links
from commands.kernel import entity
from commands.kernel.item_references import UNNAMED
from commands.kernel.unit_of_work import LostRace, Receipt
from domain.data_protection.erasure import ProductErased, Redaction
from domain.exchange.offer import NOT_OFFERED, OfferMatched, OfferRenewed
from domain.families.family_member import MemberNamed
from domain.kernel.envelope import CommandReused
from domain.kernel.values import Denied, Hidden, Refused
from projections import due
from projections.due import DueItem
from projections.people_and_teams import offers as view
from tests.access.rights import Rights
from tests.commands.office import Office
from tests.processes import LIMIT
from tests.support.commands.offer import PLATE, PREPARED, UNTIL, Exchange, happened, told
from tests.support.commands.races import at_once

FORCE_INTELLIGENCE = Rights(("intelligence-officer",), ("Force Intelligence",))


@pytest.fixture
def exchange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Exchange]:
    monkeypatch.chdir(tmp_path)
    with PREPARED(tmp_path / "store", None) as (office, before):
        yield Exchange(office, before)


@pytest.mark.usually_on("sqlite")
def test_a_token_leaves_with_the_event_and_nothing_else(either: Office) -> None:
    exchange = Exchange(either, happened(either))
    one = exchange.offered(records_reference="RMS 12")
    assert exchange.asked == [("vehicle", "PK95ABC")]
    rows = [row for _, row in either.system.logs["product"].outgoing(0, 9)]
    assert [row.recipient for row in rows] == ["hexmoor", "kenbrook"]
    (row, _) = rows
    assert (row.kind, row.week, row.grade, row.until) == (
        "vehicle",
        date(2011, 3, 14),
        "A",
        UNTIL,
    )
    assert row.reference not in (one, exchange.baz)
    assert row.records_reference == "RMS 12"
    told = repr(rows).lower()
    for kept in ("pk95", "baz", "engage", either.reader.name, "two towns", "isa 7"):
        assert kept not in told
    (shown,) = exchange.listed()
    assert (shown.id, shown.to, shown.state, shown.matches) == (
        one,
        "hexmoor, kenbrook",
        "offered",
        0,
    )


def test_the_same_command_offers_once(exchange: Exchange) -> None:
    command = uuid4()
    one = exchange.offered(command_id=command)
    assert exchange.offered(command_id=command) == one
    assert len(exchange.left()) == 2
    with pytest.raises(CommandReused):
        exchange.offered(command_id=command, reason="another one")
    with pytest.raises(Refused, match="offered to other forces already"):
        exchange.offered()


def test_two_officers_who_offer_one_thing_at_one_moment_make_one_offer(either: Office) -> None:
    before, gate = happened(either), Barrier(2)

    def both_have_decided(_: object, bulk: bool) -> tuple[int, list[bytes]]:
        gate.wait(LIMIT)
        return 1, [bytes(32)]

    def offering(own: Office) -> Receipt:
        exchange = Exchange(own, before)
        own.desk.tokens = both_have_decided
        return exchange.made()

    found = at_once(either, offering, offering)
    (made,) = (one for one in found if isinstance(one, Receipt))
    (late,) = (one for one in found if isinstance(one, Refused))
    assert "another person recorded the same just now as" in str(late)
    exchange = Exchange(either, before)
    assert [row.id for row in exchange.listed()] == [made.id]
    assert exchange.left() == [("hexmoor", "offer", True), ("kenbrook", "offer", True)]


def test_what_was_withdrawn_or_erased_is_offered_again(exchange: Exchange) -> None:
    office = exchange.office
    for _ in range(2):
        offer.withdraw(office.desk, office.reader, str(exchange.offered()), "the time is over")
    exchange.offered()
    written = [Redaction(exchange.words, None, "Somebody drives a car.")]
    asked = erasure.propose(office.desk, office.reader, [exchange.baz], "part-3-s47", written)[0].id
    erasure.approve(office.desk, office.somebody("di.okoro"), asked, office.system)
    another = office.person(name="Mooney")
    exchange.classed(another, "suspect")
    report = office.assessed(office.words("Mooney drives a car")).id
    links.assert_link(office.desk, office.reader, report, str(another), f"vehicle:{PLATE}", "uses")
    exchange.offered()


@pytest.mark.parametrize("kind", ["passenger-of", "other"])
def test_who_only_sat_in_the_car_does_not_make_it_theirs(exchange: Exchange, kind: str) -> None:
    girl = exchange.office.person("Girl", under_18=True)
    exchange.tied(girl, kind)
    exchange.offered()


def test_what_is_also_a_childs_a_parents_a_workers_or_a_witnesss_is_not_offered(
    exchange: Exchange,
) -> None:
    office = exchange.office
    girl, witness = office.person("Girl", under_18=True), office.person("Shopkeeper")
    exchange.classed(witness, "witness")
    mother, worker = office.person("Mrs Marlow"), office.person("DS Hart")
    kin = MemberNamed(UNNAMED, UNNAMED, "mother")
    family_member.name(office.desk, office.reader, kin, str(office.case()), str(mother))
    for who in (girl, witness, mother, worker):
        link = exchange.tied(who)
        refused(exchange)
        if links.retract(office.desk, office.reader, link, "another car").proposed:
            office.agreed(link, "retract-link")
    exchange.offered()


def refused(exchange: Exchange, **told: Any) -> None:
    before = exchange.office.count(), exchange.left()
    with pytest.raises(Refused) as why:
        exchange.offered(**told)
    assert str(why.value) == NOT_OFFERED
    assert (exchange.office.count(), exchange.left()) == before


def test_a_name_an_unassessed_number_and_a_part_of_a_plate_are_not_offered(
    exchange: Exchange,
) -> None:
    office = exchange.office
    refused(exchange, what="Baz")
    words = office.words("07700 900123 is his")
    links.assert_link(
        office.desk, office.reader, words, str(exchange.baz), "phone:07700 900123", "uses"
    )
    refused(exchange, what="07700 900123")
    for lacking in ({"agreement": " "}, {"assessment": " "}, {"until": date(2013, 1, 1)}):
        with pytest.raises(Refused):
            exchange.offered(**lacking)
    office.desk.policy = replace(office.desk.policy, force=None)
    with pytest.raises(Refused, match="exchange_force"):
        exchange.offered()


def test_without_a_token_nothing_is_recorded(exchange: Exchange) -> None:
    def away(things: object, bulk: bool) -> Any:
        raise Refused("the key service does not answer: try again")

    exchange.office.desk.tokens = away
    before = exchange.office.count()
    with pytest.raises(Refused, match="does not answer"):
        exchange.offered()
    assert exchange.office.count() == before


def test_withdrawal_takes_the_token_out_and_is_shown_to_each(exchange: Exchange) -> None:
    office, one = exchange.office, exchange.offered()
    offer.withdraw(office.desk, office.reader, str(one)[-8:], "the car was sold")
    assert exchange.left() == [("hexmoor", "end", False), ("kenbrook", "end", False)]
    assert exchange.listed() == []
    told = [OfferStatus(1, "obeyed", exchange.reference())]
    assert take(office.desk, told) == 1
    assert take(office.desk, told) == 0
    assert [row.state for row in exchange.listed(every=True)] == [
        "withdrawn; the hub holds nothing of it"
    ]
    with pytest.raises(Refused, match="ended already"):
        offer.withdraw(office.desk, office.reader, str(one), "again")
    exchange.offered()


def assert_offer_ended(exchange: Exchange, why: str = "no-longer") -> None:
    assert reconsider(exchange.office.desk) == 1
    assert exchange.ended() == [why]
    assert exchange.left() == [("hexmoor", "end", False), ("kenbrook", "end", False)]
    assert reconsider(exchange.office.desk) == 0


def test_an_offer_lasts_until_its_day(exchange: Exchange) -> None:
    exchange.offered(until=date(2011, 3, 20))
    assert reconsider(exchange.office.desk) == 0
    exchange.office.later(48)
    assert_offer_ended(exchange, "expired")


def test_who_is_eliminated_is_offered_no_more(exchange: Exchange) -> None:
    exchange.offered()
    office = exchange.office
    entity.end_classification(office.desk, office.reader, str(exchange.baz), "suspect", "alibi")
    office.agreed(exchange.baz, "end-category")
    assert_offer_ended(exchange)


def test_who_is_eliminated_is_offered_no_more_though_another_suspect_drives_it(
    exchange: Exchange,
) -> None:
    office, other = exchange.office, exchange.office.person("Dean")
    exchange.offered()
    exchange.classed(other, "suspect")
    exchange.tied(other)
    assert reconsider(office.desk) == 0
    entity.end_classification(office.desk, office.reader, str(exchange.baz), "suspect", "alibi")
    office.agreed(exchange.baz, "end-category")
    assert_offer_ended(exchange)


def test_an_account_is_a_childs_on_any_platform_where_one_is_not_known(exchange: Exchange) -> None:
    office, desk, reader = exchange.office, exchange.office.desk, exchange.office.reader
    for his, hers in (("snap: kimmy_x", "kimmy_x"), ("lil_b", "insta: lil_b")):
        links.assert_link(desk, reader, exchange.report, str(exchange.baz), f"handle:{his}", "uses")
        one = exchange.offered(what=f"handle:{his}")
        girl = office.person("Girl", under_18=True)
        links.assert_link(desk, reader, exchange.report, str(girl), f"handle:{hers}", "uses")
        assert reconsider(desk) == 1
        refused(exchange, what=f"handle:{his}")
        with pytest.raises(Refused, match="ended already"):
            offer.withdraw(desk, reader, str(one), "hers")
    his, hers = "insta: big_b", "snap: big_b"  # the same name on two platforms means two accounts
    links.assert_link(desk, reader, exchange.report, str(girl), f"handle:{hers}", "uses")
    links.assert_link(desk, reader, exchange.report, str(exchange.baz), f"handle:{his}", "uses")
    exchange.offered(what=f"handle:{his}")


def test_who_turns_out_to_be_a_victim_is_offered_no_more(exchange: Exchange) -> None:
    exchange.offered()
    exchange.classed(exchange.baz, "victim")
    assert_offer_ended(exchange)


def test_who_is_merged_with_somebody_protected_is_offered_no_more(exchange: Exchange) -> None:
    exchange.offered()
    office = exchange.office
    girl = office.person("Girl", under_18=True)
    identity.judge(office.desk, office.reader, str(exchange.baz), str(girl), "same", "one person")
    office.agreed(exchange.baz, "judge-identity")
    assert_offer_ended(exchange)


def test_what_is_restricted_or_falls_is_offered_no_more(exchange: Exchange) -> None:
    exchange.offered()
    office = exchange.office
    link = office.links()[0].link
    links.retract(office.desk, office.reader, link, "another car")
    office.agreed(link, "retract-link")
    assert_offer_ended(exchange)


def test_a_restricted_suspect_is_offered_no_more(exchange: Exchange) -> None:
    exchange.offered()
    office = exchange.office
    retention.restrict(
        office.desk, office.reader, [exchange.baz], "contested", ground="part-3-s47-2"
    )
    assert_offer_ended(exchange)


def test_what_is_erased_is_offered_no_more_and_others_are_informed(exchange: Exchange) -> None:
    office, one = exchange.office, exchange.offered()
    written = [Redaction(exchange.words, None, "Somebody drives a car.")]
    asked = erasure.propose(office.desk, office.reader, [exchange.baz], "part-3-s47", written)[0].id
    erasure.approve(office.desk, office.somebody("di.okoro"), asked, office.system)
    assert exchange.left() == [("hexmoor", "end", False), ("kenbrook", "end", False)]
    erased = office.events(ProductErased, "product")
    assert [event.kind for event in erased] == ["offer"]
    assert reconsider(office.desk) == 0
    assert take(office.desk, [OfferStatus(1, "obeyed", UUID(int=9))]) == 0
    with pytest.raises(Refused):
        offer.withdraw(office.desk, office.reader, str(one), "gone")


def test_all_is_offered_again_under_another_key(exchange: Exchange) -> None:
    office = exchange.office
    exchange.offered()
    assert offer_again(office.desk) == 0
    exchange.key = 2
    assert offer_again(office.desk) == 1
    assert offer_again(office.desk) == 0
    rows = [row for _, row in office.system.logs["product"].outgoing(0, 9)]
    assert [(row.recipient, row.epoch) for row in rows] == [("hexmoor", 2), ("kenbrook", 2)]
    assert office.events(OfferRenewed, "product") == [OfferRenewed(2)]


def test_what_is_under_a_later_key_is_not_offered_again_under_an_older_one(
    exchange: Exchange,
) -> None:
    """After a change of the key service, offers are not made again with an older key than before.
    Otherwise the hub would store the tokens of the newer key for ever."""
    exchange.key = 1002
    exchange.offered()
    exchange.key = 1
    with pytest.raises(
        Refused,
        match="the exchange now uses key 1, but earlier offers were made under the newer key 1002",
    ):
        offer_again(exchange.office.desk)
    assert len(exchange.left()) == 2


def waiting(office: Office) -> list[DueItem]:
    """Return the open decisions about matches with offers of other forces."""
    with office.system.reading_with_access_log() as db:
        return due.listed(
            db, office.reader, office.desk.clock(), due.DueFilter(clock="offer-match")
        )


def test_a_match_is_reported_silently_and_a_decision_is_due(exchange: Exchange) -> None:
    office, one = exchange.office, exchange.offered()
    found = told(exchange)
    unknown = OfferStatus(
        2, "match", UUID(int=99), "hexmoor", UUID(int=8), "C", date(2011, 3, 7), "P"
    )
    assert take(office.desk, [found, unknown, found]) == 1
    # the hub sends the same message again under another number
    assert take(office.desk, [told(exchange, 5)]) == 0
    assert [event.theirs for event in office.events(OfferMatched, "product")] == [UUID(int=7)]
    (row,) = exchange.matches()
    assert (row.offer, row.force, row.theirs, row.grade) == (one, "hexmoor", UUID(int=7), "C")
    assert (row.records_reference, row.overdue) == ("H/44", False)
    assert [(one.whose, one.chain) for one in waiting(office)] == [
        ("an intelligence-officer of Engage", ("dci",))
    ]
    office.later(25)
    assert exchange.matches()[0].overdue
    before = exchange.left()
    offer.decide_contact(
        office.desk, office.reader, str(one), "hexmoor", "contact", "girls of ours"
    )
    assert exchange.left() == before  # the other force is not informed of the decision
    assert (exchange.matches(), waiting(office)) == ([], [])
    (row,) = exchange.matches(every=True)
    assert (row.contact, row.decided_by) == ("contact", office.reader.name)


def test_a_match_ends_with_our_own_offer(exchange: Exchange) -> None:
    office, one = exchange.office, exchange.offered()
    take(office.desk, [told(exchange)])
    exchange.classed(exchange.baz, "victim")
    assert_offer_ended(exchange)
    assert (exchange.matches(), waiting(office)) == ([], [])
    assert [row.over for row in exchange.matches(every=True)] == [True]
    with pytest.raises(Refused, match="no offer of hexmoor"):
        offer.decide_contact(office.desk, office.reader, str(one), "hexmoor", "contact", "late")


def test_what_the_hub_tells_while_somebody_else_writes_is_recorded(exchange: Exchange) -> None:
    """A message from the hub is recorded even if another process writes at the same moment. (The
    hub deletes a message once it is acknowledged.)"""
    office = exchange.office
    exchange.offered()
    save, raced = office.desk.save, [LostRace("somebody else wrote first")]

    def saving(prepared: Any) -> Any:
        if raced:
            raise raced.pop()
        return save(prepared)

    office.desk.save = saving  # type: ignore[method-assign]
    assert take(office.desk, [told(exchange)]) == 1
    assert [row.force for row in exchange.matches()] == ["hexmoor"]


def test_what_is_offered_under_a_key_again_is_looked_at_first(exchange: Exchange) -> None:
    office = exchange.office
    exchange.offered()
    exchange.key = 2
    retention.restrict(
        office.desk, office.reader, [office.links()[0].b], "contested", ground="part-3-s47-2"
    )
    assert offer_again(office.desk) == 0
    assert exchange.ended() == ["no-longer"]


@pytest.mark.parametrize("lacking", ["force", "theirs", "grade", "week", "handling"])
def test_a_match_without_what_it_is_is_no_match(exchange: Exchange, lacking: str) -> None:
    exchange.offered()
    with pytest.raises(Refused, match="the hub reported a match without the other force's name"):
        take(exchange.office.desk, [msgspec.structs.replace(told(exchange), **{lacking: None})])


def test_a_match_ends_with_the_other_forces_offer(exchange: Exchange) -> None:
    office = exchange.office
    exchange.offered()
    take(office.desk, [told(exchange)])
    over = OfferStatus(2, "match-ended", exchange.reference(), "hexmoor", UUID(int=7))
    assert take(office.desk, [over]) == 1
    # a handover file of an older version contains the event in this form
    assert take(office.desk, [told(exchange), over]) == 0
    assert (exchange.matches(), waiting(office)) == ([], [])
    assert [row.over for row in exchange.matches(every=True)] == [True]


def test_only_force_intelligence_offers_and_reads_what_is_offered(exchange: Exchange) -> None:
    office, one = exchange.office, exchange.offered()
    detective = Rights(("detective",), (office.reader.team,)).of(office.reader)
    officer = FORCE_INTELLIGENCE.of(office.reader)
    with office.system.reading() as db:
        assert [row.id for row in view.offered(db, officer)] == [one]
        assert view.offered(db, detective) == []
        assert view.matched(db, detective, office.desk.clock()) == []
    with pytest.raises(Denied):
        exchange.offered(reader=detective)
    with pytest.raises(Denied):
        offer.withdraw(office.desk, detective, str(one), "why")
    with pytest.raises(Hidden):
        offer.withdraw(office.desk, officer, "0000", "why")
    offer.withdraw(office.desk, officer, str(one), "why")

"""Data that contradict each other are recorded with a flag if they describe a past event. If they
describe a new action of the user's own team, they are refused."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from commands.families import referral
from commands.intelligence import identity
from commands.justice import arrest_to_result, evidence
from commands.justice.arrest_to_result import OutcomeSubject
from commands.kernel import entity
from commands.kernel.item_references import UNNAMED
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Receipt, facts
from domain.justice.arrest_to_result import NoticeServed, ResultRecorded
from domain.justice.evidence import EvidenceGathered
from domain.kernel.codes import CareStatus, ResultKind
from domain.kernel.envelope import Submission
from domain.kernel.values import Refused
from projections.composed import odd
from tests.commands.office import Office

KNOWN = ("none-known",)


def codes(office: Office, *items: UUID) -> list[str]:
    with office.system.reading() as db:
        assert {
            inconsistency.id for inconsistency in odd.list_inconsistencies(db, office.reader)
        } >= {one.id for one in odd.of(db, office.reader, items)}
        return [one.code for one in odd.of(db, office.reader, items)]


def child(office: Office, born: date | None) -> UUID:
    return entity.record_person(office.desk, office.reader, name="Kay Moss", born=born).id


def notice(office: Office, born: date | None, **told: Any) -> Receipt:
    further = {name: told.pop(name) for name in ("care", "issue", "command_id") if name in told}
    basis = told.pop("basis", "s2-caa-1984")
    made = NoticeServed(office.person(), child(office, born), basis, **told)
    return arrest_to_result.serve_notice(
        office.desk, office.reader, made, because_of=KNOWN, **further
    )


@pytest.mark.parametrize(
    ("born", "told", "found"),
    [
        (date(1996, 5, 4), {}, []),
        (date(1989, 5, 4), {}, ["notice-child-too-old"]),
        (date(1995, 3, 18), {}, ["notice-child-too-old"]),  # the child is exactly 16 on that day
        (date(1996, 5, 4), {"expires": date(2030, 1, 1)}, ["notice-past-birthday"]),
        (date(1996, 5, 4), {"expires": date(2012, 5, 4)}, []),
        (None, {}, ["notice-birth-not-known"]),
        (date(1994, 5, 4), {"basis": "s49-ca-1989", "care": "care-order"}, []),
        (date(1994, 5, 4), {"basis": "s49-ca-1989", "care": "police-protection"}, []),
        (date(1994, 5, 4), {"basis": "s49-ca-1989"}, ["notice-child-not-in-care"]),
        (
            date(1994, 5, 4),
            {"basis": "s49-ca-1989", "care": "accommodated"},
            ["notice-child-not-in-care"],
        ),
        (
            date(1990, 5, 4),
            {"basis": "s49-ca-1989", "care": "none"},
            ["notice-child-too-old", "notice-child-not-in-care"],
        ),
    ],
)
def test_a_notice_that_was_served_is_kept_and_one_to_be_issued_is_refused(
    office: Office, born: date | None, told: dict[str, Any], found: list[str]
) -> None:
    assert codes(office, notice(office, born, **told).id) == found
    if found:
        with pytest.raises(Refused, match="cannot be issued"):
            notice(office, born, issue=True, **told)
    else:
        notice(office, born, issue=True, **told)


def test_a_birth_that_becomes_known_later_makes_a_notice_odd(office: Office) -> None:
    served = notice(office, None)
    kay, _ = entity.find(office.desk, office.reader, "Kay Moss")
    twin = entity.record_person(
        office.desk, office.reader, name="Kayleigh Moss", born=date(1990, 1, 2)
    ).id
    identity.judge(office.desk, office.reader, str(kay), str(twin), "same", "one card")
    assert codes(office, served.id) == ["notice-child-too-old"]


def result(office: Office, kind: ResultKind, person: UUID | None, **told: Any) -> Receipt:
    made = ResultRecorded(kind, person, **told)
    return arrest_to_result.record(office.desk, office.reader, made, because_of=KNOWN)


@pytest.mark.parametrize("kind", ["sentenced", "registered-sex-offender"])
@pytest.mark.usually_on("sqlite")
def test_a_sentence_is_odd_until_a_conviction_of_that_person_is_recorded(
    either: Office, kind: ResultKind
) -> None:
    baz, other = either.person("Baz"), either.person("Bazza")
    came = result(either, kind, baz, sentence_months=30)
    result(either, "convicted", either.person("Somebody else"))
    assert codes(either, came.id) == ["sentence-without-conviction"]
    result(either, "convicted", other)
    assert codes(either, came.id) == ["sentence-without-conviction"]
    identity.judge(either.desk, either.reader, str(baz), str(other), "same", "one phone")
    assert codes(either, came.id) == []


def test_no_further_action_has_a_coded_reason_and_two_who_decide(office: Office) -> None:
    baz = office.person()
    with pytest.raises(Refused, match="coded reason"):
        result(office, "nfa-other", baz)
    with pytest.raises(Refused, match="coded reason"):
        result(office, "nfa-other", baz, rationale="  ")
    assert result(office, "nfa-no-account", baz, decided_by=("ds.hart", " DS.Hart ")).proposed
    both = office.agreed(baz, "no-further-action")
    assert codes(office, both.id) == []
    (decided,) = office.events(ResultRecorded)
    assert len(decided.decided_by) == 2


def test_no_further_action_that_one_person_decided_before_it_took_two_is_odd(
    office: Office,
) -> None:
    alone = ResultRecorded("nfa-no-account", office.person(), decided_by=("ds.hart", " DS.Hart "))
    stream, command = office.desk.new_id(), office.desk.new_random_id()
    made = Submission(command, b"", facts(office.reader, stream, 0, (alone,), KNOWN))
    office.desk.save([Prepared(stream, {"evidence": made}, office.reader)])
    assert codes(office, stream) == ["nfa-decided-by-one"]


def test_what_is_dated_ahead_is_kept_and_odd(office: Office) -> None:
    ahead = datetime(2030, 1, 1, tzinfo=UTC)
    came = result(office, "convicted", office.person(), happened=ahead)
    assert codes(office, came.id) == ["dated-ahead"]
    with pytest.raises(Refused, match="give the length of the sentence in months, 0 or more"):
        result(office, "sentenced", office.person(), sentence_months=-1)


def gather(office: Office, mark: str, case: UUID | None, *words: UUID) -> UUID:
    item = EvidenceGathered("exhibit", mark, words, case)
    return evidence.gather(office.desk, office.reader, item).id


@pytest.mark.usually_on("sqlite")
def test_one_mark_twice_in_one_case_is_kept_and_odd(either: Office) -> None:
    case, elsewhere = either.case(), either.case("Somebody else")
    words = either.words(case=str(case))
    first = gather(either, "AB1", case)
    assert codes(either, first) == []
    second = gather(either, " ab/1", case)
    # the deadline belongs to the case of the entry that led to the evidence
    third = gather(either, "AB 1", None, words)
    gather(either, "AB1", elsewhere)
    gather(either, "AB1", None)
    assert codes(either, first, second, third) == ["mark-used-twice"] * 3
    with either.system.reading() as db:
        assert {
            inconsistency.id for inconsistency in odd.list_inconsistencies(db, either.reader)
        } == {
            first,
            second,
            third,
        }


@pytest.mark.parametrize("born", [date(2030, 1, 1), date(1820, 5, 4), date(2011, 3, 19)])
def test_a_mistyped_birth_is_refused(office: Office, born: date) -> None:
    kay = child(office, None)
    for tried in (
        lambda: child(office, born),
        lambda: entity.record_age(office.desk, office.reader, str(kay), None, born, None),
        lambda: referral.receive(office.desk, office.reader, child="Ellie Stone", born=born),
    ):
        with pytest.raises(Refused, match="date of birth"):
            tried()


@pytest.mark.parametrize("care", ["police-protection", None])
def test_an_outcome_sent_twice_is_one_whatever_was_merged_meanwhile(
    either: Office, care: CareStatus | None
) -> None:
    child(either, date(1996, 5, 4))
    either.person("Baz")
    made = NoticeServed(UNNAMED, UNNAMED, "s49-ca-1989")
    command = uuid4()
    named = OutcomeSubject("Baz", "Kay Moss")

    def tell() -> Receipt:
        return arrest_to_result.serve_notice(
            either.desk,
            either.reader,
            made,
            because_of=KNOWN,
            named=named,
            care=care,
            command_id=command,
        )

    first = tell()
    either.person("Baz")  # from now on, two people have the name Baz
    assert tell() == first


def test_a_name_that_fits_a_car_is_no_person(office: Office) -> None:
    office.words()
    made = ResultRecorded("convicted")
    with pytest.raises(Refused):
        arrest_to_result.record(
            office.desk,
            office.reader,
            made,
            because_of=KNOWN,
            named=OutcomeSubject("vehicle:PK95ABC"),
        )

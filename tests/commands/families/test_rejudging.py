"""A fact that is recorded after a decision reopens the decision if the rule would now decide
differently.
"""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import msgspec
import pytest

from commands.families import casework, family_member, need, referral, rejudging
from commands.families import child as child_facts
from commands.families.open_matters import describe_open_matters, list_open_matters
from commands.information import observation, shared_mentions
from commands.intelligence import identity, links
from commands.justice import arrest_to_result
from commands.kernel import entity
from commands.kernel.item_references import UNNAMED
from commands.people_and_teams import due, two_person
from domain.families.family_member import MemberNamed
from domain.families.need import ThreatTold
from domain.families.referral import MissingReported, ThresholdAssessed
from domain.justice.arrest_to_result import ArrestMade, ResultRecorded
from domain.kernel.codes import Exit, ResultKind
from domain.kernel.values import Mention, Reader, Refused
from projections.composed import odd
from projections.due import DueFilter
from projections.families import cases
from questions.justice import reopen_proposals
from tests.access.staff import Staff
from tests.commands.office import Office


def rated_low(office: Office) -> tuple[UUID, UUID]:
    """Record a case of a girl of fourteen that is rated low; return the ids of the case and the
    girl.
    """
    case = office.case("Holly Ashby")
    with office.system.reading() as db:
        child = cases.children(db, office.reader, case)[case]
    born(office, child, date(1997, 1, 5))
    casework.assess_threshold(office.desk, office.reader, str(case), "low", reason="settled")
    return case, child


def born(office: Office, who: UUID, day: date) -> None:
    entity.record_age(office.desk, office.reader, str(who), None, day, None)


def case_row(office: Office, case: UUID) -> cases.Case:
    with office.system.reading() as db:
        found = cases.get(db, office.reader, case)
    assert found
    return found


def younger(office: Office, child: UUID) -> None:
    born(office, child, date(1999, 1, 5))


def disabled(office: Office, child: UUID) -> None:
    entity.record_learning_disability(office.desk, office.reader, str(child), True, "school")


def same_as_a_younger(office: Office, child: UUID) -> None:
    other = office.person("Hols")
    younger(office, other)
    identity.judge(office.desk, office.reader, str(child), str(other), "same", "one girl")


@pytest.mark.parametrize(
    ("later", "lacked"),
    [
        (younger, "this child is under 13"),
        (disabled, "this child has a learning disability"),
        (same_as_a_younger, "this child is under 13"),
    ],
)
def test_a_later_fact_reopens_a_low_rating(
    either: Office, later: Callable[[Office, UUID], None], lacked: str
) -> None:
    case, child = rated_low(either)
    assert rejudging.reopen(either.desk) == 0
    either.later(24 * 30)
    later(either, child)
    assert rejudging.reopen(either.desk, dict(either.desk.recorded)) == 1
    assert rejudging.reopen(either.desk) == 0
    found = case_row(either, case)
    assert found.threshold == "medium"
    assert found.flags == (f"rated low without knowing: {lacked}",)
    with either.system.reading() as db:
        odd_now = [
            (inconsistency.code, inconsistency.words)
            for inconsistency in odd.list_inconsistencies(db, either.reader)
        ]
    assert ("rated-low-without-knowing", f"rated low without knowing: {lacked}") in odd_now
    conflict = [words for code, words in odd_now if code == "ages-conflict"]
    assert bool(conflict) == (later is not disabled)
    assert all("born 5 January 1997; born 5 January 1999" in words for words in conflict)
    asked = DueFilter(clock="threshold-reassessment")
    (row,) = due.list_due(either.desk, either.reader, either.system.clock(), asked)
    assert row.due - either.system.clock() < timedelta(days=4)
    history = either.desk.logs["evidence"].history(case)
    assert [f.event.level for f in history if isinstance(f.event, ThresholdAssessed)] == ["low"]
    reader, override = either.reader, "seen every week"
    casework.assess_threshold(
        either.desk, reader, str(case), "low", reason="settled", override=override
    )
    assert case_row(either, case).threshold == "medium", "low again is proposed to a second person"


def test_ages_that_conflict_are_said_beside_each_other(either: Office) -> None:
    _, child = rated_low(either)

    def known() -> child_facts.ChildFacts:
        with either.system.reading() as db:
            return child_facts.visible_facts(either.desk, db, either.reader, child)

    assert known().ages_in_words == ("under 18", "born 5 January 1997")
    assert not known().conflict
    younger(either, child)
    assert known().ages_in_words == ("under 18", "born 5 January 1997", "born 5 January 1999")
    assert known().conflict


def test_what_another_team_alone_knows_is_not_reported_with_the_rating(office: Office) -> None:
    case, child = rated_low(office)
    staff = Staff(office)
    staff.hire("ds.hale", "detective")
    far = msgspec.structs.replace(office.reader, team="Deter")
    twin = entity.record_person(office.desk, far, name="Hols").id
    entity.record_age(office.desk, far, str(twin), None, date(1999, 1, 5), None)
    identity.judge(office.desk, far, str(child), str(twin), "same", "one girl")
    assert rejudging.reopen(office.desk) == 1
    assert case_row(office, case).flags == (f"rated low without knowing: {child_facts.HIDDEN}",)
    detective = staff.now("ds.hale")
    with pytest.raises(Refused, match="a record that you may not see") as refused:
        casework.assess_threshold(office.desk, detective, str(case), "low", reason="settled")
    assert "13" not in str(refused.value)


# --- exits, and decisions on no further action ---------------------------------------------------


def record_exit(office: Office, outcome: Exit = "protected") -> tuple[UUID, UUID]:
    """Record that two people decided that a girl left harm's way; return the ids of the case and
    the girl.
    """
    case = office.case("Holly Ashby")
    with office.system.reading() as db:
        child = cases.children(db, office.reader, case)[case]
    casework.assess_exit(office.desk, office.reader, str(case), outcome, "settled")
    office.agreed(case, "exit", "looked through by both")
    office.later()
    assert rejudging.reopen(office.desk) == 0
    office.desk.recorded.clear()
    return case, child


def a_suspect(office: Office, case: UUID, child: UUID) -> None:
    man = office.person("Baz", categories=(("suspect", "named by two"),))
    link_people(office, man, child)


def link_people(office: Office, man: UUID, child: UUID) -> None:
    words = office.words("He meets her")
    links.assert_link(office.desk, office.reader, words, str(man), str(child), "contact")


def report_missing(office: Office, case: UUID, child: UUID) -> None:
    casework.report_missing(office.desk, office.reader, str(case), MissingReported())


def threatened(office: Office, case: UUID, child: UUID) -> None:
    told = ThreatTold(case, "child", "message", "he knows her school")
    need.threaten(office.desk, office.reader, told, str(case))


def younger_than_18(office: Office, case: UUID, child: UUID) -> None:
    younger(office, child)


@pytest.mark.parametrize(
    ("outcome", "later", "lacked"),
    [
        ("protected", a_suspect, "1 open suspect"),
        ("no-longer-at-risk", report_missing, "1 missing child"),
        ("protected", threatened, "1 unanswered threat"),
        ("moved-to-adult-services", younger_than_18, "this child is under 18"),
    ],
)
def test_a_later_fact_reopens_an_exit(
    office: Office, outcome: Exit, later: Callable[[Office, UUID, UUID], None], lacked: str
) -> None:
    case, child = record_exit(office, outcome)
    assert case_row(office, case).exit == outcome
    later(office, case, child)
    assert rejudging.reopen(office.desk, dict(office.desk.recorded)) == 1
    assert rejudging.reopen(office.desk) == 0
    found = case_row(office, case)
    assert found.exit is None
    assert f"exit without knowing: {lacked}" in found.flags
    rows = due.list_due(office.desk, office.reader, office.system.clock(), DueFilter())
    assert not [row for row in rows if row.clock == "adult-services"]
    (row,) = (row for row in rows if row.clock == "threshold-reassessment")
    assert row.due - office.system.clock() < timedelta(days=4)


def test_an_exit_that_is_decided_again_loses_its_flag(office: Office) -> None:
    case, child = record_exit(office)
    a_suspect(office, case, child)
    assert rejudging.reopen(office.desk) == 1
    casework.assess_exit(office.desk, office.reader, str(case), "protected", "she moved away")
    office.agreed(case, "exit", "he is far away")
    assert rejudging.reopen(office.desk) == 0
    assert case_row(office, case).exit == "protected"
    assert not case_row(office, case).flags


def test_what_was_open_when_the_exit_was_decided_reopens_nothing(office: Office) -> None:
    case = office.case("Holly Ashby")
    with office.system.reading() as db:
        child = cases.children(db, office.reader, case)[case]
    a_suspect(office, case, child)
    casework.assess_exit(office.desk, office.reader, str(case), "protected", "settled")
    office.agreed(case, "exit", "he is far away")
    assert rejudging.reopen(office.desk) == 0


def test_a_suspect_of_another_team_reopens_an_exit_and_is_not_informed(office: Office) -> None:
    case, child = record_exit(office)
    far = msgspec.structs.replace(office.reader, team="Deter")
    man = entity.record_person(office.desk, far, name="Vic").id
    entity.classify(office.desk, far, str(man), "suspect", "named")
    words = observation.record(office.desk, far, words="He meets her").id
    links.assert_link(office.desk, far, words, str(man), str(child), "contact")
    assert rejudging.reopen(office.desk, dict(office.desk.recorded)) == 1
    assert case_row(office, case).flags == (f"exit without knowing: {child_facts.HIDDEN}",)


def arrested(office: Office, man: UUID, child: UUID) -> None:
    arrest_to_result.record(office.desk, office.reader, ArrestMade(man), because_of=("none-known",))


def judged_the_same(office: Office, man: UUID, child: UUID) -> None:
    twin = office.person("Bazza")
    link_people(office, twin, child)
    assert rejudging.reopen(office.desk) == 0
    identity.judge(office.desk, office.reader, str(twin), str(man), "same", "one phone")


def seen_in_his_car(office: Office, man: UUID, child: UUID) -> None:
    desk, reader, words = office.desk, office.reader, office.words("She got into his car")
    links.assert_link(desk, reader, words, str(man), "vehicle:PK95 ABC", "driver-of")
    assert rejudging.reopen(desk) == 0
    links.assert_link(desk, reader, words, str(child), "vehicle:PK95 ABC", "passenger-of")


def of_her_family(office: Office, man: UUID, child: UUID) -> None:
    with office.system.reading() as db:
        (case,) = cases.of_children(db, {child})
    one = MemberNamed(UNNAMED, UNNAMED, "step-parent")
    family_member.name(office.desk, office.reader, one, str(case), str(man))


def no_further_action(office: Office, man: UUID | None, case: UUID) -> None:
    result = ResultRecorded("nfa-other", man, case, rationale="abroad all that year")
    arrest_to_result.record(office.desk, office.reader, result, because_of=("none-known",))
    office.agreed(case, "no-further-action")
    office.later()


def not_pursued(office: Office) -> tuple[UUID, UUID, UUID]:
    """Record a case with no further action about a suspect; return the ids of the case, the suspect
    and the girl.
    """
    case = office.case("Holly Ashby")
    with office.system.reading() as db:
        child = cases.children(db, office.reader, case)[case]
    man = office.person("Baz", categories=(("suspect", "named by two"),))
    no_further_action(office, man, case)
    assert rejudging.reopen(office.desk) == 0
    return case, man, child


def suspects(office: Office, case: UUID) -> list[UUID]:
    return [
        open_matter.id
        for open_matter in list_open_matters(office.desk, case)
        if open_matter.kind == "suspect"
    ]


@pytest.mark.parametrize(
    ("later", "lacked"),
    [
        (link_people, "a tie with a child"),
        (arrested, "a later arrest"),
        (judged_the_same, "a tie with a child"),
        (seen_in_his_car, "a tie with a child"),
        (of_her_family, "a tie with a child"),
    ],
)
def test_a_later_fact_reopens_no_further_action(
    either: Office, later: Callable[[Office, UUID, UUID], None], lacked: str
) -> None:
    office = either
    case, man, child = not_pursued(office)
    asked = DueFilter(clock="no-action-review")
    (before,) = due.list_due(office.desk, office.reader, office.system.clock(), asked)
    office.desk.recorded.clear()
    assert suspects(office, case) == []
    later(office, man, child)
    assert len(suspects(office, case)) == 1, "before the follower looked"
    assert rejudging.reopen(office.desk, dict(office.desk.recorded)) == 1
    assert rejudging.reopen(office.desk) == 0
    assert f"no further action without knowing: {lacked}" in case_row(office, case).flags
    (after,) = due.list_due(office.desk, office.reader, office.system.clock(), asked)
    assert after.due < before.due
    assert after.due - office.system.clock() < timedelta(days=4)
    assert after.owner == before.owner, "it is still theirs"
    assert len(suspects(office, case)) == 1
    made = two_person.close(office.desk, office.reader, str(case), "settled")
    assert "1 open suspect" in (describe_open_matters(office.desk, made) or "")
    with pytest.raises(Refused, match="1 open suspect"):
        office.agreed(case, "close")


@pytest.mark.usually_on("sqlite")
def test_no_further_action_decided_again_ends_what_was_open(office: Office) -> None:
    case, man, child = not_pursued(office)
    link_people(office, man, child)
    assert rejudging.reopen(office.desk) == 1
    assert suspects(office, case) == [man]
    no_further_action(office, man, case)
    assert rejudging.reopen(office.desk) == 0
    assert suspects(office, case) == []


def at_the_gate(office: Office, case: UUID | None = None) -> UUID:
    """Record a log entry that mentions a car's number plate; file it in this case if a case is
    given. Return the entry's id."""
    plate = Mention(0, 7, "vrm", "PK95ABC", 0.9)
    filed = str(case) if case else None
    return office.words("PK95ABC at the gate", mentions=(plate,), case=filed)


@pytest.mark.parametrize(
    ("kind", "confirmed"),
    [
        ("nfa-no-suspect", True),
        ("nfa-no-suspect", False),
        ("not-prosecuted-best-interests", True),
    ],
)
def test_later_words_that_say_the_same_reopen_no_further_action(
    either: Office, kind: ResultKind, confirmed: bool
) -> None:
    office = either
    case = office.case("Holly Ashby")
    before = at_the_gate(office, case)
    result = ResultRecorded(
        kind,
        None,
        case,
        rationale="a trial would harm her",
        parents_view="they agree",
        childs_view="not recorded: she was too distressed",
        decided_by=("ds.hart", "mgr.quill"),
    )
    arrest_to_result.record(office.desk, office.reader, result, because_of=("none-known",))
    office.agreed(case, "no-further-action")
    office.later()
    later = at_the_gate(office)
    office.assessed(later)
    office.desk.recorded.clear()
    with office.system.reading() as db:
        (proposed,) = reopen_proposals.list_proposals(db, office.reader)
    assert (proposed.case, proposed.decision) == (case, kind)
    assert (proposed.words, proposed.said) == (later, before)
    assert proposed.shared == ("the plate PK95ABC",)
    join = str(proposed.join)
    if confirmed:
        shared_mentions.confirm(office.desk, office.reader, join, "the same dent")
    else:
        shared_mentions.dismiss(office.desk, office.reader, join, "another car")
    assert rejudging.reopen(office.desk, dict(office.desk.recorded)) == confirmed
    assert rejudging.reopen(office.desk) == 0
    flag = "no further action without knowing: later words that say the same"
    assert (flag in case_row(office, case).flags) == confirmed
    with office.system.reading() as db:
        assert reopen_proposals.list_proposals(db, office.reader) == [], "somebody has decided"


@pytest.mark.usually_on("sqlite")
def test_later_words_are_proposed_once_graded_and_to_who_may_know_of_both(office: Office) -> None:
    case = office.case("Holly Ashby")
    at_the_gate(office, case)
    result = ResultRecorded("nfa-insufficient-evidence", None, case)
    arrest_to_result.record(office.desk, office.reader, result, because_of=("none-known",))
    office.agreed(case, "no-further-action")
    office.later()
    later = at_the_gate(office)

    def proposed(reader: Reader) -> list[UUID]:
        with office.system.reading() as db:
            return [proposal.words for proposal in reopen_proposals.list_proposals(db, reader)]

    assert proposed(office.reader) == [], "it would influence the grade"
    office.assessed(later)
    assert proposed(office.reader) == [later]
    staff = Staff(office)
    staff.hire("dc.far", "detective", teams=["Freedom"])
    staff.hire("psw.ellis", "psw")
    assert proposed(staff.now("dc.far")) == proposed(staff.now("psw.ellis")) == []


@pytest.mark.usually_on("sqlite")
def test_no_further_action_of_a_closed_case_is_opened_again_for_somebody_who_may_act(
    office: Office,
) -> None:
    case, man, child = not_pursued(office)
    office.closed(case)
    asked = DueFilter(clock="no-action-review")
    (row,) = due.list_due(office.desk, office.reader, office.system.clock(), asked)
    due.answer(office.desk, office.reader, row.id, "done", "looked at")
    office.later()
    link_people(office, man, child)
    assert rejudging.reopen(office.desk) == 1
    (again,) = due.list_due(office.desk, office.reader, office.system.clock(), asked)
    assert again.owner is None, "a detective of the team"
    with office.system.reading() as db:
        codes = {
            inconsistency.code for inconsistency in odd.list_inconsistencies(db, office.reader)
        }
    assert "no-further-action-without-knowing" in codes


@pytest.mark.usually_on("sqlite")
def test_who_is_open_again_reopens_an_exit(office: Office) -> None:
    case, man, child = not_pursued(office)
    casework.assess_exit(office.desk, office.reader, str(case), "protected", "settled")
    office.agreed(case, "exit")
    office.later()
    assert rejudging.reopen(office.desk) == 0
    office.desk.recorded.clear()
    of_her_family(office, man, child)
    assert rejudging.reopen(office.desk, dict(office.desk.recorded)) == 2
    assert rejudging.reopen(office.desk) == 0
    assert "exit without knowing: 1 open suspect" in case_row(office, case).flags
    assert case_row(office, case).exit is None


@pytest.mark.usually_on("sqlite")
def test_a_result_about_another_ends_nothing_that_was_opened_again(office: Office) -> None:
    case, man, child = not_pursued(office)
    other = office.person("Gaz", categories=(("suspect", "named by two"),))
    link_people(office, man, child)
    assert rejudging.reopen(office.desk) == 1
    no_further_action(office, other, case)
    flag = "no further action without knowing: a tie with a child"
    assert flag in case_row(office, case).flags
    assert suspects(office, case) == [man]
    no_further_action(office, man, case)
    assert flag not in case_row(office, case).flags


@pytest.mark.usually_on("sqlite")
def test_who_is_cleared_after_it_was_opened_again_is_open_no_more(office: Office) -> None:
    case, man, child = not_pursued(office)
    link_people(office, man, child)
    assert rejudging.reopen(office.desk) == 1
    office.later()
    entity.classify(office.desk, office.reader, str(man), "eliminated", "he is in another country")
    assert suspects(office, case) == [man], "one person clears nobody"
    office.agreed(man, "clear-person")
    assert suspects(office, case) == []
    arrested(office, man, child)
    assert suspects(office, case) == []


@pytest.mark.usually_on("sqlite")
def test_a_conviction_ends_no_arrest_that_comes_after_it(office: Office) -> None:
    case, man, _ = not_pursued(office)
    for told in (ArrestMade(man, case), ResultRecorded("convicted", man, case)):
        arrest_to_result.record(office.desk, office.reader, told, because_of=("none-known",))
        office.later()
    assert suspects(office, case) == []
    again = ArrestMade(man, case)
    arrest_to_result.record(office.desk, office.reader, again, because_of=("none-known",))
    assert suspects(office, case) == [man]


@pytest.mark.usually_on("sqlite")
def test_who_is_open_again_is_open_in_the_case_of_the_child_he_is_tied_to(office: Office) -> None:
    case, man, _ = not_pursued(office)
    other = office.case("Jade Stone")
    with office.system.reading() as db:
        her = cases.children(db, office.reader, other)[other]
    entity.end_classification(office.desk, office.reader, str(man), "suspect", "named in error")
    office.agreed(man, "end-category")
    assert suspects(office, other) == []
    link_people(office, man, her)
    assert suspects(office, other) == suspects(office, case) == [man]


@pytest.mark.usually_on("sqlite")
@pytest.mark.parametrize("first", ["tie", "suspicion"])
def test_a_suspect_who_is_found_reopens_a_case_without_one(office: Office, first: str) -> None:
    case = office.case("Holly Ashby")
    with office.system.reading() as db:
        child = cases.children(db, office.reader, case)[case]
    man = office.person("Baz")
    if first == "tie":
        link_people(office, man, child)
    result = ResultRecorded("nfa-no-suspect", None, case)
    arrest_to_result.record(office.desk, office.reader, result, because_of=("none-known",))
    office.agreed(case, "no-further-action")
    office.later()
    assert rejudging.reopen(office.desk) == 0
    office.desk.recorded.clear()
    entity.classify(office.desk, office.reader, str(man), "suspect", "named by two")
    if first == "suspicion":
        link_people(office, man, child)
    assert rejudging.reopen(office.desk, dict(office.desk.recorded)) == 1
    flag = "no further action without knowing: a tie with a suspect"
    assert flag in case_row(office, case).flags
    assert suspects(office, case) == [man]


@pytest.mark.usually_on("sqlite")
@pytest.mark.parametrize("told", ["age", "case"])
def test_that_she_is_a_child_is_learned_after_no_further_action(office: Office, told: str) -> None:
    case, man, _ = not_pursued(office)
    girl = office.person("Jo")
    link_people(office, man, girl)
    office.desk.recorded.clear()
    assert suspects(office, case) == []
    if told == "age":
        younger(office, girl)
    else:
        referral.receive(office.desk, office.reader, who=str(girl))
    assert rejudging.reopen(office.desk, dict(office.desk.recorded)) == 1
    assert suspects(office, case) == [man]

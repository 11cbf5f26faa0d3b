"""The child's worker records the members of the family; their relationships to the child are the
charity's records. Another child at risk in the family gets a decision and is not treated as a
suspect."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from commands.families import casework, family_contact, family_member, referral
from commands.kernel import entity
from commands.kernel.item_references import UNNAMED
from domain.families.family_contact import FamilyTold
from domain.families.family_member import (
    AtRiskAssessed,
    AtRiskNamed,
    CareTold,
    EngagementTold,
    MemberNamed,
    RelationAssessed,
)
from domain.families.referral import WorkerAllocated
from domain.kernel.codes import ChildTie
from domain.kernel.values import Hidden, Reader, Refused
from projections import due
from projections.families import family_members
from projections.intelligence import links, people
from projections.intelligence.people import entities
from questions.families import people_of_family
from tests.access.rights import Rights
from tests.commands.office import Office

MARCH, REVIEW = date(2011, 3, 1), date(2011, 6, 18)


def record_member(
    office: Office, case: UUID, who: str, tie: str = "mother", **told: object
) -> UUID:
    """Record a person as a member of the child's family, with this relationship to the child."""
    person = office.person(who)
    one = MemberNamed(UNNAMED, UNNAMED, tie, **told)  # type: ignore[arg-type]
    family_member.name(office.desk, office.reader, one, str(case), str(person))
    return person


def at_risk(office: Office, case: UUID, who: str, tie: ChildTie = "sibling") -> UUID:
    one = AtRiskNamed(UNNAMED, UNNAMED, tie, ("left-out",), "nobody fetches her from school")
    return family_member.name_at_risk(office.desk, office.reader, one, str(case), who).id


def people_shown(
    office: Office, case: UUID, reader: Reader | None = None
) -> people_of_family.People:
    with office.system.reading() as db:
        return people_of_family.of_family(office.desk, db, reader or office.reader, case)


def test_who_cares_for_the_child_is_known_of_each_day(either: Office) -> None:
    """Requirement R3: the product shows who cared for the child on a day; the carer may be another
    person than the person with parental responsibility.
    """
    case = either.case("Kayleigh Marlow")
    record_member(either, case, "Dawn Marlow", responsibility="has")
    record_member(either, case, "Nan Marlow", "grandparent", responsibility="has-not")
    for who, state, on in (
        ("Dawn Marlow", "cares", date(2010, 1, 1)),
        ("Dawn Marlow", "no-longer", MARCH),
        ("Nan Marlow", "cares", MARCH),
    ):
        told = CareTold(UNNAMED, UNNAMED, state, on)  # type: ignore[arg-type]
        family_member.tell_care(either.desk, either.reader, told, str(case), who)
    found = {
        member.who: (member.tie, member.cares, member.since)
        for member in people_shown(either, case).members
    }
    assert found == {
        "Dawn Marlow": ("mother", False, MARCH),
        "Nan Marlow": ("grandparent", True, MARCH),
    }
    with either.system.reading() as db:
        before = family_members.members(db, either.reader, case, MARCH - timedelta(days=1))
    assert [one.cares for one in before] == [True, None]


@pytest.mark.usually_on("sqlite")
def test_sent_again_it_replaces_what_was_reported(either: Office) -> None:
    case = either.case("Kayleigh Marlow")
    person = record_member(either, case, "Lee Marlow", "step-parent")
    again = MemberNamed(UNNAMED, UNNAMED, "father", "has", "the birth certificate")
    family_member.name(either.desk, either.reader, again, str(case), str(person))
    engaged = EngagementTold(UNNAMED, UNNAMED, "declined", "not this month")
    family_member.tell_engagement(either.desk, either.reader, engaged, str(case), "Lee Marlow")
    (one,) = people_shown(either, case).members
    assert (one.tie, one.responsibility, one.engagement) == ("father", "has", "declined")


def test_a_carer_who_is_paid_is_shown_with_who_employs_them(office: Office) -> None:
    """Requirement R2: a paid carer is shown with the kind of employer."""
    case = office.case("Kayleigh Marlow")
    record_member(office, case, "Pat Rowan", "carer", employer="fostering-agency")
    (one,) = people_shown(office, case).members
    assert (one.tie, one.employer, one.responsibility) == (
        "carer",
        "fostering-agency",
        "not-known",
    )


@pytest.mark.usually_on("sqlite")
def test_nothing_is_told_of_who_was_not_named_as_one_of_them(either: Office) -> None:
    case = either.case("Kayleigh Marlow")
    either.person("Ann Field")
    told = CareTold(UNNAMED, UNNAMED, "cares", MARCH)
    with pytest.raises(Refused, match="this person is not recorded as a family member"):
        family_member.tell_care(either.desk, either.reader, told, str(case), "Ann Field")
    one = MemberNamed(UNNAMED, UNNAMED, "sibling")
    with pytest.raises(Refused, match="this person is the child"):
        family_member.name(either.desk, either.reader, one, str(case), "Kayleigh Marlow")


@pytest.mark.usually_on("sqlite")
def test_how_each_parent_is_with_the_child_is_the_charitys(either: Office) -> None:
    case = either.case("Kayleigh Marlow")
    record_member(either, case, "Dawn Marlow")
    for state in ("broken", "rebuilding"):
        told = RelationAssessed(UNNAMED, UNNAMED, state, "three visits", REVIEW)
        made = family_member.assess_relation(
            either.desk, either.reader, told, str(case), "Dawn Marlow"
        )
    fact = either.system.logs["evidence"].history(made.id)[0]
    assert (fact.controller, fact.regime) == ("charity", "uk-gdpr")
    assert [
        (relation.who, relation.state) for relation in people_shown(either, case).relations
    ] == [
        ("Dawn Marlow", "broken"),
        ("Dawn Marlow", "rebuilding"),
    ]
    with either.system.reading() as db:
        rows = due.listed(
            db, either.reader, either.desk.clock(), due.DueFilter(clock="opinion-review")
        )
    assert {row.due.date() for row in rows} == {REVIEW}
    sergeant = Rights(("detective",), (either.reader.team,)).of(either.reader)
    seen = people_shown(either, case, sergeant)
    assert [member.tie for member in seen.members] == ["mother"], "the team knows who they are"
    assert seen.relations == [], "and not what the charity thinks of them"


@pytest.mark.usually_on("sqlite")
def test_all_who_work_on_the_case_know_them_by_name_and_others_not_at_all(either: Office) -> None:
    case = either.case("Kayleigh Marlow")
    record_member(either, case, "Dawn Marlow")
    at_risk(either, case, str(either.person("Jade Marlow")))
    worker = Rights(("psw",), (either.reader.team,), (case,)).of(either.somebody("psw.ellis"))
    assert [member.who for member in people_shown(either, case, worker).members] == ["Dawn Marlow"]
    assert [one.who for one in people_shown(either, case, worker).at_risk] == ["Jade Marlow"]
    for roles, teams in ((("psw",), ("Deter",)), (("manager",), (either.reader.team,))):
        other = Rights(roles, teams).of(either.somebody("no.one"))  # type: ignore[arg-type]
        assert people_shown(either, case, other) == people_of_family.People([], [], [], [])


@pytest.mark.usually_on("sqlite")
def test_words_for_somebody_who_is_not_the_carer_are_warned_about(either: Office) -> None:
    """A message to a person who does not care for the child shows a warning."""
    case = either.case("Kayleigh Marlow")
    record_member(either, case, "Dawn Marlow", responsibility="has")
    record_member(either, case, "Lee Stone", "step-parent", responsibility="has-not")
    care = CareTold(UNNAMED, UNNAMED, "cares", MARCH)
    family_member.tell_care(either.desk, either.reader, care, str(case), "Dawn Marlow")
    stranger = str(either.person("Ann Field"))

    def warned(carer: str) -> str | None:
        told = FamilyTold(UNNAMED, "parent", "kept", "phone")
        made = family_contact.record_feedback(
            either.desk, either.reader, told, str(case), carer=carer
        )
        return family_member.entitlement_warning(either.desk, either.reader, made.id)

    assert warned("Dawn Marlow") is None
    assert "no parental responsibility" in (warned("Lee Stone") or "")
    assert "not recorded as one of this family" in (warned(stranger) or "")


@pytest.mark.usually_on("sqlite")
def test_the_names_of_kin_may_be_said_and_not_a_friends_or_a_suspects(either: Office) -> None:
    case = either.case("Kayleigh Marlow")
    record_member(either, case, "Dawn Marlow")
    record_member(either, case, "Tess Boon", "friend")
    told = FamilyTold(UNNAMED, "parent", "kept", "phone", words="Thank you, Dawn.")
    family_contact.record_feedback(either.desk, either.reader, told, str(case))
    baz = record_member(either, case, "Baz Stone", "other-relative")
    entity.classify(either.desk, either.reader, str(baz), "suspect", "seen with her")
    for who in ("Tess", "Baz"):
        told = FamilyTold(UNNAMED, "parent", "kept", "phone", words=f"{who} told us too.")
        with pytest.raises(Refused, match=f"'{who}': somebody's name"):
            family_contact.record_feedback(either.desk, either.reader, told, str(case))


@pytest.mark.usually_on("sqlite")
def test_one_worker_for_the_child_and_the_parents_is_warned_about(either: Office) -> None:
    """Requirement W20: a warning is shown if the child and the parents have the same worker."""
    case = str(either.case("Kayleigh Marlow"))
    first = casework.allocate(either.desk, either.reader, case, "psw.ellis", "parents")
    assert casework.shared_worker_warning(either.desk, first) is None
    both = casework.allocate(either.desk, either.reader, case, "psw.ellis", "child")
    assert "another worker" in (casework.shared_worker_warning(either.desk, both) or "")
    assert len(either.events(WorkerAllocated)) == 2, "a warning, and no refusal"


@pytest.mark.usually_on("sqlite")
@pytest.mark.parametrize("tie", ["sibling", "friend"])
def test_another_child_at_risk_is_decided_about_within_two_weeks(
    either: Office, tie: ChildTie
) -> None:
    """Requirements R5, R6, X4: a decision about another child at risk is due within two weeks. The
    risk of a sibling and the risk of a friend are each recorded in a stream of their own.
    """
    case = either.case("Kayleigh Marlow")
    jade = str(either.person("Jade Marlow"))
    one = at_risk(either, case, jade, tie)

    def waits() -> list[timedelta]:
        with either.system.reading() as db:
            asked = due.DueFilter(clock="named-at-risk")
            rows = due.listed(db, either.reader, either.desk.clock(), asked)
        return [row.due - row.since for row in rows]

    assert waits() == [timedelta(days=14)]
    desk, reader = either.desk, either.reader
    with pytest.raises(Refused, match="the case that was opened is about another child"):
        family_member.decide_at_risk(desk, reader, one, "own-case", str(case), None)
    hers = referral.refer(desk, reader, [], jade).id
    with pytest.raises(Hidden):
        family_member.decide_at_risk(desk, reader, "ffffffff", "own-case", str(hers), None)
    family_member.decide_at_risk(desk, reader, str(one)[-8:], "own-case", str(hers), None)
    assert waits() == []
    (row,) = people_shown(either, case).at_risk
    assert (row.who, row.decision, row.opened) == ("Jade Marlow", "own-case", hers)
    assert row.tie == tie


@pytest.mark.usually_on("sqlite")
def test_the_risk_to_a_brother_has_a_history_of_its_own_with_its_review(either: Office) -> None:
    """Requirement S4: the risk to a brother has its own history with a review date; a decision
    about it is still due.
    """
    case, desk, reader = either.case("Kayleigh Marlow"), either.desk, either.reader
    one = at_risk(either, case, str(either.person("Kyle Marlow", under_18=True)))

    def waits() -> set[str]:
        with either.system.reading() as db:
            rows = due.listed(db, reader, desk.clock(), due.DueFilter())
        return {row.clock for row in rows if row.item == one}

    for risk in ("medium", "high"):
        either.later()
        review = desk.today() + timedelta(days=30)
        assessed = AtRiskAssessed(risk, ("trouble",), "seen in the same car", review)
        family_member.assess_at_risk(desk, reader, one, assessed)
    steps = people_shown(either, case).risk
    assert [(step.who, step.risk) for step in steps] == [
        ("Kyle Marlow", "medium"),
        ("Kyle Marlow", "high"),
    ]
    assert {fact.stream for fact in desk.logs["evidence"].history(one)} == {one}
    assert waits() == {"named-at-risk", "opinion-review"}
    family_member.decide_at_risk(desk, reader, one, "ended", None, "he lives with his gran now")
    assert waits() == set()
    with pytest.raises(Refused, match="name the child again"):
        family_member.assess_at_risk(desk, reader, one, assessed)


@pytest.mark.usually_on("sqlite")
def test_a_person_who_is_named_is_no_suspect_and_no_node_of_the_network(either: Office) -> None:
    case = either.case("Kayleigh Marlow")
    jade = either.person("Jade Marlow")
    with either.system.reading() as db:
        before = entities(db, either.reader, [jade])
    record_member(either, case, "Dawn Marlow")
    at_risk(either, case, str(jade))
    with either.system.reading() as db:
        assert entities(db, either.reader, [jade]) == before
        assert people.suspected(db, either.reader, [jade])[jade][0] == []
        assert links.touching(db, either.reader, [jade], links.LinkFilter(min_rank=None)) == []


@pytest.mark.usually_on("sqlite")
def test_a_case_that_the_reader_does_not_see_is_no_answer(either: Office) -> None:
    """A case that the reader may not see is refused like an unknown one."""
    case = either.case("Kayleigh Marlow")
    jade = str(either.person("Jade Marlow"))
    one = at_risk(either, case, jade)
    theirs = referral.refer(either.desk, either.reader, [], jade).id
    worker = Rights(("psw",), ("Other",), (case,)).of(either.somebody("psw.ellis"))
    for guess in (theirs, UNNAMED):
        with pytest.raises(Refused, match="there is no case"):
            family_member.decide_at_risk(either.desk, worker, one, "own-case", str(guess), None)

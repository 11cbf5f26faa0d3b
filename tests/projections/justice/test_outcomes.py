"""The results of police work for a person and in a case are listed with the oldest first; an
unknown sentence is never shown as zero.
"""

from domain.data_protection.retention import RestrictionLifted, RestrictionPlaced
from domain.justice.arrest_to_result import ArrestMade, ChargeBrought, NoticeServed, ResultRecorded
from projections.justice import outcomes
from tests.projections.tale import READER, Tale, Views, hour


def test_what_followed_is_with_the_person_and_the_case(views: Views, tale: Tale) -> None:
    case, man, other, child = tale.case(), tale.new(), tale.new(), tale.new()
    arrest = tale.tell(ArrestMade(man, case, hour(3), "s.9 SOA 2003"), because_of=["none-known"])
    views.follow(tale)
    charge = tale.tell(ChargeBrought(man), because_of=[arrest])
    notice = tale.tell(NoticeServed(other, child, "s2-caa-1984", case), because_of=["none-known"])
    tale.tell(ResultRecorded("sentenced", man), because_of=[charge])
    tale.tell(
        ResultRecorded("sentenced", man, sentence_months=30, suspended=True), because_of=[charge]
    )
    tale.tell(ResultRecorded("nfa-other", case=case), because_of=["none-known"])
    with views.of(tale) as db:
        found = outcomes.of_people(db, READER, [man])
        assert [(row.what, row.happened) for row in found[:2]] == [
            ("arrest", hour(3)),
            ("charge", None),
        ]
        assert [(row.months, row.suspended) for row in found[2:]] == [(None, False), (30, True)]
        assert [row.item for row in outcomes.of_people(db, READER, [other, child])] == [notice]
        kinds = [row.what for row in outcomes.of_case(db, READER, case)]
        assert kinds == ["arrest", "notice", "nfa-other"]


def test_what_is_restricted_is_not_shown_until_that_is_lifted(views: Views, tale: Tale) -> None:
    man = tale.new()
    arrest = tale.tell(ArrestMade(man), because_of=["none-known"])
    tale.tell(RestrictionPlaced(arrest, "contested"))
    with views.of(tale) as db:
        assert outcomes.of_people(db, READER, [man]) == []
    tale.tell(RestrictionLifted(arrest, "settled"))
    with views.of(tale) as db:
        assert [row.item for row in outcomes.of_people(db, READER, [man])] == [arrest]

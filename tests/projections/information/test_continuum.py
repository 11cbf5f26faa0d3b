"""The stage of an item changes only by an event with an author; withdrawn items are shown and
counted.
"""

from domain.information.observation import ObservationWithdrawn
from domain.intelligence.intelligence_report import ItemGraded, ReportWithdrawn
from domain.justice.evidence import EvidenceExcluded, EvidenceGathered, EvidenceUndermined
from domain.kernel.values import Grade, Handling
from projections.information import continuum
from tests.projections.tale import READER, Tale, Views, hour


def test_a_grade_makes_information_intelligence_and_says_who_moved_it(
    views: Views, tale: Tale
) -> None:
    one = tale.words(at=hour(0))
    views.follow(tale)
    report = tale.graded(one, "2C")
    with views.of(tale) as db:
        first, second = continuum.story(db, READER, one)
    assert (first.stage, first.entered, first.left) == ("information", hour(0), hour(3))
    assert (first.moved_how, first.by) == ("observation.recorded", "psw.ellis")
    assert (second.stage, second.status, second.grade) == ("intelligence", "live", "2C")
    assert (second.moved_by, second.moved_how) == (f"{report}:2", "report.item_graded")
    assert (second.by, second.report, second.left) == ("ds.hart", report, None)


def test_evidence_is_an_item_of_its_own_beside_the_words(views: Views, tale: Tale) -> None:
    words = tale.words()
    exhibit = tale.tell(EvidenceGathered("exhibit", "AB1", (words,)))
    with views.of(tale) as db:
        stages = continuum.at(db, READER, [words, exhibit])
        grades = continuum.grades(db, READER, [words, exhibit])
    assert stages == {words: "information", exhibit: "evidence"}
    assert grades == {}


def test_counts_keep_what_no_longer_stands_apart(views: Views, tale: Tale) -> None:
    tale.words()
    tale.tell(ObservationWithdrawn("a mistake"), about=tale.words())
    graded, lost = tale.words(), tale.words()
    tale.graded(graded)
    tale.tell(ReportWithdrawn("source was wrong"), about=tale.graded(lost))
    for event in (EvidenceExcluded("unfair"), EvidenceUndermined("alibi")):
        tale.tell(event, about=tale.tell(EvidenceGathered("statement", "AB1")))
    with views.of(tale) as db:
        assert continuum.counts(db, READER) == {
            "information": 1,
            "intelligence": 1,
            "evidence": 0,
            "evidence excluded": 1,
            "evidence undermined": 1,
            "information withdrawn": 1,
            "intelligence withdrawn": 1,
        }


def test_as_known_shows_where_it_stood_then(views: Views, tale: Tale) -> None:
    one = tale.words(at=hour(0))
    tale.graded(one)
    moved = tale.log.facts[2].recorded
    with views.of(tale) as db:
        counts = [continuum.counts(db, READER, at) for at in (hour(-1), hour(0), moved)]
    assert [count["information"] for count in counts] == [0, 1, 0]
    assert [count["intelligence"] for count in counts] == [0, 0, 1]


def test_dwell_is_the_time_from_entering_a_stage_to_leaving_it(views: Views, tale: Tale) -> None:
    for number in range(1, 21):  # these entries wait 1, 2 … 20 hours
        tale.words(at=hour(0))
        tale.graded(tale.log.facts[-1].stream)
        for fact in tale.log.facts[-3:]:
            tale.log.facts[fact.seq - 1] = type(fact)(
                **{name: getattr(fact, name) for name in fact.__struct_fields__}
                | {"recorded": hour(number)}
            )
    regraded = tale.log.facts[0].stream
    report = tale.log.facts[1].stream
    tale.tell(
        ItemGraded(1, regraded, Grade("A", "1"), Handling("P"), reason="corroborated"),
        about=report,
        at=hour(30),
    )
    tale.tell(ReportWithdrawn("an error"), about=report, at=hour(41))
    with views.of(tale) as db:
        information, intelligence, evidence = continuum.dwell(db, READER)
    assert (information.left, information.staying) == (20, 0)
    assert (information.median, information.p95) == (10.0, 19.0)
    assert (intelligence.left, intelligence.staying) == (1, 19)
    assert intelligence.median == 40.0, "a new grade is no move"
    assert (evidence.left, evidence.median, evidence.p95) == (0, None, None)

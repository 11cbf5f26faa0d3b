"""A grade of B needs accounts from two independent sources, or a reason; the reason is shown
everywhere with the grade.
"""

from typing import Any
from uuid import UUID

import pytest

from commands.information import source
from commands.intelligence import intelligence_report, links
from domain.intelligence.corroboration import CorroborationJudged, Support, Uncorroborated
from domain.kernel.values import Grade, Handling, Refused
from network.picture.terminal_map import lines
from network.query.view import ego
from projections.intelligence import links as links_view
from tests.commands.office import Office

WHY = "the number plate was checked at the counter"


def graded(office: Office, item: UUID, grade: str = "2B", **support: object) -> UUID:
    told = Support(**support)  # type: ignore[arg-type]
    office.later()
    return intelligence_report.assess(
        office.desk, office.reader, item, Grade.parse(grade), Handling("P"), support=told
    ).id


def record_entry(office: Office, case: str | None = None, by: str = "mum", **more: Any) -> UUID:
    office.later()
    return office.words(case=case, heard_from=by, **more)


def link_to_car(office: Office, basis: UUID, who: UUID) -> UUID:
    office.later()
    car = "vehicle:PK95 ABC"
    return links.assert_link(office.desk, office.reader, basis, str(who), car, "uses").id


@pytest.fixture
def repeated(office: Office) -> tuple[UUID, UUID]:
    """Record two entries in which a mother and a father repeat what their child said; return the
    ids of the entries.
    """
    case = str(office.case())
    first = record_entry(office, case, "Carol", how_known="child-told")
    return first, record_entry(office, case, "Dave", how_known="child-told")


def test_b_on_one_root_is_refused_and_nothing_is_written(office: Office) -> None:
    item = record_entry(office)
    before = office.count()
    with pytest.raises(Uncorroborated, match="two independent sources, and this is based on"):
        graded(office, item)
    assert office.count() == before


def test_two_parents_who_repeat_one_child_do_not_make_b(
    office: Office, repeated: tuple[UUID, UUID]
) -> None:
    first, second = repeated
    with pytest.raises(Uncorroborated, match="two reports, one child's words"):
        graded(office, first, corroborated_by=(second,))


def test_roots_that_were_joined_are_one(office: Office) -> None:
    one, other = record_entry(office, by="Carol"), record_entry(office, by="Dave")
    a, b = office.recorded_root(one), office.recorded_root(other)
    assert a
    assert b
    source.join_roots(office.desk, office.reader, str(a), str(b), "both repeat the child")
    with pytest.raises(Uncorroborated, match="two reports, one account"):
        graded(office, one, corroborated_by=(other,))
    source.part_roots(office.desk, office.reader, str(a), str(b), "two after all")
    graded(office, one, corroborated_by=(other,))
    assert office.events(CorroborationJudged)[-1].roots == 2


@pytest.mark.usually_on("sqlite")
def test_another_root_that_is_named_corroborates(either: Office) -> None:
    one, other = record_entry(either, by="Carol"), record_entry(either, by="Dave")
    graded(either, one, corroborated_by=(other,))
    assert either.events(CorroborationJudged) == [CorroborationJudged(1, (one, other), 2)]


def test_an_unknown_teller_corroborates_nothing(office: Office) -> None:
    one, other = record_entry(office, by="Carol"), record_entry(office, by="somebody")
    with pytest.raises(Uncorroborated, match="2 reports and 1 independent source"):
        graded(office, one, corroborated_by=(other,))
    with pytest.raises(Uncorroborated, match="no known independent source"):
        graded(office, other)


def test_who_carries_the_same_tie_is_counted_without_being_named(office: Office) -> None:
    baz = office.person()
    one, other = record_entry(office, by="Carol"), record_entry(office, by="Dave")
    link_to_car(office, one, baz)
    with pytest.raises(Uncorroborated):
        graded(office, one)
    link_to_car(office, other, baz)
    graded(office, one)
    assert office.events(CorroborationJudged)[-1].roots == 2


def test_what_does_not_stand_or_is_nobodys_corroborates_nothing(office: Office) -> None:
    one = record_entry(office)
    with pytest.raises(Refused, match="no observation"):
        graded(office, one, corroborated_by=(office.person(),))
    for grade in ("2A", "2C", "2D", "2E"):
        graded(office, record_entry(office), grade)
    assert office.events(CorroborationJudged) == []


def test_the_reason_is_kept_and_shown_on_the_link_and_in_the_network(either: Office) -> None:
    baz, item = either.person(), record_entry(either)
    report = graded(either, item, one_root=WHY)
    assert either.events(CorroborationJudged) == [CorroborationJudged(1, (item,), 1, WHY)]
    link_to_car(either, report, baz)
    (link,) = either.links()
    assert (link.grade, link.one_root) == ("2B", WHY)
    with either.system.reading() as db:
        said = "\n".join(lines(ego(db, either.reader, baz)))
    assert f"1 observation, 1 independent source, B on one source: {WHY}" in said


def test_a_second_grade_is_asked_the_same(office: Office) -> None:
    item = record_entry(office)
    report = graded(office, item, "2C")
    link_to_car(office, report, office.person())
    desk, reader, p = office.desk, office.reader, Handling("P")
    with pytest.raises(Uncorroborated):
        intelligence_report.regrade(desk, reader, item, Grade.parse("2B"), p, "sounds right")
    because = Support(one_root=WHY)
    intelligence_report.regrade(
        desk, reader, item, Grade.parse("2B"), p, "the plate was checked", support=because
    )
    assert [row.one_root for row in office.links()] == [WHY]
    intelligence_report.regrade(desk, reader, item, Grade.parse("2C"), p, "it was another plate")
    assert [row.one_root for row in office.links()] == [None]
    with office.system.reading() as db:
        story = links_view.versions(db, reader, office.links()[0].link)
    assert [(row.grade, row.one_root) for row in story][-2:] == [("2B", WHY), ("2C", None)]


def test_a_repeated_command_is_the_same_one_whatever_was_recorded_since(office: Office) -> None:
    one, other = record_entry(office, by="Carol"), record_entry(office, by="Dave")
    command = office.desk.new_random_id()

    def grade() -> object:
        return intelligence_report.assess(
            office.desk, office.reader, one, Grade.parse("2B"), Handling("P"),
            support=Support((other,)), command_id=command,
        )  # fmt: skip

    first = grade()
    a, b = office.recorded_root(one), office.recorded_root(other)
    assert a
    assert b
    source.join_roots(office.desk, office.reader, str(a), str(b), "both repeat the child")
    assert grade() == first


def test_circular_reporting_is_called_so_where_it_is_seen(
    office: Office, repeated: tuple[UUID, UUID]
) -> None:
    baz = office.person()
    for item in repeated:
        link_to_car(office, graded(office, item, "2C"), baz)
    with office.system.reading() as db:
        picture = ego(db, office.reader, baz)
    (pair,) = picture.pairs
    assert (pair.observations, pair.roots, pair.circular) == (2, 1, True)
    assert "2 observations, 1 independent source, circular" in "\n".join(lines(picture))


def test_a_report_drawn_from_words_is_no_further_account(office: Office) -> None:
    baz, item = office.person(), record_entry(office)
    link_to_car(office, graded(office, item, "2C"), baz)
    with office.system.reading() as db:
        picture = ego(db, office.reader, baz)
    (pair,) = picture.pairs
    assert (len(pair.evidence), pair.observations, pair.circular) == (2, 1, False)
    assert "1 observation, 1 independent source" in "\n".join(lines(picture))

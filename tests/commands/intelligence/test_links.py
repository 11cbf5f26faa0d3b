"""A link has the same id from its first entry to its exhibit, and loses its grade if its evidence
is withdrawn.
"""

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from commands.intelligence import intelligence_report, link_grades, links
from commands.justice import evidence
from commands.kernel import display_names, entity
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import facts
from domain.information.observation import ObservationAssessed
from domain.intelligence.entity import ThingRecorded
from domain.intelligence.intelligence_report import ItemGraded, ReportOpened
from domain.intelligence.link import LinkAsserted
from domain.justice.evidence import EvidenceGathered
from domain.kernel.envelope import Submission
from domain.kernel.values import Grade, Handling, Refused
from network.query.evidence import DEFAULT
from network.query.view import ego
from projections.intelligence import links as links_view
from tests.commands.office import Office


class Tie:
    """A link between the suspect Baz and a Corsa. A test adds an entry, a grade and an exhibit as
    the link's basis, step by step."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.baz = office.person()
        self.words = office.words(heard_from="mum")
        self.id = self.asserted(self.words)

    def asserted(self, basis: UUID, car: str = "vehicle:PK95 ABC") -> UUID:
        self.office.later()
        return links.assert_link(
            self.office.desk, self.office.reader, basis, str(self.baz), car, "uses"
        ).id

    def graded(self, grade: str = "2A") -> UUID:
        self.report = self.office.assessed(self.words, grade).id
        return self.report

    def exhibited(self) -> UUID:
        item = EvidenceGathered("exhibit", "AB1", (self.words,), produced_by="DC Bell")
        self.exhibit = evidence.gather(self.office.desk, self.office.reader, item).id
        assert self.asserted(self.exhibit, "PK95ABC") == self.id
        return self.exhibit

    @property
    def stands(self) -> tuple[str, str | None] | None:
        """Return the current stage and grade of the link, or None if the link was retracted."""
        found = self.office.links()
        assert len(found) <= 1
        assert [row.link for row in found] in ([], [self.id])
        return (found[0].stage, found[0].grade) if found else None


@pytest.fixture
def tie(office: Office) -> Tie:
    return Tie(office)


def test_a_link_rises_under_one_id(either: Office) -> None:
    tie = Tie(either)
    told = tie.stands
    tie.graded()
    graded = tie.stands
    tie.exhibited()
    assert [told, graded, tie.stands] == [
        ("information", None),
        ("intelligence", "2A"),
        ("evidence", "2A"),
    ]
    with either.system.reading() as db:
        story = links_view.versions(db, either.reader, tie.id)
    assert [row.stage for row in story] == ["information", "intelligence", "evidence"]


def test_many_links_are_named_with_as_few_questions_as_one(tie: Tie) -> None:
    others = [tie.asserted(tie.words, f"vehicle:PK95 AB{letter}") for letter in "DE"]
    tie.graded()
    asked: list[str] = []
    with tie.office.system.reading() as db:
        sa.event.listen(db, "before_cursor_execute", lambda *told: asked.append(told[2]))
        named = display_names.visible_names(db, tie.office.reader, [tie.id])
        alone = len(asked)
        asked.clear()
        assert display_names.visible_names(db, tie.office.reader, [tie.id, *others]).keys() >= {
            *others,
            tie.id,
        }
    assert len(asked) <= alone
    assert named == {tie.id: "Baz - PK95ABC: uses"}


def test_evidence_may_follow_information_directly(tie: Tie) -> None:
    tie.exhibited()
    assert tie.stands == ("evidence", None)


def test_withdrawn_words_take_the_link_with_them(tie: Tie) -> None:
    tie.graded()
    tie.office.withdrawn(tie.words, "said of somebody else")
    assert tie.stands is None


def test_a_withdrawn_report_leaves_the_information(tie: Tie) -> None:
    tie.graded()
    intelligence_report.withdraw(tie.office.desk, tie.office.reader, tie.report, "badly drawn")
    graded = tie.stands
    tie.office.agreed(tie.report, "withdraw-report")
    assert (graded, tie.stands) == (("intelligence", "2A"), ("information", None))


@pytest.mark.parametrize("status", ["excluded", "withdrawn"])
def test_without_its_exhibit_a_link_falls_back_to_its_report(tie: Tie, status: str) -> None:
    tie.graded()
    tie.exhibited()
    evidence.change_status(tie.office.desk, tie.office.reader, str(tie.exhibit), status, "unlawful")  # type: ignore[arg-type]
    assert tie.stands == ("intelligence", "2A")


def test_undermined_evidence_still_shows_and_is_marked(tie: Tie) -> None:
    tie.exhibited()
    evidence.change_status(
        tie.office.desk, tie.office.reader, str(tie.exhibit), "undermined", "doubt"
    )
    assert tie.stands == ("evidence", None)
    assert tie.office.links()[0].undermined


def test_what_an_exhibit_carries_is_among_the_graded_until_it_is_in_doubt(tie: Tie) -> None:
    """An ungraded link that is based on an exhibit is on the detective's map of graded links, until
    a user records that the exhibit is undermined.
    """
    desk, reader = tie.office.desk, tie.office.reader
    tie.exhibited()
    with desk.asking() as db:
        (shown,) = ego(db, reader, tie.baz).pairs
    assert shown.strength == DEFAULT.exhibit
    evidence.change_status(desk, reader, str(tie.exhibit), "undermined", "doubt")
    with desk.asking() as db:
        found = ego(db, reader, tie.baz)
    assert (found.pairs, found.ungraded) == ((), 1)


def test_an_exhibit_carries_a_link_whose_words_were_withdrawn_and_no_longer(tie: Tie) -> None:
    """A link with an exhibit stays on the map when its log entry is withdrawn. If the exhibit is
    then excluded as well, the link disappears."""
    tie.graded()
    tie.exhibited()
    desk, reader = tie.office.desk, tie.office.reader
    tie.office.withdrawn(tie.words, "said of somebody else")
    assert tie.stands
    assert tie.stands[0] == "evidence"
    evidence.change_status(desk, reader, str(tie.exhibit), "excluded", "unlawful search")
    assert tie.stands is None


def test_what_was_known_before_stays_as_it_was(tie: Tie) -> None:
    tie.graded()
    before = tie.office.later()
    tie.office.later()
    links.retract(tie.office.desk, tie.office.reader, tie.id, "mistaken")
    assert tie.stands is None
    assert [row.link for row in tie.office.links(as_known=before)] == [tie.id]


def test_a_new_grade_reaches_the_link(tie: Tie) -> None:
    tie.graded()
    intelligence_report.regrade(
        tie.office.desk, tie.office.reader, tie.words, Grade.parse("2D"), Handling("P"), "talk"
    )
    assert tie.stands == ("intelligence", "2D")


def test_the_same_words_carry_a_link_once(tie: Tie) -> None:
    with pytest.raises(Refused, match=f"has the same link already: {tie.id}"):
        tie.asserted(tie.words)


@pytest.mark.parametrize(
    ("a", "b", "kind", "told"),
    [
        ("Baz", "vehicle:PK95ABC", "family", "does not join a person to a vehicle"),
        ("Baz", "Baz", "associate", "two different ends"),
        ("Baz", "nobody", "associate", "no person or item is recorded as 'nobody'"),
        ("Baz", "vehicle:", "uses", "no person or item"),
        ("Baz", "vehicle:???", "uses", "does not name a vehicle"),
    ],
)
def test_a_link_that_cannot_be_is_refused(
    office: Office, a: str, b: str, kind: str, told: str
) -> None:
    office.person()
    item = office.words()
    before = office.count()
    with pytest.raises(Refused, match=told.replace("?", r"\?")):
        links.assert_link(office.desk, office.reader, item, a, b, kind)  # type: ignore[arg-type]
    assert office.count() == before


def test_a_link_rests_on_something_that_is_current(tie: Tie) -> None:
    with pytest.raises(
        Refused, match="a link must be based on a log entry, a report or an item of evidence"
    ):
        tie.asserted(tie.baz)
    gone = tie.office.words("Baz again")
    tie.office.withdrawn(gone, "not so")
    with pytest.raises(Refused, match="was withdrawn"):
        tie.asserted(gone)


def test_two_tellings_are_two_links(tie: Tie) -> None:
    """Two entries about the same fact give two links with separate ids; the map shows the two as
    one link.
    """
    second = tie.office.words("He drives PK95 ABC", heard_from="dad")
    other = tie.asserted(second)
    assert other != tie.id
    assert {row.link for row in tie.office.links()} == {tie.id, other}
    assert len({row.root for row in tie.office.links()}) == 2


def test_a_nickname_that_is_also_a_handle_is_queried(office: Office) -> None:
    """A name that is both a nickname and an account is refused: the program never guesses which of
    the two the user means.
    """
    baz, item = office.person("Baz"), office.words()
    links.assert_link(office.desk, office.reader, item, str(baz), "handle:baz", "uses")
    with pytest.raises(Refused, match=f"fits 2 records: .*{baz}"):
        links.assert_link(office.desk, office.reader, item, "Baz", "vehicle:PK95ABC", "uses")


@pytest.mark.parametrize("said_before", [False, True])
def test_a_tie_said_on_graded_words_rests_on_the_report_and_bears_its_grade(
    either: Office, said_before: bool
) -> None:
    baz, words = either.person(), either.words(heard_from="mum")

    def tie() -> UUID:
        either.later()
        return links.assert_link(
            either.desk, either.reader, words, str(baz), "vehicle:PK95 ABC", "uses"
        ).id

    first = tie() if said_before else None
    report = either.assessed(words, "2C").id
    again = first or tie()
    (row,) = either.links()
    assert (row.link, row.report, row.item, row.observation) == (again, report, 1, words)
    assert (row.stage, row.grade, row.handling) == ("intelligence", "2C", "P")
    with pytest.raises(Refused, match=f"has the same link already: {again}"):
        tie()


def test_each_link_that_was_drafted_on_words_takes_their_grade_in_one_act(office: Office) -> None:
    """When an entry is assessed, all links that are based on the entry get its grade, except
    retracted links."""
    desk, reader = office.desk, office.reader
    item, other, baz = office.words(), office.words("He is seen here"), office.person("Baz")
    made = {
        plate: links.assert_link(desk, reader, item, str(baz), f"vehicle:{plate}", "uses").id
        for plate in ("PK95 ABC", "PK95 ABD", "PK95 ABE")
    }
    elsewhere = links.assert_link(desk, reader, other, str(baz), "vehicle:PK95 ABF", "uses").id
    links.retract(desk, reader, made["PK95 ABD"], "another car")
    gathered = EvidenceGathered("exhibit", "AB1", (item,), produced_by="DC Bell")
    film = evidence.gather(desk, reader, gathered).id
    links.assert_link(desk, reader, film, str(baz), "vehicle:PK95 ABE", "uses")
    before = office.count()["evidence"]
    report = office.assessed(item, "2C").id
    stand = {row.link: (row.stage, row.grade, row.report) for row in office.links()}
    assert stand == {
        made["PK95 ABC"]: ("intelligence", "2C", report),
        made["PK95 ABE"]: ("evidence", "2C", report),
        elsewhere: ("information", None, None),
    }
    written = office.facts()[before:]
    kinds = [type(fact.event) for fact in written]
    assert kinds == [ReportOpened, ItemGraded, ObservationAssessed, LinkAsserted, LinkAsserted]
    intelligence_report.regrade(desk, reader, item, Grade.parse("3D"), Handling("P"), "a rumour")
    assert {row.grade for row in office.links() if row.report} == {"3D"}


@pytest.mark.usually_on("sqlite", "postgres")
def test_a_link_drafted_while_somebody_grades_takes_the_grade_all_the_same(
    either: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link that is added to an entry while another user assesses the entry gets the entry's
    grade, even if it was added just before or just after the assessment."""
    desk, reader, baz = either.desk, either.reader, either.person("Baz")
    prepare = link_grades.prepare
    late, early = either.words("Lads call him Baz"), either.words("He is called Baz")

    def drafted_now(*told: Any) -> list[Prepared]:
        found = prepare(*told)
        monkeypatch.setattr(link_grades, "prepare", prepare)
        links.assert_link(desk, reader, late, str(baz), "vehicle:PK95 ABC", "uses")
        return found

    monkeypatch.setattr(link_grades, "prepare", drafted_now)
    either.assessed(late, "2C")
    rest_on = links.rest_on

    def graded_now(*told: Any) -> Any:
        found = rest_on(*told)
        monkeypatch.setattr(links, "rest_on", rest_on)
        either.assessed(early, "2C")
        return found

    monkeypatch.setattr(links, "rest_on", graded_now)
    links.assert_link(desk, reader, early, str(baz), "vehicle:PK95 ABD", "uses")
    assert [row.grade for row in either.links()] == ["2C", "2C"]


def test_a_link_that_is_changed_while_somebody_grades_does_not_stop_the_grade(
    either: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    tie, prepare = Tie(either), link_grades.prepare

    def exhibited_now(*told: Any) -> list[Prepared]:
        found = prepare(*told)
        monkeypatch.setattr(link_grades, "prepare", prepare)
        tie.exhibited()
        return found

    monkeypatch.setattr(link_grades, "prepare", exhibited_now)
    either.assessed(tie.words, "2C")
    assert tie.stands == ("evidence", "2C")


def test_a_tie_said_on_words_whose_report_fell_is_ungraded(office: Office) -> None:
    words = office.words(heard_from="mum")
    report = office.assessed(words, "2C").id
    intelligence_report.withdraw(office.desk, office.reader, report, "made up")
    links.assert_link(
        office.desk, office.reader, words, str(office.person()), "vehicle:PK95 ABC", "uses"
    )
    assert [(row.stage, row.grade) for row in office.links()] == [("information", None)]


def test_what_an_older_store_found_by_another_form_is_still_found(either: Office) -> None:
    """A thing that an older release stored under a differently normalised name can still be found
    by its name."""
    desk, reader = either.desk, either.reader
    old = {}
    for kind, told, normal in (
        ("handle", "snapchat: kimmy_x", "snapchat"),
        ("handle", "john.smith@gmail.example", "john.smith"),
        ("handle", "Lil.Miss_H", "lil.miss_h"),
        ("phone", "0-(000)061-7690", "+440000617690"),
        ("phone", "07700 900123", "+447700900123"),
        ("vehicle", "AB92 CDE", "AB92CDE"),
        ("place", "Mill Ln, Town B", "mill lane town b"),
    ):
        stream = desk.new_id()
        event = ThingRecorded(kind, told, normal)  # type: ignore[arg-type]
        digest = desk.keys.blind(kind, normal)
        made = facts(reader, stream, 0, (event,))
        submission = Submission(desk.new_random_id(), b"", made, ((digest, stream),))
        desk.save([Prepared(stream, {"evidence": submission}, reader)])
        old[kind, told] = stream
    for (kind, told), stream in old.items():
        assert entity.find(desk, reader, f"{kind}:{told}") == (stream, kind)
        assert entity.find_or_record(desk, reader, kind, told) == (stream, (), ())  # type: ignore[arg-type]
    assert entity.find(desk, reader, "handle:kimmy_x@snap")[0] == old["handle", "snapchat: kimmy_x"]
    for other in ("snapchat: jonno", "snapchat", "john.smith@hotmail.example", "john.smith"):
        stream, new, _ = entity.find_or_record(desk, reader, "handle", other)
        assert new, other
        assert stream not in old.values()


def test_a_plate_in_look_alike_letters_is_one_with_the_plate(office: Office) -> None:
    """A plate typed in look-alike letters of another alphabet is recognised as the same plate, even
    in an older store.
    """
    desk, reader = office.desk, office.reader
    cyrillic = "\u0420\u041a95 \u0410\u0412\u0421"
    stream, made, unique = entity.find_or_record(desk, reader, "vehicle", "PK95 ABC")
    desk.save(
        [Prepared(stream, {"evidence": Submission(desk.new_id(), b"", made, unique)}, reader)]
    )
    assert entity.find_or_record(desk, reader, "vehicle", cyrillic) == (stream, (), ())

    other = cyrillic.replace("95", "96")
    older, written = desk.new_id(), other.casefold()
    made = facts(reader, older, 0, (ThingRecorded("vehicle", other, written),))
    unique = ((desk.keys.blind("vehicle/2", written), older),)
    desk.save([Prepared(older, {"evidence": Submission(desk.new_id(), b"", made, unique)}, reader)])
    assert entity.find(desk, reader, f"vehicle:{other}") == (older, "vehicle")


def test_two_people_are_not_tied_by_the_first_half_of_their_e_mails(office: Office) -> None:
    item, one, other = office.words(), office.person("Baz"), office.person("Daz")
    for who, mail in ((one, "john.smith@gmail.example"), (other, "john.smith@hotmail.example")):
        links.assert_link(office.desk, office.reader, item, str(who), f"handle:{mail}", "uses")
    assert len({link.b for link in office.links()}) == 2


def test_two_new_ends_that_are_one_thing_are_refused(office: Office) -> None:
    item = office.words()
    before = office.count()
    for one, other in (("phone:07700 900123", "phone:+447700900123"),):
        with pytest.raises(Refused, match="two different ends"):
            links.assert_link(office.desk, office.reader, item, one, other, "contact")
    assert office.count() == before

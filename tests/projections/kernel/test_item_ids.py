"""A user can name an item by its whole id, by the end or the beginning of the id, or by its
reference."""

from domain.information.observation import ObservationRefiled, ObservationWithdrawn
from domain.intelligence.entity import PersonNamed, PersonRecorded
from domain.intelligence.link import LinkAsserted, LinkRetracted
from domain.justice.evidence import EvidenceExcluded, EvidenceGathered
from projections.kernel import item_ids
from tests.projections.tale import READER, Tale, Views


def test_an_item_is_found_by_id_ending_beginning_and_reference(views: Views, tale: Tale) -> None:
    one, other = tale.words("first"), tale.words("second")
    with views.of(tale) as db:
        endings = str(one)[-8:], str(one)[-6:].upper(), one.hex[-20:], one.hex[1:]
        for text in (str(one), one.hex, f"{one}:1", *endings):
            assert [row.id for row in item_ids.resolve(db, READER, text)] == [one]
        assert not item_ids.resolve(db, READER, f"f{one.hex[-20:]}")
        both = item_ids.resolve(db, READER, str(one)[:6])
        assert [row.id for row in both] == [one, other]


def test_a_page_of_a_kind_is_the_same_behind_a_place_and_behind_so_many(
    views: Views, tale: Tale
) -> None:
    told = [tale.person(f"Barry {n}") for n in range(7)]
    tale.words()
    with views.of(tale) as db:
        first, place = item_ids.list_row_ids(db, READER, "person", limit=3)
        behind, _ = item_ids.list_row_ids(db, READER, "person", after=place, limit=3)
        skipped, more = item_ids.list_row_ids(db, READER, "person", skip=3, limit=3)
        assert [row.id for row in [*first, *skipped]] == told[:6]
        assert skipped == behind
        assert more
        assert item_ids.count(db, READER, "person", 10) == 7
        assert item_ids.among(db, READER, told[2:4]) == {*told[2:4]}


def test_what_is_no_id_names_nothing(views: Views, tale: Tale) -> None:
    one = tale.words()
    with views.of(tale) as db:
        for text in ("", "Baz", str(one)[-5:], "%", "g" * 8, str(one) + "0", "'; drop"):
            assert item_ids.resolve(db, READER, text) == []


def test_an_ending_that_several_share_gives_them_all(views: Views, tale: Tale) -> None:
    one = tale.words()
    twin = type(one)(int=one.int ^ (1 << 100))
    tale.tell(tale.log.facts[0].event, about=twin)
    with views.of(tale) as db:
        assert {r.id for r in item_ids.resolve(db, READER, str(one)[-8:])} == {one, twin}


def test_each_item_shows_its_kind_case_and_state(views: Views, tale: Tale) -> None:
    case, right = tale.case("ENG-1"), tale.case("ENG-2")
    words = tale.words(case=case)
    tale.tell(ObservationRefiled(right, case), about=words)
    report = tale.graded(words)
    a, b = tale.person("Barry"), tale.tell(PersonRecorded(known=False, description="tall"))
    link = tale.tell(LinkAsserted(a, b, "associate", "information", observation=words))
    tale.tell(LinkRetracted("wrong man"), about=link)
    exhibit = tale.tell(EvidenceGathered("exhibit", "AB1", case=right))
    tale.tell(EvidenceExcluded("unfair"), about=exhibit)
    with views.of(tale) as db:
        shown = {
            one: (row.kind, row.case, row.state)
            for one in (words, report, link, exhibit, b, case)
            for row in item_ids.resolve(db, READER, str(one))
        }
    assert shown == {
        words: ("observation", right, "assessed"),
        report: ("report", None, "open"),
        link: ("link", None, "retracted"),
        exhibit: ("exhibit", right, "excluded"),
        b: ("person", None, "not identified"),
        case: ("case", case, "open"),
    }
    tale.tell(PersonNamed("Sean"), about=b)
    tale.tell(LinkAsserted(a, b, "associate", "information", observation=words), about=link)
    tale.tell(ObservationWithdrawn("a mistake"), about=words)
    with views.of(tale) as db:
        states = [item_ids.resolve(db, READER, str(one))[0].state for one in (b, link, words)]
    assert states == ["known", "live", "withdrawn"]

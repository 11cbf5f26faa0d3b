"""The sergeant's screens work without JavaScript: queue, assess and sanitise, people, brief.

The file is long because it tests each of these screens.
"""

import re
from pathlib import Path
from uuid import uuid4

import pytest

from commands.erasure import retention
from commands.information import observation, source
from commands.intelligence import links
from domain.information.observation import ObservationTriaged
from domain.intelligence.corroboration import CorroborationJudged
from domain.intelligence.intelligence_report import ItemGraded, ItemSanitised
from domain.intelligence.link import LinkAsserted
from domain.kernel.values import Reader
from ingest.importing.load import import_files
from projections.information import queue
from questions.intelligence.brief_aloud import MOST
from tests.ingest.conftest import as_csv
from tests.support.web.map import world
from tests.support.web.sergeant import WORDS, linked
from tests.web.conftest import House


def test_the_queue_shows_clocks_and_who_has_it(house: House) -> None:
    office = house.office
    urgent = office.words("She went with him just now", urgent_reason="she is with him")
    office.words(WORDS)
    office.later(2)
    sergeant = house.somebody("ds.hale")
    page = sergeant.get("/queue").text
    assert page.index("She went with him") < page.index("Lads call him Baz")
    assert ">Urgent</span>" in page
    assert ">Overdue</strong>" in page
    assert re.search(r"received </span>2 h<span[^>]*> ago", page)
    page = sergeant.tell("take", "/queue", item=str(urgent)).text
    assert re.search(r"<strong><bdi>ds.hale</bdi></strong><span[^>]*> has taken this entry", page)
    late = sergeant.get("/queue?overdue=true").text
    assert "Lads call him Baz" not in late
    assert "<html" not in sergeant.get("/queue?part=true").text


def test_a_long_queue_is_paged(house: House) -> None:
    for number in range(27):
        house.office.words(f"number {number} of many")
    sergeant = house.somebody("ds.hale")
    first, second = (sergeant.get(f"/queue?page={page}").text for page in (1, 2))
    assert first.count('class="c-item c-line-item"') == 25
    assert second.count('class="c-item c-line-item"') == 2
    assert "Page 2 of 2" in sergeant.get("/queue?page=99").text


def test_a_very_long_queue_is_paged_without_being_counted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("web.desk.inbox", "projections.kernel.queries"):
        monkeypatch.setattr(f"{module}.COUNTED", 30)
    ids = [house.office.words(f"number {number} of many") for number in range(60)]
    sergeant = house.somebody("ds.hale")
    pages = [sergeant.get(f"/queue?page={page}").text for page in (1, 2, 3)]
    assert [[str(item_id) in page for page in pages].index(True) for item_id in ids] == [
        number // 25 for number in range(60)
    ]
    assert "more than 30 items" in pages[0]
    assert "Page 1</span>" in pages[0], "of how many is not known"
    assert 'rel="next" href="/queue?page=2"' in pages[0]
    assert "Page 3 of 3" in pages[2]
    assert sergeant.get(f"/queue?page={10**30}").text.count('class="c-item c-line-item"') == 10


@pytest.mark.parametrize("outcome", ["safeguard", "more-needed", "no-value"])
def test_one_decision_with_its_reason(house: House, outcome: str) -> None:
    item = house.office.words(WORDS)
    sergeant = house.somebody("ds.hale")
    assert sergeant.send(f"/queue/{item}/decide", outcome=outcome, reason=" ").status_code == 422
    assert not house.office.events(ObservationTriaged)
    same = str(uuid4())
    for _ in range(2):
        sergeant.send(f"/queue/{item}/decide", outcome=outcome, reason="seen", command_id=same)
    assert [event.outcome for event in house.office.events(ObservationTriaged)] == [outcome]


def test_grading_and_sanitising_go_together_and_the_source_is_nowhere(house: House) -> None:
    office = house.office
    item = office.words(WORDS, heard_from="Mrs Oakes", how_known="child-told")
    sergeant = house.somebody("ds.hale")
    page = sergeant.get(f"/assess/{item}").text
    assert "Oakes" not in page
    assert "suggests grade C." in page
    assert "The source register gives reliability 2" in page
    assert "Conflict of interest" not in page

    root = office.recorded_root(item)
    assert root
    source.note_conflict(office.desk, office.reader, str(root), "a dispute about the children")
    page = sergeant.get(f"/assess/{item}").text
    assert "Conflict of interest" in page
    assert "dispute" not in page

    form = {"source_grade": "2", "information": "C", "handling": "P"}
    answer = sergeant.send(f"/assess/{item}", text="A man called Baz drives a car.", **form)
    assert "Graded 2C" in answer.text
    assert [event.grade.label for event in house.office.events(ItemGraded)] == ["2C"]
    assert [event.text for event in house.office.events(ItemSanitised)] == [
        "A man called Baz drives a car."
    ]


def test_an_imported_network_is_graded_by_kind_of_link(house: House, tmp_path: Path) -> None:
    system = house.office.system
    head = ("source", "target", "link")
    rows = (("Baz", "Kaz", "associate"), ("Baz", "Kaz", "family"))
    import_files(
        *(system.desk, house.office.reader, [as_csv(tmp_path / "net.csv", head, *rows)]),
        originals=system.originals,
        now=system.clock(),
    )
    sergeant = house.somebody("ds.hale")
    page = sergeant.get("/queue").text
    assert "They name Baz, Kaz." in page
    with system.desk.deciding() as db:
        (row,) = queue.queue(db, house.office.reader, system.clock(), queue.Clocks())
    item = row.id
    assert "Which links get the grade of this entry?" in sergeant.get(f"/assess/{item}").text
    form = {"source_grade": "2", "information": "C", "handling": "P", "links": "family"}
    assert "Graded 2C" in sergeant.send(f"/assess/{item}", **form).text
    graded = [event for event in house.office.events(LinkAsserted) if event.grade]
    assert [(one.kind, one.grade.label) for one in graded if one.grade] == [("family", "2C")]
    assert "Which of its links" not in sergeant.get(f"/assess/{item}").text


def test_a_mistake_in_the_form_keeps_what_was_written(house: House) -> None:
    item = house.office.words(WORDS)
    sergeant = house.somebody("ds.hale")
    kept = "Sanitised, and long to write."
    for wrong in (
        {"source_grade": "2"},
        {"source_grade": "2", "information": "C"},
        {"source_grade": "2", "information": "C", "handling": "C"},
        {"source_grade": "2", "information": "B", "handling": "P"},
    ):
        answer = sergeant.send(f"/assess/{item}", text=kept, **wrong)
        assert answer.status_code == 422
        assert kept in answer.text
        assert 'role="alert"' in answer.text
    assert not house.office.events(ItemGraded)


def test_a_second_grade_needs_a_reason(house: House) -> None:
    item = house.office.words(WORDS)
    house.office.assessed(item, "2C")
    sergeant = house.somebody("ds.hale")
    again = {"source_grade": "2", "information": "B", "handling": "P"}
    assert sergeant.send(f"/assess/{item}", **again).status_code == 422
    sergeant.send(
        f"/assess/{item}", reason="the plate says so", one_root="the plate was checked", **again
    )
    assert [event.grade.label for event in house.office.events(ItemGraded)] == ["2C", "2B"]
    page = sergeant.get(f"/assess/{item}").text
    assert "B rests on no known independent sources: <bdi>the plate was checked" in page


def test_sharing_is_chosen_and_nothing_is_ticked_before(house: House) -> None:
    item = house.office.words(WORDS)
    sergeant = house.somebody("ds.hale")
    page = sergeant.get(f"/assess/{item}").text
    for code in "PC":
        (choice,) = re.findall(rf'<input[^>]*id="handling-{code}"[^>]*>', page)
        assert "checked" not in choice
    answer = sergeant.send(f"/assess/{item}", source_grade="2", information="C")
    assert (answer.status_code, "how the information may be shared" in answer.text) == (422, True)


def test_another_observation_corroborates_on_the_screen(house: House) -> None:
    one = house.office.words(WORDS, heard_from="Carol")
    other = house.office.words("The same silver Corsa.", heard_from="Dave")
    sergeant = house.somebody("ds.hale")
    form = {"source_grade": "2", "information": "B", "handling": "P"}
    sergeant.send(f"/assess/{one}", corroborated_by=str(other)[-8:], **form)
    assert [j.roots for j in house.office.events(CorroborationJudged)] == [2]


def test_a_tie_said_on_the_page_of_graded_words_bears_their_grade(house: House) -> None:
    item = house.office.words(WORDS, heard_from="Carol")
    report = house.office.assessed(item, "2C").id
    sergeant = house.somebody("ds.hale")
    assert "takes the report's grade, 2C" in sergeant.get(f"/items/{item}").text
    baz = str(house.office.person())
    sergeant.tell("link", basis=str(item), a=baz, b="vehicle:PK95 ABC", kind="uses")
    assert [(row.grade, row.report) for row in house.office.links()] == [("2C", report)]


def test_hints_are_marked_while_the_text_is_written(house: House) -> None:
    item = house.office.words(WORDS)
    sergeant = house.somebody("ds.hale")
    part = sergeant.send(f"/assess/{item}/hints", text="The mother said he waits in the kitchen.")
    assert re.search(r"<mark>.*mother said.*</mark>", part.text), "in the text itself"
    assert "<html" not in part.text


def test_a_referral_goes_back_to_the_words(house: House) -> None:
    item = house.office.words(WORDS)
    sergeant = house.somebody("ds.hale")
    page = sergeant.send(f"/queue/{item}/decide", outcome="refer", reason="a friend of hers")
    assert "Which child do you refer?" in page.text
    because = {"because_of": str(item)}
    silent = sergeant.tell("refer", child=" ", concern="kept", **because)
    assert silent.status_code == 422
    assert "kept</textarea>" in silent.text
    sergeant.tell("refer", child="Amber Stone", concern="seen with him", **because)
    caused = [fact for fact in house.office.facts() if str(item) in fact.because_of]
    assert "case.referral_received" in [fact.event.stored.name for fact in caused]


def test_search_finds_nicknames_plates_and_words(house: House) -> None:
    sergeant = house.somebody("ds.hale")
    sergeant.send("/record", words=WORDS)
    house.office.person("Barry Sleight")
    for asked in ("baz", "95 ABC", "drives"):
        assert "Lads call him" in sergeant.ask("/search", q=asked).text, asked
    assert "Barry Sleight" in sergeant.ask("/search", q="baz").text
    part = sergeant.get("/search", params={"q": "nothing so named"}, headers={"hx-request": "true"})
    assert "No records match the search" in part.text
    assert "<html" not in part.text


def test_a_persons_page_shows_ties_and_their_standing(house: House) -> None:
    item, man, link = linked(house)
    sergeant = house.somebody("ds.hale")
    observation.confirm(house.office.desk, house.office.reader, item, str(man), "Baz")
    page = sergeant.get(f"/people/{man}").text
    assert "information ungraded" in page
    assert f"/trail/{link}" in page
    assert "Lads call him Baz" in page
    assert sergeant.get(f"/items/{man}").url.path == f"/people/{man}"


def test_a_link_is_asserted_on_the_words(house: House) -> None:
    item, man, _ = linked(house)
    sergeant = house.somebody("ds.hale")
    page = sergeant.tell(
        "link",
        f"/items/{item}",
        basis=str(item),
        a=str(man),
        b="place:Mill Lane",
        kind="frequents",
        since="2011-01-02",
    )
    assert "Mill Lane" in page.text
    nobody = sergeant.tell("link", basis=str(item), a="Nobody Atall", b=str(man), kind="associate")
    assert nobody.status_code == 422
    assert "person add" in nobody.text


def test_same_is_judged_by_a_person_and_taken_back(house: House) -> None:
    one, other = house.office.person("Barry Sleight"), house.office.person("Barrie Sleight")
    sergeant = house.somebody("ds.hale")
    page = sergeant.get("/inbox/duplicates").text
    assert "Barry Sleight" in page
    assert "Barrie Sleight" in page
    sergeant.tell(
        "judge", "/inbox/duplicates", a=str(one), b=str(other), judgement="same", reason="one phone"
    )
    assert sergeant.get(f"/people/{other}").text.count("Barry Sleight") > 1
    page = sergeant.get(f"/people/{one}").text
    told = page.partition("Merged with")[2].partition("</div>")[0]
    heading = page.partition("<h1")[2].partition("</h1>")[0]
    named = [
        name in part for part in (heading, told) for name in ("Barry Sleight", "Barrie Sleight")
    ]
    assert named in ([True, False, False, True], [False, True, True, False]), "one each, by name"
    assert "No possible duplicates" in sergeant.get("/inbox/duplicates").text
    sergeant.tell("split", a=str(one), reason="two phones")
    assert "Merged with" not in sergeant.get(f"/people/{other}").text


def test_a_person_is_not_merged_with_their_own_name(house: House) -> None:
    one, other = house.office.person("Barry Sleight"), house.office.person("Barry Sleight")
    sergeant = house.somebody("ds.hale")
    sergeant.tell(
        "judge", "/inbox/duplicates", a=str(one), b=str(other), judgement="same", reason="one phone"
    )
    band = sergeant.get(f"/people/{one}").text.partition("<dt>Merged with</dt>")[2]
    assert band.startswith("<dd>another record with this name</dd>")


def test_the_brief_begins_where_the_last_one_ended(house: House) -> None:
    house.office.words(WORDS)
    house.office.later(1)
    sergeant = house.somebody("ds.hale")
    page = sergeant.get("/brief").text
    assert "1 new, 0 changed, 1 undecided" in page
    assert "New (1)" in sergeant.get("/brief/items").text
    until = page.partition('name="until" value="')[2].partition('"')[0]
    house.office.later(0.1)
    assert "0 new, 0 changed, 1 undecided" in sergeant.send("/brief", until=until).text


def test_a_brief_of_more_than_is_read_out_says_so(house: House) -> None:
    sergeant = house.somebody("ds.hale")
    for number in range(MOST):
        house.office.words(f"number {number}")
    house.office.later(0.1)
    assert f"{MOST} new, 0 changed, {MOST} undecided" in sergeant.get("/brief").text
    house.office.words("one more")
    house.office.later(0.1)
    told = sergeant.get("/brief").text
    assert f"more than {MOST} new, 0 changed, more than {MOST} undecided" in told
    assert f"New ({MOST + 1})" in sergeant.get("/brief/items").text


def test_the_overview_names_what_nobody_works_on(house: House) -> None:
    house.office.case("Kayleigh Marlow")
    house.office.words(WORDS)
    house.office.later(100)
    manager = house.somebody("mgr.quill")
    page = manager.get("/manage").text
    assert "<strong>1</strong> overdue" in page
    assert "<strong>1</strong> cases without a worker" in page
    assert "Kayleigh Marlow" in manager.get("/list/cases?unallocated=true").text


def test_the_screens_show_the_very_queue_of_the_command_line(house: House) -> None:
    office = house.office
    for number in range(3):
        office.words(f"number {number}")
    reader: Reader = office.reader
    with office.system.reading() as db:
        rows = queue.queue(db, reader, office.system.clock(), queue.Clocks())
    page = house.somebody("ds.hale").get("/queue").text
    assert [page.index(str(row.id)) for row in rows] == sorted(
        page.index(str(row.id)) for row in rows
    )


def test_a_suspect_s_page_says_what_each_of_the_best_ties_rests_on(house: House) -> None:
    """The page of a suspect shows under each of the strongest links the first words of the entry on
    which the link is based. It does not show them if the entry is withdrawn or restricted."""
    people, sergeant = world(house), house.somebody("ds.hale")
    page = sergeant.get(f"/people/{people['baz']}").text
    why = page.partition('id="why"')[2].partition("</section>")[0]
    assert why.count("graded words") == 2
    assert "told words" not in why, "the tie is ungraded"
    office = house.office
    told = office.words("words that are contested")
    report = office.assessed(told, "1A").id
    links.assert_link(
        office.desk, office.reader, report, str(people["baz"]), str(people["gaz"]), "associate"
    )
    assert "words that are contested" in sergeant.get(f"/people/{people['baz']}").text
    retention.restrict(office.desk, office.reader, [told], "contested", ground="part-3-s47-2")
    assert "words that are contested" not in sergeant.get(f"/people/{people['baz']}").text

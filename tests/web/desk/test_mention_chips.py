"""While assessing an entry, a user chooses which of two men with the same name it mentions, and
links two mentions."""

import re
from uuid import UUID, uuid4

from commands.kernel import entity
from domain.information.observation import MentionConfirmed, ObservationRecorded
from domain.intelligence.entity import PersonRecorded
from domain.intelligence.link import LinkAsserted
from domain.kernel.values import Grade
from tests.web.conftest import House, Somebody

WORDS = "A lad they call Baz rang from 07700 900461 and said he was outside."


def words_with(house: House, *called: str) -> tuple[UUID, list[UUID]]:
    """Record an entry that names Baz, and several people with the name `called`; return the id of
    the entry and the ids of the people.
    """
    office = house.office
    men = [
        entity.record_person(office.desk, office.reader, name=name, known=True).id
        for name in called
    ]
    for man in men:
        entity.add_alias(office.desk, office.reader, str(man), "nickname", "Baz")
    house.somebody().send("/record", words=WORDS)
    (fact,) = [f for f in office.facts() if isinstance(f.event, ObservationRecorded)]
    return fact.stream, men


def choose_person(sergeant: Somebody, item: UUID, text: str, who: str) -> str:
    span = f"{WORDS.index(text)}-{WORDS.index(text) + len(text)}"
    told = {"span": span, "who": who, "command_id": uuid4().hex}
    return str(sergeant.send(f"/assess/{item}/chips", **told).text)


def test_two_men_of_one_name_are_both_offered_and_none_is_chosen(house: House) -> None:
    item, men = words_with(house, "Barry Sleight", "Barnaby Stock")
    page = house.somebody("ds.hart").get(f"/assess/{item}").text
    offered = re.findall(r'name="who" value="([^"]+)"', page)
    assert {str(man) for man in men} <= set(offered)
    assert not [f for f in house.office.facts() if isinstance(f.event, MentionConfirmed)]


def test_the_chosen_one_is_meant_and_the_other_is_not(house: House) -> None:
    item, (barry, barnaby) = words_with(house, "Barry Sleight", "Barnaby Stock")
    part = choose_person(house.somebody("ds.hart"), item, "Baz", str(barnaby))
    meant = [f.event.entity for f in house.office.facts() if isinstance(f.event, MentionConfirmed)]
    assert meant == [barnaby]
    assert f'data-who="{barnaby}"' in part
    assert f'data-who="{barry}"' not in part
    assert f'name="who" value="{barry}"' in part, "the match can be changed at once"


def test_somebody_new_is_recorded_by_what_they_are_called(house: House) -> None:
    item, men = words_with(house, "Barry Sleight")
    part = choose_person(house.somebody("ds.hart"), item, "Baz", "new")
    (meant,) = re.findall(r'data-who="([^"]+)" data-what="person"', part)
    assert UUID(meant) not in men


def test_a_choice_that_is_sent_twice_names_one(house: House) -> None:
    """If a user's choice of the person whom a mention names is sent twice, a new person is recorded
    only once. (The user may have tapped twice.)"""
    item, _ = words_with(house, "Barry Sleight")
    told = {"span": f"{WORDS.index('Baz')}-{WORDS.index('Baz') + 3}", "who": "new"}
    sergeant, command_id = house.somebody("ds.hart"), uuid4().hex
    for _ in range(2):
        part = sergeant.send(f"/assess/{item}/chips", command_id=command_id, **told).text
    assert len(re.findall(r'data-what="person"', part)) == 1
    people = [f for f in house.office.facts() if isinstance(f.event, PersonRecorded)]
    assert len(people) == 2


def test_two_chips_are_tied_on_these_words(house: House) -> None:
    item, (barry,) = words_with(house, "Barry Sleight")
    sergeant = house.somebody("ds.hart")
    choose_person(sergeant, item, "Baz", str(barry))
    part = choose_person(sergeant, item, "07700 900461", "new")
    (phone,) = re.findall(r'data-who="([^"]+)" data-what="phone"', part)
    told = {"basis": item, "a": barry, "b": phone, "kind": "uses", "command_id": uuid4().hex}
    assert sergeant.send("/do/link", **told).status_code == 200
    (link,) = [f.event for f in house.office.facts() if isinstance(f.event, LinkAsserted)]
    assert (link.a, link.b, link.kind, link.observation) == (barry, UUID(phone), "uses", item)


def test_a_link_that_is_drafted_beside_the_words_takes_the_grade_of_the_form(house: House) -> None:
    item, (barry,) = words_with(house, "Barry Sleight")
    sergeant = house.somebody("ds.hart")
    told = {"basis": str(item), "a": str(barry), "b": "phone:07700 900461", "kind": "uses"}
    sergeant.send("/do/link", command_id=uuid4().hex, **told)
    page = sergeant.get(f"/assess/{item}").text
    draft = r"Barry Sleight</bdi> <strong>uses</strong> <bdi>[^<]*900461</bdi></span>\s*<span[^>]*>"
    assert re.search(draft, page)
    assert "takes the grade of this entry" in page
    form = {"source_grade": "2", "information": "C", "handling": "P"}
    answer = sergeant.send(f"/assess/{item}", command_id=uuid4().hex, **form)
    assert re.search(
        r"Graded 2C</strong> · 1 link · <a [^>]*/map/[^>]*>on the map</a>", answer.text
    )
    drafted, graded = [f.event for f in house.office.facts() if isinstance(f.event, LinkAsserted)]
    assert (drafted.grade, graded.grade) == (None, Grade.parse("2C"))
    assert str(drafted.a) in sergeant.get(f"/map/{barry}/data?min_grade=graded").text
    assert re.search(draft + "2C", answer.text)


def test_a_drafted_link_is_undone_at_once(house: House) -> None:
    item, (barry,) = words_with(house, "Barry Sleight")
    sergeant = house.somebody("ds.hart")
    told = {"basis": str(item), "a": str(barry), "b": "phone:07700 900461", "kind": "uses"}
    sergeant.send("/do/link", command_id=uuid4().hex, **told)
    (link,) = [fact.stream for fact in house.office.facts() if isinstance(fact.event, LinkAsserted)]
    undone = {"item": str(link), "reason": "Undone while the entry was assessed"}
    sergeant.send("/do/retract", command_id=uuid4().hex, back=f"/assess/{item}", **undone)
    assert "Links from this entry" not in sergeant.get(f"/assess/{item}").text


def test_mentions_are_marked_in_the_words(house: House) -> None:
    item, _ = words_with(house, "Barry Sleight")
    page = house.somebody("ds.hart").get(f"/assess/{item}").text
    marked = re.findall(
        r'<a class="c-said" href="#chip-[\d-]+" data-span="[\d-]+">([^<]+)</a>', page
    )
    assert marked == ["Baz", "07700 900461"]
    words = page.partition('id="words">')[2].partition("</p>")[0]
    assert re.sub("<[^>]+>", "", words) == WORDS
    for span in re.findall(r'data-span="([\d-]+)"', page):
        assert f'id="chip-{span}"' in page


def test_the_next_that_waits_follows_a_grade(house: House) -> None:
    worker, sergeant = house.somebody(), house.somebody("ds.hart")
    for words in ("First she said that he rang.", "Then a car came."):
        worker.send("/record", words=words)
    one, other = [
        f.stream for f in house.office.facts() if isinstance(f.event, ObservationRecorded)
    ]
    grades = {"source_grade": "2", "information": "C", "handling": "P", "then": "next"}
    landed = sergeant.send(f"/assess/{one}", **grades)
    assert landed.url.path == f"/assess/{other}"
    assert "Graded 2C" in landed.text
    last = sergeant.send(f"/assess/{other}", **grades)
    assert last.url.path == "/queue"
    assert "Graded 2C" in last.text, "said beside the empty list, too"


def test_only_a_graded_entry_that_the_reader_sees_is_shown_as_graded(house: House) -> None:
    item, _ = words_with(house, "Barry Sleight")
    sergeant = house.somebody("ds.hart")
    page = sergeant.get(f"/queue?after={item}")
    assert (page.status_code, "Graded" in page.text) == (200, False)
    assert sergeant.get(f"/assess/{item}?after={uuid4()}").status_code == 404
    assert sergeant.get(f"/queue?after={uuid4()}").status_code == 404


def test_two_mentions_may_be_a_space_apart(house: House) -> None:
    """Two mentions with only a space between them can be linked. (Before, the page of such an entry
    failed.)"""
    words_with(house, "Barry Sleight")
    house.somebody().send("/record", words="It was Baz 07700 900461")
    item = [f.stream for f in house.office.facts() if isinstance(f.event, ObservationRecorded)][-1]
    page = house.somebody("ds.hart").get(f"/assess/{item}")
    assert page.status_code == 200
    words = page.text.partition('id="words">')[2].partition("</p>")[0]
    assert re.sub("<[^>]+>", "", words) == "It was Baz 07700 900461"

"""A saved map has an owner, shows each user only what that user may see, and is erased together
with the people on it.
"""

from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from commands.data_protection.subject_search import Search
from commands.erasure import erasure, legal_hold
from commands.intelligence import links, saved_maps
from commands.kernel import entity
from domain.intelligence.saved_map import Shows
from domain.kernel.values import Hidden, Reader, Refused, Role
from projections.intelligence import saved_maps as view
from projections.intelligence.saved_maps import NoteRow, OpenedMap
from tests.access.rights import Rights
from tests.commands.office import Office


def reader_in_role(office: Office, role: Role, name: str, team: str = "Engage") -> Reader:
    return Rights((role,), (team,)).of(office.somebody(name))


def person(office: Office, name: str, team: str) -> UUID:
    told = msgspec.structs.replace(office.reader, team=team)
    return entity.add_person(office.desk, told, name, ()).id


def opened(office: Office, reader: Reader, chart: UUID) -> OpenedMap | None:
    with office.system.reading() as db:
        return view.opened(db, reader, chart)


def notes(office: Office, reader: Reader, chart: str) -> tuple[NoteRow, ...]:
    found = opened(office, reader, UUID(chart))
    assert found
    return found.notes


def listed(office: Office, reader: Reader) -> list[str]:
    with office.system.reading() as db:
        return [row.name for row in view.list_saved_maps(db, reader)]


@pytest.mark.usually_on("sqlite")
def test_what_a_colleague_may_not_see_is_not_in_it_as_if_nobody_had_put_it_there(
    either: Office,
) -> None:
    baz, far = person(either, "Baz", "Engage"), person(either, "Gaz", "Deter")
    officer, colleague = (
        reader_in_role(either, "intelligence-officer", "io.park"),
        reader_in_role(either, "detective", "d"),
    )
    told = (either.desk, officer, "Who is who", Shows())
    spots = [f"{baz} 1 2", f"{far} 3 4"]
    here, both = [str(baz)], [str(baz), str(far)]
    more = saved_maps.save(*told, pins=spots, also=both, hidden=both, opened=both).id
    less = saved_maps.save(*told, pins=spots[:1], also=here, hidden=here, opened=here).id
    saved_maps.note(either.desk, officer, str(more), str(far), "he rings at night")
    one, other = opened(either, colleague, more), opened(either, colleague, less)
    assert one
    assert other
    assert one.notes == other.notes == ()
    assert replace(one.chart, id=less, saved=other.chart.saved) == other.chart
    whole = opened(either, officer, more)
    assert whole
    assert [note.words for note in whole.notes] == ["he rings at night"]
    assert set(whole.chart.pinned) == {baz, far}


@pytest.mark.usually_on("sqlite")
def test_a_chart_is_its_teams_and_of_those_who_see_whom_it_is_around(either: Office) -> None:
    far = person(either, "Gaz", "Deter")
    officer = reader_in_role(either, "intelligence-officer", "io.park")
    around = saved_maps.save(either.desk, officer, "Around Gaz", Shows(), around=str(far)).id
    saved_maps.save(either.desk, officer, "Everybody", Shows())
    assert listed(either, officer) == ["Around Gaz", "Everybody"]
    assert listed(either, reader_in_role(either, "detective", "dc.rowe")) == ["Everybody"]
    assert listed(either, reader_in_role(either, "detective", "dc.far", "Deter")) == []
    assert listed(either, reader_in_role(either, "psw", "psw.ellis")) == []
    assert opened(either, reader_in_role(either, "detective", "dc.rowe"), around) is None
    with pytest.raises(Hidden):
        saved_maps.note(
            either.desk, reader_in_role(either, "detective", "dc.rowe"), str(around), str(far), "x"
        )


def test_it_is_saved_again_in_its_place_and_withdrawn(either: Office) -> None:
    told = (either.desk, either.reader)
    made = saved_maps.save(*told, "The arcade", Shows()).id
    again = saved_maps.save(
        *told, "The arcade in May", Shows(as_known="2011-05-31"), again=str(made)
    )
    assert again.id == made
    assert listed(either, either.reader) == ["The arcade in May"]
    found = opened(either, either.reader, made)
    assert found
    assert found.shows == Shows(as_known="2011-05-31")
    saved_maps.withdraw(*told, str(made))
    assert listed(either, either.reader) == []


@pytest.mark.usually_on("sqlite")
def test_nobody_saves_whom_they_do_not_see(either: Office) -> None:
    far, detective = person(either, "Gaz", "Deter"), reader_in_role(either, "detective", "dc.rowe")
    told = (either.desk, detective, "x", Shows())
    with pytest.raises(Hidden):
        saved_maps.save(*told, around=str(far))
    with pytest.raises(Hidden):
        saved_maps.save(*told, pins=[f"{far} 1 1"])
    with pytest.raises(Hidden):
        saved_maps.save(*told, hidden=[str(far)])


@pytest.mark.usually_on("sqlite")
def test_what_a_colleague_saves_again_says_nothing_of_those_whom_they_do_not_see(
    either: Office,
) -> None:
    baz, far = person(either, "Baz", "Engage"), person(either, "Gaz", "Deter")
    officer, colleague = (
        reader_in_role(either, "intelligence-officer", "io.park"),
        reader_in_role(either, "detective", "d"),
    )
    pins, both = [f"{far} 3 4", f"{baz} 1 2"], [str(far), str(baz)]
    more = saved_maps.save(
        either.desk, officer, "The gate", Shows(), pins=pins, also=both, hidden=both, opened=both
    )
    here = [str(baz)]
    again = saved_maps.save(
        either.desk,
        colleague,
        "The gate",
        Shows(),
        again=str(more.id),
        pins=pins[1:],
        also=here,
        hidden=here,
        opened=here,
    )
    assert again == more, "they changed nothing that they see"
    whole = opened(either, officer, more.id)
    assert whole
    assert whole.chart.pinned == (far, baz)


@pytest.mark.usually_on("sqlite")
def test_a_note_from_another_team_is_the_charts_and_one_unseen_stands_in_nobodys_way(
    either: Office,
) -> None:
    baz, far = person(either, "Baz", "Engage"), person(either, "Gaz", "Deter")
    officer, detective = (
        reader_in_role(either, "intelligence-officer", "io.park"),
        reader_in_role(either, "detective", "d"),
    )
    afar = reader_in_role(either, "intelligence-officer", "io.afar", "Deter")
    made = str(saved_maps.save(either.desk, officer, "Everybody", Shows()).id)
    saved_maps.note(either.desk, afar, made, str(baz), "he rings at night")
    assert [note.words for note in notes(either, detective, made)] == ["he rings at night"]
    saved_maps.note(either.desk, detective, made, str(baz), "he rings at noon")
    assert [note.words for note in notes(either, afar, made)] == ["he rings at noon"]

    # the user who saved the map works for another team now
    left = reader_in_role(either, "detective", "io.park", "Deter")
    saved_maps.note(either.desk, afar, made, str(far), "seen by the gate")
    assert [note.words for note in notes(either, left, made)] == []
    saved_maps.note(either.desk, left, made, str(far), "he owns the car")
    assert [note.words for note in notes(either, left, made)] == ["he owns the car"]
    saved_maps.note(either.desk, left, made, str(far), None)
    with pytest.raises(Refused, match="there is no earlier note to remove"):
        saved_maps.note(either.desk, left, made, str(far), None)
    assert "seen by the gate" in [note.words for note in notes(either, afar, made)]


# --- erasure, holds, requests for access ---------------------------------------------------------


def test_a_note_goes_with_whom_it_is_about_and_a_hold_keeps_it(either: Office) -> None:
    told = (either.desk, either.reader)
    baz, gaz, kay = (either.person(name) for name in ("Baz Croft", "Gaz Holt", "Kay Marlow"))
    around = saved_maps.save(*told, "Around one", Shows(), around=str(baz)).id
    noted = saved_maps.save(*told, "Everybody", Shows()).id
    note = saved_maps.note(*told, str(noted), str(baz), "he rings at night").id
    named = saved_maps.save(*told, "Who knows Baz Croft", Shows()).id
    pinned = saved_maps.save(*told, "Others", Shows(), pins=[f"{baz} 1 1", f"{gaz} 2 2"]).id
    saved_maps.note(*told, str(pinned), str(kay), "she is his sister")

    def fates() -> dict[UUID, str]:
        made = erasure.plan(*told, [baz])
        return {item.id: item.fate for item in made.items}

    planned = fates()
    gone = (planned[around], planned[note], planned[named])
    assert gone == ("destroyed", "destroyed", "blanked")
    assert not {noted, pinned} & planned.keys(), "an id that opens nothing says nothing"
    legal_hold.place(
        *told, legal_hold.items_under_hold(either.desk, baz), "inquiry", "the inquiry asked"
    )
    assert "destroyed" not in fates().values()


def test_an_erased_note_is_in_no_view(office: Office) -> None:
    told = (office.desk, office.reader)
    baz = office.person("Baz Croft")
    made = saved_maps.save(*told, "Everybody", Shows()).id
    note = saved_maps.note(*told, str(made), str(baz), "he rings at night").id
    one, _ = erasure.propose(*told, [baz], "part-3-s47", [])
    erasure.approve(office.desk, office.somebody("di.okoro"), one.id, office.system)
    assert office.system.logs["evidence"].history(note)[0].erased
    left = opened(office, office.reader, made)
    assert left
    assert left.notes == ()
    assert office.system.views.compare() == []


@pytest.mark.usually_on("sqlite")
def test_a_subject_is_informed_what_is_noted_of_them(either: Office) -> None:
    told = (either.desk, either.reader)
    baz, gaz = either.person("Baz Croft"), either.person("Gaz Holt")
    words = either.words()
    tie = links.assert_link(*told, words, str(baz), str(gaz), "associate").id
    made = saved_maps.save(*told, "Everybody", Shows()).id
    note = saved_maps.note(*told, str(made), str(baz), "he rings at night").id
    saved_maps.note(*told, str(made), str(tie), "both were seen")
    with either.system.reading() as db:
        held = {one.item: one.text for one in Search(either.desk, db, either.reader, baz).own()}
    assert "he rings at night" in held[note]

"""A log entry is recorded even if parts of it are unknown, or if the views (tables computed from
the log) or the source register are unavailable."""

import shutil
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from commands.erasure import erasure
from commands.information import observation, source
from commands.intelligence import links
from domain.information.observation import ObservationFlagged, ObservationRecorded, SourceHeld
from domain.information.source import SourceEntryMade, SourceRegistered
from domain.kernel.envelope import CommandReused, LogUnavailable
from domain.kernel.values import Refused
from projections import search
from projections.information import held_sources, queue
from projections.intelligence import links as links_view
from projections.intelligence import people
from projections.intelligence.links import LinkFilter
from projections.kernel import runner
from tests.commands.office import WORDS, Office

NAME = "Carol Marlow"


def recorded(office: Office, item: UUID) -> ObservationRecorded:
    event = office.system.logs["evidence"].history(item)[0].event
    assert isinstance(event, ObservationRecorded)
    return event


# --- the independent source of an entry ------------------------------------------------------


def test_without_a_name_what_my_child_told_me_is_rooted_in_the_cases_child(office: Office) -> None:
    """If a mother and a father both report what their child said, and neither names the child, the
    child of the case is recorded as the independent source of both entries. So the parents do
    not count as two sources."""
    case = str(office.case("Kayleigh Marlow"))
    tellings = (("Carol", ()), ("Dave", ()), ("Carol", ("Kayleigh Marlow",)), (None, ()))
    roots = {
        office.recorded_root(
            office.words(case=case, heard_from=who, told_by=by, how_known="child-told")
        )
        for who, by in tellings
    }
    assert len(roots) == 1
    assert None not in roots


def test_children_of_two_families_are_two_roots(office: Office) -> None:
    cases = [str(office.case(name)) for name in ("Kayleigh Marlow", "Ellie Stone")]
    items = [office.words(case=c, heard_from="mum", how_known="child-told") for c in cases]
    assert len({office.recorded_root(item) for item in items}) == 2


def test_the_root_is_the_last_of_the_chain(office: Office) -> None:
    """If the grandmother told the mother and the mother told the worker, the grandmother is the
    independent source. A second entry that comes from the grandmother directly has the same
    source."""
    case = str(office.case())
    through = office.words(case=case, heard_from="mum", told_by=("aunt Jo", "Gran"))
    herself = office.words(case=case, heard_from="gran")
    mum = office.words(case=case, heard_from="mum")
    assert office.recorded_root(through) == office.recorded_root(herself)
    assert office.recorded_root(mum) != office.recorded_root(herself)


@pytest.mark.parametrize("teller", ["someone", "A friend", "people", "they", "Not known"])
def test_an_unknown_teller_adds_no_root(office: Office, teller: str) -> None:
    assert office.recorded_root(office.words(heard_from="mum", told_by=(teller,))) is None
    assert office.recorded_root(office.words(heard_from=teller)) is None


def test_what_is_talked_about_adds_no_root(office: Office) -> None:
    item = office.words(heard_from="mum", how_known="talked-about")
    assert office.recorded_root(item) is None
    assert recorded(office, item).entry


def test_two_parents_who_repeat_one_child_are_one_root_after_joining(office: Office) -> None:
    roots = [
        office.recorded_root(office.words(heard_from=who, told_by=(who,)))
        for who in ("Carol", "Dave")
    ]
    assert roots[0]
    assert roots[1]
    assert len(set(roots)) == 2
    before = office.later()
    office.later()
    source.join_roots(
        office.desk, office.reader, str(roots[0]), str(roots[1]), "both repeat the child"
    )

    def leaders(as_known: object = None) -> int:
        with office.system.reading() as db:
            found = people.clusters(db, office.reader, kind="roots", as_known=as_known)  # type: ignore[arg-type]
        return len({found.get(root, root) for root in roots if root})

    assert (leaders(), leaders(before)) == (1, 2)
    source.part_roots(office.desk, office.reader, str(roots[0]), str(roots[1]), "two after all")
    assert leaders() == 2


# --- entries with unknown parts --------------------------------------------------------------


def test_an_unknown_case_keeps_the_words(office: Office) -> None:
    """An entry with an unknown case is recorded with the case reference as written and a flag; a
    later command files it in a case.
    """
    item = office.words(case="E-99/unknown")
    told = recorded(office, item)
    assert (told.words, told.case, told.case_told) == (WORDS, None, "E-99/unknown")
    events = [fact.event for fact in office.system.logs["evidence"].history(item)]
    assert ObservationFlagged("case-unknown", "case", "E-99/unknown") in events
    case = office.case()
    observation.refile(office.desk, office.reader, item, str(case), None)
    with office.system.reading() as db:
        row = queue.get(db, office.reader, item)
    assert row
    assert row.case == case


def test_words_of_no_value_stay_and_a_later_link_rests_on_them(office: Office) -> None:
    """Requirement W4: a log entry that seemed insignificant is stored as it was said, is found when
    later entries mention the same, and can then support a link.
    """
    desk, reader = office.desk, office.reader
    words = office.words("A silver Corsa PK95 ABC is by the shop, as usual.")
    observation.triage(desk, reader, words, "no-value", "nothing new", looked=True)
    office.later(24 * 300)
    office.words("Baz picked her up in PK95 ABC")
    man = office.person("Barry Stone")
    with office.system.reading() as db:
        found = {hit.id for hit in search.search(db, reader, "PK95 ABC")}
    assert words in found
    links.assert_link(desk, reader, words, str(man), "vehicle:PK95 ABC", "uses")
    with office.system.reading() as db:
        (link,) = links_view.touching(db, reader, [man], LinkFilter(min_rank=None))
    assert link.observation == words
    assert recorded(office, words).words == "A silver Corsa PK95 ABC is by the shop, as usual."


def test_only_nothing_at_all_is_refused(office: Office) -> None:
    with pytest.raises(Refused, match="there is no text to record"):
        office.words(" \n ")
    for text in ("?", "she is out", "nothing new this week"):
        assert recorded(office, office.words(text)).words == text


# --- a source register that does not answer -----------------------------------------------------


def break_register(store: Path) -> None:
    """Replace the file of the source register with a directory, so that the register cannot be
    opened.
    """
    (store / "sources.db").rename(store / "away.db")
    for rest in store.glob("sources.db-*"):
        rest.unlink()
    (store / "sources.db").mkdir()


def mend_register(store: Path) -> None:
    (store / "sources.db").rmdir()
    (store / "away.db").rename(store / "sources.db")


def test_words_are_saved_while_the_register_is_down_and_the_source_follows(office: Office) -> None:
    store = Path(office.settings.store)
    case = str(office.case())
    before = office.words(case=case, heard_from=NAME)
    office.system.close()
    break_register(store)
    office.again()
    command_id = uuid4()
    item = office.words(case=case, heard_from=NAME, command_id=command_id)
    assert recorded(office, item).words == WORDS
    assert office.recorded_root(item) is None
    held_now = [f.event for f in office.facts() if isinstance(f.event, SourceHeld)]
    assert len(held_now) == 1
    assert source.transfer_held(office.desk, office.reader) == 0
    office.system.close()
    mend_register(store)
    office.again()
    assert source.transfer_held(office.desk, office.reader) == 1
    assert office.recorded_root(item) == office.recorded_root(before)
    entries = [f for f in office.facts("sources") if isinstance(f.event, SourceEntryMade)]
    assert [f.event.observation for f in entries] == [before, item]  # type: ignore[attr-defined]
    assert source.transfer_held(office.desk, office.reader) == 0
    with office.system.reading() as db:
        assert held_sources.list_held_sources(db, office.reader) == []
    again = observation.record(
        office.desk, office.reader, words=WORDS, case=case, heard_from=NAME, command_id=command_id
    )
    assert again.id == item


def test_a_register_that_fails_while_it_is_written_holds_no_words_up(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An entry is recorded even if the source register can be read but refuses to store a source,
    as on a full disk.
    """

    def full(*_: object) -> object:
        raise LogUnavailable("disk full")

    monkeypatch.setattr(office.system.logs["sources"], "append", full)
    item = office.words(heard_from=NAME)
    assert recorded(office, item).words == WORDS
    monkeypatch.undo()
    assert source.transfer_held(office.desk, office.reader) == 1
    assert office.recorded_root(item)


def test_a_source_whose_words_did_not_arrive_keeps_its_observation(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the source register stored an entry's source but the log of entries then failed, repeating
    the command records the entry under the id that the register already has."""

    def down(*_: object) -> object:
        raise LogUnavailable("out of reach")

    command_id = uuid4()
    monkeypatch.setattr(office.system.logs["evidence"], "append", down)
    with pytest.raises(LogUnavailable):
        office.words(heard_from=NAME, command_id=command_id)
    monkeypatch.undo()
    item = office.words(heard_from=NAME, command_id=command_id)
    entry = office.facts("sources")[-1].event
    assert isinstance(entry, SourceEntryMade)
    assert entry.observation == item


def test_the_sources_name_is_in_the_register_alone(office: Office) -> None:
    """The source's name is in no file of the store as plain text, neither in the file of the source
    register nor in the file of the entries that wait for the register.
    """
    store = Path(office.settings.store)
    case = str(office.case())
    office.words("He waits at the arcade.", case=case, heard_from=NAME, told_by=("Gran Marlowe",))
    office.system.close()
    break_register(store)
    office.again()
    office.words("He was there again.", case=case, heard_from="Desmond Carrow")
    office.system.close()
    mend_register(store)
    office.again()
    source.transfer_held(office.desk, office.reader)
    office.system.close()
    files = {path.name: path.read_bytes() for path in store.rglob("*") if path.is_file()}
    for name in (NAME, "Gran Marlowe", "Desmond Carrow"):
        assert not [file for file, content in files.items() if name.encode() in content]
    office.again()
    named = [f.event.name for f in office.facts("sources") if isinstance(f.event, SourceRegistered)]
    assert named == [NAME, "Gran Marlowe", "Desmond Carrow"]


def test_reused_command_leaves_no_source_behind(office: Office) -> None:
    command_id = uuid4()
    office.words("first", command_id=command_id)
    before = office.count()
    with pytest.raises(CommandReused):
        office.words("second", heard_from=NAME, command_id=command_id)
    assert office.count() == before


# --- views that do not answer --------------------------------------------------------------------


def spoil_views(store: Path) -> None:
    for rest in store.glob("views-1.db-*"):
        rest.unlink()
    (store / "views-1.db").write_bytes(b"no database at all" * 500)


def test_words_wait_for_no_view(either: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry can be recorded while the views (tables computed from the log) are behind, and the
    next question shows the entry."""
    either.system.keep_up()
    followed: list[int] = []
    catch_up = runner.catch_up

    def counted(*asked: Any, **told: Any) -> None:
        followed.append(1)
        catch_up(*asked, **told)

    monkeypatch.setattr(runner, "catch_up", counted)
    made = [either.words(f"number {n}") for n in range(20)]
    assert not followed
    with either.system.reading() as db:
        assert all(queue.get(db, either.reader, one) for one in made)
    assert len(followed) == 1


def test_recording_never_fails_because_a_view_is_behind(office: Office) -> None:
    """An entry is recorded even if the file of views (tables computed from the log) is damaged. The
    entry is filed in its case if the log shows this case, and it appears after the views are
    rebuilt."""
    store = Path(office.settings.store)
    case = office.case()
    office.system.close()
    spoil_views(store)
    office.again()
    filed = office.words(case=str(case), heard_from=NAME, how_known="child-told")
    unfiled = office.words(case="7")
    office.system.keep_up()
    assert office.system.views.behind
    assert (recorded(office, filed).case, recorded(office, unfiled).case) == (case, None)
    assert recorded(office, unfiled).case_told == "7"
    assert source.transfer_held(office.desk, office.reader) == 0
    with pytest.raises(LogUnavailable, match="views rebuild"), office.system.reading():
        pass
    office.system.views.rebuild()
    assert office.system.views.compare() == []
    assert not office.system.views.behind
    with office.system.reading() as db:
        assert queue.get(db, office.reader, filed)
        assert queue.get(db, office.reader, unfiled)


def test_a_team_reference_is_known_to_the_log_itself(office: Office) -> None:
    from commands.families import referral

    case = referral.receive(office.desk, office.reader, reference="E-12", child="Ellie Stone").id
    office.system.close()
    spoil_views(Path(office.settings.store))
    office.again()
    assert recorded(office, office.words(case="e-12")).case == case


def test_views_that_are_gone_come_back(office: Office) -> None:
    store = Path(office.settings.store)
    item = office.words()
    office.system.close()
    for rest in store.glob("views-1.db*"):
        rest.unlink()
    office.again()
    office.system.views.rebuild()
    with office.system.reading() as db:
        assert queue.get(db, office.reader, item)


def test_what_cannot_be_written_is_not_deleted(office: Office) -> None:
    """If the file of views is a directory, the product reports this. It does not delete the
    directory as it would delete a damaged file."""
    store = Path(office.settings.store)
    office.system.close()
    for rest in store.glob("views-1.db*"):
        rest.unlink()
    (store / "views-1.db").mkdir()
    office.again()
    office.words()
    with pytest.raises(LogUnavailable, match="cannot be written"):
        office.system.views.rebuild()
    assert (store / "views-1.db").is_dir()
    shutil.rmtree(store / "views-1.db")
    office.system.views.rebuild()


def test_ticked_signs_are_sealed_with_the_words_and_are_a_part_of_what_was_reported(
    office: Office,
) -> None:
    """Requirement W47: ticked signs of exploitation are encrypted with the entry's text. A repeated
    command with the same command id is refused if its signs differ."""
    one, told = uuid4(), {"noticed": ["out-at-night"]}
    words = office.words("She is not right", command_id=one, **told)
    assert office.words("She is not right", command_id=one, **told) == words
    for other in ([], ["often-bathing"]):
        with pytest.raises(CommandReused):
            office.words("She is not right", command_id=one, noticed=other)
    assert "noticed" in ObservationRecorded.stored.sealed
    with pytest.raises(Refused, match="'horns' is not a sign in the list"):
        office.words("She is not right", noticed=["horns"])
    (stored,) = office.again().events(ObservationRecorded)
    assert stored.noticed == ("out-at-night",)


def test_erased_words_leave_no_sign(office: Office) -> None:
    item = office.words("She is not right", noticed=["out-at-night"])
    told = office.desk, office.reader
    one, _ = erasure.propose(*told, [item], "part-3-s47", [])
    erasure.approve(office.desk, office.somebody("di.okoro"), one.id, office.system)
    first = office.system.logs["evidence"].history(item)[0]
    assert first.erased
    assert isinstance(first.event, ObservationRecorded)
    assert first.event.noticed == ()

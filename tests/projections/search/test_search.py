"""A search finds names, nicknames, misspellings, plates, numbers, accounts and words."""

from collections.abc import Collection
from itertools import product
from random import Random
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa
from msgspec.structs import astuple

from access.who_may import scope
from domain import forms
from domain.information.observation import (
    ObservationCorrected,
    ObservationRead,
    ObservationRedacted,
    ObservationWithdrawn,
)
from domain.intelligence.entity import AliasAdded, PersonNamed, PersonRecorded, ThingRecorded
from domain.intelligence.intelligence_report import ItemSanitised, ReportWithdrawn
from domain.kernel.values import EntityKind, Mention, MentionKind, Reader, Role
from projections import search
from projections.composed import finding
from projections.composed.facets import FacetFilter
from projections.kernel import queries
from projections.search import index, marks, names
from projections.search.ranking import SEEN
from tests.fuzz import TIMES
from tests.projections.plans import plans
from tests.projections.tale import READER, Tale, Views
from tests.rotation import todays


def closed(name: str, team: str, role: Role) -> Reader:
    """Return a reader with this name, team and role on a store with accounts."""
    whose = {"roles": frozenset({role}), "teams": frozenset({team})}
    return msgspec.structs.replace(READER, name=name, team=team, closed=True, **whose)


def search_hits(views: Views, tale: Tale, words: str, limit: int = 20) -> list[search.RankedHit]:
    with views.of(tale) as db:
        return search.search(db, READER, words, limit)


def first(views: Views, tale: Tale, words: str) -> object:
    hits = search_hits(views, tale, words)
    return hits[0].id if hits else None


@pytest.mark.parametrize(
    "asked",
    ["Zoë O'Brien-Hall", "zoe", "OBRIEN hall", "zoee", "O’Brian", "Zowie Hall", "obri"],
)
def test_a_person_is_found_however_the_name_is_written(
    views: Views, tale: Tale, asked: str
) -> None:
    tale.person("Kayleigh Marlow")
    zoe = tale.person("Zoë O'Brien-Hall")
    assert first(views, tale, asked) == zoe


@pytest.mark.usually_on("sqlite")
def test_nicknames_meet_given_names_in_both_directions(views: Views, tale: Tale) -> None:
    sharon, shaz = tale.person("Sharon Kell"), tale.person("Shaz")
    assert {hit.id for hit in search_hits(views, tale, "Shaz")} == {sharon, shaz}
    assert [hit.id for hit in search_hits(views, tale, "Sharon")] == [sharon, shaz]


@pytest.mark.usually_on("sqlite")
def test_one_sound_in_two_spellings(views: Views, tale: Tale) -> None:
    sean = tale.person("Sean Pike")
    assert first(views, tale, "Shaun") == sean


@pytest.mark.usually_on("sqlite")
def test_aliases_and_later_names_count(views: Views, tale: Tale) -> None:
    tall = tale.tell(
        PersonRecorded(known=False, description="tall with a scar"),
        AliasAdded("nickname", "Mumblo"),
        PersonNamed("Terence Vole"),
    )
    for asked in ("scar", "mumblo", "vole"):
        assert first(views, tale, asked) == tall


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("PK95 ABC", "plate"),
        ("pk95abc", "plate"),
        ("PK95", "plate fits"),
        ("K95?BC", "plate fits"),
        ("ends ABC", "plate fits"),
        ("P K 9 5", "plate fits"),
        ("PK9SA8C", "plate fits"),
    ],
)
def test_plates_whole_and_in_part(views: Views, tale: Tale, asked: str, why: str) -> None:
    car = tale.thing("vehicle", "PK95ABC")
    tale.thing("vehicle", "NV97XKL")
    (hit,) = search_hits(views, tale, asked)
    assert (hit.id, hit.why, hit.label) == (car, why, "PK95ABC")


@pytest.mark.usually_on("sqlite")
def test_a_caught_part_is_found_by_the_whole_plate(views: Views, tale: Tale) -> None:
    words = tale.words("reg ended A B C")
    tale.tell(ObservationRead("v1", (Mention(10, 15, "vrm_partial", "****ABC", 0.6),)), about=words)
    (hit,) = search_hits(views, tale, "PK95ABC")
    assert (hit.id, hit.why, hit.label) == (words, "part of the plate", "reg ended A B C")


def test_behind_a_whole_plate_stand_the_newest_that_share_a_half_of_it(
    views: Views, tale: Tale
) -> None:
    """After a whole plate that matches exactly, a search lists the newest plates that share one
    half of it, because the other half may have been misheard."""
    one = tale.thing("vehicle", "PK95ABC")
    like = [tale.thing("vehicle", f"PK95{a}{b}X") for a in "DEFGHJKLM" for b in "RSTUVWYDEFGH"]
    assert len(like) > marks.HALVES
    first, *others = search_hits(views, tale, "PK95 ABC", limit=500)
    assert (first.id, first.score) == (one, 1.0)
    assert {hit.id for hit in others} == set(like[-marks.HALVES :])
    assert {hit.id for hit in search_hits(views, tale, "PK95", limit=500)} == {one, *like}


def test_numbers_handles_postcodes_and_places(views: Views, tale: Tale) -> None:
    phone = tale.thing("phone", "+447700900654")
    handle = tale.thing("handle", "lil.miss_h")
    place = tale.thing("place", "mill lane town b")
    words = tale.words("lives near there")
    tale.tell(ObservationRead("v1", (Mention(0, 5, "postcode", "ZZ99 1QB", 0.9),)), about=words)
    for asked, item in (
        ("07700 900654", phone),
        ("900654", phone),
        ("654", phone),
        ("@Lil.Miss_H", handle),
        ("lil.mi", handle),
        ("mill lane", place),
        ("zz991qb", words),
        ("ZZ99 1", words),
    ):
        assert first(views, tale, asked) == item, asked
    assert search_hits(views, tale, "655") == []


@pytest.mark.parametrize(
    ("kind", "normal", "asked"),
    [
        ("vrm", "PK95ABC", "P K nine five A B C"),
        ("vrm", "PK95ABC", "papa kilo 95 alpha bravo charlie"),
        ("vrm", "PK95ABC", "papa kilo nine five"),
        ("phone", "+447700900123", "oh double seven double oh nine double oh one two three"),
        ("phone", "+447700900123", "0044 (0)7700 900 123"),
        ("handle", "baz.v@homemail.example", "baz.v at homemail dot example"),
        ("handle", "baz.v@homemail.example", "baz.v @ homemail , example"),
        ("vrm", "PK95ABC", "\u0420\u041a95 \u0410\u0412\u0421"),
        ("vrm", "PK95ABC", "\uff30\uff2b\uff19\uff15 \uff21\uff22\uff23"),
        ("phone", "+33612345678", "0033 6 12 34 56 78"),
        ("phone", "+447700900123", "\u0660\u0667\u0667\u0660\u0660 900123"),
        ("handle", "big_taz", "b\u0456g_taz"),
    ],
)
def test_any_spelling_finds_the_normal_form(
    views: Views, tale: Tale, kind: MentionKind, normal: str, asked: str
) -> None:
    told = tale.words()
    tale.tell(ObservationRead("test", (Mention(0, 1, kind, normal, 0.9),)), about=told)
    assert first(views, tale, asked) == told


@pytest.mark.parametrize("asked", ["D\u0430ve", "dave", "\uff24ave"])
@pytest.mark.parametrize("written", ["Dave", "D\u0430ve Marlow"])
def test_a_letter_of_another_alphabet_hides_no_name(
    views: Views, tale: Tale, written: str, asked: str
) -> None:
    """A letter of another alphabet hides no name: a Cyrillic letter may be in a recorded name, in
    an entry, or in the query.
    """
    person, told = tale.person(written), tale.words(f"{written} came again")
    assert {hit.id for hit in search_hits(views, tale, asked)} == {person, told}


@pytest.mark.usually_on("sqlite")
def test_a_name_in_another_alphabet_is_found_as_it_is(views: Views, tale: Tale) -> None:
    person = tale.person("\u041d\u0438\u043d\u0430")
    assert first(views, tale, "\u043d\u0438\u043d\u0430") == person


@pytest.mark.usually_on("sqlite")
def test_people_stand_before_words_that_only_say_their_name(views: Views, tale: Tale) -> None:
    for _ in range(3):
        said = tale.words("Baz was there")
        tale.tell(ObservationRead("test", (Mention(0, 3, "nickname", "baz", 0.9),)), about=said)
    barry = tale.person("Barry Vole")
    assert first(views, tale, "Baz") == barry


def test_words_in_texts_all_of_them_and_by_their_beginnings(views: Views, tale: Tale) -> None:
    car = tale.words("He drives a silver Corsa, a silver one")
    tale.words("A silver ring")
    corrected = tale.words("It was parked")
    tale.tell(ObservationCorrected("It was parked at the bus station"), about=corrected)
    assert [hit.id for hit in search_hits(views, tale, "silver corsa")] == [car]
    assert [hit.id for hit in search_hits(views, tale, "cors")] == [car]
    assert [hit.id for hit in search_hits(views, tale, "bus STATION")] == [corrected]
    assert search_hits(views, tale, "silver motorbike") == []


@pytest.mark.usually_on("sqlite")
def test_an_entity_is_above_words_that_name_it(views: Views, tale: Tale) -> None:
    words = tale.words("lads call him Baz")
    tale.tell(ObservationRead("v1", (Mention(14, 17, "person", "baz", 0.8),)), about=words)
    baz = tale.person("Baz")
    hits = search_hits(views, tale, "baz")
    assert [hit.id for hit in hits] == [baz, words]
    assert hits[1].label == "lads call him Baz"
    assert [hit.id for hit in search_hits(views, tale, "baz", limit=1)] == [baz]


def test_more_of_the_words_is_above_less(views: Views, tale: Tale) -> None:
    tale.person("Barry Vole")
    both = tale.person("Barry Marlow")
    assert first(views, tale, "barry marlow") == both


@pytest.mark.usually_on("sqlite")
def test_what_was_withdrawn_is_found_no_more(views: Views, tale: Tale) -> None:
    words = tale.words("Mumblo waits in PK95 ABC")
    read = (Mention(0, 6, "person", "mumblo", 0.8), Mention(16, 24, "vrm", "PK95ABC", 0.9))
    tale.tell(ObservationRead("v1", read), about=words)
    report = tale.graded(words)
    tale.tell(ItemSanitised(1, "A man waits near the harbour"), about=report)
    assert first(views, tale, "harbour") == report
    for asked in ("mumblo", "waits", "pk95"):
        assert words in {hit.id for hit in search_hits(views, tale, asked)}
    tale.tell(ReportWithdrawn("wrong"), about=report)
    tale.tell(ObservationWithdrawn("wrong"), about=words)
    for asked in ("mumblo", "waits", "pk95", "harbour"):
        assert search_hits(views, tale, asked) == []


TYPED = ("", "   ", '"', "'", "a'b:*", "AND", "* OR *", "%", "_", "\x00", "(", "🚗", "é" * 300)


def test_nothing_that_is_typed_breaks_it(views: Views, tale: Tale) -> None:
    tale.words("something else")
    assert [asked for asked in TYPED if search_hits(views, tale, asked) != []] == []


@pytest.mark.usually_on("sqlite")
def test_one_sound_alone_is_not_enough(views: Views, tale: Tale) -> None:
    tale.person("big man by the bus")
    baz = tale.person("Baz")
    assert [hit.id for hit in search_hits(views, tale, "baz")] == [baz]


@pytest.mark.usually_on("sqlite")
def test_an_exact_name_is_not_crowded_out_by_newer_ones_like_it(
    sqlite_views: Views, tale: Tale
) -> None:
    exact = tale.person("Marlow")
    for _ in range(SEEN + 1):
        tale.person("Marlowe")
    assert first(sqlite_views, tale, "marlow") == exact


@pytest.mark.usually_on("sqlite")
def test_it_is_said_how_a_hit_fits(views: Views, tale: Tale) -> None:
    tall = tale.tell(PersonRecorded(known=False, description="tall with a scar"))
    tale.tell(AliasAdded("nickname", "Mumblo"), about=tall)
    assert search_hits(views, tale, "scar")[0].why == "description scar"
    assert search_hits(views, tale, "mumblo")[0].why == "alias mumblo"
    assert search_hits(views, tale, "mumb")[0].why == "begins mumblo"
    assert search_hits(views, tale, "mumbo")[0].why == "spelt mumblo"


@pytest.mark.usually_on("sqlite")
def test_an_id_is_not_taken_for_a_name_or_a_plate(views: Views, tale: Tale) -> None:
    """An id in a search is not read as a name or a plate, although its digits and letters can spell
    words that the user did not search for.
    """
    tale.person("Facade")
    assert search_hits(views, tale, "facade")
    assert search_hits(views, tale, "0e3c701a-cd46-4f28-facd-00000facade0") == []
    assert search_hits(views, tale, "0e3c701a cd46 4f28 facd facade")


def test_parts_find_what_reading_every_mark_would_find(
    views: Views, tale: Tale, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search for part of a plate or number finds the same items as reading every mention would
    find."""
    draw = Random(11)
    plates, phones, handles = [], [], []
    for number in range(20 if TIMES == 1 else 40):
        by, team = f":{number % 2} 'A' 50 %s", f"Team {number % 2}"
        plate = "".join(
            draw.choices("AB8", k=2) + draw.choices("95", k=2) + draw.choices("XZ2", k=3)
        )
        phone = "+4477009" + "".join(draw.choices("012", k=5))
        handle = draw.choice(("", "snapchat:")) + "".join(
            draw.choices("ab._", k=draw.randint(1, 4))
        )
        partial = "".join(c if draw.random() < 0.6 else "*" for c in plate)
        things: tuple[tuple[EntityKind, str], ...] = (
            ("vehicle", plate),
            ("phone", phone),
            ("handle", handle),
        )
        for kind, normal in things:
            tale.tell(ThingRecorded(kind, normal, normal), by=by, team=team)
        words = tale.words("caught", by=by, team=team)
        read = (
            Mention(0, 6, "vrm_partial", partial, 0.6),
            Mention(0, 3, "postcode", "ZZ99 1QB", 1),
        )
        tale.tell(ObservationRead("v1", read), about=words, by=by, team=team)
        plates += [plate, partial]
        phones.append(phone)
        handles.append(handle)
    asked = {"ZZ99", "ZZ99 1", "a", "ab", "snapchat:ab", *phones[:5], *handles[:20], *plates[:10]}
    asked |= {phone[-size:] for phone in phones[:10] for size in (3, 4, 6)}
    for plate in plates:
        size = draw.randint(2, 7)
        at = draw.randint(0, 7 - size)
        part = plate[at : at + size]
        asked |= {part, part.replace("*", "?"), part[:1] + "?" + part[2:], f"ends {part}"}
    readers = closed(":0 'A' 50 %s", "Deter", "psw"), closed("ds.hart", "Team 1", "detective")
    with views.of(tale) as db:
        by_parts = {words: search.search(db, READER, words, 100) for words in asked}
        for reader in readers:
            seen = scope.visible_items(
                db, reader, {hit.id for hits in by_parts.values() for hit in hits}
            )
            for told, hits in by_parts.items():
                own = [hit for hit in hits if hit.id in seen]
                assert search.search(db, reader, told, 100) == own
            assert 10 <= len(seen) < 160
        monkeypatch.setattr(marks, "lacks", lambda *_: True)
        by_reading_all = {words: search.search(db, READER, words, 100) for words in asked}
    assert by_parts == by_reading_all
    assert sum(map(bool, by_parts.values())) > len(asked) / 2


@pytest.mark.usually_on("sqlite")
def test_a_plate_is_looked_up_by_its_rarest_part(
    views: Views, tale: Tale, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part of a plate is looked up by its rarest letters and digits, even if many plates share
    each of them."""
    monkeypatch.setattr(marks, "RARE", (1, 4, 100))
    for plate, cars in (("CD57XYZ", 2), ("CD57XYK", 3), ("DC57XYZ", 4)):
        for _ in range(cars):
            tale.thing("vehicle", plate)
    plate = forms.confusables("CD57XYZ")
    with views.of(tale) as db:
        parts, end = marks.parts_in(plate), marks.parts_in(plate[3:])
        rarest = marks.rarest(db, [parts, end])
        assert rarest[parts] == plate[:3], "five cars have it, six the end, nine both"
        assert rarest[end] == plate[4:]


def test_a_search_takes_the_same_way_whether_others_hold_it_or_not(
    views: Views, tale: Tale
) -> None:
    """A search runs the same queries whether or not another team has recorded the searched name,
    plate or phone, so its duration reveals nothing."""
    words = "Barry Quorn CD57XYZ 07700900111 snapchat:bazza"
    asked: list[str] = []

    def statements(reader: Reader) -> list[str]:
        with views.of(tale) as db:
            db.execute(sa.select(sa.literal(1)))
            sa.event.listen(db, "before_cursor_execute", lambda *told: asked.append(str(told[2])))
            asked.clear()
            found = finding.search(db, reader, words, 10, FacetFilter())
            assert [hit.label for hit in found.hits] == ["Barry Cole"]
            return list(asked)

    detective = closed("dc.moss", "Cherish", "detective")
    mine = PersonRecorded(known=True, name="Barry Cole")
    tale.tell(mine, team="Cherish", by="dc.moss")
    before = statements(detective)
    told = tale.words("a car", team="Engage", by="ds.hart")
    tale.tell(PersonRecorded(known=True, name="Barry Quorn"), team="Engage", by="ds.hart")
    read = (
        Mention(0, 7, "vrm", "CD57XYZ", 0.9),
        Mention(0, 7, "vrm_partial", "****XYZ", 0.6),
        Mention(0, 7, "phone", "+447700900111", 0.9),
        Mention(0, 7, "handle", "snapchat:bazza", 0.9),
    )
    tale.tell(ObservationRead("v1", read), about=told, team="Engage", by="ds.hart")
    assert statements(detective) == before


def test_the_newest_texts_are_found_however_many_are_looked_through_first(
    views: Views, tale: Tale, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search finds the newest texts with a word, however many texts it reads one by one before it
    uses the index of words. (On a server, this index does not know the time of a text.)"""
    names = ("Barry", "Larry", "Barrymore", "Harry")
    told = [tale.words(f"{names[number % 4]} was here {number}") for number in range(24)]
    fitting = [one for number, one in enumerate(told) if number % 4 in (0, 2)][::-1]
    with views.of(tale) as db:
        for looked_through, most in product((1, 6, 23, 24, 1_000), (3, 300)):
            monkeypatch.setattr(queries, "NEWEST", looked_through)
            monkeypatch.setattr(search, "SEEN", most)
            hits = search._texts(db, READER, ("barry",))
            assert [hit.id for hit in hits] == fitting[:most], looked_through


@pytest.mark.usually_on("sqlite")
def test_of_a_common_word_no_more_texts_are_read_than_are_shown(views: Views, tale: Tale) -> None:
    """For a common word, no more texts are read than are shown, because the index of words returns
    the newest texts first."""
    told = [tale.words(f"Barry was here {number}") for number in range(3)]
    with views.of(tale) as db:
        with plans(db) as asked:
            hits = search._texts(db, READER, ("barry",))
        assert [hit.id for hit in hits] == told[::-1]
        first, second = asked[-1].split("; ")
        assert first.startswith("SCAN search_texts_words VIRTUAL TABLE INDEX")
        assert "search_texts USING INTEGER PRIMARY KEY" in second


@pytest.mark.parametrize(
    "end", [ObservationWithdrawn("wrong"), ObservationRedacted(UUID(int=1), "a car")]
)
def test_parts_of_what_was_taken_back_are_not_kept(
    views: Views, tale: Tale, end: ObservationWithdrawn | ObservationRedacted
) -> None:
    words = tale.words("PK95 ABC, ends 654")
    read = (
        Mention(0, 8, "vrm", "PK95ABC", 0.9),
        Mention(0, 4, "vrm_partial", "**95***", 0.9),
        Mention(10, 18, "phone", "+447700900654", 0.9),
    )
    tale.tell(ObservationRead("v1", read), about=words)
    with views.of(tale) as db:
        assert db.execute(sa.select(index.PartRow.table)).all()
    tale.tell(end, about=words)
    with views.of(tale) as db:
        assert not db.execute(sa.select(index.PartRow.table)).all()


def test_an_entry_with_two_parts_of_a_plate_is_found_once(views: Views, tale: Tale) -> None:
    words = tale.words("begins PK9, ends ABC")
    read = tuple(Mention(0, 3, "vrm_partial", part, 0.9) for part in ("PK9****", "****ABC"))
    tale.tell(ObservationRead("v1", read), about=words)
    with views.of(tale) as db:
        looks = list(marks.looks(db, ["PK95ABC"]))
        found = [(look.text, row.normal) for look, row, _ in marks._fitting(db, READER, looks)]
    assert sorted(normal for _, normal in found) == ["****ABC", "PK9****"]


@pytest.mark.usually_on("sqlite")
def test_a_search_by_part_of_a_mark_begins_with_the_rows_of_this_part(
    views: Views, tale: Tale
) -> None:
    """Marks with a part are found without reading all marks of the same kind, of which a large
    store has many thousands.
    """
    words = tale.words("PK95 ABC, ends 654")
    tale.tell(ObservationRead("v1", (Mention(0, 8, "vrm", "PK95ABC", 0.9),)), about=words)
    with views.of(tale) as db:
        with plans(db) as asked:
            assert search.search(db, READER, "PK95")
        by_part = [plan for plan in asked if "search_marks" in plan]
        assert by_part
        for plan in by_part:
            assert "search_parts USING PRIMARY KEY (part=?); SEARCH main.search_marks" in plan
            assert "(mark=?)" not in plan


def test_names_stand_as_when_all_of_them_are_put_in_order(
    views: Views, tale: Tale, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = Random(5)
    known = ("Bar", "Barry", "Barrie", "Barrymore", "Berry", "Bo", "Mary", "Perry", "Baz")
    for number in range(60):
        team = "Engage" if draw.random() < 0.7 else "Elsewhere"
        name = " ".join(draw.sample(known, k=2))
        if number % 3:
            tale.tell(PersonRecorded(known=True, name=name), team=team, by=team)
        elif number % 2:
            tale.tell(ThingRecorded("place", name.lower(), name.lower()), team=team, by=team)
        else:
            told = (Mention(0, len(name), "person", name.lower(), 0.9),)
            words = tale.words(name, team=team, by=team)
            tale.tell(ObservationRead("v1", told), about=words, team=team, by=team)
    everybody = Reader("ds.hart", "Engage", "police")
    few, wordless = closed("ds.hart", "Engage", "detective"), closed("aud.it", "Engage", "auditor")
    # this reader recorded much, and sees only their own records
    own = closed("Engage", "Deter", "psw")
    monkeypatch.setattr(names, "CLOSE", 3)
    with views.of(tale) as db:
        assert search._texts(db, own, ("barry",))
        assert not search._texts(db, wordless, ("barry",))
        assert names.named(db, wordless, "barry", ())
        readers, tokens = (everybody, few, own, wordless), ("barry", "bar", "ba", "bery", "b", "bo")
        searches = product(readers, tokens, (1, 7, 25, 300), (0, 900))
        for reader, token, seen, broad in todays(searches):
            for one in (names, search):
                monkeypatch.setattr(one, "SEEN", seen)
            monkeypatch.setattr(names, "BROAD", broad)
            assert names.alike(db, reader, token) == words_alike(db, reader, token)
            ways = names.candidates(db, reader, token)
            some = [tuple(row) for row in names.named(db, reader, token, ways)]
            assert some == names_in_order(db, reader, token, ways)[:seen], (token, seen, broad)
            texts = [hit.id for hit in search._texts(db, reader, (token,))]
            assert texts == texts_holding(db, reader, token)[:seen]
        assert names_in_order(db, few, "barry", ()) != names_in_order(db, everybody, "barry", ())


def rows_seen(db: sa.Connection, reader: Reader) -> list[index.NameRow]:
    """Return a row for every word of every name that the reader sees."""
    c = index.NameRow.table.c
    found = db.execute(sa.select(index.NameRow.table).where(scope.sees(reader, c.item)))
    return [index.NameRow(*row) for row in found]


def names_in_order(
    db: sa.Connection, reader: Reader, token: str, ways: Collection[str]
) -> list[tuple[object, ...]]:
    """Return the rows of all names that the reader sees and that a search for the word `token` may
    mean: names with this word, with a word in `ways`, or with a word that begins with `token`. The
    rows are sorted in Python, without the database."""
    begins = token if len(token) > 1 else "\0"
    found = [
        row
        for row in rows_seen(db, reader)
        if row.word == token or row.word in ways or row.word.startswith(begins)
    ]
    found.sort(key=lambda row: (row.word != token, row.kind == "observation", -row.seq, row.word))
    return [astuple(row) for row in found]


def texts_holding(db: sa.Connection, reader: Reader, token: str) -> list[UUID]:
    """Return the texts that the reader sees and that contain this word or a longer word beginning
    with it, the newest first.
    """
    c = index.TextRow.table.c
    rows = db.execute(sa.select(c.item, c.words).where(scope.sees(reader, c.item)).order_by(-c.seq))
    begins = len(token) > 2
    return [
        item
        for item, words in rows
        if any(word == token or (begins and word.startswith(token)) for word in words.split())
    ]


def words_alike(db: sa.Connection, reader: Reader, token: str) -> list[str]:
    """Return the most similar of all words that the reader sees: those that share the most trigrams
    (three letters) with this word, or that sound the same.
    """
    words = {row.word: row.sound for row in rows_seen(db, reader) if row.word != token}
    trigrams = forms.trigrams(token)
    shared = {word: len(trigrams & forms.trigrams(word)) for word in words}
    enough = [word for word in words if shared[word] >= max(2, len(trigrams) // 3)]
    enough.sort(key=lambda word: (-shared[word], word))
    sounding = sorted(word for word, sound in words.items() if sound in forms.sounds(token))
    return enough[: names.CLOSE] + sounding[: names.CLOSE]


@pytest.mark.parametrize(
    "asked", ["ab\0cd", "AB9\0 XAB", "07700\x00900111", "\0", "@a\0b ends \x0012"]
)
def test_a_question_may_hold_what_no_database_takes(views: Views, tale: Tale, asked: str) -> None:
    tale.thing("vehicle", "AB95XAB")
    with views.of(tale) as db:
        assert isinstance(search.search(db, READER, asked), list)

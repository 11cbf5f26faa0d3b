"""Pairs of records that are probably the same person are stored while names, links and judgements
are recorded, in whatever order they come."""

from collections import Counter
from datetime import date
from itertools import combinations
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import matching
from domain.information.observation import MentionConfirmed, ObservationWithdrawn
from domain.intelligence.entity import AgeRecorded, AliasAdded, PersonRecorded, ThingRecorded
from domain.intelligence.identity import IdentityJudged, IdentityRevoked, pair_stream
from domain.intelligence.link import LinkAsserted
from domain.kernel.values import Reader
from domain.matching import WeightsTrained
from projections import all_views
from projections.information import mentions
from projections.intelligence import likely_same_person
from projections.kernel import runner
from projections.kernel.batch import RowBatch
from tests.fuzz import TIMES
from tests.projections.tale import Tale, Views

READER = Reader("ds.hale", "Engage", "police")


def stored_pairs(views: Views, tale: Tale) -> dict[frozenset[UUID], float]:
    with views.of(tale) as db:
        found = likely_same_person.pairs(db, READER)
    worth = [pair.worth for pair in found]
    assert worth == sorted(worth)
    return {frozenset((pair.a, pair.b)): -pair.worth for pair in found}


def test_a_judgement_hides_a_pair_and_taken_back_it_is_shown_again(
    views: Views, tale: Tale
) -> None:
    one, other, third = (tale.person(name) for name in ("Sharon Vole", "Sharron Vole", "Jo Hill"))
    judged = IdentityJudged(one, other, "different", "two schools")
    tale.tell(judged, about=pair_stream(one, other))
    far = IdentityJudged(one, third, "same", "an alias, she said")
    tale.tell(far, about=pair_stream(one, third))
    tale.tell(AliasAdded("nickname", "Sharon Vole"), about=third)
    assert set(stored_pairs(views, tale)) == {frozenset((other, third))}
    tale.tell(IdentityRevoked(one, other, "one school"), about=pair_stream(one, other))
    tale.tell(IdentityRevoked(one, third, "a mistake"), about=pair_stream(one, third))
    assert len(stored_pairs(views, tale)) == 3


def test_a_refused_pair_waits_again_when_more_speaks_for_it(views: Views, tale: Tale) -> None:
    one, other = tale.person("Sharon Vole"), tale.person("Sharron Vole")
    tale.tell(IdentityJudged(one, other, "different", "two"), about=pair_stream(one, other))
    tale.tell(AgeRecorded(born=date(1995, 3, 1)), about=one)
    assert stored_pairs(views, tale) == {}
    tale.tell(AgeRecorded(born=date(1995, 3, 1)), about=other)
    assert set(stored_pairs(views, tale)) == {frozenset((one, other))}
    tale.tell(IdentityJudged(one, other, "unsure", "twins?"), about=pair_stream(one, other))
    assert stored_pairs(views, tale) == {}


def test_a_refused_pair_waits_again_for_whatever_agrees_that_is_new(
    views: Views, tale: Tale
) -> None:
    """A pair of records that was judged "unsure" is proposed again when the two people turn out to
    share something new, such as a second phone."""
    one, other = tale.person("Sharon Vole"), tale.person("Sharron Vole")
    for number in range(2):
        phone = tale.thing("phone", f"+44770090012{number}")
        for who in (one, other):
            tale.tell(LinkAsserted(who, phone, "uses", "information"))
        assert stored_pairs(views, tale), number
        tale.tell(IdentityJudged(one, other, "unsure", "one"), about=pair_stream(one, other))
        assert stored_pairs(views, tale) == {}


@pytest.mark.parametrize("ties_first", [True, False])
def test_ties_count_whenever_they_come(views: Views, tale: Tale, ties_first: bool) -> None:
    one, other = tale.person("Kay"), tale.person("Kayleigh")
    car = tale.thing("vehicle", "AB95CDE")
    for who in (one, other) if ties_first else ():
        tale.tell(LinkAsserted(who, car, "uses", "information"))
    tale.tell(AliasAdded("nickname", "Sharon Vole"), about=one)
    tale.tell(AliasAdded("nickname", "Sharon Voles"), about=other)
    for who in () if ties_first else (one, other):
        tale.tell(LinkAsserted(who, car, "uses", "information"))
        tale.tell(LinkAsserted(who, car, "owns", "information"))
    (worth,) = stored_pairs(views, tale).values()
    assert worth > 0.99
    tale.person("Sharon Vole")
    assert len(stored_pairs(views, tale)) == 3


#: Names that sound alike or nearly alike. The data below also contain details that several people
#: share.
NAMES = ("Sharon Vole", "Sharron Voles", "Shaz", "Vole Sharon", "Jo Hill", "Amy Stone", "Lee Park")
TIED = (
    ("phone", "+447700900123", "uses"),
    ("phone", "+447700900124", "uses"),
    ("vehicle", "AB95CDE", "owns"),
    ("vehicle", "A895CDE", "owns"),
    ("handle", "snapchat:shaz95", "uses"),
    ("handle", "instagram:shaz95", "uses"),
    ("place", "1 high street av1 1aa", "lives-at"),
    ("place", "2 high street av1 1aa", "lives-at"),
    ("place", "the arcade", "frequents"),
    ("person", "", "associates-with"),
)
BORN = (date(1995, 3, 1), date(1995, 1, 3), date(1996, 3, 1))
TOLD = st.one_of(
    st.sampled_from(NAMES).map(lambda name: AliasAdded("nickname", name)),
    st.sampled_from(BORN).map(lambda born: AgeRecorded(born=born)),
    st.sampled_from(("15 years", "16 years")).map(lambda words: AgeRecorded(words=words)),
    *[st.integers(0, len(TIED) - 1)] * 3,
)


@settings(max_examples=40 * TIMES)
@given(
    people=st.lists(st.sampled_from((None, None, None, *NAMES)), min_size=2, max_size=4),
    told=st.lists(st.tuples(st.integers(0, 3), TOLD), min_size=5, max_size=25),
)
def test_in_whatever_order_it_comes_each_likely_pair_is_kept_by_all_that_is_known(
    people: list[str | None], told: list[tuple[int, AliasAdded | AgeRecorded | int]]
) -> None:
    """In whatever order facts are recorded, each likely pair is stored with the same weight as if
    all people with a common search key were compared at the end."""
    tale = Tale()
    ids = [tale.tell(PersonRecorded(True, name=name)) for name in people]
    things = [
        tale.person("Mo Dean") if kind == "person" else tale.thing(kind, normal)  # type: ignore[arg-type]
        for kind, normal, _ in TIED
    ]
    for number, fact in told:
        who = ids[number % len(ids)]
        if isinstance(fact, int):
            tale.tell(LinkAsserted(who, things[fact], TIED[fact][2], "information"))  # type: ignore[arg-type]
        else:
            tale.tell(fact, about=who)
    _each_likely_pair_is_kept(tale)


def test_a_value_without_a_key_of_its_own_is_weighed_as_well() -> None:
    """A value without a search key, such as a plate that is easily mistaken for another, still
    counts if the pair is found by another key."""
    tale = Tale()
    ids = [
        tale.tell(PersonRecorded(True, name=name, born=born))
        for name, born in (("Sharon Vole", date(1990, 1, 1)), ("Amy Stone", date(1970, 5, 6)))
    ]
    for who, plate in zip((*ids, ids[0]), ("AB95CDE", "A895CDE", "A895CDE"), strict=True):
        tale.tell(LinkAsserted(who, tale.thing("vehicle", plate), "owns", "information"))
    assert _each_likely_pair_is_kept(tale) == {(ids[0], ids[1])}


def test_a_pair_that_a_further_name_finds_is_stored_for_the_names_before_it() -> None:
    """If two records are found to be alike only by a name that was added later, the pair is stored
    with the weight of all their names."""
    tale = Tale()
    ids = [tale.tell(PersonRecorded(True, name=name)) for name in (None, "Vole Sharon")]
    tale.tell(AliasAdded("nickname", "Sharron Voles"), about=ids[0])
    tale.tell(AliasAdded("nickname", "Sharon Vole"), about=ids[1])
    assert _each_likely_pair_is_kept(tale) == {(ids[0], ids[1])}


def _each_likely_pair_is_kept(tale: Tale) -> set[tuple[UUID, UUID]]:
    stored, records = _stored(tale)
    at_most = {
        (one, other): found.at_most
        for one, other in combinations(sorted(records), 2)
        if _share_a_key(records[one], records[other])
        and _is_kept(found := matching.compare(records[one], records[other], matching.DEFAULT))
    }
    assert stored == at_most
    return set(stored)


def _is_kept(found: matching.Comparison) -> bool:
    likely = matching.probability(found.at_most)
    more = any(step.weight > 0 and step.field not in ("given", "family") for step in found.steps)
    return likely >= likely_same_person.ENOUGH or (likely >= likely_same_person.KEPT and more)


def test_a_common_first_name_makes_no_rows_and_hides_no_pair(views: Views, tale: Tale) -> None:
    """Two people who share only a common first name are not stored as a pair. This does not hide a
    pair with further data in common."""
    crowd = [tale.person(f"Barry {family}") for family in ("Marlow", "Stone", "Hill", "Vole")]
    one = tale.tell(PersonRecorded(True, name="Baz"))
    assert rows_of(views, tale) == 0
    home = tale.thing("place", "1 high street av1 1aa")
    for who in (crowd[2], one):
        tale.tell(LinkAsserted(who, home, "lives-at", "information"))
    assert set(stored_pairs(views, tale)) == {frozenset((crowd[2], one))}
    assert rows_of(views, tale) == 1


def test_a_first_name_alone_is_enough_once_weights_say_so(views: Views, tale: Tale) -> None:
    """With trained weights that make a shared first name sufficient, a pair with only this in
    common is stored. With the default weights it is not."""
    one, other = tale.person("Xanthe Marlow"), tale.tell(PersonRecorded(True, name="Xanthe"))
    assert stored_pairs(views, tale) == {}
    default = matching.DEFAULT
    likelier = matching.Weights("trained-1", default.prior * 50, default.levels)
    tale.tell(WeightsTrained(likelier, 5_000))
    assert set(stored_pairs(views, tale)) == {frozenset((one, other))}
    tale.tell(WeightsTrained(default, 5_000))
    assert rows_of(views, tale) == 0


def test_one_word_of_a_name_is_a_key_only_where_it_can_make_a_pair(
    views: Views, tale: Tale
) -> None:
    """A single word of a name is a search key of a record only if it can make a pair: if the record
    has a birth date, an age or an address, or if the trained weights make one word sufficient."""
    one, other = tale.person("Xanthe Marlow"), tale.tell(PersonRecorded(True, name="Xanthe"))
    for who in (one, other):
        tale.tell(LinkAsserted(who, tale.thing("phone", "1"), "uses", "information"))
    few = keys_of(views, tale)
    assert few[other] == 1, "the phone"
    born = date(1995, 3, 1)
    tale.tell(AgeRecorded(born=born), about=one)
    assert keys_of(views, tale)[one] > few[one] + 1
    assert keys_of(views, tale)[other] == 1
    default = matching.DEFAULT
    likelier = matching.Weights("trained-1", default.prior * 50, default.levels)
    tale.tell(WeightsTrained(likelier, 5_000))
    assert keys_of(views, tale)[other] > 1
    assert set(stored_pairs(views, tale)) == {frozenset((one, other))}


def keys_of(views: Views, tale: Tale) -> Counter[UUID]:
    with views.of(tale) as db:
        held = db.execute(sa.select(likely_same_person.KeyRow.table.c.entity)).scalars()
        return Counter(held)


def rows_of(views: Views, tale: Tale) -> int:
    with views.of(tale) as db:
        pairs = likely_same_person.PairRow.table
        return db.execute(sa.select(sa.func.count()).select_from(pairs)).scalar_one()


def _stored(tale: Tale) -> tuple[dict[tuple[UUID, UUID], float], dict[UUID, matching.Record]]:
    """Build the view of possible duplicates from the story. Return the stored weight of each pair
    of people, and the stored data about each person."""
    pairs, held = likely_same_person.PairRow.table.c, likely_same_person.RecordRow.table.c
    engine = runner.open_views(None)
    runner.create(engine, all_views.VIEWS)
    runner.catch_up(engine, [likely_same_person.VIEW], tale.logs)
    with engine.connect() as db:
        kept = {
            (a, b): weight for a, b, weight in db.execute(sa.select(pairs.a, pairs.b, pairs.weight))
        }
        records = {row.entity: row.held for row in db.execute(sa.select(held.entity, held.held))}
    engine.dispose()
    return kept, records


def _share_a_key(one: matching.Record, other: matching.Record) -> bool:
    mine, theirs = matching.keys(one), matching.keys(other)
    return bool(mine.sought & theirs.stored or theirs.sought & mine.stored)


def test_what_one_team_recorded_keeps_no_other_team_s_from_being_compared(
    views: Views, tale: Tale, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(likely_same_person, "CROWD", 2)
    for _ in range(4):
        tale.person("Kayleigh Marlow")
    before = set(stored_pairs(views, tale))
    with views.of(tale) as db:
        assert likely_same_person.beyond(db, READER) == 2
    assert len(before) == 5, "of a crowd the first are compared, with each who comes"
    names = [tale.tell(PersonRecorded(True, name="Kayleigh Marlow"), team="Free") for _ in "ab"]
    assert frozenset(names) in set(stored_pairs(views, tale))


def test_a_common_name_makes_pairs_with_the_newest_of_each_team(views: Views, tale: Tale) -> None:
    """A new person with a common name is paired only with the newest namesakes of each team, so the
    stored pairs of one person do not grow with the number of namesakes."""
    most = likely_same_person.NAMESAKES
    ours = [tale.person("Kayleigh Marlow") for _ in range(most + 3)]
    free = tale.tell(PersonRecorded(True, name="Kayleigh Marlow"), team="Free")
    other = tale.person("Sharon Vole")
    before = stored_pairs(views, tale)
    one = tale.person("Kayleigh Marlow")
    assert set(stored_pairs(views, tale)) - set(before) == {
        frozenset((one, each)) for each in (free, *ours[-most:])
    }
    tale.tell(AliasAdded("nickname", "Kay"), about=one)
    tale.tell(AgeRecorded(words="15 years"), about=one)
    assert len(stored_pairs(views, tale)) == len(before) + most + 1
    tale.tell(AliasAdded("former-name", "Sharon Vole"), about=one)
    assert frozenset((one, other)) in stored_pairs(views, tale)
    tale.tell(AgeRecorded(born=date(1995, 3, 1)), about=one)
    tale.tell(AgeRecorded(born=date(1995, 3, 1)), about=ours[0])
    assert frozenset((one, ours[0])) in stored_pairs(views, tale), (
        "a shared birthday finds the others"
    )


def test_a_nickname_is_compared_with_no_record_that_it_cannot_match(
    views: Views, tale: Tale, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A nickname of one word is compared only with records for which it can matter. For example, it
    is not compared with all namesakes who have no age."""
    for _ in range(likely_same_person.NAMESAKES + 3):
        tale.person("Kayleigh Marlow")
    one, young = tale.person("Kayleigh Marlow"), tale.person("Kayleigh Marlow")
    tale.tell(AgeRecorded(words="15 years"), about=young)
    stored_pairs(views, tale)
    compared: list[UUID] = []
    put = likely_same_person._put_pair

    def noted(batch: RowBatch, row: likely_same_person.RecordRow, *rest: Any) -> None:
        compared.append(row.entity)
        put(batch, row, *rest)

    monkeypatch.setattr(likely_same_person, "_put_pair", noted)
    tale.tell(AliasAdded("nickname", "Kay"), about=one)
    stored_pairs(views, tale)
    assert not compared
    tale.tell(AliasAdded("nickname", "Kay"), about=young)
    stored_pairs(views, tale)
    assert set(compared) == {young}
    tale.tell(AliasAdded("former-name", "Kayleigh Marlowe"), about=one)
    stored_pairs(views, tale)
    assert set(compared) == {young, one}


def test_once_a_namesake_is_judged_different_the_next_ones_are_proposed(
    views: Views, tale: Tale
) -> None:
    """Once a namesake is judged to be a different person, further namesakes are proposed, because a
    common name has more namesakes than stored pairs. Judged pairs stay decided."""
    most = likely_same_person.NAMESAKES
    ours = [tale.person("Kayleigh Marlow") for _ in range(most + 3)]
    one = tale.person("Kayleigh Marlow")
    assert frozenset((one, ours[0])) not in stored_pairs(views, tale)
    judged = IdentityJudged(one, ours[-1], "different", "two schools")
    tale.tell(judged, about=pair_stream(one, ours[-1]))
    assert {frozenset((one, each)) for each in ours[:-1]} <= set(stored_pairs(views, tale))
    assert frozenset((one, ours[-1])) not in stored_pairs(views, tale)


def test_new_weights_make_no_more_pairs_of_a_name(views: Views, tale: Tale) -> None:
    most = likely_same_person.NAMESAKES
    ours = [tale.person("Kayleigh Marlow") for _ in range(3 * most)]
    before = stored_pairs(views, tale)
    tale.tell(WeightsTrained(matching.DEFAULT, 5_000))
    assert before.keys() <= stored_pairs(views, tale).keys()
    assert len(stored_pairs(views, tale)) <= 2 * most * len(ours)


def test_a_word_that_many_have_among_their_names_is_a_crowd_too(
    views: Views, tale: Tale, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A single name that many people have is treated as common, even if each has it together with
    another name. A person who is recorded with this name alone is paired with only some of them."""
    monkeypatch.setattr(likely_same_person, "CROWD", 2)
    for family in ("Marlow", "Stone", "Hill", "Vole"):
        who = tale.person(f"Shaznay {family}")
        tale.tell(AgeRecorded(words="15 years"), about=who)
    who = tale.person("Shaznay")
    tale.tell(AgeRecorded(words="15 years"), about=who)
    assert len(stored_pairs(views, tale)) == 2
    with views.of(tale) as db:
        assert likely_same_person.beyond(db, READER) == 3


def test_a_judgement_about_somebody_without_a_name_is_not_forgotten(
    views: Views, tale: Tale
) -> None:
    one, other = tale.tell(PersonRecorded(False)), tale.person("Sharon Vole")
    judged = IdentityJudged(one, other, "different", "two faces")
    tale.tell(judged, about=pair_stream(one, other))
    tale.tell(AliasAdded("nickname", "Sharon Vole"), about=one)
    with views.of(tale) as db:
        (pair,) = likely_same_person.pairs(db, READER)
    assert pair.judgement == "different"


def test_other_weights_weigh_what_is_kept_anew(views: Views, tale: Tale) -> None:
    one, other = tale.person("Sharon Vole"), tale.person("Sharron Vole")
    (before,) = stored_pairs(views, tale).values()
    default = matching.DEFAULT
    rarer = matching.Weights("trained-1", default.prior / 5, default.levels)
    tale.tell(WeightsTrained(rarer, 5_000))
    (after,) = stored_pairs(views, tale).values()
    assert after < before
    with views.of(tale) as db:
        assert likely_same_person.weights(db) == rarer
    never = matching.Weights("trained-2", 1e-12, default.levels)
    tale.tell(WeightsTrained(never, 5_000))
    assert stored_pairs(views, tale) == {}
    tale.tell(WeightsTrained(default, 5_000))
    assert list(stored_pairs(views, tale).values()) == [before], "kept, though it was not shown"
    tale.tell(IdentityJudged(one, other, "same", "she says so"), about=pair_stream(one, other))
    tale.tell(WeightsTrained(rarer, 5_000))
    assert stored_pairs(views, tale) == {}


def test_who_is_named_together_is_counted_by_the_words_that_stand(views: Views, tale: Tale) -> None:
    people = [tale.person(name) for name in ("Ann", "Bea", "Cid")]
    first, second = tale.words(), tale.words()
    for words, named in ((first, people), (second, people[:2])):
        for one in named:
            tale.tell(MentionConfirmed(one), about=words)
    tale.tell(MentionConfirmed(people[0]), about=first)
    with views.of(tale) as db:
        found = {(row.a, row.b): row.words for row in mentions.list_named_together(db, READER)}
    ann, bea, cid = people
    assert found == {(ann, bea): 2, (ann, cid): 1, (bea, cid): 1}
    tale.tell(ObservationWithdrawn("a mistake"), about=first)
    with views.of(tale) as db:
        assert [(row.a, row.b, row.words) for row in mentions.list_named_together(db, READER)] == [
            (ann, bea, 1)
        ]


def test_a_thing_that_comes_behind_its_first_link_counts_for_both(views: Views, tale: Tale) -> None:
    """If a phone's number is recorded only after the first link to the phone, it still counts for
    everybody with a link to the phone."""
    one, other, phone = tale.person("Cal Moss"), tale.person("Wat Tyler"), tale.new()
    tale.tell(LinkAsserted(one, phone, "uses", "information"))
    tale.tell(ThingRecorded("phone", "+447700900555", "07700 900555"), about=phone)
    tale.tell(LinkAsserted(other, phone, "uses", "information"))
    assert stored_pairs(views, tale).keys() == {frozenset((one, other))}

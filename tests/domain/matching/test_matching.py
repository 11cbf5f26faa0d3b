"""Two records of people are compared field by field; each field speaks for or against the records
being one person.
"""

from collections.abc import Mapping
from datetime import date
from random import Random
from string import ascii_lowercase
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import matching
from domain.kernel.values import Refused
from domain.matching import DEFAULT, Chance, Comparison, Field, Held, Level, Record, Weights
from domain.matching.record import years_text
from domain.matching.training import LISTED, train
from domain.matching.weights import SAID


def agrees(one: Record, other: Record) -> dict[Field, Level]:
    compared = matching.compare(one, other, DEFAULT)
    turned = matching.compare(other, one, DEFAULT)
    assert turned.weight == pytest.approx(compared.weight)
    return {step.field: step.level for step in compared.steps}


def weight(one: Record, other: Record, ties: matching.Ties | None = None) -> float:
    return matching.compare(one, other, DEFAULT, ties or {}).weight


def named_record(*names: str, born: str = "") -> Record:
    found: dict[Held, tuple[str, ...]] = {"name": names}
    return found | {"born": (born,)} if born else found


@pytest.mark.parametrize(
    ("one", "other", "given", "family"),
    [
        ("sharon marlow", "sharon marlow", "same", "same"),
        ("bill marlow", "william marlow", "short", "same"),
        ("bill marlow", "liam marlow", "short", "same"),
        ("shaz", "sharon marlow", "short", None),
        ("shaz marlow", "sharron marlow", "short", "same"),
        ("sharron marlowe", "sharon marlow", "close", "close"),
        ("s marlow", "sharon marlow", "initial", "same"),
        ("t marlow", "sharon marlow", "differ", "same"),
        ("marlow sharon", "sharon marlow", "crossed", None),
        ("marlow", "sharon marlow", None, "same"),
        ("sharon lee marlow", "sharon marlow", "same", "same"),
        ("kevin field", "sharon marlow", "differ", "differ"),
    ],
)
def test_how_names_agree(one: str, other: str, given: Level | None, family: Level | None) -> None:
    found = agrees(named_record(one), named_record(other))
    assert (found.get("given"), found.get("family")) == (given, family)


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("1995-03-04", "1995-03-04", "same"),
        ("1995-03-04", "1995-04-03", "turned"),
        ("1995-03-04", "1996-03-04", "slip"),
        ("1995-03-04", "1995-03-14", "slip"),
        ("1995-03-04", "1995-11-30", "year"),
        ("1995-03-04", "1981-11-30", "differ"),
    ],
)
def test_how_births_agree(one: str, other: str, level: Level) -> None:
    assert agrees({"born": (one,)}, {"born": (other,)}) == {"born": level}


def test_an_age_counts_where_a_birth_is_missing() -> None:
    fourteen = years_text("14", date(2010, 6, 1)) or ""
    assert fourteen == "1995-1996"
    assert years_text("about 14", date(2010, 6, 1)) is None
    born: Record = {"born": ("1995-12-01",), "age": ("1980-1981",)}
    assert agrees(born, {"age": (fourteen,)}) == {"age": "near"}
    assert agrees(born, {"age": ("1981-1982",)}) == {"age": "differ"}
    assert agrees(born, {"born": ("1995-12-01",), "age": ("1981-1982",)}) == {"born": "same"}


@pytest.mark.parametrize(
    ("held", "one", "other", "level"),
    [
        ("phone", "07700900123", "07700900123", "same"),
        ("phone", "07700900123", "07700900124", "differ"),
        ("handle", "snapchat:shazza", "snapchat:shazza", "same"),
        ("handle", "snapchat:shazza", "shazza", "part"),
        ("plate", "AB95CDE", "AB95CDE", "same"),
        ("plate", "AB95COE", "AB95C0E", "part"),
        ("address", "4 mill lane zz99 1ab", "4 mill lane zz99 1ab", "same"),
        ("address", "4 mill lane zz99 1ab", "4 milllane zz99 1ab", "close"),
        ("address", "4 mill lane zz99 1ab", "the old school house zz99 1ab", "postcode"),
        ("address", "4 mill lane town a", "31 station road town b", "differ"),
    ],
)
def test_how_things_agree(held: Held, one: str, other: str, level: Level) -> None:
    assert agrees({held: (one,)}, {held: (other,)}) == {held: level}


def test_companions_and_places_in_common_speak_for_it_the_more_there_are() -> None:
    alone = matching.compare({"companion": ("a",)}, {"companion": ("b",)}, DEFAULT)
    assert alone.steps == ()
    for held in ("companion", "place"):
        weights = [
            weight({held: tuple("abcdef")}, {held: tuple("abcdef"[:number])})
            for number in range(1, 5)
        ]
        assert weights[0] < weights[1] < weights[2] == weights[3]


def test_what_many_share_says_little() -> None:
    one: Record = {"phone": ("07700900123",), "place": ("town-a",)}
    other = one
    two: matching.Ties = {("phone", "07700900123"): 2, ("place", "town-a"): 2}
    many: matching.Ties = {("phone", "07700900123"): 40, ("place", "town-a"): 40}
    assert weight(one, other, two) == weight(one, other)
    found = matching.compare(one, other, DEFAULT, many)
    assert [step.field for step in found.steps] == ["phone"]
    assert 0 <= found.steps[0].weight < matching.compare(one, other, DEFAULT).steps[0].weight / 1.5


def test_a_rare_name_says_more_than_a_common_one() -> None:
    common, rare = named_record("david smith"), named_record("peregrine quillfeather")
    assert weight(rare, rare) > weight(common, common) + 5
    assert matching.compare(common, common, DEFAULT).probability < 0.5


def test_two_people_with_one_name_stay_two() -> None:
    one, other = (
        named_record("sharon marlow", born="1995-03-04"),
        named_record("sharon marlow", born="1981-11-30"),
    )
    assert matching.compare(one, other, DEFAULT).probability < 0.5


def test_of_several_names_and_phones_those_count_that_agree_best() -> None:
    one: Record = {"name": ("kevin field", "smiler"), "phone": ("1", "2")}
    other: Record = {"name": ("baz", "smiler"), "phone": ("3", "2")}
    found = matching.compare(one, other, DEFAULT)
    assert [(step.field, step.mine) for step in found.steps] == [
        ("given", ("smiler",)),
        ("phone", ("2",)),
    ]


def test_nothing_known_says_nothing() -> None:
    found = matching.compare({}, named_record("sharon marlow"), DEFAULT)
    assert found == Comparison(found.prior, ())
    assert found.probability == pytest.approx(DEFAULT.prior)


def test_neither_ethnicity_nor_nationality_is_a_field() -> None:
    held = set(matching.FIELDS) | set(get_args(matching.Held))
    assert not held & {"ethnicity", "nationality", "religion", "gender"}
    assert set(DEFAULT.levels) == set(matching.FIELDS)
    assert {level for each in DEFAULT.levels.values() for level in each} <= set(SAID)


HELD: Mapping[Held, list[str]] = {
    "name": ["sharon marlow", "shaz", "sharron marlowe", "marlow sharon", "kevin field", "k f"],
    "born": ["1995-03-04", "1995-04-03", "1995-03-05", "1981-11-30"],
    "age": ["1995-1996", "1981-1982"],
    "phone": ["07700900123", "07700900124"],
    "handle": ["snapchat:shazza", "shazza", "baz"],
    "plate": ["AB95COE", "AB95C0E", "ZZ95XXX"],
    "address": ["4 mill lane zz99 1ab", "4 milllane zz99 1ab", "31 station road"],
    "companion": ["a", "b", "c", "d"],
    "place": ["e", "f", "g"],
}
records = st.fixed_dictionaries(
    {}, optional={held: st.lists(st.sampled_from(of), unique=True).map(tuple)
                  for held, of in HELD.items()}
)  # fmt: skip


@given(records, records, st.data())
def test_who_sees_less_is_never_shown_more_than_the_most(
    one: Record, other: Record, data: st.DataObject
) -> None:
    """A reader who sees only parts of two records never gets a higher matching weight than the
    stored highest weight of the pair."""
    most = matching.compare(one, other, DEFAULT).at_most
    part: list[Record] = [
        {held: tuple(value for value in values if data.draw(st.booleans()))
         for held, values in record.items()}
        for record in (one, other)
    ]  # fmt: skip
    many: matching.Ties = {("phone", "07700900123"): data.draw(st.integers(2, 30))}
    assert matching.compare(part[0], part[1], DEFAULT, many).weight <= most + 1e-9


@given(records, records)
def test_what_is_kept_of_two_records_is_found_by_their_keys(one: Record, other: Record) -> None:
    """If two records are possible duplicates, each is found by the search keys of the other."""
    mine, theirs = matching.keys(one), matching.keys(other)
    assert bool(mine.sought & theirs.stored) == bool(theirs.sought & mine.stored)


def test_few_records_teach_nothing() -> None:
    with pytest.raises(Refused, match="2 people are too few to train matching weights"):
        train([named_record("a b")] * 2, "trained-1")


def test_weights_are_learnt_without_naming_anybody() -> None:
    """Weights that were trained on 300 people, each recorded twice with some wrong phone numbers,
    contain no rare name.
    """
    people: list[Record] = []
    draw = Random(5)
    for number in range(300):
        name = (
            f"{'sharon' if number % 10 else 'nadia'} {''.join(draw.choices(ascii_lowercase, k=7))}"
        )
        born = f"{1940 + number % 60}-{number % 12 + 1:02}-{number % 28 + 1:02}"
        people += (
            {"name": (name,), "born": (born,), "phone": (f"07700{phone:06}",)}
            for phone in (number, number if number % 3 else number + 1_000)
        )
    learnt = train(people, "trained-1", most=2_000)
    assert learnt == train(people, "trained-1", most=2_000), "the same again"
    phone = learnt.levels["phone"]
    assert phone["same"].m == pytest.approx(2 / 3, abs=0.06)
    assert learnt.prior == pytest.approx(300 / (600 * 599 / 2), rel=0.3)
    for level in ("same", "part"):
        assert learnt.levels["handle"][level] == DEFAULT.levels["handle"][level], "not met"
    assert set(learnt.given) == {"sharon", "nadia"}
    assert learnt.family == {}
    assert all(share * 600 >= LISTED for share in learnt.given.values())
    assert matching.read(matching.write(learnt)) == learnt


def test_what_weights_were_not_trained_for_is_compared_by_ours() -> None:
    """A field for which older weights were not trained gets the default weight."""
    few = Weights("trained-1", 0.001, {"born": {"same": Chance(0.9, 0.001)}})
    days = ("1990-01-02", "1990-02-01")
    held: list[Record] = [{"phone": ("07700900001",), "born": (day,)} for day in days]
    one, other = held
    for weights in (
        matching.read(matching.write(few)),
        matching.evolve(DEFAULT, matching.WeightsTrained(few, 500)),
    ):
        assert weights.levels["born"]["same"] == Chance(0.9, 0.001)
        assert weights.levels["born"]["turned"] == DEFAULT.levels["born"]["turned"]
        levels = {step.field: step.level for step in matching.compare(one, other, weights).steps}
        assert levels == {"born": "turned", "phone": "same"}
        assert weights.levels.keys() == DEFAULT.levels.keys(), "and trained on from there"


def test_weights_are_kept_with_their_version_where_they_say_something_new() -> None:
    assert matching.next_version(DEFAULT) == "trained-1"
    new = Weights("trained-1", 0.001, {"born": {"same": Chance(0.9, 0.001)}})
    (kept,) = matching.keep(DEFAULT, new, 500)
    assert kept == matching.WeightsTrained(new, 500)
    assert matching.next_version(new) == "trained-2"
    again = Weights("trained-2", new.prior, new.levels)
    with pytest.raises(Refused, match="the records contain no new judgements"):
        matching.keep(new, again, 500)


def test_people_named_by_a_code_are_found_by_the_same_code_alone() -> None:
    """People named by a code such as "P17" are possible duplicates only if the codes are equal,
    because Soundex ignores digits.
    """
    first, other = matching.keys({"name": ("p1073",)}), matching.keys({"name": ("p1074",)})
    assert not first.stored & other.sought
    assert first.stored & matching.keys({"name": ("p1073",)}).sought
    danny, second = matching.keys({"name": ("danny",)}), matching.keys({"name": ("danny2",)})
    assert danny.stored & second.sought, "a number after a name is no code"


def test_two_who_share_a_byname_share_no_first_and_last_name() -> None:
    """Two people called "Big Mo" share only a nickname. Two people called "Mo Tandy" are more
    likely to be one person."""

    def likely(one: str, other: str) -> float:
        return matching.compare({"name": (one,)}, {"name": (other,)}, DEFAULT).probability

    assert likely("big mo", "big mo") == likely("mo", "mo") == likely("scouse mo", "mo") < 0.1
    assert likely("mo tandy", "mo tandy") > 0.9


# --- twins ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "shared",
    [{}, {"address": ("3 mill lane town b",)}, {"phone": ("+447700900123",)},
     {"address": ("3 mill lane town b",), "phone": ("+447700900123",)}],
)  # fmt: skip
def test_twins_are_two_whatever_they_share(shared: Record) -> None:
    """The same surname and the same birth date with different first names speak against one person,
    because the two are probably twins.
    """
    ana, leah = (
        {**named_record(name, born="2010-05-06"), **shared} for name in ("ana row", "leah row")
    )
    found = matching.compare(ana, leah, DEFAULT)
    assert found.weight < -3
    assert all(step.weight < 0 for step in found.steps if step.field in ("given", "born"))
    assert not {step.field for step in found.steps if step.weight > 0} & {"born", "phone"}
    assert found.weight < weight(
        {**named_record("ana row"), **shared}, {**named_record("leah row"), **shared}
    )


def test_a_birth_date_speaks_for_those_whose_first_names_may_be_one() -> None:
    born = "2010-05-06"
    for one, other in (
        ("ana row", "anna row"),
        ("kay row", "kayleigh row"),
        ("ana leah row", "leah row"),
        ("row ana", "ana row"),
    ):
        found = matching.compare(
            named_record(one, born=born), named_record(other, born=born), DEFAULT
        )
        assert next(step.weight for step in found.steps if step.field == "born") > 0, (one, other)
    alias = named_record("ana row", "leah", born=born)
    assert weight(alias, named_record("leah row", born=born)) > 0


def test_who_may_not_know_of_the_birth_date_is_shown_no_more_than_at_most() -> None:
    """A reader who may not see the birth date of twins sees no higher matching weight than the
    stored upper limit."""
    home: Record = {"address": ("3 mill lane town b",)}
    ana, leah = (
        {**named_record(name, born="2010-05-06"), **home} for name in ("ana row", "leah row")
    )
    most = matching.compare(ana, leah, DEFAULT).at_most
    assert most >= weight({**named_record("ana row"), **home}, {**named_record("leah row"), **home})
    assert most >= weight(home, home)


_HELD = st.fixed_dictionaries(
    {},
    optional={
        "name": st.lists(
            st.sampled_from(("shaz", "sharon vole", "vole sharon", "mo mo")), min_size=1
        ),
        "born": st.just(["1995-03-04"]),
        "age": st.just(["1995-1996"]),
        "phone": st.sampled_from((["+447700900123"], ["+447700900124"])),
        "plate": st.lists(st.sampled_from(("AB95CDE", "A895CDE", "XY95ZAB")), min_size=1),
        "address": st.sampled_from((["3 mill lane town b"], ["3 mill lane"], ["9 hill road"])),
        "companion": st.lists(st.sampled_from("abcd"), min_size=1, unique=True),
        "place": st.lists(st.sampled_from("xyz"), min_size=1, unique=True),
    },
)


@given(_HELD, _HELD)
def test_the_highest_weight_is_the_most_of_the_comparison(
    one: dict[Held, list[str]], other: dict[Held, list[str]]
) -> None:
    mine: Record = {held: tuple(values) for held, values in one.items()}
    theirs: Record = {held: tuple(values) for held, values in other.items()}
    compared = matching.compare(mine, theirs, DEFAULT)
    weight, by_more_than_names = matching.highest_weight(mine, theirs, DEFAULT)
    assert weight == compared.at_most
    assert by_more_than_names == compared.by_more_than_names

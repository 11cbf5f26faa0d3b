"""What a record of a person holds that another's is compared with, and by what it is found."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Literal, NamedTuple, TypeAlias, get_args

from domain import forms
from domain.kernel.values import EntityKind, LinkKind

#: What is compared. Ethnicity and nationality are not here, and never come in: the report blames
#: both their silence and their use as a sign. `age` counts where a date of birth is missing.
Field = Literal[
    "given",
    "family",
    "born",
    "age",
    "phone",
    "handle",
    "plate",
    "address",
    "companion",
    "place",
]
FIELDS: tuple[Field, ...] = get_args(Field)

#: What a record holds: `name` as people say it, `born` as YYYY-MM-DD, `age` as the years of birth
#: that fit it ("1995-1996"), things in their normal forms, companions and places by their ids.
Held = Literal["name", "born", "age", "phone", "handle", "plate", "address", "companion", "place"]
Record: TypeAlias = Mapping[Held, tuple[str, ...]]

_THINGS: dict[EntityKind, Held] = {"vehicle": "plate", "phone": "phone", "handle": "handle"}
_TIES: tuple[Held, ...] = ("companion", "place")
#: By so many companions, and so many places, two are found for each other.
FOLLOWED = 12
#: Where a value of one of these agrees, a key of it agrees too: a record that is told one seeks by
#: its new keys alone, if it has new ones. (Those who have a companion or a place in common are
#: found by it where a word of their names sounds alike.)
OWN_KEY: frozenset[Held] = frozenset({"phone", "handle", "plate", "companion", "place"})
_HOME: frozenset[LinkKind] = frozenset({"lives-at", "placed-at"})
#: Which ties make a thing theirs: who rang a number, or was driven in a car, has neither.
_THEIRS: frozenset[LinkKind] = frozenset({"uses", "owns", "driver-of"})


def held_as(kind: EntityKind, link: LinkKind) -> Held | None:
    """What a thing or person tells of a person who is tied to it so; None for nothing."""
    if kind == "person":
        return "companion"
    if kind == "place":
        return "address" if link in _HOME else "place"
    return _THINGS.get(kind) if link in _THEIRS else None


def value_of(held: Held, one: object, normal: str) -> str:
    """How a tie stands in a record: a companion or a place that somebody frequents by its id, so
    that two of one name are two, everything else by its normal form."""
    return str(one) if held in ("companion", "place") else normal


class ComparedName(NamedTuple):
    """A name as it is compared: its first word and its last (empty where there is but one)."""

    given: str
    family: str


@lru_cache(maxsize=50_000)
def called(name: str) -> ComparedName:
    """A name as it is compared; words between the first and the last are left out, and what stands
    before a name and is none: two of whom each is called "Big Mo" share a nickname."""
    words = forms.tokens(name)
    while len(words) > 1 and words[0] in forms.EPITHETS:
        words = words[1:]
    if not words:
        return ComparedName("", "")
    return ComparedName(words[0], words[-1] if len(words) > 1 else "")


def years(told: str) -> tuple[int, int]:
    """The years of birth that an age fits."""
    first, _, last = told.partition("-")
    return int(first), int(last)


def born_text(born: date) -> str:
    """A date of birth as a record holds it."""
    return born.isoformat()


def years_text(words: str, day: date) -> str | None:
    """The years of birth that fit an age as it was told on a day; None for what leaves doubt."""
    told = forms.age(words)
    if told is None:
        return None
    latest = forms.latest_birth(told, day).year
    return f"{latest - 1}-{latest}"


# --- by what two records are found for each other -----------------------------------------------


class MatchKeys(NamedTuple):
    """Under which keys a record is found, and under which it looks for others."""

    stored: frozenset[str]
    sought: frozenset[str]


def keys(record: Record) -> MatchKeys:
    """The keys of a record. Two are compared where a key of one is sought by the other: they sound
    alike in their first and last names, in whichever order; in one word, where one of them has no
    other; in one word, and are tied to the same; were born on one day, day and month perhaps
    exchanged; or have a phone, a handle, a plate or an address in common."""
    names = [called(one) for one in record.get("name", ())]
    both = {key for one in names if one.family for key in _both(one)}
    alone = {sound for one in names if not one.family for sound in _heard(one.given)}
    words = {sound for one in names for word in (one.given, one.family) for sound in _heard(word)}
    common = {*both, *_born(record, words), *_things(record, words), *_beside(record, words)}
    return MatchKeys(
        frozenset(chain(common, (f"1{one}" for one in alone), (f"w{one}" for one in words))),
        frozenset(chain(common, (f"w{one}" for one in alone), (f"1{one}" for one in words))),
    )


@lru_cache(maxsize=50_000)
def _heard(word: str) -> tuple[str, ...]:
    """How a word sounds, and the names that it may be short for."""
    each = (word, *forms.given_names(word)) if word else ()
    return tuple(dict.fromkeys(sound for one in each for sound in forms.sounds(one)))


def _both(one: ComparedName) -> Iterator[str]:
    for first in _heard(one.given):
        for last in _heard(one.family)[:1]:
            yield f"n{'|'.join(sorted((first, last)))}"
        yield f"f{first}|{one.family[:4]}"


def _born(record: Record, words: Collection[str]) -> Iterator[str]:
    for told in record.get("born", ()):
        year, month, day = told.split("-")
        yield f"b{year}|{'|'.join(sorted((month, day)))}"
        for sound in words:
            yield f"y{year}|{sound}"


def _things(record: Record, words: Collection[str]) -> Iterator[str]:
    for one in record.get("phone", ()):
        yield f"p{one}"
    for one in record.get("handle", ()):
        yield f"h{forms.handle_name(one)}"
    for one in record.get("plate", ()):
        yield f"v{forms.confusables(one)}"
    for one in record.get("address", ()):
        yield f"a{one}"
        if code := postcode_of(one):
            for sound in words:
                yield f"c{code}|{sound}"
        number, street = _door(one)
        if number:
            yield f"d{number}|{street}"
            for sound in words:
                yield f"d{number}|{sound}"


@lru_cache(maxsize=50_000)
def postcode_of(address: str) -> str | None:
    """The postcode that stands at the end of an address, or is all of it."""
    words = address.split()
    for number in (2, 1):
        found = forms.postcode(" ".join(words[-number:])) if len(words) >= number else None
        if found:
            return found
    return None


@lru_cache(maxsize=50_000)
def _door(address: str) -> tuple[str, str]:
    """The number of a house, and how its street sounds; empty where there is none."""
    number, _, street = address.partition(" ")
    return (number, " ".join(forms.sounds(street)[:2])) if number[:1].isdigit() else ("", "")


def _beside(record: Record, words: Collection[str]) -> Iterator[str]:
    ties = [one for held in _TIES for one in record.get(held, ())[:FOLLOWED]]
    for sound in words if ties else ():
        for tie in ties:
            yield f"t{tie}|{sound}"

"""Records of people for comparison, and the keys by which possible duplicates are selected."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Literal, NamedTuple, TypeAlias, get_args

from domain import forms
from domain.kernel.values import EntityKind, LinkKind

#: The fields of two records that are compared. Ethnicity and nationality are not here, and must
#: never be: the report criticises both their absence and their use as a sign. `age` is used if a
#: date of birth is missing.
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

#: The kinds of value in a record: `name` as written, `born` as YYYY-MM-DD, `age` as the possible
#: years of birth ("1995-1996"), things in their normal forms, companions and places by their ids.
Held = Literal["name", "born", "age", "phone", "handle", "plate", "address", "companion", "place"]
Record: TypeAlias = Mapping[Held, tuple[str, ...]]

_THINGS: dict[EntityKind, Held] = {"vehicle": "plate", "phone": "phone", "handle": "handle"}
_TIES: tuple[Held, ...] = ("companion", "place")
#: The largest number of companions, and of places, from which a record gets keys.
FOLLOWED = 12
#: Fields whose values are keys: two records with the same value share a key, and are compared. A
#: companion or a place is a key only together with a word of the name that sounds alike.
OWN_KEY: frozenset[Held] = frozenset({"phone", "handle", "plate", "companion", "place"})
#: Fields that are weighed even if the two records have different ones of them: a name with another
#: name, or a date of birth with an age.
WEIGHED_ALONE: frozenset[Held] = frozenset({"name", "born", "age"})
#: Of the fields in `OWN_KEY`, those whose value is a key only together with a word of a name.
WITH_A_WORD: frozenset[Held] = frozenset({"companion", "place"})
_HOME: frozenset[LinkKind] = frozenset({"lives-at", "placed-at"})
#: Links that make a thing a person's own. A link as the caller of a phone, or as a passenger of a
#: car, does not make it their own.
_THEIRS: frozenset[LinkKind] = frozenset({"uses", "owns", "driver-of"})


def convert_record(kind: EntityKind, link: LinkKind) -> Held | None:
    """Return the name of the field of a person's record in which a linked person or thing is
    stored: for example "address" for a place with a link of the kind "lives-at". `kind` is the kind
    of the linked item. Return None if no field stores it.
    """
    if kind == "person":
        return "companion"
    if kind == "place":
        return "address" if link in _HOME else "place"
    return _THINGS.get(kind) if link in _THEIRS else None


def value_of(field_name: Held, linked: object, normal: str) -> str:
    """Return the value that a person's record stores in the field `field_name` for a linked person
    or thing. For a companion or a frequented place the value is the id of the linked person or
    place, so that two people or places of the same name are not confused; for all other fields it
    is the normal form.
    """
    return str(linked) if field_name in ("companion", "place") else normal


class ComparedName(NamedTuple):
    """A person's name for comparison: its first word and its last word, which is empty if the name
    has only one.
    """

    given: str
    family: str


@lru_cache(maxsize=50_000)
def name_for_comparison(name: str) -> ComparedName:
    """Return a person's name for comparison. Words between the first and the last are left out, and
    so is an epithet before the name, such as "Big" in "Big Mo".
    """
    words = forms.tokens(name)
    while len(words) > 1 and words[0] in forms.EPITHETS:
        words = words[1:]
    if not words:
        return ComparedName("", "")
    return ComparedName(words[0], words[-1] if len(words) > 1 else "")


def years(text: str) -> tuple[int, int]:
    """Return the first and last possible year of birth from a record's text ("1995-1996")."""
    first, _, last = text.partition("-")
    return int(first), int(last)


def born_text(born: date) -> str:
    """Return a date of birth in the form of a record (YYYY-MM-DD)."""
    return born.isoformat()


def years_text(words: str, day: date) -> str | None:
    """Return the possible years of birth for an age that was stated on a day; None if the age is
    not clear.
    """
    age = forms.age(words)
    if age is None:
        return None
    latest = forms.latest_birth(age, day).year
    return f"{latest - 1}-{latest}"


#: A code such as "p1073" that stands for a name in a list.
_CODE = re.compile(r"[a-z]{1,2}\d+[a-z]?")

# --- keys for candidates -----------------------------------------------


#: Fields that, together with one shared word of a name, can support that two records are one
#: person. The look-up of possible duplicates does not use these fields.
BESIDE_A_WORD: frozenset[Held] = frozenset({"born", "age", "address"})


#: The first character of a key that consists of only one word of a name: "1" or "w".
ONE_WORD = "1w"


class MatchKeys(NamedTuple):
    """The keys under which a person's record is stored, and the keys by which its possible
    duplicates are found.
    """

    stored: frozenset[str]
    sought: frozenset[str]

    def without_single_words(self) -> "MatchKeys":
        """Return a record's lookup keys, without keys that consist of only one word of a name."""
        return MatchKeys(
            *(
                frozenset([k for k in keys_of_field if k[0] not in ONE_WORD])
                for keys_of_field in self
            )
        )


def keys(record: Record) -> MatchKeys:
    """Return the keys under which a person's record is stored, and the keys with which its possible
    duplicates are looked up. Two records are compared if one is stored under a key with which the
    other is looked up. That is the case:
    - if their first and last names sound alike, in either order;
    - if one word of their names sounds alike, and one of the names has no other word;
    - if one word of their names sounds alike, and both people are linked to the same companion or
      place;
    - if they have the same birth date, perhaps with day and month exchanged;
    - if they have a phone, a handle, a plate or an address in common.
    """
    names = [name_for_comparison(text) for text in record.get("name", ())]
    both = {key for name in names if name.family for key in _both(name)}
    alone = {sound for name in names if not name.family for sound in _sounds_of_name(name.given)}
    words = {
        sound
        for name in names
        for word in (name.given, name.family)
        for sound in _sounds_of_name(word)
    }
    common = {*both, *_born(record, words), *_things(record, words), *_beside(record, words)}
    return MatchKeys(
        frozenset(chain(common, (f"1{text}" for text in alone), (f"w{word}" for word in words))),
        frozenset(chain(common, (f"w{text}" for text in alone), (f"1{word}" for word in words))),
    )


@lru_cache(maxsize=50_000)
def _sounds_of_name(word: str) -> tuple[str, ...]:
    """Return the Soundex codes of a word in a name, and of the given names for which the word may
    be a short form. A code such as "p1073", which replaces a name in a list, is returned unchanged,
    because thousands of codes would have the same Soundex code.
    """
    if _CODE.fullmatch(word):
        return (word,)
    spellings = (word, *forms.given_names(word)) if word else ()
    return tuple(dict.fromkeys(sound for text in spellings for sound in forms.sounds(text)))


def _both(name: ComparedName) -> Iterator[str]:
    for first in _sounds_of_name(name.given):
        for last in _sounds_of_name(name.family)[:1]:
            yield f"n{'|'.join(sorted((first, last)))}"
        yield f"f{first}|{name.family[:4]}"


def _born(record: Record, words: Collection[str]) -> Iterator[str]:
    for text in record.get("born", ()):
        year, month, day = text.split("-")
        yield f"b{year}|{'|'.join(sorted((month, day)))}"
        for sound in words:
            yield f"y{year}|{sound}"


def _things(record: Record, words: Collection[str]) -> Iterator[str]:
    for text in record.get("phone", ()):
        yield f"p{text}"
    for text in record.get("handle", ()):
        yield f"h{forms.handle_name(text)}"
    for text in record.get("plate", ()):
        yield f"v{forms.confusables(text)}"
    for text in record.get("address", ()):
        yield f"a{text}"
        if code := postcode_of(text):
            for sound in words:
                yield f"c{code}|{sound}"
        number, street = _door(text)
        if number:
            yield f"d{number}|{street}"
            for sound in words:
                yield f"d{number}|{sound}"


@lru_cache(maxsize=50_000)
def postcode_of(address: str) -> str | None:
    """Return the postcode at the end of an address, or None."""
    words = address.split()
    for number in (2, 1):
        text = forms.postcode(" ".join(words[-number:])) if len(words) >= number else None
        if text:
            return text
    return None


@lru_cache(maxsize=50_000)
def _door(address: str) -> tuple[str, str]:
    """Return the house number of an address, and the sound of its street; empty if there is no
    number.
    """
    number, _, street = address.partition(" ")
    return (number, " ".join(forms.sounds(street)[:2])) if number[:1].isdigit() else ("", "")


def _beside(record: Record, words: Collection[str]) -> Iterator[str]:
    ties = [text for field_name in _TIES for text in record.get(field_name, ())[:FOLLOWED]]
    for sound in words if ties else ():
        for tie in ties:
            yield f"t{tie}|{sound}"

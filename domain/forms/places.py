"""Two functions for places. `place` returns a name or address in its normal form, with words such
as "Rd" and the names of brands written in full. `door` returns the part of an address that
identifies a house.
"""

from types import MappingProxyType

from domain.forms.patterns import lazy_regex
from domain.forms.words import tokens

STREET_WORDS = MappingProxyType(
    {
        "rd": "road", "ln": "lane", "ave": "avenue", "av": "avenue", "cl": "close",
        "cres": "crescent", "cresc": "crescent", "ct": "court", "crt": "court", "dr": "drive",
        "drv": "drive", "gdns": "gardens", "gdn": "garden", "gr": "grove", "grv": "grove",
        "pl": "place", "sq": "square", "terr": "terrace", "tce": "terrace", "ter": "terrace",
        "wy": "way", "wlk": "walk", "pde": "parade", "bldgs": "buildings", "hse": "house",
        "est": "estate", "stn": "station", "pk": "park", "rec": "rec", "str": "street",
        "mkt": "market", "cnr": "corner", "ctr": "centre", "center": "centre", "hosp": "hospital",
        "sch": "school", "apts": "apartments", "apt": "apartment",
    }
)  # fmt: skip
"""Abbreviations of street words, with the full words."""

BRANDS = MappingProxyType(
    {
        "mcds": "mcdonalds", "maccies": "mcdonalds", "maccys": "mcdonalds", "maccas": "mcdonalds",
        "maccers": "mcdonalds", "mcdonald": "mcdonalds", "mcdo": "mcdonalds", "maccy": "mcdonalds",
        "spoons": "wetherspoons", "wetherspoon": "wetherspoons", "ikeas": "ikea",
        "tescos": "tesco", "asdas": "asda", "aldis": "aldi", "lidls": "lidl",
        "morrison": "morrisons", "sainsbury": "sainsburys", "bk": "burger king",
    }
)  # fmt: skip
"""Short names of chains where people meet."""

_LINKS = {"on", "in", "at", "by", "of", "near"}


def place(text: str) -> str:
    """Return the name or address of a place in its form for comparison: "McDs on Canal Rd" is
    "mcdonalds canal road"; may be empty.

    "St" is "saint" before a name ("St Marys Rd") and "street" after one ("Mill St").
    """
    words = tokens(text)
    full: list[str] = []
    for at, word in enumerate(words):
        if word == "st":
            full.append(
                "street" if full and not full[-1].isdigit() and not _opens(words, at) else "saint"
            )
        elif word in _LINKS and full and word != "of":
            continue
        else:
            full.append(STREET_WORDS.get(word) or BRANDS.get(word) or word)
    return " ".join(full)


def _opens(words: tuple[str, ...], at: int) -> bool:
    """Return whether the "st" at this position means Saint, because a further name begins there:
    "Mill Close St Marys".
    """
    rest = words[at + 1 :]
    return bool(rest) and words[at - 1] in _LINKS


_STREETS = (
    "road|street|lane|avenue|close|crescent|court|drive|gardens?|grove|place|square|terrace|way|walk"
    "|parade|row|mews|hill|rise|view|green|estate"
)
_DOOR = lazy_regex(rf"(?<!\S)(\d{{1,4}}[a-z]? (?:[a-z]+ ){{1,3}}?(?:{_STREETS}))(?!\S)")


def door(normal: str) -> str | None:
    """Return the house number and street from the normal form of an address, without a flat or
    other words before them: "27 quiet road" from "flat 1 27 quiet road town b" and from "outside 27
    quiet road".
    """
    doors = _DOOR.findall(normal)
    return doors[-1] if doors else None


def may_be_same_house(mine: str, theirs: str) -> bool:
    """Return whether two addresses in normal form may be the same house: they have the same number
    and street, and the other words (town, postcode) of one are all in the other."""
    if mine == theirs:
        return True
    address = door(mine)
    if address is None or address != door(theirs):
        return False
    rest, other = (set(house_name.rpartition(address)[2].split()) for house_name in (mine, theirs))
    return rest <= other or other <= rest

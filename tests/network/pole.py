"""Write an invented police data set of the usual shape (person, object, location, event) from a
random seed.

At full size it has 61,521 nodes and 105,840 links, of which 103,000 have a crime, call, officer,
postcode or area as one end. There are 370 people, 1,000 officers and 28,762 crimes. People's names
are invented pairs of words, places are called Town with a number, and plates and phone numbers come
from the reserved ranges.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

FIRST = ("Ash", "Birch", "Cedar", "Elder", "Fern", "Hazel", "Ivy", "Linden", "Maple", "Rowan")
LAST = ("Amber", "Basalt", "Chalk", "Flint", "Garnet", "Jasper", "Marble", "Onyx", "Opal", "Slate")
WHAT = ("theft", "burglary", "criminal damage", "violence", "vehicle crime", "robbery")
START = datetime(2010, 8, 1)  # noqa: DTZ001 (a sheet has local times without a zone)


@dataclass(frozen=True)
class Size:
    """The number of rows of each kind in the data set. The defaults give 61,521 nodes and 105,840
    links.
    """

    people: int = 370
    officers: int = 1_000
    crimes: int = 28_762
    calls: int = 534
    vehicles: int = 1_000
    phones: int = 328
    places: int = 14_905
    postcodes: int = 14_196
    handles: int = 328
    areas: int = 98

    @property
    def nodes(self) -> int:
        """Return the number of people, things and incidents together."""
        things = self.vehicles + self.phones + self.places + self.postcodes + self.handles
        return self.people + self.officers + self.crimes + self.calls + things + self.areas

    def part(self, of: int) -> "Size":
        """Return the sizes of a data set in which each kind of row has the share `of` of this data
        set's rows."""
        fields = {name: max(2, value // of) for name, value in vars(self).items()}
        return Size(**fields)


@dataclass(frozen=True)
class Written:
    """The files of a data set, and how many links they contain."""

    people: Path
    incidents: Path
    links: Path
    ties: int


def person(one: int) -> str:
    """Return the name of the person with this number; several people have the same name."""
    return f"{FIRST[one % 10]} {LAST[(one // 10) % 10]}"


def write(home: Path, size: Size | None = None, seed: int = 1) -> Written:
    """Write the three files of the data set. Every call with the same seed gives the same files."""
    size, random = size or Size(), Random(seed)
    people = [(f"P{one}", person(one)) for one in range(size.people)]
    officers = [(f"O{one}", f"Officer {person(one)}") for one in range(size.officers)]
    rows = [
        (ident, name, f"{1960 + at % 40}-0{1 + at % 9}-1{at % 10}", "person-of-interest")
        for at, (ident, name) in enumerate(people)
    ]
    rows += [(ident, name, "", "involved-party") for ident, name in officers]
    written = _sheet(home / "people.csv", ("person id", "name", "date of birth", "category"), rows)
    everywhere = range(size.places)
    area = [f"Area {one}" for one in range(size.areas)]
    where = [(f"{one} Mill Lane, Town {one % 26}", area[one % len(area)]) for one in everywhere]
    incidents = list[tuple[str, ...]]()
    ties = 0
    for one in range(size.crimes):
        place, _ = where[one % len(where)]
        day = START + timedelta(minutes=random.randrange(31 * 1440))
        officer = officers[random.randrange(len(officers))][0]
        suspect = people[random.randrange(len(people))][0] if random.random() < 0.002 else ""
        told = random.choice(WHAT), "crime", f"{day:%Y-%m-%d %H:%M}"
        incidents.append((f"C{one}", *told, place, officer, suspect))
        ties += 2 + bool(suspect)
    for one in range(size.calls):
        day = START + timedelta(minutes=random.randrange(31 * 1440))
        incidents.append((f"K{one}", "a call", "call", f"{day:%Y-%m-%d %H:%M}", "", "", ""))
    head = ("incident id", "what happened", "event type", "date", "location", "officer", "suspect")
    happened = _sheet(home / "incidents.csv", head, incidents)
    links = list(_links(size, random, people, where))
    tied = _sheet(
        home / "links.csv", ("source", "source_kind", "target", "target_kind", "link"), links
    )
    return Written(written, happened, tied, ties + len(links))


Row = tuple[str, str, str, str, str]


def _links(
    size: Size, random: Random, people: Sequence[tuple[str, str]], where: Sequence[tuple[str, str]]
) -> Iterable[Row]:
    """Yield the links: people to their places, phones and cars to their owners, acquaintances, and
    the two phones of each call.
    """
    codes = [
        f"ZZ99 {digit}{chr(65 + a)}{chr(65 + b)}"
        for digit in range(10)
        for a in range(26)
        for b in range(26)
    ]
    for one, (place, around) in enumerate(where):
        yield place, "place", around, "place", "lies-in"
        yield place, "place", _postcode(one % size.postcodes, codes), "place", "lies-in"
    for one in range(size.postcodes):
        yield _postcode(one, codes), "place", f"Area {one % size.areas}", "place", "lies-in"
    for one in range(size.phones):
        yield people[one % len(people)][0], "person", _phone(one), "phone", "uses"
    for one in range(size.handles):
        yield people[one % len(people)][0], "person", f"@member{one}", "handle", "uses"
    for one in range(size.calls):
        for phone in random.sample(range(size.phones), 2):
            yield _phone(phone), "phone", f"K{one}", "incident", "involved-in"
    for one in range(size.vehicles):
        crime = f"C{random.randrange(size.crimes)}"
        yield _plate(one), "vehicle", crime, "incident", "involved-in"
    for one in range(size.vehicles * 83 // 200):
        yield people[one % len(people)][0], "person", _plate(one), "vehicle", "driver-of"
    for one in range(len(people)):
        yield people[one][0], "person", where[random.randrange(len(where))][0], "place", "lives-at"
        yield people[one][0], "person", people[one - 1][0], "person", "associate"
        other = people[random.randrange(len(people))][0]
        if other != people[one][0]:
            yield people[one][0], "person", other, "person", "family"


def _postcode(one: int, codes: Sequence[str]) -> str:
    return codes[one] if one < len(codes) else f"{codes[one % len(codes)]} part {one // len(codes)}"


def _phone(one: int) -> str:
    return f"07700 900{one:03d}"


def _plate(one: int) -> str:
    letters = "ABCDEFGHJKLMNPRSTUVWXY"
    last = (letters[one // size % len(letters)] for size in (484, 22, 1))
    return f"PK95 {''.join(last)}"


def _sheet(path: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)
    return path

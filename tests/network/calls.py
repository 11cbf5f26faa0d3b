"""Invented call records, as a network provider would give them, made from a random seed: 400
phones, ten days, 9,800 calls, and a group of five who change their phones on the eighth day.

Numbers come from the range reserved for drama; phones beyond its thousand numbers get other
invented numbers. Some ordinary phones also make no more calls, or begin to make calls. The group's
new phones use the same masts as the old ones, and call some of the same contacts.
"""

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

FIRST = datetime(2010, 6, 1, tzinfo=UTC)
HEAD = ("from", "to", "time", "duration", "tower")


@dataclass(frozen=True)
class Call:
    """A call: who called whom, when, for how many seconds, and over which mast."""

    caller: str
    called: str
    at: datetime
    seconds: int
    mast: str


@dataclass(frozen=True)
class Records:
    """The calls in the order of their times, and the changes of phones, each as an old phone with
    its new one.
    """

    calls: tuple[Call, ...]
    moved: dict[str, str]
    on: datetime

    def csv(self) -> str:
        """Return the calls as a sheet in CSV format."""
        written = io.StringIO(newline="")
        writer = csv.writer(written, lineterminator="\r\n")
        writer.writerow(HEAD)
        writer.writerows(
            (call.caller, call.called, f"{call.at:%Y-%m-%d %H:%M}", call.seconds, call.mast)
            for call in self.calls
        )
        return written.getvalue()


def number(one: int) -> str:
    """Return the telephone number of an invented phone; `one` is the phone's serial number."""
    return f"07700 900{one:03d}"


def records(
    seed: int = 1, *, phones: int = 400, days: int = 10, calls: int = 9_800, moves_on: int = 8
) -> Records:
    """Return invented call records; the same arguments give the same records on every machine. A
    group of five people changes its phones on the day `moves_on`, counted from 1."""
    random = Random(seed)
    everybody = list(range(phones))
    random.shuffle(everybody)
    old, new, others = everybody[:5], everybody[5:10], everybody[10:]
    masts = [f"Mast {1 + one}" for one in range(30)]
    home = {one: random.sample(masts, 2) for one in everybody}
    friends = {one: random.sample([o for o in others if o != one], 4) for one in others}
    stops = {one: random.randrange(3, days) for one in random.sample(others, phones // 40)}
    left = [one for one in others if one not in stops]
    begins = {one: random.randrange(2, days - 2) for one in random.sample(left, phones // 40)}
    for mine, theirs in zip(old, new, strict=True):
        home[theirs] = home[mine]
    outside = {mine: random.sample(others, 3) for mine in old}
    made: list[Call] = []
    circle = _circle(random, old, new, outside, days, moves_on, home)
    made += circle
    hours = [7, 8, 9, 12, 13, 17, 18, 19, 20, 21, 22]
    while len(made) < calls:
        caller, day = random.choice(others), random.randrange(days)
        called = random.choice(friends[caller]) if random.random() < 0.8 else random.choice(others)
        both = caller, called
        quiet = any(day >= stops.get(o, days) or day < begins.get(o, 0) for o in both)
        if caller != called and not quiet:
            made.append(_call(random, caller, called, day, random.choice(hours), home))
    made.sort(key=lambda one: (one.at, one.caller, one.called))
    moved = {number(mine): number(theirs) for mine, theirs in zip(old, new, strict=True)}
    return Records(tuple(made), moved, FIRST + timedelta(days=moves_on - 1))


def _circle(
    random: Random,
    old: list[int],
    new: list[int],
    outside: dict[int, list[int]],
    days: int,
    moves_on: int,
    home: dict[int, list[str]],
) -> list[Call]:
    """Yield the calls of the group: the first person calls the other four, they call back, and two
    of them call each other. Each calls people outside the group, and calls most of these people
    also from the new phone.
    """
    made = []
    for day in range(days):
        phones = old if day < moves_on - 1 else new
        pairs = [(0, 1), (0, 2), (0, 3), (0, 4), (1, 2), (3, 4)]
        for one, other in pairs:
            for _ in range(random.choice((0, 1, 1, 2))):
                ends = (one, other) if random.random() < 0.6 else (other, one)
                a, b = phones[ends[0]], phones[ends[1]]
                made.append(_call(random, a, b, day, random.randrange(18, 24), home))
        for place, phone in enumerate(phones):
            friends = outside[old[place]]
            if random.random() < 0.6:
                friend = random.choice(friends if day < moves_on - 1 else friends[:2])
                made.append(_call(random, phone, friend, day, random.randrange(9, 23), home))
    return made


def _call(
    random: Random, caller: int, called: int, day: int, hour: int, home: dict[int, list[str]]
) -> Call:
    minute = timedelta(days=day, hours=hour, minutes=random.randrange(60))
    mast = random.choice(home[caller])
    return Call(number(caller), number(called), FIRST + minute, random.randrange(5, 1200), mast)

"""Count the false and the missing alerts in a synthetic store, for each kind of alert. Run alone:
`python -m bench.alarms [CASES]`.

Each case of the synthetic store has either one cause of an alert or one decoy that only looks like
a cause. Some of the assessors try one address after another (the finding `unusual-access` should
name them); the other assessors link the places of a week's entries, fourteen on each day.
"""

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args
from uuid import UUID

from commands.families import charity_support
from commands.information import observation
from commands.intelligence import links
from commands.justice import arrest_to_result
from commands.kernel import entity
from domain.families.charity_support import ContactMade
from domain.families.protection import AlertKind
from domain.families.referral import Case, evolve
from domain.justice.arrest_to_result import ArrestMade, ResultRecorded
from domain.kernel.values import LinkKind
from network.people.alerts import alerts
from questions.people_and_teams.probing import PROBES
from questions.people_and_teams.unusual_access import unusual
from tests.commands.office import START, Office, opened

KNOWN = ("none-known",)


@dataclass
class World:
    """A synthetic store that the benchmark fills with cases. `truth` has the cases that really give
    cause for an alert, each with the kind of alert."""

    office: Office
    truth: set[tuple[UUID, AlertKind]] = field(default_factory=set)
    made: int = 0

    def case(self) -> tuple[UUID, UUID]:
        """Record a case with its child; return the ids of the case and the child."""
        self.made += 1
        case = self.office.case(f"Child {self.made}")
        child = self.office.desk.fold(case, Case(), evolve)[0].child
        assert child
        return case, child

    def man(self, *, suspected: bool) -> UUID:
        """Record a man, as a suspect or without a category; return his id."""
        self.made += 1
        who = entity.record_person(self.office.desk, self.office.reader, name=f"Man {self.made}")
        if suspected:
            entity.classify(self.office.desk, self.office.reader, str(who.id), "suspect", "named")
        return who.id

    def tie(
        self, item: UUID, other: str, kind: LinkKind, span: links.LinkPeriod = links.ALWAYS
    ) -> None:
        words = observation.record(self.office.desk, self.office.reader, words="They were there")
        arguments = self.office.desk, self.office.reader, words.id, str(item), other, kind
        links.assert_link(*arguments, span=span)

    def place(self) -> str:
        self.made += 1
        return f"place:{self.made} Mill Lane, Town B"


def co_resident(world: World, case: UUID, child: UUID, *, cause: bool) -> None:
    home = world.place()
    world.tie(child, home, "lives-at")
    world.tie(world.man(suspected=cause), home, "lives-at")


def near_placement(world: World, case: UUID, child: UUID, *, cause: bool) -> None:
    """Record where a child is placed, and a suspect who was seen at this place (a cause of an
    alert) or, without `cause`, at another place.
    """
    world.tie(child, there := world.place(), "placed-at")
    world.tie(world.man(suspected=True), there if cause else world.place(), "seen-at")


def arrest_of_victim(world: World, case: UUID, child: UUID, *, cause: bool) -> None:
    who = child if cause else world.man(suspected=True)
    office = world.office
    arrest_to_result.record(office.desk, office.reader, ArrestMade(who), because_of=KNOWN)


def arrest_of_parent(world: World, case: UUID, child: UUID, *, cause: bool) -> None:
    who, office = world.man(suspected=False), world.office
    world.tie(who, str(child), "family" if cause else "contact")
    arrest_to_result.record(office.desk, office.reader, ArrestMade(who), because_of=KNOWN)


def unsafe_contact(world: World, case: UUID, child: UUID, *, cause: bool) -> None:
    world.made += 1
    phone, office = f"phone:07700 900{world.made % 1000:03}", world.office
    mother = world.man(suspected=False)
    world.tie(mother, str(child), "family")
    world.tie(mother, phone, "uses")
    contact = ContactMade(case, "advocacy", "phone", "parent")
    charity_support.make_contact(office.desk, office.reader, contact, to=phone)
    world.tie(world.man(suspected=cause), phone, "uses")


def contact_after_sentence(world: World, case: UUID, child: UUID, *, cause: bool) -> None:
    """Record that a suspect had contact with the child after his sentence (a cause of an alert) or,
    without `cause`, before it."""
    man, office = world.man(suspected=True), world.office
    sentenced = ResultRecorded("sentenced", man, None, START - timedelta(days=40))
    arrest_to_result.record(office.desk, office.reader, sentenced, because_of=KNOWN)
    day = START - timedelta(days=3 if cause else 400)
    world.tie(man, str(child), "contact", links.LinkPeriod(day, day + timedelta(hours=1)))


#: The kind of finding that names users who try one address after another.
TRIED = "unusual-access: places"
#: How many log entries an assessor grades in one day.
ITEMS = 14


def assessor(world: World, name: str, *, cause: bool) -> None:
    """Let an assessor link suspects to places that parents named, on five days. With `cause`, the
    assessor links one suspect to address after address and retracts the links.
    """
    office = world.office
    by = office.somebody(name)
    for _ in range(PROBES if cause else 5 * ITEMS):
        place = world.place()
        text = "They were there" if cause else f"They were at {place.removeprefix('place:')}"
        words = observation.record(office.desk, office.reader, words=text)
        man = str(world.man(suspected=True))
        tie = links.assert_link(office.desk, by, words.id, man, place, "seen-at")
        if cause:
            links.retract(office.desk, by, tie.id, "mistaken")
        office.later(24 / ITEMS)


def probed(seed: int = 1, assessors: int = 8) -> "Row":
    """Return how many assessors tried one address after another, and how many of them
    `unusual-access` names.
    """
    draw = random.Random(seed)
    with TemporaryDirectory() as home:
        world = World(opened(Path(home) / "store"))
        causes = {f"dc.{number}" for number in range(assessors) if draw.random() < 0.5}
        for number in range(assessors):
            assessor(world, f"dc.{number}", cause=f"dc.{number}" in causes)
        with world.office.system.reading_with_access_log() as db:
            named = {row.user for row in unusual(db, world.office.reader, None)}
        world.office.system.close()
    return Row(TRIED, len(causes), len(named), len(named & causes))


Plant = Callable[..., None]
PLANTS: dict[AlertKind, Plant] = {
    "co-resident": co_resident,
    "near-placement": near_placement,
    "arrest-of-victim": arrest_of_victim,
    "arrest-of-parent": arrest_of_parent,
    "unsafe-contact": unsafe_contact,
    "contact-after-sentence": contact_after_sentence,
}


@dataclass(frozen=True)
class Row:
    """The counts of one kind of alert: how many causes there were, how many alerts, and how many
    alerts with a cause.
    """

    kind: AlertKind | str
    causes: int
    rang: int
    caused: int

    @property
    def false(self) -> int:
        """Return how many alerts of this kind had no cause."""
        return self.rang - self.caused


@contextmanager
def _made(cases: int, seed: int) -> Iterator[World]:
    draw = random.Random(seed)
    with TemporaryDirectory() as home:
        world = World(opened(Path(home) / "store"))
        for number in range(cases):
            kind = tuple(PLANTS)[number % len(PLANTS)]
            case, child = world.case()
            cause = draw.random() < 0.5
            PLANTS[kind](world, case, child, cause=cause)
            if cause:
                world.truth.add((case, kind))
        yield world
        world.office.system.close()


def measure(cases: int = 120, seed: int = 1) -> list[Row]:
    """Fill a synthetic store with this many cases. Return for each kind of alert the number of
    causes, of alerts, and of alerts with a cause.
    """
    with _made(cases, seed) as world:
        with world.office.system.reading() as db:
            rang = [(alert.case, alert.kind) for alert in alerts(db, world.office.reader)]
        causes = Counter(kind for _, kind in world.truth)
        alert_counts, caused = Counter(kind for _, kind in rang), Counter[AlertKind]()
        for true_alert in set(rang) & world.truth:
            caused[true_alert[1]] += 1
    kinds = [kind for kind in get_args(AlertKind) if causes[kind] or alert_counts[kind]]
    rows = [Row(kind, causes[kind], alert_counts[kind], caused[kind]) for kind in kinds]
    return [*rows, probed(seed)]


def table(rows: list[Row]) -> str:
    lines = [f"{'alert':<24}{'causes':>8}{'rang':>8}{'caused':>8}{'false':>8}{'missed':>8}"]
    for row in rows:
        missed = row.causes - row.caused
        figures = (row.causes, row.rang, row.caused, row.false, missed)
        lines.append(f"{row.kind:<24}" + "".join(f"{figure:>8}" for figure in figures))
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(measure(*map(int, sys.argv[1:2]))))

"""Every command is run while every kind of protection of a child (such as an alert or a deadline)
is in force. It may end only the protections that its classes of events declare."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from pathlib import Path

import pytest

from access.who_may.event_rules import PROPOSES
from access.who_may.protections import BY_ONE, DOES, PROTECTIONS, Protection
from commands.people_and_teams import due, two_person
from domain import catalogue
from domain.kernel.values import Refused
from network.people.alerts import alerts
from projections.due import DueFilter
from projections.intelligence import silent_hits
from tests.access.acts import ACTS, ALONE, NAMED_BY, NOT_BEGUN, NOT_HERE, WITHOUT, Act
from tests.access.protected import STAND, standing
from tests.commands.office import Office, reopened
from tests.made import Made
from tests.support.domain.listed import unlisted
from tests.usecases.fronts import Subject
from tests.usecases.stories import SUBJECTS

#: Errors with which a command refuses an item of a kind that it cannot change.
REFUSED = (Refused, ValueError, LookupError)
#: Declared effects of which only one occurs: an entry has one of these two protections, and the
#: entry's id decides which.
EITHER = {("observation.triaged", "said-before"), ("observation.triaged", "said-before-urgent")}
#: Events that need one person for some items and two people for others.
PARTLY = {"observation.withdrawn", "person.classified"}
Seen = dict[Protection, set[str]]


@dataclass
class Tried:
    """What happened when a test ran a command beside a child's protections: how often the command
    succeeded, which events it recorded, and which protections began or ended. `by_two` are the
    protections that ended with a second person's confirmation."""

    done: int = 0
    recorded: set[str] = field(default_factory=set)
    ended: Seen = field(default_factory=dict)
    began: Seen = field(default_factory=dict)
    by_two: Seen = field(default_factory=dict)
    refused: str = ""


@dataclass(frozen=True)
class Staged:
    """The first state of a test scene: its time, the ids of its items, and the protections of
    children in force. `refused` is the error that stopped the setup, if there was one."""

    now: datetime
    ids: dict[str, str]
    names: dict[str, str]
    refused: str
    standing: Seen


def _staged(name: str, subject: Subject | None) -> Made[Staged]:
    """Return a function that makes test scenes. Each scene is a store with every kind of protection
    of a child and, if `subject` is given, with the items that commands about this subject need."""

    def make(home: Path, url: str | None) -> Staged:
        with STAND(home, url) as (office, ids):
            names, refused = {}, ""
            if subject:
                try:
                    names = subject.stage(office)
                # a setup that is refused half-way is enough, because the tests use only the items
                # that it made
                except REFUSED as error:
                    refused = str(error)
                office.system.reader = office.system.label
            stands = standing(office, ids)
            return Staged(office.system.clock(), ids, names, refused, stands)

    return Made(f"staged-{name}", make)


#: A scene for each subject of the test inputs; it is made when the first command needs it.
SCENES = {id(one): _staged(name, one) for name, one in {"nothing": None, **SUBJECTS}.items()}


@contextmanager
def scene(home: Path, subject: Subject | None = None) -> Iterator[tuple[Office, Staged]]:
    shutil.rmtree(home, ignore_errors=True)
    staged = SCENES[id(subject)].copied(home)
    office = reopened(home, None, staged.now)
    # from here on, the store's user has no account, as before the first account was made
    office.system.reader = office.system.label
    with closing(office.system):
        yield office, staged


def _items(office: Office, act: Act, ids: dict[str, str]) -> list[str]:
    """Return the ids or names of the items on which this command is tried."""
    match NAMED_BY.get(act.records):
        case "clock":
            now = office.desk.clock()
            return [
                str(row.id) for row in due.list_due(office.desk, office.reader, now, DueFilter())
            ]
        case "alert":
            with office.system.reading() as db:
                return [str(alert.id) for alert in alerts(db, office.reader)]
        case "hit":
            with office.system.reading_with_access_log() as db:
                return [
                    str(decision.id)
                    for decision in silent_hits.list_due_decisions(
                        db, office.reader, office.desk.clock()
                    )
                ]
    return [one for name, one in ids.items() if act.things is None or name in act.things]


def _lost(before: Seen, after: Seen) -> Seen:
    return {what: gone for what in before if (gone := before[what] - after.get(what, set()))}


def _added(to: Seen, more: Seen) -> None:
    for what, some in more.items():
        to.setdefault(what, set()).update(some)


def tried(home: Path, act: Act) -> Tried:
    """Try this command on each item of the test scene, and return what it recorded and ended. All
    items are tried in one store; some commands need a new store for each item.
    """
    found = Tried()
    for alone in ALONE.get(act.records, ("",)):
        with scene(home, act.subject) as (office, staged):
            found.refused = staged.refused or found.refused
            _try(office, act, staged, alone, found)
    return found


def _try(office: Office, act: Act, staged: Staged, alone: str, found: Tried) -> None:
    ids, before, heads = staged.ids, staged.standing, office.count()
    names = ids | staged.names | {"the case": ids["case"]}
    done = 0
    for item in ["", *([ids[alone]] if alone else _items(office, act, ids))]:
        done += _command_succeeds(office, act, item, names, found)
    if not done:
        for give in act.earlier:
            _command_succeeds(office, Act("", "", give), "", names, found)
        before, heads = standing(office, ids), office.count()
        done += _command_succeeds(office, act, "", names, found)
    found.done += done
    after = standing(office, ids)
    _added(found.ended, _lost(before, after))
    _added(found.began, _lost(after, before))
    second = office.somebody("di.moss")
    new = [
        one
        for one in two_person.list_waiting(office.desk, second)
        if str(one.item) != ids["closing"]
    ]
    for row in new:
        try:
            two_person.confirm(office.desk, second, row.item, row.what, reason="looked at by both")
        except REFUSED as error:
            found.refused = str(error)
    if new:
        _added(found.by_two, _lost(after, standing(office, ids)))
    for log, head in heads.items():
        facts = office.system.logs[log].read(head, 10_000)
        found.recorded |= {fact.event.stored.name for fact in facts}


def _command_succeeds(
    office: Office, act: Act, item: str, names: dict[str, str], found: Tried
) -> bool:
    try:
        act.give(office, item, names)
    except REFUSED as error:
        found.refused = str(error)
        return False
    return True


def _undeclared(act: Act, found: Tried) -> Iterator[str]:
    """Yield a sentence for each rule that the command broke: it ended a protection of a child that
    none of its events declares, or one person weakened a protection without a second person."""
    told = [DOES.get(name, {}) for name in found.recorded]
    excepted = not found.recorded.isdisjoint(BY_ONE)
    for what in found.ended:
        effects = {one[what] for one in told if what in one}
        if not (excepted or effects & {"answers", "passes"}):
            one_hand = "lessens, by one hand," if effects else "ends and does not declare"
            yield f"{act.called} {one_hand} {what}: {sorted(found.ended[what])[:2]}"
        if effects == {"passes"} and what not in found.began and not excepted:
            yield f"{act.called} says that it passes {what} on, and it ends"
    for what in found.by_two:
        if not any(what in one for one in told):
            yield f"{act.called}, confirmed, ends and does not declare {what}"


def _not_done(name: str, found: list[Tried]) -> Iterator[str]:
    """Yield a sentence for each effect on a protection that the events of the command `name`
    declare, but that none of these trials shows."""
    for what, effect in DOES.get(name, {}).items():
        ended = any(what in one.ended for one in found)
        by_two = any(what in one.by_two for one in found)
        if (name, what) not in EITHER and not (by_two if effect == "lessens" else ended or by_two):
            yield f"{name} declares that it {effect} {what}, and does not"


def _by_scene() -> dict[str, list[str]]:
    """Return the names of the commands that this test can run, by the name of the scene that the
    command's first trial needs. Scenes with many commands come first, so that each day tries about
    as many commands."""
    names = {id(one): name for name, one in {"nothing": None, **SUBJECTS}.items()}
    found: dict[str, list[str]] = {}
    for name in sorted({*ACTS} - {*NOT_HERE}):
        found.setdefault(names[id(ACTS[name][0].subject)], []).append(name)
    return dict(sorted(found.items(), key=lambda one: (-len(one[1]), one[0])))


#: The commands that this test can run, by the scene (a prepared store) that they need.
GIVEN = _by_scene()


@pytest.mark.in_turn
@pytest.mark.parametrize("staged", GIVEN)
def test_an_act_ends_what_it_declares_and_nothing_else(staged: str, tmp_path: Path) -> None:
    """Each day the commands of a third of the scenes are tried, so that the other scenes need not
    be made."""
    faults = [fault for name in GIVEN[staged] for fault in _faults(name, tmp_path / "store")]
    assert not faults, "\n".join(faults)


def _faults(name: str, home: Path) -> list[str]:
    """Try a command; return a sentence for each rule that it breaks."""
    found = [(act, tried(home, act)) for act in ACTS[name]]
    faults = list(chain.from_iterable(_undeclared(act, one) for act, one in found))
    faults += _not_done(name, [one for _, one in found])
    if not any(one.done for _, one in found):
        faults.append(f"{name} was never given: {[one.refused for _, one in found]}")
    if name in BY_ONE and not any(one.ended for _, one in found):
        faults.append(f"{name} ends nothing by one hand any more: take it out of BY_ONE")
    return faults


def test_each_protection_is_in_the_scene(tmp_path: Path) -> None:
    """The test scene has every protection of a child. So this test fails for a new kind of alert or
    deadline until tests/access/protected.py starts it in the scene.
    """
    with scene(tmp_path / "store") as (office, staged):
        assert standing(office, staged.ids) == staged.standing
    found = set(staged.standing)
    lacking = PROTECTIONS - found - NOT_BEGUN.keys()
    assert not lacking, (
        f"begin {sorted(lacking)} by a command in tests/access/protected.py, or write in NOT_BEGUN "
        "(tests/access/acts.py) why nothing begins it there"
    )
    assert PROTECTIONS - found == NOT_BEGUN.keys()
    assert found <= PROTECTIONS


def test_each_act_is_tried_or_left_out_with_a_reason() -> None:
    """Each command is tried or left out with a reason, so a new command fails this test until it is
    tried or listed.
    """
    left_out = list(chain.from_iterable(WITHOUT.values()))
    assert len(left_out) == len(set(left_out))
    wrong = unlisted(
        [*ACTS, *left_out],
        catalogue.by_name().values(),
        "how it is given in ACTS, or why not in WITHOUT (tests/access/acts.py)",
    )
    assert not (lines := list(wrong)), "\n".join(lines)
    assert not ACTS.keys() & set(left_out)


def test_what_is_declared_is_known_and_what_lessens_takes_two() -> None:
    assert DOES.keys() | BY_ONE.keys() <= catalogue.by_name().keys()
    assert DOES.keys() & BY_ONE.keys() == PARTLY
    assert set(chain.from_iterable(DOES.values())) <= PROTECTIONS
    lessening = {name for name, does in DOES.items() if "lessens" in does.values()}
    two = set(PROPOSES.values()) | {"hold.ended"}  # the event that replaced `hold.lifted`
    assert lessening <= two

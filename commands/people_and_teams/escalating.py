"""Going on with what nobody answered: recorded once whichever process does it, and told to those
whose it then is, by the ways that an organisation has.

What is told holds no word; who was told by which way, and when, is written down after it was sent.
Somebody may so be told twice, and never not at all.

Long because the steps of one escalation follow each other.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import ClassVar, Unpack
from uuid import UUID, uuid5

from access.who_may.decide import require
from access.who_may.event_rules import require_command
from commands.kernel import users
from commands.kernel.colleague import live
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Command, Desk, LostRace, Receipt, act, asked_before, facts
from commands.people_and_teams import account
from commands.people_and_teams.due import named, unsafe_among
from domain.clocks import CLOCKS
from domain.forms.intervals import LONDON
from domain.kernel.codes import Clock, Tier
from domain.kernel.envelope import (
    CommandReused,
    Event,
    Fact,
    Recorded,
    Regime,
    Submission,
    Undecodable,
)
from domain.kernel.values import Reader, Refused, Role
from domain.people_and_teams import notifying
from domain.people_and_teams.notifying import (
    BEGAN,
    TOLD,
    WATCH,
    DueAcknowledged,
    DueBegan,
    DueEscalated,
    PersonTold,
    Way,
    delivery,
    escalation,
    escalations_of,
)
from domain.people_and_teams.rota import Duty, called
from projections.due import escalated
from projections.due.rows import SILENCE, UNSAFE, DueRow
from projections.due.steps import EscalatedRow
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.people_and_teams import accounts, mail_addresses
from projections.people_and_teams import notified as told_view
from projections.people_and_teams import rota as rota_view
from projections.people_and_teams.accounts import Account
from projections.people_and_teams.notified import ToldRow

#: What is told at once, and what once a day, from this hour in London on.
AT_ONCE: tuple[Tier, ...] = ("danger", "law")
DAILY: tuple[Tier, ...] = ("practice",)
MORNING = time(8)
#: So long somebody is tried to be told of a step that is unanswered.
TRIED = timedelta(days=7)
#: What has not been told after so long is told to the person who runs the store.
LATE = timedelta(minutes=10)
#: So many at once.
MANY = 500


# --- recording ----------------------------------------------------------------------------------


def begin(desk: Desk) -> str | None:
    """In a store that an earlier release made: these clocks run from now on. What was due before is
    told in one line, and to nobody one by one. Raises LogUnavailable."""
    with desk.looked() as db:
        known = escalated.begun(db)
    new = tuple(sorted(set(CLOCKS) - known.keys()))
    if not new:
        return None
    reader, event = _watching("", None), DueBegan(new)
    version = len(desk.logs["evidence"].history(BEGAN))
    one = uuid5(BEGAN, "|".join(new))
    submission = Submission(
        one, desk.digest("due.begin", event), facts(reader, BEGAN, version, (event,))
    )
    with suppress(LostRace, CommandReused):  # another process did
        desk.save([Prepared(BEGAN, {"evidence": submission}, reader)])
    with desk.looked() as db:
        before = escalated.from_before(db)
    if not before:
        return None
    return (
        f"{before} from before: they were due before this release counted them. They are listed as "
        "late (due --past), and no message is sent for each"
    )


def escalate(desk: Desk, most: int = MANY) -> int:
    """Record what goes on to somebody now; how many steps were taken. Raises LogUnavailable."""
    with desk.looked() as db:
        rows = _safely(db, escalated.to_escalate(db, desk.clock(), most))
    prepared: list[Prepared] = []
    for row in rows:
        with suppress(
            Undecodable, Refused
        ):  # what cannot be read holds no other up: `verify` tells
            prepared.append(_step(desk, row))
    try:
        desk.save(prepared)
    except (LostRace, CommandReused):  # another process did; each by itself
        for one in prepared:
            try:
                desk.save([one])
            except (LostRace, CommandReused):
                continue
    return len(prepared)


def _safely(db: Db, rows: Sequence[DueRow]) -> list[DueRow]:
    """The same; the silence of a family whom a suspect may hear goes to no worker of theirs."""
    silent = {row.item for row in rows if row.clock == SILENCE}
    unsafe = unsafe_among(db, _watching("", None), silent)
    return [
        _supervisors(row) if row.clock == SILENCE and row.item in unsafe else row for row in rows
    ]


def _supervisors(row: DueRow) -> DueRow:
    return replace(row, clock=UNSAFE, owner=None)


def _step(desk: Desk, row: DueRow) -> Prepared:
    rule = CLOCKS[row.clock]
    role = rule.chain[min(row.step, len(rule.chain)) - 1] if row.step else rule.role
    event = DueEscalated(row.id, row.item, row.clock, role, row.step, row.due)
    stream, one = escalations_of(row.id), escalation(row.id, row.due, row.step)
    history = desk.logs["evidence"].history(stream)
    reader = _watching(row.team, _began(desk, row))
    submission = Submission(
        one, desk.digest("due.escalate", event), facts(reader, stream, len(history), (event,))
    )
    return Prepared(stream, {"evidence": submission}, reader)


def _began(desk: Desk, row: DueRow) -> Recorded | None:
    """The fact that began the clock."""
    stream, _, version = row.ref.partition(":")
    history = desk.logs["evidence"].history(UUID(stream))
    return next((fact for fact in history if str(fact.version) == version), None)


def _watching(team: str, of: Recorded | None) -> Reader:
    """The process that follows, for the team and the controller of an item: it shows nothing to
    anybody, and nobody has to be signed in."""
    regime: Regime = of.regime if of else "uk-gdpr"
    return Reader(WATCH, team, of.controller if of else "", regime, assessor=False)


def acknowledge(desk: Desk, reader: Reader, which: str, **command: Unpack[Command]) -> Receipt:
    """Somebody has in hand what is due, named by its id or the end of it: what rings is quiet for
    half an hour, once for each who says so. Raises Hidden where nothing of that id is due."""

    def found() -> UUID:
        return notifying.acknowledged_of(named(desk, reader, which).id)

    if again := asked_before(desk, "due.acknowledge", which, [], found, **command):
        return again
    require_command(reader, "due.acknowledge")
    row = named(desk, reader, which)
    return act(
        desk,
        reader,
        "due.acknowledge",
        notifying.acknowledged_of(row.id),
        None,
        lambda state, event: None,
        lambda state: (DueAcknowledged(row.id, row.item, row.clock),),
        [],
        told=which,
        **command,
    )


def give_address(
    desk: Desk, reader: Reader, user: str, email: str | None, **command: Unpack[Command]
) -> Receipt:
    """Where somebody is told by mail; None takes it back. Raises Denied for others than
    administrators, Refused for what is no address and for a name without an account."""

    def decided(state: notifying.Address) -> tuple[Event, ...]:
        account.there(desk, user)
        return notifying.give(state, user, email)

    require(reader, "manage-accounts")
    return act(
        desk,
        reader,
        "user.reach",
        users.address_stream(desk, user),
        notifying.Address(),
        notifying.evolve,
        decided,
        [email],
        log="access",
        **command,
    )


# --- telling ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Delivery:
    """Somebody is to be told of a step by one way; `to` is their address, or the number to ring.
    `at` is when the step was taken."""

    id: UUID
    escalation: UUID
    user: str
    way: Way
    to: str | None
    tier: Tier
    at: datetime


@dataclass(frozen=True)
class DueEscalations:
    """Whom to tell, and the steps of which nobody can be told: no account, or no way to reach it.
    `reached` is how far the steps were looked at."""

    deliveries: tuple[Delivery, ...] = ()
    nobody: tuple[UUID, ...] = ()
    reached: datetime | None = None


def waiting(
    desk: Desk, ways: Collection[Way], tiers: Collection[Tier], since: datetime, most: int = MANY
) -> DueEscalations:
    """Who has not been told of the steps since then that are unanswered. Raises LogUnavailable."""
    now = desk.clock()
    with desk.looked() as db:
        taken = escalated.went_on(db, tiers, since, most)
        if not taken:
            return DueEscalations()
        steps = [
            (step, _supervisors(row) if step.clock == UNSAFE else row) for step, row in taken if row
        ]
        people = _People.of(db, steps, now)
        found, nobody = [], []
        for step, row in steps:
            to_whom = list(people.told_of(step, row, ways))
            found += to_whom
            if not to_whom:
                nobody.append(step.id)
    known = _known(desk, [one.id for one in found])
    left = tuple(one for one in found if one.id not in known)
    return DueEscalations(left, tuple(nobody), taken[-1][0].at)


@dataclass
class _People:
    """Who may be told: everybody's rights at this moment, what each may see, and who is on call."""

    now: datetime
    accounts: Mapping[str, Account]
    readers: Mapping[str, Reader]
    sees: Mapping[str, set[UUID]]
    emails: Mapping[str, str]
    duties: Sequence[Duty]

    @classmethod
    def of(cls, db: Db, steps: Sequence[tuple[EscalatedRow, DueRow]], now: datetime) -> "_People":
        rows = [row for _, row in steps]
        roles = {step.role for step, _ in steps} | {CLOCKS[row.clock].role for row in rows}
        owners = {row.owner for row in rows}
        there = {
            one.user: one
            for one in live(db)
            if one.user in owners or not roles.isdisjoint(one.roles)
        }
        labels = {user: Reader(user, "", "", "uk-gdpr", assessor=False) for user in there}
        readers = {user: accounts.reader(db, label, now) for user, label in labels.items()}
        wanted = {row.id for row in rows}
        sees = {user: escalated.visible(db, reader, wanted) for user, reader in readers.items()}
        duties = rota_view.standing(db, now)
        return cls(now, there, readers, sees, mail_addresses.known(db), duties)

    def told_of(self, step: EscalatedRow, row: DueRow, ways: Collection[Way]) -> Iterable[Delivery]:
        """Those whose it is, each by every way that reaches them; of danger, who is on call."""
        if step.tier == "danger":
            waited = self.now - step.step * notifying.SPACING["danger"]
            duty = called(self.duties, row.team, self.now, waited).now
            if duty and "pager" in ways:
                yield self._one(step, duty.user, "pager", duty.phone)
            if duty:
                yield from self._by_post(step, duty.user, ways)
                return
        for user in self._whose(step, row):
            yield from self._by_post(step, user, ways)

    def _by_post(self, step: EscalatedRow, user: str, ways: Collection[Way]) -> Iterable[Delivery]:
        if "mail" in ways and user in self.emails:
            yield self._one(step, user, "mail", self.emails[user])
        if "webhook" in ways:
            yield self._one(step, user, "webhook", None)

    def _one(self, step: EscalatedRow, user: str, way: Way, to: str | None) -> Delivery:
        one = delivery(user, way, step.id)
        return Delivery(one, step.id, user, way, to, step.tier, step.at)

    def _whose(self, step: EscalatedRow, row: DueRow) -> list[str]:
        """Those of the team first; where it has none, everybody who sees it in that role; and where
        the one who set its date is gone, that role."""
        able = [user for user in self.readers if row.id in self.sees[user]]
        found = [u for u in able if escalated.theirs(self.readers[u], row, step.role, step.step)]
        if not found:
            found = [u for u in able if escalated.theirs(self.readers[u], row, step.role, 1)]
        ours = [user for user in found if row.team in self.accounts[user].reach]
        return ours or found


def standing(desk: Desk, ways: Collection[Way]) -> tuple[int, int, tuple[str, ...]]:
    """For who runs the store: how many have not been told of what went on to them more than ten
    minutes ago, of how much nobody can be told, and who has no address. Raises LogUnavailable."""
    since = desk.clock() - TRIED
    late = desk.clock() - LATE
    found: list[Delivery] = []
    nobody = 0
    while (some := waiting(desk, ways, AT_ONCE, since)).reached is not None:
        found += [one for one in some.deliveries if one.at < late]
        nobody += len(some.nobody)
        since = some.reached + timedelta(microseconds=1)
    with desk.deciding() as db:
        have = mail_addresses.known(db)
        nowhere = tuple(one.user for one in live(db) if one.roles and one.user not in have)
    return len(found), nobody, nowhere


def _known(desk: Desk, ids: Sequence[UUID]) -> set[UUID]:
    return desk.logs["access"].commands_known(ids) if ids else set()


def listed_today(desk: Desk, user: str, way: Way) -> bool:
    """Whether somebody got the one list of this day. Raises LogUnavailable."""
    return bool(_known(desk, [delivery(user, way, _day(desk.clock()))]))


def is_morning(now: datetime) -> bool:
    """Whether today's list may go out: nobody is woken by it."""
    return now.astimezone(LONDON).time() >= MORNING


def _day(now: datetime) -> date:
    return now.astimezone(LONDON).date()


def told(desk: Desk, deliveries: Sequence[Delivery]) -> None:
    """Write down that somebody was told of these steps by one message. Raises LogUnavailable."""
    first = deliveries[0]
    events = [PersonTold(one.user, one.way, one.escalation) for one in deliveries]
    ids = [one.id for one in deliveries]
    if first.tier in DAILY:
        day = _day(desk.clock())
        events.append(PersonTold(first.user, first.way, day=day))
        ids.append(delivery(first.user, first.way, day))
    reader = _watching("", None)
    known = _known(desk, ids)
    prepared = [
        Prepared(one, {"access": Submission(one, desk.digest("due.tell", event), made)}, reader)
        for one, event in zip(ids, events, strict=True)
        if one not in known
        for made in (_alone(reader, one, event),)
    ]
    for start in range(0, len(prepared), MANY):
        desk.save(prepared[start : start + MANY])


def _alone(reader: Reader, stream: UUID, event: PersonTold) -> tuple[Fact, ...]:
    return facts(reader, stream, 0, (event,))


def message_of(deliveries: Sequence[Delivery]) -> UUID:
    """The id of one message about these steps: the same where it is sent again."""
    return uuid5(TOLD, "|".join(sorted(str(one.id) for one in deliveries)))


# --- looking ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Escalated:
    """Something that nobody had answered went on to a role, and who was told of it."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("at", "went on", "moment"),
        Column("what", "what"),
        Column("item", "about", "id"),
        Column("due", "was due", "moment"),
        Column("role", "to"),
        Column("step", "step"),
        Column("to_whom", "told"),
    )
    order: ClassVar[tuple[str, ...]] = ("-at", "item", "clock", "step")
    at: datetime
    what: str
    clock: Clock
    tier: Tier
    item: UUID
    due: datetime
    role: Role
    step: int
    told: tuple[ToldRow, ...]

    @property
    def to_whom(self) -> str:
        """Who was told, and by which ways."""
        ways: dict[str, list[str]] = {}
        for one in self.told:
            ways.setdefault(one.user, []).append(one.way)
        return ", ".join(f"{user} ({', '.join(by)})" for user, by in ways.items()) or "nobody yet"


def listed(desk: Desk, reader: Reader, most: int = MANY) -> list[Escalated]:
    """What went on to somebody, newest first, of what the reader sees."""
    with desk.asking() as db:
        steps = escalated.escalated(db, reader, most)
        told_of: dict[UUID, list[ToldRow]] = {}
        for one in told_view.of(db, [step.id for step in steps]):
            told_of.setdefault(one.escalation, []).append(one)
    return [
        Escalated(
            step.at,
            CLOCKS[step.clock].says,
            step.clock,
            step.tier,
            step.item,
            step.due,
            step.role,
            step.step,
            tuple(told_of.get(step.id, ())),
        )
        for step in steps
    ]

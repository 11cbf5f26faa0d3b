"""Escalation of unanswered items. Each step is recorded once, by whichever process is first, and
the people responsible at that step are notified in the ways that the organisation has set up.

A notification contains no text of a record. Its recipient, way and time are recorded after it was
sent, so a person may be notified twice, but never goes without notification.

The file is long because the steps of one escalation follow each other.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import ClassVar, Unpack
from uuid import UUID, uuid5

from msgspec import Struct
from msgspec.structs import replace

from access.who_may.decide import require
from access.who_may.event_rules import require_command
from commands.kernel import users
from commands.kernel.colleague import live_accounts
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import (
    Command,
    Desk,
    LostRace,
    Receipt,
    act,
    earlier_receipt,
    facts,
)
from commands.people_and_teams import account
from commands.people_and_teams.due import resolve_due, unsafe_among
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
from domain.people_and_teams.rota import Duty, find_called
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

#: Priorities of deadlines for which people are notified at once. For other priorities they are
#: notified once a day, from the hour `MORNING` in London on.
AT_ONCE: tuple[Tier, ...] = ("danger", "law")
DAILY: tuple[Tier, ...] = ("practice",)
MORNING = time(8)
#: The time during which the program tries to notify a person of an unanswered escalation.
TRIED = timedelta(days=7)
#: The delay after which a missing notification is reported to the store's administrator.
LATE = timedelta(minutes=10)
#: The largest number of due items or notifications that are processed together.
MANY = 500


# --- recording ----------------------------------------------------------------------------------


def begin(desk: Desk) -> str | None:
    """Start the deadlines of types that are new in this release, in a store of an earlier release.
    Items that were due before cause no notifications; return a line with their number, or None if
    there are none. Raises LogUnavailable.
    """
    with desk.looked() as db:
        begun_clocks = escalated.begun(db)
    new = tuple(sorted(set(CLOCKS) - begun_clocks.keys()))
    if not new:
        return None
    reader, event = _process_reader("", None), DueBegan(new)
    version = len(desk.logs["evidence"].history(BEGAN))
    item = uuid5(BEGAN, "|".join(new))
    submission = Submission(
        item, desk.digest("due.begin", event), facts(reader, BEGAN, version, (event,))
    )
    # another process may have started these deadlines at the same time
    with suppress(LostRace, CommandReused):
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
    """Record the escalations of unanswered items that are due now. Return their number, including
    escalations that another process recorded at the same time. Raises LogUnavailable.
    """
    with desk.looked() as db:
        rows = _without_unsafe_calls(db, escalated.to_escalate(db, desk.clock(), most))
    prepared: list[Prepared] = []
    for row in rows:
        with suppress(
            Undecodable, Refused
        ):  # skip an unreadable item, which `verify` reports, so that the others are escalated
            prepared.append(_step(desk, row))
    try:
        desk.save(prepared)
    except (LostRace, CommandReused):
        # another process recorded some of these escalations, so each of the others is saved
        # separately
        for command in prepared:
            try:
                desk.save([command])
            except (LostRace, CommandReused):
                continue
    return len(prepared)


def _without_unsafe_calls(db: Db, rows: Sequence[DueRow]) -> list[DueRow]:
    """Return due items. If a suspect may hear a call to the family of an item, supervisors get the
    item in place of the family's worker.
    """
    silent = {row.item for row in rows if row.clock == SILENCE}
    unsafe = unsafe_among(db, _process_reader("", None), silent)
    return [
        _supervisors(row) if row.clock == SILENCE and row.item in unsafe else row for row in rows
    ]


def _supervisors(row: DueRow) -> DueRow:
    return replace(row, clock=UNSAFE, owner=None)


def _step(desk: Desk, row: DueRow) -> Prepared:
    rule = CLOCKS[row.clock]
    role = rule.chain[min(row.step, len(rule.chain)) - 1] if row.step else rule.role
    event = DueEscalated(row.id, row.item, row.clock, role, row.step, row.due)
    stream, item = escalations_of(row.id), escalation(row.id, row.due, row.step)
    history = desk.logs["evidence"].history(stream)
    reader = _process_reader(row.team, _start_of(desk, row))
    submission = Submission(
        item, desk.digest("due.escalate", event), facts(reader, stream, len(history), (event,))
    )
    return Prepared(stream, {"evidence": submission}, reader)


def _start_of(desk: Desk, row: DueRow) -> Recorded | None:
    """Return the event that started the deadline of an item."""
    stream, _, version = row.ref.partition(":")
    history = desk.logs["evidence"].history(UUID(stream))
    return next((fact for fact in history if str(fact.version) == version), None)


def _process_reader(team: str, of: Recorded | None) -> Reader:
    """Return a reader for the background process, with the team and controller of an item. The
    process shows nothing to users, so it needs no sign-in.
    """
    regime: Regime = of.regime if of else "uk-gdpr"
    return Reader(WATCH, team, of.controller if of else "", regime, assessor=False)


def acknowledge(desk: Desk, reader: Reader, which: str, **command: Unpack[Command]) -> Receipt:
    """Acknowledge a due item, which `which` names by its id or the end of the id. For immediate
    danger, the first acknowledgement of each person pauses the notifications for half an hour.
    Raises Hidden if nothing with that id is due.
    """

    def found() -> UUID:
        return notifying.acknowledged_of(resolve_due(desk, reader, which).id)

    if again := earlier_receipt(desk, "due.acknowledge", which, [], found, **command):
        return again
    require_command(reader, "due.acknowledge")
    row = resolve_due(desk, reader, which)
    return act(
        desk,
        reader,
        "due.acknowledge",
        notifying.acknowledged_of(row.id),
        None,
        lambda state, event: None,
        lambda state: (DueAcknowledged(row.id, row.item, row.clock),),
        [],
        target=which,
        **command,
    )


def give_address(
    desk: Desk, reader: Reader, user: str, email: str | None, **command: Unpack[Command]
) -> Receipt:
    """Record a user's e-mail address for notifications; None removes it. Raises Denied if the
    reader is no administrator, and Refused if the address is invalid or no account has this name.
    """

    def decided(state: notifying.Address) -> tuple[Event, ...]:
        account.require_account(desk, user)
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


# --- notification
# ------------------------------------------------------------------------------------


class Delivery(Struct, frozen=True):
    """A notification of an escalation to one person in one way, such as by mail. `to` is the
    person's address or phone number, and `at` the time of the escalation.
    """

    id: UUID
    escalation: UUID
    user: str
    way: Way
    to: str | None
    tier: Tier
    at: datetime


class DueEscalations(Struct, frozen=True):
    """The notifications to send about escalations, and the escalations for which no recipient can
    be reached. `reached` is the time up to which escalations were processed.
    """

    deliveries: tuple[Delivery, ...] = ()
    nobody: tuple[UUID, ...] = ()
    reached: datetime | None = None


def missing_notifications(
    desk: Desk, ways: Collection[Way], tiers: Collection[Tier], since: datetime, most: int = MANY
) -> DueEscalations:
    """Return the notifications of unanswered escalations since this time that were not sent yet.
    Raises LogUnavailable.
    """
    now = desk.clock()
    with desk.looked() as db:
        taken = escalated.list_escalated(db, tiers, since, most)
        if not taken:
            return DueEscalations()
        steps = [
            (step, _supervisors(row) if step.clock == UNSAFE else row) for step, row in taken if row
        ]
        people = _People.people_for(db, steps, now)
        deliveries, nobody = [], []
        for step, row in steps:
            to_whom = list(people.notifications_for(step, row, ways))
            deliveries += to_whom
            if not to_whom:
                nobody.append(step.id)
    known_items = _sent_already(desk, [one.id for one in deliveries])
    left = tuple(one for one in deliveries if one.id not in known_items)
    return DueEscalations(left, tuple(nobody), taken[-1][0].at)


@dataclass
class _People:
    """The people who may be notified: the present rights of all users, the items that each user may
    see, and the people on call.
    """

    now: datetime
    accounts: Mapping[str, Account]
    readers: Mapping[str, Reader]
    sees: Mapping[str, set[UUID]]
    emails: Mapping[str, str]
    duties: Sequence[Duty]

    @classmethod
    def people_for(
        cls, db: Db, steps: Sequence[tuple[EscalatedRow, DueRow]], now: datetime
    ) -> "_People":
        rows = [row for _, row in steps]
        roles = {step.role for step, _ in steps} | {CLOCKS[row.clock].role for row in rows}
        owners = {row.owner for row in rows}
        there = {
            one.user: one
            for one in live_accounts(db)
            if one.user in owners or not roles.isdisjoint(one.roles)
        }
        labels = {user: Reader(user, "", "", "uk-gdpr", assessor=False) for user in there}
        readers = {user: accounts.reader(db, label, now) for user, label in labels.items()}
        wanted = {row.id for row in rows}
        sees = {user: escalated.visible(db, reader, wanted) for user, reader in readers.items()}
        duties = rota_view.list_duties(db, now)
        return cls(now, there, readers, sees, mail_addresses.read_addresses(db), duties)

    def notifications_for(
        self, step: EscalatedRow, row: DueRow, ways: Collection[Way]
    ) -> Iterable[Delivery]:
        """Yield the notifications of an escalation, one for each responsible person and each way to
        reach them. For immediate danger, the person on call, if there is one, is notified in their
        place.
        """
        if step.tier == "danger":
            waited = self.now - step.step * notifying.SPACING["danger"]
            duty = find_called(self.duties, row.team, self.now, waited).now
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
        item = delivery(user, way, step.id)
        return Delivery(item, step.id, user, way, to, step.tier, step.at)

    def _whose(self, step: EscalatedRow, row: DueRow) -> list[str]:
        """Return the users to notify at this step of an escalation, who may all see the item. At
        the first step this is the item's owner. At later steps, or if the owner may not see the
        item, these are the users with the step's role; if any of them is in the item's team, the
        others are left out.
        """
        able = [user for user in self.readers if row.id in self.sees[user]]
        found = [
            u for u in able if escalated.goes_to_person(self.readers[u], row, step.role, step.step)
        ]
        if not found:
            found = [
                u for u in able if escalated.goes_to_person(self.readers[u], row, step.role, 1)
            ]
        ours = [user for user in found if row.team in self.accounts[user].reach]
        return ours or found


def notification_backlog(desk: Desk, ways: Collection[Way]) -> tuple[int, int, tuple[str, ...]]:
    """Return, for the administrator, how many notifications are more than ten minutes late, how
    many escalations have no recipient who can be reached, and which users have no address. Raises
    LogUnavailable.
    """
    since = desk.clock() - TRIED
    late = desk.clock() - LATE
    deliveries: list[Delivery] = []
    nobody = 0
    while (missing := missing_notifications(desk, ways, AT_ONCE, since)).reached is not None:
        deliveries += [one for one in missing.deliveries if one.at < late]
        nobody += len(missing.nobody)
        since = missing.reached + timedelta(microseconds=1)
    with desk.deciding() as db:
        have = mail_addresses.read_addresses(db)
        nowhere = tuple(one.user for one in live_accounts(db) if one.roles and one.user not in have)
    return len(deliveries), nobody, nowhere


def _sent_already(desk: Desk, ids: Sequence[UUID]) -> set[UUID]:
    return desk.logs["access"].known_commands(ids) if ids else set()


def got_list_today(desk: Desk, user: str, way: Way) -> bool:
    """Return whether this user received today's list of due items. Raises LogUnavailable."""
    return bool(_sent_already(desk, [delivery(user, way, _day(desk.clock()))]))


def is_morning(now: datetime) -> bool:
    """Return whether today's lists of due items may be sent at this time: not during the night."""
    return now.astimezone(LONDON).time() >= MORNING


def _day(now: datetime) -> date:
    return now.astimezone(LONDON).date()


def record_notified(desk: Desk, deliveries: Sequence[Delivery]) -> None:
    """Record that one message notified a person of these escalations. Raises LogUnavailable."""
    first = deliveries[0]
    events = [PersonTold(one.user, one.way, one.escalation) for one in deliveries]
    ids = [one.id for one in deliveries]
    if first.tier in DAILY:
        day = _day(desk.clock())
        events.append(PersonTold(first.user, first.way, day=day))
        ids.append(delivery(first.user, first.way, day))
    reader = _process_reader("", None)
    known_items = _sent_already(desk, ids)
    prepared = [
        Prepared(item, {"access": Submission(item, desk.digest("due.tell", event), made)}, reader)
        for item, event in zip(ids, events, strict=True)
        if item not in known_items
        for made in (_alone(reader, item, event),)
    ]
    for start in range(0, len(prepared), MANY):
        desk.save(prepared[start : start + MANY])


def _alone(reader: Reader, stream: UUID, event: PersonTold) -> tuple[Fact, ...]:
    return facts(reader, stream, 0, (event,))


def message_of(deliveries: Sequence[Delivery]) -> UUID:
    """Return the id of one message about these escalations. The message has the same id if it is
    sent again.
    """
    return uuid5(TOLD, "|".join(sorted(str(one.id) for one in deliveries)))


# --- display ------------------------------------------------------------------------------------


class Escalated(Struct, frozen=True):
    """An unanswered item that was escalated to a role, and the people who were notified."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("at", "escalated", "moment"),
        Column("what", "due item"),
        Column("item", "item", "id"),
        Column("due", "was due", "moment"),
        Column("role", "to role"),
        Column("step", "step"),
        Column("to_whom", "notified"),
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
        """Return the people who were notified of the escalated item, and in which ways."""
        ways: dict[str, list[str]] = {}
        for row in self.told:
            ways.setdefault(row.user, []).append(row.way)
        return ", ".join(f"{user} ({', '.join(by)})" for user, by in ways.items()) or "nobody yet"


def list_escalations(desk: Desk, reader: Reader, most: int = MANY) -> list[Escalated]:
    """Return the escalated items visible to the reader, newest first."""
    with desk.asking() as db:
        steps = escalated.escalated(db, reader, most)
        told_of: dict[UUID, list[ToldRow]] = {}
        for row in told_view.of(db, [step.id for step in steps]):
            told_of.setdefault(row.escalation, []).append(row)
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

"""The rota: giving and ending duties, and who is called now for what nobody has taken."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Unpack
from uuid import UUID

from msgspec.structs import replace

from access.who_may.decide import Thing, decide
from commands.kernel.colleague import live, nearest
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Command, Desk, Receipt, act, asked_before, facts
from domain.forms.intervals import LONDON
from domain.kernel.acts import Act
from domain.kernel.envelope import LogUnavailable, Submission
from domain.kernel.values import Denied, Reader, Refused
from domain.people_and_teams import rota
from domain.people_and_teams.rota import DANGER, Duty, DutyGiven, OnCall
from projections.information import queue
from projections.information.queue import Unread
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.people_and_teams import rota as view

KEEPING: tuple[Act, ...] = DutyGiven.meaning.acts
#: No team of this name: a duty for all teams reaches as far as one may keep the rota at all.
ALL = ""
NOBODY = "Nobody is on the rota now"


@dataclass(frozen=True)
class Untaken:
    """Something urgent that nobody has taken, and who is called for it now."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("id", "id", "id"),
        Column("team", "team"),
        Column("since", "since", "moment"),
        Column("called", "who is called"),
    )
    order: ClassVar[tuple[str, ...]] = ("since", "id")
    id: UUID
    kind: str
    team: str
    since: datetime
    case: UUID | None
    on_call: OnCall

    @property
    def called(self) -> str:
        """Who is called for it, in a sentence."""
        return said(self.on_call)


def put_on_call(
    desk: Desk,
    reader: Reader,
    duty: DutyGiven,
    *,
    all_teams: bool = False,
    command_id: UUID | None = None,
) -> Receipt:
    """Somebody is on call for the team that is told, for one's own where none is, or for all teams.
    Raises as `give`, and Refused for a team and all of them."""
    if all_teams and duty.team:
        raise Refused("say one team, or all of them", field="all_teams")
    whose = None if all_teams else duty.team or reader.team
    told = [duty, all_teams]
    return give(desk, reader, replace(duty, team=whose), told=told, command_id=command_id)


def give(
    desk: Desk,
    reader: Reader,
    duty: DutyGiven,
    *,
    told: object = None,
    command_id: UUID | None = None,
) -> Receipt:
    """Somebody is on call; a duty of no team is for all of them. Raises Refused for a name that is
    no live account (with the nearest one), or times that cannot be; Denied for another team's rota.
    `told` is what was told of it, where that is something else."""
    command_id = command_id or desk.new_random_id()
    told = told or duty
    if again := desk.repeated(command_id, "rota.give", told, former=lambda: duty):
        return again
    _theirs(reader, duty.team)
    if reader.closed:
        _colleague(desk, reader, duty.user)
    stream = desk.new_id()
    made = facts(reader, stream, 0, rota.give(duty, desk.clock()))
    submission = Submission(command_id, desk.digest("rota.give", told), made)
    return desk.save([Prepared(stream, {"evidence": submission}, reader)])[0]


def end(desk: Desk, reader: Reader, duty: str, **command: Unpack[Command]) -> Receipt:
    """A duty, named by its id or the end of it, ends now, or is not to be. Raises Refused, Denied
    for another team's."""

    def found() -> UUID:
        return _named(desk, duty)

    if again := asked_before(desk, "rota.end", duty, [], found, **command):
        return again
    one = found()
    state, _ = desk.fold(one, rota.State(), rota.evolve)
    if state.given:
        _theirs(reader, state.given.team)
    return act(
        desk,
        reader,
        "rota.end",
        one,
        rota.State(),
        rota.evolve,
        rota.end,
        [],
        told=duty,
        **command,
    )


def _named(desk: Desk, text: str) -> UUID:
    with suppress(ValueError):
        return UUID(text.strip())
    wanted = text.strip().lower().replace("-", "")
    with desk.deciding() as db:
        standing = view.standing(db, desk.clock())
    found = [one.id for one in standing if wanted and one.id.hex.endswith(wanted)]
    if len(found) != 1:
        raise Refused(f"there is no duty {text!r}: rota list shows them", field="duty")
    return found[0]


def _theirs(reader: Reader, team: str | None) -> None:
    """A team's rota is kept by those who decide about its queue or give it workers, everybody's by
    those who do so for all teams; and by the person who keeps the accounts."""
    there = Thing("case", UUID(int=0), ALL if team is None else team, ALL)
    if not any(decide(reader, act, there).allowed for act in KEEPING):
        whose = f"of {team}" if team else "of all teams"
        raise Denied(f"the rota {whose} is not yours to keep")


def _colleague(desk: Desk, reader: Reader, name: str) -> None:
    with desk.deciding() as db:
        people = live(db)
    if name not in {one.user for one in people}:
        meant = nearest(reader, name, people)
        raise Refused(
            f"the rota takes people who can be called, and {name!r} is none of them: {meant}",
            field="user",
        )


# --- who is called ------------------------------------------------------------------------------


def on_call(desk: Desk, team: str, since: datetime | None = None) -> OnCall:
    """Who is called now for a team, where something urgent has waited since then; as far as the
    views can tell: a receipt waits for nothing."""
    try:
        with desk.asking() as db:
            return of(desk, db, team, since)
    except LogUnavailable:
        return OnCall(otherwise=desk.policy.on_call)


def of(desk: Desk, db: Db, team: str, since: datetime | None = None) -> OnCall:
    """As `on_call`, of views that are open."""
    now = desk.clock()
    return rota.called(view.standing(db, now), team, now, since, desk.policy.on_call)


def untaken(desk: Desk, reader: Reader, db: Db) -> list[Untaken]:
    """What is urgent and was taken by nobody, longest first, with who is called for it now; for
    those who may see that it waits."""
    now = desk.clock()
    duties = view.standing(db, now)
    return [
        Untaken(row.id, "urgent-untaken", row.team, row.since, row.case, _for(desk, duties, row))
        for row in queue.untaken(db, reader)
    ]


def waiting(desk: Desk, reader: Reader, db: Db) -> tuple[int, OnCall] | None:
    """How many urgent items nobody has taken, and who is called for the one that has waited
    longest; None where there is none."""
    told = queue.untaken_count(db, reader)
    if told is None:
        return None
    count, team, since = told
    return count, of(desk, db, team, since)


def _for(desk: Desk, duties: Iterable[Duty], row: Unread) -> OnCall:
    return rota.called(duties, row.team, desk.clock(), row.since, desk.policy.on_call)


def said(one: OnCall) -> str:
    """Who is called, in a sentence; times are London's."""
    if one.now is None:
        other = f": ring {one.otherwise}" if one.otherwise else ""
        return f"{NOBODY}{other}."
    until = one.now.until.astimezone(LONDON)
    words = f"On call: {one.now.user}, {one.now.phone} (until {until:%H:%M on %d %B})."
    if one.next is None:
        return words
    when = f" from {one.next_at.astimezone(LONDON):%H:%M}" if one.next_at else ""
    return f"{words} Next{when}: {one.next.user}, {one.next.phone}."


def line(one: OnCall) -> str:
    """What stands on every receipt and page."""
    return f"{DANGER} {said(one)}"

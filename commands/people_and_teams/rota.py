"""Commands for the rota: starting and ending duties, and the person on call for urgent items that
are not taken.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import ClassVar, Unpack
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from access.who_may.decide import Thing, decide
from commands.kernel.colleague import live_accounts, suggest_nearest
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Command, Desk, Receipt, act, earlier_receipt, facts
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
#: The value that means all teams, which no team can have as its name. A duty for all teams needs
#: the right to manage all rotas.
ALL = ""
NOBODY = "Nobody is on call now"


class Untaken(Struct, frozen=True):
    """An urgent item that no assessor has taken, and the person on call for it now."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("id", "id", "id"),
        Column("team", "team"),
        Column("since", "since", "moment"),
        Column("called", "person called"),
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
        """Return a sentence with the person on call for the urgent item."""
        return describe_on_call(self.on_call)


def put_on_call(
    desk: Desk,
    reader: Reader,
    duty: DutyGiven,
    *,
    all_teams: bool = False,
    command_id: UUID | None = None,
) -> Receipt:
    """Put a person on call for the given team, by default the reader's own, or for all teams.
    Raises what `give` raises, and Refused if both a team and all teams are given.
    """
    if all_teams and duty.team:
        raise Refused(
            "say which teams the person is on call for: either one team, or all teams",
            field="all_teams",
        )
    whose = None if all_teams else duty.team or reader.team
    request_fields = [duty, all_teams]
    return give(
        desk, reader, replace(duty, team=whose), request=request_fields, command_id=command_id
    )


def give(
    desk: Desk,
    reader: Reader,
    duty: DutyGiven,
    *,
    request: object = None,
    command_id: UUID | None = None,
) -> Receipt:
    """Put a person on call; a duty without a team is for all teams. If the user's input differs
    from `duty`, `request` is this input, which is hashed to recognise a repeated command.

    Raises Refused if the times are impossible, and if the person has no active account (the message
    suggests the nearest name). Raises Denied if the rota is another team's.
    """
    command_id = command_id or desk.new_random_id()
    request = request or duty
    if again := desk.repeated(command_id, "rota.give", request, former=lambda: duty):
        return again
    _require_right(reader, duty.team)
    if reader.closed:
        _colleague(desk, reader, duty.user)
    stream = desk.new_id()
    made = facts(reader, stream, 0, rota.give(duty, desk.clock()))
    submission = Submission(command_id, desk.digest("rota.give", request), made)
    return desk.save([Prepared(stream, {"evidence": submission}, reader)])[0]


def end(desk: Desk, reader: Reader, duty: str, **command: Unpack[Command]) -> Receipt:
    """End a duty now, or cancel it if it has not started; `duty` is its id or the end of the id.
    Raises Refused if there is no such duty, and Denied for a duty of another team.
    """

    def found() -> UUID:
        return _named(desk, duty)

    if again := earlier_receipt(desk, "rota.end", duty, [], found, **command):
        return again
    item = found()
    state, _ = desk.fold(item, rota.State(), rota.evolve)
    if state.given:
        _require_right(reader, state.given.team)
    return act(
        desk,
        reader,
        "rota.end",
        item,
        rota.State(),
        rota.evolve,
        rota.end,
        [],
        target=duty,
        **command,
    )


def _named(desk: Desk, text: str) -> UUID:
    with suppress(ValueError):
        return UUID(text.strip())
    wanted = text.strip().lower().replace("-", "")
    with desk.deciding() as db:
        standing = view.list_duties(db, desk.clock())
    found_items = [duty.id for duty in standing if wanted and duty.id.hex.endswith(wanted)]
    if len(found_items) != 1:
        raise Refused(
            f"there is no duty {text!r} on the rota: list the duties with rota list", field="duty"
        )
    return found_items[0]


def _require_right(reader: Reader, team: str | None) -> None:
    """Raise Denied unless the reader may change the rota of a team. This needs the right to decide
    about the team's queue, to allocate its workers, or to manage accounts; for a duty of all teams,
    one of these rights for all teams.
    """
    there = Thing("case", UUID(int=0), ALL if team is None else team, ALL)
    if not any(decide(reader, act, there).allowed for act in KEEPING):
        whose = f"of {team}" if team else "of all teams"
        raise Denied(f"you may not change the rota {whose}")


def _colleague(desk: Desk, reader: Reader, name: str) -> None:
    with desk.deciding() as db:
        people = live_accounts(db)
    if name not in {person.user for person in people}:
        meant = suggest_nearest(reader, name, people)
        raise Refused(
            f"{name!r} has no account with which a person can sign in, so they cannot be on the "
            f"rota: {meant}",
            field="user",
        )


# --- on call ------------------------------------------------------------------------------


def find_on_call(desk: Desk, team: str, since: datetime | None = None) -> OnCall:
    """Return the person who is on call for a team now. If an urgent item of the team waits, `since`
    is the time since which it has waited. If the views do not answer, only the contact from the
    settings is returned, because a receipt does not wait for the views.
    """
    try:
        with desk.asking(only=[view.VIEW]) as db:
            return on_call_in(desk, db, team, since)
    except LogUnavailable:
        return OnCall(otherwise=desk.policy.on_call)


def on_call_in(desk: Desk, db: Db, team: str, since: datetime | None = None) -> OnCall:
    """Return the person who is on call for a team now, by the rota in the views (`db`)."""
    now = desk.clock()
    return rota.find_called(view.list_duties(db, now), team, now, since, desk.policy.on_call)


def list_untaken(desk: Desk, reader: Reader, db: Db) -> list[Untaken]:
    """Return the urgent items that no assessor has taken, the longest waiting first, each with the
    person on call for it now. Items hidden from the reader are left out.
    """
    now = desk.clock()
    duties = view.list_duties(db, now)
    return [
        Untaken(row.id, "urgent-untaken", row.team, row.since, row.case, _for(desk, duties, row))
        for row in queue.untaken(db, reader)
    ]


def count_waiting(desk: Desk, reader: Reader, db: Db) -> tuple[int, OnCall] | None:
    """Return the number of urgent items that no assessor has taken, and the person on call for the
    item that has waited longest; None if there is no such item.
    """
    untaken = queue.untaken_count(db, reader)
    if untaken is None:
        return None
    count, team, since = untaken
    return count, on_call_in(desk, db, team, since)


def _for(desk: Desk, duties: Iterable[Duty], row: Unread) -> OnCall:
    return rota.find_called(duties, row.team, desk.clock(), row.since, desk.policy.on_call)


def describe_on_call(call: OnCall) -> str:
    """Return a sentence with the person on call; times are London's."""
    if call.now is None:
        instead = f": ring {call.otherwise}" if call.otherwise else ""
        return f"{NOBODY}{instead}."
    until = call.now.until.astimezone(LONDON)
    words = f"On call: {call.now.user}, {call.now.phone} (until {until:%H:%M on %d %B})."
    if call.next is None:
        return words
    when = f" from {call.next_at.astimezone(LONDON):%H:%M}" if call.next_at else ""
    return f"{words} Next{when}: {call.next.user}, {call.next.phone}."


def describe_for_page(call: OnCall) -> str:
    """Return the sentence about the person on call, as every receipt and page shows it."""
    return f"{DANGER} {describe_on_call(call)}"

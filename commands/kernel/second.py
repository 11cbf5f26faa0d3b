"""The rule that the second person's account, role and sign-in must be older than the proposal that
they confirm.

Otherwise an administrator could make a proposal, create an account for the purpose, and confirm the
proposal with it.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from msgspec import structs

from access.database import DecisionDb
from access.who_may.event_rules import SECOND, require_all, require_reach
from domain.kernel.envelope import Fact, LogName, Recorded
from domain.kernel.log import History
from domain.kernel.values import Denied, Hidden, Reader, Refused
from domain.people_and_teams import account
from domain.people_and_teams.account import User, UserAdded, user_stream
from domain.people_and_teams.store_admin import CLOSING
from projections.people_and_teams import accounts


class Credentials(Protocol):
    """Protocol: returns when a user set up their current sign-in."""

    def proves_since(self, name: str) -> datetime | None: ...


Deciding = Callable[[], AbstractContextManager[DecisionDb]]


def refuse_young(
    logs: Mapping[LogName, History],
    deciding: Deciding,
    doors: Credentials,
    now: datetime,
    log: LogName,
    facts: Sequence[Fact],
) -> None:
    """Raise Refused if one of these facts confirms a proposal and the confirming person's account,
    role, team or sign-in is newer than the proposal. On a store without accounts nothing is
    checked.
    """
    confirming = [fact for fact in facts if fact.event.stored.name in SECOND]
    if not confirming or not logs["access"].history(CLOSING):
        return
    for fact in confirming:
        proposed = _proposed_at(logs[log], fact)
        if proposed is None:
            continue
        name = fact.header.by
        since = doors.proves_since(name)
        if since and since > proposed:
            raise _young("sign-in", proposed)
        _refuse_young_account(logs["access"], deciding, now, fact, proposed)


def _proposed_at(log: History, fact: Fact) -> datetime | None:
    """Return when the proposal that this fact confirms was made; None if the fact confirms no
    proposal.
    """
    stream = getattr(fact.event, "erasure", fact.originator_id)
    names = SECOND[fact.event.stored.name]
    waiting: datetime | None = None
    for past_fact in log.history(stream):
        if _is_same_matter(past_fact, fact):
            if past_fact.event.stored.name in names:
                waiting = past_fact.recorded
            # a later event about the same matter: the earlier proposal no longer counts
            elif type(past_fact.event) is type(fact.event):
                waiting = None
    return waiting


def _is_same_matter(before: Recorded, fact: Fact) -> bool:
    """Return whether two facts of a stream concern the same matter (decision, role or team)."""
    fields = ("what", "role", "team")
    return all(
        getattr(before.event, field) == getattr(fact.event, field)
        for field in fields
        if hasattr(before.event, field) and hasattr(fact.event, field)
    )


def _refuse_young_account(
    log: History, deciding: Deciding, now: datetime, fact: Fact, proposed: datetime
) -> None:
    """Raise Refused if the confirming person's account could not have confirmed the proposal with
    the role and team that it had when the proposal was made.
    """
    name = fact.header.by
    history = log.history(user_stream(name))
    today = _user_of(history)
    before = _user_of([past_fact for past_fact in history if past_fact.recorded <= proposed])
    added = [past_fact.recorded for past_fact in history if isinstance(past_fact.event, UserAdded)]
    if not before.exists or (added and added[-1] > proposed):
        raise _young("account", proposed)
    with deciding() as db:
        header = fact.header
        reader = accounts.reader(db, Reader(name, header.team, header.controller), now)
        if reader.roles <= before.roles and today.teams <= before.teams:
            return
        older = structs.replace(
            reader,
            roles=reader.roles & before.roles,
            teams=frozenset(before.teams & today.teams)
            if today.teams - before.teams
            else reader.teams,
        )
        try:
            require_all(older, (fact.event,))
            require_reach(db, older, [fact])
        except (Denied, Hidden):
            raise _young("role or team", proposed) from None


def _user_of(history: Sequence[Recorded]) -> User:
    state = User()
    for fact in history:
        state = account.evolve(state, fact.event)
    return state


def _young(factor: str, proposed: datetime) -> Refused:
    return Refused(
        f"this was proposed on {proposed:%d/%m/%Y at %H:%M} UTC, and your {factor} is newer: "
        "a person who could confirm it at that time has to confirm it"
    )

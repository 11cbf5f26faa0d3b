"""Opens a store, or makes one: its logs, keys and views, and the check that it is of the expected
kind.

The file is long because all checks before a store is opened are made here, in order.
"""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import NoReturn
from uuid import UUID

from access.logger import log
from commands.kernel.clock import CLOCK
from commands.kernel.known_cases import ACCOMPANYING, KnownCases
from commands.kernel.succeeded import SAID, Onward
from commands.people_and_teams import account, store_admin
from commands.people_and_teams.rights import Rights
from domain import catalogue
from domain.data_protection.erasure import ERASURES, GONE, ErasureApproved, approved_in, planned
from domain.event_topics import ALONE
from domain.exchange import offer
from domain.kernel.envelope import LogName, LogUnavailable
from domain.kernel.values import Refused
from domain.people_and_teams.account import require_safe_name
from domain.people_and_teams.right_time import right_time
from domain.people_and_teams.store_admin import STORE, StoreMade
from installation.clock import Clock
from installation.settings import UNNAMED, Settings
from installation.stores import (
    home_of,
    is_postgres,
    key_store_of,
    place_of,
    printable_place,
    refuse_within,
)
from installation.system import System, reader_of
from ledger.backup.temporary_files import sweep
from ledger.database.durable_files import closed_directory
from ledger.keys.keys import KeyFault, Keys
from ledger.keys.keystore import FAMILIES, KeyStore
from ledger.store.log import Log, records_after
from ledger.store.recorder import TABLES
from ledger.store.setup import (
    holds_records,
    open_postgres,
    open_records,
    open_sqlite,
    refuse_existing,
)
from projections.kernel import runner
from projections.kernel.newest import LogEnds
from projections.people_and_teams.accounts import MOVING
from projections.upkeep import Upkeep

#: Time of a new synthetic store if none is given: earlier than the events in any demo story.
BEFORE_ANY_STORY = datetime(1970, 1, 1, tzinfo=UTC)
#: Name of the first administrator of a store that was made without a user's name.
FIRST_ADMINISTRATOR = "administrator"
#: Message for a place where there is no store.
NO_STORE = "{store} is no store yet: make it with: continuum init"


def open_system(
    settings: Settings,
    *,
    create: bool = False,
    synthetic: bool = False,
    now: datetime | None = None,
) -> System:
    """Open a store, or make one. `now` sets the clock of a synthetic store.

    Raises LogUnavailable if there is no store or it does not answer. Raises Refused if a live store
    is given a time, or if the address of `first_site` is unprotected. For a new store, raises
    Refused if it would be inside another's directory, or if there is a store already whose keys are
    missing.
    """
    home = home_of(settings)
    if create and synthetic and now is None:
        now = BEFORE_ANY_STORY
    clock = Clock(now)
    if settings.first_site:
        from access.transport import require_protected

        require_protected(settings.first_site, "the first site's address (first_site)")
    if create:
        refuse_within(settings)
        refuse_existing(place_of(settings), home)
        _refuse_other_keys(settings, home)
    try:
        key_store = key_store_of(settings)
        if create and not (home / "keys").exists():
            closed_directory(home)
            keys = Keys.create(home / "keys")
            for family in FAMILIES:
                key_store.rotate(family)
        else:
            keys = _keys_of(settings, home)
    except OSError as error:
        raise LogUnavailable(
            f"{error.filename or home} cannot be used: {error.strerror}"
        ) from error
    if is_postgres(settings.store):
        logs = open_postgres(
            settings.store,
            catalogue.by_log(),
            clock=clock,
            keys=key_store,
            create=create,
            synthetic=now is not None,
            store_id=token_hex(16),
            first=settings.first_site,
            home=home,
        )
    else:
        logs = _open_files(Path(settings.store), clock, key_store, create)
    # deleting files that a killed process left fails if another user owns the home directory
    with contextlib.suppress(OSError):
        sweep(home)
    place = place_of(settings)
    views = Upkeep(place, logs, partial(read_erased, logs["evidence"]))
    label = reader_of(settings)
    evidence, access = logs["evidence"], logs["access"]
    newest = LogEnds(
        {"evidence": evidence, "access": access}, partial(records_after, logs, _passing())
    )
    rights = Rights(access, newest.tails)
    cases = KnownCases(newest.tails["evidence"], partial(touched, evidence))
    onward = Onward(evidence, newest.tails["evidence"])
    system = System(
        settings, home, logs, views, keys, key_store, label, clock, newest, rights, cases, onward
    )
    try:
        _check(system, create, synthetic, now)
    except BaseException:
        system.close()
        raise
    return system


def _refuse_other_keys(settings: Settings, home: Path) -> None:
    """Raise Refused if new keys would be made for a store that exists: with them nothing in it
    could be read."""
    if not (home / "keys").exists() and holds_records(place_of(settings)):
        raise Refused(
            f"{printable_place(settings.store)} is a store already, and {home} does not "
            "contain its keys: nothing was made. Name the directory of its keys with "
            "--home, or another place for a new store with --store"
        )


def _keys_of(settings: Settings, home: Path) -> Keys:
    """Return the secret keys of an existing store. Raises KeyFault if the keys cannot be read. If
    moreover the store's server does not answer or has no store, this is the error: raises
    LogUnavailable.
    """
    try:
        return Keys.load(home / "keys")
    except KeyFault:
        if is_postgres(settings.store):
            _require_store(settings.store)
        raise


def _require_store(store: str) -> None:
    """Raise LogUnavailable if the server does not answer, or has no store."""
    records = open_records(store)
    try:
        absent = records["evidence"].absent()
    finally:
        for recorder in records.values():
            recorder.close()
    if len(absent) == len(TABLES):
        raise LogUnavailable(NO_STORE.format(store=printable_place(store)))


def _passing() -> dict[LogName, frozenset[str]]:
    """Return for each log the kinds of events that change none of the data cached in memory
    (rights, cases and origins)."""
    moving = {event.stored.topic for event in MOVING | SAID}
    evidence = ALONE | {event.stored.topic for event in ACCOMPANYING}
    return {
        "evidence": evidence - moving,
        "access": frozenset(catalogue.by_log()["access"]) - moving,
    }


def _check(system: System, create: bool, synthetic: bool, now: datetime | None) -> None:
    """Check that a store is of the expected kind (live or synthetic), and set its clock. With
    `create`, first make a store of this kind. Raises LogUnavailable if there is no store, and
    Refused if the store is of the other kind.
    """
    logs, settings = system.logs, system.settings
    if create:
        system.views.create()
    if create and logs["evidence"].is_writer:
        name = FIRST_ADMINISTRATOR if settings.user == UNNAMED else settings.user
        store_admin.make_store(
            system.desk, system.label, synthetic=synthetic, administrator=require_safe_name(name)
        )
        account.first_administrator(system.desk, system.label, account.administrator(system.desk))
    made_as = logs["evidence"].history(STORE)
    if not made_as or not isinstance(made_as[0].event, StoreMade):
        raise LogUnavailable(NO_STORE.format(store=system.printable_address))
    system.synthetic = made_as[0].event.synthetic
    system._check_clock(now)
    if not system.synthetic:
        _watch_clock(settings, logs)
    if create and synthetic != system.synthetic:
        kind = "a synthetic" if system.synthetic else "a live"
        raise Refused(f"{settings.store} is {kind} store already")


def _watch_clock(settings: Settings, logs: Mapping[LogName, Log]) -> None:
    """Let the logs of a live store check their clock for jumps."""
    there: Sequence[Log | UnavailableRegister] = [*logs.values()]
    open_logs = [candidate for candidate in there if isinstance(candidate, Log)]
    for open_log in open_logs:
        beside = [other for other in open_logs if other is not open_log]
        open_log.watch_clock(timedelta(days=settings.clock_leap_days), beside)


def _open_files(
    directory: Path, clock: Callable[[], datetime], keys: KeyStore, create: bool
) -> dict[LogName, Log]:
    """Return the logs of a store in a directory. Recording continues even while the source register
    does not answer."""
    events_by_log = catalogue.by_log()
    sources = {"sources": events_by_log["sources"]}
    events: dict[LogName, catalogue.Events] = {
        name: log_events for name, log_events in events_by_log.items() if name != "sources"
    }
    store_id = token_hex(16)
    logs = open_sqlite(directory, events, clock=clock, keys=keys, create=create, store_id=store_id)
    try:
        logs |= open_sqlite(
            directory,
            sources,  # type: ignore[arg-type]
            clock=clock,
            keys=keys,
            create=create,
            store_id=store_id,
        )
    except LogUnavailable as error:
        log.error("the source register does not answer")
        logs["sources"] = UnavailableRegister(str(error))  # type: ignore[assignment]
    return logs


def read_erased(evidence: Log) -> runner.ErasedItems:
    """Return the data that approved erasures removed from the logs, and the corrections of recorded
    times.
    """
    register = evidence.history(ERASURES)
    items_by_erasure = {
        item: planned(fact.event for fact in evidence.history(item))
        for item in approved_in(fact.event for fact in register)
    }
    return runner.ErasedItems(
        {
            item: frozenset(i.id for i in items if i.fate in GONE)
            for item, items in items_by_erasure.items()
        },
        max((fact.seq for fact in register if isinstance(fact.event, ErasureApproved)), default=0),
        right_time(fact.event for fact in evidence.history(CLOCK)),
    )


def touched(evidence: Log, after: int) -> frozenset[UUID]:
    """Return the items of erasures approved after this position: the erased items, and the items
    that the erasures changed.
    """
    register = (fact for fact in evidence.history(ERASURES) if fact.seq > after)
    approved = approved_in(fact.event for fact in register)
    return frozenset(
        item.id
        for erasure in approved
        for item in planned(fact.event for fact in evidence.history(erasure))
    )


class UnavailableRegister:
    """Replaces the source register while it does not answer. Every use raises the error."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def __getattr__(self, name: str) -> NoReturn:
        raise LogUnavailable(self._reason)

    def close(self) -> None:
        """Do nothing: there is nothing to close."""


def set_up_postgres(settings: Settings, name: str) -> dict[str, str]:
    """Make the database roles of a new store; return their names by duty.

    Raises Refused if the store is on files and not on a server, LogUnavailable.
    """
    if not is_postgres(settings.store):
        raise Refused("give the server's address with --store postgresql://…")
    from ledger.database.postgres_roles import (
        set_up,  # imported here, so that a store on files does not load the server's driver
    )

    return set_up(settings.store, name)


def publish_exchange(settings: Settings, recipients: Sequence[str]) -> None:
    """Let a hub read the messages that this store on PostgreSQL has for these police forces.

    Raises Refused, ValueError, LogUnavailable.
    """
    if not is_postgres(settings.store):
        raise Refused(
            "a store on files cannot publish offers: write them to a file with continuum "
            "exchange send"
        )
    force = offer.own_name(settings.exchange_force)
    # imported here, so that a store on files does not load the server's driver
    from ledger.witness.hub_publish import publish

    publish(settings.store, force, recipients)

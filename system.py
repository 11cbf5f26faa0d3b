"""The one place where settings become logs, views, clock, keys and policy.

Command line and screens start here. Nothing below reads a setting or a clock.
The file is long because all that is chosen once is chosen in it.
"""

import contextlib
import logging
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from hashlib import sha256
from os import urandom
from pathlib import Path
from secrets import token_hex
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import msgspec
import structlog
from platformdirs import user_data_path

from access.database import DecisionDb, QuestionDb
from commands import account, admission, governance
from commands.consultation import Consultations, Look
from commands.desk import Desk, Policy
from commands.hold_proof import Destruction
from commands.hold_reach import Reckoning
from commands.rights import Rights
from domain import catalogue
from domain.account import legible, named
from domain.consultation import SearchTouched
from domain.envelope import IntegrityFailure, LogName, LogUnavailable, Shredded, Undecodable
from domain.erasure import ERASURES, GONE, approved_in, planned
from domain.governance import (
    STORE,
    SealedKeys,
    StoreMade,
)
from domain.release import Marked
from domain.retention import Rules
from domain.supervision import Measures, OfficeHours
from domain.values import Reader, Refused, SignInFirst
from ledger.files import closed_directory
from ledger.held_keys import unopened
from ledger.keys import KeyFault, Keys, SealBroken, read_passphrase
from ledger.keystore import FAMILIES, FileKeyStore, KeyStore
from ledger.log import Log
from ledger.originals import Originals
from ledger.passing import passing, sweep
from ledger.setup import open_postgres, open_sqlite, refuse_beside
from ledger.shred import Shredder
from ledger.verify import Receipt as Told
from network import alerts
from projections import accounts, all_views, runner
from projections.schema import View
from projections.upkeep import Upkeep, tells_who_looked
from settings import UNNAMED, Settings

if TYPE_CHECKING:
    from access.credentials import Credentials
    from access.oidc import Provider
    from notifying.message import Channel

#: When a synthetic store is made, unless it is told: earlier than any story it will be told.
BEFORE_ANY_STORY = datetime(1970, 1, 1, tzinfo=UTC)
#: Where proofs of who somebody is lie, apart from every log; beside a server's, until it has them.
CREDENTIALS = "credentials.db"
#: Before the name of a session in which nobody proved anything: no account's begins with a blank.
UNCHECKED = " "
#: Who keeps the accounts of a store that somebody made without saying who they are.
FIRST_ADMINISTRATOR = "administrator"
#: Seconds that who carries on what is due has to let go when the process ends.
PARTING = 5.0
#: What says that the store was damaged or changed behind our back.
INTEGRITY = (IntegrityFailure, Undecodable, SealBroken)
log = structlog.get_logger("continuum")


def new_id(clock: Callable[[], datetime]) -> UUID:
    """A time-ordered id (RFC 9562, version 7), so that new streams stand beside each other."""
    millis = int(clock().timestamp() * 1000)
    tail = int.from_bytes(urandom(10), "big")
    value = (millis & (1 << 48) - 1) << 80 | 7 << 76 | (tail >> 66 & 0xFFF) << 64
    return UUID(int=value | 2 << 62 | tail & (1 << 62) - 1)


class Libraries(logging.Handler):
    """Tells what a library warns of by its name and place: its own words and its traceback may hold
    what nobody may read there."""

    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info[0] if record.exc_info else None
        place = f"{record.module}:{record.lineno}"
        reason = kind.__name__ if kind else None
        with contextlib.suppress(OSError, ValueError):  # nobody reads standard error any more
            log.log(
                record.levelno, "a library tells", library=record.name, place=place, reason=reason
            )


def start_logging(level: str) -> None:
    """JSON lines in ASCII on standard error; never a snippet's text or a name in any of them."""
    libraries = logging.getLogger()
    if not any(isinstance(one, Libraries) for one in libraries.handlers):
        libraries.addHandler(Libraries())
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


@dataclass
class Clock:
    """The time by this machine, or the time that a synthetic store is told, which stands still
    while one command runs and goes on from there while a store is served."""

    told: datetime | None = None
    _since: float | None = None

    def run(self) -> None:
        """Go on from the time that was told."""
        self._since = monotonic()

    def __call__(self) -> datetime:
        if self.told is None:
            return datetime.now(UTC)
        return self.told + timedelta(seconds=monotonic() - self._since if self._since else 0)


@dataclass
class System:
    """A store that is open: its logs, its views, and a desk for commands.

    `label` is who somebody says they are, `vouched` that it was proved: by a token or a session.
    `brief`: it serves one request, for which the views are brought up to date once. `lacking` is
    how many facts its questions did not show at most.
    """

    settings: Settings
    home: Path
    logs: dict[LogName, Log]
    views: Upkeep
    keys: Keys
    key_store: KeyStore
    label: Reader
    clock: Clock
    rights: Rights
    synthetic: bool = False
    vouched: bool = False
    brief: bool = False
    consultations: Consultations | None = None
    opened: list["Credentials"] = field(default_factory=list, repr=False)
    asked: list["Provider"] = field(default_factory=list, repr=False)
    lacking: int = 0
    desk: Desk = field(init=False)
    _current: set[bool] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        chosen = self.settings
        self.desk = Desk(
            logs=self.logs,
            keys=self.keys,
            clock=self.clock,
            new_id=lambda: new_id(self.clock),
            new_random_id=uuid4,
            deciding=self.deciding,
            asking=self.reading,
            looked=self.looked,
            saved=self._current.clear,
            doors=self,
            marks=self._marks,
            gives_away=self._gives_away,
            policy=Policy(
                urgent=timedelta(hours=chosen.urgent_hours),
                other=timedelta(hours=chosen.other_hours),
                on_call=chosen.on_call,
                threshold_definition=chosen.threshold_definition,
                no_value_sample=chosen.no_value_sample,
                retention=Rules(
                    chosen.mopi_groups,
                    chosen.mopi_categories,
                    chosen.mopi_cases,
                    chosen.mopi_others,
                ),
                archive_days=chosen.archive_days,
                measures=Measures(
                    OfficeHours(chosen.office_from, chosen.office_until), chosen.family_weights
                ),
            ),
            unanswered=alerts.unanswered,
        )

        if self.consultations is None:
            self.consultations = Consultations(
                self.logs, self.keys, lambda: new_id(self.clock), uuid4
            )

    def serving(self, settings: Settings, now: datetime | None) -> "System":
        """The same open store for another reader at another time; raises as `open_system`."""
        self.clock.told = now
        self._check_clock(now)
        return self._of(settings, vouched=False)

    def briefly(self, name: str) -> "System":
        """As `vouched_for`, for one request."""
        return replace(self.vouched_for(name), brief=True)

    def vouched_for(self, name: str) -> "System":
        """The same, for somebody who has just proved their name."""
        settings = self.settings.model_copy(update={"user": name})
        return self._of(settings, vouched=True)

    def _of(self, settings: Settings, *, vouched: bool) -> "System":
        return replace(
            self, settings=settings, label=reader_of(settings), vouched=vouched, lacking=0
        )

    @property
    def closed(self) -> bool:
        """Whether a name counts for nothing without an account. Raises as `Rights.closed`."""
        return self.rights.closed

    @property
    def asks_for_proof(self) -> bool:
        """Whether somebody has to sign in before anything else: on a closed store that is live. A
        synthetic one takes the name that it is told, so that stories can be told as they were."""
        return self.closed and not self.synthetic and not self.vouched

    @cached_property
    def reader(self) -> Reader:
        """Who asks, with their rights as they stand now: looked up once for each command and each
        request. Where they cannot be, nothing is allowed but to record. Raises SignInFirst."""
        try:
            if not self.closed:
                return self.label
            if self.asks_for_proof:
                raise SignInFirst
            found = self.rights.of(
                self.label,
                self.clock(),
                partial(self.views.deciding, [accounts.VIEW]),
            )
            if found.controller == self.label.controller:
                return found
            regime = self.settings.regimes.get(found.controller, "uk-gdpr")
            return msgspec.structs.replace(found, regime=regime)
        except (LogUnavailable, *INTEGRITY) as error:
            log.error("rights cannot be looked up", reason=type(error).__name__)
        return accounts.nobody(self.label)

    @property
    def credentials(self) -> "Credentials":
        """Who can prove that an account is theirs; one keeper for all who are served. Raises
        LogUnavailable."""
        if not self.opened:
            from access.credentials import Credentials  # most commands never need it

            file, place = self.home / CREDENTIALS, place_of(self.settings)
            where = (file, None) if isinstance(place, Path) else (place, file)
            self.opened.append(Credentials(where, self.keys, self.clock, self._lives))
        return self.opened[0]

    def _lives(self, user: str) -> bool:
        """Whether somebody may be signed in: an account that lives; and a name that nobody checked
        while there are no accounts, or for one of a synthetic store."""
        name = user.removeprefix(UNCHECKED)
        if name != user and not self.closed:
            return True
        return (name == user or self.synthetic) and admission.lives(self.desk, name)

    def program(self, token: str) -> str | None:
        """Which program this key belongs to, while both last; it was used then. None for any
        other token."""
        known = self.credentials.services.check(token)
        if known is None or not admission.serves(self.desk, known.user, known.id):
            return None
        self.credentials.services.used(known)
        return known.user

    def can_prove(self, name: str) -> bool:
        """Whether somebody could sign in, were the store closed now."""
        return (
            self.synthetic
            or self.settings.oidc_issuer is not None
            or self.credentials.enrolled(name)
        )

    @property
    def provider(self) -> "Provider | None":
        """The identity provider at which people sign in, if there is one; asked for by all who are
        served. Raises LogUnavailable where its secret cannot be read."""
        chosen = self.settings
        if chosen.oidc_issuer and not self.asked:
            from access.oidc import Provider  # most commands never need it

            try:
                file = chosen.oidc_secret_file
                secret = file.read_text("utf-8").strip() if file else None
            except (OSError, UnicodeDecodeError) as error:
                raise LogUnavailable(f"the secret in {file} cannot be read") from error
            self.asked.append(
                Provider(
                    chosen.oidc_issuer,
                    chosen.oidc_client,
                    self.clock,
                    secret=secret,
                    claim=chosen.oidc_claim,
                )
            )
        return self.asked[0] if self.asked else None

    def shut_out(self, name: str, *, for_good: bool = False) -> None:
        """End what somebody has open who was locked out, or left for good: their account is asked
        for with each use of it anyhow."""
        if self._anybody_proves:
            self.credentials.revoke(name, for_good=for_good)

    def forgive(self, name: str) -> None:
        """Forget what was tried in vain under somebody's name."""
        if self._anybody_proves:
            self.credentials.forgive(name)

    @property
    def _anybody_proves(self) -> bool:
        """Whether anything is there by which people prove who they are."""
        return _is_postgres(self.settings.store) or (self.home / CREDENTIALS).exists()

    def wants_why(self, query: str) -> bool:
        """Whether a reason is asked for this query."""
        return any(
            query == one or query.startswith(f"{one} ") for one in self.settings.why_required_for
        )

    def consulted(
        self,
        query: str,
        ids: Sequence[UUID],
        why: str | None = None,
        touched: Sequence[SearchTouched] = (),
        person: str | None = None,
    ) -> None:
        """Write down what is about to be shown to the reader (s.62), before it is shown.

        `touched` is what the query met and may not show, `person` for whom a program asks. Many
        threads may call it at once. Raises LogUnavailable: then nothing may be shown.
        """
        assert self.consultations  # noqa: S101 (made with the system)
        wanted = self.wants_why(query)
        at = self.clock() if self.clock.told else None
        look = Look(self.reader, query, ids, why, wanted, touched, person, at)
        self.consultations.consulted(look)

    def _check_clock(self, now: datetime | None) -> None:
        """Raises Refused for a live store, and for a time before what the log has reached."""
        if now is None:
            return
        if not self.synthetic:
            raise Refused("this is a live store: it tells its own time and takes no --clock")
        log = self.logs["evidence"]
        last = log.read(log.last() - 1, 1)
        if last and last[0].recorded > now + timedelta(seconds=1):
            raise Refused(
                f"the store's clock has reached {last[0].recorded.isoformat()} and does not go back"
            )

    @property
    def shown(self) -> str:
        """Where the store is, safe to print: an address may hold a password."""
        password = urlsplit(self.settings.store).password
        store = self.settings.store
        return store.replace(f":{password}@", ":***@", 1) if password else store

    @property
    def originals(self) -> Originals:
        """Where the files that were imported are kept."""
        return Originals(self.home / "originals")

    def passing(self, within: Path | None = None) -> contextlib.AbstractContextManager[Path]:
        """An empty directory for what is needed for a moment and holds words or keys: in the
        store's home unless another place is named. Raises OSError."""
        return passing(self.home, within)

    def _marks(self, reader: Reader, text: str, drawn: Sequence[UUID]) -> Collection[Marked]:
        """What the checker marks in a text drawn from these observations, before it leaves."""
        from ingest import hints  # its grammars take long to load

        with self.reading() as db:
            return hints.grave(db, reader, text, drawn, self.clock())

    def _gives_away(
        self, text: str, own: Sequence[str], others: Sequence[str]
    ) -> Collection[Marked]:
        """What the checker marks in a text for a family of these names, and not of those."""
        from ingest.given_away import given_away  # its grammars take long to load

        return given_away(text, own, self.clock(), others)

    def keep_up(self, views: Sequence[View] | None = None) -> None:
        """Bring views up to date; those of what is known, unless others are named."""
        wanted = views or all_views.knowledge()
        self._current.clear()
        if self.views.keep_up(wanted):
            self._current |= {tells_who_looked(wanted), False}

    @contextlib.contextmanager
    def reading(self, patience: float | None = None) -> Iterator[QuestionDb]:
        """The views, for what a person looks at: it waits a moment for what was just recorded (so
        many seconds, or as the store is set), and then `lacking` tells how many facts it does not
        show. Raises LogUnavailable if they are out of reach, or what somebody may see cannot be
        told."""
        wait = self.settings.question_wait if patience is None else patience
        views = all_views.knowledge() if self._stale(False) else ()
        with self.views.asking(views, wait) as (db, lacking):
            self.lacking = max(self.lacking, lacking)
            if not lacking:
                self._current.add(False)
            yield db

    @contextlib.contextmanager
    def looked(self) -> Iterator[QuestionDb]:
        """As `reading`, with those views that tell who looked, and complete: this is asked of what
        was done. Raises LogUnavailable."""
        with self.views.asking(all_views.VIEWS if self._stale(True) else ()) as (db, lacking):
            if lacking:
                raise LogUnavailable("the views that tell who looked cannot be brought up to date")
            self._current |= {True, False}
            yield db

    def _stale(self, looked: bool) -> bool:
        """Whether the views (with those that tell who looked) may have to be followed: a request
        does it once."""
        return not (self.brief and looked in self._current)

    @contextlib.contextmanager
    def deciding(self) -> Iterator[DecisionDb]:
        """The views, for what a command decides on: complete up to now. Raises LogUnavailable."""
        with self.views.deciding(all_views.knowledge(), fresh=not self._stale(False)) as db:
            self._current.add(False)
            yield db

    def follow(
        self,
        ended: Callable[[float], bool],
        *,
        escalates: bool = True,
        tell: Callable[[str], None] = lambda text: None,
    ) -> None:
        """Follow the views for all who record and ask, and carry on what is due unless it is a
        story that tells no time, until `ended` says so, which waits; what a person who watches has
        to know is told by `tell`."""
        from projections.follower import Follower  # for the one process that does it

        with self._escalating(tell) if escalates else contextlib.nullcontext():
            Follower(self.views).run(ended)

    @contextlib.contextmanager
    def _escalating(self, tell: Callable[[str], None]) -> Iterator[None]:
        """Beside what follows: a server that does not answer holds no view up."""
        from notifying.escalator import Escalator

        over = Event()
        channels, wrong = self.channels()
        for one in wrong:
            log.error("people cannot be told", reason=one)
            tell(one)
        escalator = Escalator(
            self.desk, self.views, channels, link=self.settings.screens_url, tell=tell
        )
        thread = Thread(target=escalator.run, args=(over.wait,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join(PARTING)

    def channels(self) -> "tuple[list[Channel], list[str]]":
        """The ways in which people are told, as the store is set, and what stands in the way of
        others."""
        from notifying.setup import channels

        return channels(self.settings, lambda: datetime.now(UTC), _secret)

    def unwatched(self, *, urgent: bool = True) -> str | None:
        """What receipts and screens say while nobody carries on what is due; None while somebody
        does, and where nobody ever did and nothing `urgent` waits. A story is not waited for: it is
        carried on where somebody tells it so."""
        from commands import escalating

        try:
            since = self.views.since_beat()
            return escalating.silence(self.clock(), since, urgent and not self.synthetic)
        except LogUnavailable:
            return None

    def purge(self, originals: Sequence[str]) -> None:
        """Delete these originals, but what a legal hold reaches, and make the views anew without a
        trace of the old ones. Raises LogUnavailable."""
        held = Reckoning(self.logs).kept_files() if originals else set()
        for name in originals:
            if name not in held:
                self.originals.delete(name)
        self.views.renew()

    def shredder(self) -> Shredder:
        """What destroys keys. Raises LogUnavailable where a log does not answer: the keys that
        protect its data keys are those of the others."""
        tables = {name: log.key_table for name, log in self.logs.items()}
        return Shredder(tables, self.key_store, self.seal_keys)

    def rotate_keys(self) -> dict[str, int]:
        """Give every live data key a new epoch and destroy the older ones; the epochs. Raises
        LogUnavailable."""
        governance.keys_move(self.desk, self.machine)
        return self.shredder().rotate()

    def seal_keys(self) -> None:
        """Write down how the key tables stand, after keys were moved. Raises LogUnavailable."""
        governance.keys_rotated(self.desk, self.machine, self.sealed_keys())

    def sealed_keys(self) -> list[SealedKeys]:
        """How the key tables of all logs stand. Raises LogUnavailable."""
        return [
            SealedKeys(name, log.origin(), size, root.hex())
            for name, log in self.logs.items()
            for size, root in (log.sealed_keys(),)
        ]

    @property
    def machine(self) -> Reader:
        """Who tells what is the machine's duty, at night too: it tells nothing of anybody, and
        nobody has to be signed in."""
        return self.label if self.asks_for_proof else self.reader

    def shred(
        self, doomed: Mapping[LogName, Collection[UUID]], keep_newest: Collection[UUID] = ()
    ) -> tuple[Shredded, ...]:
        """Make streams unreadable for ever, but what a legal hold reaches at that moment; what is
        gone. Raises as `Shredder.shred`."""
        holds = Reckoning(self.logs)

        def spare() -> Collection[UUID]:
            holds.catch_up()
            return holds.reached().keys()

        return self.shredder().shred(doomed, keep_newest, spare)

    def destructions(self) -> list[Destruction]:
        """The data keys that are gone, by the key tables. Raises LogUnavailable."""
        found = []
        for name, log in self.logs.items():
            table = log.key_table
            found += [
                Destruction(name, stream, sha256(key).hexdigest(), _moment(at))
                for stream, key, at in table.destructions()
            ]
            found += [Destruction(name, stream, None, None) for _, stream, _ in table.keyless(1000)]
        return found

    def unopened(self, streams: Collection[UUID]) -> set[UUID]:
        """Those of the streams that have a data key which the store's keys do not open now, or a
        record whose key is not in the key table. Raises LogUnavailable."""
        raw = {one.bytes for one in streams}
        return {
            UUID(bytes=one)
            for log in self.logs.values()
            for one in unopened(log.key_table, self.key_store, raw)
        }

    def receipt(self, after: int) -> Told | None:
        """What whoever told the facts of the evidence log behind `after` keeps, to find out
        whether they still stand; None if there are none."""
        log = self.logs["evidence"]
        last = log.last()
        return log.receipt(after + 1, last).told() if last > after else None

    def receipt_of(self, stream: UUID, ref: str) -> Told:
        """As `receipt`, of one fact of the evidence log."""
        log = self.logs["evidence"]
        seq = next(fact.seq for fact in log.history(stream) if fact.ref == ref)
        return log.receipt(seq, seq).told()

    def close(self) -> None:
        """Let go of files and connections."""
        self.views.close()
        while self.opened:
            self.opened.pop().close()
        while self.asked:
            self.asked.pop().close()
        for one in self.logs.values():
            one.close()


def _secret(file: Path) -> bytes:
    """A secret in a file for its owner alone. Raises Refused."""
    try:
        return read_passphrase(file)
    except KeyFault as error:
        raise Refused(str(error)) from error


def _moment(micros: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=micros)


def gone(evidence: Log) -> runner.Gone:
    """What approved erasures took out of the logs."""
    approved = approved_in(fact.event for fact in evidence.history(ERASURES))
    told = (planned(fact.event for fact in evidence.history(one)) for one in approved)
    streams = frozenset(item.id for items in told for item in items if item.fate in GONE)
    return runner.Gone(frozenset(approved), streams)


class Down:
    """The source register while it does not answer: whoever asks it is told so."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def __getattr__(self, name: str) -> NoReturn:
        raise LogUnavailable(self._reason)

    def close(self) -> None:
        """There is nothing to let go of."""


def set_up_postgres(settings: Settings, name: str) -> dict[str, str]:
    """The database roles of a store that is to be made; by their duty, what they are called.

    Raises Refused for a store on files, LogUnavailable.
    """
    if not _is_postgres(settings.store):
        raise Refused("give the server's address with --store postgresql://…")
    from ledger.roles_postgres import set_up  # a store on files loads no driver of a server

    return set_up(settings.store, name)


def _open_files(
    directory: Path, clock: Callable[[], datetime], keys: KeyStore, create: bool
) -> dict[LogName, Log]:
    """The logs of a directory. Words are recorded even while the source register is out of
    reach."""
    events = catalogue.by_log()
    sources = {"sources": events.pop("sources")}
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
        logs["sources"] = Down(str(error))  # type: ignore[assignment]
    return logs


def home_of(settings: Settings) -> Path:
    if settings.home:
        return settings.home
    if _is_postgres(settings.store):
        return user_data_path("continuum")
    return Path(settings.store)


def key_store_of(settings: Settings) -> KeyStore:
    """What wraps the data keys. Raises LogUnavailable."""
    return FileKeyStore(home_of(settings) / "keys", settings.key_passphrase_file)


def place_of(settings: Settings) -> str | Path:
    return settings.store if _is_postgres(settings.store) else Path(settings.store)


def _is_postgres(store: str) -> bool:
    """Whether a store is on a server. Raises Refused for the address of any other thing: it is no
    directory either."""
    if store.startswith(("postgresql://", "postgres://")):
        return True
    scheme, other, _ = store.partition("://")
    if other:
        raise Refused(
            f"{scheme}:// is no store: give a directory, or the address of a database, "
            "postgresql://… (15 or newer)"
        )
    return False


def reader_of(settings: Settings) -> Reader:
    return Reader(
        name=legible(settings.user),
        team=legible(settings.team),
        controller=settings.controller,
        regime=settings.regimes.get(settings.controller, "uk-gdpr"),
        assessor=settings.assessor,
    )


def open_system(
    settings: Settings,
    *,
    create: bool = False,
    synthetic: bool = False,
    now: datetime | None = None,
) -> System:
    """Open a store, or make one. `now` sets the clock of a synthetic store.

    Raises LogUnavailable where there is no store or it does not answer, Refused where a live store
    is asked to tell another time than its own.
    """
    home = home_of(settings)
    if create and synthetic and now is None:
        now = BEFORE_ANY_STORY
    clock = Clock(now)
    if create:
        refuse_beside(place_of(settings), home)
    try:
        key_store = key_store_of(settings)
        if create and not (home / "keys").exists():
            closed_directory(home)
            keys = Keys.create(home / "keys")
            for family in FAMILIES:
                key_store.rotate(family)
        else:
            keys = Keys.load(home / "keys")
    except OSError as error:
        raise LogUnavailable(str(error)) from error
    if _is_postgres(settings.store):
        logs = open_postgres(
            settings.store,
            catalogue.by_log(),
            clock=clock,
            keys=key_store,
            create=create,
            synthetic=now is not None,
            store_id=token_hex(16),
        )
    else:
        logs = _open_files(Path(settings.store), clock, key_store, create)
    with contextlib.suppress(OSError):  # a home that others keep for us
        sweep(home)
    place = place_of(settings)
    views = Upkeep(place, logs, partial(gone, logs["evidence"]))
    label = reader_of(settings)
    system = System(settings, home, logs, views, keys, key_store, label, clock, Rights(logs))
    try:
        _check(system, create, synthetic, now)
    except BaseException:
        system.close()
        raise
    return system


def _check(system: System, create: bool, synthetic: bool, now: datetime | None) -> None:
    """The store is what it is opened as; with `create` it is made so first."""
    logs, settings = system.logs, system.settings
    if create:
        system.views.create()
        name = FIRST_ADMINISTRATOR if settings.user == UNNAMED else settings.user
        governance.make_store(
            system.desk, system.label, synthetic=synthetic, administrator=named(name)
        )
        account.first_administrator(system.desk, system.label, account.administrator(system.desk))
    made_as = logs["evidence"].history(STORE)
    if not made_as or not isinstance(made_as[0].event, StoreMade):
        raise LogUnavailable(f"{settings.store} is no store yet: make it with: continuum init")
    system.synthetic = made_as[0].event.synthetic
    system._check_clock(now)
    if create and synthetic != system.synthetic:
        kind = "a synthetic" if system.synthetic else "a live"
        raise Refused(f"{settings.store} is {kind} store already")

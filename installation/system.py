"""The one place where settings become logs, views, clock, keys and policy.

Command line and screens start here. Nothing below reads a setting or a clock.
The file is long because all that is chosen once is chosen in it.
"""

import contextlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import InitVar, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import msgspec

from access.database import DecisionDb, QuestionDb
from access.logger import log
from commands.data_protection.access_log import AccessRecord, Consultations
from commands.erasure import hold_reach
from commands.kernel.known_cases import KnownCases
from commands.kernel.succeeded import Onward
from commands.kernel.unit_of_work import Desk, ForcePolicy
from commands.people_and_teams import enrolment, silence, store_admin
from commands.people_and_teams.rights import Rights
from domain.data_protection.access_log import SearchTouched
from domain.families.protection import Ringing
from domain.intelligence.release import Marked
from domain.kernel.envelope import (
    IntegrityFailure,
    LogName,
    LogUnavailable,
    Outgoing,
    Shredded,
    Undecodable,
)
from domain.kernel.values import Reader, Refused, SignInFirst
from domain.people_and_teams.account import legible
from domain.people_and_teams.store_admin import (
    SealedKeys,
)
from installation.clock import Clock, new_id
from installation.policy import policy_of
from installation.settings import Settings
from installation.stores import is_postgres, place_of, secret_in, shown
from ledger.audit.key_audit import unopened
from ledger.backup.temporary_files import LeasedDirectory, clear, passing, staying
from ledger.keys.keys import KeyFault, Keys, SealBroken
from ledger.keys.keystore import KeyStore
from ledger.store.log import Log
from ledger.store.originals import Originals
from ledger.store.shred import Shredder
from ledger.verify import Receipt as Told
from network.people import alerts
from projections import all_views
from projections.kernel.database import Db
from projections.kernel.newest import Newest
from projections.kernel.schema import View
from projections.people_and_teams import accounts
from projections.upkeep import Upkeep
from questions.data_protection import hold_proof

if TYPE_CHECKING:
    from access.signing_in.credentials import Credentials
    from access.signing_in.oidc import Provider
    from exchange.keyclient import KeyClient, KeyServices
    from ledger.database.postgres_server import ServerStatus
    from projections.due.patterns import PatternMatch, PatternRow

#: Where proofs of who somebody is lie, apart from every log; beside a server's, until it has them.
CREDENTIALS = "credentials.db"
#: Before the name of a session in which nobody proved anything: no account's begins with a blank.
UNCHECKED = " "
#: What says that the store was damaged or changed behind our back.
INTEGRITY = (IntegrityFailure, Undecodable, SealBroken)


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
    newest: Newest
    rights: Rights
    cases: KnownCases
    onward: Onward
    synthetic: bool = False
    vouched: bool = False
    brief: bool = False
    consultations: Consultations | None = None
    opened: list["Credentials"] = field(default_factory=list, repr=False)
    asked: list["Provider"] = field(default_factory=list, repr=False)
    lacking: int = 0
    policy: InitVar[ForcePolicy | None] = None
    desk: Desk = field(init=False)
    _current: set[str] = field(init=False, default_factory=set)
    _looked: bool = field(init=False, default=False)

    def __post_init__(self, policy: ForcePolicy | None) -> None:
        self.desk = Desk(
            logs=self.logs,
            keys=self.keys,
            clock=self.clock,
            new_id=lambda: new_id(self.clock),
            new_random_id=uuid4,
            deciding=self.deciding,
            asking=self.reading,
            looked=self.looked,
            saved=self._saved,
            doors=self,
            look=self._look,
            cases=self.cases,
            onward=self.onward,
            marks=self._marks,
            gives_away=self._gives_away,
            policy=policy or policy_of(self.settings),
            unanswered=_unanswered,
            ringing=_ringing,
            holds=_holds,
            tokens=self._tokens,
            epoch=self._epoch,
            trial=lambda: self.synthetic,
        )

        if self.consultations is None:
            self.consultations = Consultations(
                self.logs, self.keys, lambda: new_id(self.clock), uuid4
            )

    def serving(self, settings: Settings, now: datetime | None) -> "System":
        """The same open store for another reader at another time; raises as `open_system`."""
        self.clock.told = now
        self._check_clock(now)
        label = reader_of(settings)
        return replace(
            self, settings=settings, label=label, vouched=False, brief=False, lacking=0, policy=None
        )

    def briefly(self, name: str) -> "System":
        """As `vouched_for`, for one request."""
        return self.vouched_for(name, brief=True)

    def vouched_for(self, name: str, *, brief: bool = False) -> "System":
        """The same, for somebody who has just proved their name."""
        label = msgspec.structs.replace(self.label, name=legible(name))
        policy = self.desk.policy  # the settings are the same
        return replace(self, label=label, vouched=True, brief=brief, lacking=0, policy=policy)

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
            self._look()
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

    def _look(self) -> None:
        """Look for what was recorded lately; for one request once, before its rights."""
        if not (self.brief and self._looked):
            self.newest.look()
            self._looked = True

    def _saved(self) -> None:
        self._current.clear()
        self._looked = False

    @property
    def credentials(self) -> "Credentials":
        """Who can prove that an account is theirs; one keeper for all who are served. Raises
        LogUnavailable."""
        if not self.opened:
            from access.signing_in.credentials import Credentials  # most commands never need it

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
        return (name == user or self.synthetic) and enrolment.lives(self.desk, name)

    def program(self, token: str) -> str | None:
        """Which program this key belongs to, while both last; it was used then. None for any
        other token."""
        known = self.credentials.services.check(token)
        if known is None or not enrolment.serves(self.desk, known.user, known.id):
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

    def signs_in(self, name: str) -> bool:
        """Whether somebody may sign in already: with a password of theirs, or as the force's own
        identity provider says."""
        return self.settings.oidc_issuer is not None or self.credentials.enrolled(name)

    @property
    def provider(self) -> "Provider | None":
        """The identity provider at which people sign in, if there is one; asked for by all who are
        served. Raises LogUnavailable where its secret cannot be read."""
        chosen = self.settings
        if chosen.oidc_issuer and not self.asked:
            from access.signing_in.oidc import Provider  # most commands never need it

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
        if self.anybody_proves:
            self.credentials.revoke(name, for_good=for_good)

    def forgive(self, name: str) -> None:
        """Forget what was tried in vain under somebody's name."""
        if self.anybody_proves:
            self.credentials.forgive(name)

    def proves_since(self, name: str) -> datetime | None:
        """When the sign-in that somebody has now was set up here; None where they have none, or one
        from before this was kept. Raises LogUnavailable."""
        return self.credentials.proves_since(name) if self.anybody_proves else None

    @property
    def anybody_proves(self) -> bool:
        """Whether anything is there by which people prove who they are."""
        return is_postgres(self.settings.store) or (self.home / CREDENTIALS).exists()

    @property
    def somebody_proves(self) -> bool:
        """Whether somebody can sign in: at the identity provider, or with a password."""
        return self.settings.oidc_issuer is not None or (
            self.anybody_proves and self.credentials.anybody()
        )

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
        look = AccessRecord(self.reader, query, ids, why, wanted, touched, person, at)
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
        return shown(self.settings.store)

    @property
    def originals(self) -> Originals:
        """Where the files that were imported are kept."""
        return Originals(self.home / "originals")

    def passing(self, within: Path | None = None) -> contextlib.AbstractContextManager[Path]:
        """An empty directory for what is needed for a moment and holds words or keys: in the
        store's home unless another place is named. Raises OSError."""
        return passing(self.home, within)

    def staying(
        self, work: str, within: Path | None = None
    ) -> contextlib.AbstractContextManager[LeasedDirectory]:
        """As `passing`, for long work that goes on from where it was broken off; an erasure deletes
        it at once. Raises OSError."""
        return staying(self.home, work, within)

    def server(self) -> "ServerStatus | None":
        """How the server stands on which the store is; None on files. Raises LogUnavailable."""
        if not is_postgres(self.settings.store):
            return None
        from ledger.database.postgres_server import (
            ask,  # a store on files loads no driver of a server
        )

        return ask(self.settings.store)

    def _marks(self, reader: Reader, text: str, drawn: Sequence[UUID]) -> Collection[Marked]:
        """What the checker marks in a text drawn from these observations, before it leaves."""
        from ingest.words import hints  # its grammars take long to load

        with self.reading() as db:
            return hints.grave(db, reader, text, drawn, self.clock())

    def _gives_away(
        self, text: str, own: Sequence[str], others: Sequence[str]
    ) -> Collection[Marked]:
        """What the checker marks in a text for a family of these names, and not of those."""
        from ingest.words.given_away import given_away  # its grammars take long to load

        return given_away(text, own, self.clock(), others)

    def keep_up(self, views: Sequence[View] | None = None) -> None:
        """Bring views up to date; those of what is known, unless others are named."""
        wanted = views or all_views.knowledge()
        self._current.clear()
        if self.views.keep_up(wanted):
            self._brought(wanted)

    @contextlib.contextmanager
    def reading(self, patience: float | None = None) -> Iterator[QuestionDb]:
        """The views, for what a person looks at: it waits a moment for what was just recorded (so
        many seconds, or as the store is set), and then `lacking` tells how many facts it does not
        show. Raises LogUnavailable if they are out of reach, or what somebody may see cannot be
        told."""
        wait = self.settings.question_wait if patience is None else patience
        views = all_views.knowledge()
        with self.views.asking(self._stale(views), wait) as (db, lacking):
            self.lacking = max(self.lacking, lacking)
            if not lacking:
                self._brought(views)
            yield db

    @contextlib.contextmanager
    def looked(self, *only: View) -> Iterator[QuestionDb]:
        """As `reading`, with those views that tell who looked (or with those alone that are named),
        and complete: this is asked of what was done. Raises LogUnavailable."""
        views = (*all_views.knowledge(), *only) if only else all_views.VIEWS
        with self.views.asking(self._stale(views)) as (db, lacking):
            if lacking:
                raise LogUnavailable("the views that tell who looked cannot be brought up to date")
            self._brought(views)
            yield db

    def computing(self) -> contextlib.AbstractContextManager[Db]:
        """As `Upkeep.computing`."""
        return self.views.computing()

    def _stale(self, views: Sequence[View]) -> Sequence[View]:
        """Those of these views that may have to be followed: a request does it once."""
        if not self.brief:
            return views
        return [view for view in views if view.name not in self._current]

    def _brought(self, views: Sequence[View]) -> None:
        self._current.update(view.name for view in views)

    @contextlib.contextmanager
    def deciding(self) -> Iterator[DecisionDb]:
        """The views, for what a command decides on: complete up to now. Raises LogUnavailable."""
        views = all_views.knowledge()
        with self.views.deciding(views, fresh=not self._stale(views)) as db:
            self._brought(views)
            yield db

    @property
    def _key_services(self) -> "KeyServices":
        """The key services of the exchange, as the store is set. Raises Refused."""
        from exchange.keyclient import KeyServices

        chosen = self.settings
        first = chosen.exchange_key_service, chosen.exchange_key_secret_file
        services = [self._key_service("exchange", *first, chosen.exchange_keys)]
        second = chosen.exchange_second_key_service, chosen.exchange_second_key_secret_file
        if any(second):
            keys = chosen.exchange_second_keys
            services.append(self._key_service("exchange_second", *second, keys))
        return KeyServices(tuple(services))

    def _key_service(
        self, named: str, address: str | None, file: Path | None, keys: Mapping[int, str]
    ) -> "KeyClient":
        """One of them, whose settings are `named` so."""
        from exchange.calling import over_https
        from exchange.keyclient import KeyClient

        if not (address and file):
            raise Refused(
                f"there is no key service: set {named}_key_service and {named}_key_secret_file "
                "(docs/hub.md)"
            )
        call = over_https(address, secret_in(file), self.settings.authority_file)
        return KeyClient(call, keys)

    def _epoch(self) -> int:
        return self._key_services.epoch()

    def outgoing(self) -> Iterator[Outgoing]:
        """What left for other forces, in its order. Raises LogUnavailable."""
        place = 0
        while rows := self.logs["product"].outgoing(place, 1_000):
            yield from (row for _, row in rows)
            place = rows[-1][0]

    def _tokens(self, things: Sequence[tuple[str, str]], bulk: bool) -> tuple[int, Sequence[bytes]]:
        found = self._key_services.tokens(things, "bulk" if bulk else "single")
        return found.epoch, found.tokens

    def unwatched(self, *, urgent: bool = True) -> str | None:
        """What receipts and screens say while nobody carries on what is due; None while somebody
        does, and where nobody ever did and nothing `urgent` waits. A story is not waited for: it is
        carried on where somebody tells it so."""
        try:
            since = self.views.since_beat()
            return silence.silence(self.clock(), since, urgent and not self.synthetic)
        except LogUnavailable:
            return None

    def taking_out(self, items: Collection[UUID]) -> contextlib.AbstractContextManager[None]:
        """As `Upkeep.taking_out`."""
        return self.views.taking_out(items)

    def purge(self, originals: Sequence[str]) -> None:
        """Delete these originals, but what a legal hold reaches, and make the views again without a
        trace of the old ones; it ends once each second site has done what was done to the logs
        here. Raises LogUnavailable."""
        held = hold_reach.Reckoning(self.logs).kept_files() if originals else set()
        for name in originals:
            if name not in held:
                self.originals.delete(name)
        self.views.renew()
        try:
            clear(self.home)  # what was read from the views before, and lies in files
        except OSError as error:
            raise LogUnavailable(f"what is being computed cannot be deleted: {error}") from error
        if is_postgres(self.settings.store):
            from ledger.backup.site_status_postgres import wait_for_followers

            wait_for_followers(self.settings.store)

    def shredder(self) -> Shredder:
        """What destroys keys. Raises LogUnavailable where a log does not answer: the keys that
        protect its data keys are those of the others."""
        tables = {name: log.key_table for name, log in self.logs.items()}
        return Shredder(tables, self.key_store, self.seal_keys)

    def rotate_keys(self) -> dict[str, int]:
        """Give every live data key a new epoch and destroy the older ones; the epochs. Raises
        LogUnavailable."""
        store_admin.keys_move(self.desk, self.machine)
        return self.shredder().rotate()

    def seal_keys(self) -> None:
        """Write down how the key tables stand, after keys were moved. Raises LogUnavailable."""
        store_admin.keys_rotated(self.desk, self.machine, self.sealed_keys())

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
        holds = hold_reach.Reckoning(self.logs)
        holds.reached()  # beforehand: nobody can write while it is asked for the last time
        return self.shredder().shred(doomed, keep_newest, holds.reached_last)

    def has_keys(self) -> bool:
        """Whether the keys under which new words are sealed are still there, and are those that
        this process read. Raises LogUnavailable."""
        try:
            self.logs["evidence"].require_keys()
        except KeyFault:
            return False
        return True

    def destructions(self) -> "list[hold_proof.Destruction]":
        """The data keys that are gone, by the key tables. Raises LogUnavailable."""
        found = []
        for name, one in self.logs.items():
            table = one.key_table
            found += [
                hold_proof.Destruction(name, stream, sha256(key).hexdigest(), _moment(at))
                for stream, key, at in table.destructions()
            ]
            found += [
                hold_proof.Destruction(name, stream, None, None)
                for _, stream, _ in table.keyless(1000)
            ]
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
        """What the person who told the facts of the evidence log behind `after` keeps, to find out
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


def _unanswered(db: Db, reader: Reader, case: UUID) -> list[UUID]:
    """As `alerts.unanswered`, which is loaded where it is asked."""
    return alerts.unanswered(db, reader, case)


def _ringing(db: Db, reader: Reader) -> list[Ringing]:
    """As `alerts.ringing`, likewise."""
    return alerts.ringing(db, reader)


def _holds(db: Db, reader: Reader, row: "PatternRow") -> "PatternMatch | None":
    """By what a standing pattern is true. The network is loaded where one is asked alone."""
    from network.query import pattern_match

    return pattern_match.holds(db, reader, row)


def _moment(micros: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=micros)


def reader_of(settings: Settings) -> Reader:
    return Reader(
        name=legible(settings.user),
        team=legible(settings.team),
        controller=settings.controller,
        regime=settings.regimes.get(settings.controller, "uk-gdpr"),
        assessor=settings.assessor,
    )

"""The one place where settings become logs, views, clock, keys and policy.

The command line and the screens start here. Lower layers read neither settings nor the machine's
clock. The file is long because every choice that is made once for a process is made here.
"""

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
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
from domain.kernel.log import LogRoot
from domain.kernel.values import Reader, Refused, SignInFirst
from domain.people_and_teams.account import legible
from domain.people_and_teams.store_admin import (
    SealedKeys,
)
from installation.clock import Clock, new_id
from installation.policy import policy_of
from installation.settings import Settings
from installation.stores import is_postgres, place_of, secret_in
from installation.stores import printable_place as shown
from ledger.audit.key_audit import unopened
from ledger.backup.temporary_files import LeasedDirectory, clear, passing, staying
from ledger.database.durable_files import read_file
from ledger.keys.keys import KeyFault, Keys, SealBroken
from ledger.keys.keystore import KeyStore
from ledger.store.log import Log
from ledger.store.originals import Originals
from ledger.store.shred import Shredder
from ledger.verify import Receipt as Told
from network.people import alerts
from projections import all_views
from projections.generations.making import Tell
from projections.kernel.database import Db
from projections.kernel.newest import LogEnds
from projections.kernel.schema import View
from projections.people_and_teams import accounts
from projections.upkeep import Upkeep
from questions.data_protection import hold_proof

if TYPE_CHECKING:
    from access.signing_in.credentials import Credentials
    from access.signing_in.oidc import Provider
    from exchange.keyclient import KeyClient, KeyServices
    from ledger.database.postgres_server import ServerStatus
    from projections.due.standing_watches import PatternMatch, PatternRow

#: Name of the file with the credentials, which are separate from all logs. For a store on a server,
#: only older releases used this file; the credentials in it are moved to the server.
CREDENTIALS = "credentials.db"
#: A session without any proof of identity has a name that begins with this text; no account's name
#: begins with a space.
UNCHECKED = " "
#: Errors which mean that the store is damaged or was tampered with.
INTEGRITY = (IntegrityFailure, Undecodable, SealBroken)


@dataclass
class System:
    """An open store: its logs, its views, and a desk, which runs commands.

    `label` is the user's claimed identity, and `vouched` is true if a token or a session proved it.
    `brief` is true for a system that serves one request, for which the views are updated once.
    `lacking` is how many of the newest facts may be missing in the answers to queries. In a server,
    `complete_later` starts the background task that completes erasures. An erasure reports to
    `renewal_progress` while the views are made again.
    """

    settings: Settings
    home: Path
    logs: dict[LogName, Log]
    views: Upkeep
    keys: Keys
    key_store: KeyStore
    label: Reader
    clock: Clock
    newest: LogEnds
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
    complete_later: Callable[[], None] | None = None
    renewal_progress: Tell = lambda progress: None
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
            looked=self.reading_with_access_log,
            saved=self._saved,
            doors=self,
            look=self._look,
            cases=self.cases,
            onward=self.onward,
            root_at=self._root_at,
            marks=self._marks,
            gives_away=self._gives_away,
            policy=policy or policy_of(self.settings),
            unanswered=_unanswered,
            ringing=_ringing,
            holds=_find_pattern_match,
            tokens=self._tokens,
            epoch=self._epoch,
            trial=lambda: self.synthetic,
        )

        if self.consultations is None:
            self.consultations = Consultations(
                self.logs, self.keys, lambda: new_id(self.clock), uuid4
            )

    def serving(self, settings: Settings, now: datetime | None) -> "System":
        """Return this open store for another reader, at another time. Raises what `open_system`
        raises.
        """
        self.clock.given_time = now
        self._check_clock(now)
        label = reader_of(settings)
        return replace(
            self, settings=settings, label=label, vouched=False, brief=False, lacking=0, policy=None
        )

    def briefly(self, name: str) -> "System":
        """Return the same store for a user who has just proved their name, for one request."""
        return self.vouched_for(name, brief=True)

    def vouched_for(self, name: str, *, brief: bool = False) -> "System":
        """Return the same store for a user who has just proved their name; with `brief`, for one
        request only."""
        label = msgspec.structs.replace(self.label, name=legible(name))
        policy = self.desk.policy  # the desk's policy does not depend on the user
        return replace(self, label=label, vouched=True, brief=brief, lacking=0, policy=policy)

    @property
    def closed(self) -> bool:
        """Return whether every user of the store needs an account. Raises what `Rights.closed`
        raises."""
        return self.rights.closed

    @property
    def requires_sign_in(self) -> bool:
        """Return whether the user has to sign in first. This is so on a live store that has
        accounts, unless the user's identity is proved. A synthetic store accepts any name, so that
        stories can be replayed.
        """
        return self.closed and not self.synthetic and not self.vouched

    @cached_property
    def reader(self) -> Reader:
        """Return the user as a reader with their present rights, which are looked up once for each
        command or request. If the rights cannot be looked up, the reader may only record. Raises
        SignInFirst."""
        try:
            if not self.closed:
                return self.label
            if self.requires_sign_in:
                raise SignInFirst
            self._look()
            reader = self.rights.reader_with_rights(
                self.label,
                self.clock(),
                partial(self.views.deciding, [accounts.VIEW]),
            )
            if reader.controller == self.label.controller:
                return reader
            regime = self.settings.regimes.get(reader.controller, "uk-gdpr")
            return msgspec.structs.replace(reader, regime=regime)
        except (LogUnavailable, *INTEGRITY) as error:
            log.error("rights cannot be looked up", reason=type(error).__name__)
        return accounts.reader_without_account(self.label)

    def _look(self) -> None:
        """Look for new events in the logs before the user's rights are read; within a request this
        happens only once.
        """
        if not (self.brief and self._looked):
            self.newest.look()
            self._looked = True

    def _saved(self) -> None:
        self._current.clear()
        self._looked = False

    @property
    def credentials(self) -> "Credentials":
        """Return the credentials of accounts, shared by all users of the process. Raises
        LogUnavailable.
        """
        if not self.opened:
            # imported here, because most commands do not need it
            from access.signing_in.credentials import Credentials

            file, place = self.home / CREDENTIALS, place_of(self.settings)
            where = (file, None) if isinstance(place, Path) else (place, file)
            self.opened.append(Credentials(where, self.keys, self.clock, self._lives))
        return self.opened[0]

    def _lives(self, user: str) -> bool:
        """Return whether the user may be signed in: the user has an active account, or names of
        users are not checked because the store has no accounts or is synthetic.
        """
        name = user.removeprefix(UNCHECKED)
        if name != user and not self.closed:
            return True
        return (name == user or self.synthetic) and enrolment.may_sign_in(self.desk, name)

    def program(self, token: str) -> str | None:
        """Return the name of the program with this API key, and record the use of the key. Return
        None if the key, or the program's account, is not valid.
        """
        key = self.credentials.services.check(token)
        if key is None or not enrolment.is_key_usable(self.desk, key.user, key.id):
            return None
        self.credentials.services.used(key)
        return key.user

    def can_prove(self, name: str) -> bool:
        """Return whether this user could sign in if the store required an account from every user
        from now on.
        """
        return (
            self.synthetic
            or self.settings.oidc_issuer is not None
            or self.credentials.enrolled(name)
        )

    def signs_in(self, name: str) -> bool:
        """Return whether this user can already sign in: with their password, or at the police
        force's identity provider."""
        return self.settings.oidc_issuer is not None or self.credentials.enrolled(name)

    @property
    def provider(self) -> "Provider | None":
        """Return the identity provider for sign-in; None if there is none. All users of the process
        share it. Raises LogUnavailable if the secret of the identity provider cannot be read.
        """
        chosen = self.settings
        if chosen.oidc_issuer and not self.asked:
            # imported here, because most commands do not need it
            from access.signing_in.oidc import Provider

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
        """End all sessions of a user who was locked, or who left for good. (Each use of a session
        also checks whether the user's account is still valid.)
        """
        if self.anybody_proves:
            self.credentials.revoke(name, for_good=for_good)

    def forgive(self, name: str) -> None:
        """Clear the failed sign-in attempts of a user."""
        if self.anybody_proves:
            self.credentials.forgive(name)

    def proves_since(self, name: str) -> datetime | None:
        """Return when the user's present way to sign in was set up in this program. Return None if
        the user has no way to sign in here, or if the time is unknown because an earlier release
        did not store it. Raises LogUnavailable.
        """
        return self.credentials.proves_since(name) if self.anybody_proves else None

    @property
    def anybody_proves(self) -> bool:
        """Return whether credentials can exist here: the store is on a server, or it has the file
        of credentials."""
        return is_postgres(self.settings.store) or (self.home / CREDENTIALS).exists()

    @property
    def can_sign_in(self) -> bool:
        """Return whether any user can sign in: at the identity provider, or with a password."""
        return self.settings.oidc_issuer is not None or (
            self.anybody_proves and self.credentials.anybody()
        )

    def wants_why(self, query: str) -> bool:
        """Return whether this query needs a stated purpose."""
        return any(
            query == text or query.startswith(f"{text} ") for text in self.settings.why_required_for
        )

    def consulted(
        self,
        query: str,
        ids: Sequence[UUID],
        why: str | None = None,
        touched: Sequence[SearchTouched] = (),
        person: str | None = None,
    ) -> None:
        """Record in the access log which items the reader is about to be shown (DPA 2018 s.62).

        `touched` are items that match the query but that the reader may not see. `person` is the
        user for whom a program asks. Several threads may call this method at the same time. Raises
        LogUnavailable; in that case nothing may be shown.
        """
        assert self.consultations  # noqa: S101 (made with the system)
        wanted = self.wants_why(query)
        at = self.clock() if self.clock.given_time else None
        look = AccessRecord(self.reader, query, ids, why, wanted, touched, person, at)
        self.consultations.consulted(look)

    def _check_clock(self, now: datetime | None) -> None:
        """Raise Refused if a time is given for a live store, or a time before the end of the
        log."""
        if now is None:
            return
        if not self.synthetic:
            raise Refused("this is a live store: it uses the machine's clock and takes no --clock")
        log = self.logs["evidence"]
        last = log.read(log.last() - 1, 1)
        if last and last[0].recorded > now + timedelta(seconds=1):
            raise Refused(
                f"the store's clock has reached {last[0].recorded.isoformat()} and cannot "
                "go back to the time of --clock"
            )

    @property
    def printable_address(self) -> str:
        """Return the store's address, safe to print: without its password."""
        return shown(self.settings.store)

    @property
    def originals(self) -> Originals:
        """Return the store's storage of imported original files."""
        return Originals(self.home / "originals")

    def passing(self, within: Path | None = None) -> contextlib.AbstractContextManager[Path]:
        """Return an empty temporary directory for data with text of the record or keys; it is in
        the store's home unless another place is given. Raises OSError."""
        return passing(self.home, within)

    def staying(
        self, work: str, within: Path | None = None
    ) -> contextlib.AbstractContextManager[LeasedDirectory]:
        """Return a temporary directory for long work that can be continued after an interruption;
        an erasure deletes it at once. Raises OSError."""
        return staying(self.home, work, within)

    def server(self) -> "ServerStatus | None":
        """Return the status of the store's server; None for a store on files. Raises
        LogUnavailable.
        """
        if not is_postgres(self.settings.store):
            return None
        from ledger.database.postgres_server import (
            ask,  # imported here, so that a store on files does not load the server's driver
        )

        return ask(self.settings.store)

    def _marks(self, reader: Reader, text: str, drawn: Sequence[UUID]) -> Collection[Marked]:
        """Return the words in a text that need a second officer's decision before the text is
        released, such as hints at the source. The text was made from the log entries `drawn`.
        """
        from ingest.words import hints  # imported here, because its grammars take long to load

        with self.reading() as db:
            return hints.grave(db, reader, text, drawn, self.clock())

    def _gives_away(
        self, text: str, own: Sequence[str], others: Sequence[str]
    ) -> Collection[Marked]:
        """Return the words in a text for a family that disclose something to it.

        `own` are the names of the family; `others` are names that must not occur in the text.
        """
        # imported here, because its grammars take long to load
        from ingest.words.given_away import find_disclosures

        return find_disclosures(text, own, self.clock(), others)

    def keep_up(self, views: Sequence[View] | None = None) -> None:
        """Update these views; by default the views of recorded knowledge."""
        wanted = views or all_views.knowledge()
        self._current.clear()
        if self.views.keep_up(wanted):
            self._brought(wanted)

    @contextlib.contextmanager
    def reading(
        self, patience: float | None = None, only: Sequence[View] = ()
    ) -> Iterator[QuestionDb]:
        """Yield the views (all, or only the views `only`), to show data from them. First wait for
        the newest facts, for at most `patience` seconds (by default the setting `question_wait`);
        afterwards `lacking` is the number of facts that the views still lack. Raises LogUnavailable
        if the views do not answer, or if the reader's rights cannot be determined.
        """
        wait = self.settings.question_wait if patience is None else patience
        views = only or all_views.knowledge()
        with self.views.asking(self._stale(views), wait) as (db, lacking):
            self.lacking = max(self.lacking, lacking)
            if not lacking:
                self._brought(views)
            yield db

    @contextlib.contextmanager
    def reading_with_access_log(self, *only: View) -> Iterator[QuestionDb]:
        """Yield the views, to show data from them. The views of the access log (all, or only the
        views `only`) are complete, because queries about past accesses need all accesses. Raises
        LogUnavailable.
        """
        views = (*all_views.knowledge(), *only) if only else all_views.VIEWS
        with self.views.asking(self._stale(views)) as (db, lacking):
            if lacking:
                raise LogUnavailable(
                    "the views of the access log cannot be updated: try again in a moment"
                )
            self._brought(views)
            yield db

    def computing(self) -> contextlib.AbstractContextManager[Db]:
        """Return a transaction of the views for a long computation, during which no rows are
        removed."""
        return self.views.computing()

    def _stale(self, views: Sequence[View]) -> Sequence[View]:
        """Return the views among these that may not be up to date; within a request each view is
        checked once.
        """
        if not self.brief:
            return views
        return [view for view in views if view.name not in self._current]

    def _brought(self, views: Sequence[View]) -> None:
        self._current.update(view.name for view in views)

    @contextlib.contextmanager
    def deciding(self, *, own: bool = True) -> Iterator[DecisionDb]:
        """Yield the views, complete up to this moment, for the decision of a command.

        Without `own`, the views may lack the facts that this process itself recorded last. Raises
        LogUnavailable.
        """
        views = all_views.knowledge()
        ends = None if own else self.desk.own.before
        with self.views.deciding(views, fresh=not self._stale(views), ends=ends) as db:
            if own:
                self._brought(views)
            yield db

    @property
    def _key_services(self) -> "KeyServices":
        """Return the configured key services of the exchange between police forces.

        Raises Refused.
        """
        # imported here, because few stores take part in an exchange
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
        """Return the client of the key service at this address. `named` is the common beginning of
        the names of the service's settings, for the error message. Raises Refused if the settings
        have no address or no secret.
        """
        # imported here, because few stores take part in an exchange
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
        """Yield the messages that were sent to other police forces, in order. Raises
        LogUnavailable."""
        place = 0
        while rows := self.logs["product"].outgoing(place, 1_000):
            yield from (row for _, row in rows)
            place = rows[-1][0]

    def _tokens(self, things: Sequence[tuple[str, str]], bulk: bool) -> tuple[int, Sequence[bytes]]:
        tokens = self._key_services.tokens(things, "bulk" if bulk else "single")
        return tokens.epoch, tokens.tokens

    def unwatched(self, *, urgent: bool = True) -> str | None:
        """Return a warning if no process escalates deadlines; otherwise None. In a store that never
        had such a process, the warning is returned only if an urgent item waits (`urgent`). A
        synthetic store needs no such process, because its stories escalate by command.
        """
        try:
            since = self.views.since_beat()
            return silence.silence_warning(self.clock(), since, urgent and not self.synthetic)
        except LogUnavailable:
            return None

    def taking_out(self, items: Collection[UUID]) -> contextlib.AbstractContextManager[None]:
        """Remove these items from the views, before their keys are destroyed."""
        return self.views.taking_out(items)

    def purge(self, originals: Sequence[str]) -> bool:
        """Delete these original files, except those under a legal hold, and make all views again,
        so that no trace of the deleted data remains in them. When all this is done, and every
        standby server has applied the changes of the logs, return False.

        In a server, which has `complete_later`, return True at once: a background task then makes
        the views. Raises LogUnavailable.
        """
        files_under_hold = (
            hold_reach.Reckoning(self.logs).files_under_hold() if originals else set()
        )
        for name in originals:
            if name not in files_under_hold:
                self.originals.delete(name)
        if self.complete_later:
            self.complete_later()
            return True
        self.views.renew(self.renewal_progress)
        try:
            clear(self.home)  # delete files that were computed from the earlier views
        except OSError as error:
            raise LogUnavailable(
                f"the record of the running computation cannot be deleted: {error}"
            ) from error
        if is_postgres(self.settings.store):
            from ledger.backup.site_status_postgres import wait_for_followers

            wait_for_followers(self.settings.store)
        return False

    def shredder(self) -> Shredder:
        """Return the object that destroys the data keys of all logs. Raises LogUnavailable if a log
        does not answer: one set of keys protects the data keys of all logs, so it cannot be
        replaced for a part of them."""
        tables = {name: log.key_table for name, log in self.logs.items()}
        return Shredder(tables, self.key_store, self.seal_keys)

    def rotate_keys(self) -> dict[str, int]:
        """Encrypt every data key again with a new key-encryption key, and destroy the older
        key-encryption keys. Return the number (epoch) of the new key-encryption key for each family
        of data keys. Raises LogUnavailable.
        """
        store_admin.keys_move(self.desk, self.machine)
        return self.shredder().rotate()

    def seal_keys(self) -> None:
        """Record the state of the key tables, after the data keys were encrypted with new
        key-encryption keys. Raises LogUnavailable.
        """
        store_admin.keys_rotated(self.desk, self.machine, self.sealed_keys())

    def sealed_keys(self) -> list[SealedKeys]:
        """Return the state of the key tables of all logs. Raises LogUnavailable."""
        return [
            SealedKeys(name, log.origin(), size, root.hex())
            for name, log in self.logs.items()
            for size, root in (log.sealed_keys(),)
        ]

    @property
    def machine(self) -> Reader:
        """Return the reader in whose name the program records its own tasks, which also run at
        night, without a signed-in user.
        """
        return self.label if self.requires_sign_in else self.reader

    def shred(
        self,
        doomed: Mapping[LogName, Collection[UUID]],
        keep_newest: Collection[UUID] = (),
        holds: hold_reach.Reckoning | None = None,
    ) -> tuple[Shredded, ...]:
        """Destroy the keys of streams, so that they can never be read again, except for streams
        that are under a legal hold at that moment; return what was destroyed. `holds` are the legal
        holds, if they were already read from the logs. Raises what `Shredder.shred` raises.
        """
        holds = holds or hold_reach.Reckoning(self.logs)
        # compute the holds first: no process can write to the logs while `shred` runs
        holds.catch_up()
        holds.reached()
        return self.shredder().shred(doomed, keep_newest, holds.reached_last)

    def has_keys(self) -> bool:
        """Return whether the keys with which new records are encrypted still exist and are the ones
        that this process has read. Raises LogUnavailable.
        """
        try:
            self.logs["evidence"].require_keys()
        except KeyFault:
            return False
        return True

    def destructions(self) -> "list[hold_proof.Destruction]":
        """Return the data keys that were destroyed, according to the key tables. Raises
        LogUnavailable."""
        destructions = []
        for name, store_log in self.logs.items():
            table = store_log.key_table
            destructions += [
                hold_proof.Destruction(name, stream, sha256(key).hexdigest(), _moment(at))
                for stream, key, at in table.destructions()
            ]
            destructions += [
                hold_proof.Destruction(name, stream, None, None)
                for _, stream, _ in table.keyless(1000)
            ]
        return destructions

    def unopened(self, streams: Collection[UUID]) -> set[UUID]:
        """Return the streams that have a data key which the store's keys cannot decrypt now, or a
        record whose key is missing from the key table. Raises LogUnavailable.
        """
        raw = {stream.bytes for stream in streams}
        return {
            UUID(bytes=stream_bytes)
            for log in self.logs.values()
            for stream_bytes in unopened(log.key_table, self.key_store, raw)
        }

    def receipt(self, after: int) -> Told | None:
        """Return the receipt for the facts that were recorded after the position `after` in the
        evidence log; None if there are none. With the receipt, their author can later check that
        the facts are still recorded.
        """
        log = self.logs["evidence"]
        last = log.last()
        return log.receipt(after + 1, last).as_json() if last > after else None

    def receipt_for(self, stream: UUID, ref: str) -> Told:
        """Return the receipt for one fact of the evidence log, for its author."""
        log = self.logs["evidence"]
        seq = next(fact.seq for fact in log.history(stream) if fact.ref == ref)
        return log.receipt(seq, seq).as_json()

    def _root_at(self, size: int) -> LogRoot:
        """Return the root of the evidence log over its first `size` records, at least one.

        Raises LogUnavailable, IntegrityFailure.
        """
        # imported here because most commands never need it
        from ledger.backup.backup import CHECKPOINTS
        from ledger.witness import signer

        public, log = self.home / CHECKPOINTS, self.logs["evidence"]
        note = signer.published(public, "evidence")
        signed = read_file(note) if note.is_file() else ""
        receipt = log.first_records(size, public, signed)
        return LogRoot(
            "evidence", receipt.seq, receipt.leaf.hex(), receipt.first, receipt.root.hex()
        )

    def close(self) -> None:
        """Close the files and connections of the store."""
        self.views.close()
        while self.opened:
            self.opened.pop().close()
        while self.asked:
            self.asked.pop().close()
        for store_log in self.logs.values():
            store_log.close()


def _unanswered(db: Db, reader: Reader, case: UUID) -> list[UUID]:
    """Return the unanswered alerts of a case."""
    return alerts.unanswered(db, reader, case)


def _ringing(db: Db, reader: Reader) -> list[Ringing]:
    """Return the alerts that are active now."""
    return alerts.ringing(db, reader)


def _find_pattern_match(db: Db, reader: Reader, row: "PatternRow") -> "PatternMatch | None":
    """Return the links that match a saved pattern. The network is imported only here, when it is
    needed."""
    from network.query import pattern_match

    return pattern_match.find_match(db, reader, row)


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

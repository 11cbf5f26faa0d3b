"""The signer of a log: a separate process with its own key.

The signer runs as another user of the machine and only needs to read the logs. In each round it
computes the tree, the map of heads and the root of the key table from the stored records. The
signer refuses to sign a log that has a fault, is shorter than what it signed before, or no longer
has a root that it signed. The signer first stores what it signs, and then publishes it; after a
crash in between it signs the same again, never something else.

The file is long because signing, publishing and witnessing follow each other.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.kernel.envelope import IntegrityFailure, LogName, LogUnavailable
from ledger.database.durable_files import PUBLIC, read_file, replace_file, sync_directory
from ledger.keys.key_table_root import NO_FACTS, KeyFacts, KeyMap, Sealed, judge
from ledger.keys.keys import KeyFault, read_key, write_key
from ledger.proof.auditor_policy import Pinned, read, with_witness, written
from ledger.proof.checkpoint import BadCheckpoint, Checkpoint, VerifierKey, WrongKey, parse, sign
from ledger.proof.head_map import HeadMap, heads_of
from ledger.proof.leaf_scan import Examined, examine
from ledger.proof.merkle import EMPTY
from ledger.proof.signer_keys import ALWAYS, KeyChange, believed
from ledger.proof.tiles import Writer, tiles_of
from ledger.store.recorder import LogRecorder

POLICY = "policy.json"
WHOLE_AGAIN = 720
"""Number of rounds after which a running signer reads the whole log again, and not only new
records."""

MOST = 256
"""From this many new records on, the signer does not wait for the next round."""

LOOKS = 0.25
"""Seconds between two checks for new records; one row is read."""


KEYS = "keys"


def changes_in(directory: Path, log: LogName) -> list[str]:
    """Return the notes in `directory` about changes of a log's signing keys; [] if the file is
    invalid."""
    with suppress(OSError, ValueError, RecursionError):
        content = json.loads((directory / f"{log}.{KEYS}").read_text("utf-8"))
        if isinstance(content, list):
            return [note for note in content if isinstance(note, str)]
    return []


def published(directory: Path, log: LogName) -> Path:
    """Return the path of a log's newest published checkpoint."""
    return directory / f"{log}.checkpoint"


def signer_path(directory: Path, log: LogName) -> Path:
    """Return the path where a signer stores a log's signed note, before publishing it."""
    return directory / f"{log}.signed"


def init(
    directory: Path, logs: Mapping[LogName, LogRecorder], passphrase: bytes | None = None
) -> str:
    """Make a signing key for each log in `directory`, for its owner only and protected by the
    passphrase, if there is one; return the policy to hand out.

    Raises KeyFault if there is a signer already, LogUnavailable, OSError.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.chmod(0o700)
    if (directory / POLICY).exists():
        raise KeyFault(f"There is a signer in {directory} already: it was not changed.")
    pinned = {}
    for name, store in logs.items():
        path = directory / f"{name}.key"
        if not path.exists():  # continue an interrupted `init`
            write_key(path, passphrase)
        key = _read(path, passphrase)
        origin = store.origin()
        public = VerifierKey(origin, key.public_key().public_bytes_raw())
        pinned[name] = Pinned(origin, (public,))
    policy = written(pinned)
    replace_file(directory / POLICY, policy)
    return policy


def rotate(directory: Path, public: Path, passphrase: bytes | None = None) -> str:
    """Make the next signing key of each log, signed with the previous key, which is then destroyed;
    return the new policy to hand out. After an interruption the same call finishes it.

    Raises KeyFault, BadPolicy, OSError.
    """
    pinned = read(read_file(directory / POLICY))
    for log, log_policy in pinned.items():
        path, beside = directory / f"{log}.key", directory / f"{log}.key.next"
        old = _read(path, passphrase)
        if not beside.exists():
            write_key(beside, passphrase)
        new = VerifierKey(
            log_policy.origin, _read(beside, passphrase).public_key().public_bytes_raw()
        )
        if old.public_key().public_bytes_raw() != new.public:
            size = _last(directory, log)
            note = KeyChange(log_policy.origin, "succeeded", size, new).signed(old)
            _change(directory, public, log, note)
        beside.replace(path)
        sync_directory(directory)
    return _publish_policy(directory, public, pinned)


def revoke(
    directory: Path,
    public: Path,
    log: LogName,
    key: VerifierKey,
    size: int,
    passphrase: bytes | None = None,
) -> str:
    """Revoke an older signing key for records after `size`, with the present key; return the policy
    to hand out. Raises KeyFault, BadPolicy, OSError."""
    pinned = read(read_file(directory / POLICY))
    log_policy = pinned[log].knowing(changes_in(directory, log))
    current = _read(directory / f"{log}.key", passphrase)
    note = KeyChange(log_policy.origin, "revoked", size, key).signed(current)
    until = believed(log_policy.keys, (*log_policy.changes, note))
    if until.get(key, ALWAYS) > size:
        raise KeyFault(
            f"{key} is not a key that an older signer of the {log} log used: rotate "
            "first, so that a newer key can revoke it"
        )
    _change(directory, public, log, note)
    return _publish_policy(directory, public, pinned)


def name_witness(
    directory: Path, public: Path, key: VerifierKey, address: str | None, quorum: int | None
) -> str:
    """Add a witness to the signer's policy, with its address if it has one; return the policy to
    hand out. Raises BadPolicy, OSError."""
    pinned = read(read_file(directory / POLICY))
    return _publish_policy(directory, public, with_witness(pinned, key, address, quorum))


def _change(directory: Path, public: Path, log: LogName, note: str) -> None:
    """Add a note about a change of a log's signing keys to the signer's notes in `directory`, and
    publish the notes in `public`.
    """
    notes = changes_in(directory, log)
    text = json.dumps([*notes, note] if note not in notes else notes, indent=1)
    replace_file(directory / f"{log}.{KEYS}", text)
    replace_file(public / f"{log}.{KEYS}", text, PUBLIC)


def _publish_policy(directory: Path, public: Path, pinned: Mapping[LogName, Pinned]) -> str:
    policy = written(
        {log: log_policy.knowing(changes_in(directory, log)) for log, log_policy in pinned.items()}
    )
    replace_file(directory / POLICY, policy)
    replace_file(public / POLICY, policy, PUBLIC)
    return policy


def _last(directory: Path, log: LogName) -> int:
    """Return how many records of a log the signer in this directory has signed."""
    state = signer_path(directory, log)
    return parse(state.read_text("utf-8")).size if state.exists() else 0


def _read(path: Path, passphrase: bytes | None) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(read_key(path, passphrase))


@dataclass
class Signer:
    """The signer of one log. `directory` has its key and its signed notes; `public` is the
    directory in which it publishes.
    """

    log: LogName
    store: LogRecorder
    pinned: Pinned
    directory: Path
    public: Path
    key_facts: Callable[[], KeyFacts] = lambda: NO_FACTS
    """Function that returns what the evidence log records about data keys."""
    passphrase: bytes | None = None
    """The passphrase of the key, if there is one."""
    _seen: Examined | None = field(default=None, init=False)
    _heads: HeadMap = field(init=False)
    _tiles: Writer = field(init=False)
    _rounds: int = field(default=0, init=False)
    _uses: dict[bytes, tuple[int, bytes]] = field(default_factory=dict, init=False)
    """For each data key, the first record with it and that record's stream."""
    _keys: KeyMap | None = field(default=None, init=False)
    """The root over the data keys; None while data keys are encrypted again, so that the signer
    reads all of them afterwards."""
    _moved: int = field(default=0, init=False)
    _telling: Lock = field(default_factory=Lock, init=False)
    """The lock for publishing, by a round or for the line of a witness."""

    def __post_init__(self) -> None:
        self._heads = HeadMap(self.pinned.origin)
        self._tiles = Writer(tiles_of(self.public, self.log))

    def round(self, *, before_publishing: Callable[[], None] = lambda: None) -> str:
        """Sign the log's current state and return the signed note; if nothing is new, return the
        note that was signed last.

        `before_publishing` is called when the note is stored and not yet published. Raises
        IntegrityFailure (then nothing is signed), KeyFault, LogUnavailable, OSError.
        """
        key = _read(self.directory / f"{self.log}.key", self.passphrase)
        self._refuse_out_of_turn()
        self.pinned = self.pinned.knowing(changes_in(self.directory, self.log))
        note = self._kept()
        before = note and self.pinned.opened(note)
        whole = self._seen is None or self._rounds % WHOLE_AGAIN == 0
        self._rounds += 1
        examined = self._examined(before or None, whole=whole)
        keys = self._sealed_keys(examined, before or None, whole=whole)
        now = Checkpoint(
            self.pinned.origin, examined.last, examined.tree.root(), self._heads.root(), keys
        )
        if not note or before != now:
            note = sign(now, key)
            replace_file(self._state, note)
        examined.heads = None  # the heads are in the signer's map now, so this copy is released
        self._seen = examined
        before_publishing()
        with self._telling:
            text = self.published_note()
            # a published note of the same checkpoint stays, because witnesses may have added lines
            # to it
            if not self._same(text, note):
                text = note
                replace_file(published(self.public, self.log), text, PUBLIC)
            self._tiles.flush(text)
        self._heads.write(heads_of(self.public, self.log), whole=whole)
        return note

    def published_note(self) -> str:
        """Return the published note of the log, with the lines of witnesses; "" if there is none.
        Raises OSError."""
        with suppress(FileNotFoundError):
            return published(self.public, self.log).read_text("utf-8", "replace")
        return ""

    def add_line(self, note: str, line: str) -> None:
        """Add a witness's line to the published note of the log, if this note is still published.
        Raises OSError."""
        with self._telling:
            text = self.published_note()
            if self._same(text, note) and line not in text:
                replace_file(published(self.public, self.log), text + line, PUBLIC)
                self._tiles.write_checkpoint(text + line)

    def unsigned(self) -> int:
        """Return the number of records that were added to the log since the signer's last round.
        Raises LogUnavailable.
        """
        return self.store.head()[0] - (self._seen.last if self._seen else 0)

    def _same(self, text: str, note: str) -> bool:
        """Return whether the published note `text` contains the same checkpoint as `note` and is
        signed with a valid key of the log; other signatures on it make no difference.
        """
        try:
            return self.pinned.opened(text) == parse(note)
        except (BadCheckpoint, WrongKey):
            return False

    @property
    def _state(self) -> Path:
        return signer_path(self.directory, self.log)

    def _refuse_out_of_turn(self) -> None:
        """Raise IntegrityFailure if this site may not write to the log: another site writes, this
        site still copies from another site, or the signer recorded a later term (a change of the
        writing site) or another site for the same term.
        """
        turn = self.store.turn()
        if turn is None:
            return
        if turn.site is None or (turn.site == turn.here and turn.follows):
            raise IntegrityFailure(
                f"This site follows another one, and signs the {self.log} log only after "
                "it has taken over. Nothing was signed."
            )
        file = self.directory / f"{self.log}.term"
        term, site = file.read_text("ascii").split() if file.exists() else ("0", "")
        recorded_term = int(term)
        if turn.term < recorded_term:
            raise IntegrityFailure(
                f"The {self.log} log is in term {turn.term} and was in term {recorded_term} "
                "before: it is an older copy, from before another site took over. "
                "Nothing was signed."
            )
        if not turn.is_writer:
            raise IntegrityFailure(
                f"The {self.log} log is written by the site {turn.site} since term "
                f"{turn.term}, so this site does not sign. Nothing was signed."
            )
        if turn.term == recorded_term and turn.site != site:
            raise IntegrityFailure(
                f"The {self.log} log was written in term {recorded_term} by the site {site}, and "
                f"in the same term by {turn.site}: one of the two sites has to be given "
                "up. Nothing was signed."
            )
        if turn.term > recorded_term:
            replace_file(file, f"{turn.term} {turn.site}\n")

    def _kept(self) -> str | None:
        """Return the note that the signer signed last. Raises IntegrityFailure if the signer's copy
        of the note was changed, or if the published checkpoint covers more records than the note.
        """
        note = self._state.read_text("utf-8") if self._state.exists() else None
        try:
            size = self.pinned.opened(note).size if note else -1
        except (BadCheckpoint, WrongKey) as error:
            raise IntegrityFailure(f"{self._state} was changed: {error}") from None
        # a published note that is no valid checkpoint is overwritten later
        with suppress(BadCheckpoint, WrongKey):
            published_size = self.pinned.opened(self.published_note()).size
            if published_size > size:
                raise IntegrityFailure(
                    f"{published_size} records of the {self.log} log were signed and "
                    f"published, and {self.directory} knows only {max(size, 0)}: it is "
                    "an older copy of the signer's directory"
                )
        return note

    def _sealed_keys(
        self, examined: Examined, before: Checkpoint | None, *, whole: bool
    ) -> tuple[int, bytes] | None:
        """Return how often the log's data keys were encrypted with new key-encryption keys, and the
        root of the key table; None while data keys are encrypted again. Raises IntegrityFailure
        if the table changed without a recorded reason.
        """
        new = examined.heads.key_uses() if examined.heads else {}
        key_facts = self.key_facts()
        moved = key_facts.moved(self.log)
        if whole:
            self._uses = new
        else:
            new = {key: use for key, use in new.items() if key not in self._uses}
            self._uses |= new
        if whole or self._keys is None or moved != self._moved:
            self._keys, self._moved = None, moved
            table = self.store.keys.seals()
            last = [
                ("what was signed last", Sealed(before.keys[0], before.size, before.keys[1]))
                for before in (before,)
                if before and before.keys
            ]
            judged = judge(
                self.pinned.origin, table, self._uses, key_facts.tables.get(self.log), last
            )
            if judged.lacking or judged.against:
                if key_facts.moving():
                    return None
                raise IntegrityFailure(
                    f"The data keys of the {self.log} log differ from those that its "
                    "records name, or from those that were signed. Nothing was signed. "
                    "continuum verify shows what is wrong."
                )
            self._keys = KeyMap(self.pinned.origin)
            self._keys.update(key for key in table.keys if key.key_id in self._uses)
        elif new:
            table = self.store.keys.seals({stream for _, stream in new.values()})
            self._keys.update(key for key in table.keys if key.key_id in new)
        return moved, self._keys.root()

    def _examined(self, before: Checkpoint | None, *, whole: bool) -> Examined:
        """Return the result of examining the log's records, after updating the map of heads (the
        last record of each stream). Raises IntegrityFailure if the log has a fault or another
        origin, or became shorter.
        """
        log, origin = self.log, self.store.origin()
        if origin != self.pinned.origin:
            raise IntegrityFailure(
                f"The {log} log has the origin {origin}, and this signer signs "
                f"{self.pinned.origin}. Nothing was signed."
            )
        sizes = {before.size} if before else set()
        after = None if whole else self._seen
        tiles = self._tiles.copy() if after else Writer(tiles_of(self.public, log))
        examined = examine(self.store, origin, sizes, after, report=tiles, heads=True)
        if before and examined.last < before.size:
            raise IntegrityFailure(
                f"The {log} log became shorter: {before.size} records were signed, and "
                f"only {examined.last} are there. Nothing was signed."
            )
        if examined.has_differences or examined.heads is None:
            raise IntegrityFailure(
                f"The {log} log does not have the form of a log. Nothing was signed. "
                "continuum verify shows what is wrong."
            )
        if (
            whole
            and before
            and before.root != (examined.roots[before.size] if before.size else EMPTY)
        ):
            raise IntegrityFailure(
                f"The {log} log was rewritten: its first {before.size} records no longer give "
                "the root that was signed. Nothing was signed."
            )
        if whole:
            self._heads = HeadMap(origin)
            if before and before.heads not in (None, examined.heads.root(origin, before.size)):
                raise IntegrityFailure(
                    f"The heads of the first {before.size} records of the {log} log "
                    "differ from those that were signed. Nothing was signed."
                )
        self._heads.update(examined.heads.heads(examined.last))
        self._tiles = tiles
        return examined


def due(
    signers: Sequence[Signer],
    interval: float,
    now: Callable[[], float],
    sleep: Callable[[float], None],
) -> Iterator[Signer]:
    """Yield, again and again without end, the signer that has to sign next. Each signer is yielded
    every `interval` seconds, and earlier if its log has `MOST` new records. `now` returns a time in
    seconds. If a log does not answer, its signer waits for its next turn.
    """
    turns = [now()] * len(signers)
    while True:
        for place, signer in enumerate(signers):
            if now() >= turns[place] or _many(signer):
                turns[place] = now() + interval
                yield signer
        sleep(min(LOOKS, interval))


def _many(signer: Signer) -> bool:
    try:
        return signer.unsigned() >= MOST
    except LogUnavailable:
        return False

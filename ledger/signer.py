"""Who says that a log is so and no other way? A signer: a process apart, with a key of its own.

It runs as another user of the machine and needs to read the logs, nothing else. Each round it
computes the tree and the map of heads from the stored records, refuses to sign a log that is odd,
that is shorter than what it signed, or that no longer gives a root it signed; writes down what it
is about to say; and then publishes it. Killed in between it says the same again, never something
else.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.envelope import IntegrityFailure, LogName, LogUnavailable
from ledger.checkpoint import BadCheckpoint, Checkpoint, VerifierKey, WrongKey, opened, parse, sign
from ledger.examine import Examined, examine
from ledger.files import PUBLIC, replace_file
from ledger.head_map import HeadMap, heads_of
from ledger.keys import KeyFault, read_key, write_key
from ledger.merkle import EMPTY
from ledger.policy import Pinned, written
from ledger.recorder import LogRecorder
from ledger.tiles import Writer, tiles_of

POLICY = "policy.json"
WHOLE_AGAIN = 720
"""Rounds after which a running signer reads a whole log again and not only what is new."""

MOST = 256
"""New records that are not left unsigned until the next round is due."""

LOOKS = 0.25
"""Seconds between two looks at how much is new: one row is read."""


def published(directory: Path, log: LogName) -> Path:
    """Where a log's newest checkpoint is published."""
    return directory / f"{log}.checkpoint"


def init(directory: Path, logs: Mapping[LogName, LogRecorder]) -> str:
    """Makes a key for each log in `directory`, for its owner alone; gives the policy to hand out.

    Raises KeyFault if there is a signer already, LogUnavailable, OSError.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.chmod(0o700)
    if (directory / POLICY).exists():
        raise KeyFault(f"There is a signer in {directory} already; it is kept.")
    pinned = {}
    for name, store in logs.items():
        path = directory / f"{name}.key"
        if not path.exists():  # an `init` that was interrupted goes on
            write_key(path)
        key = Ed25519PrivateKey.from_private_bytes(read_key(path))
        origin = store.origin()
        public = VerifierKey(origin, key.public_key().public_bytes_raw())
        pinned[name] = Pinned(origin, (public,))
    policy = written(pinned)
    replace_file(directory / POLICY, policy)
    return policy


@dataclass
class Signer:
    """Signs one log. `directory` holds its key and what it signed; `public` is where it tells."""

    log: LogName
    store: LogRecorder
    pinned: Pinned
    directory: Path
    public: Path
    _seen: Examined | None = field(default=None, init=False)
    _heads: HeadMap = field(init=False)
    _tiles: Writer = field(init=False)
    _rounds: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._heads = HeadMap(self.pinned.origin)
        self._tiles = Writer(tiles_of(self.public, self.log))

    def round(self, *, before_publishing: Callable[[], None] = lambda: None) -> str:
        """Sign what the log holds now; gives the signed note, the last one if nothing is new.

        `before_publishing` is called when the note is written down and not yet told. Raises
        IntegrityFailure, and nothing is signed; KeyFault, LogUnavailable, OSError.
        """
        key = Ed25519PrivateKey.from_private_bytes(read_key(self.directory / f"{self.log}.key"))
        note = self._kept()
        before = note and opened(note, self.pinned.keys)
        whole = self._seen is None or self._rounds % WHOLE_AGAIN == 0
        self._rounds += 1
        found = self._examined(before or None, whole=whole)
        now = Checkpoint(self.pinned.origin, found.last, found.tree.root(), self._heads.root())
        if not note or before != now:
            note = sign(now, key)
            replace_file(self._state, note)
        found.heads = None  # they stand in the map
        self._seen = found
        before_publishing()
        public = published(self.public, self.log)
        if not (public.exists() and self._same(public.read_text("utf-8", "replace"), note)):
            replace_file(public, note, PUBLIC)  # else it may bear the lines of witnesses: they stay
        self._tiles.flush(note)
        self._heads.tell(heads_of(self.public, self.log), whole=whole)
        return note

    def unsigned(self) -> int:
        """Records that are new since the last round. Raises LogUnavailable."""
        return self.store.head()[0] - (self._seen.last if self._seen else 0)

    def _same(self, told: str, note: str) -> bool:
        try:
            return opened(told, self.pinned.keys) == parse(note)
        except (BadCheckpoint, WrongKey):
            return False

    @property
    def _state(self) -> Path:
        return self.directory / f"{self.log}.signed"

    def _kept(self) -> str | None:
        """The note signed last. Raises IntegrityFailure if more was told than is known here."""
        kept = self._state.read_text("utf-8") if self._state.exists() else None
        public = published(self.public, self.log)
        try:
            size = opened(kept, self.pinned.keys).size if kept else -1
        except (BadCheckpoint, WrongKey) as error:
            raise IntegrityFailure(f"{self._state} was changed: {error}") from None
        if public.exists():
            with suppress(BadCheckpoint, WrongKey):  # what others put there is written over
                told = opened(public.read_text("utf-8", "replace"), self.pinned.keys).size
                if told > size:
                    raise IntegrityFailure(
                        f"{told} records of the {self.log} log were signed and told, and "
                        f"{self.directory} knows of {max(size, 0)}: it is older than what it said"
                    )
        return kept

    def _examined(self, before: Checkpoint | None, *, whole: bool) -> Examined:
        """The log, found in order, and its heads in the map. Raises IntegrityFailure."""
        log, origin = self.log, self.store.origin()
        if origin != self.pinned.origin:
            raise IntegrityFailure(
                f"The {log} log calls itself {origin}, and this signer signs {self.pinned.origin}."
            )
        sizes = {before.size} if before else set()
        after = None if whole else self._seen
        tiles = self._tiles.copy() if after else Writer(tiles_of(self.public, log))
        found = examine(self.store, origin, sizes, after, told=tiles, heads=True)
        if before and found.last < before.size:
            raise IntegrityFailure(
                f"The {log} log has shrunk: {before.size} records were signed, "
                f"{found.last} are there. Nothing was signed."
            )
        if found.odd or found.heads is None:
            raise IntegrityFailure(
                f"The {log} log is not as a log is written. Nothing was signed; "
                "continuum verify tells what is wrong."
            )
        if whole and before and before.root != (found.roots[before.size] if before.size else EMPTY):
            raise IntegrityFailure(
                f"The {log} log was rewritten: its first {before.size} records no longer give "
                "the root that was signed. Nothing was signed."
            )
        if whole:
            self._heads = HeadMap(origin)
            if before and before.heads not in (None, found.heads.root(origin, before.size)):
                raise IntegrityFailure(
                    f"The heads of the {log} log's first {before.size} records are not those that "
                    "were signed. Nothing was signed."
                )
        self._heads.update(found.heads.heads(found.last))
        self._tiles = tiles
        return found


def due(
    signers: Sequence[Signer],
    every: float,
    now: Callable[[], float],
    sleep: Callable[[float], None],
) -> Iterator[Signer]:
    """Whose round it is, for ever: each in turn after `every` seconds, and before that who has
    `MOST` new records. `now` tells seconds; a log that does not answer waits for its turn."""
    turns = [now()] * len(signers)
    while True:
        for place, one in enumerate(signers):
            if now() >= turns[place] or _many(one):
                turns[place] = now() + every
                yield one
        sleep(min(LOOKS, every))


def _many(one: Signer) -> bool:
    try:
        return one.unsigned() >= MOST
    except LogUnavailable:
        return False

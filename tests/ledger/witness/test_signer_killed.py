"""The signer, which is a process of its own, is killed dozens of times while entries are recorded.

After a kill at any moment, the signer's own state contains everything that it published, it never
contradicts an earlier checkpoint, and the next signer starts.
"""

import json
import random
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from ledger import verify
from ledger.proof import auditor_policy, proof
from ledger.proof.auditor_policy import Pinned
from ledger.proof.checkpoint import opened
from ledger.store.setup import open_records
from ledger.witness import signer
from tests.conftest import Store
from tests.fuzz import TIMES
from tests.ledger.events import Counted, submission
from tests.ledger.sealing import STREAMS, Sealed, seal
from tests.processes import run_on

KILLED = 20 if TIMES == 1 else 40 * TIMES


def signing(place: str | Path, pinned: Pinned, state: Path, public: Path, told: Connection) -> None:
    """Run a signer that signs the evidence log in rounds until its process is killed; send a
    message through `told` at the start of each round.
    """
    one = signer.Signer("evidence", open_records(place)["evidence"], pinned, state, public)
    while True:
        told.send(None)
        one.round()


def kill_one(sealed: Sealed, r: random.Random, count: int) -> int:
    """Start a signer, write to the log at the same time, and kill the signer; return how many
    records were written.
    """
    context, one = get_context("forkserver"), sealed.signer
    context.set_forkserver_preload([__name__])
    ear, mouth = context.Pipe(duplex=False)
    place = sealed.store.url or sealed.store.home
    arguments = place, one.pinned, one.directory, one.public, mouth
    child = context.Process(target=signing, args=arguments)
    child.start()
    mouth.close()
    written = 0
    try:
        for _ in range(r.randint(1, 3)):
            sealed.log.append([submission(*(Counted(count + written + n) for n in range(40)))])
            written += 40
            ear.recv()
        run_on(r.choice([0, r.uniform(0, 0.005), r.uniform(0, 0.03)]))
    finally:
        child.kill()
        child.join()
        ear.close()
    assert child.exitcode == -9, "it ended by itself"
    return written


@pytest.mark.usually_on("sqlite", "postgres")
def test_a_signer_killed_at_any_moment_says_nothing_twice(store: Store) -> None:
    sealed, r = seal(store), random.Random(20110318)
    keys, said, count = sealed.pinned.keys, dict[int, bytes](), 0
    first = sealed.newest
    for _ in range(KILLED):
        count += kill_one(sealed, r, count)
        kept = opened((sealed.signer.directory / "evidence.signed").read_text("utf-8"), keys)
        path = signer.published(sealed.signer.public, "evidence")
        note = path.read_text("utf-8")
        told = opened(note, keys)
        assert told.size <= kept.size, "published, and not written down"
        for one in (kept, told):
            assert said.setdefault(one.size, one.root) == one.root, "said otherwise before"
    assert len(said) > KILLED / 4
    old = sealed.signer
    again = signer.Signer(old.log, old.store, old.pinned, old.directory, old.public)
    last = again.round()
    assert opened(last, keys).size == sealed.log.last() >= max(said)
    assert sealed.audit(first, note, last).findings == []
    pins = json.loads(auditor_policy.written({"evidence": old.pinned}))
    for then in (first, note):
        verify.check(proof.prove_consistency(sealed.proven, then, last), pins)
        verify.check(proof.prove(sealed.proven, STREAMS[0], then), pins)
    sealed.records.close()

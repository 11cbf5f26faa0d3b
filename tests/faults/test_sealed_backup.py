"""No person can decrypt a live store's backup alone: it is encrypted to two people, each with their
own key.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.data_protection.copies import BackupMade
from domain.kernel.envelope import IntegrityFailure, Unprovable
from domain.kernel.values import Denied
from installation.certificates import GivenCertificates, require_restorer
from ledger.backup import sealed_copy
from tests.console.conftest import Line
from tests.faults.conftest import Depot

PHRASE = "copper kettle seventeen"


def pair(place: Path, name: str) -> tuple[Path, Path]:
    private, public = place / f"{name}.private.pem", place / f"{name}.public.pem"
    sealed_copy.make_pair(private, public, PHRASE)
    return private, public


def as_live(line: Line) -> None:
    """Make the store believe that it is live and not synthetic."""
    assert line.kept.system
    line.kept.system.synthetic = False


def test_an_administrator_takes_no_copy_in_the_clear(
    depot: Depot, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = depot.line
    _, public = pair(depot.place, "one")
    _, other = pair(depot.place, "two")
    line("whoami")
    as_live(line)
    copy = ("backup", str(depot.place / "b"), "--keys", str(depot.place / "k"))
    assert "set backup_store_key and backup_keys_key" in line.refused(*copy)
    assert "this live store makes no backup" in line("doctor").out
    monkeypatch.setenv("CONTINUUM_BACKUP_STORE_KEY", str(public))
    assert "set backup_keys_key" in line.refused(*copy)
    monkeypatch.setenv("CONTINUUM_BACKUP_KEYS_KEY", str(public))
    assert "backup_store_key and backup_keys_key are the same key" in line.refused(*copy)
    assert not (depot.place / "b").exists()
    monkeypatch.setenv("CONTINUUM_BACKUP_KEYS_KEY", str(other))
    assert "this live store makes no backup" not in line("doctor").out
    assert line(*copy).code == 0


def test_each_of_two_opens_their_half_and_it_comes_back(
    depot: Depot, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, place = depot.line, depot.place
    item = line("record", "--id", text="He waits at the arcade.").out.strip()
    halves = {one: pair(place, one) for one in ("store", "keys")}
    for one, (_, public) in halves.items():
        monkeypatch.setenv(f"CONTINUUM_BACKUP_{one.upper()}_KEY", str(public))
    assert line("backup", str(place / "b"), "--keys", str(place / "k")).code == 0
    assert [path.name for path in (place / "b").iterdir()] == [sealed_copy.NAME]
    assert line.kept.system
    made = [
        fact.event
        for fact in line.kept.system.logs["access"].read(0, 1000)
        if isinstance(fact.event, BackupMade)
    ]
    prints = [sealed_copy.fingerprint(halves[one][1]) for one in ("store", "keys")]
    assert [one.sealed_to for one in made] == prints
    wrong = ("keys", "open", str(place / "k"), "--with", str(halves["store"][0]))
    assert "another key" in line.refused(*wrong, "--into", str(place / "x"), text=PHRASE)
    for one, sealed in (("store", "b"), ("keys", "k")):
        said = line(
            *("keys", "open", str(place / sealed), "--with", str(halves[one][0])),
            *("--into", str(place / f"opened-{one}")),
            text=f"{PHRASE}\n",
        )
        assert said.code == 0, said.err
    said, again = depot.restore(place / "opened-store", keys=place / "opened-keys")
    assert said.code == 0, said
    assert again("show", item).code == 0


@pytest.mark.usually_on("sqlite")
def test_who_answers_for_what_may_be_readable_again_shows_both_keys(
    depot: Depot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To restore a backup that may make erased data readable again, a live store requires the
    backup keys of both people. Their typed names would prove nothing."""
    line, place = depot.line, depot.place
    keeper = json.loads(line("--json", "init", "--synthetic").out)["administrator"]
    for name in ("mgr.cole", "mgr.vale"):
        added = line("--user", keeper, "user", "add", name, "--role", "manager")
        assert added.code == 0, added
    halves = {one: pair(place, one) for one in ("store", "keys")}
    for one, (_, public) in halves.items():
        monkeypatch.setenv(f"CONTINUUM_BACKUP_{one.upper()}_KEY", str(public))
    copied = line("--user", keeper, "backup", str(place / "b"), "--keys", str(place / "k"))
    assert copied.code == 0, copied
    assert line.kept.system
    log = line.kept.system.logs["access"]
    store, keys = (sealed_copy.proven(halves[one][0], PHRASE) for one in ("store", "keys"))

    def answered(*proven: str) -> None:
        brought = GivenCertificates(without=True, waived_by="mgr.vale", proven=frozenset(proven))
        require_restorer(log, "mgr.cole", brought, synthetic=False)

    for shown, lacking in (((), "keys and of the store"), ((store,), "keys"), ((keys,), "store")):
        with pytest.raises(Denied, match=f"The key of the {lacking} is missing"):
            answered(*shown)
    answered(store, keys)
    with pytest.raises(Unprovable, match="this passphrase does not open"):
        sealed_copy.proven(halves["store"][0], "another phrase")
    restored = ("restore", str(place / "b"), "--into", str(place / "x"), "--proof")
    wrong = line(*restored, str(halves["store"][0]), text="another phrase\n")
    assert (wrong.code, "this passphrase does not open" in wrong.err) == (2, True)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[:-1],
        lambda content: content[: len(content) // 2],
        lambda content: content[:300] + bytes([content[300] ^ 1]) + content[301:],
        lambda content: content + content[-40:],
    ],
    ids=["its last byte", "its second half", "one bit", "something behind it"],
)
def test_what_was_changed_or_cut_does_not_open(
    tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    private, public = pair(tmp_path, "one")
    (tmp_path / "held").mkdir()
    (tmp_path / "held" / "log.db").write_bytes(bytes(range(256)) * 10_000)
    sealed = sealed_copy.seal(tmp_path / "held", tmp_path / "b", public)
    sealed_copy.open_sealed(sealed, private, PHRASE, tmp_path / "good")
    assert (tmp_path / "good" / "log.db").read_bytes() == bytes(range(256)) * 10_000
    sealed.write_bytes(spoil(sealed.read_bytes()))
    with pytest.raises(IntegrityFailure, match="use another backup"):
        sealed_copy.open_sealed(sealed, private, PHRASE, tmp_path / "bad")


def test_another_passphrase_and_what_is_no_backup(tmp_path: Path) -> None:
    private, public = pair(tmp_path, "one")
    with pytest.raises(Unprovable, match="passphrase"):
        sealed_copy.open_sealed(tmp_path / "b", private, "wrong", tmp_path / "x")
    with pytest.raises(Unprovable, match="is not a sealed backup"):
        sealed_copy.open_sealed(public, private, PHRASE, tmp_path / "x")
    with pytest.raises(Unprovable, match="no public key"):
        sealed_copy.fingerprint(private)

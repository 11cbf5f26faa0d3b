"""Erased data stays erased after an older backup and equally old keys are restored."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from domain.data_protection.copies import StoreRestored
from domain.data_protection.erasure import ErasureCertified, certificate_hash
from domain.information.observation import ObservationRecorded
from domain.kernel.envelope import IntegrityFailure
from installation.certificates import require_chain
from installation.newest_known import read_newest
from tests.console.conftest import Line
from tests.faults.conftest import Depot, depot, either, prepared

__all__ = ["depot", "either"]

GONE = "CANARYWORD drives a silver Corsa."


def words(line: Line) -> set[str]:
    assert line("stages").code == 0
    assert line.kept.system
    log = line.kept.system.logs["evidence"]
    events = [fact.event for fact in log.read(0, log.last())]
    return {event.words for event in events if isinstance(event, ObservationRecorded)}


def restored(line: Line) -> StoreRestored:
    assert line.kept.system
    log = line.kept.system.logs["access"]
    (event,) = [f.event for f in log.read(0, 10_000) if isinstance(f.event, StoreRestored)]
    return event


def erase(depot: Depot, item: str) -> str:
    one = depot.line("--json", "erase", item, "--basis", "recorded-in-error").json["id"]
    said = depot.line("--user", "di.moss", "erase", "--approve", one)
    assert said.code == 0, said
    return str(one)


def certificates(depot: Depot, name: str = "certificates.json") -> str:
    depot.sign()
    said = depot.line("erase", "--certificates", str(depot.place / name))
    assert said.code == 0, said
    return str(depot.place / name)


def newest(depot: Depot) -> tuple[str, ...]:
    """Sign the store's logs; return the options with which `restore` notices that an older backup
    is incomplete, because they name the newest checkpoint."""
    depot.sign()
    return options(depot)


def options(depot: Depot) -> tuple[str, ...]:
    """Return the options of `newest` for a store whose logs are signed."""
    lost = ("--as-new-origin", "--because", "the disk failed")
    policy = str(depot.policy)
    return ("--policy", policy, "--copy", str(depot.checkpoint), *signer(depot), *lost)


def signer(depot: Depot) -> tuple[str, str]:
    """Return the options that name the signer's directory."""
    return "--signer", str(depot.place / "signer")


@dataclass
class Erased:
    """Two items that were erased after a backup was made. Their erasures, the certificates and the
    signer's policy are included."""

    older: Path
    one: str
    second: str
    told: str
    policy: tuple[str, ...]


def _erase_both(depot: Depot) -> tuple[str, str]:
    item, second = depot.words(GONE), depot.words("A second of them.")
    depot.back_up()
    erasures = erase(depot, item), erase(depot, second)
    certificates(depot)
    depot.sign()
    return erasures


#: A store with a backup that is older than two erasures, with their certificates, and with the
#: signer's policy. Its value has the ids of the erasures.
ERASED = prepared("erased", _erase_both)


@pytest.fixture
def since(depot: Depot) -> Erased:
    one, two = depot.replaced(ERASED)
    told = str(depot.place / "certificates.json")
    return Erased(depot.place / "backup", one, two, told, options(depot))


@pytest.mark.usually_on("sqlite")
def test_with_keys_as_old_as_the_backup_all_opens_and_somebody_says_so(
    depot: Depot, since: Erased
) -> None:
    older = since.older
    # nothing in the restored place shows that the items were erased
    said, again = depot.restore(older, bare=True)
    assert (
        said.code,
        "this backup does not show what was erased after it was made" in said.err,
    ) == (2, True)
    assert not (again.home / "keys").exists()
    said, again = depot.restore(older, "--without-erasures", bare=True)
    assert (
        said.code,
        "a restore may make erased text readable again, and a person has to answer for that"
        in said.err,
    ) == (2, True)
    said, again = depot.restore(older)
    assert (said.code, "a backup does not show what was erased" in said.err) == (0, True)
    assert "No checkpoint was given" in said.err
    assert GONE in words(again)
    assert (restored(again).without, restored(again).purpose) == (True, "to work on")
    found = again("--json", "doctor").json["findings"]
    assert [one["what"] for one in found].count("may be readable again") == 1, "it is not forgotten"


@pytest.mark.usually_on("sqlite")
def test_what_the_keys_themselves_know_as_destroyed_stays_so(depot: Depot, since: Erased) -> None:
    newer = depot.place / "newer-keys"
    assert depot.line("backup", "--keys", str(newer)).code == 0
    said, again = depot.restore(since.older, keys=newer)
    assert said.code == 0, said
    assert not {GONE, "A second of them."} & words(again)


def test_what_was_erased_stays_erased_with_an_old_backup_and_old_keys(
    depot: Depot, since: Erased
) -> None:
    older, told = since.older, since.told
    assert "CANARY" not in Path(told).read_text("utf-8")
    said, again = depot.restore(older, "--erasures", told)
    assert (said.code, "your own --policy" in said.err) == (2, True)
    said, again = depot.restore(older, "--erasures", told, *since.policy)
    assert said.code == 0, said
    assert "MAY BE READABLE AGAIN" not in again("doctor").out
    found = words(again)
    assert not any("CANARY" in one or "second" in one for one in found)
    assert any("Baz" in one for one in found)
    fact = restored(again)
    assert {str(erasure) for erasure in fact.erasures} == {since.one, since.second}
    assert (fact.readable, fact.without) == ((), False)
    # no signer has signed the restored place yet
    assert again("verify", "--allow-unproven").code == 0
    assert again("--json", "views", "compare").json["equal"]
    assert not [p for p in again.home.rglob("*.db*") if b"CANARYWORD" in p.read_bytes()]
    assert again("record", text="On it goes.").code == 0


@pytest.mark.usually_on("sqlite")
def test_one_erasure_is_left_out_by_somebody_who_says_why(depot: Depot, since: Erased) -> None:
    older, left_out = since.older, since.second
    readable = ("--erasures", since.told, *since.policy, "--readable", left_out)
    said, _ = depot.restore(older, *readable)
    assert (said.code, "give --user NAME and --purpose" in said.err) == (2, True)
    why = ("--user", "dci.hale", "--purpose", "the court of appeal ordered it")
    said, again = depot.restore(older, *readable, *why)
    assert said.code == 0, said
    assert "A second of them." in words(again)
    assert GONE not in words(again)
    assert [str(each) for each in restored(again).readable] == [left_out]


@pytest.mark.usually_on("sqlite")
def test_certificates_that_do_not_hold_bring_nothing_back(depot: Depot) -> None:
    item = depot.words(GONE)
    older = depot.back_up()
    erase(depot, item)
    told = json.loads(Path(certificates(depot)).read_text("utf-8"))
    policy = newest(depot)

    def brought(name: str, content: object) -> str:
        (depot.place / name).write_text(json.dumps(content), "utf-8")
        said, again = depot.restore(older, "--erasures", str(depot.place / name), *policy)
        assert said.code in (2, 4), said
        assert not (again.home / "log.db").exists()
        return said.err

    assert "the certificate" in brought("cut.json", told | {"proofs": told["proofs"][:1]})
    assert "the register of erasures is missing in" in brought(
        "headless.json", told | {"proofs": told["proofs"][1:]}
    )
    edited = json.loads(json.dumps(told))
    edited["proofs"][1]["records"][0]["recorded"] += 1
    assert "is not valid" in brought("edited.json", edited)
    assert "no certificates" in brought("other.json", [])


@pytest.mark.usually_on("sqlite")
def test_a_store_that_is_short_wants_the_certificates_of_what_came_after(depot: Depot) -> None:
    item = depot.words(GONE)
    older = depot.back_up()
    erase(depot, item)
    early = certificates(depot)
    depot.words("And on.")
    policy = str(depot.sign())
    kept = ("--policy", policy, "--copy", str(depot.checkpoint), *signer(depot))
    new = (*kept, "--as-new-origin", "--because", "the disk failed")
    said, _ = depot.restore(older, *new, bare=True)
    assert (
        said.code,
        "more was recorded after this backup, perhaps also erasures" in said.err,
    ) == (2, True)
    said, _ = depot.restore(older, *new, "--erasures", early)
    assert (said.code, "give newer ones, or confirm that there are none" in said.err) == (2, True)
    said, again = depot.restore(older, *new, "--erasures", certificates(depot, "late.json"))
    assert said.code == 0, said
    assert GONE not in words(again)
    named = ("--without-erasures", "--user", "dci.hale", "--purpose", "they burned too")
    said, again = depot.restore(older, *new, *named)
    assert said.code == 0, said
    assert GONE in words(again)
    assert restored(again).without


@pytest.mark.usually_on("sqlite")
def test_there_is_nothing_to_certify_before_an_erasure(depot: Depot) -> None:
    depot.sign()
    said = depot.line("erase", "--certificates", str(depot.place / "none.json"))
    assert (said.code, "nothing was ever erased" in said.err) == (2, True)
    assert not (depot.place / "none.json").exists()


# --- certificates made before the last erasure, and who may restore -----------------------------


@dataclass
class Old:
    """A backup that was made before two erasures: the first erasure has certificates, the second
    has none. `checkpoint` was published on the day of the certificates."""

    backup: Path
    told: str
    policy: str
    checkpoint: str


def _erase_later(depot: Depot) -> None:
    item, second = depot.words("A second of them."), depot.words(GONE)
    depot.back_up()
    erase(depot, item)
    certificates(depot)
    (depot.place / "old.checkpoint").write_bytes(depot.checkpoint.read_bytes())
    erase(depot, second)
    depot.sign()


#: A store with certificates of the first of two erasures only.
OUTDATED = prepared("outdated_certificates", _erase_later)


@pytest.fixture
def old(depot: Depot) -> Old:
    depot.replaced(OUTDATED)
    told, checkpoint = depot.place / "certificates.json", depot.place / "old.checkpoint"
    return Old(depot.place / "backup", str(told), str(depot.policy), str(checkpoint))


def test_certificates_from_before_the_last_erasure_bring_nothing_back(
    depot: Depot, old: Old
) -> None:
    brought = ("--erasures", old.told, "--policy", old.policy)
    said, again = depot.restore(old.backup, *brought)
    assert (
        said.code,
        "name the signer's directory with --signer, or give with --copy the newest evidence "
        "checkpoint that a witness of your policy signed within a day" in said.err,
    ) == (2, True)
    lost = ("--as-new-origin", "--because", "the disk failed")
    aged = ("--copy", old.checkpoint, *lost)
    said, again = depot.restore(old.backup, *brought, *aged)
    assert (
        said.code,
        "name the signer's directory with --signer, or give with --copy the newest evidence "
        "checkpoint that a witness of your policy signed within a day" in said.err,
    ) == (2, True), "an old checkpoint beside old certificates"
    said, again = depot.restore(old.backup, *brought, *aged, *signer(depot))
    assert (said.code, "give newer ones, or confirm that there are none" in said.err) == (2, True)
    said, again = depot.restore(old.backup, "--erasures", old.told, *newest(depot))
    assert (said.code, "give newer ones, or confirm that there are none" in said.err) == (2, True)
    assert not (again.home / "log.db").exists()


@pytest.mark.usually_on("sqlite")
def test_each_certificate_names_the_one_before(depot: Depot, since: Erased) -> None:
    assert depot.line("stages").code == 0
    assert depot.line.kept.system
    log = depot.line.kept.system.logs["evidence"]
    told = {
        one: [fact.event for fact in log.history(UUID(one))] for one in (since.one, since.second)
    }
    first, second = (
        next(event for event in events if isinstance(event, ErasureCertified))
        for events in told.values()
    )
    assert first.before is None
    assert second.before == certificate_hash(UUID(since.one), first)
    both = {UUID(one): events for one, events in told.items()}
    require_chain(Path("told"), both)
    with pytest.raises(IntegrityFailure, match="the certificate before"):
        require_chain(Path("told"), {UUID(since.second): both[UUID(since.second)]})


@pytest.mark.usually_on("sqlite")
def test_a_witness_that_signed_lately_knows_the_newest_checkpoint(depot: Depot) -> None:
    """A checkpoint proves the newest state of a log only if a witness signed it recently, because a
    witness refuses older checkpoints. A restore refuses certificates of erasures without such a
    proof.
    """
    item = depot.words(GONE)
    backup = depot.back_up()
    erase(depot, item)
    policy, state = depot.sign(), ("--state", str(depot.place / "witness"))
    key = depot.line("witness", "init", *state, "--name", "council.example/1").out.strip()
    named = ("signer", "witness", key, "--state", str(depot.place / "signer"), "--quorum", "1")
    policy.write_text(depot.line(*named).out, "utf-8")
    unwitnessed = certificates(depot, "unwitnessed.json")
    bare = depot.checkpoint.read_text("utf-8")
    (copy := depot.place / "bare.checkpoint").write_text(bare, "utf-8")
    pinned = ("--policy", str(policy))
    signed = depot.line("witness", "sign", str(copy), *state, *pinned).out
    depot.checkpoint.write_text(signed, "utf-8")
    told = str(depot.place / "told.json")
    assert depot.line("erase", "--certificates", told).code == 0

    lately = datetime.now(UTC)
    assert read_newest(policy, [depot.checkpoint], None, lately)
    for late in (lately + timedelta(days=2), lately - timedelta(days=2)):
        assert read_newest(policy, [depot.checkpoint], None, late) is None
    assert read_newest(policy, [copy], None, lately) is None

    lost = ("--as-new-origin", "--because", "the disk failed")
    brought = (*pinned, "--copy", str(depot.checkpoint), *lost)
    said, _ = depot.restore(backup, "--erasures", unwitnessed, *brought)
    assert (said.code, "proves nothing yet" in said.err) == (2, True), said
    said, again = depot.restore(backup, "--erasures", told, *brought)
    assert said.code == 0, said
    assert GONE not in words(again)


@pytest.mark.usually_on("sqlite")
def test_two_people_answer_for_it_and_doctor_says_it_until_a_third_looked(
    depot: Depot, old: Old
) -> None:
    brought = ("--erasures", old.told, "--policy", old.policy)
    waived = ("--waived-by", "dci.hale")
    said, _ = depot.restore(old.backup, *brought, *waived)
    assert (said.code, "give --user NAME and --purpose" in said.err) == (2, True)
    named = ("--user", "ds.hart", "--purpose", "the signer burned too")
    said, _ = depot.restore(old.backup, *brought, *named, "--waived-by", "DS.Hart")
    assert (said.code, "name in --waived-by another person than in --user" in said.err) == (2, True)
    said, again = depot.restore(old.backup, *brought, *named, *waived)
    assert said.code == 0, said
    assert GONE in words(again)
    assert restored(again).waived_by == "dci.hale"

    def found() -> list[str]:
        findings = again("--json", "doctor").json["findings"]
        return [finding["what"] for finding in findings if finding["what"] == "not reviewed"]

    assert found() == ["not reviewed"]
    review = ("unusual-access", "review", "ds.hart", "--finding", "held against the certificates")
    assert again("--user", "ds.hart", *review).code == 0
    assert found() == ["not reviewed"], "nobody reviews what they did"
    assert again("--user", "au.dean", *review).code == 0
    assert found() == []


@pytest.mark.usually_on("sqlite")
def test_who_may_restore_is_in_the_accounts_of_the_backup(depot: Depot) -> None:
    line, why = depot.line, ("--without-erasures", "--purpose", "to look around")
    keeper = json.loads(line("--json", "init", "--synthetic").out)["administrator"]
    adds = ("--user", keeper, "user", "add")
    for name, role in (("psw.ellis", "psw"), ("mgr.cole", "manager"), ("mgr.gone", "manager")):
        assert line(*adds, name, "--role", role).code == 0
    assert line("--user", keeper, "user", "leave", "mgr.gone").code == 0
    backup = depot.place / "closed"
    copied = line("--user", keeper, "backup", str(backup), "--keys", f"{backup}-keys")
    assert copied.code == 0, copied
    for name in ("psw.ellis", "mgr.gone", "nobody.here"):
        said, again = depot.restore(backup, *why, "--user", name)
        assert (said.code, "may not restore this store" in said.err) == (3, True), said
        assert not (again.home / "log.db").exists()
        assert not (again.home / "keys").exists()
    said, again = depot.restore(backup, *why, "--user", "mgr.cole")
    assert said.code == 0, said

"""An imported file is encrypted with the key of the event that records the import. Erasing this key
also erases the file."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from commands.erasure import erasure, legal_hold
from commands.erasure.hold_reach import Reckoning
from commands.information import originals
from commands.people_and_teams import store_admin
from domain.families.referral import CaseOpened
from domain.information.observation import ObservationRecorded
from domain.kernel.envelope import Recorded
from domain.kernel.values import Hidden, Refused
from domain.people_and_teams.store_admin import FileReceived, FileReceived1, FileSealed
from ingest.importing.load import import_files
from installation.safekeeping import back_up
from installation.system import System
from ledger.keys.keys import SealBroken
from ledger.store.originals import Originals
from questions.data_protection.certificate import certified
from tests.commands.conftest import either, office
from tests.commands.office import Office
from tests.ingest.conftest import as_csv, entry, log_csv
from tests.kept.stores import RELEASES
from tests.support.kept.kept import Kept

__all__ = ["either", "office"]

WORDS = "CANARYWORD waits by the arcade"


def import_file(house: Office, path: Path, **told: Any) -> UUID:
    """Import a file; return the id of its stream."""
    system = house.system
    import_files(
        system.desk, house.reader, [path], originals=system.originals, now=system.clock(), **told
    )
    return files(house)[-1].stream


def files(house: Office) -> list[Recorded]:
    return [fact for fact in house.facts() if isinstance(fact.event, FileReceived)]


def content(house: Office, file: UUID) -> bytes:
    return b"".join(originals.read(house.desk, house.reader, house.system.originals, file))


def erased(house: Office, subject: UUID) -> erasure.Progress:
    one, _ = erasure.propose(house.desk, house.reader, [subject], "recorded-in-error")
    return erasure.approve(house.desk, house.somebody("di.moss"), one.id, house.system)


def everything(place: Path) -> bytes:
    return b"".join(one.read_bytes() for one in place.rglob("*") if one.is_file())


def test_an_original_lies_sealed_and_opens_through_its_key(either: Office, tmp_path: Path) -> None:
    path = log_csv(tmp_path / "log.csv", entry(WORDS))
    file = import_file(either, path)
    assert content(either, file) == path.read_bytes()
    lying = everything(either.system.home / "originals")
    assert b"CANARY" not in lying
    back_up(either.system, tmp_path / "backup", None)
    assert b"CANARY" not in everything(tmp_path / "backup")
    with pytest.raises(Hidden):
        originals.read(either.desk, either.reader, either.system.originals, either.words())


def test_when_the_key_goes_every_older_backup_is_unreadable(
    either: Office, again: Callable[..., System], tmp_path: Path
) -> None:
    file = import_file(either, log_csv(tmp_path / "log.csv", entry(WORDS)))
    (name,) = originals.names(either.system.logs["evidence"].history(file))
    back_up(either.system, tmp_path / "older", None)
    erased(either, file)
    assert not (either.system.home / "originals" / name).exists()
    with pytest.raises(Refused, match="erased"):
        content(either, file)
    back_up(either.system, None, tmp_path / "today")
    restored = again("older", "today")
    assert not (restored.home / "originals" / name).exists()
    assert b"CANARY" not in everything(restored.home)
    came = restored.logs["evidence"].history(file)[0]
    assert isinstance(came.event, FileReceived)
    # the older backup contains the erased content of the file only in encrypted form, and the
    # secret to decrypt it is gone
    assert (came.erased, came.event.secret) == (True, b"")
    with pytest.raises(SealBroken):
        list(Originals(tmp_path / "older" / "originals").read(name, came.event.secret))


@pytest.mark.usually_on("sqlite")
def test_no_hash_of_a_file_is_in_the_clear_and_the_same_file_is_known(
    either: Office, tmp_path: Path
) -> None:
    path = log_csv(tmp_path / "log.csv", entry(WORDS))
    bare = hashlib.sha256(path.read_bytes()).hexdigest()
    file = import_file(either, path)
    rows = [f.event for f in either.facts() if isinstance(f.event, ObservationRecorded)]
    first = files(either)[0].event
    assert isinstance(first, FileReceived)
    assert (first.sha256, first.kept == bare) == (bare, False)
    assert [row.origin.file for row in rows if row.origin] == [first.digest]
    assert first.digest != bare
    if "://" not in either.settings.store:
        assert bare.encode() not in (either.system.home / "log.db").read_bytes()
    assert bare not in [one.name for one in (either.system.home / "originals").iterdir()]

    before = either.count(), sorted((either.system.home / "originals").iterdir())
    assert import_file(either, path) == file
    assert (either.count(), sorted((either.system.home / "originals").iterdir())) == before
    assert erasure.subject(either.desk, either.reader, bare) == file

    done = erased(either, file)
    # a file that was erased is not imported again, and the store keeps no part of it
    import_file(either, path)
    assert list((either.system.home / "originals").iterdir()) == []
    came = files(either)[0]
    assert isinstance(came.event, FileReceived)
    assert (came.erased, came.event.sha256) == (True, "[erased]")
    assert done.certificate
    assert done.certificate.guessable == ()


def test_the_same_file_in_two_data_sets_goes_as_a_whole(office: Office, tmp_path: Path) -> None:
    path = log_csv(tmp_path / "log.csv", entry(WORDS))
    first = import_file(office, path)
    second = import_file(office, path, dataset="another")
    assert first != second
    erased(office, first)
    assert [fact.erased for fact in files(office)] == [True, True]
    assert list((office.system.home / "originals").iterdir()) == []


def test_a_child_goes_with_the_sheet_that_they_were_referred_in(
    office: Office, tmp_path: Path
) -> None:
    path = as_csv(
        tmp_path / "referrals.csv",
        ("Child", "Concern", "Reference"),
        ("Kayleigh Marlow", "CANARYWORD out at night", "R-1"),
    )
    file = import_file(office, path, form="referrals")
    (case,) = [f.stream for f in office.facts() if isinstance(f.event, CaseOpened)]
    erased(office, case)
    assert files(office)[0].erased
    with pytest.raises(Refused, match="erased"):
        content(office, file)
    assert list((office.system.home / "originals").iterdir()) == []


@pytest.mark.parametrize("size", [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3 << 20])
def test_an_original_comes_back_whole_or_not_at_all(tmp_path: Path, size: int) -> None:
    plain = bytes(number % 251 for number in range(1000)) * (size // 1000 + 1)
    plain = plain[:size]
    kept_in = Originals(tmp_path)
    one = kept_in.sealing()
    assert one.keep([plain[:7], plain[7:]]) == hashlib.sha256(plain).hexdigest()
    assert b"".join(kept_in.read(one.name, one.secret)) == plain
    held = (tmp_path / one.name).read_bytes()
    part = (1 << 20) + 16
    wrong = [held[:-1], held + b"x", held[:53], bytes([held[0] ^ 1]) + held[1:]]
    wrong += [held[:-1] + bytes([held[-1] ^ 1])]
    if size > 1 << 20:
        wrong += [held[: 53 + part], held[:53] + held[53 + part :]]
    for other in wrong:
        (tmp_path / one.name).write_bytes(other)
        with pytest.raises(SealBroken):
            list(kept_in.read(one.name, one.secret))
    (tmp_path / one.name).write_bytes(held)
    with pytest.raises(SealBroken):
        list(kept_in.read(one.name, kept_in.sealing().secret))


# only the first release stored originals unencrypted
@pytest.mark.parametrize("release", RELEASES[:1])
@pytest.mark.usually_on("sqlite")
def test_originals_of_an_older_release_are_sealed_before_they_are_copied(
    kept: Kept, tmp_path: Path
) -> None:
    lying = kept.line.home / "originals"
    clear = {path.name: path.read_bytes() for path in lying.iterdir()}
    assert all(hashlib.sha256(held).hexdigest() == name for name, held in clear.items())
    kept.ask("--user", "administrator", "backup", str(tmp_path / "copied"))
    assert kept.line.kept.system
    system = kept.line.kept.system
    log = system.logs["evidence"]
    facts = log.read(0, log.last())
    came = {f.stream: f.event for f in facts if isinstance(f.event, FileReceived1) and not f.erased}
    sealed = {f.stream: f.event for f in facts if isinstance(f.event, FileSealed)}
    assert sealed
    for stream, event in sealed.items():
        whole = b"".join(system.originals.read(event.kept, event.secret))
        assert whole == clear[came[stream].kept]
    copied = {path.name for path in (tmp_path / "copied" / "originals").iterdir()}
    assert copied == {event.kept for event in sealed.values()}
    assert originals.seal(system.desk, system.reader, system.originals) == 0
    assert kept.ask("verify", "--allow-unproven")["ok"]


@pytest.mark.usually_on("sqlite")
def test_a_certificate_lists_the_bare_hash_of_an_older_release(either: Office) -> None:
    received = FileReceived1(form="links", size=1, kept="", sha256="ab" * 32)
    prepared = store_admin.prepare_file(
        either.desk, either.reader, command_id=uuid4(), received=received
    )
    either.desk.save([prepared])
    done = erased(either, prepared.item)
    assert done.certificate
    assert done.certificate.guessable == (f"{prepared.item}:1",)
    (told,) = (one for one in certified(either.desk, done.id) if one.what == "Guessable")
    assert told.said == f"1 record bears an unkeyed hash of it, as signed: {prepared.item}:1"


def test_a_hold_on_a_file_reaches_the_words_that_were_read_from_it(
    office: Office, tmp_path: Path
) -> None:
    file = import_file(office, log_csv(tmp_path / "log.csv", entry("Baz drives her")))
    (words,) = [f.stream for f in office.facts() if isinstance(f.event, ObservationRecorded)]
    placed = legal_hold.items_under_hold(office.desk, file)
    one = legal_hold.place(office.desk, office.reader, placed, "inquiry", "an order").id
    assert {file, words} <= Reckoning(office.desk.logs).reach(one, placed)
    erased(office, words)
    assert b"Baz drives her" in content(office, file)


def test_a_hold_on_a_child_reaches_the_sheet_that_they_were_referred_in(
    office: Office, tmp_path: Path
) -> None:
    told = ("Kayleigh Marlow", "CANARYWORD out at night", "R-1")
    path = as_csv(tmp_path / "referrals.csv", ("Child", "Concern", "Reference"), told)
    file = import_file(office, path, form="referrals")
    (case,) = [f.stream for f in office.facts() if isinstance(f.event, CaseOpened)]
    legal_hold.place(
        office.desk,
        office.reader,
        legal_hold.items_under_hold(office.desk, case),
        "inquiry",
        "an order",
    )
    erased(office, file)
    assert b"CANARYWORD" in content(office, file)

"""A copy is recorded before its bytes are written; the certificate of an erasure names the copies
from which the erased data could still be decrypted.
"""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from commands.data_protection import copies, disclosure, exporting
from commands.erasure import erasure, legal_hold
from domain.data_protection.copies import BackupMade, CopyFingerprinted, ProofTaken
from domain.data_protection.disclosure import DisclosureMade
from domain.kernel.envelope import LogUnavailable, Unprovable
from domain.kernel.values import Refused
from domain.people_and_teams.store_admin import ExportMade
from installation import safekeeping
from installation.safekeeping import back_up
from ledger.backup import backup as copying
from ledger.backup import sealed_copy
from projections.data_protection import copies as view
from questions.data_protection.certificate import certified
from tests.commands.conftest import either, office
from tests.commands.office import Office

__all__ = ["either", "office"]


def erased(house: Office, *subjects: Any) -> erasure.Progress:
    """Propose, approve and carry out an erasure of these people or items by two users; return the
    erasure's progress.
    """
    one, _ = erasure.propose(house.desk, house.reader, subjects, "recorded-in-error")
    return erasure.approve(house.desk, house.somebody("di.moss"), one.id, house.system)


def kinds_in_certificate(house: Office, done: erasure.Progress) -> set[str]:
    assert done.certificate
    return {one.kind for one in copies.copies_in_certificate(house.desk, done.certificate.copies)}


def exported(house: Office, *ids: Any, form: str = "csv", **told: Any) -> Any:
    return exporting.record_export(
        house.desk, house.reader, form=form, sha256="ab" * 32, ids=ids, filters={}, **told
    ).id


def test_a_backup_is_on_record_before_its_first_byte(
    either: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    either.words()
    seen: list[list[BackupMade]] = []
    for name in ("back_up", "back_up_keys"):
        true = getattr(copying, name)

        def watched(*given: Any, true: Any = true, **more: Any) -> Any:
            seen.append(either.events(BackupMade, "access"))
            assert not any(
                path.exists()
                for path in given
                if isinstance(path, Path) and path.name in ("b", "k")
            )
            return true(*given, **more)

        monkeypatch.setattr(copying, name, watched)
    back_up(either.system, tmp_path / "b", tmp_path / "k", recipient="the vault", purpose="weekly")
    assert [[one.kind for one in told] for told in seen] == [["store", "keys"]] * 2
    made = seen[-1][-1]
    assert (made.recipient, made.purpose) == ("the vault", "weekly")
    assert made.place == str(tmp_path / "k")


def test_what_cannot_be_written_down_is_not_copied(
    either: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*told: Any) -> Any:
        raise LogUnavailable("the disk is full")

    monkeypatch.setattr(either.system.logs["access"], "append", full)
    with pytest.raises(LogUnavailable):
        back_up(either.system, tmp_path / "b", None)
    assert not (tmp_path / "b").exists()


def test_a_person_who_says_nothing_keeps_it_to_bring_the_store_back(
    office: Office, tmp_path: Path
) -> None:
    back_up(office.system, tmp_path / "b", None)
    (made,) = office.events(BackupMade, "access")
    assert (made.recipient, made.purpose) == ("ds.hart", copies.TO_BRING_BACK)
    exported(office, office.words(), form="png")
    (left,) = office.events(ExportMade, "access")
    assert (left.recipient, left.purpose) == ("ds.hart", exporting.EXPORTED_FOR["png"])


@pytest.mark.usually_on("sqlite")
def test_a_certificate_names_what_may_still_open_it_and_who_destroys_that(
    either: Office, tmp_path: Path
) -> None:
    other = either.words("Something else.")
    back_up(either.system, tmp_path / "old", tmp_path / "old-keys")
    either.later()
    words = either.words("She went off with him again.")
    exported(either, other, form="gexf", recipient="the analyst")
    early = erased(either, other)
    assert kinds_in_certificate(either, early) == {"backup", "backup of keys", "gexf"}

    done = erased(either, words)  # the older backups contain no erased item
    assert kinds_in_certificate(either, done) == set()

    either.later()
    words = either.words("A third time.")
    exported(either, words, recipient="a school")
    copies.record_proof(either.desk, either.reader, [words], recipient="the court")
    back_up(either.system, tmp_path / "new", None, recipient="the vault")
    either.later()
    done = erased(either, words)
    # the newer backup can still be decrypted with the older keys
    assert kinds_in_certificate(either, done) == {
        "backup",
        "backup of keys",
        "csv",
        "proof with words",
    }
    assert done.certificate
    told = "\n".join(map(str, certified(either.desk, done.id)))
    for who in ("the vault", "a school", "the court", "ds.hart"):
        assert f"{who} has to destroy it" in told
    assert "the analyst" not in told
    assert str(tmp_path / "new") in told


def test_a_copy_that_was_destroyed_is_named_no_more(office: Office, tmp_path: Path) -> None:
    words = office.words()
    back_up(office.system, tmp_path / "b", None)
    (held,) = copies.visible_copies(office.desk, office.reader)
    with pytest.raises(Refused, match="how the copy was destroyed, and who saw its destruction"):
        copies.record_destroyed(office.desk, office.reader, str(held.id), " ")
    with pytest.raises(Refused, match="there is no copy"):
        copies.record_destroyed(office.desk, office.reader, str(words), "shredded")
    copies.record_destroyed(office.desk, office.reader, str(held.id), "shredded, seen by di.moss")
    assert kinds_in_certificate(office, erased(office, words)) == set()
    assert copies.visible_copies(office.desk, office.reader)[0].destroyed


def test_copies_are_the_same_however_far_the_view_has_read(
    either: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = either.words()
    exported(either, words, recipient="a school")
    back_up(either.system, tmp_path / "b", None)
    copies.record_proof(either.desk, either.reader, [words], recipient="the court")
    first = copies.visible_copies(either.desk, either.reader)[0]
    copies.record_destroyed(either.desk, either.reader, str(first.id), "shredded")
    exported(either, words)
    every = copies.list_copies(either.desk)
    assert [one.kind for one in every] == ["csv", "backup", "proof with words", "csv"]
    assert every[0].destroyed
    with either.desk.looked() as db:
        places, read = view.places(db)
    assert len(places) == 5
    assert read == either.system.logs["access"].last()
    for behind in range(read + 1):
        known = [place for place in places if place <= behind], behind
        monkeypatch.setattr(view, "places", lambda db, known=known: known)
        assert copies.list_copies(either.desk) == every

    def unavailable() -> Any:
        raise LogUnavailable("the views are away")

    monkeypatch.setattr(either.desk, "looked", unavailable)
    assert copies.list_copies(either.desk) == every


@pytest.mark.usually_on("sqlite")
def test_the_hash_of_what_left_goes_with_what_it_was_made_from(either: Office) -> None:
    words, kept = either.words(), either.words("Another man.")
    exported(either, words)
    exported(either, kept)
    shared = disclosure.gather(either.desk, either.reader, words, "safeguarding")
    disclosure.disclose(
        either.desk, either.reader, shared, basis="safeguarding", purpose="a meeting",
        recipients=["the school"], checked="read against the words",
    )  # fmt: skip
    facts = either.facts("access")
    clear = msgspec.json.encode(
        [fact.event for fact in facts if isinstance(fact.event, ExportMade | DisclosureMade)]
    )
    assert b"ab" * 32 not in clear
    assert len(either.events(CopyFingerprinted, "access")) == 3
    done = erased(either, words)
    marks = [fact for fact in either.facts("access") if isinstance(fact.event, CopyFingerprinted)]
    assert [fact.erased for fact in marks] == [True, False, True]
    assert done.certificate
    assert done.certificate.guessable == ()
    left = [event for event in either.events(ExportMade, "access") if str(words) in event.ids]
    assert left[0].recipient == "ds.hart"  # the name of the copy's recipient is still recorded


def test_a_disclosure_repeated_is_one_with_one_hash(office: Office) -> None:
    words, command = office.words(), office.desk.new_random_id()
    told: dict[str, Any] = {
        "basis": "safeguarding", "purpose": "a meeting", "recipients": ["the school"],
        "checked": "read against the words", "command_id": command,
    }  # fmt: skip
    shared = disclosure.gather(office.desk, office.reader, words, "safeguarding")
    first = disclosure.disclose(office.desk, office.reader, shared, **told)
    again = disclosure.disclose(office.desk, office.reader, shared, **told)
    assert first == again
    assert len(office.events(CopyFingerprinted, "access")) == 1


def test_what_was_only_restricted_is_not_called_erased(office: Office) -> None:
    words = office.words()
    legal_hold.place(
        office.desk,
        office.reader,
        legal_hold.items_under_hold(office.desk, words),
        "inquiry",
        "an order",
    )
    done = erased(office, words)
    assert done.outcome == "only restricted"
    assert done.certificate
    told = [str(one) for one in certified(office.desk, done.id)]
    assert "Outcome: Restricted and certified: nothing was erased" in told
    assert not [one for one in told if "unreadable" in one]
    assert [one for one in told if one.startswith("Destroyed: the notes of the proposal; every")]
    assert not done.certificate.copies


def test_a_rehearsal_keeps_its_backups_sealed(office: Office, tmp_path: Path) -> None:
    """A rehearsal of a restore leaves its backups encrypted, without a key beside them, and deletes
    the data that it decrypted.
    """
    (room := tmp_path / "room").mkdir()
    rehearsal = safekeeping.Rehearsal(office.system, room, str(room / "store"), lambda: 0)
    steps = iter(rehearsal.run())
    for _ in ("back up", "bring back"):
        step = next(steps)
        assert step.ok, step.found
        for name in ("backup", "keys"):
            assert [one.name for one in (room / name).iterdir()] == [sealed_copy.NAME]
    assert {one.name for one in room.iterdir()} == {"backup", "keys", "store"}
    with pytest.raises(Unprovable, match="was encrypted for another key than"):
        sealed_copy.MemoryKeyPair().open(room / "keys", tmp_path / "opened")


def test_a_rehearsal_leaves_no_copy_to_be_named(office: Office, tmp_path: Path) -> None:
    rehearsal = safekeeping.Rehearsal(office.system, tmp_path, str(tmp_path / "store"), lambda: 0)
    next(iter(rehearsal.run()))
    assert office.events(BackupMade, "access") == []
    assert office.events(ProofTaken, "access") == []

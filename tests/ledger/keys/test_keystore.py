"""Each key-encryption key is a file that only the owner can read. A file is complete or absent, and
does not exist after the key was destroyed.
"""

import os
from pathlib import Path

import pytest

from domain.kernel.envelope import LogUnavailable
from ledger.keys.keys import KeyFault
from ledger.keys.keystore import FAMILIES, FileKeyStore, newest

KEY = b"k" * 32


@pytest.fixture
def store(tmp_path: Path) -> FileKeyStore:
    one = FileKeyStore(tmp_path / "keys")
    for family in FAMILIES:
        assert one.rotate(family) == 1
    return one


def test_what_is_wrapped_is_unwrapped_where_it_belongs(store: FileKeyStore) -> None:
    (wrapped,) = store.wrap("record", 1, [(b"here", KEY)])
    assert KEY not in wrapped
    assert store.unwrap("record", 1, [(b"here", wrapped), (b"there", wrapped)]) == [KEY, None]
    assert store.unwrap("subject", 1, [(b"here", wrapped)]) == [None]
    assert store.unwrap("record", 1, [(b"here", wrapped[:-1]), (b"here", b"")]) == [None, None]
    assert store.wrap("record", 1, [(b"here", KEY)]) != [wrapped]


def test_files_are_for_their_owner_alone(store: FileKeyStore, tmp_path: Path) -> None:
    files = sorted((tmp_path / "keys").iterdir())
    assert [file.name for file in files] == ["record.1.kek", "source.1.kek", "subject.1.kek"]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    files[0].chmod(0o644)
    with pytest.raises(KeyFault, match="can read"):
        store.wrap("record", 1, [(b"", KEY)])


def test_a_destroyed_epoch_is_gone_and_the_next_one_opens_nothing_of_it(
    store: FileKeyStore, tmp_path: Path
) -> None:
    (wrapped,) = store.wrap("record", 1, [(b"", KEY)])
    assert store.rotate("record") == 2
    assert store.epochs("record") == (1, 2)
    assert store.unwrap("record", 2, [(b"", wrapped)]) == [None]
    store.destroy("record", 1)
    store.destroy("record", 1)
    assert store.epochs("record") == (2,)
    assert not (tmp_path / "keys" / "record.1.kek").exists()
    with pytest.raises(LogUnavailable, match=r"record\.1\.kek is missing"):
        store.unwrap("record", 1, [(b"", wrapped)])


def test_what_is_destroyed_is_overwritten_first(store: FileKeyStore, tmp_path: Path) -> None:
    path = tmp_path / "keys" / "record.1.kek"
    beside = tmp_path / "another name of the same file"
    os.link(path, beside)
    before = beside.read_bytes()
    store.destroy("record", 1)
    assert beside.read_bytes() != before


def test_another_process_forgets_what_was_destroyed(store: FileKeyStore, tmp_path: Path) -> None:
    other = FileKeyStore(tmp_path / "keys")
    (wrapped,) = other.wrap("record", 1, [(b"", KEY)])
    store.rotate("record")
    store.destroy("record", 1)
    assert other.unwrap("record", 1, [(b"", wrapped)]) == [KEY]
    other.refresh()
    with pytest.raises(KeyFault):
        other.unwrap("record", 1, [(b"", wrapped)])


def test_a_rotation_that_was_cut_short_left_nothing(store: FileKeyStore, tmp_path: Path) -> None:
    (tmp_path / "keys" / "record.2.kek.new").write_bytes(b"half")
    assert store.epochs("record") == (1,)
    assert store.rotate("record") == 2
    assert len((tmp_path / "keys" / "record.2.kek").read_bytes()) == 32


def test_a_passphrase_protects_what_is_made_with_it(store: FileKeyStore, tmp_path: Path) -> None:
    words = tmp_path / "passphrase"
    words.write_text("a long sentence that nobody guesses\n")
    words.chmod(0o600)
    protected = FileKeyStore(tmp_path / "keys", words)
    # the program can still read a key in the form of an older release
    (old,) = protected.wrap("record", 1, [(b"", KEY)])
    assert [protected.rotate(family) for family in FAMILIES] == [2, 2, 2]
    (wrapped,) = protected.wrap("record", 2, [(b"", KEY)])
    again = FileKeyStore(tmp_path / "keys", words)
    assert again.unwrap("record", 2, [(b"", wrapped)]) == [KEY]
    assert again.unwrap("record", 1, [(b"", old)]) == [KEY]
    with pytest.raises(KeyFault, match="key_passphrase_file"):
        store.unwrap("record", 2, [(b"", wrapped)])
    words.write_text("another")
    with pytest.raises(KeyFault, match="does not open"):
        FileKeyStore(tmp_path / "keys", words).unwrap("record", 2, [(b"", wrapped)])


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [("words", 0o644, "can read"), (" \n", 0o600, "is empty"), (None, 0, "cannot be read")],
)
def test_a_passphrase_file_that_will_not_do(
    tmp_path: Path, content: str | None, mode: int, said: str
) -> None:
    words = tmp_path / "passphrase"
    if content is not None:
        words.write_text(content)
        words.chmod(mode)
    with pytest.raises(KeyFault, match=said):
        FileKeyStore(tmp_path / "keys", words)


def test_no_keys_at_all_are_reported_and_never_made_anew(tmp_path: Path) -> None:
    with pytest.raises(KeyFault, match="Restore the keys"):
        newest(FileKeyStore(tmp_path / "keys"), "record")


def test_a_damaged_key_is_reported(store: FileKeyStore, tmp_path: Path) -> None:
    (tmp_path / "keys" / "record.1.kek").write_bytes(b"short")
    with pytest.raises(KeyFault, match="damaged"):
        store.wrap("record", 1, [(b"", KEY)])

"""The keys of a store are made once, can be read only by their owner, and are each used for one
purpose.
"""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.keys.keys import KeyFault, Keys, SealBroken

KEYS = Keys(b"c" * 32, b"b" * 32, b"h" * 32)


def test_keys_are_made_for_their_owner_alone(tmp_path: Path) -> None:
    home = tmp_path / "home" / "keys"
    made = Keys.create(home)
    assert Keys.load(home) == made
    assert len({made.command, made.blind_index, made.held}) == 3
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in home.iterdir()} == {0o600}
    assert made != Keys.create(tmp_path / "another")


def test_keys_are_never_replaced(tmp_path: Path) -> None:
    made = Keys.create(tmp_path)
    with pytest.raises(KeyFault, match="they were not changed"):
        Keys.create(tmp_path)
    assert Keys.load(tmp_path) == made


def test_what_is_wrong_with_keys_is_reported(tmp_path: Path) -> None:
    with pytest.raises(KeyFault, match="continuum init"):
        Keys.load(tmp_path / "nowhere")
    Keys.create(tmp_path)
    (tmp_path / "blind.key").chmod(0o640)
    with pytest.raises(KeyFault, match=r"chmod 600 .*blind\.key"):
        Keys.load(tmp_path)
    (tmp_path / "blind.key").chmod(0o600)
    tmp_path.chmod(0o755)
    with pytest.raises(KeyFault, match="chmod 700"):
        Keys.load(tmp_path)
    tmp_path.chmod(0o700)
    (tmp_path / "blind.key").write_bytes(b"short")
    with pytest.raises(KeyFault, match="damaged"):
        Keys.load(tmp_path)
    (tmp_path / "blind.key").unlink()
    with pytest.raises(KeyFault, match=r"blind\.key is missing"):
        Keys.load(tmp_path)


def test_keys_are_not_printed() -> None:
    assert "ccc" not in f"{KEYS} {KEYS!r}"


def test_an_index_depends_on_kind_text_and_key() -> None:
    other = Keys(b"c" * 32, b"x" * 32, b"h" * 32)
    found = {
        KEYS.blind("phone", "+447700900123"),
        KEYS.blind("phone", "+447700900124"),
        KEYS.blind("plate", "+447700900123"),
        KEYS.blind("phon", "e+447700900123"),
        other.blind("phone", "+447700900123"),
    }
    assert len(found) == 5
    assert {len(index) for index in found} == {32}
    assert KEYS.blind("phone", "+447700900123") in found
    assert KEYS.digest(b"body") != Keys(b"x" * 32, b"b" * 32, b"h" * 32).digest(b"body")
    assert KEYS.digest(b"body") == KEYS.digest(b"body")


@given(plain=st.binary(), context=st.binary())
def test_what_is_sealed_opens_in_its_own_context(plain: bytes, context: bytes) -> None:
    sealed = KEYS.seal(plain, context)
    assert KEYS.unseal(sealed, context) == plain
    assert sealed != KEYS.seal(plain, context)
    with pytest.raises(SealBroken):
        KEYS.unseal(sealed, context + b"x")
    with pytest.raises(SealBroken):
        Keys(b"c" * 32, b"b" * 32, b"x" * 32).unseal(sealed, context)


@given(place=st.integers(0, 40), bit=st.integers(0, 7))
def test_changed_bytes_do_not_open(place: int, bit: int) -> None:
    sealed = bytearray(KEYS.seal(b"A parent's name", b"c"))
    sealed[place] ^= 1 << bit
    with pytest.raises(SealBroken):
        KEYS.unseal(bytes(sealed), b"c")
    with pytest.raises(SealBroken):
        KEYS.unseal(bytes(sealed[:place]), b"c")

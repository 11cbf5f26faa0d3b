"""An encrypted body can be decrypted only as part of its own record. Only one key decrypts it, and
only to one text."""

import os
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.keys.keys import SealBroken
from ledger.keys.sealing import INFO, OVERHEAD, DataKey, event_secret, key_id, place, seal, unseal
from ledger.verify import _encrypted, _round_keys, gcm_opened

KEY = DataKey(b"i" * 16, b"k" * 32)
SALT = b"s" * 32
STREAM = b"0" * 16
PLACE = place(STREAM, 1, "note.noted@1", b'{"by":"psw-1"')
BODY = b',"words":"seen in Mill Lane"}}'
VECTOR = "00112233445566778899aabbccddeeff"
KNOWN = "7ba699ec78745ae2b9f115113a36f583de817ca20264f9b7423443e9be5301db"


def opened(envelope: bytes) -> bytes:
    """Return the decrypted text of an envelope. The key's id is read from the envelope first, as a
    reader does to look up the key."""
    key_id(envelope)
    return unseal(KEY.secret, PLACE, envelope)


@given(body=st.binary(max_size=300), salt=st.binary(min_size=32, max_size=32))
def test_what_is_sealed_opens(body: bytes, salt: bytes) -> None:
    envelope = seal(KEY, salt, PLACE, body)
    assert key_id(envelope) == KEY.id
    assert len(envelope) == len(body) + OVERHEAD
    assert unseal(KEY.secret, PLACE, envelope) == body
    assert len(body) < 4 or body not in envelope[81:]


def test_key_and_commitment_are_those_of_hkdf() -> None:
    """The key and the commitment (a value that binds the ciphertext to one key) are equal to those
    of another implementation of RFC 5869.
    """
    envelope = seal(KEY, SALT, PLACE, BODY)
    both = HKDF(SHA256(), 64, SALT, INFO).derive(KEY.secret)
    assert envelope[49:81] == both[32:]
    assert AESGCM(both[:32]).decrypt(bytes(12), envelope[81:], PLACE) == BODY


@pytest.mark.parametrize(
    "other",
    [
        place(b"1" * 16, 1, "note.noted@1", b'{"by":"psw-1"'),
        place(STREAM, 2, "note.noted@1", b'{"by":"psw-1"'),
        place(STREAM, 1, "note.closed@1", b'{"by":"psw-1"'),
        place(STREAM, 1, "note.noted@1", b'{"by":"psw-2"'),
        b"",
    ],
)
def test_a_body_moved_to_another_record_does_not_open(other: bytes) -> None:
    with pytest.raises(SealBroken, match="belongs to another record"):
        unseal(KEY.secret, other, seal(KEY, SALT, PLACE, BODY))


def test_any_bit_changed_is_found() -> None:
    envelope = seal(KEY, SALT, PLACE, BODY)
    for at in range(len(envelope)):
        changed = bytearray(envelope)
        changed[at] ^= 1
        # this byte is part of the key's id, and its change leads to another key or to none
        if at in range(1, 17):
            assert key_id(bytes(changed)) != KEY.id
            continue
        with pytest.raises(SealBroken):
            opened(bytes(changed))


@pytest.mark.parametrize("cut", [0, 1, 17, 81, OVERHEAD - 1, -1])
def test_what_is_cut_short_does_not_open(cut: int) -> None:
    envelope = seal(KEY, SALT, PLACE, BODY)[:cut]
    with pytest.raises(SealBroken):
        opened(envelope)


def test_another_key_is_distinguished_from_a_changed_body() -> None:
    with pytest.raises(SealBroken, match="the text of this record was sealed with another key"):
        unseal(b"x" * 32, PLACE, seal(KEY, SALT, PLACE, BODY))


def test_what_opens_one_event_opens_no_other() -> None:
    one, other = seal(KEY, SALT, PLACE, BODY), seal(KEY, b"t" * 32, PLACE, BODY)
    assert event_secret(KEY.secret, one) != event_secret(KEY.secret, other)
    assert one[81:] != other[81:]


# --- the commitment to one key -------------------------------------------------------------------


def _times(a: int, b: int) -> int:
    """Return the product of two elements in the field of AES-GCM, whose bits are in reverse
    order."""
    product = 0
    for bit in range(127, -1, -1):
        if b >> bit & 1:
            product ^= a
        a = a >> 1 ^ (0xE1 << 120 if a & 1 else 0)
    return product


def _power(a: int, exponent: int) -> int:
    result = 1 << 127
    while exponent:
        result = _times(result, a) if exponent & 1 else result
        a, exponent = _times(a, a), exponent >> 1
    return result


def _opening_under_two_keys(first: bytes, second: bytes) -> bytes:
    """Return two blocks of ciphertext and a tag that AES-GCM accepts under both keys.

    The tag is a polynomial of the ciphertext in the hash key H, which a person with both keys
    knows: c·H³ + d·H² + length·H + mask. For any d, this is one equation for c.
    """
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    def block(key: bytes, text: bytes) -> int:
        cipher = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305
        return int.from_bytes(cipher.update(text), "big")

    keys = first, second
    h = [block(key, bytes(16)) for key in keys]
    mask = [block(key, bytes(15) + b"\x01") for key in keys]
    length, d = 256, 7
    rest = [_times(d, _times(h[i], h[i])) ^ _times(length, h[i]) ^ mask[i] for i in range(2)]
    cubes = [_times(one, _times(one, one)) for one in h]
    c = _times(rest[0] ^ rest[1], _power(cubes[0] ^ cubes[1], 2**128 - 2))
    tag = _times(c, cubes[0]) ^ rest[0]
    return b"".join(part.to_bytes(16, "big") for part in (c, d, tag))


def test_a_text_that_aes_gcm_opens_under_two_keys_opens_here_under_none() -> None:
    secrets = b"a" * 32, b"b" * 32
    envelopes = [seal(DataKey(KEY.id, one), SALT, b"", b"") for one in secrets]
    own = [HKDF(SHA256(), 64, SALT, INFO).derive(one)[:32] for one in secrets]
    both = _opening_under_two_keys(*own)
    texts = {AESGCM(key).decrypt(bytes(12), both, b"") for key in own}
    assert len(texts) == 2  # AES-GCM alone would accept these bytes under both keys
    for envelope in envelopes:
        opened = []
        for secret in secrets:
            try:
                opened.append(unseal(secret, b"", envelope[:81] + both))
            except SealBroken:
                continue
        assert len(opened) <= 1
    neither = seal(DataKey(KEY.id, os.urandom(32)), SALT, b"", b"")[:81] + both
    for secret in secrets:
        with pytest.raises(SealBroken, match="the text of this record was sealed with another key"):
            unseal(secret, b"", neither)


def test_a_seal_under_a_fixed_salt_is_known_to_the_byte() -> None:
    """Encryption with a fixed salt gives exactly the expected bytes. So no change of the code can
    make old records unreadable without failing this test.
    """
    assert sha256(seal(KEY, SALT, PLACE, BODY)).hexdigest() == KNOWN


# --- the AES-GCM of the standalone verifier -------------------------------------------------------


@given(
    key=st.binary(min_size=32, max_size=32),
    nonce=st.binary(min_size=12, max_size=12),
    text=st.binary(max_size=70),
    beside=st.binary(max_size=40),
)
@settings(max_examples=40)
def test_the_verifier_opens_as_the_library_does(
    key: bytes, nonce: bytes, text: bytes, beside: bytes
) -> None:
    sealed = AESGCM(key).encrypt(nonce, text, beside)
    assert gcm_opened(key, nonce, sealed, beside) == text
    assert gcm_opened(key, nonce, sealed[:-1] + bytes([sealed[-1] ^ 1]), beside) is None
    assert gcm_opened(key, nonce, sealed, beside + b"x") is None


def test_the_published_vectors_pass() -> None:
    """The verifier's AES-256-GCM passes the vectors of FIPS 197, appendix C.3, and of the GCM
    specification, cases 13 and 14.
    """
    zero = bytes(32)
    assert (
        gcm_opened(zero, bytes(12), bytes.fromhex("530f8afbc74536b9a963b4f1c4cb738b"), b"") == b""
    )
    sealed = "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"
    assert gcm_opened(zero, bytes(12), bytes.fromhex(sealed), b"") == bytes(16)
    block = _encrypted(_round_keys(bytes(range(32))), bytes.fromhex(VECTOR))
    assert block.hex() == "8ea2b7ca516745bfeafc49904b496089"

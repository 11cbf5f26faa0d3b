"""Passwords cost little in the tests: made as slowly as in the product, the hashes were the most of
each test that signs in."""

from argon2 import PasswordHasher

from access.signing_in import credentials

#: The product's password hasher.
OURS = credentials._HASHER
_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def hash_quickly() -> None:
    """Hash quickly in this process from now on."""
    credentials._HASHER = _QUICK

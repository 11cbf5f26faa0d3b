"""Make password hashes cheap in the tests. With the product's slow hashes, they took most of the
time of each test in which a user signs in.
"""

from argon2 import PasswordHasher

from access.signing_in import credentials

#: The product's password hasher.
OURS = credentials._HASHER
_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def hash_quickly() -> None:
    """Make password hashes cheap in this process for the rest of the run."""
    credentials._HASHER = _QUICK

"""Make and use the key pairs of people who open backups; on their own machines, without a store."""

from pathlib import Path

from msgspec import Struct

from ledger.backup import sealed_copy


class KeyPair(Struct, frozen=True):
    """A key pair for encrypted backups: the paths of both keys, and the fingerprint of the public
    key."""

    private: Path
    public: Path
    fingerprint: str


def places(name: Path) -> tuple[Path, Path]:
    """Return the paths of the backup key pair with this name: the private key, then the public
    one."""
    private, public = (name.with_name(f"{name.name}.{kind}.pem") for kind in ("private", "public"))
    return private, public


def make(name: Path, passphrase: str) -> KeyPair:
    """Make a key pair for encrypted backups, and protect the private key with a passphrase. Raises
    OSError, also if a key pair with this name exists already.
    """
    private, public = places(name)
    return KeyPair(private, public, sealed_copy.make_pair(private, public, passphrase))


def proven(private: Path, passphrase: str) -> str:
    """Return the fingerprint of the key pair if this passphrase opens the private key. Raises
    Unprovable."""
    return sealed_copy.proven(private, passphrase)


def open_backup(sealed: Path, private: Path, passphrase: str, into: Path) -> None:
    """Extract an encrypted backup into a new directory. Raises Unprovable, IntegrityFailure,
    OSError."""
    sealed_copy.open_sealed(sealed, private, passphrase, into)

"""The keys of the people who open backups: made and used on their own machines, without a store."""

from dataclasses import dataclass
from pathlib import Path

from ledger.backup import sealed_copy


@dataclass(frozen=True)
class KeyPair:
    """A pair of keys: where both lie, and the fingerprint of the public one."""

    private: Path
    public: Path
    fingerprint: str


def places(name: Path) -> tuple[Path, Path]:
    """Return where a pair of this name lies: the private key, then the public one."""
    private, public = (name.with_name(f"{name.name}.{one}.pem") for one in ("private", "public"))
    return private, public


def make(name: Path, passphrase: str) -> KeyPair:
    """Make a pair, the private key under a passphrase. Raises OSError, also where there is one."""
    private, public = places(name)
    return KeyPair(private, public, sealed_copy.make_pair(private, public, passphrase))


def proven(private: Path, passphrase: str) -> str:
    """Return the fingerprint of the pair whose private key this passphrase opens. Raises
    Unprovable."""
    return sealed_copy.proven(private, passphrase)


def open_backup(sealed: Path, private: Path, passphrase: str, into: Path) -> None:
    """Put the files of a sealed backup into a new directory. Raises Unprovable, IntegrityFailure,
    OSError."""
    sealed_copy.open_sealed(sealed, private, passphrase, into)

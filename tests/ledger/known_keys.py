"""A key store without files, for tests: it computes its keys from their names, so that every
process has the same keys."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from hashlib import sha256

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.kernel.envelope import LogUnavailable
from ledger.keys.keystore import FAMILIES, Bound


class KnownKeys:
    """A fast key store for tests, whose keys are not secret. With `broken`, every call fails."""

    def __init__(self) -> None:
        self.held: dict[str, list[int]] = {family: [1] for family in FAMILIES}
        self.broken = False

    def epochs(self, family: str) -> tuple[int, ...]:
        return tuple(self.held[family])

    def wrap(self, family: str, epoch: int, keys: Sequence[Bound]) -> list[bytes]:
        key = self._key(family, epoch)
        return [key.encrypt(bytes(12), plain, context) for context, plain in keys]

    def unwrap(self, family: str, epoch: int, keys: Sequence[Bound]) -> list[bytes | None]:
        key = self._key(family, epoch)
        return [key.decrypt(bytes(12), wrapped, context) for context, wrapped in keys]

    def require(self, family: str, epoch: int) -> None:
        self._key(family, epoch)

    def alone(self) -> AbstractContextManager[None]:
        return nullcontext()

    def rotate(self, family: str) -> int:
        self.held[family].append(self.held[family][-1] + 1)
        return self.held[family][-1]

    def destroy(self, family: str, epoch: int) -> None:
        if epoch in self.held[family]:
            self.held[family].remove(epoch)

    def refresh(self) -> None:
        pass

    def _key(self, family: str, epoch: int) -> AESGCM:
        if self.broken or epoch not in self.held[family]:
            raise LogUnavailable("The key store does not answer.")
        return AESGCM(sha256(f"{family} {epoch}".encode()).digest())

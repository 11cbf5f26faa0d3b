"""Count repeated rows of a file: a log may say "out again" twice, and both are recorded."""

import hashlib
from collections import Counter
from collections.abc import Sequence


class Occurrences:
    """Counts how often each identity of a row occurs in a file. It takes a few bytes for each,
    because a sheet may have a million rows."""

    def __init__(self) -> None:
        self._once: set[int] = set()
        self._again: Counter[int] = Counter()

    def count(self, identity: Sequence[str]) -> int:
        """Return 1 for the first occurrence of an identity, 2 for the second."""
        said = "\x1f".join(identity).encode("utf-8", "surrogatepass")
        mark = int.from_bytes(hashlib.blake2b(said, digest_size=8).digest())
        if mark not in self._once:
            self._once.add(mark)
            return 1
        self._again[mark] += 1
        return self._again[mark] + 1

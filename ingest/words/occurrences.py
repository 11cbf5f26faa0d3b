"""Count repeated rows of a file: a log may say "out again" twice, and both are recorded."""

import hashlib
from collections import Counter
from collections.abc import Sequence


class Occurrences:
    """Counts how often each row of a file occurs; rows with the same identity are the same row.
    Each identity takes only a few bytes of memory, because a sheet may have a million rows."""

    def __init__(self) -> None:
        self._once: set[int] = set()
        self._again: Counter[int] = Counter()

    def count(self, identity: Sequence[str]) -> int:
        """Return how often the row with this identity has occurred so far in the file: 1 at its
        first occurrence, 2 at its second."""
        encoded = "\x1f".join(identity).encode("utf-8", "surrogatepass")
        mark = int.from_bytes(hashlib.blake2b(encoded, digest_size=8).digest())
        if mark not in self._once:
            self._once.add(mark)
            return 1
        self._again[mark] += 1
        return self._again[mark] + 1

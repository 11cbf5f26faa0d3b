"""How JSON and values become our kinds of things: one thread at a time makes what reads a kind.

msgspec makes what it knows of a struct when it first reads one, and lets other threads use it
before it is whole: then the process ends at once, without a word (seen with 0.22). So nothing else
asks msgspec to read a kind (tests/house/test_decoded.py).
"""

from collections.abc import Callable
from functools import lru_cache
from threading import RLock
from typing import Any, TypeVar, overload
from uuid import UUID

import msgspec

T = TypeVar("T")
_MAKING = RLock()
_MADE: dict[Any, msgspec.json.Decoder[Any]] = {}


@overload
def decoder(kind: type[T]) -> Callable[[bytes | str], T]: ...
@overload
def decoder(kind: object) -> Callable[[bytes | str], Any]: ...
def decoder(kind: Any) -> Callable[[bytes | str], Any]:
    """What reads JSON as this kind. It raises `msgspec.ValidationError` for what is none, and
    `msgspec.DecodeError` for what is no JSON."""
    made = _MADE.get(kind)
    if made is None:
        with _MAKING:
            made = _MADE.setdefault(kind, msgspec.json.Decoder(kind))
    return made.decode


@overload
def convert(value: object, kind: type[T], *, strict: bool = True) -> T: ...
@overload
def convert(value: object, kind: object, *, strict: bool = True) -> Any: ...
def convert(value: object, kind: Any, *, strict: bool = True) -> Any:
    """A value as this kind; not `strict`: out of texts, too. Raises `msgspec.ValidationError` for
    what is none."""
    decoder(kind)
    return msgspec.convert(value, kind, strict=strict)


@lru_cache(maxsize=20_000)
def read_id(text: str | None) -> UUID | None:
    """An id out of its text, in less than half of the time that `UUID` takes; None of None. Of this
    kind msgspec has nothing to make. An answer reads the same ids again and again: they are kept,
    and of the same id the same is given. Raises `msgspec.ValidationError` for what is none."""
    return None if text is None else msgspec.convert(text, UUID)

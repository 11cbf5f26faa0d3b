"""Functions that convert JSON and Python values to the types of this project. Only one thread at a
time builds such a decoder.

msgspec builds its description of a struct when it first decodes one, and lets other threads use the
description before it is complete; then the process ends at once, without a message (seen with
msgspec 0.22). Therefore only this module makes decoders for types (tests/house/test_decoded.py).
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
    """Return a function that reads JSON text as a value of this type. The function raises
    `msgspec.ValidationError` for other content, and `msgspec.DecodeError` for text that is not
    JSON.
    """
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
    """Return a value converted to this type. If `strict` is False, text is converted to other
    types, too, for example to a number. Raises `msgspec.ValidationError` for a value that does not
    fit.
    """
    decoder(kind)
    return msgspec.convert(value, kind, strict=strict)


@lru_cache(maxsize=20_000)
def read_id(text: str | bytes | None) -> UUID | None:
    """Return the id that a text or 16 bytes contain; None for None. The function is faster than the
    constructor `UUID` and caches ids. Any thread may call it, because msgspec builds no description
    of the type UUID. Raises `msgspec.ValidationError` for a value that is not an id.
    """
    return None if text is None else msgspec.convert(text, UUID)

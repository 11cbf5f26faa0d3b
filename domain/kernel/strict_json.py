"""Read JSON from outside strictly, so that every program reads the same content from one text.

Invalid content gives an error, and never makes the program crash: a repeated key, half a character,
a NUL, a number with thousands of digits, or endless nesting.
"""

import json
import re
from typing import Any

import msgspec

from domain.kernel.values import Refused

#: The largest number of digits of a number in JSON: far more than any number in this program needs.
#: The limit does not depend on the version of Python.
MOST_DIGITS = 1000
#: Matches the character NUL as JSON escapes it: a backslash and u0000, after an even number of
#: backslashes.
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def read_json(body: bytes) -> Any:
    """Return the content of a JSON text. Raises Refused with the reason."""
    try:
        text = body.decode("utf-8")
        content = json.loads(
            text, object_pairs_hook=_once, parse_int=_whole, parse_constant=_no_number
        )
        msgspec.json.encode(content)  # encoding fails for half of a surrogate pair
    except UnicodeDecodeError as error:
        raise Refused(f"this JSON is not text in UTF-8 (at byte {error.start + 1})") from None
    except UnicodeEncodeError:
        raise Refused("this JSON contains half a character (a lone surrogate): remove it") from None
    except RecursionError:
        raise Refused("this JSON is nested too deeply: write it with fewer levels") from None
    except OverflowError:
        raise Refused(
            f"this JSON contains a number with too many digits: write at most {MOST_DIGITS}"
        ) from None
    except ValueError as error:
        raise Refused(f"this text is not valid JSON ({error}): correct it") from None
    if _NUL.search(body) or "\0" in text:
        raise Refused("this JSON contains a NUL character: remove it")
    return content


def _once(pairs: list[tuple[str, object]]) -> dict[str, Any]:
    pairs_by_name = dict(pairs)
    if len(pairs_by_name) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(
            f"the name {twice[:40]!r} occurs twice in the same object: remove one of them"
        )
    return pairs_by_name


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise OverflowError
    return int(digits)


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is not a number in JSON")

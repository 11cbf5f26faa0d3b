"""Which logs does an auditor trust, and whose signatures? The pinned origins and keys.

A policy is a JSON file that the auditor keeps where the server cannot write:

    {"format": "continuum-policy/1",
     "logs": {"evidence": {"origin": "continuum/…/evidence", "keys": ["continuum/…+hash+key"]}},
     "witnesses": {"quorum": 2, "keys": ["name+hash+key", …]}}

`witnesses` may be left out: then the log's key alone is believed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from domain.envelope import LogName
from ledger.checkpoint import WITNESS, VerifierKey

FORMAT = "continuum-policy/1"


class BadPolicy(ValueError):
    """A policy that cannot be used; the message says what is wrong in it."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """One log: its origin, and the keys of which one must have signed a checkpoint."""

    origin: str
    keys: tuple[VerifierKey, ...]
    witnesses: tuple[VerifierKey, ...] = ()
    quorum: int = 0
    """So many of the witnesses must have signed, or a checkpoint proves nothing."""


def written(logs: Mapping[LogName, Pinned]) -> str:
    """The policy as a file holds it."""
    told = {
        name: {"origin": one.origin, "keys": [str(key) for key in one.keys]}
        for name, one in logs.items()
    }
    return json.dumps({"format": FORMAT, "logs": told}, indent=2) + "\n"


def read(text: str) -> dict[LogName, Pinned]:
    """Raises BadPolicy."""
    try:
        told: Any = json.loads(text)
        if told["format"] != FORMAT:
            raise BadPolicy(f"its format is {told['format']!r}, not {FORMAT!r}")
        outside = told.get("witnesses", {"quorum": 0, "keys": []})
        quorum = outside["quorum"]
        witnesses = tuple(VerifierKey.parse(key, WITNESS) for key in outside["keys"])
        if type(quorum) is not int or not 0 <= quorum <= len({key.name for key in witnesses}):
            raise BadPolicy(f"{quorum!r} of {len(witnesses)} witnesses cannot be asked for")
        logs = {
            name: Pinned(
                str(one["origin"]), tuple(map(VerifierKey.parse, one["keys"])), witnesses, quorum
            )
            for name, one in told["logs"].items()
        }
    except BadPolicy:
        raise
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise BadPolicy(f"it is no policy: {error}") from None
    if strange := set(logs) - set(get_args(LogName)):
        raise BadPolicy(f"there is no log called {', '.join(sorted(strange))}")
    for name, one in logs.items():
        if not one.keys or any(key.name != one.origin for key in one.keys):
            raise BadPolicy(f"{name}: it needs a key that bears the log's origin as its name")
    return logs

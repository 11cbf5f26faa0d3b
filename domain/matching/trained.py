"""The event that stores weights trained on an installation's own records. The stored weights have a
version, and each comparison of records names the version that was used.

The weights' list of names contains only names that many people have.
"""

from typing import ClassVar
from uuid import UUID

from msgspec import structs

from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.values import Refused
from domain.matching.weights import Weights, with_defaults

TRAINED = "trained"
#: The single stream with all sets of weights. If two sets are trained at the same time, the second
#: command has to be repeated.
STREAM = UUID("7f0b6f5e-6f0c-5a55-9d6c-2d3c0c1d7a44")


class WeightsTrained(Event, frozen=True):
    """New weights for comparing people were trained, on this number of records."""

    stored: ClassVar = Stored("weights.trained", "evidence", "none")
    meaning: ClassVar = Meaning(("judge",), commands=("weights.train",))
    weights: Weights
    records: int


EVENTS = (WeightsTrained,)


def evolve(weights: Weights, event: Event) -> Weights:
    return with_defaults(event.weights) if isinstance(event, WeightsTrained) else weights


def keep(before: Weights, weights: Weights, records: int) -> tuple[Event, ...]:
    """Return the event that stores newly trained weights. Raises Refused if the records give the
    same weights as before.
    """
    if structs.replace(weights, version=before.version) == before:
        raise Refused(
            "the matching weights stay as they are: the records contain no new judgements of "
            "whether two people are the same"
        )
    return (WeightsTrained(weights, records),)


def next_version(before: Weights) -> str:
    """Return the version number that follows the version of these weights."""
    kind, _, number = before.version.rpartition("-")
    return f"{TRAINED}-{int(number) + 1 if kind == TRAINED else 1}"

"""Makes the API's description shorter: a part that occurs several times is written once, and
replaced by references elsewhere."""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from msgspec import Struct


class SharedPart(Struct, frozen=True):
    """A part of the API's description that may occur several times: the place where it occurs, and
    the name that it gets if it is shared."""

    holder: Any
    key: Any
    name: str

    @property
    def part(self) -> Any:
        return self.holder[self.key]


def share(
    places: Iterable[SharedPart], into: dict[str, Any], reference: str, size: int = 0
) -> None:
    """Replace each part that occurs several times and has at least `size` characters by a
    reference, and add the part to `into` under its name. If another part already has that name, a
    number is appended to the name."""
    placed = [(place, json.dumps(place.part, sort_keys=True)) for place in places]
    uses = Counter(text for _, text in placed)
    names: dict[str, str] = {}
    for part, text in placed:
        if uses[text] == 1 or len(text) < size:
            continue
        if text not in names:
            names[text] = _free(part.name, into)
            into[names[text]] = part.part
        part.holder[part.key] = {"$ref": reference.format(name=names[text])}


def _free(name: str, taken: dict[str, Any]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free

"""Examples of requests to each operation. They are in `examples.json`, which `python -m
tests.web.api.examples` writes from the test inputs of the operations. The tests send all
examples."""

from pathlib import Path
from typing import Any

import msgspec

from domain.kernel.decoding import decoder


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A request to one operation: the ids in its address, its parameters, its body. The ids belong
    to no store."""

    path: dict[str, str] = {}
    query: dict[str, Any] = {}
    body: Any = None


#: The examples, by the id of their operation.
EXAMPLES: dict[str, Example] = decoder(dict[str, Example])(
    Path(__file__).with_name("examples.json").read_bytes()
)
NO_EXAMPLE = Example()

"""The definitions of low, medium and high risk by which a child's case is rated. Each version's
text stays available, because a rating names the version by which it was given.
"""

from collections.abc import Collection, Mapping
from types import MappingProxyType

from domain.kernel.values import Refused

IN_FORCE = "lmh-2013/1"
DEFINITIONS: Mapping[str, str] = MappingProxyType(
    {
        IN_FORCE: (
            "High: the child is subject to sexual exploitation, or the case is going to court. "
            "Medium and low: as the force's own assessment defines them."
        )
    }
)
"""The definition of high risk is the report's own; the report does not define low and medium risk
[verify]."""


def require_held(definition: str | None, stored: Collection[str]) -> None:
    """Raise Refused if `stored` lacks the version `definition` of the texts that define low, medium
    and high risk. None means the current version and is always accepted.
    """
    if definition and definition not in stored:
        raise Refused(
            f"there is no definition {definition!r} of the thresholds: give one of "
            f"{', '.join(sorted(stored))}, or leave it out for the definition in force",
            field="definition",
        )

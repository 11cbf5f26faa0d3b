"""Whose confirmation does PostgreSQL wait for before it acknowledges what was written?

`synchronous_standby_names` names those who read the server's own log as they call themselves
(`application_name`), and not as their slots are called: a site that follows calls itself as its
subscription unless its address says otherwise, and others than sites may stand there, too.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

#: "FIRST 2 (…)", "ANY 2 (…)" and "2 (…)" wait for two of those that are named; a bare list for one.
_MANY = re.compile(r"\s*(?:(?:FIRST|ANY)\s+)?(\d+)\s*\((.*)\)\s*", re.IGNORECASE | re.DOTALL)
_NAME = re.compile(r'"((?:[^"]|"")*)"|([^\s,"]+)')
_ANYBODY = "*"


@dataclass(frozen=True)
class RequiredStandbys:
    """So `many` of these `names`, in small letters as PostgreSQL compares them; none where it waits
    for nobody."""

    many: int
    names: frozenset[str]

    def wait_in_vain(self, answering: Sequence[str]) -> bool:
        """Whether fewer than that read the server's log now, who call themselves so."""
        return sum(self._named(one) for one in answering) < self.many

    def always_include(self, some: Collection[str], answering: Sequence[str]) -> bool:
        """Whether nothing is acknowledged before one of `some` has confirmed it: the others are
        too few."""
        own = {one.lower() for one in some}
        named = {one.lower() for one in answering} if _ANYBODY in self.names else self.names
        return len(named - own) < self.many and any(map(self._named, own))

    def _named(self, one: str) -> bool:
        return _ANYBODY in self.names or one.lower() in self.names


def awaited(setting: str) -> RequiredStandbys:
    """What `synchronous_standby_names` says."""
    counted = _MANY.fullmatch(setting)
    listed = counted[2] if counted else setting
    names = {
        (quoted.replace('""', '"') or plain).lower() for quoted, plain in _NAME.findall(listed)
    }
    many = int(counted[1]) if counted else 1
    return RequiredStandbys(many if names else 0, frozenset(names))

"""Parses PostgreSQL's `synchronous_standby_names`: whose confirmation the server waits for before
it acknowledges a commit.

The setting names readers of the server's own log by application name (`application_name`), and not
by slot: a site that follows uses the name of its subscription unless its address says otherwise,
and the setting may list readers other than sites.
"""

import re
from collections.abc import Collection, Sequence

from msgspec import Struct

#: The forms "FIRST 2 (…)", "ANY 2 (…)" and "2 (…)" wait for two of the listed names; a bare list
#: for one.
_MANY = re.compile(r"\s*(?:(?:FIRST|ANY)\s+)?(\d+)\s*\((.*)\)\s*", re.IGNORECASE | re.DOTALL)
_NAME = re.compile(r'"((?:[^"]|"")*)"|([^\s,"]+)')
_ANYBODY = "*"


class RequiredStandbys(Struct, frozen=True):
    """The standby servers that a commit waits for: this `many` of these `names`, in lower case as
    PostgreSQL compares them; no names if it waits for none.
    """

    many: int
    names: frozenset[str]

    def wait_in_vain(self, answering: Sequence[str]) -> bool:
        """Return whether fewer of these standby servers are connected than a commit waits for."""
        return sum(self._named(one) for one in answering) < self.many

    def always_include(self, some: Collection[str], answering: Sequence[str]) -> bool:
        """Return whether no commit is acknowledged before one of the servers `some` has confirmed
        it: the others are too few.
        """
        own = {one.lower() for one in some}
        named = {one.lower() for one in answering} if _ANYBODY in self.names else self.names
        return len(named - own) < self.many and any(map(self._named, own))

    def _named(self, one: str) -> bool:
        return _ANYBODY in self.names or one.lower() in self.names


def awaited(setting: str) -> RequiredStandbys:
    """Return the parsed value of `synchronous_standby_names`."""
    counted = _MANY.fullmatch(setting)
    listed = counted[2] if counted else setting
    names = {
        (quoted.replace('""', '"') or plain).lower() for quoted, plain in _NAME.findall(listed)
    }
    many = int(counted[1]) if counted else 1
    return RequiredStandbys(many if names else 0, frozenset(names))

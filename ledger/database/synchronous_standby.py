"""Parse PostgreSQL's `synchronous_standby_names`: the servers that have to confirm a commit before
the server acknowledges it.

The setting lists the application names of connections that read the server's write-ahead log. The
connection of a copying site has the name of its subscription, unless the site's address gives
another name. The setting may also list connections that are not of sites.
"""

import re
from collections.abc import Collection, Sequence

from msgspec import Struct

#: "FIRST 2 (…)", "ANY 2 (…)" and "2 (…)" in the setting mean that a commit waits for two of the
#: listed servers; a list without a number means one server.
_MANY = re.compile(r"\s*(?:(?:FIRST|ANY)\s+)?(\d+)\s*\((.*)\)\s*", re.IGNORECASE | re.DOTALL)
_NAME = re.compile(r'"((?:[^"]|"")*)"|([^\s,"]+)')
_ANYBODY = "*"


class RequiredStandbys(Struct, frozen=True):
    """The servers for which a commit waits: it waits until `many` of the servers with these `names`
    have confirmed it. The names are in small letters, as PostgreSQL compares them. If a commit
    waits for no server, `names` is empty.
    """

    many: int
    names: frozenset[str]

    def wait_in_vain(self, answering: Sequence[str]) -> bool:
        """Return whether fewer of these servers are connected than a commit waits for."""
        return sum(self._named(text) for text in answering) < self.many

    def always_include(self, servers: Collection[str], answering: Sequence[str]) -> bool:
        """Return whether every commit has to be confirmed by at least one of the servers `servers`,
        because too few other servers are connected.
        """
        own = {text.lower() for text in servers}
        named = {text.lower() for text in answering} if _ANYBODY in self.names else self.names
        return len(named - own) < self.many and any(map(self._named, own))

    def _named(self, text: str) -> bool:
        return _ANYBODY in self.names or text.lower() in self.names


def awaited(setting: str) -> RequiredStandbys:
    """Return the parsed value of `synchronous_standby_names`."""
    counted = _MANY.fullmatch(setting)
    listed = counted[2] if counted else setting
    names = {
        (quoted.replace('""', '"') or plain).lower() for quoted, plain in _NAME.findall(listed)
    }
    many = int(counted[1]) if counted else 1
    return RequiredStandbys(many if names else 0, frozenset(names))

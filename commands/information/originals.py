"""The stored original files of imports. This module reads an original with the key in the event of
its import, and encrypts files that an older release of the program stored unencrypted.
"""

from collections.abc import Iterable, Iterator
from typing import Protocol
from uuid import UUID, uuid5

from access.who_may import scope
from access.who_may.decide import require
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Desk, facts
from commands.kernel.whole_logs import facts_of
from domain.information.observation import LogPhotographed
from domain.kernel.envelope import Recorded, Submission
from domain.kernel.values import Reader, Refused
from domain.people_and_teams.store_admin import FileReceived, FileSealed

_KEPT = (FileReceived, FileSealed)


class SealingOriginal(Protocol):
    """Protocol: an original file that is being encrypted."""

    name: str
    secret: bytes

    def keep(self, chunks: Iterable[bytes]) -> str: ...


class OriginalsStore(Protocol):
    """The store of original files, as these functions use it."""

    def sealing(self) -> SealingOriginal: ...

    def read(self, name: str, secret: bytes) -> Iterator[bytes]: ...

    def clear(self, name: str) -> Iterator[bytes]: ...

    def in_clear(self) -> list[str]: ...

    def delete(self, name: str) -> None: ...


def names(history: Iterable[Recorded]) -> list[str]:
    """Return the names under which an imported file, or the photographs of an entry, are stored.
    `history` has the facts of the file or entry.
    """
    file_names: list[str] = []
    for fact in history:
        match fact.event:
            case FileReceived(kept=kept) | FileSealed(kept=kept) if kept:
                file_names.append(kept)
            case LogPhotographed(kept=kept, shown=shown):
                file_names += [kept, shown]
    return file_names


def read(desk: Desk, reader: Reader, originals: OriginalsStore, file: UUID) -> Iterator[bytes]:
    """Yield the stored original of an imported file in parts. Raises Hidden if `file` is not a file
    of the reader's team, Denied if the reader may not import, Refused if no original was stored or
    if the original was erased.
    """
    require(reader, "import")
    history = desk.logs["evidence"].history(file)
    first = history[0] if history else None
    theirs = first is not None and (not reader.closed or first.team in reader.teams)
    if first is None or not theirs or not isinstance(first.event, FileReceived):
        raise scope.hidden_error("file", str(file))
    if first.erased:
        raise Refused("this original file was erased")
    last = [fact.event for fact in history if isinstance(fact.event, _KEPT)][-1]
    if not last.kept:
        raise Refused(
            "this original file was not stored, because it contains pictures, so it cannot be "
            "exported"
        )
    if last.secret:
        return originals.read(last.kept, last.secret)
    return originals.clear(last.kept)


def seal(desk: Desk, reader: Reader, originals: OriginalsStore) -> int:
    """Encrypt each original file that an older release stored unencrypted, under the key of its
    import; return how many were encrypted. Files that belong to no import are left as they are, and
    `continuum doctor` reports them. An interrupted run can be repeated.

    Raises LogUnavailable, OSError.
    """
    waiting = set(originals.in_clear())
    if not waiting:
        return 0
    streams: dict[UUID, list[Recorded]] = {}
    versions: dict[UUID, int] = {}
    for fact in facts_of(desk.logs, "evidence"):
        versions[fact.stream] = fact.version
        if isinstance(fact.event, _KEPT):
            streams.setdefault(fact.stream, []).append(fact)
    sealed: set[str] = set()
    for stream, history in streams.items():
        last = names(history)[-1:]
        if history[0].erased or waiting.isdisjoint(last):
            continue
        sealing = originals.sealing()
        sealing.keep(originals.clear(last[0]))
        event = FileSealed(sealing.name, sealing.secret)
        made = facts(reader, stream, versions[stream], [event])
        submission = Submission(uuid5(stream, "seal"), desk.digest("file.seal", stream), made)
        desk.save([Prepared(stream, {"evidence": submission}, reader)])
        sealed.add(last[0])
    # also delete the unencrypted files of erased imports, and those that an interrupted run has
    # encrypted
    file_names = {name for history in streams.values() for name in names(history)}
    for clear in waiting & file_names:
        originals.delete(clear)
    return len(sealed)

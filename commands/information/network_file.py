"""Record one log entry for an imported network as a whole. If this entry is graded, the ungraded
links of the network get its grade; until then they are ungraded information.

Each row of the file has a log entry, too. This entry is put into the queue only if an assessor
decides to assess it.
"""

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Desk, facts
from domain.information.observation import IMPORTED_FILE, ObservationRecorded
from domain.kernel.envelope import Submission
from domain.kernel.values import Origin, Reader

#: The largest number of names in the text of the entry about an imported network.
NAMES = 20


def words(name: str, dataset: str, kinds: Mapping[str, int], names: Counter[str]) -> str:
    """Return the text of the log entry about an imported network: the number of links of each kind,
    and the names of the people with the most links.
    """
    total = sum(kinds.values())
    by_kind = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
    first = [
        text for text, _ in sorted(names.items(), key=lambda each: (-each[1], each[0]))[:NAMES]
    ]
    more = f" and {len(names) - len(first)} more" if len(names) > len(first) else ""
    many = "1 ungraded link" if total == 1 else f"{total} ungraded links"
    who = f" They name {', '.join(first)}{more}." if first else ""
    return f"Imported file {name!r}, data set {dataset!r}: {many} ({by_kind}).{who}"


def prepare(
    desk: Desk, reader: Reader, *, command_id: UUID, words: str, origin: Origin
) -> Prepared:
    """Prepare the log entry about an imported network file."""
    entry = ObservationRecorded(
        "snippet", "paraphrase", words, channel=IMPORTED_FILE, origin=origin
    )
    stream = desk.new_id()
    submission = Submission(
        command_id,
        desk.digest("network.file", [words, origin]),
        facts(reader, stream, 0, (entry,)),
    )
    desk.draft(submission)
    return Prepared(stream, {"evidence": submission}, reader)

"""The day on which a notice ends by law, because the child reaches an age."""

from collections.abc import Sequence
from uuid import UUID

from msgspec.structs import replace

from domain.justice.arrest_to_result import ends_by_law
from domain.kernel.values import Reader
from projections.intelligence import people
from projections.justice import abduction_notices
from projections.justice.abduction_notices import NoticeRow
from projections.kernel.database import Db


def by_law(db: Db, reader: Reader, rows: Sequence[NoticeRow]) -> list[NoticeRow]:
    """Return the notices, each with the date on which it ends: the recorded end date or, if that is
    earlier, the date on which the child is too old by law.

    The child's age follows from the dates of birth that the reader may see in any record of the
    child; the latest date protects the child longest. Recorded ages are used only if no date of
    birth is recorded.
    """
    leaders = people.clusters(db, reader)
    children = {leaders.get(row.child, row.child) for row in rows}
    records: dict[UUID, set[UUID]] = {child: {child} for child in children}
    for item, leader in leaders.items():
        if leader in records:
            records[leader].add(item)
    births_by_record = abduction_notices.births(
        db, reader, {record for record_ids in records.values() for record in record_ids}
    )
    ended = []
    for row in rows:
        record_ids = records[leaders.get(row.child, row.child)]
        known_rows = [
            births_by_record[record] for record in record_ids if record in births_by_record
        ]
        born = [record.born for record in known_rows if record.born]
        born = born or [record.latest for record in known_rows if record.latest]
        expires = ends_by_law(row.expires, row.basis, max(born, default=None))
        ended.append(replace(row, expires=expires))
    return ended

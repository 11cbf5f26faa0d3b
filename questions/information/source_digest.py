"""Sources that reported often about one suspect in a period. The list is for information, and puts
no source under suspicion."""

from datetime import datetime

from domain.kernel.values import Reader
from network.query import layers
from projections.information import covert_source_review
from projections.information.covert_source_review import Often
from projections.intelligence import people
from projections.kernel.database import Db


def about_suspects(
    db: Db, reader: Reader, start: datetime, end: datetime
) -> list[tuple[Often, str]]:
    """Return the sources that reported often about one suspect in the period, each with the number
    of items and with the suspect's name. Reports about children and witnesses are left out.
    """
    rows = covert_source_review.digest(db, reader, start, end)
    who = people.entities(db, reader, [row.entity for row in rows])
    return [
        (row, who[row.entity].label)
        for row in rows
        if row.entity in who and layers.is_offender(who[row.entity])
    ]

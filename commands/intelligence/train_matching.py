"""The command that trains the weights for comparing people on the store's own records and
judgements.
"""

from typing import Unpack

from access.who_may import conditions
from commands.kernel.unit_of_work import Command, Desk, Receipt, act
from domain import matching
from domain.kernel.envelope import Event
from domain.kernel.values import Denied, Reader
from domain.matching import Weights
from projections.intelligence import likely_same_person, people


def train(desk: Desk, reader: Reader, **command: Unpack[Command]) -> Receipt:
    """Train the weights for comparing people with the records and judgements of all teams. Raises
    Refused if there are too few judgements, or if the new weights are no better than the old ones
    on judged pairs that were not used for training. Raises Denied for a reader who judges identity
    only for some teams, because all teams share the weights.
    """

    def learn(before: Weights) -> tuple[Event, ...]:
        if reader.closed and conditions.width(reader, "judge") != "any":
            raise Denied(
                "the weights for matching people apply to all teams, so only a user who judges "
                "pairs for all teams may train them"
            )
        with desk.deciding() as db:
            records = likely_same_person.records(db, reader)
            judged = [
                (records[row.a], records[row.b], row.judgement == "same")
                for row in people.judgements(db, reader)
                if row.judgement != "unsure" and {row.a, row.b} <= records.keys()
            ]
        version = matching.next_version(before)
        learnt = matching.train_tested([*records.values()], judged, before, version)
        return matching.keep(before, learnt, len(records))

    stream, start = matching.STREAM, matching.DEFAULT
    return act(desk, reader, "weights.train", stream, start, matching.evolve, learn, [], **command)
